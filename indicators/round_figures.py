"""What a round reported beside what is known now, how far its signatures are, and two rounds side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from indicators.changes import Change, change_between
from indicators.models import Observation, ReportingRound, RoundEntry
from indicators.rounds import SIGNED, current, waits_for_embassy

ACCEPTED = Observation.Status.ACCEPTED


@dataclass(frozen=True)
class RoundFigure:
    """One figure of a round: what was reported, the version shown now, and how it moved since."""

    entry: RoundEntry
    now: Observation | None
    change: Change | None

    @property
    def has_moved(self) -> bool:
        """Whether something else is known now than was reported."""
        return self.now is not None and (self.now.state, self.now.value) != (self.entry.state, self.entry.value)

    @property
    def waits(self) -> bool:
        return self.now is not None and waits_for_embassy(self.now)


@dataclass(frozen=True)
class Signatures:
    """How many figures a round has, how many the ministry signed, and the embassy of those that need it."""

    figures: int
    verified: int
    needed: int
    accepted: int

    @property
    def words(self) -> str:
        """The weakest part: 7 of 9 verified, while a signature of the ministry is missing; else 7 of 9 accepted."""
        if self.verified < self.figures or not self.needed:
            return _("%(count)s of %(total)s verified") % {"count": self.verified, "total": self.figures}
        return _("%(count)s of %(total)s accepted") % {"count": self.accepted, "total": self.needed}

    @property
    def all_verified(self) -> bool:
        return self.verified == self.figures


def figures_of(report: ReportingRound) -> list[RoundFigure]:
    """Return the figures of a round in the order of its indicators, from two queries."""
    related = ("observation__indicator", "observation__period", "observation__province")
    entries = report.entries.select_related(*related).order_by(
        "observation__indicator__order", "observation__indicator__code", "observation__province", "pk"
    )
    now = current(report)
    figures = []
    for entry in entries:
        shown = now.get(entry.observation.slot)
        figures.append(RoundFigure(entry, shown, change_between(entry, shown)))
    return figures


def signatures_of(figures: Sequence[RoundFigure]) -> Signatures:
    """Return how far the signatures are, by the versions shown now; what is worked on has none."""
    now = [figure.now for figure in figures if figure.now is not None]
    needed = [figure for figure in figures if figure.entry.indicator.needs_embassy]
    return Signatures(
        figures=len(figures),
        verified=sum(row.status in SIGNED for row in now),
        needed=len(needed),
        accepted=sum(row.status == ACCEPTED for row in now if row.indicator.needs_embassy),
    )


# Two rounds


@dataclass(frozen=True)
class Pair:
    """One figure as two rounds reported it, either of which may not have had it."""

    first: RoundEntry | None
    second: RoundEntry | None
    change: Change | None

    @property
    def entry(self) -> RoundEntry | None:
        return self.second or self.first


def compare(first: ReportingRound, second: ReportingRound) -> list[Pair]:
    """Return the figures of two rounds side by side, as reported, from the earlier to the later."""
    sides: list[dict[Any, RoundEntry]] = [
        {key_of(figure.entry): figure.entry for figure in figures_of(report)} for report in (first, second)
    ]
    keys = dict.fromkeys([*sides[1], *sides[0]])
    return [
        Pair(sides[0].get(key), sides[1].get(key), change_between(sides[0].get(key), sides[1].get(key))) for key in keys
    ]


def key_of(entry: RoundEntry) -> tuple[int, str | None, str]:
    observation = entry.observation
    return observation.indicator_id, observation.province_id, observation.period.kind
