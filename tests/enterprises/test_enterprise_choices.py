"""Firms and sectors are chosen in forms by typing: names, numbers, codes."""

import pytest
from django import forms
from django.urls import reverse

from enterprises.forms.fields import EnterpriseField, SectorField
from tests.register_factories import make_enterprise, make_sector

pytestmark = pytest.mark.django_db


def test_enterprise_is_found_by_the_text_that_the_list_offers():
    field = EnterpriseField()
    numbered = make_enterprise(name_en="Golden Rice · Mill", registration_number="00012345")
    bare = make_enterprise(name_en="Golden Rice")

    assert field.clean(field.prepare_value(numbered)) == numbered
    assert field.clean(field.prepare_value(bare.pk)) == bare
    assert field.clean("golden rice co., ltd.") == bare
    assert field.clean("00012345") == numbered


def test_enterprise_of_a_name_that_two_have_is_not_guessed():
    make_enterprise(name_en="Golden Rice")
    make_enterprise(name_en="Golden Rice Co., Ltd.")

    with pytest.raises(forms.ValidationError, match="Several"):
        EnterpriseField().clean("Golden Rice")
    with pytest.raises(forms.ValidationError, match="No enterprise"):
        EnterpriseField().clean("Silver Rice")


def test_the_same_enterprise_under_another_text_is_no_change():
    firm = make_enterprise(name_en="Golden Rice", registration_number="00012345")
    field = EnterpriseField()

    assert not field.has_changed(firm.pk, "Golden Rice · 00012345")
    assert not field.has_changed(firm.pk, "golden rice")
    assert field.has_changed(firm.pk, "Silver Rice")
    assert field.has_changed(firm.pk, "")


def test_sector_is_found_by_code_or_title():
    field = SectorField()
    mills = make_sector("1061", title_en="Manufacture of grain mill products")

    assert field.clean("1061") == mills
    assert field.clean(field.prepare_value("1061")) == mills
    assert field.clean("grain mill") == mills
    with pytest.raises(forms.ValidationError, match="No sector"):
        field.clean("9999")


def test_choices_follow_the_typing(staff_client):
    make_enterprise(name_en="Golden Rice", name_km="អង្ករមាស", registration_number="00012345")
    make_enterprise(name_en="Silver Rice")
    make_sector("1061", title_en="Manufacture of grain mill products")

    latin = staff_client.get(reverse("enterprises:choices"), {"q": "gold"}).content.decode()
    khmer = staff_client.get(reverse("enterprises:choices"), {"q": "មាស"}).content.decode()
    sectors = staff_client.get(reverse("enterprises:sector_choices"), {"q": "grain"}).content.decode()

    assert "Golden Rice · 00012345" in latin
    assert "Silver" not in latin
    assert "00012345" in khmer
    assert "1061 Manufacture" in sectors


def test_choices_before_the_first_letter_are_none(staff_client):
    make_enterprise()

    assert staff_client.get(reverse("enterprises:choices")).content.strip() == b""


@pytest.mark.parametrize("name", ["choices", "sector_choices"])
def test_choices_are_for_those_who_write(name, officer_client, admin_client, staff_client):
    url = reverse(f"enterprises:{name}")

    assert officer_client.get(url).status_code == 403
    assert admin_client.get(url).status_code == 403
    assert staff_client.post(url).status_code == 405
