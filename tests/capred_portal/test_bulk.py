"""Many rows at once hold what single saves would hold, on both databases; an error leaves nothing."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from capred_portal.bulk import bulk_change, bulk_load, defaults
from capred_portal.models import Load, LoadRow, Organisation
from programs.models import Currency, ProgramBudget
from tests.factories import make_organisation, make_program, make_user

pytestmark = pytest.mark.django_db

COLUMNS = ("name_en", "name_km", "name_en_key", "name_km_key", "search_key")
ODD = [
    "a\tb",
    "a\nb",
    "a\r\nb",
    "\\",
    "\\N",
    "\\.",
    "a\\tb",
    "'",
    '"',
    "%s ?",
    "ក្រុម\u200b",
    "😀",
    " x ",
    "=1+1",
    "\x01",
]


def load_organisations(*names):
    rows = [(name, "", f"key {number}", "", name) for number, name in enumerate(names)]
    return bulk_load(Organisation, COLUMNS, rows, defaults(Organisation, COLUMNS))


def make_load():
    return Load.objects.create(kind="attendance", file_name="a.csv", created_by=make_user())


def test_bulk_load_keeps_every_text():
    assert load_organisations(*ODD) == len(ODD)

    assert list(Organisation.objects.order_by("pk").values_list("name_en", flat=True)) == ODD


def test_bulk_load_escapes_a_row_with_both_a_backslash_and_nothing():
    program = make_program()
    columns = ("program_id", "currency", "budget", "spent", "source")
    rows = [(program.pk, "USD", None, 1, "\\N"), [program.pk, "KHR", None, 1, "plain"]]

    assert bulk_load(ProgramBudget, columns, rows, defaults(ProgramBudget, columns)) == 2

    found = ProgramBudget.objects.order_by("pk").values_list("budget", "source")
    assert list(found) == [(None, "\\N"), (None, "plain")]


def test_bulk_load_holds_what_a_save_holds():
    program = make_program()
    token, moment = uuid.uuid4(), dt.datetime(2026, 6, 30, 3, 0, 1, 5, tzinfo=dt.UTC)
    values = {
        "program_id": program.pk,
        "currency": Currency.USD,
        "budget": Decimal("1234567890123.45"),
        "spent": Decimal("0.1"),
        "as_of": dt.date(2026, 6, 30),
        "source": "a\tb",
        "created_at": moment,
        "creation_token": token,
        "is_demo": True,
    }

    bulk_load(ProgramBudget, (*values,), [(*values.values(),)], defaults(ProgramBudget, values))

    budget = ProgramBudget.objects.get(
        is_demo=True, budget=Decimal("1234567890123.45"), spent="0.10", as_of="2026-06-30", creation_token=token
    )
    assert {name: getattr(budget, name) for name in values} == values
    assert budget.version == 1
    assert (dt.datetime.now(dt.UTC) - budget.updated_at).total_seconds() < 60
    budget.save()


def test_bulk_load_writes_the_value_of_a_choice():
    rows = [(pk, f"Firm {pk}", Organisation.Kind.DEVELOPMENT_PARTNER) for pk in (1, 2)]
    columns = ("id", "name_en", "kind")

    bulk_load(Organisation, columns, rows, defaults(Organisation, columns))

    assert set(Organisation.objects.values_list("kind", flat=True)) == {"partner"}


def test_bulk_load_takes_json_and_its_text():
    load = make_load()
    raw = {"name": 'a\tb\\ "q" \n ក', "empty": None, "list": [1, 2.5, True]}
    columns = ("load_id", "line", "outcome", "raw", "errors")
    rows = [(load.pk, 2, "new", raw, []), (load.pk, 3, "new", '{"name": "a\\tb"}', "[1]")]

    bulk_load(LoadRow, columns, rows, defaults(LoadRow, columns))

    first, second = load.rows.order_by("line")
    assert (first.raw, first.errors, first.values, first.target) == (raw, [], {}, None)
    assert (second.raw, second.errors) == ({"name": "a\tb"}, [1])
    assert load.rows.filter(raw__name="a\tb").get() == second


def test_bulk_load_of_no_rows_writes_nothing():
    assert load_organisations() == 0
    assert bulk_change(Organisation, ["acronym"], []) == 0


def test_bulk_load_reads_rows_while_it_writes():
    names = (f"Firm {number}" for number in range(1_234))

    assert (
        bulk_load(Organisation, COLUMNS, ((n, "", n, "", n) for n in names), defaults(Organisation, COLUMNS)) == 1_234
    )

    assert Organisation.objects.filter(name_en="Firm 1233").exists()


@pytest.mark.parametrize("rows", [[("A", "", "a", "", ""), ("B", "", "a", "", "")], [("A", "", "a", "", "")] * 2])
def test_bulk_load_writes_all_rows_or_none(rows):
    with pytest.raises(IntegrityError):
        bulk_load(Organisation, COLUMNS, rows, defaults(Organisation, COLUMNS))

    assert not Organisation.objects.exists()


def test_bulk_load_leaves_nothing_when_its_rows_break():
    def rows():
        yield "A", "", "a", "", ""
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        bulk_load(Organisation, COLUMNS, rows(), defaults(Organisation, COLUMNS))

    assert not Organisation.objects.exists()


def test_bulk_load_is_part_of_the_transaction_around_it():
    with transaction.atomic():
        load_organisations("A")
        transaction.set_rollback(True)

    assert not Organisation.objects.exists()


def test_bulk_load_refuses_a_missing_value():
    with pytest.raises(DatabaseError):
        bulk_load(Organisation, COLUMNS, [("A", "", "a", "", "")])

    assert not Organisation.objects.exists()


def test_bulk_change_sets_columns_by_primary_key():
    first, second, third = (make_organisation() for _ in range(3))
    rows = [(third.pk, "a\tb\\", 5), (first.pk, "", 6), (third.pk + 99, "x", 7)]

    assert bulk_change(Organisation, ["acronym", "version"], rows) == 2

    found = Organisation.objects.order_by("pk").values_list("acronym", "version")
    assert list(found) == [("", 6), (second.acronym, 1), ("a\tb\\", 5)]


def test_bulk_change_sets_json_days_and_nothing():
    load = make_load()
    row = LoadRow.objects.create(load=load, line=2, outcome="new", raw={}, target=7)
    budget = ProgramBudget.objects.create(program=make_program(), currency="USD", budget=5)

    bulk_change(LoadRow, ["raw", "target"], [(row.pk, {"a": "\\\n"}, None)])
    bulk_change(ProgramBudget, ["budget", "as_of"], [(budget.pk, Decimal("2.50"), dt.date(2026, 1, 2))])
    bulk_change(ProgramBudget, ["is_demo"], [(budget.pk, True)])

    row.refresh_from_db()
    budget.refresh_from_db()
    assert (row.raw, row.target) == ({"a": "\\\n"}, None)
    assert (budget.budget, budget.as_of, budget.is_demo) == (Decimal("2.50"), dt.date(2026, 1, 2), True)


def test_bulk_change_changes_all_rows_or_none():
    first, second = make_organisation(), make_organisation()

    with pytest.raises(IntegrityError):
        bulk_change(Organisation, ["name_en_key"], [(first.pk, "same"), (second.pk, "same")])

    assert not Organisation.objects.filter(name_en_key="same").exists()


def test_defaults_leave_out_what_is_named_and_what_the_database_gives():
    found = defaults(Organisation, ["name_en", "created_at"])

    assert found["kind"] == Organisation.Kind.UNKNOWN
    assert found["version"] == 1
    assert "updated_at" in found
    assert not {"id", "name_en", "created_at", "archived_at"} & found.keys()
