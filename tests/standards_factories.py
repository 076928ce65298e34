"""A real program with all that its files for other systems say, of invented test values, and the schema of IATI."""

import datetime
import os
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from enterprises.models import Province
from indicators.models import Indicator, Period
from programs.models import Program, ProgramBudget, ProgramPartner, ProgramSector
from tests.factories import make_organisation, make_program, make_workshop
from tests.indicator_factories import make_indicator, make_observation, make_period, make_program_indicator, make_target

REFERENCE = Path(__file__).parents[2] / "shared" / "reference" / "iati"
QUARTER = "2024-Q3"


def make_province(code: str = "12", iso_code: str = "KH-12", name_en: str = "Phnom Penh") -> Province:
    place = {"tile_row": int(code), "tile_column": 1, "source": "Test", "name_km": "ភ្នំពេញ", "name_en": name_en}
    return Province.objects.create(code=code, iso_code=iso_code, **place)


def make_reporting_program(**fields) -> Program:
    """Return a program that lacks nothing for its IATI file but results; identifiers are invented."""
    defaults = {
        "title_en": "Local inputs",
        "title_km": "ធាតុចូលក្នុងស្រុក",
        "summary_en": "More inputs from Cambodia.",
        "summary_km": "ធាតុចូលពីកម្ពុជាកាន់តែច្រើន។",
        "starts_on": datetime.date(2024, 1, 1),
        "ends_on": datetime.date(2024, 12, 31),
        "status": Program.Status.RUNNING,
        "iati_identifier": "XX-TEST-1",
    }
    program = make_program(**defaults | fields)
    funder = make_organisation(name_en="Funder", kind="partner", iati_identifier="XX-TEST")
    leader = make_organisation(name_en="Leader", name_km="អ្នកដឹកនាំ", kind="government", iati_identifier="XX-OTHER")
    for organisation, role in ((funder, "funder"), (leader, "lead")):
        ProgramPartner.objects.create(program=program, organisation=organisation, role=role)
    ProgramSector.objects.create(program=program, code="32110", share_pct=100)
    ProgramBudget.objects.create(program=program, currency="AUD", budget=Decimal("87000.50"))
    make_workshop(program=program, province=make_province())
    return program


def add_values(program: Program) -> dict[str, Indicator]:
    """Add signed values of each kind in the third quarter of 2024: with parts, a ratio, missing, n/a; return theirs."""
    period = make_period(QUARTER)
    both = {"title_km": "សូចនាករ", "definition_km": "និយមន័យ", "unit_km": "សហគ្រាស"}
    made = {
        "counted": make_indicator(
            code="firms-trained",
            title_en="Firms trained",
            decimals=1,
            breakdowns=["sex", "age"],
            level="output",
            **both,
        ),
        "ratio": make_indicator(
            code="share-local",
            title_en="Share of local inputs",
            unit_en="%",
            decimals=1,
            over_periods="ratio",
            over_places="ratio",
            level="outcome",
        ),
        "missing": make_indicator(code="not-told", title_en="Value nobody has", level="impact"),
        "not applicable": make_indicator(code="no-question", title_en="Question without answer", direction="down"),
        "derived": make_indicator(
            code="counted-here", title_en="Derived here", kind="derived", derivation="workshops-held"
        ),
    }
    for indicator in made.values():
        make_program_indicator(program=program, indicator=indicator)
    add_observations(program, period, made)
    add_path(program, made["counted"])
    return made


def add_observations(program: Program, period: Period, made: dict[str, Indicator]) -> None:
    signed = {"program": program, "period": period, "status": "accepted"}
    parts = {"sex": {"f": "1012", "m": "220"}, "age": {"18-35": "3", "36-59": "4", "60+": "1227.5"}}
    make_observation("1234.5", indicator=made["counted"], parts=parts, **signed)
    ratio = {"numerator": 1, "denominator": 3}
    make_observation("33.333333", indicator=made["ratio"], **signed | {"status": "verified"}, **ratio)
    make_observation(None, indicator=made["missing"], **signed)
    make_observation(None, indicator=made["not applicable"], state="na", **signed)
    make_observation(4, indicator=made["derived"], origin="derived", **signed)


def add_two_provinces(program: Program) -> Indicator:
    """Add a share that two provinces told: 1 of 10 and 50 of 100, together 51 of 110 and not the mean of both."""
    shares = {"unit_en": "%", "decimals": 1, "over_periods": "ratio", "over_places": "ratio", "level": "outcome"}
    indicator = make_indicator(code="share-of-provinces", title_en="Companies in two provinces", **shares)
    make_program_indicator(program=program, indicator=indicator)
    signed = {"program": program, "period": make_period(QUARTER), "indicator": indicator, "status": "accepted"}
    places = (("01", "KH-1", "Banteay Meanchey"), ("02", "KH-2", "Battambang"))
    for place, (top, bottom) in zip(places, ((1, 10), (50, 100)), strict=True):
        ratio = {"numerator": top, "denominator": bottom}
        make_observation(100 * top // bottom, province=make_province(*place), **ratio, **signed)
    return indicator


def add_counts_of_provinces(program: Program) -> dict[str, Indicator]:
    """Add counts by sex of provinces: of two of them, of one beside the whole, of one alone; nothing, n/a, unsigned."""
    places = [
        make_province(*place)
        for place in (("17", "KH-17", "Siem Reap"), ("18", "KH-18", "Preah Sihanouk"), ("23", "KH-23", "Kep"))
    ]
    made = {
        code: make_indicator(code=code, title_en=code, breakdowns=["sex"], decimals=1)
        for code in ("two-places", "place-and-whole", "one-place")
    }
    for indicator in made.values():
        make_program_indicator(program=program, indicator=indicator)

    def tell(code: str, women: str, men: str, place: int | None, status: str = "accepted", **fields: object) -> None:
        parts = {"sex": {"f": women, "m": men}}
        about = {"program": program, "period": make_period(QUARTER), "indicator": made[code], "status": status}
        where = None if place is None else places[place]
        make_observation(Decimal(women) + Decimal(men), parts=parts, province=where, **about, **fields)

    tell("two-places", "3", "20", 0)
    tell("two-places", "50", "60.123456", 1, "verified")
    tell("place-and-whole", "57", "60", None)
    tell("place-and-whole", "50", "40", 0, is_counted=False)
    tell("place-and-whole", "7", "9", 1, "submitted", is_counted=False)
    tell("one-place", "3", "107", 0)
    nothing = {"program": program, "period": make_period(QUARTER), "indicator": made["one-place"], "status": "accepted"}
    make_observation(None, province=places[1], is_counted=False, **nothing)
    make_observation(None, province=places[2], state="na", is_counted=False, **nothing)
    return made


def add_path(program: Program, indicator: Indicator) -> None:
    """Add baseline, milestone and target of a summed indicator."""
    make_target(0, "2023-Q4", kind="baseline", indicator=indicator, program=program)
    make_target(1000, QUARTER, kind="milestone", indicator=indicator, program=program)
    make_target("2000.25", "2024-Q4", indicator=indicator, program=program)


def iati_schema() -> etree.XMLSchema:
    """Return the schema of IATI activity files; without its folder the test is skipped, except in CI."""
    if not REFERENCE.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"{REFERENCE} is missing")
        pytest.skip(f"{REFERENCE} is missing: the IATI schema is not part of the portal")
    parser = etree.XMLParser(no_network=True, resolve_entities=False)
    return etree.XMLSchema(etree.parse(str(REFERENCE / "iati-activities-schema.xsd"), parser))
