"""What the portal keeps about people with accounts, and about others in what all apps share."""

from collections.abc import Iterator
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.admin.models import LogEntry
from django.utils.translation import gettext_lazy as _

from capred_portal.models import AccessToken, Export, Mail, Reminder, ReminderChoice, User
from capred_portal.personal_export import mails_to, section
from capred_portal.subjects import Fate, Section, Subject, keeps, register
from capred_portal.user_erasure import KIND

keeps(Fate.BLANKED, "capred_portal.user", "username", "full_name_en", "full_name_km", "email")
keeps(Fate.DELETED, "capred_portal.mail", "person", "address")
keeps(Fate.DELETED, "capred_portal.accesstoken", "user")
keeps(Fate.DELETED, "capred_portal.export", "user")
keeps(Fate.DELETED, "capred_portal.reminder", "user")
keeps(Fate.DELETED, "capred_portal.reminderchoice", "user")
for _model in ("accessattempt", "accessfailurelog", "accesslog"):
    keeps(Fate.DELETED, f"axes.{_model}", "username", "ip_address", "user_agent")
keeps(Fate.DELETED, "otp_static.staticdevice", "user", "name")
keeps(Fate.DELETED, "otp_totp.totpdevice", "user", "name")

keeps(Fate.WORK, "admin.logentry", "user")
keeps(Fate.WORK, "capred_portal.erasure", "erased_by")
keeps(Fate.WORK, "capred_portal.match", "decided_by")
keeps(Fate.WORK, "capred_portal.merge", "merged_by", "undone_by")
keeps(Fate.WORK, "capred_portal.report", "made_by")
keeps(Fate.WORK, "capred_portal.reportshare", "revoked_by")

keeps(Fate.NOBODY, "auth.group", "name")
keeps(Fate.NOBODY, "auth.permission", "name")
keeps(Fate.NOBODY, "capred_portal.load", "file_name")
keeps(Fate.NOBODY, "capred_portal.organisation", "name_en", "name_km", "name_en_key", "name_km_key", "media_email")
keeps(Fate.NOBODY, "capred_portal.scheduledjob", "name")
keeps(Fate.NOBODY, "capred_portal.user_groups", "user")
keeps(Fate.NOBODY, "capred_portal.user_user_permissions", "user")
keeps(Fate.NOBODY, "django_tasks_database.dbtaskresult", "queue_name", "backend_name")


def accounts(numbers: list[int]) -> Any:
    return User.objects.filter(pk__in=numbers)


def names_of(numbers: list[int]) -> set[str]:
    """Return what an account is called, where it could stand in a text."""
    told = accounts(numbers).values_list("full_name_en", "full_name_km", "email")
    return {text for row in told for text in row} - {""}


def sections(numbers: list[int]) -> Iterator[Section]:
    """Yield the sign-ins, mails and steps in the administration of an account, and what it keeps for itself."""
    names = list(accounts(numbers).values_list("username", flat=True))
    for model in (AccessLog, AccessAttempt, AccessFailureLog):
        yield section(model.objects.filter(username__in=names), model._meta.label_lower)
    mails = Mail.objects.filter(person__in=numbers) | mails_to(names_of(numbers))
    yield section(mails, "mails")
    yield section(LogEntry.objects.filter(user__in=numbers), "steps", _("Steps in the administration"))
    for own in (AccessToken, Export, Reminder, ReminderChoice):
        yield section(own._base_manager.filter(user__in=numbers), own._meta.model_name or "")


def still_open(user: User) -> Any:
    """Return why an account cannot be erased yet."""
    return _("This account is still in use. Make it inactive first.") if user.is_active else ""


register(
    Subject(
        kind=KIND,
        model=User,
        namespace="accounts",
        title=_("Account"),
        may_erase="admin.use",
        numbers=lambda number: [number],
        names=names_of,
        sections=sections,
        foreign=False,
        why_not=still_open,
        what=(
            _("User name, names and email address are replaced; nobody can sign in with the account any more."),
            _("Sign-ins, mails to it and its one-time codes are deleted."),
            _("Its access keys, its files that were written in the background and its reminders are deleted."),
            _("What the account did for the ministry stays, under its number: signatures and versions need an author."),
        ),
    )
)
