"""From an input to the local firms that make it or nearly make it: groups, reasons, order; what officers never see."""

import csv
import datetime
import io

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.inputs.suppliers import Question, find
from indicators.inputs.suppliers_ranking import Group, Need, points
from indicators.models import Correspondence
from tests.indicator_factories import make_source
from tests.register_factories import (
    make_certificate,
    make_enterprise,
    make_enterprise_year,
    make_link,
    make_membership,
    make_sector,
)
from tests.supplier_rows import PAGE, groups_on, make_meaning, maker, names_on

NEED = {"hs": "4819", "standard": "iso 9001", "quantity": "2,000", "unit": "t"}
EXPIRED = datetime.date(2026, 3, 12)


# Groups and reasons


def test_firms_stand_in_three_groups_with_their_reasons(client_for):
    make_meaning()
    ready = maker("Ready", capacity=2500)
    make_certificate(enterprise=ready, expires_on=datetime.date(2099, 1, 1))
    late = maker("Late", capacity=1200)
    make_certificate(enterprise=late, expires_on=EXPIRED)
    bare = make_enterprise(name_en="Bare", sector=make_sector("1702"))
    other = maker("Other", hs_code="4823", sector=make_sector("1702"))

    groups = groups_on(client_for("staff"), **NEED)

    assert groups == {
        "makes": [
            ("Ready", "Makes heading 4819; holds certificate ISO 9001; capacity 2,500 t a year of 2,000 t needed")
        ],
        "lacks": [
            (
                "Late",
                "Makes heading 4819; certificate ISO 9001 expired on 12 March 2026;"
                " capacity 1,200 t a year of 2,000 t needed",
            )
        ],
        "class": [
            (
                str(bare),
                "Same ISIC class, 1702 Sector 1702; no product is recorded; no certificate ISO 9001 is recorded",
            ),
            (
                str(other),
                "Same ISIC class, 1702 Sector 1702; its products have other codes: 4823;"
                " no certificate ISO 9001 is recorded",
            ),
        ],
    }


@pytest.mark.parametrize(
    ("capacity", "unit", "words"),
    [
        (None, "", "capacity is not recorded; 2,000 t a year needed"),
        (90_000, "pieces", "capacity is stated in pieces, the need in t: not compared"),
        (1_500, "t", "capacity 1,500 t a year of 2,000 t needed"),
    ],
)
def test_a_capacity_that_is_too_small_unknown_or_in_another_unit_is_said(client_for, capacity, unit, words):
    maker("Maker", capacity=capacity, unit=unit)

    groups = groups_on(client_for("staff"), hs="4819", quantity="2000", unit="t")

    assert groups["makes"] == []
    assert groups["lacks"] == [("Maker", f"Makes heading 4819; {words}")]


@pytest.mark.parametrize("typed", ["100630", "1006.30", "1006 30", "១០០៦.៣០"])
def test_an_item_is_read_as_people_write_it_and_the_same_item_comes_first(client_for, typed):
    maker("A heading", hs_code="1006")
    maker("B other item", hs_code="100610")
    maker("C same item", hs_code="100630")
    maker("D other heading", hs_code="1005")

    assert groups_on(client_for("staff"), hs=typed)["makes"] == [
        ("C same item", "Makes 100630, the same item"),
        ("A heading", "Makes heading 1006; which item of it is not recorded"),
        ("B other item", "Makes heading 1006, but another item of it: 100610"),
    ]


def test_a_chapter_finds_what_is_recorded_in_it(client_for):
    maker("Mill", hs_code="100630")
    maker("Chapter alone", hs_code="10")

    assert groups_on(client_for("staff"), hs="10")["makes"] == [
        ("Chapter alone", "Makes goods of chapter 10: 10"),
        ("Mill", "Makes goods of chapter 10: 100630"),
    ]


def test_a_code_that_is_none_is_said_beside_the_field(client_for):
    page = client_for("staff").get(PAGE, {"hs": "77"}).content.decode()

    assert "HS 2022 has no chapter 77" in page
    assert "Which input?" in page


def test_a_quantity_without_its_unit_is_asked_about_and_not_used(client_for):
    maker("Maker", capacity=5)

    response = client_for("staff").get(PAGE, {"hs": "4819", "quantity": "2000"})

    assert "Say in which unit" in response.content.decode()
    assert [len(section.rows) for section in response.context["sections"]] == [1, 0, 0]


def test_archived_firms_products_and_certificates_do_not_count(client_for, staff):
    firm = maker("Gone")
    firm.archive(by=staff, reason="Closed")
    kept = maker("Kept")
    product = kept.products.get()
    product.archive(by=staff, reason="Stopped")
    third = maker("Third")
    certificate = make_certificate(enterprise=third)
    certificate.archive(by=staff, reason="Wrong")

    assert names_on(client_for("staff"), hs="4819", standard="iso 9001") == {
        "makes": [],
        "lacks": ["Third"],
        "class": [],
    }
    make_certificate(enterprise=maker("Other"))
    assert names_on(client_for("staff"), hs="4819", standard="iso 9001") == {
        "makes": ["Other"],
        "lacks": ["Third"],
        "class": [],
    }


def test_a_newer_certificate_outweighs_the_one_that_expired(client_for):
    firm = maker("Renewed")
    make_certificate(enterprise=firm, expires_on=EXPIRED)
    make_certificate(enterprise=firm, expires_on=datetime.date(2099, 1, 1))

    assert names_on(client_for("staff"), hs="4819", standard="iso 9001")["makes"] == ["Renewed"]


# What a code means


def test_without_a_correspondence_no_firm_of_a_class_is_guessed(client_for):
    make_enterprise(sector=make_sector("1702"))
    response = client_for("staff").get(PAGE, {"hs": "4819"})

    assert [section.total for section in response.context["sections"]] == [0, 0, 0]
    assert "they would be guessed" in response.content.decode()
    assert reverse("loads:new_kind", args=["correspondence"]) in response.content.decode()


def test_a_code_that_several_classes_make_says_so_and_gives_fewer_points(client_for):
    make_meaning("481910", "1702|1709")
    make_meaning("481920", "1702", source=Correspondence.objects.get().source)
    firm = make_enterprise(sector=make_sector("1709"))
    client = client_for("staff")

    response = client.get(PAGE, {"hs": "4819"})
    page = response.content.decode()

    assert "This code is made by 2 ISIC classes." in page
    row = response.context["sections"][2].rows[0]
    assert (row.firm, row.points) == (firm, 10)
    assert "one of 2 classes that may make it" in row.reason
    assert names_on(client, hs="481920")["class"] == []


def test_the_newest_edition_of_the_correspondence_counts_alone(client_for):
    make_meaning(classes="1702", source=make_source(edition="old"))
    make_meaning(classes="1811", source=make_source(edition="new"))
    make_enterprise(name_en="Old", sector=make_sector("1702"))
    make_enterprise(name_en="New", sector=make_sector("1811"))

    assert names_on(client_for("staff"), hs="4819")["class"] == ["New"]


# Order, filters, pages


def test_the_database_ranks_firms_of_a_class_by_the_same_points(db):
    make_meaning()
    firms = [make_enterprise(name_en=f"Firm {letter}", sector=make_sector("1702")) for letter in "EDCBA"]
    make_membership(enterprise=firms[0])
    make_certificate(enterprise=firms[1])
    make_certificate(enterprise=firms[2], expires_on=EXPIRED)

    found = find(Question(Need("4819", standard="iso 9001"))).groups[Group.CLASS]

    assert [one.firm for one in found] == [firms[place].pk for place in (1, 2, 0, 4, 3)]
    assert [points(one.fit) for one in found] == [35, 20, 18, 15, 15]


def test_more_firms_than_are_ranked_are_said_and_the_best_of_all_are_kept(client_for, monkeypatch):
    monkeypatch.setattr("indicators.inputs.suppliers.MOST_OF_A_CLASS", 2)
    make_meaning()
    firms = [make_enterprise(name_en=f"Firm {letter}", sector=make_sector("1702")) for letter in "ABCD"]
    make_membership(enterprise=firms[3])

    response = client_for("staff").get(PAGE, {"hs": "4819"})

    assert "more than 2 firms" in response.content.decode()
    assert [row.firm for row in response.context["sections"][2].rows] == [firms[3], firms[0]]


def test_more_products_than_are_compared_are_said(client_for, monkeypatch):
    monkeypatch.setattr("indicators.inputs.suppliers.MOST_PRODUCTS", 2)
    for name in "ABC":
        maker(name)

    assert "more than 2 firms" in client_for("staff").get(PAGE, {"hs": "4819"}).content.decode()


def test_firms_are_narrowed_by_province_cluster_and_owners(client_for):
    make_meaning()
    here = maker("Here", province="02")
    maker("There", province="08", is_women_led=True)
    maker("Nowhere")
    make_membership(enterprise=here)
    make_enterprise(name_en="Class", sector=make_sector("1702"), province="08", is_women_owned=True)
    client = client_for("staff")

    assert names_on(client, hs="4819", province="02")["makes"] == ["Here"]
    assert names_on(client, hs="4819", province="none")["makes"] == ["Nowhere"]
    assert names_on(client, hs="4819", members="yes") == {"makes": ["Here"], "lacks": [], "class": []}
    assert names_on(client, hs="4819", women="yes") == {"makes": ["There"], "lacks": [], "class": ["Class"]}


def test_a_group_is_shown_alone_page_by_page(client_for, monkeypatch):
    for number in range(45):
        maker(f"Firm {number:02}")
    client = client_for("staff")

    first = client.get(PAGE, {"hs": "4819"}).context["sections"]
    second = client.get(PAGE, {"hs": "4819", "group": "makes", "page": "2"}).context["sections"]

    assert [(section.total, len(section.rows)) for section in first] == [(45, 10), (0, 0), (0, 0)]
    assert [[str(row.firm) for row in section.rows] for section in second] == [
        [f"Firm {number}" for number in range(40, 45)]
    ]


# What follows: a link, an action, a workshop


def test_a_firm_that_is_linked_already_says_with_whom_and_how_far(client_for):
    firm = maker("Maker")
    make_link(supplier=firm, buyer=make_enterprise(name_en="Buyer"), hs_code="481910", stage="trial")
    make_link(supplier=firm, buyer=make_enterprise(name_en="Somebody else"), hs_code="1006")

    page = client_for("staff").get(PAGE, {"hs": "4819"}).content.decode()

    assert "Buyer" in page
    assert "Trial order" in page
    assert "Somebody else" not in page


def test_one_click_leads_to_a_link_an_action_and_a_workshop_that_are_begun(client_for):
    firm = maker("Maker", hs_code="481910")
    client = client_for("staff")
    row = client.get(PAGE, {"hs": "4819"}).context["sections"][0].rows[0]

    link = client.get(row.link_url).context["form"]
    action = client.get(row.action_url)
    workshop = client.get(reverse("workshops:new"), {"title": "Suppliers of HS 4819", "firm": firm.pk})

    assert {name: link.initial[name] for name in ("supplier", "hs_code", "product_en", "stage")} == {
        "supplier": firm.pk,
        "hs_code": "481910",
        "product_en": "Carton boxes",
        "stage": "introduced",
    }
    assert "Maker" in action.context["text"]
    assert "Makes heading 4819" in action.context["text"]
    assert "– Maker" in workshop.context["form"].initial["summary"]


# The rule, the file, the queries


def test_the_rule_with_its_points_is_told_on_the_page_of_methods(client_for):
    page = client_for("officer").get(reverse("method", args=["suppliers-of-inputs"])).content.decode()

    assert 'id="suppliers"' in page
    assert "40: makes the same item: six digits alike." in page


def test_the_file_holds_all_that_is_found_in_order_with_reasons(client_for):
    for number in range(12):
        maker(f"Firm {number:02}", province="02")

    answer = client_for("staff").get(reverse("suppliers:export", args=["csv"]), {"hs": "4819"})
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))

    assert [row[1] for row in rows[1:]] == [f"Firm {number:02}" for number in range(12)]
    assert rows[1][0] == "Makes it"
    assert rows[1][5:7] == ["Makes heading 4819", "30"]


def test_the_file_of_nothing_asked_is_empty(client_for):
    answer = client_for("staff").get(reverse("suppliers:export", args=["xlsx"]))

    assert answer.status_code == 200
    assert b"".join(answer.streaming_content)


@pytest.mark.parametrize("role", ["staff", "officer"])
def test_the_page_asks_few_queries_and_no_more_when_firms_double(client_for, role):
    client, counts = client_for(role), []
    make_meaning()
    for _round in range(2):
        for number in range(8):
            firm = maker(f"Firm {number}", capacity=number, sector=make_sector("1702"), province="02")
            make_certificate(enterprise=firm, expires_on=EXPIRED)
            make_membership(enterprise=firm)
            make_link(supplier=firm, hs_code="4819")
            make_enterprise_year(enterprise=make_enterprise(sector=make_sector("1702")), employees=5)
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(PAGE, NEED).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[1] <= 15
