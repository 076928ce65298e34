"""The steps of records: who may take which from which state, and where it leads, as the tables say it."""

import datetime
import itertools

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from capred_portal.loads import REGISTRY, load_now, receive
from capred_portal.models import Load
from indicators.models import Indicator
from programs.models import Action
from tests.factories import make_action, make_user
from tests.indicator_factories import make_indicator, make_observation, make_round, make_target
from tests.register_factories import make_link

ACTORS = ("author", "staff", "verifier", "officer", "admin")

# A word is the state the step leads to; "=" leaves the record as it is, in words; 403 is not for this role.
OBSERVATIONS = """
    step      state      author     staff      verifier   officer    admin
    submit    draft      submitted  submitted  submitted  403        403
    submit    submitted  =          =          =          403        403
    submit    verified   =          =          =          403        403
    submit    accepted   =          =          =          403        403
    withdraw  draft      =          =          =          403        403
    withdraw  submitted  draft      =          =          403        403
    withdraw  verified   =          =          =          403        403
    withdraw  accepted   =          =          =          403        403
    verify    draft      403        403        =          403        403
    verify    submitted  403        403        verified   403        403
    verify    verified   403        403        =          403        403
    verify    accepted   403        403        =          403        403
    accept    draft      403        403        403        =          403
    accept    submitted  403        403        403        =          403
    accept    verified   403        403        403        accepted   403
    accept    accepted   403        403        403        =          403
    return    draft      403        403        =          =          403
    return    submitted  403        403        draft      =          403
    return    verified   403        403        draft      draft      403
    return    accepted   403        403        =          =          403
"""
ACTIONS = """
    step      state      author     staff      verifier   officer    admin
    move      planned    started    started    started    403        403
    move      blocked    started    started    started    403        403
    move      to-verify  =          =          =          403        403
    move      done       =          =          =          403        403
    move      dropped    =          =          =          403        403
    close     planned    to-verify  to-verify  to-verify  403        403
    close     started    to-verify  to-verify  to-verify  403        403
    close     to-verify  =          =          =          403        403
    close     done       =          =          =          403        403
    close     dropped    =          =          =          403        403
    verify    started    =          =          =          403        403
    verify    to-verify  =          done       done       403        403
    verify    done       =          =          =          403        403
    return    started    =          =          =          403        403
    return    to-verify  =          started    started    403        403
    return    done       =          =          =          403        403
    reopen    started    =          =          =          403        403
    reopen    done       started    started    started    403        403
    reopen    dropped    planned    planned    planned    403        403
"""
TARGETS = """
    step      state      author     staff      verifier   officer    admin
    approve   proposed   403        403        approved   403        403
    approve   approved   403        403        =          403        403
    approve   returned   403        403        =          403        403
    return    proposed   403        403        returned   403        403
    return    approved   403        403        =          403        403
    return    returned   403        403        =          403        403
"""
ROUNDS = """
    step      state      author     staff      verifier   officer    admin
    remind    open       403        403        =          403        403
    close     open       403        403        closed     403        403
    close     closed     403        403        =          403        403
    close     signed     403        403        =          403        403
    sign      open       403        403        =          403        403
    sign      closed     403        403        signed     403        403
    sign      signed     403        403        =          403        403
    accept    open       403        403        403        =          403
    accept    closed     403        403        403        =          403
    accept    signed     403        403        403        accepted   403
    accept    accepted   403        403        403        =          403
"""
LOADS = """
    step      state      author     staff      verifier   officer    admin
    map       checked    uploaded   uploaded   uploaded   403        403
    map       failed     uploaded   uploaded   uploaded   403        403
    map       done       =          =          =          403        403
    map       undone     =          =          =          403        403
    confirm   uploaded   =          =          =          403        403
    confirm   checked    confirmed  confirmed  confirmed  403        403
    confirm   failed     =          =          =          403        403
    confirm   done       =          =          =          403        403
    confirm   undone     =          =          =          403        403
    undo      checked    =          =          =          403        403
    undo      done       undone     undone     undone     403        403
    undo      undone     =          =          =          403        403
"""
LINKS = """
    step      state      author     staff      verifier   officer    admin
    verify    open       =          verified   verified   403        403
    verify    verified   =          verified   verified   403        403
"""
FIRMS = b"Registration number,Name (Latin)\nZ-1,New firm\n"


@pytest.fixture(scope="module")
def people(django_db_setup, django_db_blocker):
    """One person of each role, and the author of every record: made once and rolled back after the last test."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield {actor: make_user("staff" if actor == "author" else actor) for actor in ACTORS}
        transaction.set_rollback(True)


def observation(state, by):
    indicator = make_indicator(signatures=Indicator.Signatures.BOTH)
    return make_observation(status=state, by=by, indicator=indicator)


def action(state, by):
    closed = {"done_en": "Done", "closed_on": datetime.date(2025, 3, 1), "closed_by": by}
    verified = {"verified_by": make_user("staff"), "verified_at": timezone.now()}
    fields = {"to-verify": closed, "done": closed | verified}.get(state, {})
    return make_action(priority=Action.Priority.HIGH, status=state, owner_user=by, **fields)


def target(state, by):
    return make_target(status=state, created_by=by, updated_by=by)


def round_of(state, by):
    fields = {"closed_by": make_user("verifier"), "closed_at": timezone.now()} if state != "open" else {}
    return make_round(status=state, created_by=by, **fields)


def load(state, by):
    about = {"kind": REGISTRY["enterprises"], "content": FIRMS, "file_name": "a.csv", "scope": {}, "by": by}
    found = load_now(**about) if state in {"done", "undone"} else receive(**about, enqueue=False)
    Load.objects.filter(pk=found.pk).update(state=state)
    found.refresh_from_db()
    return found


def link(state, by):
    verified = {"verified_by": make_user("verifier"), "verified_at": timezone.now()} if state == "verified" else {}
    return make_link(created_by=by, updated_by=by, **verified)


KINDS = {  # kind -> table, how one is made in a state, the name of its routes, and what says its state
    "observation": (OBSERVATIONS, observation, "observations", "status"),
    "action": (ACTIONS, action, "actions", "status"),
    "target": (TARGETS, target, "targets", "status"),
    "round": (ROUNDS, round_of, "rounds", "status"),
    "load": (LOADS, load, "loads", "state"),
    "link": (LINKS, link, "links", "verified_by_id"),
}
SENT = {
    "to": "started",
    "reason": "Not yet",
    "done_en": "Done",
    "closed_on": "2025-03-01",
    "evidence_link": "https://example.org/paper",
    "missing": "0",
    "name_en": "1",
}


def rows_of(table):
    """Return the lines of a table as dictionaries."""
    head, *lines = [line.split() for line in table.strip().splitlines()]
    return [dict(zip(head, line, strict=True)) for line in lines]


CELLS = [
    pytest.param(kind, row["step"], row["state"], actor, row[actor], id=f"{kind}-{row['step']}-{row['state']}-{actor}")
    for kind, (table, *_rest) in KINDS.items()
    for row, actor in itertools.product(rows_of(table), ACTORS)
]


@pytest.mark.parametrize(("kind", "step", "state", "actor", "expected"), CELLS)
def test_a_step_leads_where_the_table_says(kind, step, state, actor, expected, db, people):
    _table, make, routes, field = KINDS[kind]
    record = make(state, people["author"])
    before = getattr(record, field)
    client = signed_in(people[actor])
    url = reverse(f"{routes}:{step}", args=[record.pk])

    response = client.post(url, SENT | {"version": getattr(record, "version", "")})
    record.refresh_from_db()

    assert (response.status_code == 403) == (expected == "403")
    assert response.status_code in {302, 403, 409, 422}
    if expected in {"403", "="}:
        assert getattr(record, field) == before
    elif kind == "link":
        assert getattr(record, field) == people[actor].pk
    else:
        assert getattr(record, field) == expected


def signed_in(person):
    client = Client()
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")
    cache.clear()
    return client


@pytest.mark.parametrize("kind", KINDS)
def test_a_step_from_another_version_changes_nothing(kind, db, people):
    """Whoever looked at an older version takes no step; a target and a load have none on their page."""
    table, make, routes, field = KINDS[kind]
    if kind in {"target", "load"}:
        return
    row, actor = next((row, actor) for row in rows_of(table) for actor in ACTORS if row[actor] not in {"403", "="})
    record = make(row["state"], people["author"])
    before = getattr(record, field)

    response = signed_in(people[actor]).post(
        reverse(f"{routes}:{row['step']}", args=[record.pk]), SENT | {"version": record.version + 1}
    )
    record.refresh_from_db()

    assert response.status_code in {302, 409, 422}
    assert getattr(record, field) == before


@pytest.mark.parametrize(("role", "status"), [("staff", 302), ("verifier", 302), ("officer", 403), ("admin", 302)])
def test_who_answers_a_question(role, status, people, db):
    """Anybody may ask; only the ministry and administrators answer, also what is answered already."""
    record = action("planned", people["author"])
    url = reverse("actions:comment", args=[record.pk])
    asked = signed_in(people["officer"]).post(url, {"text": "Who pays?", "is_question": "on"})
    record.refresh_from_db()
    question = record.thread.comments.get()

    for _again in range(2):
        response = signed_in(people[role]).post(url, {"text": "The program.", "answers": question.pk})
        assert response.status_code == status

    assert asked.status_code == 302
