"""SDMX-CSV of the indicators, read back by an independent library together with its structure."""

import json
from decimal import Decimal

import msgspec
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pysdmx.io import read_sdmx
from pysdmx.io.json.sdmxjson2.messages.structure import JsonStructureMessage
from pysdmx.model import Role
from pysdmx.util import parse_short_urn
from pysdmx.util._model_utils import schema_generator

from indicators.standards.sdmx import ATTRIBUTES, DIMENSIONS
from tests.indicator_factories import (
    make_indicator,
    make_observation,
    make_period,
    make_program_indicator,
    make_series_value,
    make_source,
)
from tests.standards_factories import QUARTER, add_values, make_reporting_program

pytestmark = pytest.mark.django_db

TOTALS = dict.fromkeys(("SEX", "DISABILITY", "AGE", "SIZE_CLASS", "OUTCOME_KIND", "OUTCOME_STAGE", "OWNERSHIP"), "_T")


def asked(client, **params):
    response = client.get(reverse("standards:sdmx"), params)
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode()


def dataset(client, **params):
    """Return what pysdmx reads from our file, with our structure as it reads that.

    Its own entry for SDMX-JSON needs packages we have no use for; what it decodes with needs none.
    """
    content = client.get(reverse("standards:sdmx_structure")).content
    message = msgspec.json.decode(content, type=JsonStructureMessage).to_model()
    [found] = read_sdmx(asked(client, **params)).data or []
    found.structure = schema_generator(message, parse_short_urn(found.structure))
    return found


def rows_of(client, **params):
    return dataset(client, **params).data.to_dict("records")


def told(rows, **where):
    """Return the value and the state of the only row there is."""
    [row] = [row for row in rows if all(row[name] == value for name, value in (TOTALS | where).items())]
    return value_of(row), row["OBS_STATUS"]


def value_of(row):
    """Return the number that pysdmx read as a double, as the shortest decimal that stands for it; None for a blank."""
    return None if row["OBS_VALUE"] in ("", None) or row["OBS_VALUE"] != row["OBS_VALUE"] else exact(row["OBS_VALUE"])


def exact(value):
    return Decimal(repr(float(value))).normalize()


@pytest.fixture
def program(db):
    return make_reporting_program()


@pytest.fixture
def values(program):
    return add_values(program)


def test_pysdmx_reads_structure_and_dataflow(officer_client, program, values):
    found = dataset(officer_client, program=program.slug)

    components = found.structure.components
    assert found.structure.short_urn == "Dataflow=MISTI:DF_INDICATORS(1.0)"
    assert [each.id for each in components.dimensions] == list(DIMENSIONS)
    assert [each.id for each in components.measures] == ["OBS_VALUE"]
    assert [each.id for each in components.attributes] == list(ATTRIBUTES)
    assert list(found.data.columns) == [*DIMENSIONS, "OBS_VALUE", *ATTRIBUTES]


def test_every_code_in_the_file_is_in_its_list(officer_client, program, values):
    make_series_value(3, indicator_series(), source=make_source(code="wdi", edition="April 2024"))

    found = dataset(officer_client)

    for component in found.structure.components:
        if component.role in (Role.DIMENSION, Role.ATTRIBUTE) and component.local_codes:
            known = {code.id for code in component.local_codes}
            assert set(found.data[component.id]) <= known, component.id


def test_every_value_and_part_is_read_back(officer_client, program, values):
    rows = rows_of(officer_client, program=program.slug)
    here = {"TIME_PERIOD": QUARTER, "PROGRAM": program.slug}
    counted = here | {"INDICATOR": values["counted"].code}

    assert told(rows, **counted) == (Decimal("1234.5"), "A")
    assert told(rows, **counted, SEX="F") == (Decimal(1012), "A")
    assert told(rows, **counted, SEX="M") == (None, "Q")
    assert told(rows, **counted, SEX="_U") == (None, "Q")
    assert told(rows, **counted, SEX="_O") == (None, "O")
    assert told(rows, **counted, AGE="Y_GE60") == (Decimal("1227.5"), "A")
    assert told(rows, **counted, AGE="Y18T35") == (None, "Q")
    assert told(rows, **here, INDICATOR=values["ratio"].code) == (Decimal("33.333333"), "A")
    assert told(rows, **here, INDICATOR=values["missing"].code) == (None, "O")
    assert told(rows, **here, INDICATOR=values["not applicable"].code) == (None, "M")
    assert told(rows, **here, INDICATOR=values["derived"].code) == (Decimal(4), "A")
    assert {row["FREQ"] for row in rows} == {"Q"}
    [ratio] = [row for row in rows if row["INDICATOR"] == values["ratio"].code]
    assert (ratio["UNIT_MEASURE"], ratio["DECIMALS"], ratio["SIGNATURES"]) == ("PT", 1, "VERIFIED")


def test_keys_are_unique(officer_client, program, values):
    found = dataset(officer_client).data

    assert not found.duplicated(list(DIMENSIONS)).any()


def test_country_is_the_total_of_programs(officer_client, program, values):
    other = make_reporting_other(values["derived"])
    rows = rows_of(officer_client, indicator=values["derived"].code)

    where = {"TIME_PERIOD": QUARTER, "INDICATOR": values["derived"].code}
    assert told(rows, **where, PROGRAM=other.slug) == (Decimal(6), "A")
    assert told(rows, **where, PROGRAM="_T") == (Decimal(10), "A")


def make_reporting_other(indicator):
    """Return another program that reports 6 of an indicator."""
    other = make_program_indicator(indicator=indicator).program
    make_observation(6, program=other, indicator=indicator, period=make_period(QUARTER), status="accepted")
    return other


def indicator_series(code="TEST"):
    """Return the year of a new published indicator over the series of a code."""
    make_indicator(code=f"published-{code.lower()}", kind="external", series=code, signatures="none", frequency="year")
    return 2020


def test_published_values_have_their_edition(officer_client):
    year = indicator_series()
    old = make_source(code="wdi", edition="2020", is_superseded=True)
    new = make_source(code="wdi", edition="April 2024")
    make_series_value(5.5, year, source=old)
    make_series_value(10.85, year, source=new)

    rows = rows_of(officer_client)

    where = {"TIME_PERIOD": "2020", "PROGRAM": "_T", "INDICATOR": "published-test", "FREQ": "A"}
    assert told(rows, **where, EDITION="wdi_2020") == (Decimal("5.5"), "A")
    assert told(rows, **where, EDITION="wdi_April_2024") == (Decimal("10.85"), "A")
    assert {row["SIGNATURES"] for row in rows} == {"PUBLISHED"}


def test_period_and_indicator_are_filters(officer_client, program, values):
    indicator = values["derived"]
    make_observation(9, program=program, indicator=indicator, period=make_period("2024-Q4"), status="verified")

    rows = rows_of(officer_client, program=program.slug, period="2024-Q4", indicator=indicator.code)

    assert [(row["INDICATOR"], row["TIME_PERIOD"], value_of(row)) for row in rows] == [(indicator.code, "2024-Q4", 9)]


@pytest.mark.parametrize("status", ["draft", "submitted"])
def test_value_without_the_signature_of_the_ministry_stays_here(staff_client, program, status):
    indicator = make_program_indicator(program=program).indicator
    make_observation(7, program=program, indicator=indicator, status=status)

    assert indicator.code not in asked(staff_client)


def test_invented_rows_never_go_out(officer_client, program):
    demo = make_program_indicator(program=program, indicator=make_indicator(is_demo=True)).indicator
    make_observation(7, program=program, indicator=demo, status="accepted", is_demo=True)
    invented = make_program_indicator(indicator=make_indicator())
    invented.program.is_demo = True
    invented.program.save()
    make_observation(7, program=invented.program, indicator=invented.indicator, status="accepted", is_demo=True)
    source = make_source(is_demo=True)
    make_series_value(1, indicator_series(), source=source)

    lines = asked(officer_client).splitlines()

    assert len(lines) == 1
    assert officer_client.get(reverse("standards:sdmx"), {"program": invented.program.slug}).status_code == 404


@pytest.mark.parametrize("period", ["២០២៤-Q៣", "2024-Q3"])
def test_a_period_is_read_in_digits_of_either_script(officer_client, program, values, period):
    found = officer_client.get(reverse("standards:sdmx"), {"program": program.slug, "period": period})

    assert {row["TIME_PERIOD"] for row in rows_of(officer_client, program=program.slug, period=period)} == {QUARTER}
    assert QUARTER in found["Content-Disposition"]


def test_a_quarter_of_which_nothing_is_told_is_empty(officer_client, program):
    assert len(asked(officer_client, program=program.slug, period="2023-Q1").splitlines()) == 1


NULS = [{name: value} for name in ("program", "period", "indicator") for value in ("\0", "capred\0")]


UNKNOWN = [
    {"program": "nothing"},
    {"period": "2030-Q9"},
    {"period": "9999"},
    {"indicator": "nothing"},
    {"perod": "2024"},
]


@pytest.mark.parametrize("params", [*UNKNOWN, *NULS])
def test_unknown_filter_is_not_found(officer_client, params):
    assert officer_client.get(reverse("standards:sdmx"), params).status_code == 404


def test_text_that_would_run_as_a_formula_does_not(officer_client, program):
    indicator = make_indicator(unit_en="=1+1", source_en="@SUM(A1)")
    make_program_indicator(program=program, indicator=indicator)
    make_observation(-7, program=program, indicator=indicator, status="accepted")

    [row] = rows_of(officer_client, program=program.slug)

    assert (value_of(row), row["UNIT_MEASURE"], row["SOURCE"]) == (-7, "'=1+1", "'@SUM(A1)")


def test_structure_names_everything_in_both_languages(officer_client, program, values):
    data = json.loads(officer_client.get(reverse("standards:sdmx_structure")).content)["data"]

    names = [concept["names"] for concept in data["conceptSchemes"][0]["concepts"]]
    assert all(set(each) == {"en", "km"} for each in names)
    [programs] = [each for each in data["codelists"] if each["id"] == "CL_PROGRAM"]
    assert {"id": program.slug, "name": "Local inputs", "names": {"en": "Local inputs", "km": "ធាតុចូលក្នុងស្រុក"}} in (
        programs["codes"]
    )


def test_queries_do_not_grow_with_programs_and_values(officer_client, program, values):
    asked(officer_client)
    with CaptureQueriesContext(connection) as few:
        asked(officer_client)
    for number in range(6):
        other = make_program_indicator(indicator=make_indicator(breakdowns=["sex"]))
        row = {"program": other.program, "indicator": other.indicator, "status": "accepted"}
        make_observation(50 + number, parts={"sex": {"f": "20"}}, **row)
    with CaptureQueriesContext(connection) as many:
        text = asked(officer_client)

    assert len(text.splitlines()) > 30
    assert len(many) == len(few)
    assert len(many) <= 15


def test_page_of_standards_links_to_files_and_programs(officer_client, program):
    page = officer_client.get(reverse("standards:list")).content.decode()

    for url in (
        reverse("standards:sdmx"),
        reverse("standards:sdmx_structure"),
        reverse("standards:program", args=[program.slug]),
    ):
        assert url in page


@pytest.mark.parametrize("name", ["list", "sdmx", "sdmx_structure"])
def test_who_is_not_signed_in_gets_nothing(client, name):
    assert client.get(reverse(f"standards:{name}")).status_code == 302


@pytest.mark.parametrize("name", ["list", "sdmx", "sdmx_structure"])
def test_files_are_only_read(staff_client, name):
    assert staff_client.post(reverse(f"standards:{name}")).status_code == 405
