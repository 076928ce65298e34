"""One line a record: with its reference, without personal data; slow queries, with their SQL and nobody's values."""

import json
import logging
import sys

import psycopg
import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import RequestFactory

from capred_portal.logs import REFERENCE, JsonFormatter, TextFormatter, logging_settings, watch_queries
from capred_portal.operations_middleware import RequestLogMiddleware


@pytest.fixture(autouse=True)
def _no_reference():
    token = REFERENCE.set("")
    yield
    REFERENCE.reset(token)


@pytest.fixture
def quick_limit(settings, db):
    """Every query is slow for this connection, which forgets so afterwards."""
    settings.SLOW_QUERY_MS = 0.000001
    before = [*connection.execute_wrappers]
    yield
    connection.execute_wrappers[:] = before


def record_of(message, *args, error=None, **extra):
    info = None
    if error:
        try:
            raise error
        except type(error):
            info = sys.exc_info()
    made = logging.LogRecord("portal.test", logging.WARNING, "file.py", 1, message, args, info)
    made.__dict__.update(extra)
    return made


def line_of(record):
    text = JsonFormatter().format(record)
    assert "\n" not in text
    return json.loads(text)


def test_a_record_is_one_line_of_json():
    REFERENCE.set("abc-12345678")

    line = line_of(record_of("%s rows", 3))

    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "WARNING",
        "logger": "portal.test",
        "message": "3 rows",
        "request_id": "abc-12345678",
    }


def test_an_exception_is_text_on_the_same_line():
    line = line_of(record_of("broken", error=ValueError("no such thing")))

    assert "ValueError: no such thing" in line["exception"]
    assert "Traceback" in line["exception"]


def test_what_a_database_or_a_mail_server_repeats_is_left_out():
    repeats = """duplicate key
LINE 1: ... WHERE "phone" = '+85512345678'
DETAIL:  Key (phone)=(+85512345678) already exists.
CONTEXT:  COPY, "Sok"
"""
    error = ValueError(repeats)

    line = line_of(record_of("mail to %s refused", "dara@example.org", error=error))
    text = TextFormatter().format(record_of("mail to %s refused", "dara@example.org", error=error))

    assert line["message"] == "mail to [address] refused"
    for told in (line["exception"], text):
        assert "duplicate key" in told
        assert not any(secret in told for secret in ("85512345678", "Sok", "dara"))


@pytest.mark.parametrize("form", ["json", "text"])
def test_a_database_that_is_away_needs_no_traceback(form):
    formatter = {"json": JsonFormatter, "text": TextFormatter}[form]()

    told = formatter.format(record_of("Service Unavailable", error=away()))

    assert "Traceback" not in told
    assert "connection refused" in told


def away():
    error = OperationalError("connection refused")
    error.__cause__ = psycopg.OperationalError("connection refused")
    return error


def test_settings_write_one_form_to_standard_error():
    chosen = logging_settings("INFO", "json")

    assert chosen["handlers"]["console"]["formatter"] == "json"
    assert chosen["root"] == {"handlers": ["console"], "level": "INFO"}


# Requests


def answered(caplog, path="/workshops/?q=Sok+Dara", user=None, **headers):
    """Ask the middleware and return its answer and what it wrote."""

    def view(request):
        request._cached_user = user or AnonymousUser()
        return HttpResponse("hello")

    with caplog.at_level(logging.INFO, logger="portal.requests"):
        response = RequestLogMiddleware(view)(RequestFactory().get(path, headers=headers))
    (record,) = caplog.records
    return response, line_of(record)


def test_a_request_is_one_line_without_its_query(caplog, staff):
    response, line = answered(caplog, user=staff)

    assert line.pop("duration_ms") >= 0
    assert line.pop("time")
    assert line == {
        "level": "INFO",
        "logger": "portal.requests",
        "message": "request",
        "method": "GET",
        "path": "/workshops/",
        "request_id": response.headers["X-Request-ID"],
        "status": 200,
        "user": staff.pk,
    }


def test_a_reference_of_the_proxy_is_kept(caplog):
    response, line = answered(caplog, x_request_id="from-the-proxy-4711")

    assert response.headers["X-Request-ID"] == line["request_id"] == "from-the-proxy-4711"


@pytest.mark.parametrize("given", ["", "short", "a" * 65, "with space in it", "forged\tline-12345", "ខ្មែរ-12345678"])
def test_another_reference_is_made_where_it_is_not_well_formed(given, caplog):
    response, _line = answered(caplog, x_request_id=given)

    assert len(response.headers["X-Request-ID"]) == 32
    assert response.headers["X-Request-ID"] != given


# Slow queries


def test_a_slow_query_is_logged_without_its_values(quick_limit, caplog):
    watch_queries()
    watch_queries()

    with connection.cursor() as cursor:
        cursor.execute("SELECT %s", ["a secret"])

    (record,) = [each for each in caplog.records if each.name == "portal.queries"]
    assert record.sql == "SELECT %s"
    assert record.duration_ms >= 0
    assert "a secret" not in json.dumps(line_of(record))


def test_a_quick_query_is_not_logged(quick_limit, settings, caplog):
    settings.SLOW_QUERY_MS = 60_000
    watch_queries()

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")

    assert not caplog.records


def test_nothing_is_measured_when_it_is_off(quick_limit, settings):
    settings.SLOW_QUERY_MS = 0
    before = len(connection.execute_wrappers)

    watch_queries()

    assert len(connection.execute_wrappers) == before


def test_watching_takes_no_wrapper_of_others_off(quick_limit):
    def other(execute, *told):
        return execute(*told)

    with connection.execute_wrapper(other):
        watch_queries()

    assert other not in connection.execute_wrappers


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/reset/MQ/abc-123/",
        "/reports/shared/12.abc-123/",
        "/reports/shared/12.abc-123.pdf",
        "/accounts/reminders/stop/1.abc-123/",
        "/check-in/mine/abc-123/",
        "/check-in/arrive/abc-123/arrived/",
        "/check-in/welcome/abc-123/",
    ],
)
def test_links_that_open_something_are_not_told(path):
    told = TextFormatter().format(record_of("Not Found: %s", path)) + json.dumps(line_of(record_of("x", path=path)))

    assert "abc-123" not in told
    assert told.count("[token]") == 2
