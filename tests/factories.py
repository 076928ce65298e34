"""Rows for tests: one plain function per model, with defaults that are valid and easy to recognise."""

import datetime
from itertools import count
from typing import Any

from django.db import connection

from capred_portal.models import Organisation, User
from programs.models import Action, AgendaItem, Attendance, Framework, Goal, Outcome, Person, Program, Workshop

PASSWORD = "a-long-enough-password"
ROLES = ("staff", "verifier", "officer", "admin")

_number = count(1)


def make_user(role: str = "staff", **fields: Any) -> User:
    """Return a saved user of the role, who can sign in with PASSWORD."""
    username = fields.pop("username", f"{role}{next(_number)}")
    email = fields.pop("email", f"{username}@example.org")
    return User.objects.create_user(username, email, fields.pop("password", PASSWORD), role=role, **fields)


def analyze() -> None:
    """Let the database look at rows made in this test, as it would have by itself after a while, before it plans."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def make_workshop(**fields: Any) -> Workshop:
    """Return a saved workshop held on 14 August 2024."""
    fields.setdefault("date", datetime.date(2024, 8, 14))
    if "title_km" not in fields:
        fields.setdefault("title_en", f"Workshop {next(_number)}")
    return Workshop.objects.create(**fields)


def make_agenda_item(speakers: Any = (), **fields: Any) -> AgendaItem:
    """Return a saved item of a new workshop's agenda unless told, with its speakers in the history."""
    if "workshop" not in fields:
        fields["workshop"] = make_workshop()
    item = AgendaItem.objects.create(**{"title_en": "Opening"} | fields)
    item.speakers.set(speakers)
    return item


def make_organisation(**fields: Any) -> Organisation:
    """Return a saved organisation."""
    return Organisation.objects.create(**{"name_en": f"Organisation {next(_number)}"} | fields)


def make_program(**fields: Any) -> Program:
    """Return a saved program."""
    number = next(_number)
    return Program.objects.create(**{"slug": f"program-{number}", "title_en": f"Program {number}"} | fields)


def make_goal(code: str = "9.1", **fields: Any) -> Goal:
    """Return a goal of a test strategy with this code, under its head when the code has one."""
    framework, _made = Framework.objects.get_or_create(
        code="test-strategy",
        defaults={"title_en": "Test strategy", "first_year": 2023, "last_year": 2028, "source": "Test"},
    )
    head = code.rpartition(".")[0]
    fields |= {"parent": make_goal(head)} if head else {}
    kind = Goal.Kind.SIDE if head else Goal.Kind.PENTAGON
    defaults = {"title_en": f"Goal {code}", "kind": kind, "confidence": "V", "source": "Test"} | fields
    return Goal.objects.get_or_create(framework=framework, code=code, defaults=defaults)[0]


def make_outcome(**fields: Any) -> Outcome:
    """Return a saved finding, on a workshop of its own unless told."""
    if "workshop" not in fields:
        fields["workshop"] = make_workshop()
    return Outcome.objects.create(**{"kind": "finding", "text_en": f"Outcome {next(_number)}"} | fields)


def make_action(**fields: Any) -> Action:
    """Return a saved planned action, on a workshop of its own and owned by an organisation unless told."""
    if not {"outcome", "workshop", "program"} & set(fields):
        fields["workshop"] = make_workshop()
    if not {"owner_user", "owner_organisation", "owner_person"} & set(fields):
        fields["owner_organisation"] = make_organisation()
    return Action.objects.create(**{"text_en": f"Action {next(_number)}", "due_on": datetime.date(2099, 1, 1)} | fields)


def make_person(**fields: Any) -> Person:
    """Return a saved person."""
    return Person.objects.create(**{"name_en": f"Sok Dara {next(_number)}"} | fields)


def make_attendance(**fields: Any) -> Attendance:
    """Return a saved attendance of a new person at a new workshop unless told."""
    if "workshop" not in fields:
        fields["workshop"] = make_workshop()
    if "person" not in fields:
        fields["person"] = make_person()
    return Attendance.objects.create(**fields)


def make_attendances(count: int, **fields: Any) -> None:
    """Save many attendances of as many new people, each at a workshop of its own unless told, in few statements."""
    people = Person.objects.bulk_create(
        Person(name_en=f"Chan Thy {next(_number)}", organisation=fields.get("organisation")) for _row in range(count)
    )
    workshops = (
        [fields.pop("workshop")] * count
        if "workshop" in fields
        else Workshop.objects.bulk_create(
            Workshop(title_en=f"Workshop {next(_number)}", date=datetime.date(2024, 8, 14)) for _row in range(count)
        )
    )
    Attendance.objects.bulk_create(
        Attendance(person=person, workshop=workshop, **fields)
        for person, workshop in zip(people, workshops, strict=True)
    )
