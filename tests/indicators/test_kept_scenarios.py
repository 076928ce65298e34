"""Kept scenarios: who keeps them, their links, stale saves, double clicks, side by side."""

import random
import uuid

import pytest
from django.urls import reverse

from indicators.demo_scenarios import make_scenarios, remove_scenarios
from indicators.models import Scenario
from tests.indicators.test_scenarios import HALF, words
from tests.page import form_values
from tests.table_factories import make_scenario, make_table

LIST, COMPARE = reverse("scenarios:list"), reverse("scenarios:compare")
NOBODY = uuid.UUID("00000000-0000-4000-8000-000000000000")


def new_path(table, shift=HALF):
    return f"{reverse('scenarios:new')}?table={table.pk}&shift={shift}&spread=25"


def page(name, scenario):
    return reverse(f"scenarios:{name}", args=[scenario.key])


def typed(client, path, **values):
    """Return what the form of a page would send with these values typed in."""
    return form_values(client.get(path).content.decode(), "question") | values


# To keep one


@pytest.mark.django_db
def test_staff_keep_what_the_desk_computed(staff_client, staff):
    table = make_table()
    path = new_path(table)

    response = staff_client.post(path, typed(staff_client, path, title_km="ពាក់កណ្តាល", note_en="For the council."))

    scenario = Scenario.objects.get()
    assert response["Location"] == page("detail", scenario)
    assert (scenario.table, scenario.created_by, int(scenario.spread_pct)) == (table, staff, 25)
    assert scenario.shifts == [{"input": "M", "buyer": "M", "share_pct": "50"}]
    assert scenario.demand == []
    assert "50 % of Manufacturing imported by Manufacturing is made at home" in words(staff_client.get(path))


@pytest.mark.django_db
def test_a_double_click_keeps_one_and_another_text_a_second(staff_client):
    path = new_path(make_table())
    values = typed(staff_client, path, title_en="Half")

    first, again = (staff_client.post(path, values) for _click in range(2))
    staff_client.post(path, values | {"title_en": "Other"})

    assert first["Location"] == again["Location"]
    assert sorted(Scenario.objects.values_list("title_en", flat=True)) == ["Half", "Other"]


@pytest.mark.django_db
def test_without_a_title_nothing_is_kept_and_nothing_lost(staff_client):
    path = new_path(make_table())

    response = staff_client.post(path, typed(staff_client, path, note_en="Kept?"))

    assert response.status_code == 422
    assert "Kept?" in response.content.decode()
    assert not Scenario.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "question",
    [
        "",
        "shift=M:M:50",
        "table=9999&shift=M:M:50",
        "table={pk}",
        "table={pk}&shift=M:M:101",
        "table={pk}&shift=S:A:10",
    ],
)
def test_a_question_that_cannot_be_computed_is_not_kept(staff_client, question):
    table = make_table()
    path = new_path(table)
    values = typed(staff_client, path, title_en="Half") | {"question": question.format(pk=table.pk)}

    response = staff_client.post(path, values)

    assert response.status_code == 422
    assert not Scenario.objects.exists()


@pytest.mark.django_db
def test_a_scenario_on_a_demonstration_table_is_one_too(staff_client):
    path = new_path(make_table(is_demo=True))

    staff_client.post(path, typed(staff_client, path, title_en="Half"))

    assert Scenario.objects.get().is_demo


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["officer", "admin"])
def test_who_may_not_keep_reads_all_the_same(client_for, role):
    scenario, client = make_scenario(), client_for(role)

    for path in (new_path(scenario.table), page("edit", scenario), page("archive", scenario)):
        assert client.get(path).status_code == 403
        assert client.post(path).status_code == 403
    for path in (LIST, COMPARE, page("detail", scenario)):
        assert client.get(path).status_code == 200
    assert page("edit", scenario) not in client.get(page("detail", scenario)).content.decode()


# One of them


@pytest.mark.django_db
def test_its_page_shows_the_result_and_leads_on(staff_client):
    scenario = make_scenario(note_en="For the council.")

    response = staff_client.get(page("detail", scenario))

    text, html = words(response), response.content.decode()
    assert "20.0 million US$ of imports replaced would bring +10.9 million US$" in text
    assert "For the council." in text
    assert "What this rests on" in text
    assert f"?table={scenario.table_id}&amp;shift=M:M:50&amp;spread=25&amp;kept={scenario.key}" in html
    assert "/actions/new/?text=Follow+up+the+scenario" in html
    assert str(scenario.key) in response.context["links"]["workshop"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["detail", "edit", "archive"])
def test_a_guessed_key_is_not_found(staff_client, name):
    make_scenario()

    assert staff_client.get(reverse(f"scenarios:{name}", args=[NOBODY])).status_code == 404


@pytest.mark.django_db
def test_who_is_not_signed_in_goes_to_the_login_page(anonymous_client):
    scenario = make_scenario()

    for path in (LIST, COMPARE, page("detail", scenario), page("edit", scenario), reverse("scenarios:desk")):
        assert anonymous_client.get(path).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize("path", [LIST, COMPARE, reverse("scenarios:desk"), reverse("scenarios:export", args=["csv"])])
def test_what_is_only_read_takes_no_post(staff_client, path):
    assert staff_client.post(path).status_code == 405


@pytest.mark.django_db
def test_a_workshop_and_an_action_begin_with_the_scenario(staff_client):
    scenario = make_scenario()
    links = staff_client.get(page("detail", scenario)).context["links"]

    workshop, action = (staff_client.get(links[name]) for name in ("workshop", "action"))

    assert workshop.context["form"]["title"].value() == "Half of the inputs at home"
    assert f"http://testserver/scenarios/{scenario.key}/" in workshop.context["form"]["summary"].value()
    assert str(scenario.key) in action.context["text"]


# To change one


@pytest.mark.django_db
def test_words_change_and_the_question_stays(staff_client):
    scenario = make_scenario()
    path = page("edit", scenario)

    response = staff_client.post(path, typed(staff_client, path, title_en="Renamed"))

    scenario.refresh_from_db()
    assert response["Location"] == page("detail", scenario)
    assert (scenario.title_en, scenario.version) == ("Renamed", 2)
    assert scenario.shifts == [{"input": "M", "buyer": "M", "share_pct": "50"}]


@pytest.mark.django_db
def test_the_desk_saves_other_numbers_as_the_next_version(staff_client):
    scenario = make_scenario()
    asked = {"table": scenario.table_id, "shift": "M:*:30", "kept": scenario.key}
    desk = staff_client.get(reverse("scenarios:desk"), asked).content.decode()
    path = f"{page('edit', scenario)}?table={scenario.table_id}&shift=M:*:30&spread=25"
    assert path.replace("&", "&amp;") in desk

    staff_client.post(path, typed(staff_client, path))

    scenario.refresh_from_db()
    assert scenario.shifts == [{"input": "M", "buyer": "", "share_pct": "30"}]
    assert scenario.version == 2


@pytest.mark.django_db
def test_a_form_of_the_desk_keeps_what_it_changes(staff_client):
    scenario = make_scenario()

    response = staff_client.get(
        reverse("scenarios:desk"), {"table": scenario.table_id, "kept": scenario.key, "add": "shift"}
    )

    assert f"kept={scenario.key}" in response["Location"]


@pytest.mark.django_db
def test_a_stale_save_shows_both_sides_of_words_and_question(staff_client, verifier):
    scenario = make_scenario(title_en="First")
    path = page("edit", scenario)
    values = typed(staff_client, path, title_en="Mine")
    scenario.title_en, scenario.spread_pct = "Theirs", 10
    scenario.save_version(by=verifier, expected=1)

    response = staff_client.post(path, values)

    assert response.status_code == 409
    by_name = {each.name: each for each in response.context["differences"]}
    assert (by_name["title_en"].yours, by_name["title_en"].theirs) == ("Mine", "Theirs")
    assert by_name["title_en"].must_choose
    assert by_name["question"].theirs.endswith("spread=10")
    assert not by_name["question"].must_choose


@pytest.mark.django_db
def test_archiving_asks_why_and_takes_it_off_the_list(staff_client):
    scenario = make_scenario()
    path = page("archive", scenario)

    refused = staff_client.post(path, {"version": 1, "reason": ""})
    staff_client.post(path, {"version": 1, "reason": "Superseded"})

    assert refused.status_code == 422
    assert staff_client.get(page("detail", scenario)).status_code == 404
    assert "No scenario is kept yet" in words(staff_client.get(LIST))


# Side by side


@pytest.mark.django_db
def test_scenarios_of_one_table_stand_side_by_side(officer_client):
    table = make_table()
    half, all_of_it = (
        make_scenario(table=table, title_en=title, shifts=[{"input": "M", "buyer": "M", "share_pct": share}])
        for title, share in (("Half", 50), ("All of it", 100))
    )

    response = officer_client.get(COMPARE, {"key": [all_of_it.key, half.key]})

    assert [str(column["scenario"]) for column in response.context["columns"]] == ["All of it", "Half"]
    added = response.context["rows"][1]["changes"]
    assert added[1].central == pytest.approx(20 * 330.2 / 607.8)
    assert added[0].central == pytest.approx(40 * 330.2 / (701 - 186.4))
    assert response.context["chart"].title == f"“All of it” brings most value added: {added[0].text} million US$"


@pytest.mark.django_db
def test_scenarios_of_two_tables_are_not_compared(staff_client):
    two = [make_scenario(), make_scenario(table=make_table(economy="HRV", is_example=True))]

    response = staff_client.get(COMPARE, {"key": [scenario.key for scenario in two]})

    assert "These scenarios ask different tables" in words(response)
    assert "chart" not in response.context


@pytest.mark.django_db
@pytest.mark.parametrize("count", [0, 1, 5])
def test_two_to_four_are_compared(staff_client, count):
    table = make_table()
    keys = [make_scenario(table=table).key for _each in range(count)]

    response = staff_client.get(COMPARE, {"key": [*keys, "nonsense", NOBODY]})

    assert "Choose two to 4 kept scenarios" in words(response)


@pytest.mark.django_db
def test_the_list_says_what_each_asks(staff_client, django_assert_max_num_queries):
    table = make_table()
    for _each in range(12):
        make_scenario(table=table)

    with django_assert_max_num_queries(15):
        response = staff_client.get(LIST)

    assert words(response).count("50 % of Manufacturing imported by Manufacturing is made at home") == 12


@pytest.mark.django_db
def test_no_page_asks_more_than_15_queries(staff_client, django_assert_max_num_queries):
    table = make_table()
    scenarios = [make_scenario(table=table) for _each in range(4)]
    asked = {"table": table.pk, "shift": HALF, "kept": scenarios[0].key}

    for path, given in (
        (page("detail", scenarios[0]), {}),
        (page("edit", scenarios[0]), {}),
        (COMPARE, {"key": [scenario.key for scenario in scenarios[:2]]}),
        (reverse("scenarios:desk"), asked),
        (reverse("scenarios:new"), asked),
        (reverse("scenarios:export", args=["csv"]), asked),
    ):
        with django_assert_max_num_queries(15):
            assert staff_client.get(path, given).status_code == 200


# Demonstration rows


@pytest.mark.django_db
def test_the_demonstration_asks_the_example_table_and_goes_without_a_trace():
    example = make_table(economy="HRV", is_example=True)
    for code, other in (("A", "CPA_A01"), ("M", "CPA_C13-C15"), ("S", "CPA_C10-C12")):
        example.sectors.filter(code=code).update(code=other)
    own = make_scenario()

    make_scenarios(random.Random(0))

    demo = Scenario.objects.filter(is_demo=True)
    assert {scenario.table for scenario in demo} == {example}
    assert demo.count() == 2
    assert remove_scenarios() == 2
    assert list(Scenario.objects.all()) == [own]
    assert not Scenario.history.filter(is_demo=True).exists()


@pytest.mark.django_db
def test_the_demonstration_asks_nothing_of_a_table_without_its_sectors():
    make_table(economy="HRV", is_example=True)

    make_scenarios(random.Random(0))

    assert not Scenario.objects.exists()
