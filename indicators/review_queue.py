"""What waits for whom: values to verify or to accept, drafts and returned values of their authors."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from capred_portal import access
from capred_portal.models import User
from indicators.changes import change_between, value_of
from indicators.models import Indicator, Observation, Period, ReportingRound, ReviewEvent, Target
from indicators.models.observation import SlotField
from indicators.review import written_by

Status = Observation.Status
ON_ITS_WAY = {"accepted_at": None, "archived_at": None}  # the words of the index observation_on_its_way
RELATED = ("indicator", "program", "period", "province")


def waiting_for(user: User) -> QuerySet[Observation]:
    """Return the values a verifier may verify, or an officer may accept; nothing for anybody else."""
    rows = Observation.objects.filter(**ON_ITS_WAY)
    if access.may(user, "observation.verify"):
        return rows.filter(status=Status.SUBMITTED).exclude(written_by(user)).exclude(_said_before_by(user))
    if access.may(user, "observation.accept"):
        both = Indicator.Signatures.BOTH
        return rows.filter(status=Status.VERIFIED, is_shown=True, indicator__signatures=both)
    return rows.none()


def _said_before_by(user: User) -> Exists:
    """Return the condition that somebody wrote an earlier version that said the same."""
    same = Q(value=OuterRef("value")) | Q(value=None)  # without a value, the state alone is the same
    about = {"slot": OuterRef("slot"), "state": OuterRef("state")}
    return Exists(Observation.objects.filter(same, written_by(user), **about))


def drafts_of(user: User) -> QuerySet[Observation]:
    """Return the drafts somebody entered or last changed, those that came back among them."""
    if not access.may(user, "observation.write"):
        return Observation.objects.none()
    mine = Q(entered_by=user) | Q(changed_by=user)
    return Observation.objects.filter(mine, status=Status.DRAFT, **ON_ITS_WAY)


def lists_for(user: User) -> list[str]:
    """Return the lists a role has: what waits for its signature, and what it works on."""
    signs = access.may(user, "observation.verify") or access.may(user, "observation.accept")
    return ["waiting"] * signs + ["mine"] * access.may(user, "observation.write")


def shown_of(user: User, asked: str) -> str:
    """Return which of these lists is shown: the one asked for, or else the first."""
    lists = lists_for(user)
    return asked if asked in lists else next(iter(lists), "")


def targets_for(user: User) -> QuerySet[Target]:
    """Return the proposed targets a verifier may decide about."""
    if not access.may(user, "target.approve"):
        return Target.objects.none()
    return Target.objects.waiting().exclude(Q(created_by=user) | Q(updated_by=user))


# What a row shows beside its value


def dress(rows: Sequence[Any]) -> None:
    """Give each value its words, what was reported before it, how it moved, its round, and why it came back.

    `earlier` is the version shown now of the same value, `previous` the value of the period before.
    """
    previous, earlier = _previous(rows), _shown(row.slot for row in rows if row.number > 1)
    due, returns = _rounds(rows), _returns(rows)
    for row in rows:
        row.words = value_of(row)
        row.previous = previous.get(row.pk)
        row.earlier = earlier.get(row.slot)
        before = row.earlier or row.previous
        row.before_words = value_of(before) if before else ""
        row.change = change_between(before, row)
        row.round = due.get((row.program_id, row.period.last_day))
        row.returned = returns.get(row.pk)


def _shown(slots: Iterable[str]) -> dict[str, Observation]:
    """Return the versions that pages show of some values, by their slot."""
    rows = Observation.objects.shown().filter(slot__in=set(slots)).select_related("indicator", "period")
    return {row.slot: row for row in rows}


def _previous(rows: Sequence[Any]) -> dict[int, Observation]:
    """Return the value shown for the period before, by the key of the row."""
    days = {row.period.first_day - datetime.timedelta(days=1) for row in rows}
    periods = {(period.kind, period.last_day): period.pk for period in Period.objects.filter(last_day__in=days)}
    slots: dict[int, str] = {}
    for row in rows:
        day = row.period.first_day - datetime.timedelta(days=1)
        if pk := periods.get((row.period.kind, day)):
            slots[row.pk] = SlotField.slot_of(row.indicator_id, row.program_id, pk, row.province_id)
    found = _shown(slots.values())
    return {pk: found[slot] for pk, slot in slots.items() if slot in found}


def _rounds(rows: Sequence[Any]) -> dict[tuple[int, datetime.date], ReportingRound]:
    """Return the rounds the values belong to, by program and last day; a year belongs to its last quarter."""
    days, programs = {row.period.last_day for row in rows}, {row.program_id for row in rows}
    found = ReportingRound.objects.active().filter(program__in=programs, period__last_day__in=days)
    return {(each.program_id, each.period.last_day): each for each in found.select_related("program", "period")}


def _returns(rows: Sequence[Any]) -> dict[int, ReviewEvent]:
    """Return the last return of each draft."""
    drafts = [row.pk for row in rows if row.status == Status.DRAFT]
    events = ReviewEvent.objects.filter(observation__in=drafts, kind=ReviewEvent.Kind.RETURN)
    return {event.observation_id: event for event in events.select_related("by").order_by("pk")}
