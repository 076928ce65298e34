"""Reminders: one mail for each person and run, what was told is never told again, and links that stop a kind."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from capred_portal import reminder_mails, reminders
from capred_portal.mails import send_mail
from capred_portal.models import Mail, Reminder, ReminderChoice, User
from capred_portal.reminder_mails import KEPT, forget, remind
from tests.factories import make_action, make_user, make_workshop

PAGE = reverse("account_reminders")
DAY = dt.timedelta(days=1)
BROKEN = "tests.capred_portal.test_mails.BrokenServer"


def at(hour, minute=0, *, days=0):
    """Return a time of today or of a day near it, in Phnom Penh."""
    return timezone.localtime().replace(hour=hour, minute=minute, second=0, microsecond=0) + days * DAY


def overdue(user, days=1, **fields):
    return make_action(owner_user=user, created_by=user, due_on=timezone.localdate() - days * DAY, **fields)


def choose(user, frequency, *kinds):
    for kind in kinds or [kind.name for kind in reminders.kinds_for(user)]:
        ReminderChoice.objects.update_or_create(user=user, kind=kind, defaults={"frequency": frequency})


def run(*times):
    """Let the job run, and send what it wrote."""
    for now in times:
        remind(now)
    for waiting in Mail.objects.waiting():
        send_mail.func(waiting.pk, waiting.attempts)


# One mail for each person and run


def test_all_that_is_due_comes_in_one_mail_the_most_urgent_first(staff):
    choose(staff, "at-once")
    overdue(staff, 2, text_en="Sign the agreement")
    overdue(staff, 5, text_en="Find a buyer")
    make_action(owner_user=staff, due_on=timezone.localdate() + 3 * DAY, text_en="Print the report")

    run(at(8))

    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == ([staff.email], "2 actions overdue · 1 action due soon")
    order = [letter.body.index(text) for text in ("Find a buyer", "Sign the agreement", "Print the report")]
    assert order == sorted(order)
    assert "5 days overdue" in letter.body


def test_nothing_is_told_twice(staff):
    choose(staff, "at-once")
    overdue(staff)

    run(at(8), at(8, 5), at(8, days=1))

    assert len(mail.outbox) == 1


def test_the_next_mail_tells_what_is_new_and_counts_the_rest(staff):
    choose(staff, "at-once")
    overdue(staff, text_en="Sign the agreement")
    run(at(8))
    overdue(staff, text_en="Find a buyer")

    run(at(9))

    letter = mail.outbox[-1]
    assert "Find a buyer" in letter.body
    assert "Sign the agreement" not in letter.body
    assert "1 other thing waits for you." in letter.body


def test_what_is_no_longer_true_is_not_told(staff):
    action = overdue(staff, text_en="Sign the agreement")
    remind(at(6))
    action.due_on = timezone.localdate() + 60 * DAY
    action.save()

    run(at(8))

    assert mail.outbox == []


def test_a_long_list_is_cut_with_the_number_left(staff):
    choose(staff, "at-once")
    for _number in range(23):
        overdue(staff)

    run(at(8))

    assert mail.outbox[0].subject == "23 actions overdue"
    assert mail.outbox[0].body.count("1 day overdue") == 20
    assert "and 3 more" in mail.outbox[0].body


@pytest.mark.parametrize("fields", [{"is_active": False}, {"email": ""}], ids=["inactive", "without address"])
def test_who_cannot_be_reached_gets_nothing_and_is_not_counted_as_told(fields, staff):
    for name, value in fields.items():
        setattr(staff, name, value)
    staff.save()
    choose(staff, "at-once")
    overdue(staff)

    run(at(8))

    assert mail.outbox == []
    assert not Reminder.objects.exists()


def test_it_is_written_in_the_readers_language(staff):
    staff.language = "km"
    staff.save()
    choose(staff, "at-once")
    overdue(staff, text_en="Sign", text_km="ចុះហត្ថលេខា")

    run(at(8))

    assert "ចុះហត្ថលេខា" in mail.outbox[0].body
    assert "ហួសកាលកំណត់" in mail.outbox[0].body
    assert timezone.get_current_timezone_name() == "Asia/Phnom_Penh"


def test_invented_rows_are_marked(staff):
    choose(staff, "at-once")
    workshop = make_workshop(title_en="Rivers")
    overdue(staff, text_en="Sign", is_demo=True, workshop=workshop)
    overdue(staff, text_en="Print", workshop=workshop)

    run(at(8))

    assert "* Sign · 1 day overdue · Rivers (demonstration)\n" in mail.outbox[0].body
    assert "* Print · 1 day overdue · Rivers\n" in mail.outbox[0].body


def test_the_page_of_methods_says_who_hears_of_what(staff_client):
    page = staff_client.get(reverse("method", args=["reminders"])).content.decode()

    assert all(str(kind.title) in page for kind in reminders.in_order())
    assert "after a month also the verifiers" in page


def test_links_lead_to_the_address_of_the_portal(staff, settings):
    settings.SITE_URL = "https://portal.example.org/"
    choose(staff, "at-once")
    action = overdue(staff)

    run(at(8))

    assert f"https://portal.example.org{action.get_absolute_url()}\n" in mail.outbox[0].body
    assert f"https://portal.example.org{PAGE}\n" in mail.outbox[0].body


@pytest.mark.parametrize(
    ("hosts", "tls", "address"),
    [
        (["portal.example.org"], True, "https://portal.example.org"),
        (["*", ".example.org"], False, "http://example.org"),
        ([], False, "http://localhost"),
    ],
)
def test_without_site_url_the_first_host_is_taken(hosts, tls, address, settings):
    settings.SITE_URL, settings.ALLOWED_HOSTS, settings.BEHIND_TLS = "", hosts, tls

    assert reminder_mails.site_address() == address


# How often


def test_daily_mails_come_at_seven(staff):
    choose(staff, "daily")
    overdue(staff)

    remind(at(0, 5))
    remind(at(6, 55))
    early = Mail.objects.count()
    remind(at(7))

    assert (early, Mail.objects.count()) == (0, 1)


def test_what_comes_up_after_seven_waits_for_the_next_day(staff):
    choose(staff, "daily")
    overdue(staff)

    remind(at(7, 5))
    remind(at(23))
    early = Mail.objects.count()
    remind(at(7, 5, days=1))

    assert (early, Mail.objects.count()) == (0, 1)


def test_weekly_mails_come_on_monday_at_seven():
    monday = at(7).replace(year=2026, month=5, day=4)

    assert reminders.last_round("weekly", monday) == monday
    assert reminders.last_round("weekly", monday - dt.timedelta(minutes=1)) == monday - 7 * DAY
    assert reminders.last_round("weekly", monday + 6 * DAY) == monday
    assert reminders.is_time("weekly", monday - DAY, monday)
    assert not reminders.is_time("weekly", monday + DAY, monday + 6 * DAY)


def test_what_a_date_brings_is_not_told_in_the_night(staff):
    choose(staff, "at-once")
    overdue(staff)

    remind(at(0, 5))
    night = Mail.objects.count()
    remind(at(7))

    assert (night, Mail.objects.count()) == (0, 1)


def test_never_means_never(staff):
    choose(staff, "never", "overdue")
    overdue(staff)

    run(at(8), at(8, days=1))

    assert mail.outbox == []


# Told once, whatever happens


def test_a_worker_killed_before_the_end_leaves_it_to_the_next_run(staff, monkeypatch):
    choose(staff, "at-once")
    overdue(staff)
    with monkeypatch.context() as broken:
        broken.setattr(reminder_mails, "post", lambda *_args, **_kwargs: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            remind(at(8))
    lost = (Mail.objects.count(), Reminder.objects.filter(told_at=None).count())

    remind(at(8, 5))
    remind(at(8, 10))

    assert lost == (0, 1)
    assert Mail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_write_one_mail(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    people = [make_user("staff") for _number in range(3)]
    for user in people:
        choose(user, "at-once")
        overdue(user)

    def work(_number):
        try:
            return remind(at(8))["mails"]
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as workers:
        written = sum(workers.map(work, range(6)))

    assert written == 3
    assert sorted(Mail.objects.values_list("person", flat=True)) == sorted(user.pk for user in people)


def test_a_mail_that_failed_is_tried_again_and_seen_by_administrators(staff, settings, admin_client):
    working = settings.EMAIL_BACKEND
    choose(staff, "at-once")
    overdue(staff)
    settings.EMAIL_BACKEND = BROKEN

    run(at(8))
    waiting = Mail.objects.get()
    listed = admin_client.get(reverse("admin:capred_portal_mail_changelist")).content.decode()
    settings.EMAIL_BACKEND = working
    run(at(8, 5))

    assert (waiting.attempts, waiting.problem) == (1, "ConnectionRefusedError: nobody answers")
    assert "1 action overdue" in listed
    assert len(mail.outbox) == 1


def test_more_things_ask_no_more_queries(staff, verifier):
    for user in (staff, verifier):
        choose(user, "at-once")

    def queries(rows):
        for _number in range(rows):
            overdue(staff, 40)
        with CaptureQueriesContext(connection) as asked:
            reminders.due_for(reminders.reachable(), at(8))
        return len(asked)

    assert queries(1) == queries(6)


def test_what_is_long_over_is_forgotten_and_what_lasts_is_not(staff):
    choose(staff, "at-once")
    overdue(staff)
    remind(at(8))
    Reminder.objects.create(user=staff, kind="overdue", key="action-0-late-1", told_at=timezone.now())
    Reminder.objects.update(noticed_at=timezone.now() - KEPT - DAY)

    assert forget() == 1
    assert Reminder.objects.exclude(key="action-0-late-1").count() == 1


# The demonstration


def test_the_demonstration_says_where_it_writes_mails(db, settings, tmp_path, capsys):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    call_command("demo", "--no-server")
    staff = User.objects.get(username="staff")
    overdue(staff, text_en="Sign the agreement")

    run(at(6), at(7, 5))

    assert f"Mails are written to {tmp_path}" in capsys.readouterr().out
    assert any("Sign the agreement" in path.read_text() for path in tmp_path.iterdir())
