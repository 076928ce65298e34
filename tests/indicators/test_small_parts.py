"""No small part of a value comes out by subtraction: along a value, over the places of a program, over programs."""

import csv
import io
from decimal import Decimal
from itertools import chain

import numpy as np
import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from capred_portal.tables import TABLES, Requester, TableExport
from indicators.analytics.suppression import SMALL, hidden_parts
from tests.factories import make_program
from tests.indicator_factories import make_indicator, make_observation, make_program_indicator
from tests.standards_factories import make_province

WITHHELD = "withheld"

# The rule


counts = st.one_of(st.integers(0, 7), st.integers(0, 200))


@st.composite
def tables(draw):
    """Return how many people each program tells by part: a row for each program, a column for each part."""
    width = draw(st.integers(2, 5))
    return draw(st.lists(st.lists(counts, min_size=width, max_size=width), min_size=1, max_size=5))


def told_of(row):
    return {str(place): Decimal(int(number)) for place, number in enumerate(row)}


def withheld_in(table):
    """Return what is withheld of each program, and of the country."""
    programs = [hidden_parts(told_of(row)) for row in table]
    country = hidden_parts(told_of(np.sum(table, axis=0)), programs)
    return programs, country


def equations_of(table, programs, country):
    """Return what a reader knows of the withheld parts: their places, and one row for each sum that is shown.

    The total of a program tells the sum of what is withheld of it; a part of the country that is shown, of that part.
    """
    places = [(row, key) for row, keys in enumerate(programs) for key in sorted(keys)]
    of_programs = [[float(row == place[0]) for place in places] for row in range(len(table))]
    of_country = [
        [float(str(key) == place[1]) for place in places] for key in range(len(table[0])) if str(key) not in country
    ]
    together = [1.0] * len(places)
    return places, np.array([*of_programs, *of_country, together])


def is_told(equations, place):
    """Tell whether the sums that are shown have one solution for this place."""
    wanted = np.eye(equations.shape[1])[place]
    return np.linalg.matrix_rank(np.vstack([equations, wanted])) == np.linalg.matrix_rank(equations)


@given(tables())
def test_no_withheld_part_of_a_program_is_told_by_what_is_shown(table):
    programs, country = withheld_in(table)
    places, equations = equations_of(table, programs, country)

    told = [place for number, place in enumerate(places) if is_told(equations, number)]

    assert all(programs[row] == {key} for row, key in told)  # the whole program is this part: its total says so
    assert all(np.count_nonzero(table[row]) == 1 for row, _key in told)


@given(tables())
def test_a_part_of_the_country_that_is_shown_has_no_withheld_member(table):
    programs, country = withheld_in(table)

    assert set(chain.from_iterable(programs)) <= country


@given(tables())
def test_no_small_part_is_shown_and_no_lone_one_withheld(table):
    programs, country = withheld_in(table)

    for row, hidden in [*zip(table, programs, strict=True), (np.sum(table, axis=0), country)]:
        small = {str(key) for key, number in enumerate(row) if 0 < number < SMALL}
        assert small <= hidden
        assert len(hidden) != 1 or np.count_nonzero(row) == 1
        assert all(row[int(key)] for key in hidden)


def test_the_next_smallest_is_withheld_beside_a_lone_part():
    assert hidden_parts({"f": Decimal(3), "m": Decimal(50), "o": Decimal(9), "unknown": Decimal(0)}) == {"f", "o"}
    assert hidden_parts({"f": Decimal(53), "m": Decimal(90), "o": None}, [{"f"}]) == {"f", "m"}
    assert hidden_parts({"f": Decimal(53), "m": Decimal(90)}) == set()
    assert hidden_parts({"f": Decimal(1), "m": Decimal(50), "o": Decimal(1)}) == {"f", "m", "o"}


# Where it holds


def sexes(women, men):
    return {"value": women + men, "parts": {"sex": {"f": str(women), "m": str(men)}}}


def make_value(women, men, **fields):
    return make_observation(status="verified", is_counted=True, **sexes(women, men), **fields)


def make_provinces():
    return [make_province("17", "KH-17", "Siem Reap"), make_province("1", "KH-1", "Banteay Meanchey")]


@pytest.fixture
def indicator(db):
    return make_indicator(breakdowns=["sex"])


@pytest.fixture
def of_places(indicator):
    """The two provinces of a program: 3 women and 50."""
    program = make_program()
    return [
        make_value(women, men, indicator=indicator, program=program, province=province)
        for (women, men), province in zip([(3, 20), (50, 60)], make_provinces(), strict=True)
    ]


@pytest.fixture
def of_programs(indicator):
    """Two programs that report the indicator: 3 women and 50."""
    reports = [make_program_indicator(indicator=indicator) for _each in range(2)]
    return [
        make_value(women, men, indicator=indicator, program=report.program)
        for (women, men), report in zip([(3, 20), (50, 60)], reports, strict=True)
    ]


def in_table(user, observation):
    rows = TableExport(TABLES["observation-parts"], Requester(user)).for_machines()
    return {row["part"]: row["value"] or row["state"] for row in rows if row["observation_id"] == observation.pk}


def on_page(client, address):
    """Return the parts on the page of a value or an indicator."""
    context = client.get(address).context
    found = context["breakdowns"] if "breakdowns" in context else context["detail"].breakdowns
    return {str(part.title): part.text for part in found[0].parts}


def test_officers_get_no_part_of_a_place_beside_others(of_places, officer, staff):
    for observation in of_places:
        assert in_table(officer, observation) == {"f": WITHHELD, "m": WITHHELD, "o": "missing", "unknown": WITHHELD}
    assert [in_table(staff, observation)["f"] for observation in of_places] == [3, 50]


def test_the_page_of_a_place_tells_officers_no_part(of_places, client_for):
    address = of_places[1].get_absolute_url()

    assert on_page(client_for("staff"), address)["Female"] == "50"
    assert set(on_page(client_for("officer"), address).values()) == {WITHHELD, "–"}


def test_the_program_tells_its_parts_still(of_places, indicator, client_for):
    address = f"{indicator.get_absolute_url()}?program={of_places[0].program.slug}"

    assert on_page(client_for("officer"), address)["Female"] == "53"


def test_the_only_place_of_a_program_is_told_as_the_program_is(indicator, officer, client_for):
    alone = make_value(50, 60, indicator=indicator, province=make_provinces()[0])
    make_value(3, 20, indicator=indicator)

    assert (in_table(officer, alone)["f"], in_table(officer, alone)["m"]) == (50, 60)
    assert on_page(client_for("officer"), alone.get_absolute_url())["Female"] == "50"


def test_the_country_withholds_what_a_program_withholds(of_programs, indicator, client_for):
    """The women of the country without those of program B would be the 3 of program A."""
    address = indicator.get_absolute_url()
    officer = client_for("officer")

    assert on_page(officer, f"{address}?program={of_programs[1].program.slug}")["Female"] == "50"
    assert on_page(officer, address) == {"Female": WITHHELD, "Male": WITHHELD, "Other": "–", "Unknown": "0"}
    assert on_page(client_for("staff"), address)["Female"] == "53"


def test_the_country_tells_its_parts_where_every_program_does(indicator, client_for):
    for women in (7, 50):
        make_value(women, 60, indicator=indicator)

    assert on_page(client_for("officer"), indicator.get_absolute_url())["Female"] == "57"


def test_a_value_the_country_tells_itself_withholds_what_a_program_withholds(
    of_programs, indicator, officer, officer_client
):
    own = make_value(53, 80, indicator=indicator, program=None)

    assert in_table(officer, own)["f"] == WITHHELD
    assert in_table(officer, of_programs[1])["f"] == 50
    content = b"".join(officer_client.get(reverse("standards:sdmx")).streaming_content).decode()
    rows = [row for row in csv.DictReader(io.StringIO(content)) if row["INDICATOR"] == indicator.code]
    women = {row["PROGRAM"]: row["OBS_VALUE"] or row["OBS_STATUS"] for row in rows if row["SEX"] == "F"}
    assert women["_T"] == "Q"
    assert women[of_programs[1].program.slug] == "50"


def test_parts_that_are_never_added_up_are_told_of_each_place(officer):
    indicator = make_indicator(breakdowns=["sex"], over_places="none")
    program = make_program()
    about = {"indicator": indicator, "program": program}
    values = [make_value(50, 60, province=province, **about) for province in make_provinces()]

    assert [in_table(officer, each)["f"] for each in values] == [50, 50]
