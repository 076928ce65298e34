"""Restoring an earlier version in the administration: the next version, never over signatures, archives, erasures."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin as administration
from django.db import models
from django.test import Client, RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capred_portal.history import timeline
from capred_portal.models import Erasure, Organisation, User
from capred_portal.records import DataVersion, StaleRecord
from capred_portal.restoring import form_of_version, restore_version
from indicators.models import Observation, ReportingRound, Scenario, Target
from programs.models import Attendance, Person, Program, Workshop
from tests.admin_rows import ONLY_LOOKED_AT, RECORDS, ROWS, address, name_of
from tests.factories import (
    make_attendance,
    make_goal,
    make_organisation,
    make_person,
    make_program,
    make_user,
    make_workshop,
)
from tests.indicator_factories import make_observation, make_round, make_target


def edit(record: Any, by: User, **values: Any) -> None:
    """Save values as the record's next version."""
    for name, value in values.items():
        setattr(record, name, value)
    record.save_version(by=by, expected=record.version)


def restore_page(record: Any, version: int) -> str:
    return address(type(record), "restore_version", record.pk, version)


def restore(client: Client, record: Any, version: int, *, seen: Any = None) -> Any:
    """Confirm that a version is restored, as the page's form does; `seen` is the version the page was made of."""
    return client.post(restore_page(record, version), {"version": record.version if seen is None else seen})


# What it does


def test_a_version_is_restored_as_the_next_one(admin_client: Client, admin: User, staff: User) -> None:
    program = make_program(title_en="First", summary_en="As it was")
    edit(program, staff, title_en="Second", summary_en="")
    before = DataVersion.current()

    asked = admin_client.get(restore_page(program, 1))
    done = restore(admin_client, program, 1)

    program.refresh_from_db()
    assert "Second → First" in " ".join(asked.content.decode().split())
    assert done["Location"] == address(Program, "history", program.pk)
    assert (program.title_en, program.summary_en, program.version, program.updated_by) == (
        "First",
        "As it was",
        3,
        admin,
    )
    assert list(program.history.values_list("version", flat=True)) == [3, 2, 1]
    assert DataVersion.current() != before


def test_history_says_which_version_was_restored_and_by_whom(admin_client: Client, admin: User, staff: User) -> None:
    program = make_program(title_en="First")
    edit(program, staff, title_en="Second")
    restore(admin_client, program, 1)

    event = timeline(program).days[0].events[0]

    assert (event.title, event.who) == ("Restored to version 1", str(admin))
    assert [change.name for change in event.changes] == ["title_en"]


def test_sets_are_restored_too(admin_client: Client, staff: User) -> None:
    workshop, first, second = make_workshop(), make_goal("9.1"), make_goal("9.2")
    edit(workshop, staff, venue_en="Hall")
    workshop.goals.set([first])
    edit(workshop, staff, venue_en="Garden")
    workshop.goals.set([second])

    restore(admin_client, workshop, 2)

    workshop.refresh_from_db()
    assert (workshop.venue_en, workshop.version) == ("Hall", 4)
    assert list(workshop.goals.all()) == [first]


def test_history_page_offers_every_version_but_the_one_in_force(admin_client: Client, staff: User) -> None:
    program = make_program()
    edit(program, staff, title_en="Second")

    page = admin_client.get(address(Program, "history", program.pk)).content.decode()

    assert restore_page(program, 1) in page
    assert restore_page(program, 2) not in page


def test_nothing_is_restored_where_nothing_differs(admin_client: Client, staff: User) -> None:
    program = make_program()
    edit(program, staff)

    asked, done = admin_client.get(restore_page(program, 1)), restore(admin_client, program, 1)

    assert "there is nothing to restore" in asked.content.decode()
    assert done.status_code == 422
    program.refresh_from_db()
    assert program.version == 2


FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "title_en": st.sampled_from(["One", "Two"]),
    "title_km": st.sampled_from(["", "សិក្ខាសាលា"]),
    "date": st.sampled_from([datetime.date(2024, 8, 14), datetime.date(2024, 8, 15)]),
    "end_date": st.sampled_from([None, datetime.date(2024, 8, 20)]),
    "starts_at": st.sampled_from([None, datetime.time(8, 30)]),
    "head_count": st.sampled_from([None, 0, 40]),
    "goals_confirmed": st.booleans(),
    "summary_km": st.sampled_from(["", "ខ្លី", "One line\nand another"]),
}


def state_of(workshop: Workshop) -> dict[str, Any]:
    stored = Workshop.objects.get(pk=workshop.pk)
    return {name: getattr(stored, name) for name in FIELDS} | {"goals": set(stored.goals.all())}


def form_class_of(record: Any, by: User) -> Any:
    """Return the administration's form, as a request of that user gets it."""
    request = RequestFactory().get("/")
    request.user = by
    return administration.site.get_model_admin(type(record)).get_form(request, record, change=True)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    edits=st.lists(
        st.tuples(st.fixed_dictionaries({}, optional=FIELDS), st.sets(st.sampled_from("123"))), min_size=1, max_size=4
    ),
    chosen=st.integers(min_value=0, max_value=3),
)
def test_restoring_makes_the_record_what_it_was(db: None, edits: list[Any], chosen: int) -> None:
    by, workshop = make_user("admin"), make_workshop(title_en="One")
    states = [state_of(workshop)]
    for values, goals in edits:
        edit(workshop, by, **values)
        workshop.goals.set([make_goal(f"9.{number}") for number in sorted(goals)])
        states.append(state_of(workshop))
    version = min(chosen, len(edits)) + 1

    record = Workshop.objects.get(pk=workshop.pk)
    row = record.as_of_version(version)
    form = form_of_version(form_class_of(record, by), record, row, expected=record.version)

    assert form.is_valid(), form.errors
    restore_version(form, version=version, by=by)
    assert state_of(workshop) == states[version - 1]
    assert Workshop.objects.get(pk=workshop.pk).version == len(states) + 1


OTHER: dict[type[models.Field], Callable[[Any], Any]] = {
    models.CharField: lambda value: "other",
    models.TextField: lambda value: "other",
    models.DateField: lambda value: (value or datetime.date(2025, 1, 1)) + datetime.timedelta(days=1),
    models.DecimalField: lambda value: (value or 0) + 1,
    models.FloatField: lambda value: (value or 0) + 1,
    models.BooleanField: lambda value: not value,
}


HELD = {"code", "derivation", "email", "hs_code", "part", "phone", "series"}  # have rules of their own


def another(record: Any, form: Any) -> tuple[str, Any]:
    """Return a field of the form and another value for it."""
    for kind, change in OTHER.items():
        for field in record._meta.concrete_fields:
            plain = isinstance(field, kind) and not field.choices and not field.unique and field.max_length != 3
            if plain and field.name in form.base_fields.keys() - HELD:
                return field.name, change(getattr(record, field.name))
    return "", None


@pytest.mark.parametrize("model", RECORDS, ids=name_of)
def test_every_record_can_be_restored(model: Any, admin_client: Client, admin: User) -> None:
    record = model.objects.get(pk=ROWS[model](1).pk)
    records: Any = administration.site.get_model_admin(model)
    protected = records.why_not_restored(record)
    name, value = another(record, form_class_of(record, admin))
    old = getattr(record, name) if name else None
    first = record.version
    if name:
        edit(record, admin, **{name: value})

    answer = restore(admin_client, record, first)

    stored = model.objects.get(pk=record.pk)
    if protected:
        assert (answer.status_code, stored.version) == (403, record.version)
    elif name:
        assert answer.status_code == 302, answer.context["preview"].problems
        assert getattr(stored, name) == old
    else:
        assert (answer.status_code, stored.version) == (422, record.version)


# What stands against it


def test_a_stale_restore_is_refused(admin_client: Client, staff: User) -> None:
    program = make_program(title_en="First")
    edit(program, staff, title_en="Second")
    seen = program.version
    edit(program, staff, title_en="Third")

    answer = restore(admin_client, program, 1, seen=seen)

    assert answer.status_code == 409
    assert "Somebody changed this record" in answer.content.decode()
    assert "Third → First" in " ".join(answer.content.decode().split())
    assert Program.objects.get(pk=program.pk).title_en == "Third"


def test_a_version_that_makes_no_sense_is_stale(admin_client: Client, staff: User) -> None:
    program = make_program(title_en="First")
    edit(program, staff, title_en="Second")

    assert restore(admin_client, program, 1, seen="x").status_code == 409


def test_an_archived_record_is_brought_back_first(admin_client: Client, staff: User) -> None:
    program = make_program(title_en="First")
    edit(program, staff, title_en="Second")
    program.archive(by=staff, reason="Entered twice")

    asked, answer = admin_client.get(restore_page(program, 1)), restore(admin_client, program, 1)

    assert (asked.status_code, answer.status_code) == (403, 403)
    assert "Bring it back first" in answer.content.decode()
    assert "Restore this version" not in answer.content.decode()


def test_an_archived_related_record_is_named(admin_client: Client, staff: User) -> None:
    program = make_program(title_en="Gone")
    workshop = make_workshop(program=program)
    edit(workshop, staff, program=None)
    program.archive(by=staff, reason="Entered twice")

    asked, answer = admin_client.get(restore_page(workshop, 1)), restore(admin_client, workshop, 1)

    assert "“Gone” is archived" in asked.content.decode()
    assert answer.status_code == 422
    assert Workshop.objects.get(pk=workshop.pk).program is None


def test_what_only_one_record_may_have_is_refused_in_words(admin_client: Client, staff: User) -> None:
    organisation = make_organisation(name_en="Metal Works")
    edit(organisation, staff, name_en="Steel Works")
    make_organisation(name_en="Metal Works")

    answer = restore(admin_client, organisation, 1)

    assert answer.status_code == 409
    assert 'role="alert"' in answer.content.decode()
    assert Organisation.objects.get(pk=organisation.pk).name_en == "Steel Works"


def test_what_the_form_refuses_is_said(admin_client: Client, staff: User) -> None:
    program = make_program(slug="first")
    edit(program, staff, slug="second")
    make_program(slug="first")

    answer = restore(admin_client, program, 1)

    assert answer.status_code == 422
    assert answer.context["preview"].problems


@pytest.mark.parametrize(
    "make",
    [
        make_observation,
        lambda: make_observation(status=Observation.Status.VERIFIED),
        lambda: make_target(status=Target.Status.APPROVED),
        lambda: make_round(status=ReportingRound.Status.CLOSED, closed_by=make_user("verifier")),
        lambda: ROWS[Scenario](1),
    ],
    ids=["draft", "verified", "approved", "closed", "scenario"],
)
def test_signed_and_kept_records_stay_as_they_are(make: Callable[[], Any], admin_client: Client, staff: User) -> None:
    record = make()
    edit(record, staff)

    page = admin_client.get(address(type(record), "history", record.pk)).content.decode()
    asked, answer = admin_client.get(restore_page(record, 1)), restore(admin_client, record, 1)

    assert "/restore/" not in page
    assert (asked.status_code, answer.status_code) == (403, 403)
    assert 'role="alert"' in answer.content.decode()
    assert type(record).objects.get(pk=record.pk).version == 2


def test_what_is_only_looked_at_is_never_restored(admin: User) -> None:
    request = RequestFactory().get("/")
    request.user = admin
    rows = [(model, ROWS[model](1)) for model in ONLY_LOOKED_AT]
    records: list[tuple[Any, Any]] = [(administration.site.get_model_admin(model), row) for model, row in rows]

    assert all(each.why_kept(request, row) for each, row in records)


def test_a_proposed_target_can_be_restored(admin_client: Client, staff: User) -> None:
    target = make_target(100, status=Target.Status.PROPOSED)
    edit(target, staff, value=120)

    assert restore(admin_client, target, 1).status_code == 302
    assert Target.objects.get(pk=target.pk).value == 100


# Erased


def erase(person: Person) -> None:
    Erasure.objects.create(kind="person", number=person.pk, written_at=person.created_at, reason="Asked for it")


@pytest.mark.parametrize("model", [Person, Attendance])
def test_erased_personal_data_never_come_back(model: Any, admin_client: Client, staff: User) -> None:
    person = make_person(phone="012345678")
    record: Any = person if model is Person else make_attendance(person=person, age_band="15-24")
    edit(record, staff)
    erase(person)

    answer = restore(admin_client, record, 1)

    assert answer.status_code == 403
    assert "were erased" in answer.content.decode()


def test_an_erasure_that_comes_first_takes_the_restore_back(admin: User, staff: User) -> None:
    person = make_person(name_en="Sok Dara")
    edit(person, staff, name_en="Erased")
    form = form_of_version(form_class_of(person, admin), person, person.as_of_version(1), expected=2)
    erase(person)

    assert form.is_valid()
    with pytest.raises(Exception, match="were erased"):
        restore_version(form, version=1, by=admin)
    assert Person.objects.get(pk=person.pk).name_en == "Erased"


def test_a_stale_form_raises(admin: User, staff: User) -> None:
    person = make_person(name_en="Sok Dara")
    edit(person, staff, name_en="Sok Darith")
    form = form_of_version(form_class_of(person, admin), person, person.as_of_version(1), expected=1)

    assert form.is_valid()
    with pytest.raises(StaleRecord):
        restore_version(form, version=1, by=admin)


# Who


@pytest.mark.parametrize("role", ["staff", "verifier", "officer"])
def test_only_administrators_restore(role: str, client_for: Callable[[str], Client], staff: User) -> None:
    program = make_program(title_en="First")
    edit(program, staff, title_en="Second")
    client = client_for(role)

    assert client.get(restore_page(program, 1)).status_code == 403
    assert restore(client, program, 1).status_code == 403
    assert Program.objects.get(pk=program.pk).title_en == "Second"


def test_versions_that_are_not_there_are_not_found(admin_client: Client) -> None:
    program = make_program()

    assert admin_client.get(restore_page(program, 7)).status_code == 404
    assert admin_client.get(address(Program, "restore_version", 10**6, 1)).status_code == 404
    assert admin_client.get(address(Program, "history", 10**6)).status_code == 404
