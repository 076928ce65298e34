"""What /healthz and /readyz say, to anybody: the process lives; which parts of the portal are as they should be."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from capred_portal import health
from capred_portal.models import ScheduledJob
from capred_portal.schedule import REGISTRY, enqueue_due

READY = {"database": "ok", "migrations": "ok", "worker": "ok", "storage": "ok"}


@pytest.fixture
def queue_in_the_database(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def test_alive_asks_no_database(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = Client().get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok")


def test_ready_when_every_part_is(db):
    response = Client().get("/readyz")

    assert (response.status_code, response.json()) == (200, READY)
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_both_are_for_reading(path, db):
    assert Client().post(path).status_code == 405


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_machines_inside_need_no_https(path, db, settings):
    settings.SECURE_SSL_REDIRECT = True

    assert Client().get(path).status_code == 200
    assert Client().get("/about/").status_code == 301


@pytest.mark.parametrize("name", ["MEDIA_ROOT", "BACKUP_ROOT"])
def test_a_folder_that_cannot_be_written_is_told(name, db, settings, tmp_path):
    (tmp_path / "file").write_text("in the way")
    setattr(settings, name, tmp_path / "file" / "folder")

    response = Client().get("/readyz")

    assert (response.status_code, response.json()) == (503, READY | {"storage": "not ok"})


def test_a_worker_is_seen_by_what_it_queues(db, queue_in_the_database):
    assert Client().get("/readyz").json() == READY | {"worker": "not ok"}

    enqueue_due()
    assert Client().get("/readyz").json() == READY

    ScheduledJob.objects.filter(name=next(iter(REGISTRY))).update(next_at=timezone.now() - dt.timedelta(hours=1))
    response = Client().get("/readyz")

    assert (response.status_code, response.json()) == (503, READY | {"worker": "not ok"})


def test_a_migration_that_is_not_applied_is_told(db, monkeypatch):
    monkeypatch.setattr(health, "known_migrations", lambda: frozenset({("programs", "9999_of_tomorrow")}))

    response = Client().get("/readyz")

    assert (response.status_code, response.json()) == (503, READY | {"migrations": "not ok", "worker": "not ok"})
    assert health.pending_migrations() == [("programs", "9999_of_tomorrow")]


def test_what_follows_in_the_transaction_has_its_time_again(db, client):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite limits no statement")

    client.get("/readyz")

    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)
