"""The one way an observation moves: entered, submitted, verified, accepted, returned, withdrawn, corrected."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from capred_portal import access
from capred_portal.models import User
from capred_portal.records import Clash, DataVersion, writing
from enterprises.models import Province
from indicators.models import Indicator, Observation, Period, ReviewEvent
from indicators.models.observation import SlotField
from programs.models import Program

Status, Kind = Observation.Status, ReviewEvent.Kind

# What a person writes of a value; the rest of an observation is bookkeeping.
VALUE_FIELDS = ("state", "value", "numerator", "denominator", "weight", "parts", "note", "evidence")


class NotAllowed(Clash):
    """This step cannot be taken, by this person or from where the value stands; the message says why."""


def slot_of(indicator: Indicator, program: Program | None, period: Period, province: Province | None = None) -> str:
    """Return the key of one value."""
    return SlotField.slot_of(indicator.pk, program and program.pk, period.pk, province and province.pk)


# Entering


def enter(
    *,
    indicator: Indicator,
    program: Program | None,
    period: Period,
    province: Province | None = None,
    values: Mapping[str, Any],
    by: User,
    expected: int | None = None,
    origin: str = Observation.Origin.TYPED,
) -> Observation:
    """Write the draft of a value: a new one, or the next state of the one on its way.

    `values` holds some of VALUE_FIELDS. `expected` is the version of the draft that was read, None when there was
    none. Raises StaleRecord when somebody saved meanwhile, and NotAllowed when the value is signed or waiting for it.
    """
    access.check(by, "observation.write")
    if indicator.is_retired:
        raise NotAllowed(_("This indicator is retired: no value can be entered any more."))
    slot = slot_of(indicator, program, period, province)
    with writing("indicators"):
        newest = Observation.objects.active().filter(slot=slot).order_by("-number").first()
        if newest is None:
            return _new(indicator, program, period, province, values, by=by, origin=origin)
        _must_be_draft(newest)
        for name, value in values.items():
            setattr(newest, name, value)
        newest.changed_by, newest.origin = by, origin
        newest.save_version(by=by, expected=newest.version if expected is None else expected)
        return newest


def _new(
    indicator: Indicator,
    program: Program | None,
    period: Period,
    province: Province | None,
    values: Mapping[str, Any],
    *,
    by: User,
    origin: str,
    **more: Any,
) -> Observation:
    people = {"entered_by": by, "changed_by": by, "created_by": by, "updated_by": by}
    return Observation.objects.create(
        indicator=indicator,
        program=program,
        period=period,
        province=province,
        rule_version=indicator.rule_version,
        data_version=DataVersion.current(),
        is_demo=indicator.is_demo or bool(program and program.is_demo),
        origin=origin,
        **people,
        **values,
        **more,
    )


def _must_be_draft(observation: Observation) -> None:
    if observation.status == Status.SUBMITTED:
        raise NotAllowed(_("This value is submitted and waits for a signature. Withdraw it to change it."))
    if observation.status != Status.DRAFT:
        raise NotAllowed(_("This value is signed. Correct it with a reason; the signed version stays as reported."))


# Steps


def submit(*, observation: Observation, by: User) -> None:
    """Hand a draft to the verifiers."""
    access.check(by, "observation.write")
    _step(observation, Kind.SUBMIT, Status.DRAFT, Status.SUBMITTED, by=by, submitted_by=by, submitted_at=_now())


def withdraw(*, observation: Observation, by: User) -> None:
    """Take a submitted value back to work on it."""
    access.check(by, "observation.write")
    if observation.submitted_by_id != by.pk:
        raise NotAllowed(_("Only who submitted a value can withdraw it."))
    _step(observation, Kind.WITHDRAW, Status.SUBMITTED, Status.DRAFT, by=by, submitted_by=None, submitted_at=None)


def verify(*, observation: Observation, by: User) -> None:
    """Sign a submitted value for the ministry."""
    access.check(by, "observation.verify")
    if wrote(observation, by):
        raise NotAllowed(_("You entered or last changed this value. Another verifier has to verify it."))
    _step(observation, Kind.VERIFY, Status.SUBMITTED, Status.VERIFIED, by=by, verified_by=by, verified_at=_now())


def wrote(observation: Observation, by: User) -> bool:
    """Tell whether somebody entered or last changed a value, here or in an earlier version that said the same."""
    mine = Q(entered_by=by) | Q(changed_by=by)
    same = Q(pk=observation.pk) | Q(slot=observation.slot, state=observation.state, value=observation.value)
    return Observation.objects.filter(mine & same).exists()


def accept(*, observation: Observation, by: User) -> None:
    """Sign a verified value for the embassy, where its indicator needs that signature."""
    access.check(by, "observation.accept")
    if not observation.indicator.needs_embassy:
        raise NotAllowed(_("This indicator needs no signature of the embassy."))
    _step(observation, Kind.ACCEPT, Status.VERIFIED, Status.ACCEPTED, by=by, accepted_by=by, accepted_at=_now())


def send_back(*, observation: Observation, by: User, reason: str) -> None:
    """Return a value to its author: a verifier what is submitted or verified, an officer what is verified."""
    access.check(by, "observation.return")
    if not reason.strip():
        raise NotAllowed(_("Say why the value goes back."))
    if by.role == access.OFFICER and (observation.status != Status.VERIFIED or not observation.indicator.needs_embassy):
        raise NotAllowed(_("You can return values that are verified and wait for the embassy."))
    if observation.status not in (Status.SUBMITTED, Status.VERIFIED):
        raise NotAllowed(_("Only a value that is submitted or verified can be returned."))
    nobody = {"verified_by": None, "verified_at": None, "submitted_by": None, "submitted_at": None}
    _step(observation, Kind.RETURN, observation.status, Status.DRAFT, by=by, reason=reason, **nobody)


def correct(*, observation: Observation, by: User, values: Mapping[str, Any], reason: str) -> Observation:
    """Start the next version of a signed value as a draft; the signed one stays as reported."""
    access.check(by, "observation.write")
    if not reason.strip():
        raise NotAllowed(_("Say why the value is corrected."))
    with writing("indicators"):
        _lock(observation)
        if observation.status not in (Status.VERIFIED, Status.ACCEPTED):
            raise NotAllowed(_("Only a signed value can be corrected. This one can still be changed."))
        newest = Observation.objects.filter(slot=observation.slot).aggregate(newest=Max("number"))["newest"]
        if newest != observation.number:
            raise NotAllowed(_("This value already has a later version. Correct that one."))
        kept = {name: getattr(observation, name) for name in VALUE_FIELDS} | dict(values)
        about = (observation.indicator, observation.program, observation.period, observation.province)
        made = _new(*about, kept, by=by, origin=Observation.Origin.TYPED, number=newest + 1, why=reason)
        _event(made, Kind.CORRECT, observation.status, by, reason)
        return made


# Bookkeeping


def _now() -> Any:
    return timezone.now()


def _lock(observation: Observation) -> None:
    """Take the row for this transaction and read where it stands now."""
    list(Observation.objects.select_for_update(no_key=True).filter(pk=observation.pk).values("pk"))
    observation.refresh_from_db(fields=["status", "version", "number"])


def _step(
    observation: Observation, kind: str, start: str, end: str, *, by: User, reason: str = "", **fields: Any
) -> None:
    """Move a value from one status to another, note the step, and choose anew which version pages show."""
    with writing("indicators"):
        version = observation.version
        _lock(observation)
        if observation.status != start or observation.version != version:
            raise NotAllowed(_("This value has moved meanwhile. Look at it again."))
        observation.status = end
        for name, value in fields.items():
            setattr(observation, name, value)
        observation.is_shown = False
        observation.save_version(by=by, expected=version)
        _event(observation, kind, start, by, reason)
        show_newest(observation.slot)
        observation.refresh_from_db(fields=["is_shown"])


def _event(observation: Observation, kind: str, start: str, by: User, reason: str) -> None:
    ReviewEvent.objects.create(
        observation=observation, kind=kind, from_status=start, to_status=observation.status, by=by, reason=reason
    )


def show_newest(slot: str) -> None:
    """Mark the version pages show: the newest signed one; else the one that waits for its signature; else none.

    Where the whole is told, the provinces do not count beside it; they do where it is not.
    """
    with transaction.atomic():
        rows = Observation.objects.active().filter(slot=slot)
        versions = list(rows.exclude(status=Status.DRAFT).order_by("-number").values_list("pk", "status"))
        signed = [pk for pk, status in versions if status != Status.SUBMITTED]
        chosen: Any = next(iter(signed or [pk for pk, _status in versions]), None)
        rows.filter(is_shown=True).exclude(pk=chosen).update(is_shown=False)
        rows.filter(pk=chosen, is_shown=False).update(is_shown=True)
        _count_whole_or_provinces(slot)


def _count_whole_or_provinces(slot: str) -> None:
    *about, _province = slot.split(":")
    whole = SlotField.slot_of(*about, 0)
    is_told = Observation.objects.shown().filter(slot=whole).exists()
    named = dict(zip(SlotField.PARTS, (int(part) or None for part in about), strict=False))
    provinces = Observation.objects.filter(**named, province__isnull=False)
    provinces.filter(is_counted=is_told).update(is_counted=not is_told)
