"""Scheduled work on what all apps share."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from capred_portal.background import queue_task
from capred_portal.backups import rotation
from capred_portal.erasures import note_missing
from capred_portal.mails import due_again, send_mail
from capred_portal.reminder_mails import forget, remind
from capred_portal.schedule import job

KEPT = dt.timedelta(days=14)  # of background work that has ended, for who looks into what happened


@job("mails", _("Mails that failed are sent again"), every=dt.timedelta(minutes=5))
def send_again() -> dict[str, Any]:
    """Queue the mails whose pause is over."""
    due = due_again(timezone.now())
    for mail in due:
        queue_task(send_mail, mail.pk, mail.attempts)
    return {"mails": len(due)}


@job("reminders", _("Reminders are written"), every=dt.timedelta(minutes=5))
def write_reminders() -> dict[str, Any]:
    """Write to everybody for whom something new is due and whose time it is."""
    return dict(remind())


@job("old-reminders", _("Reminders of what has long been over are deleted"), every=dt.timedelta(days=1), hour=2)
def forget_reminders() -> dict[str, Any]:
    """Delete what was noticed long ago and is no longer due."""
    return {"reminders": forget()}


@job(rotation.JOB, _("Backup of the database and the uploads"), every=dt.timedelta(days=1), hour=1)
def back_up() -> dict[str, Any]:
    """Write a backup, check it, and delete those that are no longer kept."""
    return rotation.back_up()


@job("erasures", _("The list of erasures is completed"), every=dt.timedelta(minutes=15))
def complete_erasures() -> dict[str, Any]:
    """Note in the list beside the backups what another machine erased, or could not note itself."""
    return {"noted": note_missing()}


@job("tasks", _("Background work that has ended is forgotten"), every=dt.timedelta(days=1), hour=3)
def forget_tasks() -> dict[str, Any]:
    """Delete the rows of background tasks that ended long ago."""
    ended = DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - KEPT)
    return {"tasks": ended.delete()[0]}
