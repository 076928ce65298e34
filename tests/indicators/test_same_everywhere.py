"""Page, report, PDF, spreadsheet, CSV, interface for machines, IATI and SDMX show the same values of one program.

Each form has a function that reads it back as its readers do: `values_from_<form>` and `parts_from_<form>`.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import pypdfium2
import pytest
from django.urls import reverse
from lxml import etree
from pysdmx.io import read_sdmx
from python_calamine import CalamineWorkbook

from capred_portal import pdf
from capred_portal.tables import TABLES
from indicators.analytics.aggregation import Measured
from indicators.models import Indicator
from indicators.shown import measured_text
from indicators.standards.sdmx import DIMENSION_IDS, code_of
from indicators.standing import STATUS
from tests.machine_client import program_of
from tests.standards_factories import QUARTER, add_values, make_reporting_program
from tests.tables import TableReader

pytestmark = pytest.mark.django_db

VALUES = {
    "firms-trained": "1,234.5 firms",
    "share-local": "33.3 %",
    "not-told": "–",
    "no-question": "n/a",
    "counted-here": "4 firms",
}
# Parts that somebody told, and what is left: small ones are withheld from the officer, as the next smallest is.
PARTS = {
    ("sex", "f"): "1,012.0",
    ("sex", "m"): "withheld",
    ("sex", "unknown"): "withheld",
    ("age", "18-35"): "withheld",
    ("age", "36-59"): "withheld",
    ("age", "60+"): "1,227.5",
}
BROKEN_DOWN = "firms-trained"
NOT_TOLD = ("–", "0.0")  # parts of nobody: forms may leave them out


class Reader:
    """An officer who reads the values of one program in one quarter, in each form."""

    def __init__(self, officer: Any, client: Any, program: Any) -> None:
        self.officer, self.client, self.program = officer, client, program
        self.indicators = {each.code: each for each in Indicator.objects.filter(programs=program)}
        self.codes = {each.title_en: code for code, each in self.indicators.items()}

    def page(self, name: str, *args: Any, **params: Any) -> Any:
        response = self.client.get(reverse(name, args=args), params)
        assert response.status_code == 200, response.content
        return response

    def written(self, code: str, state: str, value: Any, *, with_unit: bool = True) -> str:
        """Return a value that a form holds as a number as pages write it."""
        measured = Measured(state=state) if state != "value" else Measured.of(Decimal(str(value)))
        return measured_text(self.indicators[code], measured, with_unit=with_unit)


@pytest.fixture
def reader(officer, officer_client):
    program = make_reporting_program()
    add_values(program)
    return Reader(officer, officer_client, program)


def html_tables(response: Any) -> list[list[list[str]]]:
    """Return the tables of a page, named by caption or not, as rows of words."""

    class Every(TableReader):
        def handle_endtag(self, tag: str) -> None:
            super().handle_endtag(tag)
            if tag == "table":
                found.append([[" ".join(cell.split()) for cell in row] for row in self.rows])

    found: list[list[list[str]]] = []
    Every().feed(response.content.decode())
    return found


# The program's page, and that of each indicator


def values_from_page(reader: Reader) -> dict[str, str]:
    rows = html_tables(reader.page("indicators:of_program", reader.program.slug))[0]
    found = {}
    for title, _level, told, *_rest in rows[1:]:
        code = reader.codes[title]
        found[code] = beginning(told)
    return found


def beginning(told: str) -> str:
    """Return how a cell begins, if with a value that one of the indicators has."""
    return next((text for text in VALUES.values() if told == text or told.startswith(f"{text} ")), told)


def parts_from_page(reader: Reader) -> dict[Any, str]:
    page = reader.page("indicators:detail", BROKEN_DOWN, program=reader.program.slug)
    return parts_in(html_tables(page))


def parts_in(tables: Iterable[list[list[str]]]) -> dict[Any, str]:
    """Return the parts that tables of a page tell, by the words pages have for them."""
    words = {
        ("Female", "Male", "Other"): "sex",
        ("Under 18", "18 to 35", "36 to 59", "60 and over"): "age",
    }
    keys = {"Female": "f", "Male": "m", "Other": "o", "Unknown": "unknown"}
    keys |= {"Under 18": "0-17", "18 to 35": "18-35", "36 to 59": "36-59", "60 and over": "60+"}
    found: dict[Any, str] = {}
    for table in tables:
        rows = {row[0]: row[1] for row in table if len(row) > 1}
        for titles, dimension in words.items():
            if set(titles) <= set(rows):
                found |= {(dimension, keys[title]): rows[title] for title in (*titles, "Unknown")}
    return found


# The quarterly report, as a page and as PDF


def report_params(reader: Reader) -> dict[str, str]:
    return {"program": reader.program.slug, "period": QUARTER, "language": "en"}


def values_from_report(reader: Reader) -> dict[str, str]:
    found = {}
    for table in html_tables(reader.page("reports:report", "quarterly", **report_params(reader))):
        if "Quarter before" in table[0]:
            for title, _baseline, _target, _before, told, *_rest in table[1:]:
                found[next(code for each, code in reader.codes.items() if title.startswith(each))] = beginning(told)
    return found


def parts_from_report(reader: Reader) -> dict[Any, str]:
    return parts_in(html_tables(reader.page("reports:report", "quarterly", **report_params(reader))))


def pdf_text(reader: Reader) -> str:
    """Return the words of the PDF from its table of values on."""
    content = reader.page("reports:pdf", "quarterly", **report_params(reader)).content
    document = pypdfium2.PdfDocument(content)
    text = " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)
    return text[text.index("Quarter before") :]


def values_from_pdf(reader: Reader) -> dict[str, str]:
    """Return of each indicator the value in its row: what stands last before the words for where it stands."""
    text = pdf_text(reader)
    starts = {code: text.index(title) + len(title) for title, code in reader.codes.items()}
    ends = sorted([text.index(title) for title in reader.codes] + [len(text)])
    found = {}
    for code, start in starts.items():
        row = text[start : next(end for end in ends if end >= start)]
        cells = re.split("|".join(str(words) for words in STATUS.values()), row)[0].split(" newest ")[0].strip()
        found[code] = VALUES[code] if cells.endswith(f" {VALUES[code]}") else cells
    return found


def parts_from_pdf(reader: Reader) -> dict[Any, str]:
    text = pdf_text(reader)
    words = {"f": "Female", "m": "Male", "18-35": "18 to 35", "36-59": "36 to 59", "60+": "60 and over"}
    found: dict[Any, str] = {}
    for dimension, key in PARTS:
        if key in words:
            found[dimension, key] = text.split(f" {words[key]} ", 1)[1].split(" ", 1)[0]
    return found | {("sex", "unknown"): text.split("Unknown ", 1)[1].split(" ", 1)[0]}


# Tables as CSV and XLSX


def rows_of_table(reader: Reader, name: str, form: str) -> list[dict[str, str]]:
    """Return the rows of a table's file by the names that its columns have for machines."""
    response = reader.client.get(
        reverse("table_file", args=[name, form]), {"program": reader.program.slug, "period": QUARTER}
    )
    assert response.status_code == 200, response.content
    content = b"".join(response.streaming_content)
    if form == "csv":
        _header, *rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    else:
        _header, *rows = rows_of_workbook(content)
    names = [column.name for column in TABLES[name].columns_for(reader.officer)]
    return [dict(zip(names, row, strict=True)) for row in rows]


def rows_of_workbook(content: bytes) -> list[list[str]]:
    """Return the cells of the first sheet, as another program than the one that wrote them reads them."""
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    return [[str(cell) for cell in row] for row in sheet.to_python()]


def values_from_table(reader: Reader, form: str) -> dict[str, str]:
    states = {"Value": "value", "Not available": "missing", "Does not apply": "not applicable"}
    rows = rows_of_table(reader, "observations", form)
    return {row["indicator"]: reader.written(row["indicator"], states[row["state"]], row["value"]) for row in rows}


def values_from_csv(reader: Reader) -> dict[str, str]:
    return values_from_table(reader, "csv")


def values_from_xlsx(reader: Reader) -> dict[str, str]:
    return values_from_table(reader, "xlsx")


def parts_from_table(reader: Reader, form: str) -> dict[Any, str]:
    found = {}
    for row in rows_of_table(reader, "observation-parts", form):
        _number, dimension, key = row["id"].split(":")
        state = "value" if row["value"] else "withheld" if "withheld" in row["state"].lower() else "missing"
        found[dimension, key] = reader.written(BROKEN_DOWN, state, row["value"], with_unit=False)
    return found


def parts_from_csv(reader: Reader) -> dict[Any, str]:
    return parts_from_table(reader, "csv")


def parts_from_xlsx(reader: Reader) -> dict[Any, str]:
    return parts_from_table(reader, "xlsx")


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
        if all(row[name] == "_T" for name in DIMENSION_IDS.values())
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
