"""The page of one's own reminders, and the links in mails that stop a kind of them."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from capred_portal import reminders
from capred_portal.mails import message_of
from capred_portal.models import Mail, ReminderChoice
from capred_portal.reminder_mails import stop_token
from tests.capred_portal.test_reminders import PAGE, at, choose, overdue, run
from tests.factories import make_user

# The page


def test_the_page_shows_what_waits_now_and_keeps_the_choices(staff_client, staff):
    overdue(staff, 3, text_en="Sign the agreement")
    page = staff_client.get(PAGE).content.decode()

    saved = staff_client.post(PAGE, {"overdue": "weekly", "due-soon": "daily", "returned": "never", "question": "x"})

    assert "Sign the agreement · 3 days overdue" in page
    assert saved.url == PAGE
    kept = set(staff.reminder_choices.values_list("kind", "frequency"))
    assert kept == {("overdue", "weekly"), ("returned", "never")}
    assert 'value="weekly" selected' in staff_client.get(PAGE).content.decode()


def test_choosing_what_everybody_begins_with_keeps_nothing(staff_client, staff):
    choose(staff, "never", "overdue")

    staff_client.post(PAGE, {"overdue": "daily"})

    assert not staff.reminder_choices.exists()


@pytest.mark.parametrize(
    ("role", "kinds"),
    [
        ("staff", {"overdue", "due-soon", "to-verify", "question", "returned", "signed", "round-closing"}),
        ("officer", {"overdue", "due-soon", "signature"}),
        ("admin", {"overdue", "due-soon", "question"}),
    ],
)
def test_roles_see_only_what_can_concern_them(db, role, kinds):
    assert {kind.name for kind in reminders.kinds_for(make_user(role))} == kinds


def test_a_choice_for_what_cannot_concern_one_is_not_kept(officer_client, officer):
    officer_client.post(PAGE, {"returned": "never", "signature": "weekly"})

    assert list(officer.reminder_choices.values_list("kind", flat=True)) == ["signature"]


# Links that stop mails


def stop(token):
    return reverse("account_reminders_stop", args=[token])


def test_a_link_asks_first_and_stops_one_kind(staff):
    client = Client(enforce_csrf_checks=True)
    url = stop(stop_token(staff.pk, "overdue"))

    asked = client.get(url)
    before = staff.reminder_choices.count()
    done = client.post(url, {"List-Unsubscribe": "One-Click"})
    again = client.post(url)

    assert (asked.status_code, done.status_code, again.status_code, before) == (200, 200, 200, 0)
    assert "Stop these mails" in asked.content.decode()
    assert "These mails have stopped" in done.content.decode()
    assert list(staff.reminder_choices.values_list("kind", "frequency")) == [("overdue", "never")]


def test_the_page_behind_the_link_speaks_the_language_of_the_mail(staff):
    staff.language = "km"
    staff.save()

    page = Client().get(stop(stop_token(staff.pk, "overdue"))).content.decode()

    assert '<html lang="km"' in page


@pytest.mark.parametrize("change", [lambda token: token[:-2] + "xx", lambda token: "9" + token, lambda _token: "x~y"])
def test_a_forged_link_stops_nothing(change, staff, client):
    url = stop(change(stop_token(staff.pk, "overdue")))

    assert (client.get(url).status_code, client.post(url).status_code) == (404, 404)
    assert not ReminderChoice.objects.exists()


def test_a_link_of_somebody_who_left_leads_nowhere(staff, client):
    staff.is_active = False
    staff.save()

    assert client.post(stop(stop_token(staff.pk, "overdue"))).status_code == 404


@pytest.mark.parametrize("told", [("overdue",), ("overdue", "due-soon")])
def test_mail_programs_can_stop_what_a_mail_tells_with_one_click(staff, settings, told):
    settings.SITE_URL = "https://portal.example.org"
    choose(staff, "at-once", *told)
    overdue(staff)
    if "due-soon" in told:
        overdue(staff, days=-1)
    run(at(8))
    headers = mail.outbox[0].extra_headers
    url = headers["List-Unsubscribe"].strip("<>").removeprefix(settings.SITE_URL)

    Client(enforce_csrf_checks=True).post(url, {"List-Unsubscribe": "One-Click"})

    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    kinds = reminders.kinds_for(staff)
    stopped = {kind.name for kind in kinds if reminders.Choices([staff.pk]).of(staff.pk, kind) == "never"}
    assert stopped == ({"overdue"} if len(told) == 1 else {kind.name for kind in kinds})
    assert "\n" not in message_of(Mail.objects.get()).message()["List-Unsubscribe"]


def test_other_mails_carry_no_such_link(db):
    other = Mail.objects.create(kind="password", address="dara@example.org", subject="A", body="B")

    assert set(message_of(other).extra_headers) == {"Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress"}
