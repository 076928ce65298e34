"""Kept parts of an enterprise and a link: as new as the data, and never those of another role."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.register_factories import make_enterprise, make_enterprise_year, make_link, make_product

pytestmark = pytest.mark.django_db


def reader(user):
    """Return a client that keeps the cache between its requests, unlike those of the other tests."""
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def page(client, record):
    return client.get(record.get_absolute_url()).content.decode()


def save(client, address, **typed):
    form = client.get(address).context["form"]
    response = client.post(address, {"creation_token": form["creation_token"].value(), **typed})
    assert response.status_code == 302, response.context["form"].errors


def test_enterprise_shows_a_year_as_soon_as_it_is_saved(staff):
    firm, client = make_enterprise(), reader(staff)
    assert "4,321" not in page(client, firm)

    save(client, reverse("enterprises:part_new", args=[firm.pk, "years"]), year="2024", employees="4321")

    assert page(client, firm).count("4,321") > 1


def test_years_of_an_enterprise_are_not_kept_for_officers(staff, officer):
    firm = make_enterprise_year(employees=4321, turnover_usd=98765).enterprise
    make_product(enterprise=firm, name_en="Milled rice")

    pages = [page(reader(user), firm) for user in (staff, officer, staff)]

    assert ["98,765" in html for html in pages] == [True, False, True]
    assert all("Milled rice" in html for html in pages)


def test_enterprises_keep_their_own_parts(staff):
    first, second = make_enterprise(), make_enterprise()
    make_product(enterprise=first, name_en="Milled rice")

    assert "Milled rice" in page(reader(staff), first)
    assert "Milled rice" not in page(reader(staff), second)


def test_link_shows_another_link_of_its_firms_as_soon_as_it_is_saved(staff):
    link, other, client = make_link(), make_enterprise(name_en="Paper Mill"), reader(staff)
    assert "Paper Mill" not in page(client, link)

    new = reverse("links:new")
    typed = {"buyer": f"x · #{link.buyer_id}", "supplier": f"x · #{other.pk}", "product_en": "Paper", "hs_code": "4819"}
    save(client, new, **typed, stage="introduced", reached_on="2025-01-31")

    assert "Paper Mill" in page(client, link)


@pytest.mark.parametrize("role", ["staff", "officer"])
def test_second_look_at_an_enterprise_asks_little(request, role):
    firm, client = make_enterprise(), reader(request.getfixturevalue(role))
    make_link(supplier=firm)

    counts = []
    for _look in range(2):
        with CaptureQueriesContext(connection) as captured:
            page(client, firm)
        counts.append(len(captured))

    assert counts[0] > counts[1] <= 8
