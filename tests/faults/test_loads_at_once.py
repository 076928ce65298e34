"""Two loads at once, and a load beside a person who saves: nothing is doubled, nothing is lost without a word."""

import pytest
from django.urls import reverse

from capred_portal import loads, spreadsheets
from capred_portal.facts import write_facts
from capred_portal.models import Load, LoadRow
from capred_portal.records import StaleRecord
from enterprises.models import Enterprise
from tests.factories import make_user
from tests.faults.test_parallel_saves import together
from tests.register_factories import make_enterprise

pytestmark = pytest.mark.django_db(transaction=True)

State, Outcome = Load.State, LoadRow.Outcome
ROUNDS = 5
HEADER = ["Registration number", "Name (Latin)", "ISIC class", "Province", "Phone"]


@pytest.fixture(autouse=True)
def _facts(db):
    write_facts()


@pytest.fixture
def two_people(client_for):
    return client_for("staff"), client_for("verifier")


def checked(*rows):
    """Return a load of these rows that waits for confirmation."""
    content = spreadsheets.write_csv(HEADER, [[*row, *[""] * (len(HEADER) - len(row))] for row in rows])
    kind, by = loads.REGISTRY["enterprises"], make_user()
    load = loads.receive(kind=kind, content=content, file_name="a.csv", scope={}, by=by, enqueue=False)
    loads.check_load.func(load.pk)
    load.refresh_from_db()
    assert (load.state, load.counts["wrong"]) == (State.CHECKED, 0)
    return load


def done(*rows):
    """Return a load of these rows that was carried out."""
    load = checked(*rows)
    assert loads.confirm(load)
    loads.apply_load.func(load.pk)
    load.refresh_from_db()
    assert load.state == State.DONE
    return load


def press(person, button, load):
    """Return a job that presses the button of a load's page."""
    return lambda: person.post(reverse(f"loads:{button}", args=[load.pk]))


def state(load):
    load.refresh_from_db()
    return load.state


@pytest.mark.parametrize("number", ["N{}.{}", ""])
def test_two_loads_of_one_file_confirmed_at_once_write_it_once(two_people, number):
    """Without numbers too, where no constraint of the database would find the double."""
    for turn in range(ROUNDS):
        rows = [(number.format(turn, n), f"New {turn} {n}", "1061", "02") for n in range(300)]
        both = [checked(*rows), checked(*rows)]

        together(*(press(person, "confirm", load) for person, load in zip(two_people, both, strict=True)))

        first, second = sorted(both, key=lambda load: state(load) != State.DONE)
        assert (first.state, second.state, second.problem) == (State.DONE, State.CHECKED, "changed")
        assert second.counts["unchanged"] == second.rows.filter(outcome=Outcome.UNCHANGED).count() == len(rows)
        assert Enterprise.objects.count() == (turn + 1) * len(rows)


def test_two_loads_that_change_one_firm_confirmed_at_once_change_it_once(two_people):
    firm = make_enterprise(registration_number="1", name_en="Known")
    for turn in range(ROUNDS):
        both = [checked(("1", f"Changed {turn}")), checked(("1", f"Changed {turn}"))]

        together(*(press(person, "confirm", load) for person, load in zip(two_people, both, strict=True)))

        firm.refresh_from_db()
        assert sorted(state(load) for load in both) == [State.CHECKED, State.DONE]
        assert (firm.name_en, firm.version) == (f"Changed {turn}", turn + 2)
        assert firm.history.count() == firm.version


def test_one_load_confirmed_twice_at_once_is_written_once(two_people):
    for turn in range(ROUNDS):
        load = checked(*((f"N{turn}.{n}", f"New {n}") for n in range(200)))

        together(*(press(person, "confirm", load) for person in two_people))

        assert (state(load), load.problem) == (State.DONE, "")
        assert Enterprise.objects.count() == (turn + 1) * 200


def test_one_load_written_by_two_workers_at_once_is_written_once():
    """As when a lease has run out although its worker lives."""
    for turn in range(ROUNDS):
        load = checked(*((f"N{turn}.{n}", f"New {n}") for n in range(200)))
        assert Load.objects.filter(pk=load.pk).update(state=State.CONFIRMED)

        together(*[lambda pk=load.pk: loads.apply_load.func(pk)] * 2)

        assert (state(load), load.problem) == (State.DONE, "")
        assert Enterprise.objects.count() == (turn + 1) * 200


def test_one_load_checked_by_two_workers_at_once_is_checked_once():
    for turn in range(ROUNDS):
        load = checked(*((f"N{turn}.{n}", f"New {n}") for n in range(200)))
        assert Load.objects.filter(pk=load.pk).update(state=State.UPLOADED)

        together(*[lambda pk=load.pk: loads.check_load.func(pk)] * 2)

        assert (state(load), load.problem, load.counts["new"]) == (State.CHECKED, "", 200)
        assert load.rows.count() == load.rows_done == 200


def test_a_check_that_begins_after_another_has_ended_keeps_what_that_one_found():
    load = checked(*((f"N{n}", f"New {n}") for n in range(200)))
    assert Load.objects.filter(pk=load.pk).update(state=State.UPLOADED)
    late = Load.objects.get(pk=load.pk)

    loads.check_load.func(load.pk)
    loads.check(late)

    assert (state(load), load.problem, load.counts["new"]) == (State.CHECKED, "", 200)
    assert load.rows.count() == load.rows_done == 200


def test_undo_pressed_twice_at_once_undoes_once(two_people):
    firm = make_enterprise(registration_number="1", name_en="Known")
    for turn in range(ROUNDS):
        load = done(("1", f"Changed {turn}"), (f"N{turn}", "New"))

        answers = together(*(press(person, "undo", load) for person in two_people))

        firm.refresh_from_db()
        assert {answer.status_code for answer in answers} == {302}
        assert state(load) == State.UNDONE
        assert (firm.name_en, firm.version) == ("Known", 3 + 2 * turn)
        assert list(firm.history.order_by("version").values_list("version", flat=True)) == [*range(1, firm.version + 1)]
        assert not Enterprise.objects.active().exclude(pk=firm.pk).exists()


def test_undo_beside_another_load_of_the_same_rows(two_people):
    """Who comes second is told: either the undo stands against a newer version, or the load looks again."""
    for turn in range(ROUNDS):
        numbers = [f"{turn}.{n}" for n in range(200)]
        done(*((number, "First") for number in numbers))
        undone = done(*((number, "Second") for number in numbers))
        later = checked(*((number, "Third") for number in numbers))

        together(press(two_people[0], "undo", undone), press(two_people[1], "confirm", later))

        ends = (state(undone), state(later))
        assert ends in ((State.UNDONE, State.CHECKED), (State.DONE, State.DONE))
        name = "First" if ends[0] == State.UNDONE else "Third"
        firms = Enterprise.objects.filter(registration_number__in=numbers).values_list("name_en", "version")
        assert {*firms} == {(name, 3)}
        versions = Enterprise.history.filter(registration_number__in=numbers).values_list("id", "version")
        assert len(versions) == len({*versions}) == 2 * len(numbers)
        assert name == "Third" or later.problem == "changed"


def test_undo_beside_a_person_who_saves(two_people):
    """A save is refused as stale or stands against the undo; it is never overwritten."""
    person = make_user()
    for turn in range(ROUNDS):
        firm = make_enterprise(registration_number=f"{turn}", name_en="First")
        load = done((f"{turn}", "Second"), *((f"{turn}.{n}", "New") for n in range(200)))
        opened = Enterprise.objects.get(pk=firm.pk)
        opened.name_km = "ឈ្មោះ"

        def save(opened=opened):
            try:
                opened.save_version(by=person, expected=2)
            except StaleRecord:
                return False
            return True

        _answer, saved = together(press(two_people[0], "undo", load), save)

        firm.refresh_from_db()
        assert (state(load) == State.DONE) is saved
        assert (firm.name_en, firm.name_km, firm.version) == (("Second", "ឈ្មោះ", 3) if saved else ("First", "", 3))
