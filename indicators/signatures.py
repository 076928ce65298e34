"""The values of an indicator one by one: who signed which version, what a round reported, and what it is now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from indicators.changes import value_of
from indicators.models import Indicator, Observation, RoundEntry
from indicators.shown import value_text
from programs.models import Program

MOST_ROWS = 40


@dataclass(frozen=True)
class SignedValue:
    """One value as pages show it, with the value that a round reported where it differs."""

    observation: Observation
    text: str
    reported: str = ""
    earlier: int = 0  # versions before this one


def signed_values(indicator: Indicator, program: Program | None) -> tuple[list[SignedValue], bool]:
    """Return the newest values of an indicator with their signatures, and whether there are more."""
    rows = Observation.objects.shown().filter(indicator=indicator)
    if program is not None:
        rows = rows.filter(program=program)
    related = ("indicator", "program", "period", "province")
    newest = rows.select_related(*related).order_by("-period__first_day", "program_id", "province_id")
    found = list(newest[: MOST_ROWS + 1])
    reported = reported_of(found)
    return [signed(row, reported) for row in found[:MOST_ROWS]], len(found) > MOST_ROWS


def signed(row: Observation, reported: dict[str, str]) -> SignedValue:
    before, now = reported.get(row.slot, ""), value_of(row)
    return SignedValue(row, now, before if before != now else "", row.number - 1)


def reported_of(rows: Sequence[Observation]) -> dict[str, str]:
    """Return what rounds reported of values that were corrected since, in words, by the slot of the value."""
    corrected = {row.slot for row in rows if row.number > 1}
    if not corrected:
        return {}
    entries = RoundEntry.objects.filter(observation__slot__in=corrected, round__archived_at=None)
    return words_of(entries.select_related("observation__indicator").order_by("pk"))


def words_of(entries: Iterable[RoundEntry]) -> dict[str, str]:
    return {
        entry.observation.slot: str(Observation.State(entry.state).label)
        if entry.state != Observation.State.VALUE
        else value_text(entry.observation.indicator, entry.value)
        for entry in entries
    }
