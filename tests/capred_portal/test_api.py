"""The door of the interface for machines: keys, scopes, verbs, limits, problems, tags."""

import gzip
import logging

import pytest
from django.db import DatabaseError
from django.http import Http404
from django.test import Client
from django.utils import timezone

from capred_portal.access_keys import new_key
from capred_portal.api import answers, doors
from capred_portal.models import AccessToken
from capred_portal.records import writing
from programs.models import Workshop
from tests.factories import make_organisation, make_user, make_workshop
from tests.machine_client import basic, bearer, key_for, program_of

ROOT, TABLES, FIGURES, WORKSHOPS = "/api/v1/", "/api/v1/tables", "/api/v1/figures", "/api/v1/tables/workshops"


@pytest.fixture
def machine(staff):
    return program_of(staff)


# Keys


def test_a_key_opens_as_bearer_and_as_basic_password(staff):
    key = key_for(staff)

    assert bearer(key).get(ROOT).status_code == 200
    assert basic(key).get(ROOT).status_code == 200
    assert basic(key, "").get(ROOT).status_code == 200
    assert basic(key, "ឈ្មោះ").get(ROOT).status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer no-such-key",
        "Basic",
        "Basic !!!",
        "Basic bm9jb2xvbg==",
        "Basic /w==",
        "Digest x",
    ],
)
def test_without_a_valid_key_the_door_stays_shut(header, staff):
    key_for(staff)

    response = Client(headers={"Authorization": header} if header else {}).get(WORKSHOPS)

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Basic ")
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.json()["request_id"] == response.headers["X-Request-ID"]


@pytest.mark.parametrize("place", ["key", "token", "access_token", "api_key"])
def test_a_key_in_the_address_opens_nothing(place, staff):
    assert Client().get(WORKSHOPS, {place: key_for(staff)}).status_code == 401


def test_a_user_name_is_no_key(staff):
    assert basic("wrong", key_for(staff)).get(ROOT).status_code == 401


@pytest.mark.parametrize("change", ["revoked", "expired", "inactive"])
def test_a_key_that_ended_opens_nothing(change, staff):
    token, key = new_key(staff, "Excel", ["records"], 30)
    assert bearer(key).get(WORKSHOPS).status_code == 200

    if change == "inactive":
        type(staff).objects.filter(pk=staff.pk).update(is_active=False)
    else:
        field = {"revoked": "revoked_at", "expired": "expires_at"}[change]
        AccessToken.objects.filter(pk=token.pk).update(**{field: timezone.now()})

    assert bearer(key).get(WORKSHOPS).status_code == 401


def test_a_session_opens_no_data(staff_client):
    assert staff_client.get(WORKSHOPS).status_code == 401


def test_the_document_opens_to_who_is_signed_in_and_to_a_key(staff, staff_client, anonymous_client):
    assert staff_client.get("/api/v1/openapi.json").json()["openapi"] == "3.1.0"
    assert program_of(staff).get("/api/v1/openapi.json").status_code == 200
    assert anonymous_client.get("/api/v1/openapi.json").status_code == 401


def test_a_key_opens_its_scopes_only(staff):
    figures, records, calendar = (program_of(staff, scope) for scope in ("figures", "records", "calendar"))

    assert figures.get(WORKSHOPS).status_code == 403
    assert records.get(WORKSHOPS).status_code == 200
    assert records.get(FIGURES).status_code == 403
    assert records.get("/api/v1/tables/people").status_code == 403
    assert figures.get(FIGURES).status_code == 200
    assert calendar.get(ROOT).status_code == 403
    assert "people" not in {each["name"] for each in records.get(TABLES).json()["tables"]}


def test_names_and_contacts_need_a_key_for_people(staff):
    make_organisation(media_email="press@example.org")

    [plain] = program_of(staff, "records").get("/api/v1/tables/organisations").json()["rows"]
    [full] = program_of(staff, "records", "people").get("/api/v1/tables/organisations").json()["rows"]

    assert "media_email" not in plain
    assert full["media_email"] == "press@example.org"


def test_the_log_knows_whose_request_it_was_and_never_the_key(staff, caplog):
    key = key_for(staff)

    with caplog.at_level(logging.DEBUG):
        bearer(key).get(WORKSHOPS)
        basic(key).get("/api/v1/no-such-thing")
        Client().get(ROOT, {"key": key})
        Client(headers={"Authorization": f"Token {key}"}).get(ROOT)

    lines = [record for record in caplog.records if record.name == "portal.requests"]
    assert [line.user for line in lines] == [staff.pk, staff.pk, None, None]
    assert key not in str([vars(record) for record in caplog.records if record.name.startswith("portal")])
    assert key not in caplog.text


# Limits


def test_too_many_requests_with_a_key_have_to_wait(staff, monkeypatch):
    monkeypatch.setattr(doors, "REQUESTS_A_MINUTE", 2)
    first, second = program_of(staff), program_of(staff)

    answers_given = [first.get(ROOT) for _number in range(3)]

    assert [each.status_code for each in answers_given] == [200, 200, 429]
    assert 0 < int(answers_given[-1].headers["Retry-After"]) <= 60
    assert second.get(ROOT).status_code == 200


def test_too_many_wrong_keys_from_an_address_have_to_wait(staff, monkeypatch):
    monkeypatch.setattr(doors, "WRONG_KEYS_A_MINUTE", 2)

    answers_given = [bearer(f"mcp-{number}").get(ROOT).status_code for number in range(3)]

    assert answers_given == [401, 401, 429]
    assert bearer(key_for(staff)).get(ROOT).status_code == 200
    assert Client().get(ROOT).status_code == 401


# Verbs and problems


@pytest.mark.parametrize("verb", ["post", "put", "patch", "delete", "options"])
def test_nothing_is_written(verb, machine):
    response = getattr(machine, verb)(WORKSHOPS)

    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD"
    assert response.json()["status"] == 405


@pytest.mark.parametrize("address", [ROOT, WORKSHOPS, f"{WORKSHOPS}?format=csv", FIGURES, "/api/v1/nothing"])
def test_head_tells_the_same_without_a_body(address, machine):
    got, head = machine.get(address), machine.head(address)

    assert head.status_code == got.status_code
    assert head.getvalue() == b""
    assert head.headers.get("ETag") == got.headers.get("ETag")
    assert head.headers["Content-Type"] == got.headers["Content-Type"]


@pytest.mark.parametrize("query", ["", "?format=csv"])
def test_long_answers_are_compressed_for_who_can_read_that(query, machine):
    make_workshop()
    plain = machine.get(f"{WORKSHOPS}{query}")

    packed = machine.get(f"{WORKSHOPS}{query}", headers={"Accept-Encoding": "gzip"})

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert {"Accept-Encoding", "Authorization"} <= set(packed.headers["Vary"].split(", "))
    assert packed.headers["ETag"] == plain.headers["ETag"]
    assert gzip.decompress(packed.getvalue()) == plain.getvalue()


@pytest.mark.parametrize(
    "address",
    ["nothing", "tables/nothing", "tables/", "figures/nothing", "indicators/nothing", "docs/nothing/", "programs/x"],
)
def test_what_there_is_not_is_told_as_json(address, machine):
    response = machine.get(f"{ROOT}{address}")

    assert response.status_code == 404
    assert response.json()["title"] == "Not Found"


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("colour=red", "colour"),
        ("key=1", "key"),
        ("sort=name", "sort"),
        ("limit=0", "limit"),
        ("limit=5001", "limit"),
        ("limit=many", "limit"),
        ("after=-1", "after"),
        ("after=9999999999999999999", "after"),
        ("format=xml", "format"),
        ("province=99", "province"),
        ("year=soon", "year"),
        ("program=no-such-program", "program"),
    ],
)
def test_a_wrong_parameter_is_named(query, name, machine):
    response = machine.get(f"{WORKSHOPS}?{query}")

    assert response.status_code == 422
    assert [each["parameter"] for each in response.json()["errors"]] == [name]


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("figures/workshops-held?by=colour", "by"),
        ("figures/workshops-held?colour=red", "colour"),
        ("figures/workshops-held?province=99", "province"),
        ("indicators?program=no-such-program", "program"),
        ("programs/x/values", "period"),
        ("figures?q=1", "q"),
        ("?q=1", "q"),
    ],
)
def test_a_wrong_parameter_of_other_addresses_is_named(address, name, machine):
    response = machine.get(f"{ROOT}{address}")

    assert response.status_code == 422
    assert name in response.json()["errors"][0]["parameter"]


@pytest.mark.parametrize(
    ("error", "status"), [(RuntimeError("secret"), 500), (DatabaseError("secret"), 500), (Http404("secret"), 404)]
)
def test_our_mistakes_are_told_without_what_they_say(error, status, machine, monkeypatch, caplog):
    def broken(*_about):
        raise error

    monkeypatch.setattr(answers, "data_key", broken)
    response = machine.get(WORKSHOPS)

    assert response.status_code == status
    assert "secret" not in response.content.decode()
    assert ("secret" in caplog.text) == (status == 500)


# Tags


def test_what_is_known_is_not_sent_again(machine, django_assert_max_num_queries):
    make_workshop()
    tag = machine.get(WORKSHOPS).headers["ETag"]

    with django_assert_max_num_queries(8) as asked:
        again = machine.get(WORKSHOPS, headers={"If-None-Match": f'"other", {tag}'})

    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert not [query for query in asked.captured_queries if Workshop._meta.db_table in query["sql"]]


def test_a_tag_changes_with_the_data_the_user_the_key_and_the_address(staff, officer):
    def tag(user, scopes=(), address=WORKSHOPS):
        return program_of(user, *scopes).get(address).headers["ETag"]

    first = tag(staff)
    assert tag(staff) == first
    different = {
        tag(make_user("staff")),
        tag(officer),
        tag(staff, ["records"]),
        tag(staff, address=f"{WORKSHOPS}?limit=7"),
    }
    with writing("programs"):
        make_workshop()
    different.add(tag(staff))
    assert len(different - {first}) == 5


def test_answers_are_for_who_asks_alone(machine):
    response = machine.get(WORKSHOPS)

    assert response.headers["Cache-Control"] == "private, no-cache"
    assert "Authorization" in response.headers["Vary"]
    assert "Access-Control-Allow-Origin" not in response.headers
