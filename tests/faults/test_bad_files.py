"""Files that cannot be loaded as they are: the page and the command say clearly why, and nothing is half-loaded."""

import dataclasses
import datetime
import html
import io
import re

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from capred_portal import load_files, loads
from capred_portal.models import Load
from enterprises.models import Enterprise, EnterpriseYear
from tests.factories import make_user
from tests.register_factories import make_enterprise

FIRMS = "Registration number,Name (Latin),ISIC class,Province,Phone,Registered on"
YEARS = "Registration number,Year,Employees,Women employed,Men employed,People with disability employed"
TOO_LONG = 1_000_001


pytestmark = pytest.mark.usefixtures("shipped_facts", "db")


@pytest.fixture
def upload(staff_client, django_capture_on_commit_callbacks):
    """Return a function that uploads a file and returns what the page says of it, as plain text."""

    def sent(content, *, name="firms.csv", kind="enterprises"):
        url = reverse("enterprises_load") if kind == "enterprises" else reverse("loads:new_kind", args=[kind])
        with django_capture_on_commit_callbacks(execute=True):
            response = staff_client.post(url, {"file": SimpleUploadedFile(name, content)})
        assert response.status_code in (302, 422)
        return plain(staff_client.get(response.url) if response.status_code == 302 else response)

    return sent


@pytest.fixture
def command(tmp_path, capsys):
    """Return a function that loads a file by the command and returns what it says."""

    def said(content, *, name="firms.csv", kind="enterprises"):
        path = tmp_path / name
        path.write_bytes(content)
        try:
            call_command("load", kind, path, "--user", make_user().username)
        except (CommandError, SystemExit) as refused:
            return f"{capsys.readouterr().out} {refused}"
        raise AssertionError("the command loaded it")

    return said


def plain(response):
    """Return the text of a page without its marks, in one line."""
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", response.content.decode())).split())


def firms(*rows, encoding="utf-8"):
    return "\n".join([FIRMS, *rows]).encode(encoding)


def workbook(*rows, write=lambda _sheet: None):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        for line, cells in enumerate(rows):
            sheet.write_row(line, 0, cells)
        write(sheet)
    return content.getvalue()


# Wrong rows: the page shows them with line, column and reason; the right ones wait for confirmation


WRONG_FIRMS = {
    "unknown ISIC class": ("7,Rice Mill,1069,02,,", "“1069” is no code of ISIC Rev.4. The nearest is: 106"),
    "unknown ISIC section": ("7,Rice Mill,X,02,,", "“X” is no code of ISIC Rev.4. The nearest is:"),
    "ISIC class without its zero": ("7,Rice Mill,141,02,,", "class 0141 that lost its zero"),
    "misspelt province": ("7,Rice Mill,1061,Batambong,,", "“Batambong” is not known. The nearest is: Battambang"),
    "unknown code of a province": ("7,Rice Mill,1061,26,,", "“26” is not known. The nearest is:"),
    "number twice": ("1,Another,1061,02,,", "This is already in line 2 of this file"),
    "number twice, in Khmer digits": ("១,Another,1061,02,,", "This is already in line 2 of this file"),
    "name twice": (",GOOD Co. Ltd.,1061,02,,\n,Good,1061,02,,", "This is already in line 3 of this file"),
    "lost zeros": ("12345,Known,1061,02,,", "The register has “00012345”"),
    "shortened number": ("1.2345E+07,Rice Mill,1061,02,,", "shortened this number to “1.2345E+07”"),
    "formula": ('7,"=CONCATENATE(""Rice"",""Mill"")",1061,02,,', "is a formula. Write its result instead"),
    "formula of cells": ("=A2+1,Rice Mill,1061,02,,", "“=A2+1” is a formula"),
    "failed formula": ("7,#REF!,1061,02,,", "The formula in this cell failed (#REF!)"),
    "no name": ("7,,1061,02,,", "Write the name in Latin or in Khmer script"),
    "name emptied": ("00012345,CLEAR,1061,02,,", "Write the name in Latin or in Khmer script"),
    "no day": ("7,Rice Mill,1061,02,,31/02/2024", "is not in the calendar"),
    "month first": ("7,Rice Mill,1061,02,,12/31/2024", "has the month first"),
    "no phone": ("7,Rice Mill,1061,02,12,", "“12” is not a phone number"),
    "a comma too many": ("7,Rice Mill,1061,02,,2024-01-31,x", "more cells than there are columns"),
    "too long": (f"7,{'x' * 251},1061,02,,", "at most 250 fit"),
}


@pytest.mark.parametrize("row", WRONG_FIRMS)
def test_a_wrong_firm_is_told_with_its_reason_and_nothing_is_written(upload, command, row):
    make_enterprise(registration_number="00012345", name_en="Known")
    cells, words = WRONG_FIRMS[row]
    content = firms("1,Good,1061,02,,", cells)

    page, said = upload(content), command(content)

    assert words in page
    assert words in said
    assert Load.objects.get().state == Load.State.CHECKED, "the command keeps nothing of its load"
    assert list(Enterprise.objects.values_list("name_en", flat=True)) == ["Known"]


WRONG_YEARS = {
    "negative": ("1,2024,-5,,,", "“-5” is too small: the least is 0"),
    "negative, with the sign of a text program": ("1,2024,\N{MINUS SIGN}5,,,", "is too small"),
    "women above all": ("1,2024,10,11,,", "11 is more than all employees (10)"),
    "women and men above all": ("1,2024,10,6,5,", "11 is more than all employees (10)"),
    "people with disability above all": ("1,2024,10,,,11", "11 is more than all employees (10)"),
    "people with disability above women and men": ("1,2024,,2,3,6", "6 is more than all employees (5)"),
    "half a person": ("1,2024,10.5,,,", "is not a whole number"),
    "no such firm": ("9,2024,10,,,", "No firm of the register has this number or name: “9”"),
    "the same year twice": ("1,2024,10,,,\n1,២០២៤,11,,,", "This is already in line 2 of this file"),
    "nothing told": ("1,2024,,,,", "says nothing about the year"),
}


@pytest.mark.parametrize("row", WRONG_YEARS)
def test_a_wrong_year_is_told_with_its_reason_and_nothing_is_written(upload, command, row):
    make_enterprise(registration_number="1")
    cells, words = WRONG_YEARS[row]
    content = "\n".join([YEARS, cells]).encode()

    page, said = upload(content, kind="enterprise-years"), command(content, kind="enterprise-years")

    assert words in page
    assert words in said
    assert not EnterpriseYear.objects.exists()


def test_parts_above_a_total_that_is_known_already_are_wrong(upload):
    firm = make_enterprise(registration_number="1")
    EnterpriseYear.objects.create(enterprise=firm, year=2024, employees=10)

    page = upload(f"{YEARS}\n1,2024,,11,,".encode(), kind="enterprise-years")

    assert "11 is more than all employees (10)" in page


def test_one_firm_meant_by_two_rows_is_told(upload):
    """By its number and by its name and phone, and by its name with two phones: neither may change it twice."""
    make_enterprise(registration_number="00012345", name_en="Known", phone="+85512345670")
    make_enterprise(name_en="Nameless", province="02")

    upload(
        firms(
            "00012345,Known,1062,02,,",
            ",Known,1061,,012345670,",
            ",Nameless,1061,02,012345678,",
            ",Nameless,,,012345679,",
        )
    )

    rows = Load.objects.get().rows.order_by("line")
    assert list(rows.values_list("outcome", flat=True)) == ["changed", "wrong", "changed", "wrong"]
    assert [row.errors[0]["params"]["line"] for row in rows if row.errors] == [2, 4]


def test_branches_with_long_names_are_told_apart(upload):
    name = "Cambodian Association of Rice Millers and Traders of Agricultural Products for Export and Processing"

    upload(firms(f",{name},1061,02,,", f",{name},1061,03,,", f",{name},1061,03,,"))

    assert list(Load.objects.get().rows.values_list("outcome", flat=True)) == ["new", "new", "wrong"]


# Refused as a whole


NO_TABLES = {
    "an empty file": ("firms.csv", b"", "empty"),
    "blanks only": ("firms.csv", b" \n\n ,, \n", "This file is empty"),
    "an empty workbook": ("firms.xlsx", workbook(), "This file is empty"),
    "a merged header": (
        "firms.xlsx",
        workbook([], ["1", "Good"], write=lambda sheet: sheet.merge_range("A1:B1", "Firms")),
        "The cells A1:B1 are merged",
    ),
    "a formula without its result": (
        "firms.xlsx",
        workbook(["Name (Latin)", "ISIC class"], ["Good"], write=lambda s: s.write_formula("B2", "=1000+61", None, "")),
        "Cell B2 is a formula without a saved result",
    ),
    "a title above the columns": (
        "firms.csv",
        b"Firms of 2024,,\nName (Latin),Province,Phone\nA,02,\n",
        "a title only",
    ),
    "a PDF": ("firms.csv", b"%PDF-1.7", "not a spreadsheet"),
    "something else with the name of a workbook": ("firms.xlsx", b"Name\nx\n", "not an Excel workbook"),
    "a quotation mark too many": ("firms.csv", b'Name (Latin),Phone\n"Good,\nBad,\n', "a quotation mark"),
    "damaged UTF-8": ("firms.csv", "Name (Khmer)\nសុខ\n".encode()[:-2] + b"\n", "Row 2 has characters"),
}


@pytest.mark.parametrize("case", NO_TABLES)
def test_what_is_no_table_is_refused_with_its_reason(upload, command, case):
    name, content, words = NO_TABLES[case]

    page, said = upload(content, name=name), command(content, name=name)

    assert words in page
    assert words in said
    assert not Load.objects.exclude(state=Load.State.FAILED).exists()
    assert not Enterprise.objects.exists()


def test_a_zip_bomb_posing_as_a_workbook_is_refused(upload, command, monkeypatch):
    monkeypatch.setattr(load_files, "MAX_EXPANDED_BYTES", 20_000_000)
    bomb = workbook(["Name (Latin)"], *([f"{'x' * 30_000}{number}"] for number in range(1_000)))

    page, said = upload(bomb, name="firms.xlsx"), command(bomb, name="firms.xlsx")

    assert len(bomb) < 1_000_000
    for told in (page, said):
        assert "This workbook is too big: more than 20 MB when unpacked" in told
    assert not Load.objects.exists()


def test_titles_without_rows_are_told(upload, command):
    page, said = upload(firms()), command(firms())

    for told in (page, said):
        assert "This file has column titles but no rows below them" in told
    assert not Enterprise.objects.exists()


def test_a_file_without_a_column_that_tells_firms_apart_asks_for_one(upload):
    page = upload(b"Province,Phone\n02,012345678\n")

    assert "No column is chosen for: Registration number, Name (Latin), Name (Khmer)" in page


def test_a_table_of_more_than_a_million_rows_is_refused_at_once(upload, command, django_assert_max_num_queries):
    content = b"Name (Latin)\n" + b"A\n" * TOO_LONG

    with django_assert_max_num_queries(20):
        page = upload(content)
    said = command(content)

    for told in (page, said):
        assert "This table has more than 1,000,000 rows. Split it and load the parts" in told
    assert not Load.objects.exists()


def test_line_breaks_within_cells_are_no_rows(upload, monkeypatch):
    kind = loads.REGISTRY["enterprises"]
    monkeypatch.setitem(loads.REGISTRY, kind.name, dataclasses.replace(kind, max_rows=2))

    upload(b'Name (Latin),Address\nGood,"Street 1\nHouse 2\nFloor 3"\n\nBetter,\n')

    assert list(Load.objects.get().rows.values_list("line", flat=True)) == [2, 4]


def test_a_long_workbook_is_asked_for_as_csv(upload, command, monkeypatch):
    kind = loads.REGISTRY["enterprises"]
    monkeypatch.setitem(loads.REGISTRY, kind.name, dataclasses.replace(kind, max_rows_xlsx=2))
    content = workbook(["Name (Latin)"], ["A"], ["B"], ["C"])

    page, said = upload(content, name="firms.xlsx"), command(content, name="firms.xlsx")

    for told in (page, said):
        assert "This workbook has more than 2 rows. Save the table as “CSV UTF-8”" in told
    assert not Load.objects.exists()


# Strange, but understood


def carried_out():
    load = Load.objects.latest("pk")
    assert load.counts["wrong"] == 0, [row.errors for row in load.rows.all()]
    assert loads.confirm(load)
    loads.apply_load.func(load.pk)
    return Enterprise.objects.get()


@pytest.mark.parametrize("encoding", ["windows-1252", "utf-16", "utf-16-le", "utf-8-sig"])
def test_other_encodings_are_read(upload, encoding):
    upload(firms("7,Café Élégance,1061,02,,", encoding=encoding))

    assert carried_out().name_en == "Café Élégance"


def test_khmer_digits_are_digits(upload):
    upload(firms("០០០១២៣៤៥,Rice Mill,១០៦១,០២,០១២ ៣៤៥ ៦៧៨,១៤/០៨/២០២៤"))

    firm = carried_out()
    assert (firm.registration_number, firm.sector_id, firm.province_id) == ("00012345", "1061", "02")
    assert (firm.phone, firm.registered_on) == ("+85512345678", datetime.date(2024, 8, 14))


@pytest.mark.parametrize("name", ["firms.csv", "firms.xlsx"])
def test_days_as_numbers_and_codes_without_zeros_are_read(upload, name):
    cells = ["7", "Rice Mill", 1061, 2, 12345678, 45518]
    content = workbook(FIRMS.split(","), cells) if name.endswith("x") else firms(",".join(map(str, cells)))

    upload(content, name=name)

    firm = carried_out()
    assert (firm.province_id, firm.phone, firm.registered_on) == ("02", "+85512345678", datetime.date(2024, 8, 14))


def test_a_file_loaded_twice_says_when_it_was_loaded_before(upload):
    content = firms("7,Rice Mill,1061,02,,")
    upload(content)
    carried_out()
    first = Load.objects.get()

    page = upload(content, name="copy.csv")

    assert "The same file was already loaded here on" in page
    assert f"Load {first.pk}" in page
    assert Load.objects.latest("pk").counts["unchanged"] == 1
