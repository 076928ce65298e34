"""Enterprises: the list with filters and pages, one enterprise, its forms and parts, and what an officer sees."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from enterprises.models import Enterprise, EnterpriseYear
from tests.register_factories import (
    make_certificate,
    make_cluster,
    make_enterprise,
    make_enterprise_year,
    make_link,
    make_membership,
    make_product,
    make_province,
    make_sector,
)

pytestmark = pytest.mark.django_db

LIST = "/enterprises/"


def names(client, **params):
    """Return the names on the list."""
    response = client.get(LIST, params, headers={"HX-Request": "true"})
    assert response.status_code == 200
    return [str(firm) for firm, _size in response.context["rows"]]


def read(client, url, **params):
    return client.get(url, params).content.decode()


def hidden(form):
    """Return what a new form carries unseen."""
    return {"creation_token": form["creation_token"].value()}


# The list


def test_list_shows_what_a_firm_is(staff_client):
    firm = make_enterprise(name_en="Golden Rice", sector="1061", province="02", registration_number="00012345")
    make_enterprise_year(enterprise=firm, employees=1234)
    make_enterprise(name_en="Archived", archived_at="2024-01-01T00:00Z", archive_reason="Double")

    page = read(staff_client, LIST)

    assert "Golden Rice" in page
    assert "00012345" in page
    assert "1,234" in page
    assert "Archived" not in page
    assert "1 enterprise" in page


def test_list_finds_by_fragment_number_and_sound(staff_client):
    make_enterprise(name_en="Golden Rice Mill", name_km="រោងម៉ាស៊ីនមាស", registration_number="00012345")
    make_enterprise(name_en="Sok Heng Plastic")

    assert names(staff_client, q="olden ric") == ["Golden Rice Mill"]
    assert names(staff_client, q="ម៉ាស៊ីន") == ["Golden Rice Mill"]
    assert names(staff_client, q="00012345") == ["Golden Rice Mill"]
    assert names(staff_client, sound="Sock Heng") == ["Sok Heng Plastic"]
    assert "sound=sokk+heng" in read(staff_client, LIST, q="sokk heng")


def test_list_is_narrowed_by_each_filter(staff_client):
    province, other = make_province("02"), make_province("12")
    cluster = make_cluster()
    one = make_enterprise(
        name_en="One",
        sector=make_sector("1061"),
        province=province,
        legal_form="sole",
        is_women_led=True,
        owner_has_disability=True,
    )
    make_enterprise(name_en="Two", sector=make_sector("1410"), province=other)
    make_enterprise_year(enterprise=one, export_share_pct=10)
    make_certificate(enterprise=one)
    make_membership(enterprise=one, cluster=cluster)
    for code in ("C", "10", "106"):
        make_sector(code)

    filters = [
        {"province": "02"},
        {"sector": "10"},
        {"sector": "106"},
        {"sector": "1061"},
        {"legal_form": "sole"},
        {"women": "yes"},
        {"disability": "yes"},
        {"certified": "yes"},
        {"exporting": "yes"},
        {"cluster": cluster.slug},
    ]

    assert {str(params): names(staff_client, **params) for params in filters} == {
        str(params): ["One"] for params in filters
    }
    assert names(staff_client, sector="C") == ["One", "Two"]
    assert names(staff_client, legal_form="none") == ["Two"]


def test_list_is_sorted_and_paged(staff_client):
    for number in range(45):
        make_enterprise(name_en=f"Firm {number:02}", registered_on=datetime.date(2020, 1, 1 + number % 28))
    first = staff_client.get(LIST, headers={"HX-Request": "true"})

    second = names(staff_client, after=first.context["page_obj"].after)

    assert len(first.context["rows"]) == 40
    assert second == [f"Firm {number}" for number in range(40, 45)]
    assert names(staff_client, after="nonsense")[0] == "Firm 00"
    assert names(staff_client, sort="registered")[0] == "Firm 27"
    assert names(staff_client, sort="changed")[0] == "Firm 44"


def test_list_says_when_nothing_fits(staff_client):
    assert "No enterprise fits" in read(staff_client, LIST, q="nothing")


def test_list_as_a_fragment_has_no_page_around_it(staff_client):
    make_enterprise()

    fragment = staff_client.get(LIST, headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in fragment
    assert 'id="rows"' in fragment


def test_list_is_read_only(staff_client, anonymous_client):
    assert staff_client.post(LIST).status_code == 405
    assert anonymous_client.get(LIST).status_code == 302


# What an officer sees


def test_officer_sees_name_sector_province_and_size_alone(officer_client):
    firm = make_enterprise(
        name_en="Golden Rice",
        sector="1061",
        province="02",
        registration_number="00012345",
        address="Street 3",
        phone="+85512345678",
    )
    make_enterprise_year(enterprise=firm, employees=4321, turnover_usd=987654, imported_input_share_pct="77.31")
    make_product(enterprise=firm, capacity=5555, capacity_unit="t")
    make_link(supplier=firm, value_usd=66666)

    pages = read(officer_client, LIST) + read(officer_client, firm.get_absolute_url())

    assert "Golden Rice" in pages
    for secret in ("00012345", "Street 3", "+85512345678", "4,321", "987,654", "77.31", "5,555", "66,666"):
        assert secret not in pages, secret


def test_officer_filters_and_sorts_by_nothing_hidden(officer_client):
    make_enterprise(name_en="One", is_women_led=True, registration_number="00012345", legal_form="sole")
    make_enterprise(name_en="Two")

    assert names(officer_client, women="yes") == ["One", "Two"]
    assert names(officer_client, legal_form="sole") == ["One", "Two"]
    assert names(officer_client, q="00012345") == []
    assert names(officer_client, q="one") == ["One"]


# One enterprise


def test_enterprise_shows_all_that_hangs_on_it(staff_client):
    firm = make_enterprise(name_en="Golden Rice", sector="1061")
    make_enterprise_year(enterprise=firm, year=2023, employees=20)
    make_enterprise_year(enterprise=firm, year=2024, employees=30, source="Survey")
    make_product(enterprise=firm, name_en="Fragrant rice", capacity=5555, capacity_unit="t")
    make_certificate(
        enterprise=firm, standard="ISO 22000", expires_on=timezone.localdate() - datetime.timedelta(days=1)
    )
    make_certificate(enterprise=firm, standard="HACCP")
    make_membership(enterprise=firm, cluster=make_cluster(name_en="Rice cluster"))
    make_link(supplier=firm, buyer=make_enterprise(name_en="Hotel"), value_usd=66666)

    page = read(staff_client, firm.get_absolute_url())

    for text in ("Survey", "Fragrant rice", "5,555", "expired", "valid", "Rice cluster", "Hotel", "66,666"):
        assert text in page, text
    assert '<svg viewBox="0 0' in page


def test_enterprise_that_is_not_there(staff_client):
    assert staff_client.get("/enterprises/999999/").status_code == 404
    assert staff_client.post(make_enterprise().get_absolute_url()).status_code == 405


# Forms


def test_new_enterprise_is_made_from_a_name(staff_client, staff):
    make_sector("1061", title_en="Grain mills")
    form = staff_client.get("/enterprises/new/").context["form"]

    response = staff_client.post("/enterprises/new/", {"name": "រោងម៉ាស៊ីន", "sector": "1061", **hidden(form)})

    firm = Enterprise.objects.get()
    assert response.status_code == 302
    assert (firm.name_km, firm.sector_id, firm.created_by) == ("រោងម៉ាស៊ីន", "1061", staff)


def test_new_enterprise_asks_once_about_one_that_sounds_the_same(staff_client):
    make_enterprise(name_en="Golden Rice Co., Ltd.")
    form = staff_client.get("/enterprises/new/").context["form"]
    typed = {"name": "Golden Rice", **hidden(form)}

    asked = staff_client.post("/enterprises/new/", typed)
    made = staff_client.post("/enterprises/new/", typed | {"is_another": "on"})

    assert asked.status_code == 422
    assert "Golden Rice Co., Ltd." in asked.content.decode()
    assert made.status_code == 302
    assert Enterprise.objects.count() == 2


def full(firm, **changes):
    """Return what the full form of a firm posts."""
    return {"name_en": firm.name_en, "name_km": firm.name_km, "version": firm.version} | changes


def test_enterprise_is_edited(staff_client):
    firm = make_enterprise()
    province = make_province("02")
    district = province.districts.create(code="0201", name_en="Banan", name_km="បាណន់", unit="district", source="Test")
    url = reverse("enterprises:edit", args=[firm.pk])

    response = staff_client.post(
        url,
        full(firm, registration_number="០០១២", district=district.pk, is_women_owned="true", founded_year="2015"),
    )

    firm.refresh_from_db()
    assert response.status_code == 302
    assert (firm.registration_number, firm.province_id, firm.is_women_owned) == ("0012", "02", True)
    assert firm.version == 2


def test_district_must_lie_in_the_province_and_a_number_is_given_once(staff_client):
    firm = make_enterprise()
    make_enterprise(name_en="Other", registration_number="0012")
    make_province("12")
    make_province("02").districts.create(code="0201", name_en="Banan", name_km="បាណន់", unit="district", source="Test")
    url = reverse("enterprises:edit", args=[firm.pk])

    response = staff_client.post(url, full(firm, province="12", district="0201", registration_number="0012"))

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"district", "registration_number"}


def test_enterprise_is_archived_with_a_reason(staff_client):
    firm = make_enterprise()

    staff_client.post(reverse("enterprises:archive", args=[firm.pk]), {"reason": "Closed", "version": 1})

    firm.refresh_from_db()
    assert firm.is_archived


@pytest.mark.parametrize("role", ["officer", "admin"])
def test_forms_are_for_those_who_write(role, client_for):
    firm = make_enterprise()
    client = client_for(role)

    for url in ("/enterprises/new/", f"/enterprises/{firm.pk}/edit/", f"/enterprises/{firm.pk}/years/new/"):
        assert client.get(url).status_code == 403


# Parts


def add(client, firm, part, **typed):
    url = reverse("enterprises:part_new", args=[firm.pk, part])
    return client.post(url, {**hidden(client.get(url).context["form"]), **typed})


def test_year_adds_women_and_men_up_and_becomes_the_newest(staff_client):
    firm = make_enterprise()
    make_enterprise_year(enterprise=firm, year=2023, employees=3)

    response = add(staff_client, firm, "years", year="2024", women="១២", men="8")

    firm.refresh_from_db()
    assert response.status_code == 302
    assert (firm.latest.year, firm.latest.employees) == (2024, 20)
    assert firm.version == 1


def test_year_refuses_parts_above_totals_beside_the_field(staff_client):
    firm = make_enterprise()

    response = add(staff_client, firm, "years", year="2024", employees="10", women="11", with_disability="12")
    both = add(staff_client, firm, "years", year="2024", employees="10", women="6", men="6")

    assert set(response.context["form"].errors) == {"women", "with_disability"}
    assert set(both.context["form"].errors) == {"men"}
    assert not EnterpriseYear.objects.exists()


def test_year_is_there_once(staff_client):
    firm = make_enterprise_year(year=2024).enterprise

    assert set(add(staff_client, firm, "years", year="2024").context["form"].errors) == {"year"}


def test_firm_falls_back_to_the_year_before_when_the_newest_is_archived(staff_client):
    firm = make_enterprise()
    old, new = (make_enterprise_year(enterprise=firm, year=year) for year in (2023, 2024))

    url = reverse("enterprises:part_archive", args=[firm.pk, "years", new.pk])
    staff_client.post(url, {"reason": "Wrong", "version": 1})

    firm.refresh_from_db()
    assert firm.latest == old


def test_product_and_certificate_are_added_and_changed(staff_client):
    firm = make_enterprise()

    add(staff_client, firm, "products", name_en="Rice", hs_code="1006.30", capacity="10", capacity_unit="t")
    add(staff_client, firm, "certificates", standard="ISO 9001", expires_on="2030-01-01")
    product, certificate = firm.products.get(), firm.certificates.get()
    url = reverse("enterprises:part_edit", args=[firm.pk, "certificates", certificate.pk])
    staff_client.post(url, {"standard": "ISO 22000", "version": certificate.version})

    certificate.refresh_from_db()
    assert product.hs_code == "100630"
    assert certificate.standard == "ISO 22000"


def test_product_and_certificate_say_what_is_wrong(staff_client):
    firm = make_enterprise()

    product = add(staff_client, firm, "products", name_en="Rice", hs_code="99999999", capacity="10")
    certificate = add(
        staff_client, firm, "certificates", standard="ISO 9001", issued_on="2024-02-01", expires_on="2024-01-01"
    )

    assert set(product.context["form"].errors) == {"hs_code", "capacity_unit"}
    assert set(certificate.context["form"].errors) == {"expires_on"}


def test_part_of_another_kind_or_firm_is_not_found(staff_client):
    firm, year = make_enterprise(), make_enterprise_year()

    assert staff_client.get(f"/enterprises/{firm.pk}/secrets/new/").status_code == 404
    assert staff_client.get(f"/enterprises/{firm.pk}/years/{year.pk}/").status_code == 404
