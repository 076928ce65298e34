"""Check-in at the door: who may sign in when, what it writes, and that it writes it once."""

import datetime as dt
import uuid
from urllib.parse import unquote

import pytest
from django.test import Client
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
    return check_in.open_check_in(workshop=workshop, closes_at=closes_at, by=staff)


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
    assert "optional" not in english.content.decode().partition("<fieldset")[0]  # of two names one is asked for
    assert "no-store" in english.headers["Cache-Control"]
    assert "sessionid" not in english.cookies
    assert reverse("login") not in english.content.decode()


def test_code_may_be_typed_in_capitals(door, anonymous_client):
    assert anonymous_client.get(reverse("check_in:door", args=[door.code.upper()])).status_code == 200


def test_closed_old_and_unknown_codes_are_one_page(door, workshop, staff, anonymous_client):
    old = door.code
    check_in.close_check_in(workshop)
    closed = anonymous_client.get(reverse("check_in:door", args=[old]))
    unknown = anonymous_client.get(reverse("check_in:door", args=["zzzzzzzz"]))
    again = check_in.open_check_in(workshop=workshop, closes_at=timezone.now() + dt.timedelta(hours=1), by=staff)

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


def test_phone_that_keeps_no_cookies_signs_in(door):
    """The form does nothing in the name of who is signed in, so no cookie has to prove where it was opened."""
    client = Client(enforce_csrf_checks=True)
    page = client.get(door_url(door)).content.decode()
    client.cookies.clear()

    assert send(client, door).status_code == 302
    assert "csrfmiddlewaretoken" not in page.partition("data-door")[2]
    assert Attendance.objects.get().created_by is None


@pytest.mark.parametrize("name", ["012 345 678", "...", "\u200b", "😀"])
def test_name_has_a_letter(name, door, anonymous_client):
    response = send(anonymous_client, door, name_km="", name_en=name)

    assert response.status_code == 422
    assert "Write your name in Khmer or in Latin letters." in response.content.decode()
    assert not Attendance.objects.exists()


def test_steps_of_helpers_are_taken_from_the_pages_of_the_portal_alone(door, workshop, staff):
    row = make_attendance(workshop=workshop, registered=True, attended=False)
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff)

    assert client.post(reverse("check_in:arrived", args=[check_in.personal_code(row)])).status_code == 403
    assert not Attendance.objects.get().attended


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


def test_without_consent_no_phone_is_kept_and_staff_confirm_that_contacts_of_before_go(
    door, workshop, anonymous_client, staff_client
):
    # Who gives a name and the number that is kept has proved nothing: both may be known to others.
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
    kept = rows["ចាន់ បុប្ផា"]
    assert (kept.person, kept.person.phone, kept.person.email) == (owner, "+85512345678", "c@example.org")
    assert {old.phone for old in owner.history.all()} == {"+85512345678"}

    shown = staff_client.get(reverse("workshops:check_in", args=[workshop.pk])).content.decode()
    edit = reverse("workshops:attendance_edit", args=[workshop.pk, kept.pk])
    assert shown.count("refused: contacts of before are still kept") == 2
    assert f'href="{edit}"' in shown
    told = {"version": kept.version, "role": "participant", "days": "1", "attended": "on", "consent": "false"}
    assert staff_client.post(edit, told).status_code == 302

    owner.refresh_from_db()
    assert (owner.phone, owner.email) == ("", "")
    assert {old.phone for old in owner.history.all()} == {""}


@pytest.mark.parametrize(("before", "told", "after"), [(False, "yes", False), (True, "no", False), (None, "yes", True)])
def test_a_no_is_heard_from_anybody_and_only_staff_turn_it_into_a_yes(
    before, told, after, door, workshop, notice, anonymous_client
):
    person = make_person(name_en="", name_km="សុខ ដារ៉ា", organisation=make_organisation(name_en="Angkor Box"))
    row = make_attendance(workshop=workshop, person=person, attended=False, consent=before)

    send(anonymous_client, door, consent=told)

    row.refresh_from_db()
    person.refresh_from_db()
    assert (row.attended, row.consent, row.consent_notice) == (True, after, notice if after else None)
    assert person.phone == ("+85512345678" if after else "")


def test_a_yes_known_before_keeps_the_notice_it_was_given_under(door, workshop, notice, anonymous_client):
    later = PrivacyNotice.objects.create(in_force_from=dt.date(2021, 1, 1), text_en="More.", text_km="ទៀត។")
    person = make_person(name_en="", name_km="សុខ ដារ៉ា", phone="+85512345678")
    row = make_attendance(workshop=workshop, person=person, attended=False, consent=True, consent_notice=notice)

    send(anonymous_client, door)

    row.refresh_from_db()
    assert (row.attended, row.consent_notice) == (True, notice)
    assert later != notice


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


def test_forms_that_are_refused_close_the_door_for_nobody(door, monkeypatch, anonymous_client):
    monkeypatch.setattr("programs.views.door.FROM_ONE_ADDRESS", 1)
    monkeypatch.setattr("programs.views.door.WITH_ONE_CODE", 1)
    monkeypatch.setattr("programs.views.door.REFUSED_FROM_ONE_ADDRESS", 3)

    refused = [send(anonymous_client, door, consent="") for _time in range(4)]

    assert [response.status_code for response in refused] == [422, 422, 422, 429]
    assert int(refused[-1].headers["Retry-After"]) > 0
    assert send(anonymous_client, door).status_code == 302


@pytest.mark.parametrize("code", ["%00abcdef", "abcdef%00", "%00", "ជជជជជជជជ", "zzzzzzz", "zzzzzzzzz", "lllllll1"])
def test_what_no_code_can_be_is_not_looked_up(code, db, anonymous_client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert check_in.check_in_with_code(unquote(code)) is None

    assert anonymous_client.get(f"/check-in/{code}/").status_code == 404


def test_a_door_writes_so_many_new_names_and_then_somebody_looks(
    door, workshop, staff, monkeypatch, anonymous_client, staff_client
):
    monkeypatch.setattr("programs.check_in.MOST_NEW", 1)
    known = make_person(name_en="", name_km="កែវ វុទ្ធី", phone="+85511222333")
    make_attendance(workshop=workshop, person=known, registered=True, attended=False, created_by=staff)
    page = reverse("workshops:check_in", args=[workshop.pk])
    before = staff_client.get(page).content.decode()
    assert send(anonymous_client, door).status_code == 302

    refused = send(anonymous_client, door, name_km="ចាន់ បុប្ផា", phone="", organisation="New Firm")

    assert refused.status_code == 422
    assert "the people at the desk have to put you on the list" in refused.content.decode()
    assert "ចាន់ បុប្ផា" in refused.content.decode()
    assert (Person.objects.count(), Organisation.objects.filter(name_en="New Firm").count()) == (2, 0)
    assert send(anonymous_client, door, name_km="កែវ វុទ្ធី", phone="011222333").status_code == 302
    assert send(anonymous_client, door).status_code == 302
    assert "this check-in takes no more" not in before
    assert "this check-in takes no more" in staff_client.get(page).content.decode()

    check_in.close_check_in(workshop)
    again = check_in.open_check_in(workshop=workshop, closes_at=timezone.now() + dt.timedelta(hours=1), by=staff)
    assert send(anonymous_client, again, name_km="ចាន់ បុប្ផា", phone="").status_code == 302
