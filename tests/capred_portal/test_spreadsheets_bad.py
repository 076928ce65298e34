"""Files that people really send, and files meant to do harm: a table, or one clear reason, in bounded memory."""

import io
import re
import time
import tracemalloc
import zipfile
import zlib

import pytest
import xlsxwriter

from capred_portal import csv_files, workbooks
from capred_portal.spreadsheets import Row, SpreadsheetError, message, open_table, write_csv, write_xlsx
from tests.capred_portal.test_spreadsheets import SHEET, STRINGS, error_of, read, rezipped, workbook


def opened(content, filename="a.csv", **limits):
    return open_table(io.BytesIO(content), filename, **{"max_rows": 10_000, **limits})


def sheet_with(write):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        write(book.add_worksheet())
    return content.getvalue()


def bomb(entry, size):
    """Return a workbook with an entry of so many blanks, which says its size truly."""
    return rezipped(write_xlsx(["Name"], [["a"]]), entry, lambda xml: xml + b" " * size)


# Encodings


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_utf_16_is_read_with_and_without_its_mark(encoding, mark):
    table = opened((mark + "Name,ភេទ\r\nសុខ សាន,ប្រុស\r\n").encode(encoding))

    assert table.header == ["Name", "ភេទ"]
    assert list(table.rows) == [Row(2, ["សុខ សាន", "ប្រុស"])]


def test_utf_16_cut_in_the_middle_is_refused():
    assert error_of("\ufeffName\nសុខ".encode("utf-16-le")[:-1]).code == "encoding"


@pytest.mark.parametrize("ending", ["é", "ក", "€"])
@pytest.mark.parametrize("shift", range(3))
def test_a_character_across_two_pieces_is_read(ending, shift):
    body = "x" * ((1 << 16) - shift) + "\n"
    content = "Name\n" + body * 17 + ending

    *_most, last = opened(content.encode(), max_rows=100).rows

    assert last == Row(19, [ending])


def test_windows_1252_is_found_late_in_a_file():
    content = b"Name\n" + (b"x" * 99 + b"\n") * 12_000 + "Électricité\n".encode("windows-1252")

    *_most, last = opened(content, max_rows=10**6).rows

    assert last == Row(12_002, ["Électricité"])


def test_the_row_of_a_damaged_character_is_named_late_in_a_file():
    content = "ឈ្មោះ\n".encode() + (b"x" * 99 + b"\n") * 12_000 + b"\xe1\x9e\n"

    error = error_of(content, max_rows=10**6)

    assert (error.code, error.params["line"]) == ("encoding", 12_002)


@pytest.mark.parametrize(
    "content", [b"Name\nA\0B\n", b"Name\n" + b"x\n" * 600_000 + b"\0", "Name\0,x\n".encode("utf-16")]
)
def test_null_bytes_are_no_text(content):
    assert error_of(content, max_rows=10**6).code == "binary"


# Shapes


@pytest.mark.parametrize("content", [b"Name,Sex\n", write_xlsx(["Name", "Sex"], [])])
def test_a_header_alone_is_a_table_without_rows(content):
    table = opened(content)

    assert table.header == ["Name", "Sex"]
    assert list(table.rows) == []


def test_ten_thousand_columns_are_refused():
    names = [f"Column {number}" for number in range(10_000)]

    assert error_of(write_csv(names, [])).code == "too_many_columns"
    assert error_of(write_xlsx(names, [])).code == "too_many_columns"
    assert error_of(write_csv(["Name"], [["1"] * 10_000])).code == "too_many_columns"
    assert error_of(write_csv(["A", "B"], [["1", "2"], names])).code == "too_many_columns"


@pytest.mark.parametrize("rest", [1, 100_000])
def test_a_quote_that_is_never_closed_is_named(rest):
    error = error_of(b'Name,Note\nx,y\n"open,z\n' + b"a,b\n" * rest, max_rows=10**6)

    assert (error.code, error.params["line"]) == ("quotes", 3)


def test_a_quote_in_the_middle_of_a_cell_is_text():
    assert read(b'Name,Note\n2" pipe,x\n').rows == [Row(2, ['2" pipe', "x"])]


@pytest.mark.parametrize("blank", ["", "\n", ",\n"])
def test_a_title_above_the_header_is_named(blank):
    content = f"List of firms 2026\n{blank}Name,Province\nSok San,Takeo\n".encode()

    error = error_of(content)

    assert error.code == "title_row"
    assert (error.params["line"], error.params["header"]) == (1, 2 + bool(blank))


def test_one_column_is_no_title():
    assert read(b"Name\nSok San\nChan Thy\n").header == ["Name"]
    assert read(b"Name,\nSok San,5\n").header == ["Name"]


@pytest.mark.parametrize(
    ("ranges", "cells"),
    [
        ({"B1:D1": "Employees", "A1": "Name"}, "B1:D1"),
        ({"A1:F1": "List of firms"}, "A1:F1"),
        ({"A1:A2": "Name", "B1": "Sex"}, "A1:A2"),
        ({"AA3:AB3": "Employees", "Z3": "Name"}, "AA3:AB3"),
    ],
)
def test_a_merged_header_is_named(ranges, cells):
    def write(sheet):
        for place, name in ranges.items():
            (sheet.merge_range if ":" in place else sheet.write)(place, name)

    error = error_of(sheet_with(write))

    assert (error.code, error.params["cells"]) == ("merged_header", cells)


def test_merged_cells_elsewhere_are_read():
    def write(sheet):
        sheet.write_row("A1", ["Name", "Sex"])
        sheet.merge_range("A2:A3", "Sok San")
        sheet.write("B3", "f")
        sheet.merge_range("H1:J1", "")

    assert [row.cells for row in read(sheet_with(write)).rows] == [["Sok San", ""], ["", "f"]]


# Formulas


@pytest.mark.parametrize(
    "cell",
    [
        b'<c r="B3"><f>1+1</f></c>',
        b'<c r="B3" s="1"><f>1+1</f><v></v></c>',
        b'<c r="B3"><f>1+1</f><v/></c>',
        b'<c r="B3"><f t="shared" si="0"/><v /></c>',
    ],
)
def test_a_formula_without_its_result_is_named(cell):
    content = workbook({"A1": "Name", "B1": "Number", "A3": "Sok San", "B3": 2})

    error = error_of(rezipped(content, SHEET, lambda xml: re.sub(rb'<c r="B3".*?</c>', cell, xml)))

    assert (error.code, error.params["cell"]) == ("formula_without_value", "B3")


def test_a_formula_with_its_result_is_read_as_the_result():
    def write(sheet):
        sheet.write_row("A1", ["Name", "Number", "Note"])
        sheet.write_formula("A2", '="Sok"', None, "Sok")
        sheet.write_formula("B2", "=1+1", None, 2)
        sheet.write_formula("C2", '=""', None, "")

    content = rezipped(sheet_with(write), SHEET, lambda xml: xml.replace(b'r="C2"', b'r="C2" t="str"'))

    assert read(content).rows == [Row(2, ["Sok", "2", ""])]


def test_a_formula_of_another_sheet_is_no_matter():
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        book.add_worksheet().write("A1", "Name")
        book.add_worksheet().write_formula("A1", "=1+1", None, "")

    assert read(content.getvalue()).header == ["Name"]


def test_a_cell_with_an_error_shows_it():
    def write(sheet):
        sheet.write_row("B3", ["Name", "Number", "Note"])
        sheet.write_formula("C5", "=1/0", None, "#DIV/0!")
        sheet.write_formula("D5", "=NA()", None, "#N/A")
        sheet.write("B6", "Sok San")

    table = read(sheet_with(write))

    assert table.header == ["Name", "Number", "Note"]
    assert table.rows == [Row(5, ["", "#DIV/0!", "#N/A"]), Row(6, ["Sok San", "", ""])]


def test_too_many_cells_with_errors_are_refused(monkeypatch):
    monkeypatch.setattr(workbooks, "_MAX_ERRORS", 2)

    def write(sheet):
        sheet.write("A1", "Name")
        for line in range(1, 6):
            sheet.write_formula(line, 0, "=NA()", None, "#N/A")

    error = error_of(sheet_with(write))

    assert (error.code, error.params["cell"]) == ("error_cells", "A4")


def test_null_characters_of_a_workbook_are_dropped():
    content = rezipped(write_xlsx(["Name"], [["Sok-San"]]), SHEET, lambda xml: xml.replace(b"Sok-", b"Sok_x0000_ "))

    assert read(content).rows == [Row(2, ["Sok San"])]


def test_days_kept_as_numbers_stay_numbers():
    assert read(workbook({"A1": "Date", "A2": 45518})).rows == [Row(2, ["45518"])]


# Harm


@pytest.mark.parametrize("entry", [SHEET, "xl/styles.xml", "docProps/core.xml"])
def test_a_zip_bomb_is_refused_by_what_it_says(entry):
    content = bomb(entry, 50_000_000)
    start = time.monotonic()

    assert len(content) < 100_000
    assert error_of(content, "people.xlsx", max_expanded_bytes=20_000_000).code == "too_big_unpacked"
    assert time.monotonic() - start < 1


def test_a_zip_bomb_that_lies_is_unpacked_no_further_than_the_limit():
    content = bomb(SHEET, 50_000_000)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = archive.getinfo(SHEET).file_size
    lying = content.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    tracemalloc.start()

    error = error_of(lying, "people.xlsx", max_expanded_bytes=30_000_000)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert error.code in {"too_big_unpacked", "unusual_workbook"}
    assert peak < 45_000_000


def test_a_workbook_of_too_many_entries_is_refused_before_they_are_listed():
    content = io.BytesIO(write_xlsx(["Name"], []))
    with zipfile.ZipFile(content, "a") as archive:
        for number in range(3_000):
            archive.writestr(f"x{number}", "")

    assert error_of(content.getvalue(), "people.xlsx").code == "not_xlsx"


def test_two_entries_of_one_name_are_refused():
    content = io.BytesIO(write_xlsx(["Name"], []))
    with zipfile.ZipFile(content, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(SHEET, "<worksheet/>")

    assert error_of(content.getvalue(), "people.xlsx").code == "not_xlsx"


@pytest.mark.parametrize("entry", [SHEET, STRINGS])
def test_an_entity_bomb_does_not_grow(entry):
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    head = f'<!DOCTYPE x [<!ENTITY e0 "{"x" * 1000}">{lines}]>'.encode()
    content = workbook({"A1": "Name", "A2": "Sok San"})

    def change(xml):
        xml = xml.replace(b"?>", b"?>" + head, 1)
        return xml.replace(b"<t>Name</t>", b"<t>&e11;</t>").replace(b'<c r="A1"', b'<c r="A1" x="&e11;"')

    start = time.monotonic()

    said = ""
    try:
        said = str(read(rezipped(content, entry, change), "people.xlsx"))
    except SpreadsheetError as error:
        said = message(error)

    assert len(said) < 1_000
    assert time.monotonic() - start < 1


def test_an_endless_tag_is_refused():
    content = workbook({"A1": "Name", "A2": "x"})
    endless = b"<c " + b" " * (workbooks._LONGEST_TAG + (2 << 20)) + b'r="XFD1048576"'

    assert error_of(rezipped(content, SHEET, lambda xml: xml.replace(b'<c r="A2"', endless))).code == "unusual_workbook"


def test_a_far_cell_across_two_pieces_is_found():
    content = workbook({"A1": "Name", "A2": "x", "XFD1048576": "x"})

    def pushed(xml, by):
        """Move the last cell to where one piece ends and the next begins."""
        room = (1 << 20) - xml.index(b'<c r="XFD1048576"') - by
        return xml.replace(b"<sheetData>", b"<sheetData>" + b" " * room)

    codes = {error_of(rezipped(content, SHEET, lambda xml, by=by: pushed(xml, by))).code for by in range(0, 40, 3)}

    assert codes == {"too_spread_out"}


def test_a_container_of_an_old_workbook_is_read_in_pieces():
    sign = "EncryptedPackage".encode("utf-16-le")
    room = csv_files._PIECE - len(workbooks.OLE) - 5

    assert error_of(workbooks.OLE + b"\0" * room + sign).code == "password"


def test_rows_that_do_not_unpack_are_refused():
    packed = zlib.compress(b"x" * 100)
    content = write_xlsx(["Name"], [["a"]])

    assert error_of(content[:60] + packed + content[60 + len(packed) :], "people.xlsx").code == "not_xlsx"
