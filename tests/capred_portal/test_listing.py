"""Pages of lists: which rows stand on one, and how the database finds them."""

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from capred_portal.listing import list_page
from capred_portal.models import Organisation
from tests.factories import make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def names():
    return [make_organisation(name_en=f"Firm {number}").name_en for number in (3, 1, 5, 2, 4)]


@pytest.mark.parametrize("keys_first", [False, True])
@pytest.mark.parametrize(("asked", "expected"), [("", [5, 4]), ("2", [3, 2]), ("99", [1]), ("x", [5, 4])])
def test_a_page_holds_its_rows_in_order(asked, expected, keys_first, names, rf: RequestFactory):
    rows = Organisation.objects.filter(name_en__in=names).select_related("created_by").order_by("-name_en")

    found = list_page(rf.get("/", {"page": asked}), rows, per_page=2, keys_first=keys_first)

    assert [row.name_en for row in found["page_obj"]] == [f"Firm {number}" for number in expected]
    assert found["rows_count"] == 5


def test_keys_are_found_before_the_rows_are_joined(names, rf: RequestFactory):
    rows = Organisation.objects.select_related("created_by").order_by("-name_en")

    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = list(list_page(rf.get("/"), rows, per_page=2, keys_first=True)["page_obj"])

    assert len(page) == 2
    [_count, chosen] = [query["sql"] for query in queries]
    before, _in, within = chosen.partition(" IN (SELECT ")
    assert "JOIN" in before
    assert "LIMIT 2" in within
    assert "JOIN" not in within
