"""What is older than its time goes by itself: files, rows, sign-ins, sessions and mails; twice does nothing more."""

import datetime
import os
import time
from pathlib import Path

import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from capred_portal import retention
from capred_portal.loads import REGISTRY, check_load, load_now, receive
from capred_portal.models import Load, LoadRow, Mail
from capred_portal.schedule import REGISTRY as JOBS
from enterprises.models import Enterprise
from programs.models import Attendance
from tests.factories import make_workshop

pytestmark = pytest.mark.django_db

LIST = b"Name (Latin),Phone\nKeo Lina,012 345 678\nNou Vuthy,\n"
OLD = datetime.timedelta(days=400)


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def files_in(settings):
    return [path.name for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def age(rows, by=OLD, column="created_at"):
    rows.update(**{column: timezone.now() - by})


def load_list(staff, **about):
    scope = {"workshop": make_workshop().pk}
    about |= {"kind": REGISTRY["attendance"], "content": LIST, "file_name": "l.csv", "scope": scope, "by": staff}
    return about


def test_old_spreadsheets_go_and_their_counts_stay(
    settings, staff, staff_client, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(retention, "AT_ONCE", 1)
    old = load_now(**load_list(staff))
    age(Load.objects.all())
    new = load_now(**load_list(staff))

    with django_capture_on_commit_callbacks(execute=True):
        first = retention.forget_uploads()
        second = retention.forget_uploads()

    old.refresh_from_db()
    page = staff_client.get(old.get_absolute_url())
    assert (first, second) == ({"files": 1, "rows": 2}, {"files": 0, "rows": 0})
    assert (old.state, old.counts["new"], str(old.file), old.mapping["header"]) == (Load.State.DONE, 2, "", [])
    assert len(files_in(settings)) == 1
    assert LoadRow.objects.filter(load=new).count() == 2
    assert Attendance.objects.active().count() == 4
    assert "cannot be undone" in page.content.decode()
    assert staff_client.post(reverse("loads:undo", args=[old.pk])).status_code == 409
    assert Attendance.objects.active().count() == 4


def test_an_old_list_that_was_never_confirmed_cannot_be_any_more(staff, staff_client):
    load = receive(**load_list(staff), enqueue=False)
    check_load.func(load.pk)
    age(Load.objects.all())

    retention.forget_uploads()

    load.refresh_from_db()
    assert (load.state, load.problem) == (Load.State.FAILED, "kept_no_longer")
    assert "not loaded in time" in staff_client.get(load.get_absolute_url()).content.decode()
    staff_client.post(reverse("loads:map", args=[load.pk]), {"name_en": "0"})
    assert Load.objects.get().state == Load.State.FAILED


def test_a_load_that_is_being_written_is_left_alone(staff):
    load_now(**load_list(staff))
    age(Load.objects.all())
    Load.objects.update(state=Load.State.UNDOING)

    assert retention.forget_uploads() == {"files": 0, "rows": 0}


def test_a_load_somebody_goes_on_with_meanwhile_is_left_alone(staff):
    """Deleting the rows of one load takes a while; another is confirmed in that time."""
    first, second = (receive(**load_list(staff), enqueue=False) for _time in range(2))
    for load in (first, second):
        check_load.func(load.pk)
    age(Load.objects.all())

    def confirm_second(execute, sql, params, many, context):
        if sql.startswith("DELETE") and LoadRow._meta.db_table in sql:
            Load.objects.filter(pk=second.pk).update(state=Load.State.CONFIRMED)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(confirm_second):
        assert retention.forget_uploads() == {"files": 1, "rows": 2}

    second.refresh_from_db()
    assert (second.state, second.problem, second.rows.count()) == (Load.State.CONFIRMED, "", 2)
    assert second.file


def load_firms(staff, *lines):
    about = {"kind": REGISTRY["enterprises"], "file_name": "firms.csv", "scope": {}, "by": staff}
    return load_now(content="\n".join(["Registration number,Name (Latin),Phone", *lines]).encode(), **about)


def test_how_a_record_of_nobody_began_is_still_told(settings, staff, staff_client):
    first = load_firms(staff, "1001,Angkor Silk,012 345 678", "1002,Mekong Rice,", "1003,,")
    second = load_firms(staff, "1001,Angkor Silk,012 999 888", "1002,Mekong Rice,")
    age(Load.objects.all())

    done = retention.forget_uploads()

    firm = Enterprise.objects.get(registration_number="1001")
    history = staff_client.get(reverse("history", args=["enterprise", firm.pk])).content.decode()
    change = staff_client.get(second.get_absolute_url()).content.decode()
    assert all(load.get_absolute_url() in history for load in (first, second))
    assert "stands in the file it was loaded from" in history
    assert "<del>+85512345678</del> → <ins>+85512999888</ins>" in change
    assert done == {"files": 0, "rows": 2}
    assert len(files_in(settings)) == 2
    assert set(first.rows.values_list("outcome", flat=True)) == {LoadRow.Outcome.NEW}
    assert second.rows.get().before["phone"] == "+85512345678"


def test_a_spreadsheet_of_firms_that_was_never_loaded_goes(staff):
    text = b"Registration number,Name (Latin)\n1001,Angkor Silk\n"
    load = receive(kind=REGISTRY["enterprises"], content=text, file_name="f.csv", scope={}, by=staff, enqueue=False)
    check_load.func(load.pk)
    age(Load.objects.all())

    assert retention.forget_uploads() == {"files": 1, "rows": 1}
    assert Load.objects.get().problem == "kept_no_longer"


def test_kept_files_go_after_a_day(settings):
    for name in ("old", "new"):
        default_storage.save(f"kept/{name}", ContentFile(b"x"))
    two_days_ago = time.time() - 2 * 24 * 60 * 60
    os.utime(default_storage.path("kept/old"), (two_days_ago, two_days_ago))

    assert retention.forget_old_kept_files() == {"files": 1}
    assert retention.forget_old_kept_files() == {"files": 0}
    assert files_in(settings) == ["new"]


def test_old_sign_ins_and_sessions_that_ended_go():
    now = timezone.now()
    for when in (now, now - OLD):
        about = {"username": "sokha", "ip_address": "10.0.0.1", "user_agent": "x"}
        AccessLog.objects.create(**about)
        AccessAttempt.objects.create(**about | {"user_agent": str(when)}, failures_since_start=1)
    for model in (AccessLog, AccessAttempt):
        age(model.objects.filter(pk=model.objects.order_by("pk").last().pk), column="attempt_time")
    Session.objects.create(session_key="a" * 32, session_data="", expire_date=now - datetime.timedelta(minutes=1))
    Session.objects.create(session_key="b" * 32, session_data="", expire_date=now + datetime.timedelta(days=1))

    assert retention.forget_sign_ins() == {"sign_ins": 2, "sessions": 1}
    assert retention.forget_sign_ins() == {"sign_ins": 0, "sessions": 0}
    assert (AccessLog.objects.count(), AccessAttempt.objects.count(), Session.objects.count()) == (1, 1, 1)


def test_old_mails_go_and_waiting_ones_stay():
    now = timezone.now()
    for ended in ({"sent_at": now}, {"given_up_at": now}, {}):
        Mail.objects.create(kind="round_reminder", address="a@example.org", subject="s", **ended)
    age(Mail.objects.all())
    Mail.objects.create(kind="round_reminder", address="a@example.org", subject="fresh", sent_at=now)

    assert retention.forget_old_mails() == {"mails": 2}
    assert retention.forget_old_mails() == {"mails": 0}
    assert Mail.objects.count() == 2


def test_all_of_it_runs_every_night():
    names = {"uploads", "kept-files", "sign-ins", "old-mails", "exports", "rate-windows"}

    assert {name for name, job in JOBS.items() if job.work.__module__ == "capred_portal.retention"} == names
    assert {JOBS[name].every for name in names} == {datetime.timedelta(days=1)}
