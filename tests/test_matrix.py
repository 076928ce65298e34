"""Every address x role x state: of accounts, and of the record an address is about; see test_steps.py for the steps."""

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from capred_portal.access import ANONYMOUS, MATRIX
from capred_portal.models import Document, User
from enterprises.models import Cluster, Enterprise, SupplyLink
from indicators.models import ExpectedEffect, Observation, ReportingRound, Scenario, Target
from programs.models import Action, Outcome, Person, Program, Workshop
from tests.factories import ROLES, make_user
from tests.route_kinds import ADMIN_PAGES, OUTSIDE_THE_MATRIX
from tests.routes import examples, make_sample

REASON = "Entered twice"

# namespace -> the record its addresses are about, and by what they name it
RECORDS = {
    "actions": (Action, "pk"),
    "clusters": (Cluster, "slug"),
    "document": (Document, "pk"),
    "effects": (ExpectedEffect, "pk"),
    "enterprises": (Enterprise, "pk"),
    "links": (SupplyLink, "pk"),
    "observations": (Observation, "pk"),
    "outcomes": (Outcome, "pk"),
    "people": (Person, "pk"),
    "programs": (Program, "slug"),
    "rounds": (ReportingRound, "pk"),
    "scenarios": (Scenario, "pk"),
    "targets": (Target, "pk"),
    "workshops": (Workshop, "pk"),
}

# Addresses below a namespace whose number is of something else: a pair of records, a declaration, an outcome.
ABOUT_OTHERS = (
    *(f"{space}:{part}" for space in ("enterprises", "people") for part in ("duplicate", "merge")),
    *("enterprises:completeness", "effects:of_outcome"),
)

# Personal data of who is archived are still to be told and erased.
PERSONAL = ("people:personal_data", "people:personal_data_export", "people:erase")

# An archived record is out of every list and figure; these pages still show it, with a note that says why it is away.
# Every other address about it is not found, and nothing can be written to it.
READABLE_WHEN_ARCHIVED = {
    "actions:detail",
    "clusters:detail",
    "enterprises:detail",
    "links:detail",
    "outcomes:detail",
    "people:detail",
    "programs:detail",
    "workshops:detail",
}


@pytest.fixture(scope="module")
def sample(django_db_setup, django_db_blocker):
    """The rows of all tests here, made once and rolled back after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_sample()
        transaction.set_rollback(True)


def signed_in(user):
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def told(client, example, method="get"):
    cache.clear()
    response = getattr(client, method)(example.url)
    answer = response.status_code
    if answer == 302 and response.url.startswith((reverse("login"), reverse("admin:login"))):
        return "sign in"
    return answer


# Accounts


# Forms on pages that more people may read than may write.
FORMS_OF_FEWER = {
    "reports:revoke": MATRIX["record.write"],  # the example is a link of staff: theirs, or a verifier's
    "workshops:attendance": MATRIX["record.write"],
}
ANSWERS = {200, 302, 400, 404, 405, 409, 422}


def expected_post(example, role):
    """Return what an empty form leads to: who may not is told no, who may gets an answer about the form."""
    if example.name in OUTSIDE_THE_MATRIX or (example.name == "account_sessions_end" and role != ANONYMOUS):
        return ANSWERS | {"sign in"}  # Django's own, and what ends a session
    if role in FORMS_OF_FEWER.get(example.name, example.roles):
        return ANSWERS
    return {"sign in", 405} if role == ANONYMOUS else {403, 405}  # 405: a page without a form


@pytest.mark.parametrize("role", [*ROLES, ANONYMOUS])
def test_posts_go_as_far_as_the_role_may(role, db, sample):
    wrong = {}
    for example in examples(sample):
        if example.name in ADMIN_PAGES or example.name in {"logout", "set_language"}:
            continue
        with transaction.atomic():
            client = Client() if role == ANONYMOUS else signed_in(User.objects.get(username=role))
            answer = told(client, example, "post")
            transaction.set_rollback(True)
        if answer not in expected_post(example, role):
            wrong[example.name, example.url] = answer

    assert wrong == {}


def test_an_account_that_is_switched_off_is_nobody_at_once(db, sample):
    """Also within a session that was open before."""
    for role in ROLES:
        user = make_user(role)
        client = signed_in(user)
        assert client.get(reverse("overview")).status_code == 200
        User.objects.filter(pk=user.pk).update(is_active=False)
        closed = [one for one in examples(sample) if ANONYMOUS not in one.roles and one.name not in OUTSIDE_THE_MATRIX]

        answers = {example.url: told(client, example, "post" if example.is_post else "get") for example in closed[::4]}

        assert {url: answer for url, answer in answers.items() if answer != "sign in"} == {}


def test_whoever_signed_out_is_nobody(db, sample):
    client = signed_in(make_user("verifier"))
    client.post(reverse("logout"))
    closed = [one for one in examples(sample) if ANONYMOUS not in one.roles and one.name not in OUTSIDE_THE_MATRIX]

    answers = {example.url: told(client, example, "post" if example.is_post else "get") for example in closed[::2]}

    assert {url: answer for url, answer in answers.items() if answer != "sign in"} == {}


# Records that are archived


def about_records(sample):
    """Yield each example that is about one record, with the record."""
    for example in examples(sample):
        space = example.name.partition(":")[0]
        kwargs = dict(example.kwargs)
        if space in RECORDS and RECORDS[space][1] in kwargs and not example.name.startswith(ABOUT_OTHERS):
            model, key = RECORDS[space]
            yield example, model.objects.filter(**{key: kwargs[key]})


@pytest.mark.parametrize("role", ROLES)
def test_an_archived_record_is_only_to_be_read(role, db, sample):
    client = signed_in(User.objects.get(username=role))
    wrong, tried = {}, 0
    for example, record in about_records(sample):
        if role not in example.roles or example.name in PERSONAL:
            continue
        tried += 1
        with transaction.atomic():
            record.update(archived_at=timezone.now(), archive_reason=REASON)
            answers = {method: told(client, example, method) for method in ("get", "post")}
            transaction.set_rollback(True)
        is_shown = example.name in READABLE_WHEN_ARCHIVED
        expected = {"get": 405 if example.is_post else 200 if is_shown else 404, "post": 405 if is_shown else 404}
        different = {method: answer for method, answer in answers.items() if answer not in {expected[method], 405}}
        if different:
            wrong[example.name, example.url] = different

    assert wrong == {}
    assert tried >= 20


def test_the_page_of_an_archived_record_says_why_it_is_away(db, sample):
    client = signed_in(User.objects.get(username="staff"))
    silent = []
    for example, record in about_records(sample):
        if example.name in READABLE_WHEN_ARCHIVED:
            with transaction.atomic():
                record.update(archived_at=timezone.now(), archive_reason=REASON)
                cache.clear()
                page = client.get(example.url).content.decode()
                transaction.set_rollback(True)
            if REASON not in page or "Archive</" in page:
                silent.append(example.url)

    assert silent == []
