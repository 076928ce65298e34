"""Files of any make in, tables of text out, or a clear reason why not."""

import datetime as dt
import io
import re
import zipfile
from decimal import Decimal

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from capred_portal.spreadsheets import (
    Row,
    SpreadsheetError,
    message,
    parse_pasted,
    read_table,
    write_csv,
    write_xlsx,
)

HEADER = ["Name", "ភេទ"]
ROWS = [["Sok San", "ប្រុស"], ["Chan Thy", "ស្រី"]]
PEOPLE = write_xlsx(HEADER, ROWS)
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
CELLS = st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=2, max_size=2)


def read(content, filename="people.csv", **limits):
    return read_table(content, filename, **{"max_rows": 100, **limits})


def error_of(content, filename="people.csv", **limits):
    with pytest.raises(SpreadsheetError) as raised:
        read(content, filename, **limits)
    assert message(raised.value)
    return raised.value


def workbook(values, **formats):
    """Return a workbook with these (cell, value) pairs in its first sheet."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        for cell, value in values.items():
            sheet.write(cell, value, book.add_format({"num_format": formats.get(cell, "General")}))
    return content.getvalue()


def rezipped(content, name, change):
    """Return the workbook with one of its entries changed."""
    changed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.namelist():
            new.writestr(entry, change(old.read(entry)) if entry == name else old.read(entry))
    return changed.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_read_table_reads_csv_in_unicode(encoding):
    mark = "\ufeff" if encoding == "utf-16-le" else ""

    table = read((mark + "Name,ភេទ\r\nSok San,ប្រុស\r\nChan Thy,ស្រី\r\n").encode(encoding))

    assert table.header == HEADER
    assert table.rows == [Row(2, ROWS[0]), Row(3, ROWS[1])]


def test_read_table_reads_csv_of_an_older_excel():
    table = read("Société;Prix\nÉlectricité;5 €\n".encode("windows-1252"))

    assert table.header == ["Société", "Prix"]
    assert table.rows == [Row(2, ["Électricité", "5 €"])]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_read_table_finds_the_delimiter(delimiter):
    table = read(f'\nName{delimiter}"a, b; c"\nx{delimiter}y\n'.encode())

    assert table.header == ["Name", "a, b; c"]
    assert table.rows == [Row(3, ["x", "y"])]


def test_read_table_keeps_csv_cells_as_they_are():
    table = read(b"Code,Phone,Note\n007,012345678,NA\n1e5,,  x \n")

    assert [row.cells for row in table.rows] == [["007", "012345678", "NA"], ["1e5", "", "  x "]]


def test_read_table_numbers_rows_as_a_spreadsheet_does():
    table = read(b'\n \nName,Note\n\nA,"two\r\nlines"\n , \nB,x\n')

    assert table.rows == [Row(5, ["A", "two\r\nlines"]), Row(7, ["B", "x"])]


def test_read_table_fits_rows_to_the_header():
    table = read(b"Name,Sex,,\nA\nB,f,,\nC,f,extra,\n")

    assert table.header == ["Name", "Sex"]
    assert [row.cells for row in table.rows] == [["A", ""], ["B", "f"], ["C", "f", "extra"]]


def test_read_table_reads_xlsx_cells_as_seen():
    day, noon = dt.date(2024, 8, 14), dt.datetime.fromisoformat("2024-08-14 12:00")
    cells = {"A3": "Value", "A5": "007", "A6": 5, "A7": 0.1 + 0.2, "A8": True, "A9": day, "A10": noon}
    cells |= {"A11": dt.time(8, 10), "A12": 12345678901, "A13": 1.5e300, "A14": -2.50}

    table = read(workbook(cells, A9="yyyy-mm-dd", A10="yyyy-mm-dd hh:mm", A11="hh:mm"), "people.xlsx")

    assert table.header == ["Value"]
    assert [row.cells[0] for row in table.rows] == [
        *("007", "5", "0.3", "TRUE", "2024-08-14", "2024-08-14 12:00:00"),
        *("08:10:00", "12345678901", str(int(1.5e300)), "-2.5"),
    ]
    assert [row.line for row in table.rows] == list(range(5, 15))


def test_read_table_reads_the_first_visible_filled_sheet():
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        hidden, _empty, people = (book.add_worksheet() for _ in range(3))
        hidden.write("A1", "Hidden")
        hidden.hide()
        people.write("A1", "Name")
        people.activate()

    assert read(content.getvalue()).header == ["Name"]


def test_read_table_believes_the_content_not_the_name():
    assert read(write_xlsx(HEADER, ROWS), "people.csv").header == HEADER


@pytest.mark.parametrize("content", [b"", b"\n\n , \n", "\ufeff".encode()])
def test_read_table_refuses_an_empty_file(content):
    assert error_of(content).code == "empty"


def test_read_table_refuses_an_empty_workbook():
    assert error_of(workbook({}), "people.xlsx").code == "empty"


@pytest.mark.parametrize("filename", ["people.xlsx", "People.XLSM"])
@pytest.mark.parametrize("content", [b"Name,Sex\nA,f\n", b"PK\x03\x04 and no more", bytes(range(256))])
def test_read_table_refuses_an_xlsx_that_is_not_one(content, filename):
    assert error_of(content, filename).code == "not_xlsx"


def test_read_table_refuses_a_damaged_workbook():
    content = write_xlsx(HEADER, ROWS)

    assert error_of(content[: len(content) // 2], "people.xlsx").code == "not_xlsx"
    assert error_of(rezipped(content, SHEET, lambda xml: xml[:200]), "people.xlsx").code == "not_xlsx"


def test_read_table_refuses_another_kind_of_archive():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("word/document.xml", "<xml/>")

    assert error_of(content.getvalue(), "people.xlsx").code == "not_xlsx"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "legacy_xls"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"%PDF-1.7\n1 0 obj\n", "not_spreadsheet"),
        (b"\n <html><table><tr><td>Name</td></tr></table>", "not_spreadsheet"),
        (b"Name,Sex\n\0\0\1,f\n", "binary"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary"),
        (b"Name\n\x81\x8d\n", "encoding"),
    ],
)
def test_read_table_says_which_other_file_it_is(content, code):
    assert error_of(content).code == code


def test_read_table_finds_damage_in_khmer_instead_of_showing_rubbish():
    content = "Name\nសុខ\nចាន់\n".encode().replace("ចា".encode(), b"\xe1\x9e")

    error = error_of(content)

    assert (error.code, error.params["line"]) == ("encoding", 3)


@pytest.mark.parametrize("bad", ['"open', '"closed" and more', 'a,"b"c'])
def test_read_table_refuses_broken_quotes(bad):
    error = error_of(f"Name,Note\nx,y\n{bad}\nz,z\n".encode())

    assert (error.code, error.params["line"]) == ("quotes", 3)


def test_read_table_refuses_an_endless_cell():
    assert error_of(b"Name\n" + b"x" * 200_000).code == "cell_too_long"


def test_read_table_counts_rows_and_columns():
    content = b"A,B\n1,2\n\n3,4\n"

    assert len(read(content, max_rows=2, max_columns=2).rows) == 2
    assert error_of(content, max_rows=1).code == "too_many_rows"
    assert error_of(content, max_columns=1).code == "too_many_columns"
    assert error_of(b"A\n1,2,3\n", max_columns=2).code == "too_many_columns"


def test_read_table_wants_a_header_in_words():
    error = error_of(b"\n1,2\n3,4\n")

    assert (error.code, error.params["line"]) == ("no_header", 2)


@pytest.mark.parametrize("header", ["Name,Sex,Name", "Name,NAME ", "ភេទ,ភេ\u200bទ"])
def test_read_table_refuses_two_columns_of_one_name(header):
    assert error_of(f"{header}\na,b,c\n".encode()).code == "duplicate_header"


def test_read_table_allows_a_nameless_column():
    assert read(b"Name,,Sex\na,b,c\n").header == ["Name", "", "Sex"]


def test_read_table_refuses_a_workbook_too_big_unpacked():
    content = rezipped(write_xlsx(HEADER, ROWS), SHEET, lambda xml: xml + b" " * 3_000_000)

    assert len(content) < 20_000
    assert read(content).header == HEADER
    assert error_of(content, max_expanded_bytes=2_000_000).code == "too_big_unpacked"


def test_read_table_refuses_an_entry_that_lies_about_its_size():
    content = rezipped(write_xlsx(HEADER, ROWS), SHEET, lambda xml: xml + b" " * 3_000_000)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = archive.getinfo(SHEET).file_size

    lying = content.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))

    assert error_of(lying).code == "not_xlsx"
    assert error_of(lying, max_expanded_bytes=2_000_000).code == "too_big_unpacked"


def test_read_table_refuses_cells_in_far_corners():
    assert error_of(workbook({"A1": "Name", "XFD1048576": "x"})).code == "too_spread_out"
    assert read(workbook({"A1": "Name", "A1048576": "x"})).rows == [Row(1_048_576, ["x"])]


@pytest.mark.parametrize(
    ("entry", "pattern", "replacement"),
    [
        (SHEET, rb'<c r="A2"', rb"<c"),
        (SHEET, rb'<c r="A2"', rb'<c r="A2" r="XFD1048576"'),
        (SHEET, rb'<c r="A2"', rb'<c x=">" r="XFD1048576"'),
        (SHEET, rb'<c r="A2"', rb"<c r='XFD1048576'"),
        (SHEET, rb'<c r="A2"', b'<x:c\tr="A2"'),
        (STRINGS, rb'uniqueCount="\d+"', rb'uniqueCount="99999999999"'),
    ],
)
def test_read_table_refuses_a_workbook_it_cannot_check(entry, pattern, replacement):
    content = workbook({"A1": "Name", "A2": "x"})

    changed = rezipped(content, entry, lambda xml: re.sub(pattern, replacement, xml))

    assert error_of(changed).code == "unusual_workbook"


def test_read_table_reads_a_workbook_with_a_picture():
    content = io.BytesIO(PEOPLE)
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("xl/media/image1.png", b"\x89PNG\r\n\x1a\n <c s <c> <c r=")

    assert read(content.getvalue()).header == HEADER


@given(content=st.binary(), filename=st.sampled_from(["a.csv", "a.xlsx", "a"]))
def test_read_table_of_any_bytes_gives_a_table_or_a_reason(content, filename):
    said = "a table"
    try:
        read(content, filename)
    except SpreadsheetError as error:
        said = message(error)

    assert said


@given(
    entry=st.sampled_from([SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"]),
    data=st.data(),
)
def test_read_table_of_a_broken_workbook_gives_a_table_or_a_reason(entry, data):
    with zipfile.ZipFile(io.BytesIO(PEOPLE)) as archive:
        broken = bytearray(archive.read(entry))
    for place in data.draw(st.lists(st.integers(0, len(broken) - 1), min_size=1, max_size=5)):
        broken[place] = data.draw(st.integers(0, 255))

    said = "a table"
    try:
        read(rezipped(PEOPLE, entry, lambda _: bytes(broken)), "people.xlsx")
    except SpreadsheetError as error:
        said = message(error)

    assert said


@given(st.lists(CELLS))
def test_write_csv_is_read_back(rows):
    filled = [row for row in rows if any(map(str.strip, row))]

    table = read(write_csv(HEADER, rows))

    assert [row.cells for row in table.rows] == filled


@given(st.lists(st.lists(st.text(st.characters(categories=["L", "N", "P", "S"])), min_size=2, max_size=2)))
def test_write_xlsx_is_read_back(rows):
    filled = [row for row in rows if any(row)]

    table = read(write_xlsx(HEADER, rows))

    assert [row.cells for row in table.rows] == filled


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "'="])
def test_write_csv_defuses_what_would_run(start):
    content = write_csv([f"{start}name", "x"], [[f"{start}1+1", -5]])

    assert content.startswith(b"\xef\xbb\xbf")
    assert f"'{start}name".encode() in content
    assert f"'{start}1+1".encode() in content
    assert b"-5" in content
    assert b"'-5" not in content


def test_write_xlsx_keeps_text_as_text_and_numbers_as_numbers():
    content = write_xlsx(["Text", "Number"], [["=1+1", 5], ["https://example.com", Decimal("2.5")], [True, None]])

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read(SHEET)

    assert b"<f>" not in sheet
    assert b"<v>2.5</v>" in sheet
    assert [row.cells for row in read(content).rows] == [
        *(["=1+1", "5"], ["https://example.com", "2.5"], ["True", ""]),
    ]


def test_parse_pasted_reads_copied_cells():
    table = parse_pasted('Name\tNote\r\nSok San\t"two\nlines"\r\n\r\nChan Thy\t\r\n', max_rows=10)

    assert table.header == ["Name", "Note"]
    assert table.rows == [Row(2, ["Sok San", "two\nlines"]), Row(4, ["Chan Thy", ""])]


def test_parse_pasted_reads_a_lone_quotation_mark():
    table = parse_pasted('Name\tNote\nPipe\t"half\nRod\tx', max_rows=10)

    assert [row.cells for row in table.rows] == [["Pipe", '"half'], ["Rod", "x"]]


def test_parse_pasted_takes_the_given_columns_when_the_first_row_is_data():
    with_header = parse_pasted("SEX\tName\nf\tA", columns=["Name", "Sex"], max_rows=10)
    without = parse_pasted("A\tf\nB\tm", columns=["Name", "Sex"], max_rows=10)

    assert with_header.header == ["SEX", "Name"]
    assert without.header == ["Name", "Sex"]
    assert without.rows == [Row(1, ["A", "f"]), Row(2, ["B", "m"])]


@pytest.mark.parametrize(("text", "code"), [("", "empty"), (" \n\t\n", "empty"), ("Name\na\nb", "too_many_rows")])
def test_parse_pasted_refuses_as_files_are_refused(text, code):
    with pytest.raises(SpreadsheetError) as raised:
        parse_pasted(text, max_rows=1)

    assert raised.value.code == code
