"""Any file on any register: undoing a load gives the register back, and loading a file twice changes nothing more."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from capred_portal import loads, spreadsheets
from capred_portal.facts import write_facts
from capred_portal.models import Load, LoadRow
from enterprises.models import Enterprise
from tests.factories import make_user

State, Outcome = Load.State, LoadRow.Outcome
EXAMPLES = 60  # the same ones each time: a test of the suite, not a hunt

# Few values, so that rows and records meet.
NUMBERS = ["", "", "1", "2", "0003", "3", "១"]
NAMES = ["", "Rice Mill", "Rice Mill Co., Ltd.", "Red Pepper", "Brick Works"]
KHMER = ["", "", "រោងម៉ាស៊ីន", "ក្រុមហ៊ុន រោងម៉ាស៊ីន", "ឥដ្ឋ"]
PROVINCES, DISTRICTS = ["", "02", "03"], ["", "", "0204"]
PHONES = ["", "012345678", "+85512345679"]

CELLS = {
    "Registration number": [*NUMBERS, "4"],
    "Name (Latin)": [*NAMES, "CLEAR"],
    "Name (Khmer)": [*KHMER, "CLEAR"],
    "ISIC class": ["", "1061", "C1392", "CLEAR"],
    "Province": [*PROVINCES, "Battambang", "CLEAR"],
    "District": [*DISTRICTS, "CLEAR"],
    "Phone": [*PHONES, "CLEAR"],
    "Founded": ["", "2015", "CLEAR"],
    "Registered on": ["", "2016-03-01", "45518", "CLEAR"],
    "Legal form": ["", "sole", "Cooperative", "CLEAR"],
    "Women-owned": ["", "yes", "no", "CLEAR"],
}
WRONG = ["CLEAR", "#REF!", "=A1", "9999", "Atlantis", "0102", "12", "1015", "31/02/2024", "?", "perhaps"]  # by column
RIGHT_ROWS = st.tuples(*map(st.sampled_from, CELLS.values()))
WRONG_ROWS = st.builds(
    lambda row, place: (*row[:place], WRONG[place], *row[place + 1 :]), RIGHT_ROWS, st.integers(0, len(WRONG) - 1)
)
ROWS = st.lists(st.one_of(RIGHT_ROWS, RIGHT_ROWS, RIGHT_ROWS, WRONG_ROWS), min_size=1, max_size=8)
FIRMS = st.lists(
    st.tuples(*map(st.sampled_from, (["", "", "1", "2", "0003"], NAMES, KHMER, PROVINCES, ["", "+85512345678"]))),
    max_size=5,
)


@pytest.fixture
def by(db):
    write_facts()
    return make_user()


def without_trace(test):
    """Run each example in a transaction that is rolled back."""

    def run(by, firms, rows):
        with transaction.atomic():
            test(by, firms, rows)
            transaction.set_rollback(True)

    run.__name__, run.__doc__ = test.__name__, test.__doc__
    return run


def anything(test):
    """Give a test registers and files."""
    quietly = settings(
        max_examples=EXAMPLES, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    return quietly(given(firms=FIRMS, rows=ROWS)(test))


def make_register(firms):
    """Save the firms that the register allows: with a name, each number once."""
    numbers = set()
    for number, name_en, name_km, province, phone in firms:
        if (name_en or name_km) and (not number or number not in numbers):
            numbers.add(number)
            place = {"province_id": province or None, "phone": phone}
            Enterprise.objects.create(registration_number=number, name_en=name_en, name_km=name_km, **place)


def register():
    """Return all that the register says, by id, without versions and who wrote them."""
    apart = {"id", "version", "updated_at", "updated_by_id"}
    names = [field.attname for field in Enterprise._meta.concrete_fields if field.attname not in apart]
    return {pk: tuple(told) for pk, *told in Enterprise.objects.active().order_by("pk").values_list("pk", *names)}


def load(rows, by):
    kind, content = loads.REGISTRY["enterprises"], spreadsheets.write_csv([*CELLS], rows)
    return loads.load_now(kind=kind, content=content, file_name="a.csv", scope={}, by=by)


def outcomes(load):
    return dict(load.rows.values_list("line", "outcome"))


@anything
@without_trace
def test_a_load_that_is_undone_leaves_the_register_as_it_was(by, firms, rows):
    make_register(firms)
    before = register()
    versions = dict(Enterprise.objects.values_list("pk", "version"))

    done = load(rows, by)
    after = register()
    blockers = loads.undo(done, by=by) if done.state == State.DONE else []

    for outcome in sorted({*outcomes(done).values()}):
        event(outcome)
    assert (done.problem, blockers) == ("", []) or done.problem == "no_rows"
    assert len(after) == len(before) + done.counts.get("new", 0) + done.counts.get("uncertain", 0)
    assert sum(after[pk] != told for pk, told in before.items()) == done.counts.get("changed", 0)
    assert register() == before
    for pk, version in Enterprise.objects.filter(pk__in=versions).values_list("pk", "version"):
        assert version in (versions[pk], versions[pk] + 2)


@anything
@without_trace
def test_a_file_loaded_twice_changes_nothing_the_second_time(by, firms, rows):
    """What was wrong is judged again: it may mean something else after the right rows were written."""
    make_register(firms)
    first = load(rows, by)
    right = [row for line, row in enumerate(rows, start=2) if outcomes(first).get(line, "wrong") != "wrong"]
    once = register()

    second = load(right, by) if right else None

    assert register() == once
    assert second is None or {*outcomes(second).values()} == {Outcome.UNCHANGED}
