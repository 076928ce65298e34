"""Quality infrastructure: certificates and their figures, accredited bodies, standards, sectors without any."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from capred_portal.figures import REGISTRY, TOTAL, Scope
from capred_portal.models import Organisation
from enterprises.filters.quality import end_of_quarter, in_a_year
from enterprises.models import Accreditation
from tests.factories import make_organisation
from tests.register_factories import (
    make_certificate,
    make_enterprise,
    make_enterprise_year,
    make_membership,
    make_sector,
)

pytestmark = pytest.mark.django_db

INDEX = reverse("quality:index")
CERTIFICATES = reverse("quality:certificate_list")
UNCERTIFIED = reverse("quality:uncertified_list")
BODIES = reverse("quality:body_list")
NEW = reverse("quality:body_new")
PAGES = [INDEX, CERTIFICATES, UNCERTIFIED, BODIES]
CODES = ("certificates-valid", "certificates-expiring", "certificates-expired")


def figures(code, role="officer", **params):
    return REGISTRY[code].figures(Scope(role, params))


def posted(client, path):
    """Return what a browser would post back from a form that nobody touched."""
    form = client.get(path).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value is not None and value is not False}


def make_body(**fields):
    if "organisation" not in fields:
        fields["organisation"] = make_organisation()
    return Accreditation.objects.create(**{"scope_en": "Calibration"} | fields)


def in_days(days):
    return timezone.localdate() + datetime.timedelta(days=days)


def make_all_kinds():
    """Write one certificate of each kind of expiry, and return how many each word of the filter finds."""
    quarter, year = end_of_quarter(timezone.localdate()), in_a_year(timezone.localdate())
    days = [quarter, quarter + datetime.timedelta(days=1), year, year + datetime.timedelta(days=1), in_days(-1), None]
    for day in days:
        make_certificate(expires_on=day)
    return {"valid": 5, "quarter": 1, "months": 2, "year": 3, "later": 1, "undated": 1, "expired": 1}


def make_exporter(sector, share=40, **fields):
    firm = make_enterprise(sector=sector, **fields)
    make_enterprise_year(enterprise=firm, export_share_pct=share)
    return firm


# Certificates


@pytest.mark.parametrize(
    ("day", "last"),
    [("2026-01-01", "2026-03-31"), ("2026-05-31", "2026-06-30"), ("2026-11-25", "2026-12-31")],
)
def test_quarter_ends_with_its_third_month(day, last):
    assert end_of_quarter(datetime.date.fromisoformat(day)) == datetime.date.fromisoformat(last)


def test_a_year_from_29_february_is_28_february():
    assert in_a_year(datetime.date(2028, 2, 29)) == datetime.date(2029, 2, 28)


def test_expiry_finds_each_certificate_where_it_belongs(officer_client):
    expected = make_all_kinds()

    found = {word: officer_client.get(f"{CERTIFICATES}?expiry={word}").context["rows_count"] for word in expected}

    assert found == expected


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 3),
        ("standard=iso+9001", 2),
        ("standard=haccp", 1),
        ("sector=10", 2),
        ("sector=C", 3),
        ("province=02", 2),
        ("cluster=any", 1),
        ("q=angkor", 1),
    ],
)
def test_certificates_filter(staff_client, query, found):
    for code in ("C", "10", "14"):
        make_sector(code)
    one = make_enterprise(name_en="Angkor Foods", sector="1061", province="02")
    make_membership(enterprise=one)
    make_certificate(enterprise=one, standard="ISO 9001")
    make_certificate(enterprise=make_enterprise(sector="1062", province="02"), standard="Iso 9001")
    make_certificate(enterprise=make_enterprise(sector="1410"), standard="HACCP")

    assert staff_client.get(f"{CERTIFICATES}?{query}").context["rows_count"] == found


def test_certificates_of_archived_firms_leave_the_figures_and_are_said(admin):
    make_certificate()
    make_certificate().archive(by=admin, reason="Wrong")
    make_certificate().enterprise.archive(by=admin, reason="Closed")

    total = figures("certificates-valid")[TOTAL]

    assert total.value == 1
    assert [exclusion.count for exclusion in total.excluded()] == [2]


@pytest.mark.parametrize("role", ["staff", "officer"])
def test_rows_are_as_many_as_the_figure_says_and_parts_add_up(client_for, role):
    client = client_for(role)
    for code in ("C", "10", "14"):
        make_sector(code)
    make_all_kinds()
    for standard, sector in (("ISO 9001", "1061"), ("HACCP", "1061"), ("ISO 14001", "1410")):
        make_certificate(standard=standard, enterprise=make_enterprise(sector=sector))
        make_certificate(standard=standard, expires_on=in_days(20), enterprise=make_enterprise(sector=sector))
        make_certificate(standard=standard, expires_on=in_days(-20), enterprise=make_enterprise(sector=sector))

    for code in CODES:
        for by in ("", *REGISTRY[code].by):
            found = figures(code, role, by=by)
            for figure in found.values():
                assert client.get(figure.rows_url).context["rows_count"] == figure.value, figure.rows_url
            parts = [figure.value for key, figure in found.items() if key]
            assert not by or sum(parts) == found[TOTAL].value, (code, by)


def test_a_firm_of_which_only_the_section_is_known_has_no_list_of_its_own():
    make_certificate(enterprise=make_enterprise(sector="C"))

    part = figures("certificates-valid", by="sector")["C"]

    assert (part.value, part.rows_url) == (1, "")


# Sectors that export


def test_sectors_that_export_without_a_certificate(client_for):
    for code in ("10", "14", "15", "20"):
        make_sector(code)
    make_exporter("1061")
    make_exporter("1511")
    make_exporter("1410", share=0)
    certified = make_exporter("2011")
    make_certificate(enterprise=make_enterprise(sector="2029"))
    make_certificate(enterprise=make_exporter("1062"), expires_on=in_days(-1))
    older = make_enterprise_year(enterprise=make_exporter("1410", share=0), year=2020, export_share_pct=50)

    total = figures("exporting-sectors-uncertified")[TOTAL]
    rows = client_for("staff").get(UNCERTIFIED).context

    assert (certified.pk, older.year) == (certified.pk, 2020)
    assert total.value == rows["rows_count"] == 2
    assert [(row["sector"].code, row["firms"]) for row in rows["page_obj"]] == [("10", 2), ("15", 1)]


def test_officers_read_only_the_names_of_these_sectors(client_for):
    make_sector("10")
    make_exporter("1061")

    texts = {role: client_for(role).get(UNCERTIFIED).content.decode() for role in ("staff", "officer")}

    assert "Firms that export" in texts["staff"]
    assert "Sector 10" in texts["officer"]
    assert "Firms that export" not in texts["officer"]


# Pages


@pytest.mark.parametrize("path", PAGES)
def test_pages_want_a_reader_and_a_read(client_for, path):
    assert client_for("anonymous").get(path)["Location"].startswith("/accounts/login/")
    assert client_for("officer").get(path).status_code == 200
    assert client_for("staff").post(path).status_code == 405


@pytest.mark.parametrize("path", PAGES[1:])
def test_lists_know_htmx(staff_client, path):
    fragment = staff_client.get(path, headers={"HX-Request": "true"})
    restored = staff_client.get(path, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})

    assert "<html" not in fragment.content.decode()
    assert "HX-Request" in fragment.headers["Vary"]
    assert "<html" in restored.content.decode()


def test_page_shows_the_sourced_series_of_standards(officer_client):
    text = officer_client.get(INDEX).content.decode()

    assert "988" in text
    assert "National Standards Council of Cambodia" in text


@pytest.mark.parametrize("role", ["staff", "officer"])
def test_pages_ask_few_queries_and_no_more_when_rows_double(client_for, role):
    client = client_for(role)

    def more():
        for number in range(45):
            make_certificate(standard=f"ISO {number}", enterprise=make_exporter("1061"))
            make_body()

    def queries(path):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    make_sector("10")
    more()
    few = [queries(path) for path in PAGES]
    more()

    assert [queries(path) for path in PAGES] == few
    assert max(few) <= 15


# Accredited bodies


def test_body_is_added_with_a_new_organisation_once(staff_client):
    values = posted(staff_client, NEW) | {"organisation": "Metrology Office", "scope_en": "Scales"}

    asked = staff_client.post(NEW, values)
    for _click in range(2):
        staff_client.post(NEW, values | {"create_organisation": "on"})

    assert asked.status_code == 422
    assert Accreditation.objects.get().organisation == Organisation.objects.get(name_en="Metrology Office")


def test_body_is_changed_and_archived(staff_client):
    body = make_body()
    edit, archive = (reverse(f"quality:body_{step}", args=[body.pk]) for step in ("edit", "archive"))

    staff_client.post(edit, posted(staff_client, edit) | {"scope_en": "Textile tests"})
    body.refresh_from_db()
    staff_client.post(archive, {"version": 2, "reason": "Entered twice"})

    assert (body.scope_en, body.version) == ("Textile tests", 2)
    assert staff_client.get(BODIES).context["rows_count"] == 0
    assert staff_client.get(edit).status_code == 404


def test_body_says_what_is_wrong_beside_the_field(staff_client):
    dates = {"issued_on": "2025-03-02", "expires_on": "2025-03-01"}

    response = staff_client.post(NEW, posted(staff_client, NEW) | dates | {"organisation": str(make_organisation())})

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"scope_en", "expires_on"}


def test_body_of_an_archived_organisation_and_an_expired_one_are_told_apart(officer_client, admin):
    make_body(expires_on=in_days(-1))
    make_body().organisation.archive(by=admin, reason="Closed")

    response = officer_client.get(BODIES)

    assert response.context["rows_count"] == 1
    assert "expired" in response.content.decode()
    assert officer_client.get(INDEX).context["bodies"] == []


@pytest.mark.parametrize("role", ["officer", "admin"])
def test_only_the_ministry_writes(client_for, role):
    client, body = client_for(role), make_body()
    paths = [NEW, *(reverse(f"quality:body_{step}", args=[body.pk]) for step in ("edit", "archive"))]

    assert {client.post(path).status_code for path in paths} == {403}
