"""Mails on their way: written in the transaction they tell of, sent by the worker, tried again when they fail."""

import datetime as dt
import logging
from collections.abc import Callable, Iterable, Mapping

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import task

from capred_portal.background import queue_task
from capred_portal.models import Mail, User

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 11  # the last one seventeen hours after the first
FIRST_PAUSE = dt.timedelta(minutes=1)  # doubled after every attempt
FORGOTTEN = dt.timedelta(hours=1)  # after which a mail that was never tried has lost its task
File = tuple[str, bytes, str]  # its name, what it holds, and of which type that is
HEADERS: dict[str, Callable[[Mail], Mapping[str, str]]] = {}  # by the kind of mail
FILES: dict[str, Callable[[Mail], Iterable[File]]] = {}  # likewise
BY_A_MACHINE = {  # so that nobody's note of an absence answers (RFC 3834, and what Exchange knows instead)
    "Auto-Submitted": "auto-generated",
    "X-Auto-Response-Suppress": "OOF, AutoReply",
}


def mail_headers(kind: str, headers: Callable[[Mail], Mapping[str, str]]) -> None:
    """Register what mails of a kind carry beside their text."""
    HEADERS[kind] = headers


def mail_files(kind: str, files: Callable[[Mail], Iterable[File]]) -> None:
    """Register the files that mails of a kind carry, made when they are sent."""
    FILES[kind] = files


def post(kind: str, address: str, subject: str, body: str, *, person: User | None = None) -> Mail:
    """Write a mail and queue its sending; called in a transaction, both are kept with it or not at all."""
    with transaction.atomic(savepoint=False):
        mail = Mail.objects.create(kind=kind, address=address, subject=subject[:250], body=body, person=person)
        queue_task(send_mail, mail.pk)
    return mail


@task()
def send_mail(pk: int, attempts: int = 0) -> None:
    """Send a mail that was tried so often before; what fails stays to be tried again. It may run twice.

    Whoever counts the attempt makes it, so two workers never send one mail at once. One that is killed after that
    leaves the mail to a later attempt, under the same Message-ID, by which mail programs show one of two.
    """
    if not Mail.objects.waiting().filter(pk=pk, attempts=attempts).update(attempts=attempts + 1):
        return
    mail = Mail.objects.select_related("person").get(pk=pk)
    if mail.person and not (mail.person.is_active and mail.person.email):
        give_up(mail, problem="the account is closed, or has no address any more")
        return
    if mail.person and mail.person.email != mail.address:  # it was put right meanwhile
        mail.address = mail.person.email
        mail.save(update_fields=["address"])
    try:
        message_of(mail).send()
    except Exception as error:  # whatever a mail server says: the mail is kept, and administrators see why
        logger.warning("mail %s could not be sent: %s", pk, error)
        note_failure(mail, error)
    else:
        Mail.objects.filter(pk=pk).update(sent_at=timezone.now(), problem="", body="")


def message_of(mail: Mail) -> EmailMessage:
    """Return what is sent, with a Message-ID that is the same at every attempt."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    headers = {"Message-ID": f"<{mail.message_id.hex}@{domain}>", **BY_A_MACHINE}
    if mail.kind in HEADERS:
        headers |= HEADERS[mail.kind](mail)
    message = EmailMessage(mail.subject, mail.body, settings.DEFAULT_FROM_EMAIL, [mail.address], headers=headers)
    for file in FILES[mail.kind](mail) if mail.kind in FILES else ():
        message.attach(*file)
    return message


def note_failure(mail: Mail, error: Exception) -> None:
    """Note why an attempt failed; after the last one the mail is given up."""
    problem = f"{type(error).__name__}: {error}"[:500]
    if mail.attempts >= MAX_ATTEMPTS:
        give_up(mail, problem=problem)
    else:
        Mail.objects.filter(pk=mail.pk).update(problem=problem)


def give_up(mail: Mail, *, problem: str) -> None:
    """Leave a mail that nobody will get; its text, perhaps with a link, is kept no longer."""
    Mail.objects.filter(pk=mail.pk).update(problem=problem, given_up_at=timezone.now(), body="")


def due_again(now: dt.datetime) -> list[Mail]:
    """Return the mails that failed and whose pause is over, and those whose first attempt never came."""
    due = Mail.objects.waiting().filter(Q(attempts__gt=0) | Q(created_at__lt=now - FORGOTTEN))
    return [mail for mail in due if mail.created_at + pause_before(mail.attempts) <= now]


def pause_before(attempts: int) -> dt.timedelta:
    """Return how long after its writing a mail with so many failed attempts is tried again."""
    return FIRST_PAUSE * int(2**attempts - 1)
