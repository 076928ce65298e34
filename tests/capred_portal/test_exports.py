"""Tables leave as files that spreadsheet programs open: streamed, typed, and with nothing that runs."""

import datetime as dt
import io
import re
import zipfile
from decimal import Decimal
from urllib.parse import unquote

import pytest

from capred_portal import exports
from capred_portal.exports import Notes, export_response, stream_csv, xlsx_file
from capred_portal.spreadsheets import SpreadsheetError, read_table

HEADER = ["Name", "ភេទ"]


def read(content, filename="a.csv"):
    return read_table(content, filename, max_rows=10_000)


def test_stream_csv_asks_for_rows_as_it_goes():
    rows = iter([[number, "x" * 200] for number in range(2_000)])

    first = next(stream_csv(HEADER, rows))

    assert first.startswith(b"\xef\xbb\xbfName,")
    assert len(list(rows)) > 1_000


def test_stream_csv_loses_no_row():
    rows = [[f"Firm {number}", "=1" if number % 700 == 0 else "ក"] for number in range(2_345)]

    parts = list(stream_csv(HEADER, iter(rows)))

    assert len(parts) > 2
    assert sum(b"'=1" in part for part in parts) == 4
    assert [row.cells for row in read(b"".join(parts)).rows] == rows


def test_stream_csv_of_no_rows_has_a_header():
    assert b"".join(stream_csv(HEADER, [])).decode("utf-8-sig") == "Name,ភេទ\r\n"


def test_csv_tells_moments_as_the_clock_here_shows_them():
    moment = dt.datetime(2026, 7, 1, 18, 30, 5, 250_000, tzinfo=dt.UTC)  # 01:30 of the next day in Phnom Penh
    row = [moment, dt.date(2026, 7, 1), None]

    content = b"".join(stream_csv(list("abc"), [row])).decode("utf-8-sig")

    assert content == "a,b,c\r\n2026-07-02T01:30:05+07:00,2026-07-01,\r\n"


def test_xlsx_file_types_its_cells():
    moment = dt.datetime(2026, 6, 30, 20, 15, tzinfo=dt.UTC)  # 03:15 of the next day in Phnom Penh
    values = [5, 2.5, Decimal("1.10"), dt.date(2026, 6, 30), moment, None, True, 10**18, float("nan"), "007"]

    with xlsx_file([f"Column {place}" for place in range(len(values))], [values]) as file:
        content = file.read()

    cells = read(content, "a.xlsx").rows[0].cells
    assert cells[:5] == ["5", "2.5", "1.1", "2026-06-30", "2026-07-01 03:15:00"]
    assert cells[5:] == ["", "True", "1000000000000000000", "nan", "007"]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert '<autoFilter ref="A1:J2"/>' in sheet
    assert 'state="frozen"' in sheet


def test_blank_texts_are_blank_cells_and_columns_as_wide_as_their_texts():
    columns = [("Note", "note", "long " * 40)]
    notes = Notes([("Rule", "word " * 20)], columns)
    rows = [["Phnom Penh Special Economic Zone", "", 1], ["", "a" * 200, 2]]

    content = xlsx_file(["Name", "Note", "Jobs"], rows, notes=notes)

    with content, zipfile.ZipFile(content) as archive:
        sheet, about = (archive.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (1, 2))
    assert re.findall(r'r="([AB][23])"', sheet) == ["A2", "B3"]
    assert [int(float(width)) for width in re.findall(r'<col [^>]*width="([\d.]+)"', sheet)] == [33, 48, 12]
    assert re.search(r'r="B1" s="[1-9]', about)
    assert re.findall(r' ht="(\d+)"', about) == ["60", "60"]


def test_xlsx_file_refuses_more_rows_than_a_workbook_holds(monkeypatch):
    monkeypatch.setattr(exports, "MAX_ROWS_XLSX", 2)

    with pytest.raises(SpreadsheetError) as raised:
        xlsx_file(HEADER, [["a", "b"]] * 3)
    answer = export_response("xlsx", "a", HEADER, [["a", "b"]] * 3)

    assert raised.value.code == "too_many_rows_to_write"
    assert (answer.status_code, answer.getvalue()) == (
        422,
        b"An Excel workbook holds at most 2 rows. Choose CSV instead.",
    )


@pytest.mark.django_db  # closing a response looks after the connections
@pytest.mark.parametrize("format_name", ["csv", "xlsx"])
def test_export_response_sends_a_named_file(format_name):
    response = export_response(format_name, "សហគ្រាស 2026", HEADER, iter([["Sok San", "ប្រុស"]]))

    content = response.getvalue()
    response.close()

    assert read(content).rows[0].cells == ["Sok San", "ប្រុស"]
    assert unquote(response.headers["Content-Disposition"]) == (
        f"attachment; filename*=utf-8''សហគ្រាស 2026.{format_name}"
    )
    assert response.headers["Content-Type"] == {"csv": exports.CSV, "xlsx": exports.XLSX}[format_name]


def test_export_response_streams_csv():
    response = export_response("csv", "a", HEADER, iter([]))

    assert response.streaming
