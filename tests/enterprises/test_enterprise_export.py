"""The list of enterprises as a file: all rows of a filter, the columns by role, in a form that loads again."""

import csv
import io

import pytest

from capred_portal.exports import XLSX
from capred_portal.loads import REGISTRY, check_load, receive
from capred_portal.models import Load
from capred_portal.spreadsheets import read_table
from tests.register_factories import make_enterprise, make_enterprise_year, make_province, make_sector

pytestmark = pytest.mark.django_db

CSV, BOOK = "/enterprises/export.csv", "/enterprises/export.xlsx"


@pytest.fixture
def firm():
    """A firm of which everything is known."""
    province = make_province("02", name_en="Battambang", name_km="បាត់ដំបង")
    district = province.districts.create(code="0201", name_en="Banan", name_km="បាណន់", unit="district", source="Test")
    firm = make_enterprise(
        name_en="Golden Rice",
        name_km="អង្ករមាស",
        registration_number="00012345",
        sector=make_sector("1061"),
        province=province,
        district=district,
        phone="+85512345678",
        address="#3, Street 3",
        founded_year=2015,
        registered_on="2016-03-01",
        legal_form="private-limited",
        is_women_owned=True,
        is_women_led=False,
    )
    make_enterprise_year(enterprise=firm, employees=20)
    return firm


def lines(response):
    return list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))


def test_file_holds_every_row_of_the_filter(staff_client, firm):
    for number in range(50):
        make_enterprise(name_en=f"Golden Firm {number}")
    make_enterprise(name_en="Silver")

    header, *rows = lines(staff_client.get(CSV, {"q": "golden", "after": "x"}))

    assert len(rows) == 51
    assert header[:3] == ["Registration number", "Name (Latin)", "Name (Khmer)"]
    assert rows[0][0] == "00012345"


def test_officer_gets_the_open_columns_alone(officer_client, firm):
    response = officer_client.get(CSV)

    assert lines(response)[0] == ["Name (Latin)", "Name (Khmer)", "ISIC class", "Province", "Size class"]
    assert "00012345" not in response.getvalue().decode()


def test_header_is_in_the_language_of_the_reader(staff_client, staff, firm):
    staff.language = "km"
    staff.save()
    staff_client.cookies["django_language"] = "km"

    assert lines(staff_client.get(CSV))[0][:2] == ["លេខចុះបញ្ជី", "ឈ្មោះឡាតាំង"]


@pytest.mark.parametrize("language", ["en", "km"])
def test_file_loads_again_without_a_change(staff_client, staff, firm, language):
    staff_client.cookies["django_language"] = language
    content = staff_client.get(CSV).getvalue()

    load = receive(
        content=content, file_name="again.csv", scope={}, by=staff, kind=REGISTRY["enterprises"], enqueue=False
    )
    check_load.func(load.pk)
    load.refresh_from_db()

    assert load.state == Load.State.CHECKED, load.counts
    assert [(row.raw, row.errors) for row in load.rows.filter(outcome="wrong")] == []
    assert (load.counts["unchanged"], load.counts.get("wrong", 0), load.counts.get("changed", 0)) == (1, 0, 0)


def test_workbook_has_the_same_rows(staff_client, firm):
    response = staff_client.get(BOOK)
    content = response.getvalue()

    assert response.headers["Content-Type"] == XLSX
    assert "00012345" in str(read_table(content, "enterprises.xlsx", max_rows=10))


def test_export_is_for_readers(anonymous_client, staff_client):
    assert anonymous_client.get(CSV).status_code == 302
    assert staff_client.get("/enterprises/export.pdf").status_code == 404
    assert staff_client.post(CSV).status_code == 405
