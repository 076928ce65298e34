"""How a load asks and writes: through the indexes, and only the columns that change."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from capred_portal import load_tables
from capred_portal.models import Load, LoadRow
from enterprises.loaders.enterprises import EnterpriseTable
from enterprises.models import Enterprise
from tests.factories import make_user
from tests.register_factories import make_enterprise

CHANGED = LoadRow.Outcome.CHANGED


def changed_row(firm, **new):
    """Return the kept row of a firm that a load changes."""
    load = Load.objects.create(kind="enterprises", created_by=make_user())
    table = EnterpriseTable()
    known = next(table.rows("registration_number", [firm.registration_number]))
    values, before = table.complete(known.values | new), {name: known.values[name] for name in new}
    load.rows.create(line=2, outcome=CHANGED, raw={}, values=values, before=before, target=firm.pk, target_version=1)
    return table, load


@pytest.mark.parametrize("attribute", ["registration_number", "phone"])
def test_firms_are_found_through_the_index_that_holds_no_blank(db, attribute):
    make_enterprise(registration_number="1", phone="+85512345678")
    table = EnterpriseTable()

    with CaptureQueriesContext(connection) as queries:
        list(table.rows(attribute, ["1", "+85512345678"]))

    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL reads a small table whole")
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {queries[0]['sql']}")
        assert "USING INDEX" in " ".join(row[-1] for row in cursor.fetchall())


def test_a_load_writes_only_the_columns_that_change(db):
    firm = make_enterprise(name_en="Rice Mill", registration_number="1")
    Enterprise.objects.filter(pk=firm.pk).update(search_key="as it was")
    table, load = changed_row(firm, address="Street 3")

    written = load_tables.write(table, load)

    firm.refresh_from_db()
    assert written
    assert (firm.address, firm.version, firm.search_key) == ("Street 3", 2, "as it was")


def test_a_load_that_changes_a_name_writes_its_keys(db):
    firm = make_enterprise(name_en="Rice Mill", registration_number="1")
    table, load = changed_row(firm, name_en="Brick Works")

    written = load_tables.write(table, load)

    firm.refresh_from_db()
    assert written
    assert (firm.name_en, firm.name_en_key, firm.search_key) == ("Brick Works", "brick works", "brick works 1")
