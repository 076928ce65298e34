"""The one way an observation moves: entered, submitted, verified, accepted, returned, withdrawn, corrected."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from capred_portal import access
from capred_portal.loads import BATCH
from capred_portal.models import User
from capred_portal.records import Clash, DataVersion, StaleRecord, writing
from enterprises.models import Province
from indicators.models import Indicator, Observation, Period, ReportingRound, ReviewEvent
from indicators.models.observation import SlotField
from programs.attendance_records import update
from programs.models import Program

Status, Kind = Observation.Status, ReviewEvent.Kind

# What a person writes of a value; the rest of an observation is bookkeeping.
VALUE_FIELDS = ("state", "value", "numerator", "denominator", "weight", "parts", "note", "evidence")
MOVED = ("changed_by", "updated_by", "updated_at", "origin", "version")  # with every next state of a draft


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
    none. Raises StaleRecord when somebody saved meanwhile, and NotAllowed when the value is signed or waiting for it,
    when the indicator is retired, and when its period is not open for it.
    """
    access.check(by, "observation.write")
    _must_be_reported_now(indicator, period)
    slot = slot_of(indicator, program, period, province)
    try:
        with writing("indicators"):
            newest, again = _newest(slot, program, period, is_known=expected is not None)
            if newest is None:
                return _new(indicator, program, period, province, values, by=by, origin=origin, **again)
            _must_be_draft(newest)
            if expected != newest.version:
                raise StaleRecord(newest)
            for name, value in values.items():
                setattr(newest, name, value)
            newest.changed_by = newest.updated_by = by
            newest.origin, newest.version = origin, newest.version + 1
            newest.save(update_fields=[*values, *MOVED])  # the row is locked and just read: see _newest
            return newest
    except Clash:
        raise
    except IntegrityError as error:  # two people wrote the first draft at once
        raise StaleRecord(slot) from error


def _must_be_reported_now(indicator: Indicator, period: Period) -> None:
    if indicator.is_retired:
        raise NotAllowed(_("This indicator is retired: no value can be entered any more."))
    if period.first_day > timezone.localdate():
        raise NotAllowed(_("%(period)s has not begun yet: nothing can be reported for it.") % {"period": period})


def _newest(
    slot: str, program: Program | None, period: Period, *, is_known: bool
) -> tuple[Observation | None, dict[str, Any]]:
    """Return the newest version of a value, locked; else number and reason of one whose versions were all archived.

    `is_known` where the caller has read a version: it is taken without asking whether there is one. NotAllowed where
    there is none and its round is closed: drafts and returned values are still changed then. A value of a year belongs
    to the round of its end.
    """
    versions = Observation.objects.filter(slot=slot).order_by("-number")
    locked = Observation.objects.select_for_update(no_key=True)
    # What is open is one version, and the newest; to put one row into order costs more than to find it.
    if is_known and (found := locked.open().filter(slot=slot).order_by()[:1]):
        return found[0], {}
    rounds = ReportingRound.objects.active().exclude(status=ReportingRound.Status.OPEN)
    asked = Period.objects.filter(pk=period.pk).annotate(
        newest=Subquery(versions.active().values("pk")[:1]),
        number=Subquery(versions.values("number")[:1]),
        why=Subquery(versions.values("archive_reason")[:1]),
        closed=Exists(rounds.filter(program=program, period__last_day=period.last_day)),
    )
    newest, number, why, is_closed = asked.values_list("newest", "number", "why", "closed").get()
    if newest is not None:
        return locked.get(pk=newest), {}
    if is_closed:
        raise NotAllowed(_("The round of %(period)s is closed: no new value can be entered.") % {"period": period})
    return None, {"number": number + 1, "why": why} if number else {}


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
    about = {"indicator": indicator, "program": program, "period": period, "province": province}
    kept = {
        "rule_version": indicator.rule_version,
        "data_version": DataVersion.current(),
        "is_demo": indicator.is_demo or bool(program and program.is_demo),
        "origin": origin,
    }
    return Observation.objects.create(**about | kept | people | more, **values)


def _must_be_draft(observation: Observation) -> None:
    if observation.status == Status.SUBMITTED:
        raise NotAllowed(_("This value is submitted and waits for a signature. Withdraw it to change it."))
    if observation.status != Status.DRAFT:
        raise NotAllowed(_("This value is signed. Correct it with a reason; the signed version stays as reported."))


def enter_loaded(*, new: list[Observation], changed: list[Observation], by: User, reason: str) -> None:
    """Write the drafts of a file in a constant number of statements, with what they say already set on them.

    Callers looked up and locked every value, and refused what is signed, waits for it, or is not open.
    """
    access.check(by, "observation.write")
    data_version = DataVersion.current()
    for observation in (*new, *changed):
        observation.changed_by, observation.origin = by, Observation.Origin.LOADED
    for observation in new:
        observation.entered_by = observation.created_by = observation.updated_by = by
        observation.rule_version = observation.indicator.rule_version
        observation.data_version = data_version
        observation.is_demo = observation.indicator.is_demo or bool(observation.program and observation.program.is_demo)
    Observation.objects.bulk_create(new, batch_size=BATCH)
    update(changed, (*VALUE_FIELDS[:-1], "changed_by", "origin"), by, reason)


def hand_in(
    *, indicator: Indicator, program: Program, period: Period, values: Mapping[str, Any], by: User, **more: Any
) -> Observation:
    """Write what closing a round adds, ready for a verifier: a derived figure, or that a value is not available.

    Who closes the round wrote it, so another verifier signs it. Callers hold the round's lock, inside `writing`.
    """
    access.check(by, "round.manage")
    origin = more.pop("origin", Observation.Origin.TYPED)
    if origin == Observation.Origin.DERIVED:
        more |= {"entered_by": None, "changed_by": None}
    signed = {"status": Status.SUBMITTED, "submitted_by": by, "submitted_at": _now()}
    made = _new(indicator, program, period, None, values, by=by, origin=origin, **signed, **more)
    _event(made, Kind.SUBMIT, Status.DRAFT, by, "")
    show_newest(made.slot)
    return made


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
        raise NotAllowed(own_words(observation))
    _step(observation, Kind.VERIFY, Status.SUBMITTED, Status.VERIFIED, by=by, verified_by=by, verified_at=_now())


def own_words(observation: Observation) -> str:
    """Say why who wrote a value cannot verify it."""
    if observation.origin == Observation.Origin.DERIVED:
        return _("You closed the round that derived this value. Another verifier has to verify it.")
    return _("You entered or last changed this value. Another verifier has to verify it.")


def wrote(observation: Observation, by: User) -> bool:
    """Tell whether somebody entered or last changed a value, here or in an earlier version that said the same.

    Who closed a round made the figures it derived.
    """
    same = Q(pk=observation.pk) | Q(slot=observation.slot, state=observation.state, value=observation.value)
    return Observation.objects.filter(written_by(by) & same).exists()


def written_by(by: User) -> Q:
    """Return the condition that somebody entered, last changed or derived a version."""
    return Q(entered_by=by) | Q(changed_by=by) | Q(created_by=by)


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
        versions = Observation.objects.active().filter(slot=observation.slot)
        newest = versions.aggregate(newest=Max("number"))["newest"]
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
    """Take all versions of the value for this transaction, and read where this one stands now.

    All of them, because a step chooses anew which version is shown: two steps on one value follow each other.
    """
    slot = Observation.objects.select_for_update(no_key=True).filter(slot=observation.slot)
    list(slot.order_by("pk").values("pk"))
    observation.refresh_from_db(fields=["status", "version", "number", *VALUE_FIELDS])


def _step(
    observation: Observation, kind: str, start: str, end: str, *, by: User, reason: str = "", **fields: Any
) -> None:
    """Move a value from one status to another, note the step, and choose anew which version pages show."""
    with writing("indicators"):
        version = observation.version
        _lock(observation)
        if observation.status != start or observation.version != version:
            raise NotAllowed(_("This value has moved meanwhile. Look at it again."))
        later = Observation.objects.active().filter(slot=observation.slot, number__gt=observation.number)
        if end == Status.DRAFT and later.exists():
            raise NotAllowed(_("This value has a later version. Only that one can go back to its author."))
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
