"""Mails on their way: kept with what they tell of, sent once, tried again, given up in sight of administrators."""

import datetime as dt
import re
from html import unescape

import pytest
from django.conf import settings as portal_settings
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from capred_portal.mails import MAX_ATTEMPTS, due_again, pause_before, post, send_mail
from capred_portal.models import Mail, User
from tests.factories import make_user

QUEUE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
BROKEN = "tests.capred_portal.test_mails.BrokenServer"


class BrokenServer(EmailBackend):
    """A mail server that is away."""

    def send_messages(self, messages):
        raise ConnectionRefusedError("nobody answers")


def make_mail(**fields):
    return Mail.objects.create(**{"kind": "test", "address": "dara@example.org", "subject": "A", "body": "B"} | fields)


@pytest.mark.django_db(transaction=True)
def test_mail_is_sent_after_the_transaction_it_tells_of():
    with transaction.atomic():
        post("test", "dara@example.org", "Hello", "What happened")
        before = len(mail.outbox)

    assert before == 0
    assert [(each.subject, each.body, each.to) for each in mail.outbox] == [
        ("Hello", "What happened", ["dara@example.org"])
    ]


@pytest.mark.django_db(transaction=True)
def test_mail_and_its_task_are_kept_or_undone_together(settings):
    settings.TASKS = QUEUE

    with transaction.atomic():
        post("test", "dara@example.org", "Hello", "What did not happen")
        transaction.set_rollback(True)
    post("test", "dara@example.org", "Hello", "What happened")

    assert Mail.objects.get().body == "What happened"
    assert DBTaskResult.objects.get().args_kwargs["args"] == [Mail.objects.get().pk]


def test_sending_twice_sends_once(db):
    waiting = make_mail()

    send_mail.func(waiting.pk)
    send_mail.func(waiting.pk)
    send_mail.func(waiting.pk, 1)

    assert len(mail.outbox) == 1


def test_an_attempt_is_made_by_whoever_counts_it(db):
    """Its task may be there twice, with two workers: the one that comes second sends nothing."""
    waiting = make_mail(attempts=1)

    send_mail.func(waiting.pk, 0)

    assert len(mail.outbox) == 0


def test_queue_that_stood_still_does_not_use_up_the_attempts(db, settings):
    settings.EMAIL_BACKEND = BROKEN
    waiting = make_mail(attempts=1)

    for _look in range(8):
        send_mail.func(waiting.pk, 1)

    waiting.refresh_from_db()
    assert (waiting.attempts, waiting.given_up_at) == (2, None)


def test_sent_mail_keeps_no_text(db):
    waiting = make_mail(body="A link that opens the account")

    send_mail.func(waiting.pk)

    waiting.refresh_from_db()
    assert (waiting.body, waiting.sent_at is None) == ("", False)


def test_every_attempt_has_the_same_message_id(db):
    waiting = make_mail()
    send_mail.func(waiting.pk)
    Mail.objects.update(sent_at=None)  # as if the worker was killed before it noted that the mail was sent

    send_mail.func(waiting.pk, 1)

    first, second = (each.extra_headers["Message-ID"] for each in mail.outbox)
    assert first == second == f"<{waiting.message_id.hex}@localhost>"


def test_failed_mail_is_kept_with_its_reason(db, settings):
    settings.EMAIL_BACKEND = BROKEN
    waiting = make_mail()

    send_mail.func(waiting.pk)

    waiting.refresh_from_db()
    assert (waiting.attempts, waiting.body, waiting.sent_at) == (1, "B", None)
    assert waiting.problem == "ConnectionRefusedError: nobody answers"


def test_failed_mail_is_sent_when_the_server_is_back(db, settings):
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = BROKEN
    waiting = make_mail()
    send_mail.func(waiting.pk)
    settings.EMAIL_BACKEND = working

    send_mail.func(waiting.pk, 1)

    waiting.refresh_from_db()
    assert (len(mail.outbox), waiting.problem, waiting.attempts) == (1, "", 2)


def test_mail_is_given_up_after_the_last_attempt(db, settings):
    settings.EMAIL_BACKEND = BROKEN
    waiting = make_mail(attempts=MAX_ATTEMPTS - 1)

    send_mail.func(waiting.pk, MAX_ATTEMPTS - 1)

    waiting.refresh_from_db()
    assert waiting.given_up_at is not None
    assert waiting.body == ""
    assert list(Mail.objects.waiting()) == []


def test_pauses_grow_and_end_within_a_day():
    pauses = [pause_before(attempts) for attempts in range(1, MAX_ATTEMPTS)]

    assert pauses[:3] == [dt.timedelta(minutes=minutes) for minutes in (1, 3, 7)]
    assert dt.timedelta(hours=2) < pauses[-1] < dt.timedelta(days=1)


def test_failed_mail_is_due_when_its_pause_is_over(db):
    failed, _fresh = make_mail(attempts=2), make_mail()
    now = timezone.now()

    assert due_again(now + dt.timedelta(minutes=2)) == []
    assert due_again(now + dt.timedelta(minutes=4)) == [failed]


def test_mail_whose_task_was_lost_is_due(db):
    waiting = make_mail()

    assert due_again(timezone.now() + dt.timedelta(hours=2)) == [waiting]


def test_administrators_see_what_was_not_sent_but_no_text(admin_client):
    make_mail(problem="nobody answers", body="A link that opens the account", person=make_user())
    pages = [
        admin_client.get(url).content.decode()
        for url in (
            reverse("admin:capred_portal_mail_changelist"),
            reverse("admin:capred_portal_mail_change", args=[Mail.objects.get().pk]),
        )
    ]

    assert all("nobody answers" in page for page in pages)
    assert not any("opens the account" in page for page in pages)


def test_a_server_that_says_nothing_does_not_hold_the_worker():
    assert 0 < portal_settings.EMAIL_TIMEOUT < portal_settings.LEASE_SECONDS * 2


@pytest.mark.parametrize("gone", [{"is_active": False}, {"email": ""}])
def test_mail_that_waits_is_left_when_its_reader_has_gone(gone, db):
    person = make_user(email="dara@example.org")
    waiting = make_mail(person=person, attempts=3)
    User.objects.filter(pk=person.pk).update(**gone)

    send_mail.func(waiting.pk, 3)

    waiting.refresh_from_db()
    assert (len(mail.outbox), waiting.body, waiting.sent_at) == (0, "", None)
    assert waiting.given_up_at is not None
    assert waiting.problem


def test_mail_that_waits_follows_an_address_that_was_put_right(db):
    person = make_user(email="dara@example.org")
    waiting = make_mail(person=person, address="dara@exampel.org", attempts=1)

    send_mail.func(waiting.pk, 1)

    waiting.refresh_from_db()
    assert mail.outbox[0].to == ["dara@example.org"] == [waiting.address]


def test_nobody_who_is_away_answers_a_mail_by_machine(db):
    send_mail.func(make_mail().pk)

    assert mail.outbox[0].extra_headers["Auto-Submitted"] == "auto-generated"
    assert "OOF" in mail.outbox[0].extra_headers["X-Auto-Response-Suppress"]


def test_administrators_reach_mails_that_wait_and_those_given_up(admin_client):
    given_up = make_mail(subject="Given up", given_up_at=timezone.now())
    make_mail(subject="Waiting")
    html = admin_client.get(reverse("status")).content.decode()

    found = [unescape(link) for link in re.findall(r'href="(/admin/capred_portal/mail/\?[^"]+)"', html)]
    waiting, left = (admin_client.get(link).content.decode() for link in found)

    assert "Waiting" in waiting
    assert f"/mail/{given_up.pk}/" not in waiting
    assert f"/mail/{given_up.pk}/" in left
