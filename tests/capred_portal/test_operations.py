"""How the portal is, for administrators; what visitors see of an outage; the headers of every answer."""

import datetime as dt
import sqlite3

import psycopg
import pytest
from django.db import IntegrityError, OperationalError, ProgrammingError, connection
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from capred_portal.logs import REFERENCE
from capred_portal.models import Load, Mail, ScheduledJob
from capred_portal.outages import AWAY, BUSY, outage_of
from capred_portal.schedule import REGISTRY
from capred_portal.views.operations import server_error
from tests.tables import text_of

# The page of administrators


def test_administrators_see_how_the_portal_is(admin_client):
    page = text_of(admin_client.get("/status/"))

    for told in ("Django", "Python", "Last good backup", "There is no good backup", "Scheduled work", "Disk"):
        assert told in page
    assert all(str(job.title) in page for job in REGISTRY.values())


@pytest.mark.parametrize("role", ["staff", "verifier", "officer"])
def test_others_do_not(role, client_for):
    assert client_for(role).get("/status/").status_code == 403


def test_page_is_for_reading(admin_client):
    assert admin_client.post("/status/").status_code == 405


@pytest.mark.parametrize(("days", "is_told"), [(1, False), (3, True)])
def test_an_old_backup_is_told(days, is_told, admin_client, settings, tmp_path):
    settings.BACKUP_ROOT = tmp_path
    (tmp_path / "portal-1.zip").write_bytes(b"12345")
    made = timezone.now() - dt.timedelta(days=days)
    result = {"file": "portal-1.zip", "made_at": made.isoformat(), "bytes": 5, "sha256": "ab12" * 16}
    ScheduledJob.objects.update_or_create(name="backup", defaults={"succeeded_at": made, "result": result})

    page = text_of(admin_client.get("/status/"))

    assert ("older than two days" in page) is is_told
    assert "no good backup" not in page
    assert "portal-1.zip" in page
    assert "ab12" * 16 in page


def test_what_failed_is_told_with_its_reference(admin_client, staff):
    Load.objects.create(kind="attendance", file_name="broken.csv", state=Load.State.FAILED, created_by=staff)
    now = timezone.now()
    task = DBTaskResult.objects.create(
        status="FAILED",
        args_kwargs={"args": ["Sok Dara"], "kwargs": {}},
        task_path="capred_portal.loads.apply_load",
        backend_name="default",
        run_after=now,
        started_at=now,
        finished_at=now,
        exception_class_path="builtins.MemoryError",
        traceback="with a secret",
    )
    Mail.objects.create(kind="round_reminder", address="x@example.org", subject="Values", attempts=8, given_up_at=now)

    page = text_of(admin_client.get("/status/"))

    for told in ("broken.csv", str(task.pk), "builtins.MemoryError", "look at their problems"):
        assert told in page
    assert "with a secret" not in page
    assert "Sok Dara" not in page


def test_queries_do_not_grow_with_what_failed(admin_client, staff, django_assert_max_num_queries):
    for number in range(20):
        Load.objects.create(kind="attendance", file_name=f"{number}.csv", state=Load.State.FAILED, created_by=staff)

    with django_assert_max_num_queries(25):
        admin_client.get("/status/")


# Outages


def sqlite_error(code):
    error = sqlite3.OperationalError("told by SQLite")
    error.sqlite_errorcode = code
    return error


CAUSES = {
    "nobody listens": (psycopg.OperationalError("connection refused"), AWAY),
    "connection is closed": (psycopg.InterfaceError("the connection is closed"), AWAY),
    "cursor is closed": (psycopg.InterfaceError("the cursor is closed"), None),
    "server stops": (psycopg.errors.AdminShutdown("terminating"), AWAY),
    "server starts": (psycopg.errors.CannotConnectNow("starting up"), AWAY),
    "too many connections": (psycopg.errors.TooManyConnections("too many clients"), AWAY),
    "deadlock": (psycopg.errors.DeadlockDetected("deadlock"), BUSY),
    "SQLite is locked": (sqlite_error(sqlite3.SQLITE_BUSY), BUSY),
    "SQLite is gone": (sqlite_error(sqlite3.SQLITE_CANTOPEN), AWAY),
    "no such table": (sqlite_error(sqlite3.SQLITE_ERROR), None),
    "undefined table": (psycopg.errors.UndefinedTable("no such table"), None),
    "a rule of the database": (psycopg.errors.UniqueViolation("twice"), None),
    "wrong value": (psycopg.DataError("wrong"), None),
}


@pytest.mark.parametrize("name", CAUSES)
def test_outage_is_known_by_its_cause(name):
    cause, outage = CAUSES[name]
    error = (IntegrityError if name == "a rule of the database" else OperationalError)("wrapped by Django")
    error.__cause__ = cause
    later = ProgrammingError("while the transaction was ended")
    later.__context__ = error

    assert outage_of(error) == outage
    assert outage_of(later) == outage


def test_no_error_is_no_outage():
    assert outage_of(None) is None
    assert outage_of(ValueError("wrong")) is None


def told(request, cause=None):
    """Return what the page of errors says, asked while the error is handled."""
    try:
        error = OperationalError("wrapped")
        error.__cause__ = cause
        raise error
    except OperationalError:
        return server_error(request)


@pytest.fixture
def reference():
    token = REFERENCE.set("from-the-log-4711")
    yield "from-the-log-4711"
    REFERENCE.reset(token)


def test_our_mistake_is_told_without_database_or_session(reference, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        response = told(RequestFactory().get("/"), cause=ValueError("wrong"))

    assert response.status_code == 500
    assert 'lang="km"' in response.content.decode()
    assert reference in text_of(response)


def test_a_mistake_is_logged_once_under_the_reference_of_its_page(anonymous_client, caplog):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE capred_portal_organisation RENAME TO gone")
    anonymous_client.raise_request_exception = False

    response = anonymous_client.get("/about/")

    (error,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert response.status_code == 500
    assert response.headers["X-Request-ID"] in text_of(response)
    assert error.exc_info


@pytest.mark.parametrize("name", ["nobody listens", "SQLite is locked"])
def test_an_outage_is_told_in_both_languages(name, reference, django_assert_num_queries, db):
    words = {"nobody listens": "cannot reach its database", "SQLite is locked": "large load is being written"}

    with django_assert_num_queries(0):
        response = told(RequestFactory().get("/workshops/?q=a"), cause=CAUSES[name][0])

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "30"
    assert words[name] in text_of(response)
    assert 'lang="km"' in response.content.decode()
    assert reference in text_of(response)
    assert 'href="/workshops/?q=a"' in response.content.decode()


def test_what_was_sent_can_be_sent_again(reference):
    sent = {"title": 'Typed "with" <care>', "hosts": ["1", "2"], "csrfmiddlewaretoken": "abc"}

    page = told(RequestFactory().post("/workshops/new/", sent), cause=CAUSES["nobody listens"][0]).content.decode()

    assert 'action="/workshops/new/"' in page
    assert 'name="title" value="Typed &quot;with&quot; &lt;care&gt;"' in page
    assert page.count('name="hosts"') == 2


def test_passwords_and_files_do_not_stand_on_a_page(reference, tmp_path):
    (tmp_path / "list.csv").write_text("a,b")
    with (tmp_path / "list.csv").open("rb") as file:
        requests = [
            RequestFactory().post("/accounts/login/", {"username": "dara", "password": "secret"}),
            RequestFactory().post("/loads/new/", {"kind": "attendance", "file": file}),
            RequestFactory().post("/loads/new/", data=b"--", content_type="multipart/form-data; boundary="),
        ]
        pages = [told(request, cause=CAUSES["nobody listens"][0]).content.decode() for request in requests]

    for page in pages:
        assert "<form" not in page
        assert "Go back in your browser" in page


# Headers


PATHS = ["/", "/about/", "/accounts/login/", "/healthz", "/readyz", "/no-such-page/", "/admin/", "/status/"]


@pytest.mark.parametrize("path", [*PATHS, "/figures/workshops-held/download.csv"])
@pytest.mark.parametrize("role", ["anonymous", "admin"])
def test_every_answer_carries_the_headers(path, role, client_for, settings):
    settings.SECURE_HSTS_SECONDS = 31_536_000

    response = client_for(role).get(path, secure=True)

    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "camera=()" in response.headers["Permissions-Policy"]
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert len(response.headers["X-Request-ID"]) == 32
    if role == "admin":
        assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("role", ["anonymous", "admin"])
def test_static_files_may_be_kept(role, client_for):
    response = client_for(role).get("/static/css/portal.css")

    response.close()
    assert response.status_code == 200
    assert "no-store" not in response.headers["Cache-Control"]
    assert "public" in response.headers["Cache-Control"]


def test_link_to_the_page_is_for_administrators(admin_client, staff_client):
    assert reverse("status") in admin_client.get("/about/").content.decode()
    assert reverse("status") not in staff_client.get("/about/").content.decode()
