"""The staged load, through the attendance list: checking, previewing, confirming, undoing."""

from unittest import mock

import pytest

from capred_portal import loads, spreadsheets
from capred_portal.models import Load, LoadRow, Organisation
from capred_portal.records import DataVersion
from programs.models import Attendance, Person, Statement
from tests.factories import make_attendance, make_organisation, make_person, make_user, make_workshop

HEADER = ["Name (Latin)", "Sex", "Organisation", "Phone", "Days", "Consent"]
State, Outcome = Load.State, LoadRow.Outcome


def csv_of(*rows, header=HEADER):
    return spreadsheets.write_csv(header, rows)


def check(content, workshop, *, by=None, file_name="list.csv"):
    """Return a load after its check, as the worker leaves it."""
    kind = loads.REGISTRY["attendance"]
    scope = {"workshop": workshop.pk}
    load = loads.receive(kind=kind, content=content, file_name=file_name, scope=scope, by=by or make_user())
    loads.check_load.func(load.pk)
    load.refresh_from_db()
    return load


def carry_out(load):
    """Confirm a load and write it, as the worker does."""
    assert loads.confirm(load)
    loads.apply_load.func(load.pk)
    load.refresh_from_db()
    return load


def outcomes(load):
    return list(load.rows.values_list("outcome", flat=True))


# Checking


def test_headers_are_recognised_in_both_languages(db):
    header = ["ឈ្មោះខ្មែរ", "ភេទ", "GENDER?", "Phone\u200b number"]

    load = check(csv_of(["សុខ ដារ៉ា", "ស្រី", "", "០១២ ៣៤៥ ៦៧៨"], header=header), make_workshop())

    row = load.rows.get()
    assert load.mapping["columns"] == {"name_km": 0, "sex": 1, "phone": 3}
    assert row.values == {"name_km": "សុខ ដារ៉ា", "sex": "f", "phone": "+85512345678"}


def test_every_wrong_row_of_a_long_file_is_reported_at_once(db, django_assert_max_num_queries):
    rows = [[f"Person {line}", "f", "Ministry", "", "1", ""] for line in range(2, 5002)]
    for line in (2, 17, 2500, 5001):
        rows[line - 2] = ["", "robot", "Ministry", "12", "99", ""]

    with django_assert_max_num_queries(80):  # SQLite writes the kept rows ninety at a time
        load = check(csv_of(*rows), make_workshop())

    wrong = load.rows.filter(outcome=Outcome.WRONG)
    assert list(wrong.values_list("line", flat=True)) == [2, 17, 2500, 5001]
    assert {error["column"] for error in wrong.first().errors} == {"sex", "phone", "days"}
    assert load.counts["new"] == 4996
    assert not Person.objects.exists()


def test_comparing_asks_the_same_number_of_queries_for_twice_the_rows(db, django_assert_num_queries):
    workshop, kind = make_workshop(), loads.REGISTRY["attendance"]
    table = [[f"Person {line}", "f", f"Office {line}", "", "1", ""] for line in range(400)]

    def resolve(rows):
        header = spreadsheets.read_table(csv_of(*rows), "list.csv", max_rows=1000)
        lines = list(loads.read_lines(kind, header, loads.propose_mapping(kind, header.header)))
        return kind.start(Load(scope={"workshop": workshop.pk})).check(lines)

    with django_assert_num_queries(4):
        resolve(table[:200])
    with django_assert_num_queries(4):
        resolve(table)


def test_a_repeated_person_is_reported_with_the_line_of_the_first(db):
    rows = [["Sok Dara", "m", "Ministry", "", "1", ""], ["H.E. SOK  Dara", "m", "ministry", "", "1", ""]]

    load = check(csv_of(*rows), make_workshop())

    second = load.rows.get(line=3)
    assert outcomes(load) == [Outcome.NEW, Outcome.WRONG]
    assert loads.reasons(loads.REGISTRY["attendance"], second).endswith("line 2 of this file.")


@pytest.mark.parametrize(
    ("known", "line", "outcome"),
    [
        ({"name_en": "Sok Dara"}, ["Mr. sok dara", "", "Ministry", "", "", ""], Outcome.NEW),
        ({"name_en": "Sok Dara"}, ["Sok Dara", "", "Elsewhere", "", "", ""], Outcome.UNCERTAIN),
        ({"phone": "+85512345678"}, ["Sok Dara", "", "Elsewhere", "012345678", "", ""], Outcome.UNCERTAIN),
        ({"name_en": "Sok Dara", "phone": "+85512345678"}, ["Sok Dara", "", "Else", "012345678", "", ""], Outcome.NEW),
        (
            {"name_en": "", "name_km": "សុខ ដារ៉ា", "phone": "+85512345678"},
            ["Sok Dara", "", "", "012345678", "", ""],
            Outcome.NEW,
        ),
    ],
)
def test_only_exact_phone_or_name_and_organisation_is_the_same_person(db, known, line, outcome):
    person = make_person(**{"name_en": "Chan Thy", "organisation": make_organisation(name_en="Ministry")} | known)

    load = carry_out(check(csv_of(line), make_workshop()))

    found = Attendance.objects.get().person
    assert outcomes(load) == [outcome]
    assert (found == person) is (outcome == Outcome.NEW)
    assert found.is_possible_duplicate is (outcome == Outcome.UNCERTAIN)


def test_blank_leaves_and_clear_empties(db):
    workshop, office = make_workshop(), make_organisation(name_en="Ministry")
    person = make_person(name_en="Sok Dara", organisation=office, phone="+85512345678", email="a@example.org", sex="f")
    make_attendance(workshop=workshop, person=person, organisation=office, days=2)
    header = ["Name", "Organisation", "Sex", "E-mail", "Phone", "Days"]

    load = check(csv_of(["Sok Dara", "Ministry", "", "CLEAR", "012 345 679", "២"], header=header), workshop)

    assert outcomes(load) == [Outcome.CHANGED]
    assert load.rows.get().before == {"phone": "+85512345678", "email": "a@example.org"}
    carry_out(load)
    person.refresh_from_db()
    assert (person.phone, person.email, person.sex, person.version) == ("+85512345679", "", "f", 2)
    assert person.history.get(version=2).history_change_reason == f"load {load.pk}"


def test_without_consent_phone_and_email_are_not_kept(db):
    load = carry_out(check(csv_of(["Sok Dara", "f", "", "012345678", "1", "no"]), make_workshop()))

    row = load.rows.get()
    assert Person.objects.get().phone == ""
    assert "phone" not in row.values | row.raw


def test_the_six_answers_decide_about_disability(db):
    header = ["Name", "Disability", "Seeing", "Hearing", "Walking", "Remembering", "Self-care", "Communicating"]
    rows = [
        ["A", "no", "1", "a lot", "1", "1", "1", "1"],
        ["B", "", "1", "2", "1", "1", "1", "1"],
        ["C", "yes", "2", "", "", "", "", ""],
    ]

    carry_out(check(csv_of(*rows, header=header), make_workshop()))

    answers = Attendance.objects.order_by("person__name_en").values_list("disability", flat=True)
    assert list(answers) == ["yes", "no", "yes"]


# Writing and taking back


def test_a_load_can_be_repeated_without_doubling(db):
    workshop, content = make_workshop(), csv_of(["Sok Dara", "f", "Ministry", "012345678", "1", "yes"])
    version = DataVersion.current()
    first = carry_out(check(content, workshop))
    loads.apply_load.func(first.pk)

    again = check(content, workshop)

    assert outcomes(again) == [Outcome.UNCHANGED]
    assert list(loads.earlier_loads(again)) == [first]
    assert (Person.objects.count(), Attendance.objects.count(), Organisation.objects.count()) == (1, 1, 1)
    assert first.rows.get().target == Attendance.objects.get().pk
    assert DataVersion.current() != version


def test_a_record_changed_after_the_check_asks_for_another_look(db):
    workshop, office = make_workshop(), make_organisation(name_en="Ministry")
    load = check(csv_of(["Sok Dara", "f", "Ministry", "", "3", ""]), workshop)
    person = make_person(name_en="Sok Dara", organisation=office)
    make_attendance(workshop=workshop, person=person, organisation=office)

    carry_out(load)

    assert (load.state, load.problem) == (State.CHECKED, "changed")
    assert outcomes(load) == [Outcome.CHANGED]
    assert Attendance.objects.get().days == 1


def test_a_failure_while_writing_leaves_nothing_half_loaded(db):
    load = check(csv_of(["Sok Dara", "f", "Ministry", "", "1", ""]), make_workshop())

    with (
        mock.patch("programs.attendance_records.note_targets", side_effect=RuntimeError),
        mock.patch("capred_portal.loads.logger"),
    ):
        carry_out(load)

    assert (load.state, load.problem) == (State.FAILED, "broken")
    assert not Person.objects.exists()
    assert not Organisation.objects.exists()


def test_undo_archives_what_was_created_and_sets_back_what_was_changed(db):
    workshop, office, by = make_workshop(), make_organisation(name_en="Ministry"), make_user()
    person = make_person(name_en="Sok Dara", organisation=office, sex="")
    row = make_attendance(workshop=workshop, person=person, organisation=office)
    rows = [["Sok Dara", "f", "Ministry", "", "3", ""], ["Chan Thy", "m", "New office", "", "1", ""]]
    load = carry_out(check(csv_of(*rows), workshop))

    blockers = loads.undo(load, by=by)

    for record in (load, person, row):
        record.refresh_from_db()
    assert (blockers, load.state) == ([], State.UNDONE)
    assert (person.sex, row.days, row.version) == ("", 1, 3)
    assert list(Attendance.objects.active()) == [row]
    assert list(Person.objects.active()) == [person]
    assert list(Organisation.objects.active()) == [office]
    assert Person.objects.get(name_en="Chan Thy").history.get(version=2).history_user == by


@pytest.mark.parametrize("later", ["edited", "quoted"])
def test_undo_is_refused_once_people_have_worked_with_the_records(db, later):
    load = carry_out(check(csv_of(["Sok Dara", "f", "Ministry", "", "1", ""]), make_workshop()))
    person = Person.objects.get()
    if later == "edited":
        person.save_version(by=make_user(), expected=1)
    else:
        Statement.objects.create(workshop=make_workshop(), person=person, text_en="Words")

    blockers = loads.undo(load, by=make_user())

    load.refresh_from_db()
    assert [count for _reason, count in blockers] == [1]
    assert load.state == State.DONE
