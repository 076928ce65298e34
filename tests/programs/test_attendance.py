"""A workshop's attendance: the page for those who keep it and for those who may only count, the grid, the sheet."""

import uuid

import pytest
from django.urls import reverse

from capred_portal.models import Organisation
from programs.models import Attendance, Person
from tests.factories import make_attendance, make_attendances, make_organisation, make_person, make_workshop

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def page(workshop, name="attendance", *more):
    return reverse(f"workshops:{name}", args=[workshop.pk, *more])


def row(number=0, **fields):
    """Return one typed row of the grid as it is posted."""
    typed = {"name_en": "", "name_km": "", "role": "participant", "attended": "on", "creation_token": str(uuid.uuid4())}
    return {f"row-{number}-{name}": value for name, value in (typed | fields).items()}


# The page


def test_page_shows_the_list_to_those_who_keep_it(staff_client, admin_client):
    workshop = make_workshop(head_count=40)
    make_attendance(workshop=workshop, person=make_person(name_en="Sok Dara"))

    for client in (staff_client, admin_client):
        response = client.get(page(workshop))
        assert response.context["rows_count"] == 1
        assert "Sok Dara" in response.content.decode()
    assert "attendance-grid" in staff_client.get(page(workshop)).content.decode()
    assert "attendance-grid" not in admin_client.get(page(workshop)).content.decode()


def test_people_are_typed_before_who_came_is_told_in_parts(staff_client):
    html = staff_client.get(page(make_workshop())).content.decode()

    assert html.index("attendance-grid") < html.index("Who came, by what they told")


def test_page_shows_officers_counts_and_never_a_name_or_contact(officer_client):
    workshop = make_workshop()
    person = make_person(name_en="Sok Dara", name_km="សុខ ដារ៉ា", phone="+85512345678", email="sok@example.org")
    for _number in range(6):
        make_attendance(workshop=workshop, disability="no")
    make_attendance(workshop=workshop, person=person, disability="yes")

    html = officer_client.get(page(workshop)).content.decode()

    assert all(secret not in html for secret in ("Sok Dara", "សុខ ដារ៉ា", "+85512345678", "sok@example.org"))
    assert html.count("withheld") == 2
    assert "attendance-grid" not in html


def test_officers_can_neither_write_nor_read_the_sheet(officer_client):
    workshop = make_workshop()
    attendance = make_attendance(workshop=workshop)

    assert officer_client.post(page(workshop), row(name_en="Sok Dara")).status_code == 403
    assert officer_client.post(page(workshop, "attendance_known"), row(name_en="Sok Dara")).status_code == 403
    for name, *more in (
        ("attendance_sheet",),
        ("attendance_load",),
        ("attendance_edit", attendance.pk),
    ):
        assert officer_client.get(page(workshop, name, *more)).status_code == 403
    assert "Sok Dara" not in officer_client.get(page(workshop), headers=HTMX).content.decode()


def test_page_of_no_workshop_is_not_found(staff_client):
    assert staff_client.get(reverse("workshops:attendance", args=[10**6])).status_code == 404


def test_page_refuses_other_verbs_and_the_anonymous(staff_client, anonymous_client):
    workshop = make_workshop()

    assert staff_client.put(page(workshop)).status_code == 405
    assert anonymous_client.get(page(workshop)).status_code == 302


def test_page_answers_htmx_with_the_list_and_history_with_the_page(staff_client):
    workshop = make_workshop()

    fragment = staff_client.get(page(workshop), headers=HTMX).content.decode()
    restored = staff_client.get(page(workshop), headers=HTMX | {"HX-History-Restore-Request": "true"}).content.decode()

    assert "<html" not in fragment
    assert "<html" in restored


@pytest.mark.parametrize("role", ["staff", "officer", "admin"])
def test_page_asks_few_queries_and_no_more_for_more_rows(client_for, role, django_assert_max_num_queries):
    client, workshop, office = client_for(role), make_workshop(head_count=100), make_organisation()
    counts = []
    for _time in range(2):
        make_attendances(120, workshop=workshop, organisation=office)
        with django_assert_max_num_queries(15) as queries:
            assert client.get(page(workshop)).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


# The grid


def test_grid_saves_filled_rows_and_goes_on_in_a_fresh_one(staff_client):
    workshop = make_workshop()

    response = staff_client.post(
        page(workshop),
        row(0, name_en="H.E.  Sok Dara", name_km="សុខ\u200b ដារ៉ា", sex="m", phone="០១២ ៣៤៥ ៦៧៨") | row(1),
        headers=HTMX,
    )

    person = Attendance.objects.get(workshop=workshop).person
    assert (person.honorific, person.name_en, person.name_km) == ("H.E.", "Sok Dara", "សុខ ដារ៉ា")
    assert person.phone == "+85512345678"
    html = response.content.decode()
    assert "1 person is on the list." in html
    assert html.count("data-focus") == 1
    assert "<html" not in html


def test_grid_works_without_scripts(staff_client):
    workshop = make_workshop()

    response = staff_client.post(page(workshop), row(0, name_en="Sok Dara") | row(3, name_km="ចាន់ ធី"))

    assert response.status_code == 302
    assert workshop.attendances.count() == 2


def test_grid_keeps_wrong_rows_with_the_error_beside_the_field(staff_client):
    workshop = make_workshop()
    good, wrong = row(0, name_en="Sok Dara"), row(1, name_en="Chan Thy", phone="12", sex="f")

    for headers, status in ((HTMX, 200), ({}, 422)):
        response = staff_client.post(page(workshop), good | wrong, headers=headers)
        html = response.content.decode()
        assert response.status_code == status
        assert 'value="Chan Thy"' in html
        assert "is not a phone number" in html
    assert [attendance.person.name_en for attendance in workshop.attendances.all()] == ["Sok Dara"]


def test_grid_pressed_twice_saves_once(staff_client):
    workshop, posted = make_workshop(), row(name_en="Sok Dara")

    staff_client.post(page(workshop), posted)
    staff_client.post(page(workshop), posted)

    assert Attendance.objects.count() == Person.objects.count() == 1


@pytest.mark.parametrize("choice", ["this", "new"])
def test_grid_asks_before_it_adds_somebody_known(staff_client, choice):
    office = make_organisation(name_en="Ministry")
    known, workshop = make_person(name_en="Sok Dara", organisation=office), make_workshop()
    typed = {"name_en": "SOK Dara", "organisation": "ministry", "sex": "f"}

    asked = staff_client.post(page(workshop), row(**typed))
    staff_client.post(page(workshop), row(**typed, known=str(known.pk) if choice == "this" else "new"))

    assert asked.status_code == 422
    assert "Known: Sok Dara" in asked.content.decode()
    person = Attendance.objects.get().person
    assert (person == known) is (choice == "this")
    assert person.is_possible_duplicate is (choice == "new")
    assert person.sex == "f"


def test_known_person_is_offered_as_the_name_is_left(staff_client):
    office = make_organisation(name_en="Ministry")
    person, workshop = make_person(name_en="Sok Dara", organisation=office), make_workshop()
    url = page(workshop, "attendance_known")

    offered = staff_client.post(url, row(2, name_en="Sok Dara", organisation="Ministry"), headers=HTMX).content.decode()
    nobody = staff_client.post(url, row(2, name_en="Chan Thy"), headers=HTMX).content.decode()

    assert f'name="row-2-known" value="{person.pk}"' in offered.replace("\n", " ")
    assert "Known: Sok Dara" in offered
    assert "radio" not in nobody


def test_same_name_elsewhere_is_added_and_marked(staff_client):
    make_person(name_en="Sok Dara", organisation=make_organisation(name_en="Ministry"))

    staff_client.post(page(make_workshop()), row(name_en="Sok Dara"))

    assert Attendance.objects.get().person.is_possible_duplicate


def test_somebody_on_the_list_is_not_added_again(staff_client):
    workshop, person = make_workshop(), make_person(name_en="Sok Dara")
    make_attendance(workshop=workshop, person=person)

    response = staff_client.post(page(workshop), row(name_en="Sok Dara", known=str(person.pk)))

    assert "already on the list" in response.content.decode()
    assert workshop.attendances.count() == 1


def test_unknown_organisation_is_created_on_the_second_try(staff_client):
    workshop, typed = make_workshop(), row(name_en="Sok Dara", organisation="New office")

    first = staff_client.post(page(workshop), typed)
    staff_client.post(page(workshop), typed | {"row-0-create_organisation": "on"})

    assert first.status_code == 422
    assert "row-0-create_organisation" in first.content.decode()
    assert Attendance.objects.get().organisation == Organisation.objects.get(name_en="New office")


def test_without_consent_no_contact_is_kept(staff_client):
    staff_client.post(page(make_workshop()), row(name_en="Sok Dara", phone="012345678", consent="false"))

    assert Person.objects.get().phone == ""


# One row, the sheet


def test_row_can_be_edited_and_a_stale_edit_meets_the_conflict_page(staff_client, staff):
    attendance = make_attendance(attended=True)
    url = page(attendance.workshop, "attendance_edit", attendance.pk)
    posted = {"version": 1, "role": "speaker", "days": "២", "attended": "on", "seeing": "3", "consent": "unknown"}

    assert staff_client.get(url).status_code == 200
    assert staff_client.post(url, posted).status_code == 302
    stale = staff_client.post(url, posted | {"role": "host"})

    attendance.refresh_from_db()
    assert (attendance.role, attendance.days, attendance.disability, attendance.version) == ("speaker", 2, "yes", 2)
    assert stale.status_code == 409


def test_row_is_removed_with_a_reason(staff_client):
    attendance = make_attendance()
    url = page(attendance.workshop, "attendance_remove", attendance.pk)

    refused = staff_client.post(url, {"version": 1, "reason": ""})
    staff_client.post(url, {"version": 1, "reason": "Entered twice"})

    attendance.refresh_from_db()
    assert refused.status_code == 422
    assert attendance.archive_reason == "Entered twice"
    assert staff_client.get(url).status_code == 404


def test_sheet_has_both_languages_and_blank_lines(staff_client):
    html = staff_client.get(page(make_workshop(title_km="សិក្ខាសាលា"), "attendance_sheet")).content.decode()

    assert "Signature" in html
    assert "ហត្ថលេខា" in html
    assert html.count('<th scope="row">') == 25
