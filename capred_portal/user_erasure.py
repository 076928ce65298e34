"""Erasing an account: its name and addresses go; what it did for the ministry stays, under its number."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django_otp import devices_for_user

from capred_portal.blanking import blank_log, blank_reports, forget_exports, forget_kept_files, forget_mails
from capred_portal.erasures import eraser
from capred_portal.languages import is_khmer
from capred_portal.models import AccessToken, Export, Reminder, ReminderChoice, User
from capred_portal.records import writing

KIND = "user"
APPS = ("capred_portal", "enterprises", "indicators", "programs")  # their pages show who wrote what
OWN = {"keys": AccessToken, "reminders": Reminder, "reminder_choices": ReminderChoice}  # nobody else needs them
SIGN_INS = (AccessAttempt, AccessFailureLog, AccessLog)


def written_at(number: int) -> dt.datetime | None:
    """Return when an account was made."""
    return User.objects.filter(pk=number).values_list("date_joined", flat=True).first()


@eraser(KIND, written_at=written_at)
def erase_user(number: int, *, by: Any, reason: str) -> dict[str, int]:
    """Erase an account, which nobody can use afterwards; return how many rows were changed, by table."""
    with writing(*APPS):
        user = User.objects.select_for_update().get(pk=number)
        names = names_in_reports(user)
        counts = Counter(
            sign_ins=sum(model.objects.filter(username=user.username).delete()[0] for model in SIGN_INS),
            mails=forget_mails(Q(person=user) | (Q(address__iexact=user.email) if user.email else Q(pk=None))),
            devices=sum(device.delete()[0] for device in devices_for_user(user, confirmed=None)),
            kept_files=forget_kept_files(),
            exports=forget_exports(Export.objects.all()),  # of whoever: any may name the account
            users=0 if is_erased(user) else 1,
        )
        counts.update({name: model._base_manager.filter(user=user).delete()[0] for name, model in OWN.items()})
        empty_account(user)
        counts["log"] = blank_log(User, [number], str(user))
        counts["reports"] = blank_reports(names, {})
    return {name: count for name, count in counts.items() if count}


def names_in_reports(user: User) -> dict[str, str]:
    """Return what frozen reports may call the owner of an account, of now and before, and what stands there later."""
    if is_erased(user):
        return {}
    english, khmer = erased_name(user.pk)
    now = {user.full_name_en, user.full_name_km} - {""}
    told = (now or {user.username}) | former_names(user)
    return {name: khmer if is_khmer(name) else english for name in told}


def former_names(user: User) -> set[str]:
    """Return what the administration's log calls an account; its username only says which account it was."""
    kind = ContentType.objects.get_for_model(User)
    told = LogEntry.objects.filter(content_type=kind, object_id=str(user.pk)).order_by()
    return set(told.values_list("object_repr", flat=True).distinct()) - {user.username, ""}


def note_former_names(user: User, names: Iterable[str], *, by: User) -> None:
    """Keep in the administration's log what an account was called: reports frozen before go on calling it so."""
    kind = ContentType.objects.get_for_model(User)
    about: dict[str, Any] = {"content_type": kind, "object_id": str(user.pk), "action_flag": CHANGE, "user": by}
    LogEntry.objects.bulk_create(
        [LogEntry(object_repr=name, change_message="former name", **about) for name in names if name]
    )


def erased_name(number: int) -> tuple[str, str]:
    """Return what an erased account is called, in English and in Khmer."""
    return f"Erased account {number}", f"គណនីដែលបានលុប {number}"


def erased_username(number: int) -> str:
    return f"erased-{number}"


def is_erased(user: User) -> bool:
    return user.username == erased_username(user.pk)


def empty_account(user: User) -> None:
    """Replace the names of an account, close it and end its sessions."""
    user.username, user.email, user.organisation = erased_username(user.pk), "", None
    user.full_name_en, user.full_name_km = erased_name(user.pk)
    user.is_active, user.last_login, user.previous_login = False, None, None
    user.set_unusable_password()
    user.save()
    user.end_sessions()


def log_of(number: int) -> Any:
    """Return what an account did in the administration."""
    return LogEntry.objects.filter(user=number)
