"""Figures over the register: their numbers, their time rule, what they leave out, and what an officer gets."""

from decimal import Decimal

import pytest

from capred_portal.figures import REGISTRY, TOTAL, Scope
from capred_portal.records import writing
from enterprises.models import Completeness
from tests.register_factories import (
    make_certificate,
    make_enterprise,
    make_enterprise_year,
    make_province,
    make_sector,
)

pytestmark = pytest.mark.django_db


def figures(code, role="staff", **params):
    return REGISTRY[code].figures(Scope(role, params))


def values(code, role="staff", **params):
    return {key: figure.value for key, figure in figures(code, role, **params).items()}


@pytest.fixture
def firms():
    """Three firms of two provinces; one has two years, one says nothing."""
    for code in ("10", "14"):
        make_sector(code)
    mill = make_enterprise(sector="1061", province="02", is_women_owned=True, is_women_led=False)
    factory = make_enterprise(sector="1410", province="12", is_women_owned=False, is_women_led=True)
    silent = make_enterprise(sector="1061", province="12")
    make_enterprise_year(enterprise=mill, year=2023, employees=10, women=4, export_share_pct=50)
    make_enterprise_year(enterprise=mill, year=2024, employees=12, women=5, imported_input_share_pct=10)
    make_enterprise_year(enterprise=factory, year=2022, employees=300, export_share_pct=90, imported_input_share_pct=85)
    make_certificate(enterprise=mill)
    make_certificate(enterprise=mill, standard="HACCP")
    make_enterprise(name_en="Archived", archived_at="2024-01-01T00:00Z", archive_reason="Double")
    return mill, factory, silent


def test_firms_are_counted_by_province_sector_and_size(firms):
    make_province("03")

    assert values("enterprises")[TOTAL] == 3
    assert values("enterprises", by="province") == {TOTAL: 3, "02": 1, "03": 0, "12": 2, "none": 0}
    assert values("enterprises", by="sector") == {TOTAL: 3, "10": 2, "14": 1}
    assert values("enterprises", by="size")[TOTAL] == sum(
        number for key, number in values("enterprises", by="size").items() if key
    )
    assert values("enterprises", sector="10")[TOTAL] == 2


def test_firms_of_women_are_owned_or_led_and_the_share_speaks_of_owners(firms):
    women = figures("enterprises-women")[TOTAL]
    share = figures("enterprises-women-share")[TOTAL]

    assert women.value == 2
    assert [exclusion.count for exclusion in women.excluded] == [1]
    assert share.value == Decimal("50.0")


def test_jobs_are_those_of_the_latest_year_of_each_firm(firms):
    jobs = figures("jobs")[TOTAL]

    assert jobs.value == 312
    assert [exclusion.count for exclusion in jobs.excluded] == [1]
    assert values("jobs-women")[TOTAL] == 5
    assert figures("jobs-disability")[TOTAL].state == "missing"
    assert values("jobs", by="province")["02"] == 12


def test_firm_with_two_certificates_counts_once(firms):
    assert values("enterprises-certified")[TOTAL] == 1


def test_exporter_is_judged_by_the_latest_year(firms):
    assert values("enterprises-exporting")[TOTAL] == 1


def test_imported_share_is_the_plain_mean_of_what_is_stated(firms):
    share = figures("imported-input-share")[TOTAL]

    assert share.value == Decimal("47.5")
    assert [exclusion.count for exclusion in share.excluded] == [1]


def test_officer_does_not_get_what_rests_on_few_firms(firms):
    jobs, share = figures("jobs", "officer"), figures("imported-input-share", "officer")
    parts = figures("enterprises", "officer", by="province")

    assert jobs[TOTAL].state == share[TOTAL].state == "withheld"
    assert figures("enterprises", "officer")[TOTAL].value == 3
    assert {key: part.state for key, part in parts.items() if key} == {
        "02": "withheld",
        "12": "withheld",
        "none": "withheld",  # of 3 firms in all: a part of 0 would tell of the others
    }


def test_one_firm_with_many_jobs_is_withheld_from_an_officer():
    for number in range(12):
        firm = make_enterprise(province="02" if number else "12")
        make_enterprise_year(enterprise=firm, employees=10 if number else 5000)

    jobs = figures("jobs", "officer", by="province")

    assert jobs[TOTAL].value == 5110
    assert jobs["12"].state == "withheld"
    assert jobs["02"].state == "withheld"


def test_officer_is_led_to_no_list_that_hides_the_filter(firms):
    for code in ("enterprises-women", "jobs", "enterprises-exporting"):
        assert figures(code, "officer")[TOTAL].rows_url == ""
        assert figures(code)[TOTAL].rows_url


def test_coverage_is_known_of_the_country_and_declared_of_places(firms, verifier):
    with writing("enterprises"):
        Completeness.objects.create(province_id="02", declared_on="2024-06-01", source="Provincial office")

    country = figures("register-coverage", by="province")

    assert country[TOTAL].value == Decimal("0.00")
    assert "3 of 753,670 establishments (Economic Census 2022)" in str(country[TOTAL].source)
    assert country["02"].value == 100
    assert country["12"].state == "not applicable"
    assert "no denominator" in str(figures("enterprises", province="12")[TOTAL].source)
    assert "Provincial office" in str(figures("enterprises", province="02")[TOTAL].source)
    assert "no denominator" in str(figures("enterprises", province="02", size="small")[TOTAL].source)


def test_figures_stand_over_the_list_with_the_coverage(firms, staff_client):
    page = staff_client.get("/enterprises/figures/").content.decode()

    assert "of 753,670 establishments" in page
    assert "312" in page
    assert "<html" not in staff_client.get("/enterprises/figures/", headers={"HX-Request": "true"}).content.decode()


def test_withheld_part_is_not_told_by_asking_for_its_neighbor_alone():
    for province, firms in {"02": 11, "03": 7, "12": 1}.items():
        for _number in range(firms):
            make_enterprise_year(enterprise=make_enterprise(province=province), employees=10)

    parts = figures("jobs", "officer", by="province")

    assert {key for key, part in parts.items() if part.state == "withheld"} == {"03", "12"}
    assert figures("jobs", "officer", province="03")[TOTAL].state == "withheld"
    assert figures("jobs", "officer", province="02")[TOTAL].value == 110
    assert figures("jobs", "staff", province="03")[TOTAL].value == 70
