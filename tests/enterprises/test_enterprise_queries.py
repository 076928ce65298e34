"""Pages of enterprises ask few queries with a cold cache, and no more when their rows double."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from capred_portal.facts import write_facts
from enterprises.models import ClusterMembership, Enterprise, EnterpriseYear, Sector, SupplyLink
from tests.factories import ROLES
from tests.register_factories import make_certificate, make_cluster, make_enterprise, make_enterprise_year, make_product

pytestmark = pytest.mark.django_db

MOST = 15
ADDRESSES = (
    "/enterprises/",
    "/enterprises/?q=firm&sector=C&province=02&size=small&certified=yes&sort=changed",
    "/enterprises/?sector=1061",
    "/enterprises/figures/",
    "/enterprises/completeness/",
    "/enterprises/export.csv",
)


def add_rows(firm):
    """Add two pages of firms, each with all that the pages show, and as much to one firm."""
    sectors = list(Sector.objects.filter(level="class")[:50])
    firms = Enterprise.objects.bulk_create(
        Enterprise(name_en=f"Firm {number}", sector=sectors[number % 50], province_id=f"{number % 20 + 1:02}")
        for number in range(101)
    )
    years = EnterpriseYear.objects.bulk_create(
        EnterpriseYear(enterprise=other, year=2024, employees=20) for other in firms
    )
    for year in years:
        year.enterprise.latest = year
    Enterprise.objects.bulk_update([year.enterprise for year in years], ["latest"])
    first = EnterpriseYear.objects.filter(enterprise=firm).count() + 2000
    for number in range(25):
        make_enterprise_year(enterprise=firm, year=first + number, employees=number)
        make_product(enterprise=firm)
        make_certificate(enterprise=firm)
        ClusterMembership.objects.create(cluster=make_cluster(), enterprise=firm)
        SupplyLink.objects.create(supplier=firm, buyer=firms[number], hs_code="1006")
        SupplyLink.objects.create(buyer=firm, supplier=firms[number], hs_code="1006")


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
        assert response.status_code == 200, address
        response.getvalue()
    return len(queries)


@pytest.mark.parametrize("role", ROLES)
def test_pages_ask_few_queries_and_no_more_when_rows_double(client_for, role):
    write_facts()
    client, firm = client_for(role), make_enterprise()
    addresses = [*ADDRESSES, firm.get_absolute_url()]

    add_rows(firm)
    first = {address: queries_of(client, address) for address in addresses}
    add_rows(firm)
    second = {address: queries_of(client, address) for address in addresses}

    assert {address: number for address, number in first.items() if number > MOST} == {}
    assert second == first
