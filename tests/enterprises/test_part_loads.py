"""Loading years, products, certificates, memberships and links: found by firm, checked against each other, undone."""

import datetime
from decimal import Decimal

import pytest

from capred_portal import loads, spreadsheets
from capred_portal.facts import write_facts
from capred_portal.models import LoadRow
from enterprises.models import (
    Certificate,
    Cluster,
    ClusterMembership,
    Enterprise,
    EnterpriseYear,
    LinkStage,
    Product,
    SupplyLink,
)
from tests.enterprises.test_enterprise_load import carry_out, check, outcomes, reasons
from tests.factories import make_user

Outcome = LoadRow.Outcome


@pytest.fixture(autouse=True)
def firms(db):
    write_facts()
    return [
        Enterprise.objects.create(registration_number=str(n), name_en=f"Firm {name}") for n, name in enumerate("ABC")
    ]


def load(kind, text):
    """Return a checked load of a table written with bars: the first line names the columns."""
    header, *rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return check(spreadsheets.write_csv(header, rows), kind=kind)


# Years


def test_years_find_their_firm_and_become_its_latest(firms):
    done = carry_out(
        load(
            "enterprise-years",
            """
            Registration number|Enterprise|Year|Women employed|Men employed|Turnover in US$|Imported inputs in %
            0||2023|5|7|120,000|65
            0||២០២៤|6|8||60.5%
            |firm b|2024|1|1||
            """,
        )
    )

    firms[0].refresh_from_db()
    years = list(EnterpriseYear.objects.filter(enterprise=firms[0]).values_list("year", "employees", "turnover_usd"))
    assert done.counts["new"] == 3
    assert years == [(2024, 14, None), (2023, 12, Decimal("120000.00"))]
    assert firms[0].latest.year == 2024
    assert firms[0].latest.imported_input_share_pct == Decimal("60.50")


def test_parts_above_totals_and_unknown_firms_are_wrong():
    checked = load(
        "enterprise-years",
        """
        Registration number|Enterprise|Year|Employees|Women employed|Men employed|People with disability employed
        0||2023|10|7|7|
        1||2023|10|||11
        9||2023|10|||
        |Firm Z|2023|10|||
        2||2023|-4|||
        2||2024||||
        """,
    )

    said = reasons(checked)
    assert outcomes(checked) == [Outcome.WRONG] * 6
    assert "14 is more than all employees (10)" in said[2]
    assert "11 is more than all employees (10)" in said[3]
    assert "“9”" in said[4]
    assert "“Firm Z”" in said[5]
    assert "too small" in said[6]
    assert "says nothing about the year" in said[7]


def test_a_name_two_firms_have_needs_the_number():
    Enterprise.objects.create(registration_number="77", name_en="Firm A Co., Ltd.")

    checked = load("enterprise-years", "Enterprise|Year|Employees\nFirm A|2024|3")

    assert "Several firms are called" in reasons(checked)[2]


def test_a_year_again_changes_it_and_undo_sets_it_back(firms):
    carry_out(load("enterprise-years", "Registration number|Year|Employees\n0|2024|10"))
    again = carry_out(load("enterprise-years", "Registration number|Year|Employees\n0|2024|12\n0|2025|13"))
    assert outcomes(again) == [Outcome.CHANGED, Outcome.NEW]

    assert loads.undo(again, by=make_user()) == []

    firms[0].refresh_from_db()
    assert (firms[0].latest.year, firms[0].latest.employees, firms[0].latest.version) == (2024, 10, 3)


# Products and certificates


def test_products_and_certificates(firms):
    products = carry_out(
        load(
            "products",
            "Registration number|HS code|Product|Capacity|Unit\n0|1006.30|Milled rice|5,000|tonnes\n0|១០០៦|Bran||",
        )
    )
    certificates = carry_out(
        load(
            "certificates", "Registration number|Standard|Issued on|Expires on\n0|ISO 22000:2018|2024-01-15|2027-01-14"
        )
    )

    assert (products.counts["new"], certificates.counts["new"]) == (2, 1)
    assert list(Product.objects.values_list("hs_code", "name_en", "capacity")) == [
        ("1006", "Bran", None),
        ("100630", "Milled rice", Decimal("5000.00")),
    ]
    assert Certificate.objects.get().standard_key == "iso 22000 2018"


def test_codes_that_lost_a_zero_and_capacities_without_unit_are_wrong():
    checked = load(
        "products", "Registration number|HS code|Product|Capacity\n0|10.6|Rice|\n0|9901|Gold|\n0|1006|Rice|12"
    )

    said = reasons(checked)
    assert "HS code" in said[2]
    assert "no chapter" in said[3]
    assert "needs its unit" in said[4]


# Memberships and links


def test_memberships_find_cluster_and_firm(firms):
    cluster = Cluster.objects.create(slug="rice", name_en="Rice cluster", name_km="ចង្កោមស្រូវ")

    done = carry_out(
        load(
            "memberships",
            "Cluster|Registration number|Role|Joined on\nrice|0|Anchor buyer|2024-01-15\nចង្កោមស្រូវ|1||\nSilk|2||",
        )
    )

    assert outcomes(done) == [Outcome.NEW, Outcome.NEW, Outcome.WRONG]
    assert list(cluster.memberships.order_by("enterprise").values_list("role", flat=True)) == ["anchor", "member"]
    assert ClusterMembership.objects.get(enterprise=firms[0]).joined_on == datetime.date(2024, 1, 15)


def test_links_carry_their_stages_with_dates_and_values():
    text = (
        "Buyer (registration number)|Supplier|HS code|Product|Stage|Reached on|Yearly value in US$|Replaces an import\n"
    )
    carry_out(load("links", text + "0|Firm B|4819|Boxes|introduced|2024-01-10||yes"))

    later = carry_out(
        load("links", text + "0|Firm B|4819||Trial order|2024-05-01|24,000|\n0|Firm A|4819||trial|2024-05-01||")
    )

    link = SupplyLink.objects.get()
    assert outcomes(later) == [Outcome.CHANGED, Outcome.WRONG]
    assert "same firm" in reasons(later)[3]
    assert (link.stage, link.value_usd, link.replaces_import, link.version) == ("trial", Decimal("24000.00"), True, 2)
    assert list(LinkStage.objects.values_list("stage", "value_usd")) == [
        ("introduced", None),
        ("trial", Decimal("24000.00")),
    ]
    assert loads.undo(later, by=make_user()) == []
    link.refresh_from_db()
    assert (link.stage, link.value_usd, LinkStage.objects.active().count()) == ("introduced", None, 1)
