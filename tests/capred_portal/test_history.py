"""What happened to a record, told in plain words: the page, the note, parts, loads, merges, and who may read it."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capred_portal.history import Event, kinds, last_change, parts_of, timeline
from capred_portal.history_words import Change, pieces_of
from capred_portal.loads import REGISTRY, load_now
from capred_portal.models import Erasure, User
from capred_portal.records import Record
from programs.models import AgendaItem, Attendance, Person, Program, Workshop, WorkshopHost
from tests.admin_rows import ROWS
from tests.factories import (
    make_agenda_item,
    make_attendance,
    make_goal,
    make_organisation,
    make_person,
    make_program,
    make_user,
    make_workshop,
)

LIST = b"name,phone,role\nChan Thy,012 345 678,participant\nSok Dara,012 345 679,speaker\n"


def events(record: Any, **options: Any) -> list[Event]:
    """Return the first page of what happened, newest first."""
    return [event for day in timeline(record, **options).days for event in day.events]


def lines(event: Event) -> dict[str, Any]:
    """Return what an event changed, by field: the values before and after, or what was added and removed."""
    return {one.name: (one.before, one.after) if one.before else (one.added, one.removed) for one in event.changes}


def edit(record: Any, by: User, **values: Any) -> None:
    """Save values as the record's next version."""
    for name, value in values.items():
        setattr(record, name, value)
    record.save_version(by=by, expected=record.version)


def address(record: Record) -> str:
    return reverse("history", args=[record._meta.model_name, record.pk])


# Words


def test_changes_are_told_field_by_field_in_words(staff: User) -> None:
    workshop = make_workshop(date=datetime.date(2024, 8, 14), head_count=1200, summary_en="Old")
    program = make_program(title_en="Local inputs first")
    values = {"date": datetime.date(2024, 8, 15), "starts_at": datetime.time(8, 30), "goals_confirmed": True}

    edit(workshop, staff, program=program, head_count=None, **values)

    event, created = events(workshop)
    assert (event.title, event.who, created.title) == ("Changed", str(staff), "Created")
    assert lines(event) == {
        "date": ("14 August 2024", "15 August 2024"),
        "starts_at": ("–", "08:30"),
        "program": ("–", "Local inputs first"),
        "goals_confirmed": ("no", "yes"),
        "head_count": ("1,200", "–"),
    }


def test_choices_are_told_by_their_labels_in_the_readers_language(staff: User) -> None:
    person = make_person(sex=Person.Sex.FEMALE)
    edit(person, staff, sex=Person.Sex.MALE)

    with translation.override("km"):
        told = lines(events(person)[0])

    assert told == {"sex": ("ស្រី", "ប្រុស")}


def test_sets_are_told_by_what_was_added_and_removed(staff: User) -> None:
    workshop, first, second = make_workshop(), make_goal("9.1"), make_goal("9.2")
    workshop.goals.add(first)
    edit(workshop, staff, venue_en="Hall")
    workshop.goals.set([second])

    event = events(workshop)[0]

    assert lines(event)["goals"] == ((str(second),), (str(first),))
    assert lines(event)["venue_en"] == ("–", "Hall")


def test_long_texts_are_told_by_what_differs(staff: User) -> None:
    start, end = "word " * 40, " and more" * 40
    workshop = make_workshop(summary_en=f"{start}imported steel{end}")
    edit(workshop, staff, summary_en=f"{start}local bamboo and steel{end}")

    (change,) = events(workshop)[0].changes

    kept = "".join(piece.text for piece in change.pieces)
    said = [(piece.kind, piece.text.strip()) for piece in change.pieces if piece.kind in ("added", "removed")]
    assert said == [("removed", "imported"), ("added", "local bamboo and")]
    assert len(kept) < 150


@given(st.text(alphabet="ab ខក្រា\n", max_size=60), st.text(alphabet="ab ខក្រា\n", max_size=60))
def test_pieces_of_a_text_hold_both_texts(before: str, after: str) -> None:
    pieces = list(pieces_of(before, after))

    if not any(piece.kind == "gap" for piece in pieces):
        assert "".join(piece.text for piece in pieces if piece.kind != "added") == before
        assert "".join(piece.text for piece in pieces if piece.kind != "removed") == after


def test_numbers_and_json_are_told_as_people_write_them(staff: User) -> None:
    scenario = ROWS[kinds()["scenario"]](1)
    edit(scenario, staff, spread_pct=Decimal("12.50"), shifts={"A": {"B": "0.2"}})

    event = events(scenario)[0]

    assert lines(event)["spread_pct"][1] == "12.5"
    assert lines(event)["shifts"][0] == ("A: B: 0.2",)


def test_what_fills_itself_is_left_out(staff: User) -> None:
    person = make_person(name_en="Sok Dara")
    edit(person, staff, name_en="Sok Darith")

    assert [change.name for change in events(person)[0].changes] == ["name_en"]


FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "title_en": st.sampled_from(["One", "Two", "Three"]),
    "venue_km": st.sampled_from(["", "ភ្នំពេញ"]),
    "date": st.sampled_from([datetime.date(2024, 8, 14), datetime.date(2024, 8, 15)]),
    "starts_at": st.sampled_from([None, datetime.time(8, 0)]),
    "head_count": st.sampled_from([None, 0, 40]),
    "goals_confirmed": st.booleans(),
    "summary_en": st.sampled_from(["", "Short.", ("Long " * 30).strip()]),
}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=st.lists(st.fixed_dictionaries({}, optional=FIELDS), min_size=1, max_size=5))
def test_timeline_lists_exactly_the_fields_that_changed(db: None, edits: list[dict[str, Any]]) -> None:
    by, workshop = make_user(), make_workshop(title_en="One")
    expected = []
    for values in edits:
        expected.append({name for name, value in values.items() if getattr(workshop, name) != value})
        edit(workshop, by, **values)

    told = [{change.name for change in event.changes} for event in events(workshop)]

    assert told == [*reversed(expected), set()]


# What happened


def test_archiving_and_bringing_back_are_told(staff: User) -> None:
    program = make_program()
    program.archive(by=staff, reason="Entered twice")
    program.restore(by=staff)

    back, archived, created = events(program)

    assert [event.code for event in (back, archived, created)] == ["back", "archived", "created"]
    assert archived.reason == "Entered twice"


def test_parts_are_told_with_the_whole(staff: User) -> None:
    workshop = make_workshop()
    item = make_agenda_item(workshop=workshop, title_en="Opening")
    edit(item, staff, starts_at=datetime.time(9, 0))
    WorkshopHost.objects.create(workshop=workshop, organisation=make_organisation(name_en="MISTI"))

    told = [(event.part, event.title) for event in events(workshop)]

    assert told == [
        ("Host “MISTI (Host)”", "Added"),
        ("Agenda item “Opening”", "Changed"),
        ("Agenda item “Opening”", "Added"),
        ("", "Created"),
    ]


def test_parts_have_no_page_of_their_own() -> None:
    found = {model for model, _key in parts_of(Workshop)}

    assert {AgendaItem, Attendance, WorkshopHost} <= found
    assert not any(hasattr(model, "get_absolute_url") for model in found)


def test_loads_are_told_with_their_file(staff: User, staff_client: Client) -> None:
    workshop = make_workshop()
    person = make_person(name_en="Chan Thy", phone="012345678")
    scope = {"workshop": workshop.pk}
    load = load_now(kind=REGISTRY["attendance"], content=LIST, file_name="list.csv", scope=scope, by=staff)
    assert load.state == "done"

    event = events(workshop)[0]
    loaded = Attendance.objects.exclude(person=person).first()

    assert (event.part, event.title, event.link_text) == ("Attendances: 2", "Loaded from a file", "list.csv")
    assert loaded is not None
    assert [(one.code, one.link) for one in events(loaded)] == [("loaded", reverse("loads:detail", args=[load.pk]))]
    assert b"list.csv" in staff_client.get(address(workshop)).content


def test_a_change_by_a_load_leads_to_the_load(staff: User) -> None:
    workshop = make_workshop()
    scope = {"workshop": workshop.pk}
    first = load_now(kind=REGISTRY["attendance"], content=LIST, file_name="list.csv", scope=scope, by=staff)
    changed = LIST.replace(b"speaker", b"organizer")
    second = load_now(kind=REGISTRY["attendance"], content=changed, file_name="new.csv", scope=scope, by=staff)
    assert (first.state, second.state) == ("done", "done")
    changed_row = Attendance.objects.get(workshop=workshop, version=2)

    event, loaded = events(changed_row)

    assert (event.title, event.link_text, loaded.link_text) == ("Changed by a load", "new.csv", "list.csv")
    assert event.starts_unknown
    assert events(workshop)[0].part == "Attendance: 1"


def test_an_erasure_is_told_with_its_reason(staff: User) -> None:
    person = make_person()
    Erasure.objects.create(
        kind="person", number=person.pk, written_at=person.created_at, reason="Asked for it", erased_by=staff
    )

    event = events(person)[0]

    assert (event.code, event.reason, event.who) == ("erased", "Asked for it", str(staff))


def test_last_change_names_the_fields(staff: User) -> None:
    workshop = make_workshop()
    edit(workshop, staff, date=datetime.date(2024, 8, 16), venue_en="Hall")

    event = last_change(workshop)

    assert (event.title, event.who) == ("Changed", str(staff))
    assert event.changes == [Change("date", "date"), Change("venue_en", "venue in English")]


# Every kind of record


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_every_kind_is_told(kind: str, staff: User, staff_client: Client, row_of: Callable) -> None:
    record = row_of(kinds()[kind])
    record.refresh_from_db()
    record.save_version(by=staff, expected=record.version)
    record.archive(by=staff, reason="Entered twice")
    record.restore(by=staff)
    staff_client.cookies["django_language"] = "km"

    page = staff_client.get(address(record))

    assert page.status_code == 200
    assert [event.code for event in events(record) if not event.is_part][:2] == ["back", "archived"]
    assert "Entered twice" in page.content.decode()


@pytest.fixture
def row_of() -> Callable[[Any], Any]:
    """Return a function that makes one row of a model of records."""

    def make(model: Any) -> Any:
        if model in ROWS:
            return ROWS[model](1)
        return model.objects.create(text_en="Why we ask", in_force_from=datetime.date(2025, 1, 1))

    return make


# Queries, pages, who may


def test_queries_do_not_grow_with_what_happened(staff: User) -> None:
    def busy(rounds: int) -> Workshop:
        workshop = make_workshop()
        for number in range(rounds):
            edit(workshop, staff, program=make_program(), title_en=f"Title {number}")
            workshop.goals.set([make_goal(f"9.{number}")])
            item = make_agenda_item([make_person()], workshop=workshop)
            edit(item, staff, title_en=f"Point {number}")
            WorkshopHost.objects.create(workshop=workshop, organisation=make_organisation())
            make_attendance(workshop=workshop)
        return workshop

    def queries(workshop: Workshop) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert events(workshop)
        return len(captured)

    few, many = queries(busy(1)), queries(busy(6))

    assert many <= few <= 36


def test_pages_follow_each_other_and_miss_nothing(staff: User, staff_client: Client) -> None:
    program = make_program()
    for number in range(24):
        edit(program, staff, title_en=f"Title {number}")

    seen: list[int] = []
    url = f"{address(program)}?"
    while url:
        shown = staff_client.get(url).context["timeline"]
        page = [event.row.version for day in shown.days for event in day.events]
        assert 0 < len(page) <= 10
        seen += page
        url = f"{address(program)}?before={shown.older.replace('+', '%2B')}" if shown.older else ""

    assert seen == list(range(25, 0, -1))


def test_page_answers_htmx_with_the_list_alone(staff_client: Client) -> None:
    workshop = make_workshop()

    fragment = staff_client.get(address(workshop), headers={"HX-Request": "true"})
    restored = staff_client.get(address(workshop), headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})

    assert b"<html" not in fragment.content
    assert b"<html" in restored.content
    assert "HX-Request" in fragment.headers["Vary"]


@pytest.mark.parametrize("before", ["nonsense", "2024-08-14", "99999-01-01T00:00:00+00:00"])
def test_a_moment_that_makes_no_sense_shows_the_newest(before: str, staff_client: Client) -> None:
    response = staff_client.get(address(make_workshop()), {"before": before})

    assert response.context["timeline"].days


@pytest.mark.parametrize("role", ["staff", "verifier", "admin"])
def test_the_note_stands_on_the_page_of_the_record(role: str, client_for: Callable) -> None:
    workshop = make_workshop()

    page = client_for(role).get(workshop.get_absolute_url()).content.decode()

    assert address(workshop) in page


def test_officers_see_no_history(officer_client: Client) -> None:
    workshop = make_workshop()

    page = officer_client.get(workshop.get_absolute_url()).content.decode()

    assert 'id="history"' not in page
    assert officer_client.get(address(workshop)).status_code == 403


def test_unknown_records_are_not_found(staff_client: Client) -> None:
    for kind, number in (("workshop", 10**6), ("no-such-kind", 1), ("user", 1), ("load", 1)):
        assert staff_client.get(reverse("history", args=[kind, number])).status_code == 404


def test_names_of_kinds_are_told_apart() -> None:
    records = [model for model in apps.get_models() if issubclass(model, Record)]

    assert len(kinds()) == len(records)
    assert kinds()["program"] is Program


def test_a_long_ago_day_says_how_long(staff_client: Client, staff: User) -> None:
    program = make_program()
    program.history.update(history_date=timezone.now() - datetime.timedelta(days=800))

    assert "2 years ago" in staff_client.get(address(program)).content.decode()
