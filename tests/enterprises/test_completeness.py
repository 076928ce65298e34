"""Where the register is declared complete: read by all, declared and taken back by a verifier."""

import pytest
from django.urls import reverse

from enterprises.coverage import declared
from enterprises.models import Completeness
from tests.register_factories import make_province, make_sector

pytestmark = pytest.mark.django_db

PAGE, NEW = "/enterprises/completeness/", "/enterprises/completeness/new/"


def declare(client, **typed):
    form = client.get(NEW).context["form"]
    token = {"creation_token": form["creation_token"].value()}
    return client.post(NEW, {"declared_on": "2024-06-01", "source": "Provincial office", **token, **typed})


def test_verifier_declares_a_province_complete(verifier_client, officer_client, verifier):
    make_province("02")

    response = declare(verifier_client, province="02")

    page = officer_client.get(PAGE).content.decode()
    assert response.status_code == 302
    assert Completeness.objects.get().created_by == verifier
    assert "Province 02" in page
    assert "Provincial office" in page
    assert "of 753,670 establishments" in page


def test_declaration_is_of_something_and_made_once(verifier_client):
    make_province("02")
    make_sector("10")

    nothing = declare(verifier_client)
    declare(verifier_client, province="02", sector="10")
    again = declare(verifier_client, province="02", sector="10")
    wider = declare(verifier_client, province="02")

    assert set(nothing.context["form"].errors) == {"province"}
    assert set(again.context["form"].errors) == {"province"}
    assert wider.status_code == 302


def test_declaration_is_taken_back_with_a_reason(verifier_client):
    declaration = Completeness.objects.create(province=make_province("02"), declared_on="2024-06-01", source="Office")
    url = reverse("enterprises:completeness_archive", args=[declaration.pk])

    verifier_client.post(url, {"reason": "Not so", "version": 1})

    declaration.refresh_from_db()
    assert declaration.is_archived
    assert "not declared complete" in verifier_client.get(PAGE).content.decode()


@pytest.mark.parametrize("role", ["staff", "officer", "admin"])
def test_others_read_and_do_not_declare(role, client_for):
    client = client_for(role)

    assert client.get(PAGE).status_code == 200
    assert client.get(NEW).status_code == 403
    assert client.post(PAGE).status_code == 405
    assert client.get(reverse("enterprises:completeness_archive", args=[1])).status_code == 403


def test_declaration_that_is_not_there(verifier_client):
    assert verifier_client.get(reverse("enterprises:completeness_archive", args=[1])).status_code == 404


def test_declaration_covers_what_lies_within_it():
    whole = Completeness(province_id="02")
    part = Completeness(province_id="03", sector_id="10")
    trade = Completeness(sector_id="14")

    assert declared([whole], "02", "") is whole
    assert declared([whole], "02", "1061") is whole
    assert declared([part], "03", "") is None
    assert declared([part], "03", "1061") is part
    assert declared([trade], "", "14") is trade
    assert declared([trade], "02", "C") is None
