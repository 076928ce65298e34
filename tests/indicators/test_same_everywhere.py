"""Page, report, PDF, spreadsheet, CSV, interface for machines, IATI and SDMX show the same values of one program.

Each form has a function that reads it back as its readers do: `values_from_<form>` and `parts_from_<form>`.
"""

import csv
import io
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.urls import reverse
from lxml import etree
from pysdmx.io import read_sdmx

from capred_portal import pdf
from indicators.standards.sdmx import DIMENSION_IDS, code_of
from tests.indicators.forms_read_back import (
    BROKEN_DOWN,
    PARTS,
    VALUES,
    Reader,
    numbers_from_csv,
    parts_from_csv,
    parts_from_page,
    parts_from_pdf,
    parts_from_report,
    parts_from_xlsx,
    path_from_csv,
    path_from_report,
    path_of,
    values_from_brief,
    values_from_csv,
    values_from_page,
    values_from_pdf,
    values_from_report,
    values_from_xlsx,
)
from tests.indicators.places_read_back import PLACE_FORMS
from tests.machine_client import program_of
from tests.standards_factories import (
    QUARTER,
    add_counts_of_provinces,
    add_two_provinces,
    add_values,
    make_reporting_program,
)

pytestmark = pytest.mark.django_db

# What forms that hold numbers say, to the last of the decimals that are kept.
NUMBERS = {
    "firms-trained": "1234.5",
    "share-local": "33.333333",
    "not-told": "",
    "no-question": "",
    "counted-here": "4",
    "share-of-provinces": "46.363636",
}
PATH = {"firms-trained": ("0.0 firms", "2,000.3 firms")}  # baseline and target; the others have none
NOT_TOLD = ("–", "0.0")  # parts of nobody: forms may leave them out


@pytest.fixture
def reader(officer, officer_client):
    program = make_reporting_program()
    add_values(program)
    add_two_provinces(program)
    return Reader(officer, officer_client, program)


# The interface for machines


def told_to_machines(reader: Reader) -> list[dict[str, Any]]:
    address = reverse("api:program_values", args=[reader.program.slug])
    response = program_of(reader.officer).get(address, {"period": QUARTER})
    assert response.status_code == 200, response.content
    return response.json()["values"]  # type: ignore[no-any-return]


def values_from_api(reader: Reader) -> dict[str, str]:
    return {
        row["indicator"]: reader.written(row["indicator"], row["state"], row["value"])
        for row in told_to_machines(reader)
    }


def numbers_from_api(reader: Reader) -> dict[str, str]:
    rows = told_to_machines(reader)
    return {row["indicator"]: "" if row["value"] is None else str(row["value"]) for row in rows}


def path_from_api(reader: Reader) -> dict[str, tuple[str, str]]:
    rows = [row for row in told_to_machines(reader) if row["baseline"] or row["target"]]
    return path_of({row["indicator"]: (row["baseline"]["value"], row["target"]["value"]) for row in rows}, reader)


def parts_from_api(reader: Reader) -> dict[Any, str]:
    [row] = [row for row in told_to_machines(reader) if row["indicator"] == BROKEN_DOWN]
    return {
        (each["dimension"], part["key"]): reader.written(BROKEN_DOWN, part["state"], part["value"], with_unit=False)
        for each in row["breakdowns"]
        for part in each["parts"]
    }


# IATI and SDMX


def actuals(reader: Reader) -> Iterable[tuple[str, Any]]:
    """Yield the code of an indicator with each actual of the quarter."""
    root = etree.fromstring(reader.page("standards:iati", reader.program.slug).content)
    for result in root.iter("result"):
        code = reader.codes[result.findtext("title/narrative")]
        for period in result.iter("period"):
            if period.find("period-start").get("iso-date") == "2024-07-01":
                yield from ((code, actual) for actual in period.iterfind("actual"))


def state_of(actual: Any) -> str:
    words = {"Not available.": "missing", "Does not apply.": "not applicable", "Withheld": "withheld"}
    comment = actual.findtext("comment/narrative") or ""
    return "value" if actual.get("value") else next(words[each] for each in words if comment.startswith(each))


def values_from_iati(reader: Reader) -> dict[str, str]:
    return {
        code: reader.written(code, state_of(actual), actual.get("value"))
        for code, actual in actuals(reader)
        if actual.find("dimension") is None
    }


def numbers_from_iati(reader: Reader) -> dict[str, str]:
    return {code: actual.get("value", "") for code, actual in actuals(reader) if actual.find("dimension") is None}


def path_from_iati(reader: Reader) -> dict[str, tuple[str, str]]:
    root = etree.fromstring(reader.page("standards:iati", reader.program.slug).content)
    found = {}
    for result in root.iter("result"):
        baseline, targets = result.find(".//baseline"), [each.get("value") for each in result.iter("target")]
        if baseline is not None or targets:
            found[reader.codes[result.findtext("title/narrative")]] = (baseline.get("value"), targets[-1])
    return path_of(found, reader)


def parts_from_iati(reader: Reader) -> dict[Any, str]:
    return {
        (part.get("name"), part.get("value")): reader.written(
            code, state_of(actual), actual.get("value"), with_unit=False
        )
        for code, actual in actuals(reader)
        if (part := actual.find("dimension")) is not None
    }


def sdmx_rows(reader: Reader) -> list[dict[str, Any]]:
    response = reader.client.get(reverse("standards:sdmx"), {"program": reader.program.slug, "period": QUARTER})
    message: Any = read_sdmx(b"".join(response.streaming_content).decode())
    return message.data[0].data.to_dict("records")  # type: ignore[no-any-return]


def from_sdmx(reader: Reader, row: dict[str, Any], *, with_unit: bool) -> str:
    states = {"A": "value", "O": "missing", "M": "not applicable", "Q": "withheld"}
    return reader.written(row["INDICATOR"], states[row["OBS_STATUS"]], row["OBS_VALUE"], with_unit=with_unit)


def values_from_sdmx(reader: Reader) -> dict[str, str]:
    return {
        row["INDICATOR"]: from_sdmx(reader, row, with_unit=True)
        for row in sdmx_rows(reader)
        if row["REF_AREA"] == "KH" and all(row[name] == "_T" for name in DIMENSION_IDS.values())
    }


def numbers_from_sdmx(reader: Reader) -> dict[str, str]:
    """Return the cells as they are, not as doubles."""
    response = reader.client.get(reverse("standards:sdmx"), {"program": reader.program.slug, "period": QUARTER})
    rows = csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode()))
    return {
        row["INDICATOR"]: row["OBS_VALUE"]
        for row in rows
        if row["REF_AREA"] == "KH" and all(row[name] == "_T" for name in DIMENSION_IDS.values())
    }


def parts_from_sdmx(reader: Reader) -> dict[Any, str]:
    keys = {(DIMENSION_IDS[code], code_of(code, key)): (code, key) for code, key in PARTS} | {
        ("SEX", "_O"): ("sex", "o"),
        ("AGE", "Y0T17"): ("age", "0-17"),
    }
    return {
        keys[name, row[name]]: from_sdmx(reader, row, with_unit=False)
        for row in sdmx_rows(reader)
        for name in DIMENSION_IDS.values()
        if row[name] != "_T"
    }


FORMS: dict[str, tuple[Callable[[Reader], dict[str, str]], Callable[[Reader], dict[Any, str]]]] = {
    "page": (values_from_page, parts_from_page),
    "report": (values_from_report, parts_from_report),
    "PDF": (values_from_pdf, parts_from_pdf),
    "CSV": (values_from_csv, parts_from_csv),
    "XLSX": (values_from_xlsx, parts_from_xlsx),
    "API": (values_from_api, parts_from_api),
    "IATI": (values_from_iati, parts_from_iati),
    "SDMX": (values_from_sdmx, parts_from_sdmx),
}


def forms_here() -> dict[str, Any]:
    """Return the forms this machine can make: a PDF needs a package that may be left out."""
    return {name: read for name, read in FORMS.items() if name != "PDF" or pdf.is_available()}


def test_every_form_shows_the_same_values(reader):
    found = {name: values(reader) for name, (values, _parts) in forms_here().items()}

    assert found == dict.fromkeys(found, VALUES)
    assert len(found) >= 7


def test_every_form_shows_the_same_parts(reader):
    found = {name: parts(reader) for name, (_values, parts) in forms_here().items()}
    told = {name: {key: text for key, text in parts.items() if text not in NOT_TOLD} for name, parts in found.items()}

    assert told == dict.fromkeys(told, PARTS)


NUMBERS_IN = {
    "CSV": numbers_from_csv,
    "API": numbers_from_api,
    "IATI": numbers_from_iati,
    "SDMX": numbers_from_sdmx,
}
PATH_IN = {"report": path_from_report, "CSV": path_from_csv, "API": path_from_api, "IATI": path_from_iati}


@pytest.mark.parametrize("form", NUMBERS_IN)
def test_every_form_for_machines_holds_the_same_digits(reader, form):
    assert NUMBERS_IN[form](reader) == NUMBERS


@pytest.mark.parametrize("form", PATH_IN)
def test_every_form_shows_the_same_baseline_and_target(reader, form):
    assert PATH_IN[form](reader) == PATH


def test_the_brief_shows_the_same_values(reader):
    assert values_from_brief(reader) == {code: text for code, text in VALUES.items() if text not in ("–", "n/a")}


# What is told of one province


@pytest.fixture
def reader_of_places(officer, officer_client):
    program = make_reporting_program()
    add_counts_of_provinces(program)
    add_two_provinces(program)
    return Reader(officer, officer_client, program)


PLACES = {
    ("two-places", "KH-17"): ("23.0 firms", {"f": "withheld", "m": "withheld", "unknown": "withheld"}),
    ("two-places", "KH-18"): ("110.1 firms", {"f": "withheld", "m": "withheld", "unknown": "withheld"}),
    ("place-and-whole", "KH-17"): ("90.0 firms", {"f": "withheld", "m": "withheld", "unknown": "withheld"}),
    ("one-place", "KH-17"): ("110.0 firms", {"f": "withheld", "m": "withheld"}),
    ("one-place", "KH-18"): ("–", {}),
    ("one-place", "KH-23"): ("n/a", {}),
    ("share-of-provinces", "KH-1"): ("10.0 %", {}),
    ("share-of-provinces", "KH-2"): ("50.0 %", {}),
}


def test_every_form_shows_the_same_of_a_province(reader_of_places):
    found = {name: read(reader_of_places) for name, read in PLACE_FORMS.items()}

    told = {
        name: {
            place: (value, {key: text for key, text in parts.items() if text not in NOT_TOLD})
            for place, (value, parts) in places.items()
        }
        for name, places in found.items()
    }
    assert told == dict.fromkeys(PLACE_FORMS, PLACES)
