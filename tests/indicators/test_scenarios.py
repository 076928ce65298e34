"""The scenario desk: from the address to the outcome, worked by hand, with everything that may be wrong with a line."""

import csv
import io
import re
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from indicators.analytics.substitution import three_cases
from indicators.inputs.scenario_questions import Demand, Question, Shift
from indicators.inputs.scenarios import amount, demand_of, result_of, shares_of
from indicators.inputs.tables import accounts_of
from indicators.models import InputOutputCell, InputOutputTable
from tests.indicators.test_backward_linkages import make_total_table
from tests.table_factories import make_scenario, make_table

DESK = reverse("scenarios:desk")
HALF = "M:M:50"  # half of the manufactured inputs that manufacturing imports


def ask(client, table, **given):
    """Ask the desk of a table."""
    return client.get(DESK, {"table": table.pk, **given})


def words(response):
    """Return the text of a page, without markup, in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def errors(response):
    """Return the errors of the lines by the name of their field."""
    form = response.context["form"]
    return {
        f"{line.prefix}-{name}": found[0] for line in form.forms if line.is_bound for name, found in line.errors.items()
    }


# By hand


@pytest.mark.django_db
def test_a_shift_worked_by_hand(staff_client):
    """Half of the 40 that manufacturing (M) imports of M is bought at home; table_factories has the table.

    Ad by column: A (.1 .2 .1), M (.15 .2 .1), S (1/30 .1 2/15). 1200 det(I - Ad) = 701, and the column of M in the
    inverse is (160 932 126) / 701. Moving k of each unit of M's output adds k x'M to what is asked of M, so that
    x'M = 200 / (1 - k 932/701) and every sector gains n k 200 / (701 - 932 k), n being 160, 932 and 126.

    k = .1 (50 %): gains of 20 n / 607.8, in output (5.265 30.668 4.146). Value added per output is (.4 .2 .6333), so
    it gains 20 (64 + 186.4 + 79.8) / 607.8 = 10.865; jobs per output are (.5 .1 .3): 20 (80 + 93.2 + 37.8) / 607.8 =
    6.943. Imports fall by as much as value added gains, for what is asked of the world stays. Low (37.5 %, k = .075):
    15 / 631.1; high (62.5 %, k = .125): 25 / 584.5.
    """
    response = ask(staff_client, make_table(), shift=HALF)

    page = words(response)
    assert (
        "20.0 million US$ of imports replaced would bring +10.9 million US$ of value added; between +7.85 and +14.1."
        in page
    )
    assert "Jobs: +6.94; between +5.02 and +9.02." in page
    assert "Imports in all, those of more production included: -10.9 million US$; between -14.1 and -7.85." in page
    rows = dict(response.context["chart"].picture.table.rows)
    assert [rows[name][0].text for name in ("Agriculture", "Manufacturing", "Services")] == ["+5.26", "+30.7", "+4.15"]
    assert [cell.text for cell in rows["All sectors"]] == ["+40.1", "+10.9", "+6.94", "-10.9"]
    assert rows["All sectors"][1].note == "+7.85 to +14.1"


@pytest.mark.django_db
def test_the_page_shows_what_the_analytics_compute(staff_client):
    table = make_table()
    accounts = accounts_of(table)

    response = ask(staff_client, table, shift=["M:*:30", "A:final:20"], demand="S:-12.5", spread="10")
    question = response.context["question"]
    cases = three_cases(accounts, *shares_of(accounts, question), demand_of(accounts, question), spread=0.1)

    for line in result_of(table, question).lines:
        for measure in ("output", "value_added", "jobs", "imports"):
            change = line.changes[measure]
            found = [cases[case].change.at[line.code, measure] for case in ("central", "low", "high")]
            assert [change.central, change.low, change.high] == pytest.approx(found, abs=1e-9)
    bars = response.context["chart"].picture.figure["data"][0]
    by_size = sorted(cases["central"].change["value_added"], key=abs, reverse=True)
    assert bars["x"] == pytest.approx(by_size)


@pytest.mark.django_db
def test_another_final_demand_alone_is_a_question_too(staff_client):
    response = ask(staff_client, make_table(), demand="A:10")

    assert "This final demand would change value added by +" in words(response)
    assert "final demand for Agriculture changes by +10 million US$" in words(response)


@pytest.mark.django_db
def test_a_table_without_jobs_says_so_and_never_0(staff_client):
    response = ask(staff_client, make_table(jobs=False), shift=HALF)

    page = words(response)
    assert "How many jobs is not in this table." in page
    assert "Jobs are not in this table." in page
    assert dict(response.context["chart"].picture.table.rows)["Manufacturing"][2].text == "not in this table"


@pytest.mark.django_db
def test_the_card_says_what_it_rests_on(staff_client):
    response = ask(staff_client, make_table(economy="HRV", is_example=True), shift=HALF, spread="40")

    page = words(response)
    for said in (
        "Example country: these are not figures of Cambodia.",
        "Fixed prices",
        "No limit of capacity",
        "The same technology",
        "could be 40 % lower or higher",
        "It cannot say who could make it",
        "unit: million US$, at the prices of 2022",
        "These are not figures of Cambodia",
    ):
        assert said in page


# The form and its address


@pytest.mark.django_db
def test_a_form_that_is_sent_becomes_an_address_to_share(staff_client):
    table = make_table()
    sent = {"table": table.pk, "shift-0-bought": "M", "shift-0-buyer": "*", "shift-0-share": "៥០", "spread": "25"}
    sent |= {"demand-0-sector": "A", "demand-0-change": "1,000", "shift-1-bought": "", "shift-1-buyer": ""}

    response = staff_client.get(DESK, sent, follow=True)

    (address, _status), *_none = response.redirect_chain
    assert address.startswith(f"{DESK}?table={table.pk}&shift=M:*:")
    assert "&demand=A:1,000&spread=25#result" in address.replace("%2C", ",").replace("%252C", ",")
    assert response.context["question"] == Question((Shift("M", "*", Decimal(50)),), (Demand("A", Decimal(1000)),))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("button", "lines"),
    [
        ({"add": "shift"}, (3, 1)),
        ({"add": "demand"}, (2, 2)),
        ({"remove": "shift-0"}, (1, 1)),
        ({"remove": "demand-0"}, (2, 0)),
    ],
)
def test_lines_are_added_and_removed_by_buttons_and_nothing_typed_is_lost(staff_client, button, lines):
    table = make_table()
    sent = {"table": table.pk, "shift-0-bought": "M", "shift-0-buyer": "*", "shift-0-share": "50"}
    sent |= {"shift-1-bought": "A", "shift-1-buyer": "", "shift-1-share": "ten"}
    sent |= {"demand-0-sector": "S", "demand-0-change": "5", "spread": "30"}

    response = staff_client.get(DESK, sent | button, follow=True)

    form = response.context["form"]
    assert (len(form.shifts), len(form.demand)) == lines
    kept = [line for line in form.shifts if line.is_bound][-1]
    assert [kept[name].value() for name in ("bought", "buyer", "share")] == ["A", "", "ten"]
    assert form.spread["spread"].value() == "30"


@pytest.mark.django_db
def test_codes_with_a_colon_come_through_the_address(staff_client):
    table = make_table()
    table.sectors.filter(code="M").update(code="M:1")
    for side in ("row", "column"):
        InputOutputCell.objects.filter(table=table, **{side: "M"}).update(**{side: "M:1"})
    sent = {"table": table.pk, "shift-0-bought": "M:1", "shift-0-buyer": "M:1", "shift-0-share": "50", "spread": "25"}

    response = staff_client.get(DESK, sent, follow=True)

    assert response.context["question"].shifts[0].bought == "M:1"
    assert "20.0 million US$ of imports replaced" in words(response)


@pytest.mark.django_db
def test_the_desk_opens_with_a_blank_line_and_nothing_is_wrong_with_it(staff_client):
    response = ask(staff_client, make_table())

    assert response.status_code == 200
    assert errors(response) == {}
    assert response.context["result"] == ""
    assert len(response.context["form"].shifts) == 1


# What may be wrong with a line


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"shift": "M:M:101"}, "shift-0-share", "the most is 100"),
        ({"shift": "M:M:-1"}, "shift-0-share", "the least is 0"),
        ({"shift": "M:M:much"}, "shift-0-share", "is not a number"),
        ({"shift": "M:M:"}, "shift-0-share", "required"),
        ({"shift": "X:M:10"}, "shift-0-bought", "“X” is no sector of this table"),
        ({"shift": "M:X:10"}, "shift-0-buyer", "“X” is no sector of this table"),
        ({"shift": "S:A:10"}, "shift-0-buyer", "imports none of it"),
        ({"shift": ["M:M:60", "M:*:50"]}, "shift-1-share", "add up to 110 %"),
        ({"demand": "X:10"}, "demand-0-sector", "“X” is no sector of this table"),
        ({"demand": "A:-56"}, "demand-0-change", "only 55.0 million US$"),
        ({"shift": HALF, "spread": "101"}, "spread", "the most is 100"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_computed(staff_client, given, field, said):
    response = ask(staff_client, make_table(), **given)

    form = response.context["form"]
    found = errors(response) if field != "spread" else {"spread": form.spread.errors["spread"][0]}
    assert said in found[field]
    assert response.context["result"] == ""
    assert "Please check what is marked below. Nothing was lost." in words(response)
    assert f'<a href="#id_{field}">' in response.content.decode()
    assert reverse("scenarios:new") not in response.content.decode()


@pytest.mark.django_db
def test_khmer_digits_are_numbers(staff_client):
    response = ask(staff_client, make_table(), shift="M:M:៥០", spread="២៥")

    assert "20.0 million US$ of imports replaced" in words(response)


@pytest.mark.django_db
def test_the_whole_of_an_import_may_move_but_the_high_case_not_more(staff_client):
    response = ask(staff_client, make_table(), shift="M:M:100")

    assert "40.0 million US$ of imports replaced" in words(response)
    total = dict(response.context["chart"].picture.table.rows)["All sectors"][1]
    assert total.note.endswith(f"to {total.text}")


@pytest.mark.django_db
def test_a_table_that_does_not_tell_imports_apart_refuses_every_line(staff_client):
    response = ask(staff_client, make_total_table(), shift=HALF, demand="A:10")

    assert "nothing can be moved in it" in errors(response)["shift-0-bought"]
    assert "nothing can be moved in it" in errors(response)["demand-0-sector"]


@pytest.mark.django_db
def test_more_lines_than_are_computed_are_not_left_out_in_silence(staff_client):
    response = ask(staff_client, make_table(), shift=["A:M:1"] * 21)

    assert "At most 20 lines" in words(response)
    assert response.context["result"] == ""


@pytest.mark.django_db
def test_a_table_that_does_not_converge_names_its_sectors(staff_client):
    table = make_table()
    InputOutputCell.objects.filter(table=table, block="zd", row="M", column="M").update(value=500)

    response = ask(staff_client, table, demand="A:1")

    assert "reach or exceed their output: M" in words(response)
    given = {"table": table.pk, "demand": "A:1"}
    assert staff_client.get(reverse("scenarios:export", args=["csv"]), given).status_code == 404


@pytest.mark.django_db
def test_without_a_table_the_desk_says_what_to_load(staff_client):
    InputOutputTable.objects.all().delete()

    assert "No input-output table is loaded yet" in words(staff_client.get(DESK))


# Files, roles, cache


@pytest.mark.django_db
def test_the_file_has_the_numbers_of_the_page_and_the_assumptions(staff_client):
    table = make_table()
    given = {"table": table.pk, "shift": HALF}
    page = staff_client.get(DESK, given)

    file = staff_client.get(reverse("scenarios:export", args=["csv"]), given)
    header, *rows = csv.reader(io.StringIO(b"".join(file.streaming_content).decode("utf-8-sig")))

    numbers = {row[1]: row for row in rows if len(row) == len(header)}
    for name, cells in page.context["chart"].picture.table.rows:
        assert float(numbers[name][3]) == pytest.approx(float(cells[0].text), rel=0.01)
    said = [row[1] for row in rows if row[0].endswith("Assumption")]
    assert said == page.context["assumptions"]
    assert ["Asked", "50 % of Manufacturing imported by Manufacturing is made at home"] in rows


@pytest.mark.django_db
@pytest.mark.parametrize("given", [{}, {"shift": "M:M:101"}, {"shift": "S:A:10"}, {"table": "none"}])
def test_there_is_no_file_of_what_cannot_be_computed(staff_client, given):
    make_table()

    assert staff_client.get(reverse("scenarios:export", args=["xlsx"]), given).status_code == 404


@pytest.mark.django_db
def test_an_officer_computes_and_is_offered_no_keeping(officer_client):
    response = ask(officer_client, make_table(), shift=HALF)

    assert "would bring +10.9" in words(response)
    assert reverse("scenarios:new") not in response.content.decode()


@pytest.mark.django_db
def test_the_same_question_is_computed_once_however_it_is_written(staff, monkeypatch, django_assert_max_num_queries):
    table = make_table()
    client = Client()
    client.force_login(staff)
    cache.clear()
    with django_assert_max_num_queries(15):
        ask(client, table, shift=["A:M:10", "M:M:50"])

    monkeypatch.setattr("indicators.views.scenarios.result_parts", None)
    monkeypatch.setattr("indicators.views.scenarios.problems_of", None)
    response = ask(client, table, shift=["M:M:50.00", "A:M:10"], spread="25.0", other="x")

    assert "would bring" in words(response)


@pytest.mark.django_db
def test_a_kept_question_asks_the_same_again():
    scenario = make_scenario(demand=[{"sector": "A", "change": "12.5"}])

    question = Question.kept(scenario)
    question.keep_in(scenario)

    assert Question.kept(scenario) == question
    assert question.query(scenario.table_id) == f"table={scenario.table_id}&shift=M:M:50&demand=A:12.5&spread=25"


@pytest.mark.django_db
def test_a_share_of_nothing_brings_nothing(staff_client):
    response = ask(staff_client, make_table(), shift="M:M:0")

    assert "0 million US$ of imports replaced would bring 0 million US$ of value added" in words(response)
    assert response.context["chart"].title == "No sector's value added changes"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.001, "<0.01"), (-0.001, ">-0.01"), (1.234, "1.23"), (-12.34, "-12.3"), (1234.5, "1,234")],
)
def test_a_number_is_as_exact_as_its_size_deserves(value, text):
    assert amount(value) == text
