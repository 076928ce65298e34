"""The list of people, of attendances, a person's page and form, for those who may read names and those who may not."""

import datetime

import pytest
from django.urls import reverse

from programs.models import Statement
from tests.factories import (
    make_action,
    make_attendance,
    make_attendances,
    make_organisation,
    make_person,
    make_workshop,
)

pytestmark = pytest.mark.django_db

LIST, ATTENDANCES = reverse("people:list"), reverse("people:attendances")
HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize("query", ["dara", "SOK  dara", "ដារ៉ា", "ដារ៉ា\u200b"])
def test_list_finds_names_in_both_scripts(staff_client, query):
    make_person(name_en="Sok Dara", name_km="សុខ ដារ៉ា")
    make_person(name_en="Chan Thy", name_km="ចាន់ ធី")

    response = staff_client.get(LIST, {"q": query})

    assert [person.name_en for person in response.context["page_obj"]] == ["Sok Dara"]


def test_list_keeps_possible_duplicates_alone(staff_client):
    double = make_person(is_possible_duplicate=True)
    make_person()

    response = staff_client.get(LIST, {"possible_duplicates": "1"})

    assert list(response.context["page_obj"]) == [double]


@pytest.mark.parametrize("url", [LIST, ATTENDANCES])
def test_officers_see_numbers_and_no_names(officer_client, url):
    make_attendance(person=make_person(name_en="Sok Dara", phone="+85512345678"))

    response = officer_client.get(url)

    assert response.context["rows_count"] == 1
    assert "Sok Dara" not in response.content.decode()
    assert "+85512345678" not in response.content.decode()


@pytest.mark.parametrize(
    "query", ["q=Sok", "sex=f", "age=60%2B", "disability=yes", "kind=ngo", "possible_duplicates=1"]
)
@pytest.mark.parametrize("url", [LIST, ATTENDANCES])
def test_officers_cannot_filter_by_what_they_may_not_see(officer_client, url, query):
    assert officer_client.get(f"{url}?{query}").status_code == 403


@pytest.mark.parametrize("url", [LIST, ATTENDANCES])
def test_lists_answer_htmx_with_rows_and_history_with_the_page(staff_client, url):
    make_attendance()

    assert "<html" not in staff_client.get(url, headers=HTMX).content.decode()
    assert "<html" in staff_client.get(url, headers=HTMX | {"HX-History-Restore-Request": "true"}).content.decode()


@pytest.mark.parametrize("url", [LIST, ATTENDANCES])
def test_lists_refuse_post_and_the_anonymous(staff_client, anonymous_client, url):
    assert staff_client.post(url).status_code == 405
    assert anonymous_client.get(url).status_code == 302


@pytest.mark.parametrize("url", [LIST, ATTENDANCES])
@pytest.mark.parametrize("role", ["staff", "officer", "admin"])
def test_lists_ask_few_queries_and_no_more_for_more_rows(client_for, role, url, django_assert_max_num_queries):
    client, office, counts = client_for(role), make_organisation(), []
    for _time in range(2):
        make_attendances(120, organisation=office)
        with django_assert_max_num_queries(15) as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_person_page_shows_workshops_statements_and_actions(staff_client):
    person, workshop = make_person(name_en="Sok Dara"), make_workshop(title_en="Clusters")
    make_attendance(person=person, workshop=workshop)
    Statement.objects.create(person=person, workshop=workshop, text_en="We must act")
    make_action(owner_person=person, text_en="Write the plan")

    html = staff_client.get(person.get_absolute_url()).content.decode()

    assert all(words in html for words in ("Sok Dara", "Clusters", "We must act", "Write the plan"))


def test_person_pages_are_for_those_who_keep_the_lists(officer_client, admin_client, anonymous_client, staff_client):
    person = make_person()
    edit = reverse("people:edit", args=[person.pk])

    assert officer_client.get(person.get_absolute_url()).status_code == 403
    assert admin_client.get(person.get_absolute_url()).status_code == 200
    assert admin_client.get(edit).status_code == 403
    assert anonymous_client.get(person.get_absolute_url()).status_code == 302
    assert staff_client.get(reverse("people:detail", args=[10**6])).status_code == 404
    assert staff_client.post(person.get_absolute_url()).status_code == 405


def test_person_can_be_edited_and_archived(staff_client):
    person = make_person(name_en="Sok Dara")
    edit, archive = (reverse(f"people:{name}", args=[person.pk]) for name in ("edit", "archive"))

    refused = staff_client.post(edit, {"version": 1, "name_en": "", "name_km": ""})
    staff_client.post(edit, {"version": 1, "name_en": "Sok Dara", "name_km": "សុខ ដារ៉ា", "phone": "០១២៣៤៥៦៧៨"})
    staff_client.post(archive, {"version": 2, "reason": "Entered twice"})

    person.refresh_from_db()
    assert refused.status_code == 422
    assert (person.name_km, person.phone) == ("សុខ ដារ៉ា", "+85512345678")
    assert person.is_archived


def test_attendances_can_be_filtered_by_scope(staff_client):
    kept = make_attendance(workshop=make_workshop(date=datetime.date(2024, 8, 14)))
    make_attendance(workshop=make_workshop(date=datetime.date(2023, 8, 14)))

    response = staff_client.get(ATTENDANCES, {"year": "2024"})

    assert list(response.context["page_obj"]) == [kept]


def test_people_are_found_by_sound_in_the_other_script(staff_client, officer_client):
    found = make_person(name_en="", name_km="សុខ ដារ៉ា")
    make_person(name_en="Chan Thy")

    response = staff_client.get(reverse("people:list"), {"sound": "Sok Dara"})

    assert list(response.context["page_obj"]) == [found]
    assert officer_client.get(reverse("people:list"), {"sound": "Sok Dara"}).status_code == 403
