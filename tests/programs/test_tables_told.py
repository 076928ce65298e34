"""What the tables of programs tell: owners by name, titles that somebody verified, pairs of rows."""

import datetime as dt

from capred_portal.tables import TABLES, Requester, TableExport
from tests.factories import (
    make_action,
    make_agenda_item,
    make_goal,
    make_organisation,
    make_outcome,
    make_person,
    make_program,
    make_user,
    make_workshop,
)


def rows_of(name, user, **params):
    return list(TableExport(TABLES[name], Requester(user), params).for_machines())


def test_an_action_names_its_owner_whoever_that_is(officer):
    user = make_user("staff", full_name_en="Sok Dara", full_name_km="សុខ ដារ៉ា")
    for owner in (
        {"owner_user": user, "owner_organisation": None},
        {"owner_organisation": make_organisation(name_en="MISTI")},
        {"owner_person": make_person(name_en="Chan Bopha"), "owner_organisation": None},
    ):
        make_action(**owner)

    rows = rows_of("actions", officer)

    assert [(row["owner_kind"], row["owner_en"]) for row in rows] == [
        ("user", "Sok Dara"),
        ("organisation", "MISTI"),
        ("person", "Chan Bopha"),
    ]
    assert rows[0]["owner_km"] == "សុខ ដារ៉ា"
    assert rows[0]["owner_id"] == user.pk


def test_an_action_belongs_to_the_program_of_what_it_hangs_on(officer):
    program = make_program()
    workshop = make_workshop(program=program)
    make_action(program=program, workshop=None)
    make_action(workshop=workshop)
    make_action(outcome=make_outcome(workshop=workshop), workshop=None)

    assert [row["program"] for row in rows_of("actions", officer, program=program.slug)] == [program.slug] * 3


def test_a_title_nobody_verified_is_not_told(officer):
    make_goal("9.1", confidence="G", title_en="A guess")
    make_goal("9.2", title_en="A side")

    titles = {row["code"]: row["title_en"] for row in rows_of("goals", officer)}

    assert (titles["9.1"], titles["9.2"]) == ("", "A side")


def test_each_goal_of_a_workshop_and_each_speaker_is_a_row(officer):
    workshop = make_workshop()
    workshop.goals.set([make_goal("9.1"), make_goal("9.2")])
    make_agenda_item([make_person(name_en="Sok Dara"), make_person(name_en="Chan Bopha")], workshop=workshop)

    goals = [row["goal"] for row in rows_of("workshop-goals", officer, workshop=workshop.pk)]
    speakers = [row["person_name_en"] for row in rows_of("agenda-speakers", officer, workshop=workshop.pk)]

    assert sorted(goals) == ["9.1", "9.2"]
    assert sorted(speakers) == ["Chan Bopha", "Sok Dara"]


def test_the_time_of_day_is_written_as_on_a_clock(officer):
    make_workshop(starts_at=dt.time(8, 30))

    assert rows_of("workshops", officer)[0]["starts_at"] == "08:30"


def test_pairs_with_an_archived_row_are_left_out(officer, staff):
    workshop, goal = make_workshop(), make_goal("9.1")
    workshop.goals.add(goal)
    workshop.archive(by=staff, reason="Entered twice")

    assert rows_of("workshop-goals", officer) == rows_of("workshops", officer) == []
