"""Every address of the interface for machines as every role: the matrix of the pages holds here too."""

import json

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client, RequestFactory
from django.urls import reverse

from capred_portal.access import KEEPERS, may
from capred_portal.api.document import document
from capred_portal.api.tables import row_schema
from capred_portal.figures import REGISTRY, SMALL_CELL, TOTAL, Scope
from capred_portal.models import User
from capred_portal.tables import TABLES, TableExport
from programs.models import Program
from tests.factories import ROLES
from tests.machine_client import bearer, key_for, program_of
from tests.routes import make_sample, walk

POINTS_TO = {
    "action_id": "programs.Action",
    "cluster_id": "enterprises.Cluster",
    "enterprise_id": "enterprises.Enterprise",
    "link_id": "enterprises.SupplyLink",
    "outcome_id": "programs.Outcome",
    "person_id": "programs.Person",
    "program_id": "programs.Program",
    "workshop_id": "programs.Workshop",
}


@pytest.fixture(scope="module")
def sample(django_db_setup, django_db_blocker):
    """The rows of all tests here, made once and rolled back after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_sample()
        transaction.set_rollback(True)


@pytest.fixture
def real(db, sample):
    """The demonstration rows as if they were real."""
    for model in apps.get_models():
        if any(field.name == "is_demo" for field in model._meta.concrete_fields):
            model._default_manager.filter(is_demo=True).update(is_demo=False)


def addresses():
    """Return an example of every address of the document, and of those that are not in it."""
    values = {"code": "workshops-held", "slug": "capred"}
    paths = [path.format(**values) if "{" in path else path for path in document()["paths"]]
    return [*paths, "/api/v1/openapi.json", "/api/v1/no-such-thing"]


def rows_of(client, name):
    response = client.get(reverse(f"api:table_{name}"), {"limit": 5000})
    assert response.status_code == 200, (name, response.content)
    return response.json()["rows"]


def test_every_address_is_in_the_document():
    names = {name for name, _entry in walk() if name.startswith("api:")}

    operations = {f"api:{each['get']['operationId']}" for each in document()["paths"].values()}

    assert names - operations == {"api:document", "api:unknown_address"}
    assert operations <= names
    assert {f"api:table_{name}" for name in TABLES} <= operations


def test_every_address_asks_for_a_key(db, sample):
    client = Client()
    client.force_login(User.objects.get(username="staff"), "django.contrib.auth.backends.ModelBackend")

    assert {address: Client().get(address).status_code for address in addresses()} == dict.fromkeys(addresses(), 401)
    opened = {address for address in addresses() if client.get(address).status_code != 401}
    assert opened == {"/api/v1/openapi.json"}


def test_every_address_refuses_every_other_verb(db, sample):
    client = program_of(User.objects.get(username="admin"))

    for verb in ("post", "put", "patch", "delete"):
        assert {getattr(client, verb)(address).status_code for address in addresses()} == {405}


@pytest.mark.parametrize("role", ROLES)
def test_tables_open_as_the_matrix_says(role, real):
    user = User.objects.get(username=role)
    client = program_of(user)
    wrong = []
    for name, table in TABLES.items():
        response = client.get(reverse(f"api:table_{name}"), {"limit": 20})
        if response.status_code != (200 if may(user, table.action) else 403):
            wrong.append((name, response.status_code, response.content))
            continue
        expected = {column.name for column in table.columns if may(user, column.action or table.action)}
        for row in response.json()["rows"] if response.status_code == 200 else []:
            row_schema(table).model_validate_json(json.dumps(row), strict=True)
            if set(row) != expected:
                wrong.append((name, set(row) ^ expected))

    assert wrong == []
    listed = {each["name"] for each in client.get(reverse("api:tables")).json()["tables"]}
    assert listed == {name for name, table in TABLES.items() if may(user, table.action)}


def test_officers_lack_what_is_hidden_from_them():
    hidden = {name: {column.name for column in table.columns if column.action} for name, table in TABLES.items()}

    assert {"phone", "latest_turnover_usd"} <= hidden["enterprises"]
    assert "value_usd" in hidden["links"]


@pytest.mark.parametrize("role", ["staff", "officer"])
def test_tables_hold_the_rows_and_values_of_the_files(role, real):
    request = RequestFactory().get("/")
    request.user = User.objects.get(username=role)
    client = program_of(request.user)
    filled, wrong = 0, []
    for name, table in TABLES.items():
        if not may(request.user, table.action):
            continue
        taken = TableExport(table, request)
        page = client.get(reverse(f"api:table_{name}"), {"limit": 5000}).json()
        filled += bool(page["rows"])
        if page["count"] != taken.count or (page["next"] is None and len(page["rows"]) != taken.count):
            wrong.append((name, page["count"], taken.count, len(page["rows"])))

    assert wrong == []
    assert filled > 40


def test_pages_of_every_table_hold_each_row_once(real):
    client = program_of(User.objects.get(username="admin"))
    wrong, tried = [], 0
    for name in TABLES:
        whole = rows_of(client, name)
        if 1 < len(whole) <= 200:
            tried += 1
            rows: list[dict] = []
            address = f"{reverse(f'api:table_{name}')}?limit={max(1, len(whole) // 3)}"
            while address:
                page = client.get(address).json()
                rows, address = rows + page["rows"], page["next"]
            if rows != whole:
                wrong.append(name)

    assert wrong == []
    assert tried > 20


def test_no_invented_row_leaves(db, sample):
    invented = {
        column: set(apps.get_model(label).objects.filter(is_demo=True).values_list("pk", flat=True))
        for column, label in POINTS_TO.items()
    }
    assert all(invented.values())
    client = program_of(User.objects.get(username="admin"))
    wrong = {}
    for name in TABLES:
        for row in rows_of(client, name):
            told = [column for column, keys in invented.items() if row.get(column) in keys]
            if told or row.get("is_demo"):
                wrong[name] = told

    assert wrong == {}


@pytest.mark.parametrize("role", ["staff", "officer"])
def test_every_figure_is_that_of_the_pages(role, real):
    user = User.objects.get(username=role)
    client = program_of(user, "figures")
    wrong = []
    for code, definition in REGISTRY.items():
        for dimension in ["", *(definition.by if role == "officer" else ())]:
            scope = Scope(role, {"by": dimension} if dimension else {})
            found = definition.figures(scope)
            told = client.get(reverse("api:figure", args=[code]), scope.params).json()
            parts = {each["key"]: (each["value"], each["state"]) for each in told["parts"]}
            expected = {key: (number(one), one.state) for key, one in found.items()}
            if expected != {TOTAL: (told["value"], told["state"])} | parts:
                wrong.append((code, dimension))

    assert wrong == []


def number(figure):
    return None if figure.value is None else json.loads(json.dumps(float(figure.value)))


def test_small_groups_are_withheld_from_officers_only(real):
    told = {}
    for role in ("staff", "officer"):
        client = program_of(User.objects.get(username=role), "figures")
        told[role] = [
            part
            for by in ("sex", "age", "disability", "organisation-kind")
            for part in client.get("/api/v1/figures/unique-people", {"by": by, "program": "capred"}).json()["parts"]
        ]

    assert all(part["state"] != "withheld" for part in told["staff"])
    assert not [part for part in told["officer"] if part["value"] and 0 < part["value"] < SMALL_CELL]


def test_figures_tell_when_something_in_them_is_invented(db, sample):
    client = bearer(key_for(User.objects.get(username="staff"), "figures"))
    for code in REGISTRY:
        told = client.get(reverse("api:figure", args=[code])).json()
        figure = REGISTRY[code].figures(Scope("staff"))[TOTAL]
        assert (told["state"] == "demonstration", told["value"] is None) == (
            figure.has_demo,
            figure.has_demo or figure.value is None,
        ), code


@pytest.mark.parametrize("role", ROLES)
def test_indicators_and_values_open_to_every_role(role, real):
    client = program_of(User.objects.get(username=role), "figures")

    listed = client.get(reverse("api:indicators")).json()
    slugs = Program.objects.active().values_list("slug", flat=True)

    assert listed["count"] == len(listed["indicators"]) > 5
    for one in listed["indicators"]:
        assert client.get(one["url"]).status_code == 200
    for slug in slugs:
        assert client.get(reverse("api:program_values", args=[slug]), {"period": "2025-Q1"}).status_code == 200
    assert role in KEEPERS | {"officer"}
