"""Every table holds the rows its list shows, for every role; every cell can be told, and so is every kind of record."""

import datetime as dt
import re
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from capred_portal.access import may
from capred_portal.models import User
from capred_portal.records import Record
from capred_portal.tables import TABLES, Requester, TableExport
from indicators.models import Indicator, IndicatorRule
from tests.factories import ROLES, make_agenda_item, make_person
from tests.indicator_factories import make_source
from tests.routes import make_sample
from tests.trade_factories import make_trade

FRAGMENT = {"HX-Request": "true"}
TYPES = {
    "text": str,
    "integer": int,
    "number": (int, float, Decimal),
    "date": dt.date,
    "moment": dt.datetime,
    "yes or no": bool,
}

# Kinds of records without a table of their own, each with the reason.
NO_TABLE = {
    "capred_portal.PrivacyNotice": "its page shows every version word for word to everybody",
}

# Lists that say how many of something else they show than the rows of their table are; or do not say it.
COUNTS_OTHERS = {
    "cluster-members": "firms, each with its memberships",
    "strategies": "cards",
    "completeness": "no count",
    "input-output-tables": "no count",
    "scenarios": "no count",
    "sources": "no count",
}


@pytest.fixture(scope="module")
def sample(django_db_setup, django_db_blocker):
    """Facts and demonstration rows, written once and rolled back after the last test."""
    with django_db_blocker.unblock(), transaction.atomic():
        sample = make_sample()
        make_agenda_item([make_person()], workshop=sample.workshop, is_demo=True, starts_at=dt.time(8, 30))
        IndicatorRule.objects.create(
            indicator=Indicator.objects.filter(is_demo=True).earliest("pk"), number=9, rule={}, why="New"
        )
        make_trade(make_source(is_demo=True))
        yield sample
        transaction.set_rollback(True)


def user_of(role):
    return User.objects.get(username=role)


def taken(name, role, **params):
    return TableExport(TABLES[name], Requester(user_of(role)), params)


def readers_of(name):
    return [role for role in ROLES if may(user_of(role), TABLES[name].action)]


def some_filters(name, role):
    """Yield each filter of a table with a value that means something."""
    form = taken(name, role).chosen.form
    for field, each in form.fields.items():
        choices = list(getattr(each, "choices", ()))
        flat = [option for value, word in choices for option in (word if isinstance(word, list) else [(value, word)])]
        told = [str(getattr(value, "value", value)) for value, _word in flat if str(value)]
        if told:
            yield field, told[-1]
        elif "min_value" in vars(each) or field in {"q", "year"}:
            yield field, "2025" if field == "year" else "1" if "min_value" in vars(each) else "a"


def count_on_page(client, url, params):
    cache.clear()
    page = client.get(f"{url}?{urlencode(params)}", headers=FRAGMENT).content.decode()
    told = re.search(r'class="count"[^>]*>\D*?([\d,]+)', page)
    return int(told[1].replace(",", "")) if told else None


@pytest.mark.parametrize("role", ["staff", "officer"])
def test_a_table_has_as_many_rows_as_its_list_says(db, sample, role):
    client = Client()
    client.force_login(user_of(role), "django.contrib.auth.backends.ModelBackend")
    differ, compared = [], 0
    for table in TABLES.values():
        if not table.list_url or table.name in COUNTS_OTHERS or role not in readers_of(table.name):
            continue
        for name, value in [("nothing", ""), *some_filters(table.name, role)]:
            params = {name: value} if value else {}
            rows = taken(table.name, role, **params).rows
            compared += 1
            if (on_page := count_on_page(client, reverse(table.list_url), params)) != rows.count():
                differ.append((table.name, params, rows.count(), on_page))

    assert differ == []
    assert compared > 100


def test_the_table_of_memberships_has_the_firms_of_its_list(db, sample):
    client = Client()
    client.force_login(user_of("officer"), "django.contrib.auth.backends.ModelBackend")

    firms = taken("cluster-members", "officer").rows.values("enterprise").distinct().count()

    assert count_on_page(client, reverse("clusters:member_list"), {}) == firms


@pytest.mark.parametrize("role", ["staff", "officer"])
def test_every_cell_of_every_table_can_be_told(db, sample, role):
    wrong: list[tuple[object, ...]] = []
    empty: list[str] = []
    for name in TABLES:
        if role not in readers_of(name):
            continue
        with override("km"):
            told = taken(name, role)
            kinds = {column.name: column.kind for column in told.columns}
            rows, machines = list(told.for_people()), list(told.for_machines())
        empty += [] if rows else [name]
        if not told.count == len(rows) == len(machines):
            wrong.append((name, told.count, len(rows), len(machines)))
        wrong += [
            (name, column, value)
            for row in machines
            for column, value in row.items()
            if value is not None and not isinstance(value, TYPES[kinds[column]])
        ]
        assert all(len(row) == len(kinds) == len(told.header) for row in rows)
        assert len(set(kinds)) == len(told.columns), name

    assert wrong == []
    assert empty == []


def test_all_who_keep_the_lists_get_the_same_columns(db, sample):
    for name, table in TABLES.items():
        keepers = [role for role in readers_of(name) if role != "officer"]

        assert keepers == ["staff", "verifier", "admin"]
        assert all(table.columns_for(user_of(role)) == list(table.columns) for role in keepers), name


def test_officers_get_no_table_of_people_and_no_column_of_what_a_firm_told(db, sample):
    hidden = {
        f"{table.name}.{column.name}"
        for table in TABLES.values()
        for column in table.columns
        if "officer" not in readers_of(table.name) or column not in table.columns_for(user_of("officer"))
    }

    assert {table.name for table in TABLES.values() if "officer" not in readers_of(table.name)} == {
        *("attendances", "documents", "enterprise-years", "people"),
    }
    assert {
        "enterprises.phone",
        "products.capacity",
        "links.value_usd",
        "support.value",
        "link-stages.note_en",
    } <= hidden
    assert {
        "enterprises.size_class",
        "actions.owner_en",
        "budgets.budget",
        "statements.person_name_en",
    } & hidden == set()


def test_tables_of_people_take_a_key_for_people(db):
    assert {name for name, table in TABLES.items() if table.scope == "people"} == {"people", "attendances"}


def test_every_kind_of_record_is_in_some_table(db):
    told = {table.rows().model for table in TABLES.values()}

    def kinds(parent):
        for each in parent.__subclasses__():
            yield from [each] if not each._meta.abstract else kinds(each)

    missing = {each._meta.label for each in kinds(Record) if each not in told}

    assert missing == set(NO_TABLE)


def test_without_demonstration_rows_a_table_has_none(db, sample):
    for table in TABLES.values():
        rows = TableExport(table, Requester(user_of("staff")), {}, with_demo=False).rows
        if not table.demo:
            assert not any(field.name == "is_demo" for field in rows.model._meta.get_fields()), table.name
            continue

        assert not rows.filter(**{table.demo: True}).exists(), table.name
        assert not any(
            row["is_demo"] for row in TableExport(table, Requester(user_of("staff")), {}, False).for_machines()
        )


def test_tables_with_demonstration_rows_mark_them(db):
    unmarked = {
        table.name
        for table in TABLES.values()
        if table.demo and "is_demo" not in {column.name for column in table.columns}
    }

    assert unmarked == set()


def test_titles_of_a_table_and_names_of_its_columns_differ(db):
    for language in ("en", "km"):
        with override(language):
            for table in TABLES.values():
                titles = [str(column.title) for column in table.columns]

                assert sorted(set(titles)) == sorted(titles), table.name
                assert str(table.title)
                assert table.one_row


def test_changed_since_keeps_what_changed(db, sample):
    table = taken("workshops", "staff")
    newest = table.rows.latest("updated_at")

    later = taken("workshops", "staff", updated_since=(newest.updated_at + dt.timedelta(seconds=1)).isoformat())
    same = taken("workshops", "staff", updated_since=newest.updated_at.isoformat())

    assert later.count == 0
    assert newest in same.rows


def test_a_table_asks_one_query_however_many_rows_it_has(db, sample):
    asked = {}
    for name in TABLES:
        told = taken(name, "staff")
        assert told.rows is not None
        with CaptureQueriesContext(
            connection,
        ) as queries:
            list(told.for_people())
        asked[name] = len(queries)

    several = {name: count for name, count in asked.items() if count > 1}
    # Of firms the definitions too; of workshops who came; of programs their indicators, values and paths.
    assert several == {"attendance-by-group": 2, "enterprises": 2, "smes-reached": 2, "program-values": 4}
