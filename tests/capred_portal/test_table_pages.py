"""Tables as files: the rows of the filters and no others, the columns of the role, with notes on what the file is."""

import csv
import io
import zipfile
from urllib.parse import unquote

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from capred_portal import background_exports
from capred_portal.models import Export
from capred_portal.tables import TABLES, tables_for
from programs.models import Workshop
from tests.factories import ROLES, make_program, make_workshop
from tests.register_factories import make_enterprise

pytestmark = pytest.mark.django_db


def address(name, format_name="csv"):
    return reverse("table_file", args=[name, format_name])


def lines(response):
    return list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))


def sheets(response):
    """Return the cells of the rows and of the notes, and how the first sheet is written."""
    content = response.getvalue()
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        first = archive.read("xl/worksheets/sheet1.xml").decode()
    return [book.get_sheet_by_index(index).to_python() for index in range(len(book.sheet_names))], first


def named(response):
    return unquote(response.headers["Content-Disposition"]).partition("filename=")[2].strip('"')


@pytest.mark.parametrize("role", ROLES)
def test_page_of_tables_shows_those_of_the_role_and_the_figures(client_for, role):
    client = client_for(role)
    page = client.get(reverse("tables")).content.decode()
    client.post(reverse("set_language"), {"language": "km", "next": "/"})
    in_khmer = client.get(reverse("tables")).content

    shown = [name for name in TABLES if f'href="{reverse("table", args=[name])}"' in page]
    mine = {name for name, table in TABLES.items() if table.action == "page.read"}
    assert mine <= set(shown)
    assert ("people" in shown) == (role != "officer")
    assert f'href="{reverse("figure_file", args=["workshops-held", "csv"])}"' in page
    assert "/api/v1/tables/workshops" in client.get(reverse("table", args=["workshops"])).content.decode()
    assert len(in_khmer) < 100 * 1024


@pytest.mark.parametrize("role", ROLES)
def test_page_of_every_table_opens_for_who_may_read_it(client_for, role, request):
    client = client_for(role)

    answers = {name: client.get(reverse("table", args=[name])).status_code for name in TABLES}

    readable = {table.name for table in tables_for(request.getfixturevalue(role))}
    assert answers == {name: 200 if name in readable else 403 for name in TABLES}
    assert client.get(reverse("table", args=["no-such-table"])).status_code == 404


def test_page_of_a_table_says_which_columns_are_not_for_the_role(officer_client, staff_client):
    officer_page, staff_page = (
        client.get(reverse("table", args=["enterprises"])).content.decode() for client in (officer_client, staff_client)
    )

    assert "<code>phone</code>" in officer_page
    assert "not in your files" in officer_page
    assert "not in your files" not in staff_page


def test_csv_holds_the_rows_of_the_filters_and_says_how_many(staff_client):
    for number in range(12):
        make_workshop(title_en=f"Rice mills {number}")
    make_workshop(title_en="Garments")

    response = staff_client.get(address("workshops"), {"q": "rice"})
    count = response.headers["X-Row-Count"]
    header, *rows = lines(response)

    assert response.streaming
    assert (count, len(rows)) == ("12", 12)
    assert named(response).endswith("-12-rows.csv")
    assert named(response).startswith("workshops-")
    assert all("Rice" in row[header.index("Title in English")] for row in rows)


def test_workbook_has_a_sheet_of_notes(staff_client):
    program = make_program(title_en="Rice value chain", slug="rice")
    make_workshop(title_en="Rice mills", program=program)
    make_workshop(title_en="Rice demo", program=program, is_demo=True)

    response = staff_client.get(address("workshops", "xlsx"), {"q": "rice", "program": "rice"})
    (rows, notes), first = sheets(response)

    told = {row[0]: row[1] for row in notes if row[0]}
    assert len(rows) == 3
    assert 'state="frozen"' in first
    assert '<autoFilter ref="A1:' in first
    assert (told["Title"], told["Rows"], told["Demonstration rows"]) == ("Workshops", 2, 1)
    assert (told["Filter: Search"], told["Filter: Program"]) == ("rice", "Rice value chain")
    assert told["Made for the role"] == "Ministry staff"
    assert told["Made at"].year >= 2026
    assert told["Source"]
    columns = [row for row in notes if row[1] == "title_en"]
    assert [row[0] for row in columns] == ["Title in English"]
    assert response.headers["X-Row-Count"] == "2"
    assert named(response).endswith("-2-rows.xlsx")


def test_workbook_is_in_the_language_of_the_reader(staff_client):
    make_workshop(title_km="សិក្ខាសាលា")
    staff_client.cookies["django_language"] = "km"

    (rows, _notes), _first = sheets(staff_client.get(address("workshops", "xlsx")))

    assert any("\u1780" <= letter <= "\u17ff" for letter in "".join(str(cell) for cell in rows[0]))
    assert "សិក្ខាសាលា" in rows[1]


def test_officer_gets_no_hidden_column_and_no_filter_on_one(officer_client, staff_client):
    make_enterprise(name_en="Golden Rice", phone="+85512345678", is_women_owned=True)

    officer_file, staff_file = (client.get(address("enterprises")) for client in (officer_client, staff_client))
    officer_lines, staff_lines = lines(officer_file), lines(staff_file)

    assert "Phone" in staff_lines[0]
    assert "Phone" not in officer_lines[0]
    assert "12345678" not in str(officer_lines)
    assert officer_client.get(address("enterprises"), {"women": "yes"}).status_code == 422
    assert officer_client.get(address("people")).status_code == 403
    assert officer_client.get(address("people", "xlsx")).status_code == 403


@pytest.mark.parametrize("params", [{"porgram": "rice"}, {"year": "next"}, {"program": "none-such"}, {"page": "2"}])
@pytest.mark.parametrize("format_name", ["csv", "xlsx"])
def test_wrong_filters_give_a_page_that_says_so_never_all_rows(staff_client, format_name, params):
    make_workshop()

    response = staff_client.get(address("workshops", format_name), params)

    assert response.status_code == 422
    assert "These filters do not fit" in response.content.decode()
    assert "Content-Disposition" not in response.headers


def test_blank_filters_and_how_a_list_is_sorted_are_no_mistake(staff_client):
    make_enterprise()

    response = staff_client.get(address("enterprises"), {"q": "", "sort": "changed", "measure": "jobs"})

    assert (response.status_code, len(lines(response))) == (200, 2)


def test_cells_that_run_as_formulas_are_defused(staff_client):
    make_workshop(title_en="=HYPERLINK(1)")

    text = staff_client.get(address("workshops")).getvalue().decode()
    (rows, _notes), first = sheets(staff_client.get(address("workshops", "xlsx")))

    assert "'=HYPERLINK(1)" in text
    assert "=HYPERLINK(1)" in rows[1]
    assert "<f>" not in first


@pytest.mark.parametrize(
    ("name", "list_name", "params"),
    [("workshops", "workshops:list", {"q": "rice"}), ("enterprises", "enterprises:list", {"q": "rice"})],
)
def test_list_leads_to_its_file_with_its_filters(staff_client, name, list_name, params):
    make_workshop(title_en="Rice")
    make_workshop(title_en="Silk")
    make_enterprise(name_en="Rice")
    make_enterprise(name_en="Silk")

    for headers in ({}, {"HX-Request": "true"}):
        page = staff_client.get(reverse(list_name), params | {"page": "1"}, headers=headers)
        link = f'href="{address(name)}?q=rice"'
        assert link in page.content.decode()
    assert len(lines(staff_client.get(address(name), params))) == 2


def test_list_offers_nothing_to_a_role_that_may_not_read_its_table(officer_client):
    page = officer_client.get(reverse("people:list")).content.decode()

    assert address("people") not in page


def test_long_workbook_is_offered_for_later_and_csv_at_once(staff_client, monkeypatch):
    monkeypatch.setattr(background_exports, "AT_ONCE", 2)
    Workshop.objects.bulk_create(Workshop(title_en=f"Rice {number}", date="2024-08-14") for number in range(3))

    page = staff_client.get(address("workshops", "xlsx"), {"q": "rice"})
    text = page.content.decode()

    assert "3 rows" in text
    assert f'href="{address("workshops")}?q=rice"' in text
    assert f'action="{reverse("table_export", args=["workshops"])}?q=rice"' in text
    assert len(lines(staff_client.get(address("workshops"), {"q": "rice"}))) == 4


def test_figure_in_a_workbook_says_its_rule(staff_client):
    make_workshop()

    response = staff_client.get(reverse("figure_file", args=["workshops-held", "xlsx"]), {"year": "2024"})
    (rows, notes), _first = sheets(response)

    told = {row[0]: row[1] for row in notes if row[0]}
    fact = dict(zip(*rows[:2], strict=True))
    assert (fact["Figure"], fact["Value"], fact["State"], fact["Year"]) == ("workshops-held", 1, "value", "2024")
    assert fact["With demonstration rows"] == "no"
    assert {"Rule", "Source", "Made at", "Made for the role", "Left out", "Filter: Year"} <= told.keys()
    assert told["Rows"] == len(rows) - 1


def test_how_a_list_was_shown_makes_no_file_of_its_own(staff_client):
    make_workshop(title_en="Rice mills")
    address = reverse("table_export", args=["workshops"])

    for query in ("", "?view=board", "?view=1", "?sort=-date", "?measure=x&q=", "?view=%00"):
        staff_client.post(address + query)
    staff_client.post(f"{address}?q=rice&sort=date")

    assert [export.params for export in Export.objects.order_by("pk")] == [{}, {"q": ["rice"]}]
