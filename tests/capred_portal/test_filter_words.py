"""Figures say what narrows them, in the words of the list behind them, on their page and in their files."""

import io

import pytest
from python_calamine import CalamineWorkbook

from capred_portal.figure_files import narrowed_by
from capred_portal.figures import REGISTRY, Scope
from tests.factories import make_action, make_program, make_workshop
from tests.register_factories import make_cluster, make_enterprise, make_province, make_sector

pytestmark = pytest.mark.django_db


def test_every_figure_that_can_be_narrowed_knows_the_list_that_has_words_for_it():
    narrow = {code: each for code, each in REGISTRY.items() if each.scopes}

    assert {code for code, each in narrow.items() if each.filters is None} == set()
    unknown = {code: set(each.scopes) - set(each.filters.base_filters) for code, each in narrow.items()}
    assert {code: names for code, names in unknown.items() if names} == {}


@pytest.mark.parametrize("language", ["en", "km"])
def test_the_page_of_a_figure_says_of_what_it_is(language, client_for):
    make_province("02", name_en="Battambang", name_km="បាត់ដំបង")
    make_sector("10", title_en="Food products", title_km="ផលិតផលម្ហូបអាហារ")
    make_enterprise(province="02", sector="10")

    client = client_for("staff")
    client.cookies["django_language"] = language
    page = client.get("/figures/enterprises/?province=02&sector=10").content.decode()

    assert f"<strong>{'Battambang' if language == 'en' else 'បាត់ដំបង'}</strong>" in page
    assert ("10 Food products" if language == "en" else "10 ផលិតផលម្ហូបអាហារ") in page


def test_a_figure_of_everything_says_nothing_of_it(staff_client):
    assert "<strong>" not in staff_client.get("/figures/enterprises/").content.decode().split('id="why"')[1]


def test_choices_and_records_have_their_names():
    workshop, program, cluster = make_workshop(title_en="Packaging"), make_program(title_en="Links"), make_cluster()
    make_action()

    def words(code, **params):
        return [value for _name, value in narrowed_by(REGISTRY[code], Scope("staff", params))]

    assert words("actions-open", workshop=str(workshop.pk), priority="3") == [str(workshop), "High"]
    assert words("links-alive", year="2024-25", stage="trial") == ["2024-25", "Trial order"]
    assert words("links-alive-attributed", program=program.slug) == [str(program)]
    assert words("attendances", workshop="nonsense", program=program.slug) == [str(program)]
    assert words("cluster-firms", cluster=cluster.slug) == [str(cluster)]


def test_the_notes_of_its_file_say_so_too(staff_client):
    make_province("02", name_en="Battambang")
    response = staff_client.get("/figures/enterprises/download.xlsx?province=02")
    notes = CalamineWorkbook.from_filelike(io.BytesIO(response.getvalue())).get_sheet_by_index(1).to_python()

    assert ["Filter: Province", "Battambang"] in [row[:2] for row in notes]
