"""Files for IATI and SDMX, collected by programs with a key: the same as in the browser, and only with the scope."""

from base64 import b64encode

import pytest
from django.urls import reverse

from capred_portal.access_keys import new_key
from programs.models import Program
from tests.standards_factories import make_reporting_program

pytestmark = pytest.mark.django_db


@pytest.fixture
def iati():
    """The address of a program's file that can be sent."""
    return reverse("standards:iati", args=[make_reporting_program().slug])


def addresses(iati):
    return [iati, reverse("standards:sdmx"), reverse("standards:sdmx_structure")]


def sent(key):
    return {"Authorization": f"Bearer {key}"}


def test_a_collector_gets_the_files_with_a_key(officer, anonymous_client, iati):
    key = new_key(officer, "Collector", ["figures"], 30)[1]
    basic = {"Authorization": "Basic " + b64encode(f"any:{key}".encode()).decode()}

    for address in addresses(iati):
        response = anonymous_client.get(address, headers=sent(key))
        again = anonymous_client.get(address, headers={**basic, "If-None-Match": response.headers["ETag"]})

        assert (response.status_code, again.status_code) == (200, 304)
        assert response.headers["Cache-Control"] == "private, no-cache"
        assert "Authorization" in response.headers["Vary"]


def test_the_file_is_the_one_of_the_browser(officer, officer_client, anonymous_client, iati):
    key = new_key(officer, "Collector", ["figures"], 30)[1]
    address = reverse("standards:sdmx")

    with_key = anonymous_client.get(address, headers=sent(key))

    assert with_key.getvalue() == officer_client.get(address).getvalue()


def test_wrong_keys_and_scopes_open_nothing(officer, anonymous_client, iati):
    records = new_key(officer, "Excel", ["records"], 30)[1]

    for address in addresses(iati):
        assert anonymous_client.get(address, headers=sent("mcp-wrong")).status_code == 401
        assert anonymous_client.get(address, headers=sent(records)).status_code == 403
        assert anonymous_client.get(address).status_code == 302


def test_a_program_learns_that_there_is_no_file(officer, anonymous_client, iati):
    key = new_key(officer, "Collector", ["figures"], 30)[1]
    Program.objects.update(iati_identifier="")

    refused = anonymous_client.get(iati, headers=sent(key))
    nowhere = anonymous_client.get(reverse("standards:sdmx"), {"indicator": "nothing"}, headers=sent(key))

    assert (refused.status_code, nowhere.status_code) == (422, 404)
    assert {each.headers["Content-Type"] for each in (refused, nowhere)} == {"application/problem+json"}
