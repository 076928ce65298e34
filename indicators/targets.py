"""Targets: what forbids one, and the two ways a proposal ends: approved in the place of the old one, or returned."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from capred_portal import access
from capred_portal.figures import Words, number
from capred_portal.models import User
from capred_portal.records import Clash, StaleRecord, writing
from indicators.analytics.progress import wrong_side
from indicators.dimensions import DIMENSIONS
from indicators.models import Indicator, Target

Status, Kind = Target.Status, Target.Kind


class TargetRefused(Clash):
    """This target cannot be approved or returned, by this person or as it stands; the message says why."""


# What forbids a target


def problems_of(target: Target, others: Iterable[Target] | None = None) -> dict[str, Words]:
    """Return what forbids a target, by the field that is wrong; nothing where it can stand.

    `others` are the targets of the same indicator, program and part; without them they are read. Of these, what is
    approved counts before what is proposed.
    """
    problems = {**_range_problems(target), **_part_problems(target)}
    if target.indicator.is_retired:
        problems["period"] = _("This indicator is retired: it takes no new targets.")
    return _path_problems(target, beside(target) if others is None else others) | problems


def beside(target: Target) -> list[Target]:
    """Return the other targets on the same path that are approved or wait, with their periods."""
    rows = Target.objects.active().filter(status__in=(Status.APPROVED, Status.PROPOSED))
    about = {"indicator": target.indicator, "program": target.program, "part": target.part}
    return list(rows.filter(**about).exclude(pk=target.pk).select_related("period"))


def _range_problems(target: Target) -> dict[str, Words]:
    """Say where the ends of a range are missing, crossed, or not asked for."""
    wants_both = target.kind == Kind.TARGET and target.indicator.direction == Indicator.Direction.RANGE
    if wants_both and target.value_high is None:
        return {"value_high": _("The target of this indicator is a range: give its upper end too.")}
    if not wants_both and target.value_high is not None:
        return {"value_high": _("Only the target of an indicator that is best within a range has an upper end.")}
    if target.value_high is not None and target.value_high < target.value:
        return {"value_high": _("The upper end of the range is below its lower end.")}
    return {}


def _part_problems(target: Target) -> dict[str, Words]:
    """Say where the part is none of the breakdowns of the indicator."""
    if not target.part:
        return {}
    dimension, _colon, key = target.part.partition(":")
    known = dimension in target.indicator.breakdowns and dimension in DIMENSIONS
    if known and key in DIMENSIONS[dimension].parts:
        return {}
    return {"part": _("This indicator is not broken down this way.")}


def _path_problems(target: Target, others: Iterable[Target]) -> dict[str, Words]:
    """Say where the way from baseline to target would lead backward, in time or in value."""
    found = sorted(others, key=lambda other: other.status != Status.APPROVED)
    baseline = next((other for other in found if other.kind == Kind.BASELINE), None)
    if target.kind != Kind.BASELINE:
        return _way_problems(target.indicator, baseline, target, told=target) if baseline else {}
    later = [other for other in found if other.kind == Kind.TARGET][:1]
    later += [other for other in found if other.kind == Kind.MILESTONE and other.status == Status.APPROVED]
    problems: dict[str, Words] = {}
    for other in later:
        problems = _way_problems(target.indicator, target, other, told=target) | problems
    return problems


def _way_problems(indicator: Indicator, start: Target, end: Target, *, told: Target) -> dict[str, Words]:
    """Compare a baseline with a point of its path; `told` is the one of the two that is being proposed."""
    other = end if told is start else start
    problems: dict[str, Words] = {}
    if end.period.last_day <= start.period.last_day:
        problems["period"] = _("The baseline must lie before the target: the other one is of %(period)s.") % {
            "period": other.period
        }
    if wrong_side(start.value, end.value, indicator.direction):
        problems["value"] = _wrong_side_words(indicator.direction) % {
            "baseline": plain(start.value),
            "target": plain(end.value),
        }
    return problems


def _wrong_side_words(direction: str) -> str:
    if direction == Indicator.Direction.UP:
        return _("Higher is better for this indicator, but %(target)s is below the baseline of %(baseline)s.")
    return _("Lower is better for this indicator, but %(target)s is above the baseline of %(baseline)s.")


def plain(value: Decimal) -> str:
    """Return a value as it was told, without empty decimals."""
    return number(Decimal(value).normalize())


# Decisions


def in_place_of(target: Target) -> list[Target]:
    """Return what is approved for the same place on the path; a path has one baseline and one end."""
    about = {"indicator": target.indicator, "program": target.program, "part": target.part, "kind": target.kind}
    rows = Target.objects.approved().filter(**about).exclude(pk=target.pk)
    return list(rows.filter(period=target.period) if target.kind == Kind.MILESTONE else rows)


def versions_of(target: Target) -> list[Target]:
    """Return all that was ever proposed for the place of a target, newest first."""
    about = {"indicator": target.indicator, "program": target.program, "part": target.part, "kind": target.kind}
    rows = Target.objects.active().filter(**about)
    if target.kind == Kind.MILESTONE:
        rows = rows.filter(period=target.period)
    return list(rows.select_related("period", "source", "created_by", "decided_by").order_by("-pk"))


def approve(*, target: Target, by: User) -> None:
    """Let a proposal judge the indicator from now on; what was approved in its place stays as replaced.

    Never by who proposed or last changed it. Its version is one more than the last one in its place.
    """
    access.check(by, "target.approve")
    _must_be_of_another(target, by)
    approved = [other for other in beside(target) if other.status == Status.APPROVED]
    if problems := problems_of(target, approved):
        raise TargetRefused(" ".join(str(words) for words in problems.values()))
    _decide(target, Status.APPROVED, by=by)


def send_back(*, target: Target, by: User, reason: str) -> None:
    """Return a proposal to who made it, with the reason; a new proposal takes its place."""
    access.check(by, "target.approve")
    _must_be_of_another(target, by)
    if not reason.strip():
        raise TargetRefused(_("Say why the target goes back."))
    _decide(target, Status.RETURNED, by=by, reason=reason.strip())


def may_decide(target: Target, user: User) -> bool:
    """Tell whether a person may approve or return a proposal."""
    return access.may(user, "target.approve") and user.pk not in (target.created_by_id, target.updated_by_id)


def _must_be_of_another(target: Target, by: User) -> None:
    if not may_decide(target, by):
        raise TargetRefused(_("You proposed this target. Another verifier has to decide."))


def _decide(target: Target, status: str, *, by: User, reason: str = "") -> None:
    """Write the decision; of two at once, the second is told that the target has moved."""
    try:
        with writing("indicators"):
            list(Indicator.objects.select_for_update(no_key=True).filter(pk=target.indicator_id))
            if Target.objects.get(pk=target.pk).status != Status.PROPOSED:
                raise StaleRecord(target)
            if status == Status.APPROVED:
                _replace(target, by=by)
            target.status, target.decided_by, target.decided_at = status, by, timezone.now()
            target.decision_reason = reason
            target.save_version(by=by, expected=target.version)
    except StaleRecord as error:
        raise TargetRefused(_("This target has moved meanwhile. Look at it again.")) from error


def _replace(target: Target, *, by: User) -> None:
    """Take what was approved in the place of a target off the path, and number the target after it."""
    for old in in_place_of(target):
        old.status = Status.REPLACED
        old.save_version(by=by, expected=old.version)
    decided = [other.number for other in versions_of(target) if other.status in (Status.APPROVED, Status.REPLACED)]
    target.number = max(decided, default=0) + 1
