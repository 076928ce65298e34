"""The calendar of workshops, read by a parser of other authors: times, moves, cancellations, keys, languages."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from ical.calendar_stream import IcsCalendarStream

from capred_portal.access_keys import new_key
from capred_portal.models import AccessToken
from capred_portal.records import DataVersion
from programs.models import WorkshopHost
from programs.views import calendar as views
from tests.factories import make_organisation, make_program, make_workshop
from tests.register_factories import make_province

pytestmark = pytest.mark.django_db

CALENDAR = reverse("workshops:calendar")
PHNOM_PENH = ZoneInfo("Asia/Phnom_Penh")
DAY = timezone.localdate().replace(month=12, day=1)  # the calendar forgets what is over for a year
TIMES = {"starts_at": dt.time(8, 30), "ends_at": dt.time(16)}


def opened(response):
    """Return the calendar as the independent parser reads it."""
    return IcsCalendarStream.calendar_from_ics(response.content.decode())


def event_in(response):
    (event,) = opened(response).events
    return event


def test_calendar_tells_when_where_and_what(staff_client):
    program = make_program(title_en="Clusters, and more")
    province = make_province()
    workshop = make_workshop(
        title_en="Standards; for SMEs, in brief",
        date=DAY,
        program=program,
        province=province,
        venue_en="Hall 2",
        summary_en="First line\nSecond line " + "long " * 300,
        **TIMES,
    )
    WorkshopHost.objects.create(workshop=workshop, organisation=make_organisation(name_en="Standards Office"))

    response = staff_client.get(CALENDAR)
    event = event_in(response)

    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert event.summary == "Standards; for SMEs, in brief"
    assert event.dtstart == dt.datetime.combine(DAY, dt.time(8, 30), PHNOM_PENH)
    assert event.dtend == dt.datetime.combine(DAY, dt.time(16), PHNOM_PENH)
    assert event.dtstart.utcoffset() == dt.timedelta(hours=7)
    assert event.location == f"Hall 2, {province}"
    assert "Standards Office" in event.description
    assert "First line\nSecond line" in event.description
    assert str(event.url) == f"http://testserver{workshop.get_absolute_url()}"
    assert all(len(line) <= 75 for line in response.content.split(b"\r\n"))


def test_workshops_without_hours_take_whole_days(staff_client):
    make_workshop(date=DAY, end_date=DAY + dt.timedelta(days=1))

    event = event_in(staff_client.get(CALENDAR))

    assert (event.dtstart, event.dtend) == (DAY, DAY + dt.timedelta(days=2))


def test_workshops_without_an_end_have_none_invented(staff_client):
    make_workshop(date=DAY, starts_at=dt.time(9))

    response = staff_client.get(CALENDAR)

    assert event_in(response).dtstart == dt.datetime.combine(DAY, dt.time(9), PHNOM_PENH)
    assert b"DTEND" not in response.content


def test_several_days_without_an_hour_of_the_end_last_to_the_end_of_the_last(staff_client):
    make_workshop(date=DAY, end_date=DAY + dt.timedelta(days=2), starts_at=dt.time(9))

    event = event_in(staff_client.get(CALENDAR))

    assert event.dtstart == dt.datetime.combine(DAY, dt.time(9), PHNOM_PENH)
    assert event.dtend == dt.datetime.combine(DAY + dt.timedelta(days=3), dt.time(), PHNOM_PENH)


def test_moved_workshops_move_and_archived_ones_are_cancelled(staff, staff_client):
    workshop = make_workshop(title_en="Standards", date=DAY)
    before = event_in(staff_client.get(CALENDAR))

    workshop.date += dt.timedelta(days=7)
    workshop.save_version(by=staff, expected=1)
    DataVersion.raise_for("programs")
    moved = event_in(staff_client.get(CALENDAR))
    workshop.archived_at, workshop.archived_by, workshop.archive_reason = timezone.now(), staff, "No room"
    workshop.save_version(by=staff, expected=2)
    DataVersion.raise_for("programs")
    cancelled = event_in(staff_client.get(CALENDAR))

    assert before.uid == moved.uid == cancelled.uid
    assert before.sequence < moved.sequence < cancelled.sequence
    assert moved.dtstart == DAY + dt.timedelta(days=7)
    assert [event.status.value for event in (before, moved, cancelled)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert [moved.summary, cancelled.summary] == ["Standards", "Cancelled: Standards"]


def test_old_workshops_leave_the_calendar_and_invented_ones_say_so(staff_client):
    make_workshop(date=timezone.localdate() - dt.timedelta(days=400))
    make_workshop(date=timezone.localdate(), title_en="Pilot", is_demo=True)

    assert event_in(staff_client.get(CALENDAR)).summary == "Pilot (demonstration)"


def test_a_key_opens_the_calendar_in_its_owners_language(officer, anonymous_client):
    officer.language = "km"
    officer.save()
    make_workshop(date=DAY, title_en="Standards", title_km="ស្តង់ដារ")
    _token, key = new_key(officer, "Phone", ["calendar"], 365)

    response = anonymous_client.get(CALENDAR, {"key": key})

    assert event_in(response).summary == "ស្តង់ដារ"
    assert AccessToken.objects.get().last_used_at


@pytest.mark.parametrize("wrong", ["unknown", "other scope", "expired", "revoked", "inactive"])
def test_keys_that_do_not_open_it_are_refused_alike(wrong, officer, anonymous_client):
    _token, key = new_key(officer, "Phone", ["records" if wrong == "other scope" else "calendar"], 365)
    now = timezone.now()
    if wrong == "expired":
        AccessToken.objects.update(expires_at=now)
    elif wrong == "revoked":
        AccessToken.objects.update(revoked_at=now)
    elif wrong == "inactive":
        officer.is_active = False
        officer.save()

    response = anonymous_client.get(CALENDAR, {"key": key[:-1] if wrong == "unknown" else key})

    assert response.status_code == 403
    assert b"BEGIN" not in response.content


def test_who_has_neither_session_nor_key_signs_in(anonymous_client):
    assert anonymous_client.get(CALENDAR).status_code == 302


def test_looks_are_limited_by_key_and_by_address(officer, anonymous_client, monkeypatch):
    monkeypatch.setattr(views, "MOST_AN_HOUR", 1)
    monkeypatch.setattr(views, "MOST_TRIES", 1)
    _token, key = new_key(officer, "Phone", ["calendar"], 365)

    statuses = [anonymous_client.get(CALENDAR, {"key": key}).status_code for _look in range(2)]
    tries = [anonymous_client.get(CALENDAR, {"key": "wrong"}) for _look in range(2)]

    assert statuses == [200, 429]
    assert [response.status_code for response in tries] == [403, 429]
    assert int(tries[1].headers["Retry-After"]) > 0


def test_an_unchanged_calendar_is_not_sent_again(staff_client):
    make_workshop(date=DAY)
    first = staff_client.get(CALENDAR)
    elsewhere = staff_client.get(CALENDAR, headers={"host": "127.0.0.1"})

    again = staff_client.get(CALENDAR, headers={"If-None-Match": first.headers["ETag"]})
    DataVersion.raise_for("programs")
    changed = staff_client.get(CALENDAR, headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert {each.headers["Cache-Control"] for each in (first, again)} == {"private, no-cache"}
    assert event_in(elsewhere).uid == event_in(first).uid
    assert changed.status_code == 200


def test_queries_do_not_grow_with_workshops(staff_client):
    counts = []
    for _round in range(2):
        for number in range(3):
            make_workshop(date=DAY + dt.timedelta(days=number))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            staff_client.get(CALENDAR)
        counts.append(len(queries))

    assert counts[0] == counts[1]
