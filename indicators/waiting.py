"""What waits for signatures, of all people at once: values by program and round, rounds, proposed targets."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from capred_portal.access import may
from capred_portal.reminders import People
from indicators.models import Indicator, Observation, ReportingRound, RoundEntry, Target
from indicators.review_queue import ON_ITS_WAY
from programs.models import Program

Status = Observation.Status
SIGNED = (Status.VERIFIED, Status.ACCEPTED)
Place = tuple[int | None, dt.date]  # a program, and the last day of what it reports on


@dataclass
class WaitingValues:
    """The values of one program and round that wait for the signature of one person."""

    rows: list[Observation] = field(default_factory=list)
    report: ReportingRound | None = None


def place(row: Any) -> Place:
    return row.program_id, row.period.last_day


def rounds_on_their_way() -> dict[Place, ReportingRound]:
    """Return the rounds that somebody still has to close, sign or accept, each with whether figures are unsigned."""
    unsigned = RoundEntry.objects.filter(round=OuterRef("pk")).exclude(observation__status__in=SIGNED)
    rows = ReportingRound.objects.active().exclude(status=ReportingRound.Status.ACCEPTED)
    found = rows.select_related("program", "period").annotate(has_unsigned=Exists(unsigned))
    return {place(each): each for each in found}


def waiting_values(people: People, rounds: Mapping[Place, ReportingRound]) -> Iterator[tuple[int, WaitingValues]]:
    """Yield what waits for each person: a verifier what others wrote, an officer what the ministry has signed."""
    verifiers = {pk for pk, user in people.items() if may(user, "observation.verify")}
    officers = {pk for pk, user in people.items() if may(user, "observation.accept")}
    found: dict[tuple[int, Place], WaitingValues] = defaultdict(WaitingValues)
    for row, writers in submitted() if verifiers else ():
        for user in verifiers - writers:
            found[user, place(row)].rows.append(row)
    for row in verified(rounds) if officers else ():
        for user in officers:
            found[user, place(row)].rows.append(row)
    for (user, where), values in found.items():
        values.report = rounds.get(where)
        yield user, values


def waiting(status: str) -> QuerySet[Observation]:
    return Observation.objects.filter(**ON_ITS_WAY, status=status)


def with_names(rows: QuerySet[Observation]) -> QuerySet[Observation]:
    return rows.select_related("program", "period").defer("parts", "note").order_by("pk")


def submitted() -> Iterator[tuple[Observation, set[int | None]]]:
    """Yield the values that wait for the ministry, each with everybody who wrote it, now or earlier with same words."""
    slots = waiting(Status.SUBMITTED).order_by().values("slot")
    versions = with_names(Observation.objects.filter(slot__in=slots))
    wrote: dict[tuple[Any, ...], set[int | None]] = defaultdict(set)
    rows = []
    for row in versions:
        wrote[row.slot, row.state, row.value] |= writers_of(row)
        if row.status == Status.SUBMITTED and not row.is_archived:
            rows.append(row)
    for row in rows:
        yield row, wrote[row.slot, row.state, row.value]


def writers_of(row: Observation) -> set[int | None]:
    return {row.entered_by_id, row.changed_by_id, row.created_by_id}


def verified(rounds: Mapping[Place, ReportingRound]) -> Sequence[Observation]:
    """Return the values that wait for the embassy: of a round, once the ministry has signed it."""
    rows = with_names(waiting(Status.VERIFIED)).filter(is_shown=True, indicator__signatures=Indicator.Signatures.BOTH)
    unsigned = {where for where, each in rounds.items() if each.status != ReportingRound.Status.SIGNED}
    return [row for row in rows if place(row) not in unsigned]


def targets(people: People) -> Iterator[tuple[int, Program | None, list[Target]]]:
    """Yield the proposed targets each verifier may decide about, by program; not what that person proposed."""
    deciding = {pk for pk, user in people.items() if may(user, "target.approve")}
    if not deciding:
        return
    found: dict[tuple[int, int | None], list[Target]] = defaultdict(list)
    for target in Target.objects.waiting().select_related("program").order_by("pk"):
        for user in deciding - {target.created_by_id, target.updated_by_id}:
            found[user, target.program_id].append(target)
    for (user, _program), proposed in found.items():
        yield user, proposed[0].program, proposed
