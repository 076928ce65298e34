"""The values of one program read back from pages, reports, PDF and spreadsheets, as their readers do."""

import csv
import io
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pypdfium2
from django.urls import reverse
from python_calamine import CalamineWorkbook

from capred_portal.tables import TABLES
from indicators.analytics.aggregation import Measured
from indicators.models import Indicator
from indicators.shown import measured_text
from indicators.standing import STATUS
from tests.standards_factories import QUARTER
from tests.tables import TableReader

VALUES = {
    "firms-trained": "1,234.5 firms",
    "share-local": "33.3 %",
    "not-told": "–",
    "no-question": "n/a",
    "counted-here": "4 firms",
    "share-of-provinces": "46.4 %",
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


def path_from_report(reader: Reader) -> dict[str, tuple[str, str]]:
    found = {}
    for table in html_tables(reader.page("reports:report", "quarterly", **report_params(reader))):
        if "Quarter before" in table[0] and "Baseline" in table[0]:
            for title, baseline, target, *_rest in table[1:]:
                code = next(code for each, code in reader.codes.items() if title.startswith(each))
                if baseline != "–":
                    found[code] = (" ".join(baseline.split()[:2]), " ".join(target.split()[:2]))
    return found


def values_from_brief(reader: Reader) -> dict[str, str]:
    """Return the values that moved, or are new: the brief has no room for what nobody told."""
    found = {}
    for table in html_tables(reader.page("reports:report", "brief", **report_params(reader))):
        if "How it moved" in table[0]:
            for title, told, *_rest in table[1:]:
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
    rows = rows_of_table(reader, "program-values", form)
    return {row["indicator"]: reader.written(row["indicator"], states[row["state"]], row["value"]) for row in rows}


def numbers_from_csv(reader: Reader) -> dict[str, str]:
    return {row["indicator"]: row["value"] for row in rows_of_table(reader, "program-values", "csv")}


def path_from_csv(reader: Reader) -> dict[str, tuple[str, str]]:
    rows = {
        row["indicator"]: (row["baseline"], row["target"]) for row in rows_of_table(reader, "program-values", "csv")
    }
    return path_of({code: ends for code, ends in rows.items() if any(ends)}, reader)


def path_of(ends: dict[str, tuple[Any, Any]], reader: Reader) -> dict[str, tuple[str, str]]:
    """Return baselines and targets as pages write them."""
    return {
        code: (reader.written(code, "value", baseline), reader.written(code, "value", target))
        for code, (baseline, target) in ends.items()
    }


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
