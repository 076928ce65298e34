"""Figures over actions and questions: values, parts, what is left out, and the rows they lead to."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from capred_portal.comments import add_comment
from capred_portal.figures import REGISTRY, TOTAL, Scope
from capred_portal.models import Comment
from tests.factories import ROLES, make_action, make_goal, make_outcome, make_program, make_workshop

pytestmark = pytest.mark.django_db

CODES = ["actions", "actions-open", "actions-overdue", "actions-done", "actions-done-on-time", "questions-open"]
DUE = datetime.date(2025, 6, 30)


def value(code, **params):
    return figures(code, **params)[TOTAL].value


def figures(code, **params):
    return REGISTRY[code].figures(Scope("staff", params))


def done(closed_on, **fields):
    return make_action(status="done", done_en="Sent", closed_on=closed_on, due_on=DUE, **fields)


def test_counts_follow_their_rules():
    make_action(due_on=timezone.localdate())
    make_action(due_on=DUE, status="blocked")
    make_action(due_on=DUE, status="dropped")
    make_action(due_on=DUE, status="to-verify", priority=3, done_en="Sent", closed_on=DUE)
    done(DUE)

    assert [value(code) for code in CODES[:4]] == [5, 2, 1, 1]


def test_parts_add_up_to_the_total():
    make_action(status="blocked", priority=3)
    make_action(workshop=make_workshop(), due_on=DUE)

    for by in REGISTRY["actions"].by:
        parts = figures("actions", by=by)
        assert sum(part.value for key, part in parts.items() if key != TOTAL) == parts[TOTAL].value == 2
    assert figures("actions", by="status")["blocked"].value == 1
    assert figures("actions", by="priority")["3"].value == 1


def test_share_done_on_time_counts_the_due_day_and_leaves_open_ones_out():
    done(DUE)
    done(DUE - datetime.timedelta(days=9))
    done(DUE + datetime.timedelta(days=1))
    make_action(due_on=DUE)

    share = figures("actions-done-on-time")

    assert (share[TOTAL].value, share[TOTAL].unit) == (Decimal("66.7"), "%")
    assert (share["on-time"].value, share["late"].value) == (2, 1)


def test_share_is_not_applicable_while_nothing_is_done():
    share = figures("actions-done-on-time")[TOTAL]

    assert (share.value, share.state) == (None, "not applicable")


def test_scopes_follow_what_an_action_hangs_on():
    goal, program = make_goal("9.1"), make_program()
    program.goals.add(goal)
    workshop = make_workshop(program=program)
    make_action(program=program, due_on=DUE)
    make_action(outcome=make_outcome(workshop=workshop), due_on=datetime.date(2099, 1, 1))
    make_action()

    assert value("actions", program=program.slug) == 2
    assert value("actions", workshop=str(workshop.pk)) == 1
    assert value("actions", goal=str(goal.pk)) == 1
    assert value("actions", year="2025") == 1
    assert value("actions", province="none") == 3


def test_archived_actions_are_left_out_and_said_to_be(staff):
    make_action()
    make_action().archive(by=staff, reason="Twice")
    action = make_action()
    action.workshop.archive(by=staff, reason="Never took place")

    total = figures("actions-open")[TOTAL]

    assert total.value == 1
    assert [exclusion.count for exclusion in total.excluded()] == [2]


def test_demonstration_rows_are_marked():
    make_action()
    assert not figures("actions-open")[TOTAL].has_demo

    make_action(is_demo=True)
    assert figures("actions-open")[TOTAL].has_demo


def test_open_questions_leave_out_archived_records(staff):
    kept, gone = make_workshop(), make_workshop()
    for record in (kept, kept, gone):
        add_comment(record=record, text="Who?", kind=Comment.Kind.QUESTION, by=staff)
    gone.archive(by=staff, reason="Twice")

    total = figures("questions-open")[TOTAL]

    assert (total.value, [exclusion.count for exclusion in total.excluded()]) == (2, [1])
    assert value("questions-open", workshop=str(kept.pk)) == 2


@pytest.mark.parametrize("role", ROLES)
def test_rows_are_as_many_as_the_figure_says(client_for, role):
    client, program = client_for(role), make_program()
    make_action(program=program, due_on=DUE)
    make_action(status="started")
    done(DUE, program=program)
    done(DUE + datetime.timedelta(days=3))
    seen, followed = 0, {}

    for code in CODES:
        for params in ({}, {"program": program.slug}, {"year": "2025"}, *({"by": by} for by in REGISTRY[code].by)):
            for figure in REGISTRY[code].figures(Scope(role, params)).values():
                if url := figure.rows_url:
                    seen += 1
                    if url not in followed:
                        followed[url] = client.get(url, headers={"HX-Request": "true"}).context["rows_count"]
                    assert followed[url] == figure.value, url
    assert seen > 30


@pytest.mark.parametrize("code", CODES)
def test_queries_do_not_grow_with_rows(code, staff):
    counts = []

    for _twice in range(2):
        for _number in range(5):
            action = make_action(due_on=DUE)
            add_comment(record=action, text="Who?", kind=Comment.Kind.QUESTION, by=staff)
        with CaptureQueriesContext(connection) as queries:
            figures(code)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 4
