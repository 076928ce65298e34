"""The list of workshops, a workshop's page, and the forms that write it."""

import datetime

import pytest
from django.urls import reverse

from capred_portal.models import Organisation
from programs.models import AgendaItem, Outcome, Person, Workshop, WorkshopHost
from tests.factories import make_goal, make_organisation, make_outcome, make_program, make_workshop

pytestmark = pytest.mark.django_db

LIST = reverse("workshops:list")
NEW = reverse("workshops:new")


def rows(response):
    return [workshop.title_en for workshop in response.context["page_obj"]]


# The list


def test_list_shows_workshops_newest_first(officer_client):
    make_workshop(title_en="Older", date=datetime.date(2024, 1, 1))
    make_workshop(title_en="Newer", date=datetime.date(2025, 1, 1))

    response = officer_client.get(LIST)

    assert rows(response) == ["Newer", "Older"]
    assert response.context["rows_count"] == 2


def test_empty_list_says_so_and_blames_no_filter(staff_client):
    bare, filtered = (staff_client.get(LIST, query).content.decode() for query in ({}, {"q": "silk"}))

    assert "Nothing is recorded here yet." in bare
    assert "these filters" not in bare
    assert "No workshop fits these filters." in filtered
    assert f'<a class="button" href="{LIST}">Show all</a>' in filtered


def test_list_sends_the_anonymous_to_sign_in(anonymous_client):
    assert anonymous_client.get(LIST).url == "/accounts/login/?next=%2Fworkshops%2F"


def test_list_refuses_post(staff_client):
    assert staff_client.post(LIST).status_code == 405


def test_list_answers_htmx_with_the_rows_alone(staff_client):
    response = staff_client.get(LIST, headers={"HX-Request": "true"})

    assert "<html" not in response.content.decode()
    assert "HX-Request" in response.headers["Vary"]


@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_list_answers_boosted_and_restored_requests_with_the_page(staff_client, header):
    response = staff_client.get(LIST, headers={"HX-Request": "true", header: "true"})

    assert "<html" in response.content.decode()


@pytest.mark.parametrize("query", ["supply", "SUPPLY chains", "ខ្សែចង្វាក់", "ខ្សែ\u200bចង្វាក់", "ស្រ្តី", "ស្ត្រី", "២០២៤"])
def test_list_finds_words_of_both_languages(staff_client, query):
    make_workshop(title_en="Local supply chains 2024", title_km="ខ្សែចង្វាក់ផ្គត់ផ្គង់ និងស្ត្រី")
    make_workshop(title_en="Another")

    response = staff_client.get(LIST, {"q": query})

    assert rows(response) == ["Local supply chains 2024"]


def test_list_filters_by_goal_and_its_sides_once(staff_client):
    head, side = make_goal("7"), make_goal("7.1")
    workshop = make_workshop(title_en="Both")
    workshop.goals.set([head, side])
    make_workshop(title_en="None")

    assert rows(staff_client.get(LIST, {"goal": head.pk})) == ["Both"]
    assert rows(staff_client.get(LIST, {"goal": side.pk})) == ["Both"]
    assert rows(staff_client.get(LIST, {"goal": "any"})) == ["Both"]


def test_list_filters_by_what_is_not_stated(staff_client, django_db_setup):
    make_workshop(title_en="Nowhere")

    assert rows(staff_client.get(LIST, {"province": "none"})) == ["Nowhere"]


@pytest.mark.parametrize(("quarter", "found"), [("2024-Q3", 1), ("2024-Q4", 0), ("2024-Q2", 0)])
def test_list_filters_by_quarter(staff_client, quarter, found):
    make_workshop(date=datetime.date(2024, 9, 30))

    assert staff_client.get(LIST, {"quarter": quarter}).context["rows_count"] == found


def test_list_tells_held_from_planned(staff_client):
    make_workshop(title_en="Past", date=datetime.date(2024, 1, 1))
    make_workshop(title_en="Future", date=datetime.date(2099, 1, 1))

    assert rows(staff_client.get(LIST, {"time": "held"})) == ["Past"]
    assert rows(staff_client.get(LIST, {"time": "planned"})) == ["Future"]


def test_an_unknown_province_is_reported_beside_its_field(staff_client):
    response = staff_client.get(LIST, {"province": "99"})

    assert response.status_code == 200
    assert "province" in response.context["filter"].form.errors


@pytest.mark.parametrize("page", ["0", "-3", "abc", "9999"])
def test_a_senseless_page_number_shows_the_nearest_page(staff_client, page):
    make_workshop()

    assert staff_client.get(LIST, {"page": page}).status_code == 200


# A new workshop


def test_four_answers_make_a_workshop(staff_client, staff):
    host, program = make_organisation(name_en="Ministry of Tests"), make_program()

    response = staff_client.post(
        NEW, {"title": "Backward linkages", "date": "14/08/2024", "host": "ministry of tests", "program": program.pk}
    )

    workshop = Workshop.objects.get()
    assert response.url == workshop.get_absolute_url()
    assert (workshop.title_en, workshop.title_km) == ("Backward linkages", "")
    assert workshop.date == datetime.date(2024, 8, 14)
    assert workshop.created_by == staff
    assert workshop.hosts.get().organisation == host


def test_a_khmer_title_and_khmer_digits_are_understood(staff_client):
    make_organisation(name_km="ក្រសួង")

    staff_client.post(NEW, {"title": "សិក្ខាសាលា", "date": "១៤/០៨/២០២៤", "host": "ក្រសួង"})

    workshop = Workshop.objects.get()
    assert (workshop.title_en, workshop.title_km) == ("", "សិក្ខាសាលា")
    assert workshop.date == datetime.date(2024, 8, 14)


def test_an_unknown_host_is_offered_for_creation_and_created_when_ticked(staff_client):
    data = {"title": "Workshop", "date": "2024-08-14", "host": "New Association"}

    asked = staff_client.post(NEW, data)
    assert asked.status_code == 422
    assert not Organisation.objects.exists()
    assert "create_organisation" in asked.content.decode()

    staff_client.post(NEW, data | {"create_organisation": "on"})
    assert WorkshopHost.objects.get().organisation.name_en == "New Association"


def test_wrong_answers_are_reported_and_nothing_is_saved(staff_client):
    response = staff_client.post(NEW, {"title": "", "date": "31/02/2024", "host": ""})

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"title", "date", "host"}
    assert not Workshop.objects.exists()


@pytest.mark.parametrize("role", ["officer", "admin"])
def test_other_roles_may_not_log_workshops(client_for, role):
    client = client_for(role)

    assert client.get(NEW).status_code == 403
    assert client.post(NEW, {"title": "x", "date": "2024-08-14"}).status_code == 403
    assert not Workshop.objects.exists()


# One workshop


def test_page_shows_what_came_out(officer_client):
    outcome = make_outcome(text_en="Depends on imported raw materials")

    response = officer_client.get(outcome.workshop.get_absolute_url())

    assert "Depends on imported raw materials" in response.content.decode()


def test_page_marks_what_is_only_there_in_the_other_language(officer_client):
    workshop = make_workshop(title_en="Only in English")
    officer_client.cookies["django_language"] = "km"

    page = officer_client.get(workshop.get_absolute_url()).content.decode()

    assert '<span lang="en">Only in English</span>' in page
    assert "fallback-mark" in page


def test_a_guessed_id_is_not_found(staff_client):
    assert staff_client.get(reverse("workshops:detail", args=[987654])).status_code == 404
    assert staff_client.get(reverse("workshops:edit", args=[987654])).status_code == 404


def test_end_before_start_is_reported_beside_its_field(staff_client):
    workshop = make_workshop()

    response = staff_client.post(
        reverse("workshops:edit", args=[workshop.pk]),
        {
            "title_en": "Title",
            "date": "2024-08-14",
            "end_date": "2024-08-13",
            "starts_at": "14:00",
            "ends_at": "១៣:០០",
            "version": 1,
        },
    )

    assert set(response.context["form"].errors) == {"end_date", "ends_at"}


def test_the_database_refuses_a_workshop_that_ends_before_it_starts():
    from django.db import IntegrityError

    with pytest.raises(IntegrityError):
        make_workshop(date=datetime.date(2024, 8, 14), end_date=datetime.date(2024, 8, 13))


# Its parts


def test_agenda_item_finds_known_speakers_and_makes_new_ones(staff_client):
    workshop, known = make_workshop(), Person.objects.create(name_en="Sok Dara")

    staff_client.post(
        reverse("workshops:part_new", args=[workshop.pk, "agenda"]),
        {"title_en": "Opening", "starts_at": "08:30", "speakers": "Dr. Sok Dara\nH.E. Chan Bopha"},
    )

    speakers = AgendaItem.objects.get().speakers.order_by("pk")
    assert speakers[0].pk == known.pk
    assert (speakers[1].honorific, speakers[1].name_en) == ("H.E.", "Chan Bopha")


def test_a_host_is_added_and_taken_off_with_a_reason(staff_client):
    workshop, organisation = make_workshop(), make_organisation(name_en="Host")
    staff_client.post(
        reverse("workshops:part_new", args=[workshop.pk, "hosts"]), {"organisation": "Host", "role": "co-host"}
    )
    host = WorkshopHost.objects.get()

    staff_client.post(
        reverse("workshops:part_archive", args=[workshop.pk, "hosts", host.pk]), {"version": 1, "reason": "Wrong"}
    )

    assert host.organisation == organisation
    assert not workshop.hosts.active().exists()


def test_a_document_needs_a_file_or_a_link(staff_client):
    workshop = make_workshop()
    url = reverse("workshops:part_new", args=[workshop.pk, "documents"])

    neither = staff_client.post(url, {"title_en": "Slides"})
    staff_client.post(url, {"title_en": "Slides", "link": "https://example.org/slides"})

    assert "file" in neither.context["form"].errors
    assert workshop.documents.get().link == "https://example.org/slides"


def test_an_unknown_part_is_not_found(staff_client):
    workshop = make_workshop()

    assert staff_client.get(f"/workshops/{workshop.pk}/nothing/new/").status_code == 404


def test_a_part_of_another_workshop_is_not_found(staff_client):
    mine, other = make_workshop(), make_workshop()
    item = AgendaItem.objects.create(workshop=other, title_en="Opening")

    response = staff_client.get(reverse("workshops:part_edit", args=[mine.pk, "agenda", item.pk]))

    assert response.status_code == 404


def test_save_and_add_another_comes_back_to_an_empty_form(staff_client):
    workshop = make_workshop()
    url = reverse("workshops:outcome_new", args=[workshop.pk])

    response = staff_client.post(url, {"kind": "finding", "text_en": "One", "another": "1"})

    assert response.url == url
    assert Outcome.objects.get().workshop == workshop
