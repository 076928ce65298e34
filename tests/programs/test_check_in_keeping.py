"""Keeping the door: open and close it, tick and undo, send codes, scan them; and who may not."""

import datetime as dt
import threading
import uuid

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from capred_portal.duplicates import KINDS
from capred_portal.figures import TOTAL, Scope
from capred_portal.merging import merge_records
from capred_portal.models import Mail
from capred_portal.personal_export import sections_of
from capred_portal.records import identity_of
from capred_portal.subjects import SUBJECTS, erase
from programs import check_in
from programs.arrivals import arrive, sign_in
from programs.figures import people as figures
from programs.models import Arrival, Attendance, CheckIn, Person
from tests.factories import (
    ROLES,
    make_attendance,
    make_attendances,
    make_organisation,
    make_person,
    make_user,
    make_workshop,
)

HTMX = {"HX-Request": "true"}
TOLD = {"name_en": "", "name_km": "សុខ ដារ៉ា", "honorific": "", "sex": "m", "organisation": "Angkor Box"}
TOLD |= {"phone": "+85512345678", "age_band": "", "disability": "", "consent": True}


@pytest.fixture
def workshop(db):
    fields = {"title_km": "សិក្ខាសាលា", "title_en": "Packaging", "venue_en": "Hall A", "venue_km": "សាល ក"}
    return make_workshop(date=timezone.localdate(), **fields)


@pytest.fixture
def door(workshop, staff):
    return check_in.open_check_in(workshop=workshop, closes_at=timezone.now() + dt.timedelta(hours=3), by=staff)


@pytest.fixture
def guest(workshop):
    """Somebody who registered, with an address to write to."""
    person = make_person(name_en="Chan Bopha", name_km="ចាន់ បុប្ផា", email="bopha@example.org")
    return make_attendance(workshop=workshop, person=person, registered=True, attended=False)


def page(workshop, part="check_in", **kwargs):
    return reverse(f"workshops:{part}", kwargs={"pk": workshop.pk} | kwargs)


def own(name, row):
    return reverse(f"check_in:{name}", args=[check_in.personal_code(row)])


def came(workshop):
    return figures.attendances(Scope("staff", {"workshop": str(workshop.pk)}))[TOTAL].value or 0


# Opening and closing


def test_door_opens_until_the_end_of_the_day_unless_told(workshop, staff, staff_client):
    shown = staff_client.get(page(workshop)).context["form"]
    staff_client.post(page(workshop), {"day": shown["day"].value(), "time": "២៣:៥៩"})

    door = CheckIn.objects.get()
    closes_at = timezone.localtime(door.closes_at)
    assert (closes_at.date(), closes_at.strftime("%H:%M")) == (timezone.localdate(), "23:59")
    assert door.is_open
    assert door.opened_by == staff
    assert set(door.code) <= set(check_in.LETTERS)
    assert f"/check-in/{door.code}/" in staff_client.get(page(workshop)).content.decode()


def test_open_door_keeps_its_code_when_its_time_changes_and_loses_it_when_closed(door, workshop, staff, staff_client):
    later = timezone.now() + dt.timedelta(hours=5)

    assert check_in.open_check_in(workshop=workshop, closes_at=later, by=staff).code == door.code
    assert staff_client.post(page(workshop, "check_in_close")).status_code == 302
    assert not CheckIn.objects.get().is_open
    assert check_in.open_check_in(workshop=workshop, closes_at=later, by=staff).code != door.code


@pytest.mark.parametrize(("day", "time"), [("2020-01-01", "10:00"), ("2099-01-01", "10:00"), ("", ""), ("soon", "10")])
def test_times_that_make_no_sense_are_refused(day, time, workshop, staff_client):
    response = staff_client.post(page(workshop), {"day": day, "time": time})

    assert response.status_code == 422
    assert not CheckIn.objects.exists()


def test_door_of_a_workshop_at_the_end_of_time_has_a_page(staff_client):
    assert staff_client.get(page(make_workshop(date=dt.date.max))).status_code == 200


@pytest.mark.parametrize(("days", "is_said"), [(1, True), (0, False)])
def test_door_of_a_workshop_that_is_over_says_so(days, is_said, workshop, staff_client):
    workshop.date = timezone.localdate() - dt.timedelta(days=days + 2)
    workshop.end_date = timezone.localdate() - dt.timedelta(days=days)
    workshop.save()

    shown = staff_client.get(page(workshop))

    assert (shown.status_code, "The last day of this workshop was" in shown.content.decode()) == (200, is_said)


def test_poster_and_sheet_show_the_code_and_the_address_while_it_is_open(door, workshop, staff_client):
    address = f"testserver/check-in/{door.code}"
    poster = staff_client.get(page(workshop, "check_in_poster")).content.decode()
    sheet = staff_client.get(page(workshop, "attendance_sheet")).content.decode()
    check_in.close_check_in(workshop)

    assert address in poster
    assert address in sheet
    assert all(words in poster for words in ('lang="km"', 'lang="en"', "data:image/svg+xml"))
    assert "check-in/" not in staff_client.get(page(workshop, "attendance_sheet")).content.decode().split("<main")[1]
    assert "is not open" in staff_client.get(page(workshop, "check_in_poster")).content.decode()


# The list


def test_ticking_and_undoing_move_the_figures_and_leave_history(door, guest, workshop, staff, staff_client):
    url = page(workshop, "check_in_arrived", row_pk=guest.pk)
    answers = [staff_client.post(f"{url}?q=bopha") for _time in range(2)]
    ticked = Attendance.objects.get(pk=guest.pk)

    assert {answer.url for answer in answers} == {f"{page(workshop)}?q=bopha#check-in-rows"}
    assert (ticked.attended, ticked.version, ticked.arrival.way, ticked.arrival.noted_by) == (True, 2, "list", staff)
    assert came(workshop) == 1

    fragment = staff_client.post(page(workshop, "check_in_undo", row_pk=guest.pk), headers=HTMX).content.decode()

    undone = Attendance.objects.get(pk=guest.pk)
    assert (undone.attended, undone.version, undone.arrival.way, undone.arrival.arrived_at) == (False, 3, "", None)
    assert came(workshop) == 0
    assert "Tick as arrived" in fragment
    assert "<html" not in fragment
    assert [row.attended for row in undone.history.order_by("version")] == [False, True, False]


def test_ticking_while_the_door_is_closed_invents_no_time(guest, workshop, staff_client):
    staff_client.post(page(workshop, "check_in_arrived", row_pk=guest.pk))

    assert Attendance.objects.get(pk=guest.pk).attended
    assert not Arrival.objects.filter(attendance=guest, arrived_at__isnull=False).exists()


def test_page_and_its_parts(door, guest, workshop, staff_client):
    make_attendance(workshop=workshop, person=make_person(name_en="Sok Dara"))
    whole = staff_client.get(page(workshop)).content.decode()
    rows = staff_client.get(page(workshop), {"q": "ចាន់"}, headers=HTMX).content.decode()
    now = staff_client.get(page(workshop), headers=HTMX | {"HX-Target": "check-in-now"}).content.decode()
    restored = staff_client.get(page(workshop), headers=HTMX | {"HX-History-Restore-Request": "true"})

    assert "Sok Dara" in whole
    assert "Chan Bopha" in rows
    assert "Sok Dara" not in rows
    assert "<html" not in rows + now
    assert "X-Only-Asks" in now
    assert "<html" in restored.content.decode()


def test_page_asks_no_more_queries_for_a_longer_list(door, workshop, staff_client):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert staff_client.get(page(workshop)).status_code == 200
        return len(asked)

    make_attendances(5, workshop=workshop)
    few = queries()
    make_attendances(30, workshop=workshop)

    assert queries() == few <= 15


@pytest.mark.parametrize("role", ROLES)
def test_only_the_ministry_keeps_the_door(role, door, guest, workshop, client_for):
    client = client_for(role)
    posts = [page(workshop), page(workshop, "check_in_codes"), own("arrived", guest)]
    posts += [page(workshop, "check_in_arrived", row_pk=guest.pk), page(workshop, "check_in_close")]

    answers = {client.post(url).status_code for url in posts}

    assert answers == ({422, 302} if role in {"staff", "verifier"} else {403})
    assert client.get(page(workshop)).status_code == (200 if role in {"staff", "verifier"} else 403)


# Codes of one's own


def test_codes_are_sent_once_in_both_languages_and_again_when_asked(
    guest, workshop, staff_client, django_capture_on_commit_callbacks
):
    make_attendance(workshop=workshop, registered=True, attended=False)
    make_attendance(workshop=workshop, person=make_person(email="came@example.org"))
    counts = {name: staff_client.get(page(workshop)).context[name] for name in ("to_invite", "invited", "unreachable")}
    with django_capture_on_commit_callbacks(execute=True):
        for _time in range(2):
            staff_client.post(page(workshop, "check_in_codes"))

    letter = Mail.objects.get()
    assert counts == {"to_invite": 1, "invited": 0, "unreachable": 1}
    assert (letter.kind, letter.address) == ("check-in", "bopha@example.org")
    assert Arrival.objects.get(attendance=guest).invited_at
    assert staff_client.get(page(workshop)).context["invited"] == 1

    staff_client.post(page(workshop, "check_in_codes"), {"row": guest.pk})
    staff_client.post(page(workshop, "check_in_codes"), {"row": "x"})

    assert Mail.objects.count() == 2


def test_mail_says_where_and_when_and_leads_to_the_code(guest, workshop, staff_client, anonymous_client):
    staff_client.post(page(workshop, "check_in_codes"))
    letter = Mail.objects.get()

    link = f"http://testserver{own('mine', guest)}"
    assert letter.body.count(link) == 2
    assert letter.body.index("ចាន់ បុប្ផា") < letter.body.index("Chan Bopha")
    assert all(words in letter.body for words in ("សិក្ខាសាលា", "Packaging", "Hall A", "សាល ក"))
    shown = anonymous_client.get(link)
    text = shown.content.decode()
    assert "Chan Bopha" in text
    assert "Packaging" in text
    assert "bopha@example.org" not in text
    assert "data:image/svg+xml" in text
    assert "no-store" in shown.headers["Cache-Control"]
    assert mail.outbox == []


@pytest.mark.parametrize("code", ["1", "1.guess", "x.y", "1-2.y\x00", "1.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"])
@pytest.mark.parametrize("name", ["mine", "arrive"])
def test_guessed_codes_lead_nowhere(name, code, guest, staff_client):
    code = code.replace("1", str(guest.pk), 1)

    assert staff_client.get(reverse(f"check_in:{name}", args=[code])).status_code == 404
    assert staff_client.post(reverse("check_in:arrived", args=[code])).status_code == 404


def test_signature_of_one_row_is_not_that_of_another(guest, staff_client):
    other = make_attendance(workshop=guest.workshop)
    code = f"{identity_of(other)}.{check_in.personal_code(guest).partition('.')[2]}"

    assert staff_client.get(reverse("check_in:mine", args=[code])).status_code == 404


def test_a_code_is_of_nobody_else_who_is_given_the_same_number_after_a_restore(guest, staff_client):
    Attendance.objects.filter(pk=guest.pk).update(created_at=guest.created_at - dt.timedelta(microseconds=1))
    other = Attendance.objects.get()

    for name in ("mine", "arrive"):
        assert staff_client.get(own(name, guest)).status_code == 404
        assert staff_client.get(own(name, other)).status_code == 200
    assert staff_client.post(own("arrived", guest)).status_code == 404
    assert not Attendance.objects.get().attended


def test_page_of_thanks_is_of_no_other_workshop_with_the_same_number(workshop, anonymous_client):
    url = reverse("check_in:welcome", args=[check_in.welcome_code(workshop, timezone.now())])
    before = anonymous_client.get(url).status_code
    type(workshop).objects.update(created_at=workshop.created_at + dt.timedelta(microseconds=1))

    assert (before, anonymous_client.get(url).status_code) == (200, 404)


def test_links_of_who_is_erased_or_archived_are_dead(door, guest, workshop, verifier, settings, tmp_path, client):
    settings.BACKUP_ROOT = tmp_path
    assert client.get(own("mine", guest)).status_code == 200
    erase(SUBJECTS["person"], guest.person_id, by=verifier, reason="Asked")

    assert client.get(own("mine", guest)).status_code == 404
    other = make_attendance(workshop=workshop)
    other.archive(by=verifier, reason="Twice")
    assert client.get(own("mine", other)).status_code == 404


def test_helper_scans_once_and_while_the_door_is_open(door, guest, workshop, staff, staff_client):
    before = staff_client.get(own("arrive", guest)).content.decode()
    answers = [staff_client.post(own("arrived", guest)) for _time in range(2)]
    after = staff_client.get(own("arrive", guest)).content.decode()

    arrival = Arrival.objects.get()
    assert "Chan Bopha" in before
    assert own("arrived", guest) in before
    assert {answer.url for answer in answers} == {own("arrive", guest)}
    assert (arrival.way, arrival.noted_by, Attendance.objects.get().version) == ("helper", staff, 2)
    assert timezone.localtime(arrival.arrived_at).strftime("%H:%M") in after
    assert own("arrived", guest) not in after

    late = make_attendance(workshop=workshop, attended=False)
    check_in.close_check_in(workshop)
    staff_client.post(own("arrived", late))
    late.refresh_from_db()
    assert not late.attended
    assert "is not open" in staff_client.get(own("arrive", late)).content.decode()


def test_who_is_no_helper_sees_a_code_and_notes_nothing(door, guest, anonymous_client, officer_client):
    mine = anonymous_client.get(own("arrive", guest)).content.decode()
    officers = officer_client.get(own("arrive", guest)).content.decode()

    assert "Chan Bopha" in mine
    assert own("arrived", guest) not in mine + officers
    assert "Bopha" not in officers
    assert "បុប្ផា" not in officers
    assert anonymous_client.post(own("arrived", guest)).url.startswith(reverse("login"))


# Beside everything else


def test_a_merge_keeps_the_row_of_who_came_with_its_arrival(door, guest, staff):
    sign_in(code=door.code, told=TOLD, token=uuid.uuid4())
    double = Person.objects.get(phone="+85512345678")

    merge_records(kind=KINDS["person"], keep=guest.person, take_in=double, choices=[], by=staff)

    row = Attendance.objects.active().get()
    assert (row.person, row.attended, row.arrival.way) == (guest.person, True, "self")


def test_what_is_kept_about_a_person_tells_of_arrivals(guest, staff):
    arrive(guest.pk, way=Arrival.Way.LIST, by=staff)

    sections = {section.name: section for section in sections_of(SUBJECTS["person"], guest.person_id)}

    assert sections["arrivals"].rows[0]["way"]


@pytest.mark.django_db(transaction=True)
def test_two_phones_at_once_are_one_person_and_one_row():
    workshop, keeper = make_workshop(date=timezone.localdate()), make_user("staff")
    door = check_in.open_check_in(workshop=workshop, closes_at=timezone.now() + dt.timedelta(hours=1), by=keeper)
    make_organisation(name_en="Angkor Box")
    start, same, told = threading.Barrier(4), uuid.uuid4(), []

    def send(token):
        connection.ensure_connection()
        start.wait()
        try:
            told.append(sign_in(code=door.code, told=TOLD, token=token))
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=[token]) for token in (same, same, uuid.uuid4(), uuid.uuid4())]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(told) == 4
    assert Person.objects.count() == Attendance.objects.count() == Arrival.objects.count() == 1
    assert Attendance.objects.get().version == 1


@pytest.mark.django_db(transaction=True)
def test_phone_helper_and_list_at_once_are_one_arrival():
    workshop, keeper = make_workshop(date=timezone.localdate()), make_user("staff")
    door = check_in.open_check_in(workshop=workshop, closes_at=timezone.now() + dt.timedelta(hours=1), by=keeper)
    person = make_person(name_en="", name_km="សុខ ដារ៉ា", phone="+85512345678")
    row = make_attendance(workshop=workshop, person=person, registered=True, attended=False)
    start = threading.Barrier(3)
    steps = [
        lambda: sign_in(code=door.code, told=TOLD, token=uuid.uuid4()),
        lambda: arrive(row.pk, way=Arrival.Way.HELPER, by=keeper),
        lambda: arrive(row.pk, way=Arrival.Way.LIST, by=keeper),
    ]
    ends = []

    def take(step):
        connection.ensure_connection()
        start.wait()
        try:
            ends.append(step())
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=[step]) for step in steps]
    for step in (threading.Thread.start, threading.Thread.join):
        for thread in threads:
            step(thread)

    assert len(ends) == 3
    assert Attendance.objects.get().attended
    assert Arrival.objects.get().arrived_at
