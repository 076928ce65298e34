"""The ledger of links: its list and files, a link's page, its history, and the second person."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.forms import FileField
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from capred_portal.spreadsheets import read_table
from enterprises.models import LinkStage, SupplyLink
from enterprises.services import settle_stage
from tests.factories import analyze
from tests.register_factories import (
    make_cluster,
    make_enterprise,
    make_link,
    make_membership,
    make_province,
    make_sector,
)

pytestmark = pytest.mark.django_db

LIST = reverse("links:list")
NEW = reverse("links:new")
VALUE = 87_654


def page(name, link, *args):
    return reverse(f"links:{name}", args=[link.pk, *args])


def posted(client, path):
    """Return what a browser would post back from a form that nobody touched."""
    form = client.get(path).context["form"]
    values = {name: form[name].value() for name, field in form.fields.items() if not isinstance(field, FileField)}
    return {name: value for name, value in values.items() if value is not None and value is not False}


def new_link(**extra: Any) -> dict[str, Any]:
    return {
        "buyer": make_enterprise(name_en="Big Hotel").name_en,
        "supplier": make_enterprise(name_en="Small Mill").name_en,
        "hs_code": "១០០៦.៣០",
        "product_en": "Rice",
        "replaces_import": "true",
        "stage": "sample",
        "reached_on": "14/08/2024",
        "value_usd": "៥,០០០",
    } | extra


def add_stage(link, stage, day, value=None):
    return LinkStage.objects.create(link=link, stage=stage, reached_on=day, value_usd=value)


# The list


def test_list_shows_links_between_firms_in_use(officer_client, admin):
    link = make_link()
    make_link().archive(by=admin, reason="Entered twice")
    make_link(buyer=make_enterprise(archived_at="2025-01-01T00:00Z", archive_reason="Closed"))

    response = officer_client.get(LIST)

    assert [row.pk for row in response.context["page_obj"]] == [link.pk]
    assert response.context["rows_count"] == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=RICE", 1),
        ("q=ស្រូវ", 1),
        ("q=mill+hotel", 1),
        ("q=nothing", 0),
        ("stage=contract", 1),
        ("stage=ended", 0),
        ("alive=yes", 1),
        ("alive=no", 0),
        ("year=2024", 1),
        ("year=2025", 0),
        ("quarter=2024-Q3", 1),
        ("made=yes", 1),
        ("replaces=yes", 1),
        ("replaces=none", 0),
        ("verified=no", 1),
        ("province=02", 1),
        ("province=03", 0),
        ("sector=10", 1),
        ("chapter=10", 1),
        ("chapter=11", 0),
        ("cluster=mills", 1),
        ("cluster=any", 1),
        ("on=2024-08-31&stage=trial", 1),
        ("on=2024-07-31", 0),
        ("sort=buyer", 1),
        ("sort=value", 1),
    ],
)
def test_list_filters(staff_client, query, found):
    make_province("03")
    make_sector("10")
    supplier = make_enterprise(name_en="Small Mill", province="02", sector="1061")
    make_membership(cluster=make_cluster(slug="mills"), enterprise=supplier)
    link = make_link(
        supplier=supplier,
        buyer=make_enterprise(name_en="Big Hotel"),
        product_km="ស្រូវ",
        stage="trial",
        replaces_import=True,
    )
    add_stage(link, "contract", datetime.date(2024, 10, 1), 10)
    settle_stage(link, by=None)

    response = staff_client.get(f"{LIST}?{query}")

    assert not response.context["filter"].form.errors
    assert response.context["rows_count"] == found


def test_list_narrowed_to_a_firm_names_it(officer_client):
    link = make_link(buyer=make_enterprise(name_en="Big Hotel"))
    make_link()

    response = officer_client.get(LIST, {"buyer": link.buyer_id})

    assert response.context["rows_count"] == 1
    assert "Buyer: Big Hotel" in response.content.decode()
    assert officer_client.get(LIST, {"supplier": 10**18}).context["rows_count"] == 0


def test_values_are_as_of_the_day(staff_client):
    link = make_link(stage="trial", value_usd=100)
    add_stage(link, "contract", datetime.date(2025, 1, 1), 300)
    settle_stage(link, by=None)

    sums = [staff_client.get(LIST, {"measure": "value", "on": day}).context["rows_sum"] for day in ("2024-12-31", "")]

    assert sums == [100, 300]


def test_fragment_history_restore_and_verbs(client_for):
    staff = client_for("staff")

    fragment = staff.get(LIST, headers={"HX-Request": "true"})
    restored = staff.get(LIST, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})

    assert "<html" not in fragment.content.decode()
    assert "HX-Request" in fragment.headers["Vary"]
    assert "<html" in restored.content.decode()
    assert staff.post(LIST).status_code == 405
    assert client_for("anonymous").get(LIST)["Location"].startswith("/accounts/login/")


# What one firm earns


def test_values_are_in_no_page_file_or_order_of_an_officer(officer_client, staff_client):
    link = make_link(stage="contract", value_usd=VALUE)
    LinkStage.objects.update(note_en="Pays 87654 a year")
    paths = [LIST, page("detail", link), f"{LIST}?measure=value", reverse("table_file", args=["links", "csv"])]

    shown = [b"".join(officer_client.get(path)).decode() for path in paths]

    assert not [text for text in shown if "87,654" in text or "87654" in text]
    assert "rows_sum" not in officer_client.get(f"{LIST}?measure=value").context
    assert officer_client.get(f"{LIST}?sort=value").context["filter"].form.errors
    assert "87,654" in staff_client.get(LIST).content.decode()
    assert "87,654" in staff_client.get(page("detail", link)).content.decode()


def test_evidence_is_not_for_officers(client_for):
    link = make_link()
    values = {"title_en": "Contract of sale", "file": SimpleUploadedFile("contract.txt", b"87654")}
    client_for("staff").post(page("evidence_new", link), values)
    document = link.evidence.get()

    assert "Contract of sale" in client_for("staff").get(page("detail", link)).content.decode()
    assert "Contract of sale" not in client_for("officer").get(page("detail", link)).content.decode()
    assert client_for("officer").get(reverse("document", args=[document.pk])).status_code == 403
    assert client_for("staff").get(reverse("document", args=[document.pk])).getvalue() == b"87654"


def test_files_hold_all_rows_of_the_filter(staff_client, officer_client):
    for number in range(45):
        make_link(product_en=f"Rice {number}", stage="contract", value_usd=VALUE)
    make_link(hs_code="4819")

    file = reverse("table_file", args=["links", "csv"])
    lines = b"".join(staff_client.get(file, {"chapter": "10"})).decode().splitlines()
    workbook = b"".join(officer_client.get(reverse("table_file", args=["links", "xlsx"])))
    table = read_table(workbook, "links.xlsx", max_rows=100)

    assert len(lines) == 46
    assert "Yearly value in US$" in lines[0]
    assert str(VALUE) in lines[1]
    assert len(table.rows) == 46
    assert "Yearly value in US$" not in table.header


# New and changed


def test_new_link_starts_with_its_first_stage(staff_client, staff):
    response = staff_client.post(NEW, posted(staff_client, NEW) | new_link())

    link = SupplyLink.objects.get()
    assert response["Location"] == link.get_absolute_url()
    assert (link.hs_code, link.stage, link.value_usd) == ("100630", "sample", Decimal(5000))
    assert link.stage_since == datetime.date(2024, 8, 14)
    assert link.created_by == staff
    assert [(stage.stage, stage.value_usd) for stage in link.stages.all()] == [("sample", Decimal(5000))]
    assert staff_client.get(link.get_absolute_url()).status_code == 200


def test_double_click_makes_one_link(staff_client):
    values = posted(staff_client, NEW) | new_link()

    answers = [staff_client.post(NEW, values) for _click in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert SupplyLink.objects.count() == LinkStage.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"supplier": "Big Hotel"}, "supplier"),
        ({"supplier": "Nobody Ltd"}, "supplier"),
        ({"hs_code": "9900"}, "hs_code"),
        ({"hs_code": "901"}, "hs_code"),
        ({"product_en": ""}, "product_en"),
        ({"reached_on": "2099-01-01"}, "reached_on"),
        ({"reached_on": ""}, "reached_on"),
        ({"value_usd": "-1"}, "value_usd"),
        ({"stage": "ended"}, "stage"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(staff_client, wrong, field):
    response = staff_client.post(NEW, posted(staff_client, NEW) | new_link() | wrong)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not SupplyLink.objects.exists()


def test_same_firms_and_product_again_lead_to_the_link(staff_client):
    staff_client.post(NEW, posted(staff_client, NEW) | new_link())
    again = new_link() | {"product_en": "Husked rice"}
    again |= {
        "buyer": f"x · #{SupplyLink.objects.get().buyer_id}",
        "supplier": f"x · #{SupplyLink.objects.get().supplier_id}",
    }

    response = staff_client.post(NEW, posted(staff_client, NEW) | again)

    assert list(response.context["form"].errors) == ["hs_code"]


def test_form_starts_with_the_firm_of_the_address(staff_client):
    buyer = make_enterprise(name_en="Big Hotel")

    values = posted(staff_client, f"{NEW}?buyer={buyer.pk}&supplier=nonsense")

    assert values["buyer"] == f"Big Hotel · #{buyer.pk}"


def test_link_is_edited_and_archived(staff_client, staff):
    link = make_link(stage="contract")
    edit = page("edit", link)

    edited = staff_client.post(edit, posted(staff_client, edit) | {"product_en": "Milled rice"})
    archived = staff_client.post(page("archive", link), {"version": 2, "reason": "Never was"})

    link.refresh_from_db()
    assert [edited.status_code, archived.status_code] == [302, 302]
    assert (link.product_en, link.archive_reason, link.version) == ("Milled rice", "Never was", 3)
    assert staff_client.get(edit).status_code == 404
    assert "Never was" in staff_client.get(page("detail", link)).content.decode()


@pytest.mark.parametrize("role", ["officer", "admin"])
def test_others_cannot_write(client_for, role):
    link, client = make_link(), client_for(role)
    stage = link.stages.get()
    paths = [
        NEW,
        *(page(name, link) for name in ("edit", "archive", "stage_new", "evidence_new")),
        *(page(name, link, stage.pk) for name in ("stage_edit", "stage_archive")),
    ]

    assert {client.get(path).status_code for path in paths} == {403}
    assert {client.post(path).status_code for path in [*paths, page("verify", link)]} == {403}
    assert "/edit/" not in client.get(page("detail", link)).content.decode()


def test_stages_and_history_are_told_apart(staff_client):
    html = staff_client.get(page("detail", make_link())).content.decode()

    assert html.count(">Stages</h2>") == html.count(">History</h2>") == 1


def test_unknown_link_and_wrong_verbs(staff_client):
    link = make_link()
    strange = make_link().stages.get()

    assert staff_client.get(f"{LIST}{10**9}/").status_code == 404
    assert staff_client.get(page("stage_edit", link, strange.pk)).status_code == 404
    assert staff_client.get(page("verify", link)).status_code == 405
    assert staff_client.post(page("detail", link)).status_code == 405


# Queries


@pytest.mark.parametrize("role", ["staff", "officer"])
def test_pages_ask_as_many_queries_for_many_rows_as_for_few(client_for, role):
    client, link = client_for(role), make_link(stage="contract", value_usd=5)
    paths = [LIST, page("detail", link)]
    counts = []
    for rows in (2, 60):
        for _row in range(rows):
            make_link(buyer=link.buyer)
            add_stage(link, "contract", datetime.date(2025, 1, 1))
        analyze()
        for path in paths:
            client.get(path)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(path)
            counts.append(len(queries))

    assert counts[:2] == counts[2:]
    assert max(counts) <= 15
