"""The staged load, through the attendance list: checking, previewing, confirming, undoing."""

from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

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


# Pages


@pytest.fixture
def on_commit(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_a_file_goes_from_upload_to_undone_in_the_browser(staff_client, on_commit):
    workshop = make_workshop()
    upload = SimpleUploadedFile("list.csv", csv_of(["Sok Dara", "f", "", "", "1", ""], ["Bad", "x", "", "", "1", ""]))
    with on_commit():
        sent = staff_client.post(reverse("workshops:attendance_load", args=[workshop.pk]), {"file": upload})
    load = Load.objects.get()

    preview = staff_client.get(sent.url)
    assert "is not one of the choices" in preview.content.decode()
    assert "Load the 1 right rows and leave out the 1 wrong ones" in preview.content.decode()
    with on_commit():
        staff_client.post(reverse("loads:confirm", args=[load.pk]))
    assert Attendance.objects.get().load == load
    bad = staff_client.get(reverse("loads:bad_rows", args=[load.pk, "csv"])).getvalue().decode("utf-8-sig")
    assert '3,"Sex: “x” is not one of the choices' in bad
    undone = staff_client.post(reverse("loads:undo", args=[load.pk]), follow=True)
    assert "Undone" in undone.content.decode()


def test_corrected_bad_rows_can_be_loaded_again(staff_client):
    workshop = make_workshop()
    load = check(csv_of(["Sok Dara", "x", "Ministry", "", "1", ""]), workshop)
    content = staff_client.get(reverse("loads:bad_rows", args=[load.pk, "xlsx"])).getvalue()
    table = spreadsheets.read_table(content, "bad.xlsx", max_rows=10)
    corrected = [["f" if cell == "x" else cell for cell in row.cells] for row in table.rows]

    again = check(spreadsheets.write_xlsx(table.header, corrected), workshop, file_name="bad.xlsx")

    assert outcomes(again) == [Outcome.NEW]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("list.xlsx", b"not a workbook", "not an Excel workbook"),
        ("list.csv", b"", "empty"),
        ("list.pdf", b"%PDF-1.7", "not a spreadsheet"),
        ("big.csv", b"x" * 10_000_001, "At most 10 MB"),
    ],
)
def test_what_is_no_list_is_refused_beside_the_field(staff_client, name, content, words):
    url = reverse("workshops:attendance_load", args=[make_workshop().pk])

    response = staff_client.post(url, {"file": SimpleUploadedFile(name, content)})

    assert response.status_code == 422
    assert words in str(response.context["form"].errors)
    assert not Load.objects.exists()


def test_cells_pasted_without_titles_are_read_in_the_order_of_the_template(staff_client, on_commit):
    url = reverse("workshops:attendance_load", args=[make_workshop().pk])

    with on_commit():
        staff_client.post(url, {"cells": "Mr.\tSok Dara\tសុខ ដារ៉ា\tm\n\tChan Thy\t\tf\n"})

    load = Load.objects.get()
    assert outcomes(load) == [Outcome.NEW, Outcome.NEW]
    assert list(load.rows.values_list("line", flat=True)) == [1, 2]


def test_columns_can_be_chosen_by_hand(staff_client, on_commit):
    load = check(csv_of(["Sok Dara"], header=["Who"]), make_workshop())
    assert (load.state, load.problem) == (State.FAILED, "unmapped:name_en,name_km")

    with on_commit():
        staff_client.post(reverse("loads:map", args=[load.pk]), {"name_en": "0"})

    load.refresh_from_db()
    assert load.state == State.CHECKED
    assert outcomes(load) == [Outcome.NEW]


def test_the_page_polls_while_a_step_is_under_way(staff_client):
    load = loads.receive(
        kind=loads.REGISTRY["attendance"], content=csv_of(["A", "", "", "", "", ""]), file_name="a.csv",
        scope={"workshop": make_workshop().pk}, by=make_user(),
    )  # fmt: skip
    url = load.get_absolute_url()

    page, fragment = staff_client.get(url), staff_client.get(url, headers={"HX-Request": "true"})
    restored = staff_client.get(url, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})

    assert 'http-equiv="refresh"' in page.content.decode()
    assert 'hx-trigger="every 2s"' in fragment.content.decode()
    assert "<html" not in fragment.content.decode()
    assert "<html" in restored.content.decode()


def test_loads_are_for_those_who_keep_the_lists(officer_client, admin_client, anonymous_client, staff_client):
    load = check(csv_of(["Sok Dara", "f", "", "", "1", ""]), make_workshop())
    url = load.get_absolute_url()

    assert officer_client.get(url).status_code == 403
    assert officer_client.get(reverse("loads:list")).status_code == 403
    assert admin_client.get(url).status_code == 200
    assert admin_client.post(reverse("loads:confirm", args=[load.pk])).status_code == 403
    assert anonymous_client.get(url).status_code == 302
    assert staff_client.get(reverse("loads:detail", args=[10**6])).status_code == 404
    assert staff_client.get(reverse("loads:confirm", args=[load.pk])).status_code == 405
    assert staff_client.get(reverse("loads:template", args=["nothing", "csv"])).status_code == 404


def test_the_list_of_loads_asks_no_more_queries_for_more_rows(staff_client, django_assert_max_num_queries):
    for _number in range(3):
        check(csv_of(["Sok Dara", "f", "", "", "1", ""]), make_workshop())

    with django_assert_max_num_queries(6):
        assert staff_client.get(reverse("loads:list")).context["rows_count"] == 3


@pytest.mark.parametrize("format_name", ["csv", "xlsx"])
def test_the_template_loads_as_it_is(staff_client, format_name):
    response = staff_client.get(reverse("loads:template", args=["attendance", format_name]))

    load = check(response.getvalue(), make_workshop(), file_name=f"attendance.{format_name}")

    assert outcomes(load) == [Outcome.NEW]
