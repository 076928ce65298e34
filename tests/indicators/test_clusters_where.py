"""Where clusters could grow: refused without a declaration, reckoned as by hand, nothing small for officers."""

import datetime

import pandas as pd
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from enterprises.models import Completeness, Enterprise
from indicators.analytics.suppression import hidden_cells
from indicators.frames import place_counts
from tests.register_factories import make_enterprise, make_enterprise_year, make_province, make_sector

WHERE = reverse("clusters_where")
DAY = datetime.date(2025, 3, 1)
SECTORS = {"10": "1061", "14": "1410"}


def make_firms(province, division, count, **fields):
    """Write so many firms of a division in a province."""
    place, sector = make_province(province), make_sector(SECTORS[division])
    make_sector(division)
    Enterprise.objects.bulk_create(
        Enterprise(name_en=f"{province} {division} {number}", province=place, sector=sector, **fields)
        for number in range(count)
    )


def declare(*provinces, **fields):
    for code in provinces:
        Completeness.objects.create(province=make_province(code), declared_on=DAY, source="Census", **fields)


def make_register(**fields):
    """Two provinces, 02 and 12, with food (10) and garments (14): 30 and 10 firms, 10 and 50."""
    make_sector("C")
    for province, division, count in (("02", "10", 30), ("02", "14", 10), ("12", "10", 10), ("12", "14", 50)):
        make_firms(province, division, count, **fields)


def place(response, province, division):
    """Return one cell of the ranked table."""
    found = [
        each for each in response.context["places"] if (each.province.pk, each.division.pk) == (province, division)
    ]
    return found[0]


# What may be compared


@pytest.mark.django_db
def test_a_register_that_nobody_declared_complete_is_refused_with_the_reason(staff_client):
    make_register()

    response = staff_client.get(WHERE)

    assert response.status_code == 200
    assert response.context["territory"] is None
    text = response.content.decode()
    assert "The register cannot be compared yet." in text
    assert "A verifier of the ministry declares this" in text
    assert "plot-where" not in text


@pytest.mark.django_db
@pytest.mark.parametrize("declared", [["02"], []])
def test_one_province_or_a_withdrawn_declaration_is_not_enough(staff_client, admin, declared):
    make_register()
    declare("02", "12")
    for row in Completeness.objects.exclude(province__in=declared):
        row.archive(by=admin, reason="Gaps were found")

    assert staff_client.get(WHERE).context["territory"] is None


@pytest.mark.django_db
def test_quotients_are_as_reckoned_by_hand(staff_client):
    make_register()
    make_firms("03", "10", 40)  # not declared: not compared
    make_enterprise()
    declare("02", "12")

    response = staff_client.get(WHERE)

    food = place(response, "02", "10")
    assert food.quotient == pytest.approx((30 / 40) / (40 / 100))
    assert place(response, "12", "14").quotient == pytest.approx((50 / 60) / (60 / 100))
    assert (food.firms, food.size_pct, food.focus_pct, food.trust) == (30, 75.0, 75.0, "sound")
    assert [each.stars for each in response.context["places"]] == [2, 1, 0, 0]
    assert response.context["places"][0] == place(response, "12", "14")
    assert [response.context[name] for name in ("compared", "outside", "unplaced")] == [100, 40, 1]
    assert "/clusters/new/?province=02&amp;sector=10" in response.content.decode()


@pytest.mark.django_db
def test_divisions_declared_in_all_provinces_may_be_compared_too(staff_client):
    make_register()
    for code in SECTORS:
        Completeness.objects.create(sector=make_sector(code), declared_on=DAY, source="Census")

    assert place(staff_client.get(WHERE), "02", "10").quotient == pytest.approx(1.875)


@pytest.mark.django_db
def test_jobs_are_those_of_the_latest_year_and_unknown_ones_are_said(staff_client):
    make_register()
    declare("02", "12")
    firms = Enterprise.objects.filter(province="02", sector="1061").order_by("pk")
    for firm in firms[:20]:
        make_enterprise_year(enterprise=firm, year=2023, employees=99)
        make_enterprise_year(enterprise=firm, employees=5)

    food = place(staff_client.get(f"{WHERE}?by=jobs"), "02", "10")

    assert (food.jobs, food.jobs_known_pct, food.trust) == (100, 67, "jobs unknown")


# Demonstration rows


@pytest.mark.django_db
def test_demonstration_declarations_open_demonstration_rows_alone(staff_client):
    make_register(is_demo=True)
    make_firms("02", "10", 500)
    declare("02", "12", is_demo=True)

    response = staff_client.get(WHERE)

    assert place(response, "02", "10").firms == 30
    assert response.context["is_register_refused"]
    assert "All rows below are invented" in response.content.decode()
    assert staff_client.get(f"{WHERE}?rows=real").context["territory"] is None


@pytest.mark.django_db
def test_real_declarations_open_real_rows_alone(staff_client):
    make_register()
    make_firms("02", "10", 500, is_demo=True)
    declare("02", "12")

    response = staff_client.get(WHERE)

    assert place(response, "02", "10").firms == 30
    assert "All rows below are invented" not in response.content.decode()
    assert staff_client.get(f"{WHERE}?rows=demo").context["territory"] is None


# Who sees what


@pytest.mark.django_db
def test_officers_see_no_small_group_and_none_that_would_reveal_it(client_for):
    make_register()
    make_firms("12", "10", 7)
    make_firms("03", "10", 3)
    make_firms("03", "14", 60)
    declare("02", "12", "03")

    seen = {
        role: {(each.province.pk, each.division.pk) for each in client_for(role).get(WHERE).context["places"]}
        for role in ("staff", "officer")
    }

    assert len(seen["staff"]) == 6
    assert ("03", "10") not in seen["officer"]
    assert len(seen["staff"] - seen["officer"]) == 4
    assert not client_for("officer").get(f"{WHERE}?by=jobs").context["shows_jobs"]


def test_a_lone_withheld_cell_takes_the_next_smallest_of_its_row_and_column():
    firms = pd.DataFrame({"10": [3, 20, 30], "14": [8, 40, 0], "15": [9, 50, 60]}, index=["02", "03", "12"])

    hidden = hidden_cells(firms)

    assert list(hidden.loc["02", :]) == [True, True, False]
    assert list(hidden.sum(axis=0)) == [2, 2, 0]
    assert list(hidden.sum(axis=1)) == [2, 2, 0]
    assert not hidden_cells(firms.where(firms != 3, 0)).to_numpy().any()


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["staff", "verifier", "officer", "admin"])
def test_page_asks_few_queries_whatever_the_rows(client_for, role):
    client = client_for(role)
    make_register()
    declare("02", "12")

    def queries(path):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    few = [queries(WHERE), queries(f"{WHERE}?by=jobs")]
    make_firms("03", "14", 300)
    declare("03")

    assert [queries(WHERE), queries(f"{WHERE}?by=jobs")] == few
    assert max(few) <= 15


@pytest.mark.django_db
def test_counts_come_from_one_query_over_the_firms():
    make_register()

    with CaptureQueriesContext(connection) as captured:
        counts = place_counts(is_demo=False, with_jobs=True)

    assert sum("enterprises_enterprise" in query["sql"] for query in captured) == 1
    assert int(counts.firms.to_numpy().sum()) == 100


@pytest.mark.django_db
def test_page_wants_a_reader_a_read_and_knows_htmx(client_for):
    staff, anonymous = client_for("staff"), client_for("anonymous")

    fragment = staff.get(WHERE, headers={"HX-Request": "true"})
    restored = staff.get(WHERE, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})

    assert anonymous.get(WHERE)["Location"].startswith("/accounts/login/")
    assert staff.post(WHERE).status_code == 405
    assert "<html" not in fragment.content.decode()
    assert "HX-Request" in fragment.headers["Vary"]
    assert "<html" in restored.content.decode()
    assert staff.get("/clusters/where/nothing/").status_code == 404


@pytest.mark.django_db
def test_a_section_without_firms_says_so_and_nonsense_is_said_beside_the_field(staff_client):
    make_register()
    make_sector("A", section="A")
    declare("02", "12")

    empty, wrong = staff_client.get(f"{WHERE}?section=A"), staff_client.get(f"{WHERE}?by=nothing")

    assert "No firm of this section" in empty.content.decode()
    assert list(wrong.context["filter"].form.errors) == ["by"]


@pytest.mark.django_db
def test_officers_are_offered_no_cluster_to_start(officer_client):
    make_register()
    declare("02", "12")

    assert "/clusters/new/" not in officer_client.get(WHERE).content.decode()
