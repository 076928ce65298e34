"""Rows of provinces in SDMX-CSV: which go out, by which codes, and that no withheld part can be reckoned from them."""

import csv
import io
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from enterprises.models import Province
from indicators.standards.sdmx import DIMENSIONS
from tests.indicator_factories import make_indicator, make_observation, make_period, make_program_indicator
from tests.indicators.test_sdmx import dataset
from tests.standards_factories import QUARTER, add_counts_of_provinces, make_province, make_reporting_program

pytestmark = pytest.mark.django_db

CODES = Path(__file__).parents[2] / "enterprises" / "reference" / "provinces.csv"


def rows_of(client, **params):
    """Return the rows of the file as they are written."""
    response = client.get(reverse("standards:sdmx"), params)
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))


def of_provinces(client, **params):
    return [row for row in rows_of(client, **params) if row["REF_AREA"] != "KH"]


@pytest.fixture
def program(db):
    return make_reporting_program()


@pytest.fixture
def told(program):
    return add_counts_of_provinces(program)


def test_pysdmx_reads_every_row_and_every_code_is_in_its_list(officer_client, told):
    found = dataset(officer_client)
    data = found.data

    assert len(data) == len(rows_of(officer_client))
    assert not data.duplicated(list(DIMENSIONS)).any()
    [area] = [each for each in found.structure.components if each.id == "REF_AREA"]
    assert set(data["REF_AREA"]) == {"KH", "KH-17", "KH-18", "KH-23"} <= {code.id for code in area.local_codes}


def test_areas_are_the_official_codes_with_names_in_both_languages(officer_client):
    with CODES.open(encoding="utf-8-sig", newline="") as file:
        official = list(csv.DictReader(file))
    for number, row in enumerate(official):
        places = {"tile_row": number, "tile_column": 9, "source": "Test"}
        names = {name: row[name] for name in ("iso_code", "name_en", "name_km")}
        Province.objects.get_or_create(code=row["code"], defaults=names | places)

    message = officer_client.get(reverse("standards:sdmx_structure")).json()

    [areas] = [each["codes"] for each in message["data"]["codelists"] if each["id"] == "CL_AREA"]
    assert [each["id"] for each in areas] == ["KH", *(f"KH-{number}" for number in range(1, 26))]
    assert all(set(each["names"]) == {"en", "km"} for each in areas)


def test_no_withheld_part_of_a_province_is_what_the_total_leaves(officer_client, told):
    """The sum that is shown leaves several parts withheld, never one."""
    rows = [row for row in rows_of(officer_client) if row["SEX"] != "_T" and row["OBS_STATUS"] in "AQ"]
    withheld = Counter(
        (row["INDICATOR"], row["SEX"]) for row in rows if row["OBS_STATUS"] == "Q" and row["REF_AREA"] != "KH"
    )
    whole = {(row["INDICATOR"], row["SEX"]): row["OBS_VALUE"] for row in rows if row["REF_AREA"] == "KH"}

    assert (whole["two-places", "F"], withheld["two-places", "F"]) == ("53", 2)
    assert (whole["one-place", "F"], withheld["one-place", "F"]) == ("", 1)
    assert all(row["OBS_VALUE"] == "" for row in rows if row["REF_AREA"] != "KH")


def test_parts_of_the_only_province_of_a_program_are_those_of_the_program(officer_client, program):
    indicator = make_program_indicator(program=program, indicator=make_indicator(breakdowns=["sex"])).indicator
    make_observation(
        110,
        program=program,
        indicator=indicator,
        province=make_province("17", "KH-17"),
        status="verified",
        parts={"sex": {"f": "50", "m": "60"}},
    )

    told = {(row["REF_AREA"], row["SEX"]): row["OBS_VALUE"] for row in rows_of(officer_client) if row["SEX"] in "FM"}

    assert told == {(area, sex): value for area in ("KH", "KH-17") for sex, value in (("F", "50"), ("M", "60"))}


def test_the_country_tells_of_a_province_itself(officer_client, program):
    indicator = make_indicator()
    province = make_province("17", "KH-17")
    make_observation(7, program=None, indicator=indicator, province=province, status="accepted")

    [row] = of_provinces(officer_client)

    assert (row["PROGRAM"], row["REF_AREA"], row["OBS_VALUE"]) == ("_T", "KH-17", "7")
    assert of_provinces(officer_client, program=program.slug) == []


@pytest.mark.parametrize("status", ["draft", "submitted"])
def test_an_unsigned_value_stays_here_and_its_signed_neighbor_goes_out(officer_client, program, status):
    indicator = make_program_indicator(program=program).indicator
    about = {"program": program, "indicator": indicator}
    make_observation(7, province=make_province("17", "KH-17"), status=status, **about)
    make_observation(9, province=make_province("18", "KH-18"), status="verified", **about)

    assert [(row["REF_AREA"], row["OBS_VALUE"]) for row in of_provinces(officer_client)] == [("KH-18", "9")]


def test_invented_unreported_and_archived_values_of_provinces_stay_here(officer_client, program):
    province = make_province("17", "KH-17")
    about = {"province": province, "status": "accepted"}
    make_observation(7, program=program, **about)  # it does not report the indicator any more
    real = make_program_indicator(program=program).indicator
    make_observation(7, program=program, indicator=real, is_demo=True, **about)
    invented, archived = make_program_indicator(), make_program_indicator()
    for report in (invented, archived):
        make_observation(7, program=report.program, indicator=report.indicator, **about)
    invented.program.is_demo = True
    invented.program.save()
    archived.program.archive(by=None, reason="Test")

    assert of_provinces(officer_client) == []


def test_period_and_indicator_are_filters_of_provinces_too(officer_client, program, told):
    later = make_period("2024-Q4")
    place = Province.objects.get(iso_code="KH-23")
    indicator = told["two-places"]
    make_observation(5, program=program, indicator=indicator, period=later, province=place, status="verified")

    assert {row["TIME_PERIOD"] for row in of_provinces(officer_client, period=QUARTER)} == {QUARTER}
    assert {row["INDICATOR"] for row in of_provinces(officer_client, indicator="one-place")} == {"one-place"}
    [row] = of_provinces(officer_client, program=program.slug, period="2024-Q4", indicator=indicator.code)
    assert (row["REF_AREA"], row["OBS_VALUE"]) == ("KH-23", "5")


def test_queries_do_not_grow_with_provinces(officer_client, program, told):
    rows_of(officer_client)
    with CaptureQueriesContext(connection) as few:
        before = len(of_provinces(officer_client))
    for number in range(6):
        report = make_program_indicator(indicator=make_indicator(breakdowns=["sex"]))
        place = make_province(str(30 + number), f"XX-{number}")
        about = {"program": report.program, "indicator": report.indicator, "province": place}
        make_observation(50, parts={"sex": {"f": "20"}}, status="verified", **about)
    with CaptureQueriesContext(connection) as many:
        after = len(of_provinces(officer_client))

    assert after >= before + 12
    assert len(many) == len(few) <= 15
