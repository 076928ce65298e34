"""What the document of the interface for machines promises, asked by schemathesis: in each address, right and wrong."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from capred_portal.api import doors
from capred_portal.models import User
from capred_portal.wsgi import application
from tests.machine_client import key_for
from tests.routes import make_sample

CASES = 3  # of each address and mode: some hundreds together
HELD = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]


@pytest.fixture(scope="module")
def sample(django_db_setup, django_db_blocker):
    """The rows of all tests here, made once and rolled back after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_sample()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _one_connection():
    """Keep the connection of this test between requests, as Django's own client does."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


# The same cases in every run, and few.
STRICT = settings(
    max_examples=CASES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("role", ["staff", "officer"])
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"])
def test_every_address_answers_as_the_document_says(mode, role, db, sample, monkeypatch):
    monkeypatch.setattr(doors, "REQUESTS_A_MINUTE", 100_000)
    token = key_for(User.objects.get(username=role))
    headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}  # WSGI's client unpacks nothing
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application, headers=headers)
    asked = []

    for found in schema.get_all_operations():
        operation = found.ok()

        @STRICT
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case):
            response = case.call(headers=headers)
            asked.append(response.status_code)
            case.validate_response(response, checks=HELD)

        ask()

    print(role, mode, {status: asked.count(status) for status in sorted(set(asked))})
    assert len(asked) > 100
    assert 200 in asked
