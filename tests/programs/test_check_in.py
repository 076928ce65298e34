"""Check-in at the door: who may sign in when, what it writes, and that it writes it once."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from capred_portal.figures import TOTAL, Scope
from capred_portal.models import Organisation, PrivacyNotice
from capred_portal.records import DataVersion
from programs import check_in
from programs.figures import people as figures
from programs.models import Arrival, Attendance, CheckIn, Person
from tests.factories import make_attendance, make_organisation, make_person, make_workshop

TOLD = {"name_km": "សុខ ដារ៉ា", "sex": "m", "organisation": "Angkor Box", "phone": "012 345 678", "consent": "yes"}


@pytest.fixture
def workshop(db):
    return make_workshop(date=timezone.localdate(), title_km="សិក្ខាសាលា", title_en="Packaging", venue_en="Hall A")


@pytest.fixture
def door(workshop, staff):
    closes_at = timezone.now() + dt.timedelta(hours=3)
    return check_in.open_door(workshop=workshop, closes_at=closes_at, by=staff)


@pytest.fixture
def notice(db):
    told = {"text_en": "We keep your name.", "text_km": "យើងរក្សាទុកឈ្មោះរបស់អ្នក។"}
    return PrivacyNotice.objects.create(in_force_from=dt.date(2020, 1, 1), **told)


def door_url(door):
    return reverse("check_in:door", args=[door.code])


def send(client, door, token=None, **told):
    return client.post(door_url(door), TOLD | {"token": str(token or uuid.uuid4())} | told)


# The door


def test_form_is_shown_in_both_languages_and_kept_by_nobody(door, notice, anonymous_client):
    english = anonymous_client.get(door_url(door), headers={"Accept-Language": "en"})
    khmer = anonymous_client.get(door_url(door), headers={"Accept-Language": "km"})

    assert english.status_code == khmer.status_code == 200
    assert "We keep your name." in english.content.decode()
    assert "យើងរក្សាទុកឈ្មោះរបស់អ្នក។" in khmer.content.decode()
    assert khmer.content.decode().index('name="name_km"') < khmer.content.decode().index('name="name_en"')
    assert "no-store" in english.headers["Cache-Control"]
    assert "sessionid" not in english.cookies
    assert reverse("login") not in english.content.decode()


def test_code_may_be_typed_in_capitals(door, anonymous_client):
    assert anonymous_client.get(reverse("check_in:door", args=[door.code.upper()])).status_code == 200


def test_closed_old_and_unknown_codes_are_one_page(door, workshop, staff, anonymous_client):
    old = door.code
    check_in.close_door(workshop)
    closed = anonymous_client.get(reverse("check_in:door", args=[old]))
    unknown = anonymous_client.get(reverse("check_in:door", args=["zzzzzzzz"]))
    again = check_in.open_door(workshop=workshop, closes_at=timezone.now() + dt.timedelta(hours=1), by=staff)

    def text(response):
        return response.content.decode().split("<main")[1]

    assert closed.status_code == unknown.status_code == 404
    assert text(closed) == text(unknown)
    assert "Packaging" not in text(closed)
    assert again.code != old
    assert anonymous_client.get(reverse("check_in:door", args=[old])).status_code == 404
    assert send(anonymous_client, door).status_code == 404
    assert not Attendance.objects.exists()


def test_door_closes_by_itself_and_with_its_workshop(door, workshop, anonymous_client):
    workshop.archived_at, workshop.archive_reason = timezone.now(), "Twice"
    workshop.save()
    archived = anonymous_client.get(door_url(door)).status_code
    workshop.archived_at, workshop.archive_reason = None, ""
    workshop.save()
    CheckIn.objects.update(opened_at=timezone.now() - dt.timedelta(hours=2), closes_at=timezone.now())

    assert archived == 404
    assert anonymous_client.get(door_url(door)).status_code == 404


def test_csrf_works_for_who_is_not_signed_in(door, client):
    client.handler.enforce_csrf_checks = True
    page = client.get(door_url(door)).content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]

    assert send(client, door).status_code == 403
    assert send(client, door, csrfmiddlewaretoken=token).status_code == 302


# Signing in


def test_new_person_arrives_and_is_counted(door, workshop, notice, anonymous_client):
    scope, version = Scope("staff", {"workshop": str(workshop.pk)}), DataVersion.current()
    before = figures.attendances(scope)[TOTAL].value

    response = send(anonymous_client, door, age_band="18-35", disability="refused")
    page = anonymous_client.get(response.url).content.decode()

    row = Attendance.objects.get()
    assert (row.person.name_km, row.person.sex, row.person.phone) == ("សុខ ដារ៉ា", "m", "+85512345678")
    assert (row.organisation.name_en, row.role, row.age_band, row.disability) == (
        "Angkor Box",
        "participant",
        "18-35",
        "refused",
    )
    assert (row.attended, row.registered, row.consent, row.consent_notice) == (True, False, True, notice)
    assert (row.created_by, row.version, row.history.get().history_change_reason) == (None, 1, "check-in")
    assert (row.arrival.way, row.arrival.noted_by) == (Arrival.Way.SELF, None)
    assert "Welcome" in page
    assert timezone.localtime(row.arrival.arrived_at).strftime("%H:%M") in page
    assert "ដារ៉ា" not in page
    assert figures.attendances(scope)[TOTAL].value == (before or 0) + 1
    assert DataVersion.current() != version


def test_form_sent_twice_is_once_with_one_page(door, anonymous_client):
    token = uuid.uuid4()

    answers = [send(anonymous_client, door, token).url for _time in range(3)]

    assert Arrival.objects.count() == Attendance.objects.count() == Person.objects.count() == 1
    (told,) = {check_in.welcome_of(url.rstrip("/").rpartition("/")[2]) for url in answers}
    assert told is not None
    assert told[1] == Arrival.objects.get().arrived_at


def test_form_sent_again_with_another_name_is_another_person(door, anonymous_client):
    token = uuid.uuid4()
    send(anonymous_client, door, token)
    send(anonymous_client, door, token, name_km="ចាន់ បុប្ផា", phone="")

    assert Attendance.objects.count() == 2


def test_who_arrived_is_welcome_again_and_nothing_changes(door, anonymous_client):
    send(anonymous_client, door)
    row = Attendance.objects.get()
    arrived_at = row.arrival.arrived_at

    response = send(anonymous_client, door, age_band="60+", consent="no")

    page = anonymous_client.get(response.url).content.decode()
    row.refresh_from_db()
    assert "Welcome" in page
    assert (row.age_band, row.consent, row.version) == ("", True, 1)
    assert Arrival.objects.get().arrived_at == arrived_at
    assert Person.objects.get().phone == "+85512345678"


def test_registered_person_is_found_by_name_and_organisation(door, workshop, anonymous_client):
    box = make_organisation(name_en="Angkor Box")
    person = make_person(name_en="", name_km="សុខ ដារ៉ា", organisation=box, phone="+85599111222")
    row = make_attendance(workshop=workshop, person=person, registered=True, attended=False, role="speaker")

    send(anonymous_client, door)

    row.refresh_from_db()
    person.refresh_from_db()
    assert (row.attended, row.role, row.consent, row.organisation) == (True, "speaker", True, box)
    assert person.phone == "+85599111222"
    assert Person.objects.count() == Attendance.objects.count() == 1
    assert row.history.latest().history_change_reason == "check-in"


def test_same_name_elsewhere_is_a_possible_double(door, anonymous_client):
    make_person(name_en="", name_km="សុខ ដារ៉ា", organisation=make_organisation())

    send(anonymous_client, door)

    assert Attendance.objects.get().person.is_possible_duplicate
    assert Person.objects.count() == 2


def test_without_consent_no_phone_is_kept_and_only_the_owner_of_a_number_has_it_forgotten(door, anonymous_client):
    box = make_organisation(name_en="Angkor Box")
    named = make_person(name_en="", name_km="សុខ ដារ៉ា", organisation=box, phone="+85599111222")
    owner = make_person(name_en="", name_km="ចាន់ បុប្ផា", phone="+85512345678", email="c@example.org")

    send(anonymous_client, door, consent="no", phone="")
    send(anonymous_client, door, consent="no", name_km="ចាន់ បុប្ផា", organisation="")
    send(anonymous_client, door, consent="no", name_km="កែវ វុទ្ធី", phone="011 222 333", organisation="")

    rows = {row.person.name_km: row for row in Attendance.objects.select_related("person")}
    assert all(row.consent is False and row.consent_notice is None for row in rows.values())
    assert rows["កែវ វុទ្ធី"].person.phone == ""
    assert rows["សុខ ដារ៉ា"].person.phone == named.phone
    assert rows["ចាន់ បុប្ផា"].person == owner
    assert (rows["ចាន់ បុប្ផា"].person.phone, rows["ចាន់ បុប្ផា"].person.email) == ("", "")


def test_organisation_is_found_by_acronym_or_made(door, anonymous_client):
    known = make_organisation(name_en="Federation of Small Makers", acronym="FSM")
    send(anonymous_client, door, organisation="fsm")
    send(anonymous_client, door, name_km="ចាន់ បុប្ផា", phone="", organisation="រោងជាង")

    assert Attendance.objects.filter(organisation=known).count() == 1
    assert Organisation.objects.get(name_km="រោងជាង").history.get().history_change_reason == "check-in"


def test_name_in_the_field_of_the_other_script_is_put_right(door, anonymous_client):
    send(anonymous_client, door, name_km="", name_en="លោក សុខ ដារ៉ា")

    person = Person.objects.get()
    assert (person.name_en, person.name_km, person.honorific) == ("", "សុខ ដារ៉ា", "លោក")


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"name_km": ""}, "name_en"),
        ({"consent": ""}, "consent"),
        ({"phone": "12"}, "phone"),
        ({"name_km": "។"}, "name"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(told, field, door, anonymous_client):
    response = send(anonymous_client, door, **told)

    assert response.status_code == 422
    assert any(name.startswith(field) for name in response.context["form"].errors)
    assert "Angkor Box" in response.content.decode()
    assert not Attendance.objects.exists()


def test_a_room_may_sign_in_and_a_flood_waits(door, monkeypatch, anonymous_client):
    monkeypatch.setattr("programs.views.door.FROM_ONE_ADDRESS", 2)
    for name in ("សុខ ដារ៉ា", "ចាន់ បុប្ផា"):
        assert send(anonymous_client, door, name_km=name, phone="").status_code == 302

    response = send(anonymous_client, door, name_km="កែវ វុទ្ធី", phone="")

    assert response.status_code == 429
    assert 0 < int(response.headers["Retry-After"]) <= 600
    assert "កែវ វុទ្ធី" in response.content.decode()
    assert Attendance.objects.count() == 2


def test_guessing_codes_is_slowed_down(db, monkeypatch, anonymous_client):
    monkeypatch.setattr("programs.views.door.GUESSES", 1)
    url = reverse("check_in:door", args=["zzzzzzzz"])

    assert [anonymous_client.get(url).status_code for _time in range(2)] == [404, 429]
