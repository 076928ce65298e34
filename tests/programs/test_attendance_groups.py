"""The table of attendance by group: the counts of each workshop's page and report, for every role and in every form."""

import csv
import io
import random
from collections import defaultdict
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from capred_portal import tables
from capred_portal.tables import TABLES, Requester, TableExport
from indicators.reports.workshop import attendance as reported
from programs.figures.people import PART_TITLES, PARTS
from tests.factories import (
    make_attendance,
    make_attendances,
    make_organisation,
    make_person,
    make_program,
    make_workshop,
)
from tests.indicators.forms_read_back import rows_of_workbook
from tests.machine_client import program_of
from tests.register_factories import make_province

COUNT = -3  # the place of its column
NAME = "attendance-by-group"
SMALL = 5
SEXES, ANSWERS, AGES = ["f", "m", "o", ""], ["yes", "no", "refused", ""], ["0-17", "18-35", "36-59", "60+", ""]

pytestmark = pytest.mark.django_db


def rows_of(user, **params):
    return list(TableExport(TABLES[NAME], Requester(user), params).for_machines())


def groups_in(rows):
    """Return number and state of each group, by workshop and breakdown, in order."""
    found: dict[int, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        found[row["workshop_id"]][row["dimension"]].append((row["group"], row["count"], row["state"]))
    return found


def cells(figures):
    return [(key, figure.value, figure.state) for key, figure in figures]


@pytest.fixture
def workshops():
    """Four workshops of 1, 9, 15 and 40 people in groups of every size."""
    chance = random.Random(7)
    places = [make_organisation(kind=kind) for kind in ("government", "private", "ngo", "unknown")]
    found = []
    for people in (1, 9, 15, 40):
        workshop = make_workshop(program=make_program())
        for _each in range(people):
            make_attendance(
                workshop=workshop,
                person=make_person(sex=chance.choices(SEXES, [12, 20, 1, 1])[0]),
                organisation=chance.choice([*places, None]),
                disability=chance.choices(ANSWERS, [2, 20, 1, 2])[0],
                age_band=chance.choice(AGES),
            )
        make_attendance(workshop=workshop, attended=False)
        make_attendance(workshop=workshop).archive(by=None, reason="Entered twice")
        found.append(workshop)
    return found


@pytest.mark.parametrize("role", ["staff", "verifier", "officer", "admin"])
def test_numbers_are_those_of_the_page_of_each_workshop(workshops, client_for, request, role):
    user, client = request.getfixturevalue(role), client_for(role)
    titles = {title: by for by, title in PART_TITLES.items()}
    keys = {by: [key for key, _words in parts] for by, (_column, _name, parts) in PARTS.items()}
    rows = rows_of(user)

    told = groups_in(rows)

    assert list(told) == [workshop.pk for workshop in workshops]
    for workshop in workshops:
        page = client.get(reverse("workshops:attendance", args=[workshop.pk])).context
        shown = {titles[title]: found for title, found in page["breakdowns"]}
        assert told[workshop.pk] == {by: cells(zip(keys[by], found, strict=True)) for by, found in shown.items()}
        [came] = [each.value for each in page["figures"] if each.code == "attendances"]
        assert {row["attendances"] for row in rows if row["workshop_id"] == workshop.pk} == {came}


def test_officers_get_what_the_report_says(workshops, officer):
    told = groups_in(rows_of(officer))

    for workshop in workshops:
        groups = {by: [cell for cell in found if cell[1] != 0] for by, found in told[workshop.pk].items()}
        report = {title: [(each.value, each.state) for each in found] for title, found in reported(workshop)["groups"]}
        assert {PART_TITLES[by]: [cell[1:] for cell in found] for by, found in groups.items()} == report


def test_staff_get_every_group_and_officers_no_small_one(workshops, staff, officer):
    exact, told = rows_of(staff), rows_of(officer)

    assert {row["state"] for row in exact} == {"value"}
    small = {row["id"] for row in exact if 0 < row["count"] < SMALL}
    withheld = {row["id"] for row in told if row["state"] == "withheld"}
    assert small
    assert small < withheld  # and the next smallest beside a lone one
    assert all(row["count"] is None for row in told if row["id"] in withheld)
    counts = {row["id"]: row["count"] for row in exact}
    assert all(row["count"] == counts[row["id"]] for row in told if row["id"] not in withheld)


def test_no_withheld_group_is_what_the_total_leaves(workshops, staff, officer):
    """Breakdowns share nothing but the total: each alone must leave two groups or more, or all who came are one."""
    exact = {row["id"]: row["count"] for row in rows_of(staff)}
    of_each = defaultdict(list)
    for row in rows_of(officer):
        of_each[row["workshop_id"], row["dimension"]].append(row)

    withheld = [[row["id"] for row in found if row["state"] == "withheld"] for found in of_each.values()]
    others = [sum(exact[row["id"]] > 0 for row in found) for found in of_each.values()]

    assert len(of_each) == len(workshops) * len(PARTS)
    assert any(withheld)
    assert all(len(keys) != 1 or groups == 1 for keys, groups in zip(withheld, others, strict=True))


def test_filters_choose_workshops_and_change_no_number(workshops, officer):
    every = rows_of(officer)
    one = [row for row in every if row["workshop_id"] == workshops[1].pk]

    assert rows_of(officer, workshop=workshops[1].pk) == one
    assert rows_of(officer, program=workshops[1].program.slug) == one
    assert rows_of(officer, q=workshops[1].title_en, workshop=workshops[1].pk) == one
    assert set(TableExport(TABLES[NAME], Requester(officer)).chosen.filters) == {
        *TableExport(TABLES["workshops"], Requester(officer)).chosen.filters,
        "workshop",
    } - {"updated_since"}


def test_a_row_says_where_and_when_in_both_languages(officer):
    about = {"title_en": "Rice millers", "title_km": "រោងម៉ាស៊ីន", "date": "2024-08-14"}
    workshop = make_workshop(program=make_program(), province=make_province("17"), **about)
    make_attendances(7, workshop=workshop, disability="no")

    rows = rows_of(officer)

    [row] = [row for row in rows if (row["dimension"], row["group"]) == ("disability", "no")]
    assert (row["title_en"], row["title_km"], str(row["date"])) == tuple(about.values())
    assert (row["program"], row["province"]) == (workshop.program.slug, "17")
    assert (row["id"], row["count"], row["attendances"]) == (f"{workshop.pk}:disability:no", 7, 7)
    assert {row["count"] for row in rows} == {0, 7}


def test_a_workshop_nobody_came_to_and_an_archived_one_have_no_rows(staff):
    make_workshop()
    make_attendance(attended=False)
    gone = make_attendance().workshop
    gone.archive(by=staff, reason="Entered twice")

    assert rows_of(staff) == []


def test_invented_people_are_marked_and_stay_out_for_machines(staff):
    workshop = make_workshop()
    make_attendance(workshop=workshop, disability="yes")
    make_attendance(workshop=workshop, disability="no", is_demo=True)
    make_attendance(workshop=make_workshop(is_demo=True))

    def answers(**more):
        rows = TableExport(TABLES[NAME], Requester(staff), {"workshop": workshop.pk}, **more).for_machines()
        return {
            row["group"]: (row["count"], row["is_demo"], row["attendances"])
            for row in rows
            if row["dimension"] == "disability" and row["count"]
        }

    assert answers() == {"yes": (1, False, 2), "no": (1, True, 2)}
    assert answers(with_demo=False) == {"yes": (1, False, None)}
    assert {row["workshop_id"] for row in TableExport(TABLES[NAME], Requester(staff), {}, False).for_machines()} == {
        workshop.pk
    }


@pytest.mark.parametrize("role", ["staff", "officer"])
def test_files_and_the_interface_for_machines_hold_the_same(workshops, client_for, request, role):
    user = request.getfixturevalue(role)
    counts = {row["id"]: row["count"] for row in rows_of(user)}

    machine = program_of(user).get(reverse(f"api:table_{NAME}")).json()
    files = {form: client_for(role).get(reverse("table_file", args=[NAME, form])) for form in ("csv", "xlsx")}

    assert {row["id"]: row["count"] for row in machine["rows"]} == counts
    assert {machine["count"], *(int(each.headers["X-Row-Count"]) for each in files.values())} == {len(counts)}
    _header, *lines = csv.reader(io.StringIO(files["csv"].getvalue().decode("utf-8-sig")))
    assert {line[0]: line[COUNT] for line in lines} == {key: written(count) for key, count in counts.items()}
    _header, *lines = rows_of_workbook(files["xlsx"].getvalue())
    told = {line[0]: line[COUNT].removesuffix(".0") for line in lines}
    assert told == {key: written(count) for key, count in counts.items()}


def written(count):
    return "" if count is None else str(count)


def test_who_is_not_signed_in_gets_no_file(client):
    assert client.get(reverse("table_file", args=[NAME, "csv"])).status_code == 302
    assert client.get(reverse(f"api:table_{NAME}")).status_code == 401


def test_queries_do_not_grow_with_workshops(officer, django_assert_num_queries):
    make_attendances(60)

    with django_assert_num_queries(2):
        assert len({row["workshop_id"] for row in rows_of(officer)}) == 60


def test_many_workshops_are_counted_a_piece_at_a_time(workshops, officer, monkeypatch):
    at_once = rows_of(officer)
    monkeypatch.setattr(tables, "CHUNK", 3)
    with CaptureQueriesContext(connection) as queries:
        assert rows_of(officer) == at_once

    assert len(queries) == 1 + 2
