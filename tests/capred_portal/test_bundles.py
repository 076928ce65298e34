"""Several files as one: what a bundle gives back, and what is refused."""

import io
import zipfile

import pytest

from capred_portal import bundles
from capred_portal.spreadsheets import SpreadsheetError, read_table, write_xlsx
from tests.document_files import GOOD, office, old_office, open_document
from tests.odd_files import rezipped

LIMIT = 1_000_000


def tables(content: bytes, name: str = "files.zip", limit: int = LIMIT) -> list[tuple[str, list[list[str]]]]:
    """Return the tables of a file: name and cells."""
    found = bundles.tables_in(io.BytesIO(content), name, max_expanded_bytes=limit)
    return [(table.name, [cells for _line, cells in table.records]) for table in found]


def zipped(files: dict[str, str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return target.getvalue()


def test_one_file_stays_itself() -> None:
    file = io.BytesIO(b"a,b\n1,2\n")

    with bundles.packed([("a.csv", file)]) as (content, name):
        assert content is file
        assert name == "a.csv"


def test_several_files_come_back_under_their_names() -> None:
    files = [("a.csv", io.BytesIO(b"a,b\n1,2\n")), ("b.csv", io.BytesIO(b"c;d\n3;4\n"))]

    with bundles.packed(files) as (content, name):
        found = tables(content.read(), name)

    assert name == "a.csv + b.csv.zip"
    assert found == [("a.csv", [["a", "b"], ["1", "2"]]), ("b.csv", [["c", "d"], ["3", "4"]])]


def test_the_same_files_make_the_same_bundle() -> None:
    def content() -> bytes:
        with bundles.packed([(name, io.BytesIO(b"a,b\n1,2\n")) for name in ("a.csv", "b.csv")]) as (file, _name):
            return bytes(file.read())

    assert content() == content()


def test_what_a_system_adds_to_a_zip_is_left_aside() -> None:
    content = zipped({"folder/a.csv": "a,b\n1,2\n", "__MACOSX/._a.csv": "x", ".DS_Store": "x"})

    assert [name for name, _cells in tables(content)] == ["a.csv"]
    assert bundles.names_in(io.BytesIO(content), "files.zip") == ["a.csv"]


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (zipped({}), "files.zip", "binary"),
        (zipped({f"{number}.csv": "a,b\n" for number in range(21)}), "files.zip", "too_many_files"),
        (zipped({"a.csv": "a,b\n" * LIMIT}), "files.zip", "too_big_unpacked"),
        (zipped({"a.csv": "a,b\n" * 99})[:-60], "files.zip", "not_xlsx"),
        (b"", "a.csv", "empty"),
        (b"no workbook", "a.xlsx", "not_xlsx"),
    ],
    ids=["nothing in it", "too many", "too big", "cut off", "empty", "no workbook"],  # a ZIP holds the time it was made
)
def test_what_is_no_bundle_is_refused(content: bytes, name: str, code: str) -> None:
    def read() -> None:
        bundles.names_in(io.BytesIO(content), name)
        tables(content, name)

    with pytest.raises(SpreadsheetError) as refused:
        read()

    assert refused.value.code == code


def test_a_damaged_file_of_a_zip_is_named() -> None:
    content = bytearray(zipped({"a.csv": "a,b\n" * 500}))
    content[40:44] = b"\xff\xff\xff\xff"

    with pytest.raises(SpreadsheetError) as refused:
        tables(bytes(content))

    assert (refused.value.code, refused.value.params) == ("broken_bundle", {"file": "a.csv"})


def test_a_member_whose_packed_bytes_are_damaged_is_named() -> None:
    """The error comes from the unpacking, not from the list of members."""
    content = bytearray(zipped({"a.csv": "Name,Sum\n" + "A,1\n" * 1_000}))
    start = content.index(b"a.csv") + len(b"a.csv")
    content[start : start + 4] = b"\xff" * 4

    with pytest.raises(SpreadsheetError) as refused:
        tables(bytes(content))

    assert refused.value.code == "broken_bundle"


LIES = {
    "a PDF": (b"%PDF-1.7", "list.xlsx", "not_xlsx"),
    "a text named as a workbook": (b"Name\nA\n", "list.xlsx", "not_xlsx"),
    "a document of Word": (office("docx", "word/document.xml"), "list.xlsx", "not_xlsx"),
    "a table of OpenDocument": (open_document("ods"), "list.xlsx", "not_xlsx"),
    "a ZIP in a ZIP": (rezipped({"inner.zip": rezipped({"a.csv": b"Name\nA\n"})}), "list.zip", "not_xlsx"),
    "an old workbook": (old_office("Workbook"), "list.xlsx", "legacy_xls"),
    "a picture": (GOOD["a.png"], "list.csv", "binary"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_file_that_is_not_what_its_name_says_gets_a_reason(lie: str) -> None:
    content, name, code = LIES[lie]

    for read in (tables, lambda content, name: read_table(content, name, max_rows=10)):
        with pytest.raises(SpreadsheetError) as refused:
            read(content, name)
        assert refused.value.code == code


def test_a_workbook_named_as_a_text_is_read() -> None:
    content = write_xlsx(["Name"], [["A"]])

    assert tables(content, "list.csv")[0][1] == [["Name"], ["A"]]
    assert read_table(content, "list.csv", max_rows=10).header == ["Name"]
