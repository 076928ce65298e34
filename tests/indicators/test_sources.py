"""Editions of published sources: recorded by who loads them, once, starting from what the edition before says."""

import pytest
from django.urls import reverse

from indicators.models import Source
from tests.indicator_factories import make_source

pytestmark = pytest.mark.django_db

NEW = reverse("indicators:source_new")
TYPED = {"title_en": "UN Comtrade", "code": "un-comtrade", "edition": "May 2026", "publisher": "UN", "confidence": "V"}


def test_staff_records_an_edition_and_may_load_its_values(staff_client):
    answer = staff_client.post(NEW, TYPED)

    source = Source.objects.get(code="un-comtrade", edition="May 2026")
    assert answer.url == f"{reverse('indicators:sources')}#source-{source.pk}"
    assert str(source) in staff_client.get(reverse("loads:new_kind", args=["comtrade"])).content.decode()


def test_the_next_edition_starts_with_what_the_one_before_says(staff_client):
    earlier = make_source(publisher="World Bank", terms="CC BY 4.0", edition="2025")

    form = staff_client.get(NEW, {"of": earlier.pk}).context["form"]

    assert (form["publisher"].value(), form["terms"].value(), form["code"].value()) == (
        "World Bank",
        "CC BY 4.0",
        earlier.code,
    )
    assert not form["edition"].value()


def test_an_edition_is_recorded_once(staff_client):
    make_source(code="un-comtrade", edition="May 2026")

    answer = staff_client.post(NEW, TYPED)

    assert answer.status_code == 422
    assert "This edition is already there" in answer.content.decode()
    assert Source.objects.filter(code="un-comtrade").count() == 1


@pytest.mark.parametrize("role", ["officer", "admin"])
def test_who_loads_nothing_records_no_edition(client_for, role):
    source = make_source()
    client = client_for(role)

    assert client.get(NEW).status_code == 403
    assert client.post(NEW, TYPED).status_code == 403
    assert f"?of={source.pk}" not in client.get(reverse("indicators:sources")).content.decode()


def test_an_unknown_edition_before_is_not_found(staff_client):
    assert staff_client.get(NEW, {"of": "999999"}).status_code == 404
    assert staff_client.get(NEW, {"of": "x"}).status_code == 200
