"""What those who may not read firms, or write records, see of suppliers: nothing that tells capacity or owners."""

from decimal import Decimal

import pytest
from django.core.cache import cache
from django.urls import reverse

from tests.register_factories import make_certificate, make_product
from tests.supplier_rows import PAGE, groups_on, make_meaning, maker


@pytest.mark.parametrize("role", ["officer", "admin"])
def test_who_writes_no_records_sees_firms_without_the_buttons(client_for, role):
    maker("Maker")

    page = client_for(role).get(PAGE, {"hs": "4819"}).content.decode()

    assert "Maker" in page
    for name in ("links:new", "actions:new", "workshops:new"):
        assert reverse(name) not in page
    assert 'name="firm"' not in page


def test_nothing_that_an_officer_sees_depends_on_capacity_or_owners(client_for):
    make_meaning()
    make_certificate()
    for name, capacity in (("Able", 10), ("Better", 9_999), ("Cannot", None)):
        maker(name, capacity=capacity, is_women_owned=name == "Cannot")
    two = maker("Two items", capacity=1, hs_code="481910")
    make_product(enterprise=two, hs_code="481920", name_en="Bags", capacity=Decimal(9_999), capacity_unit="t")
    officer = client_for("officer")
    asked = {"hs": "4819", "standard": "iso 9001"}
    plain = officer.get(PAGE, asked)
    body = plain.context["sections"]

    for hidden in ({"quantity": "2000", "unit": "t"}, {"women": "yes"}, {"quantity": "1"}):
        cache.clear()
        told = officer.get(PAGE, asked | hidden)
        assert [section.rows for section in told.context["sections"]] == [section.rows for section in body]
        files = [
            officer.get(reverse("suppliers:export", args=["csv"]), given).getvalue()
            for given in (asked, asked | hidden)
        ]
        assert files[0] == files[1]
    assert [str(row.firm) for row in body[1].rows] == ["Able", "Better", "Cannot", "Two items"]
    page = plain.content.decode()
    for word in ("9,999", "9999", "Quantity needed", "capacity 1", "Owned or led"):
        assert word not in page
    assert all(row.candidate.fit.offer.capacity is None for section in body[:2] for row in section.rows)


def test_a_capacity_that_changes_changes_nothing_for_officers(client_for):
    firm = maker("Two items", capacity=1, hs_code="481910")
    other = make_product(enterprise=firm, hs_code="481920", name_en="Bags", capacity=Decimal(2), capacity_unit="t")
    officer = client_for("officer")
    before = groups_on(officer, hs="4819")

    type(other).objects.filter(pk=other.pk).update(capacity=None, capacity_unit="")

    assert groups_on(officer, hs="4819") == before
