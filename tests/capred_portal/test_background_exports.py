"""Long workbooks: asked for once, written once however often the worker tries, fetched by who asked and nobody else."""

import datetime as dt
import io
import os
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from capred_portal import background_exports, exports, retention
from capred_portal.access_keys import new_key
from capred_portal.background_exports import ask_for, fail, keep, write_export, written
from capred_portal.management.commands.db_worker import export_given_up
from capred_portal.models import Export, RateWindow, Reminder, ReminderChoice
from capred_portal.personal_export import sections_of
from capred_portal.rate_limits import counted
from capred_portal.subjects import SUBJECTS
from capred_portal.tables import TABLES
from capred_portal.user_erasure import erase_user
from tests.factories import make_user, make_workshop

pytestmark = pytest.mark.django_db

State = Export.State


@pytest.fixture(autouse=True)
def _short(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(background_exports, "AT_ONCE", 1)


@pytest.fixture
def workshops():
    return [make_workshop(title_en=f"Rice mills {number}") for number in range(3)]


def files_in(settings):
    return sorted(path.name for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())


def asked(user, **params):
    """Ask for the workshops, without the worker: the transaction of the test is never committed."""
    return ask_for(TABLES["workshops"], {name: [value] for name, value in params.items()}, user=user, rows=3)


def ready(user, **params):
    export = asked(user, **params)
    write_export.func(export.pk)
    export.refresh_from_db()
    return export


def page_of(client, export):
    return client.get(reverse("export", args=[export.pk]))


def test_somebody_asks_waits_and_fetches(staff_client, staff, workshops, settings, django_capture_on_commit_callbacks):
    make_workshop(title_en="Silk")
    address = reverse("table_export", args=["workshops"])

    with django_capture_on_commit_callbacks() as callbacks:
        answer = staff_client.post(f"{address}?q=rice")
    export = Export.objects.get()
    waiting = page_of(staff_client, export).content.decode()
    for callback in callbacks:
        callback()
    export.refresh_from_db()
    page = page_of(staff_client, export).content.decode()
    file = staff_client.get(reverse("export_file", args=[export.pk]))
    content = file.getvalue()

    assert (answer.status_code, answer.url) == (302, reverse("export", args=[export.pk]))
    assert 'hx-trigger="every 2s"' in waiting
    assert "3 rows are being written" in waiting
    assert (export.state, export.rows_count, export.role, export.language) == (State.READY, 3, "staff", "en")
    assert "every 2s" not in page
    assert "holds 3 rows" in page
    assert file.headers["X-Row-Count"] == "3"
    assert "-3-rows.xlsx" in file.headers["Content-Disposition"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert len(book.get_sheet_by_index(0).to_python()) == 4
    assert ["Filter: Search", "rice"] in [row[:2] for row in book.get_sheet_by_index(1).to_python()]
    assert str(export.pk) in staff_client.get(reverse("export_list")).content.decode()


def test_asking_twice_leads_to_the_same_while_it_is_under_way(staff, workshops):
    first, same, other = asked(staff, q="rice"), asked(staff, q="rice"), asked(staff)

    assert first.pk == same.pk != other.pk


def test_writing_twice_keeps_one_file(staff, workshops, settings):
    export = ready(staff)
    kept = files_in(settings)

    write_export.func(export.pk)

    assert (len(kept), files_in(settings)) == (1, kept)


def test_a_killed_worker_s_task_is_done_by_the_next(staff, workshops, settings, monkeypatch):
    """The worker was ended after it said it writes, its file half written: the next one writes it whole."""
    export = asked(staff)
    default_storage.save(f"exports/{timezone.now().year}/{export.pk}-workshops.xlsx", ContentFile(b"half"))
    Export.objects.update(state=State.WRITING)

    write_export.func(export.pk)

    export.refresh_from_db()
    assert export.state == State.READY
    with export.file.open() as file:
        assert file.read(2) == b"PK"


def test_of_two_workers_at_once_one_file_is_kept(staff, workshops, settings):
    export = asked(staff)
    Export.objects.update(state=State.WRITING)
    first, rows = written(export)
    second, _rows = written(export)

    with first, second:
        keep(export, first, rows)
        keep(export, second, rows)
    fail(export.pk, "broken")

    export.refresh_from_db()
    assert (export.state, len(files_in(settings))) == (State.READY, 1)


def test_a_database_that_is_away_is_no_failure(staff, workshops, monkeypatch):
    def away(*_args, **_kwargs):
        raise OperationalError("locked")

    export = asked(staff)
    monkeypatch.setattr(background_exports, "counted_xlsx_file", away)

    with pytest.raises(OperationalError):
        write_export.func(export.pk)

    export.refresh_from_db()
    assert export.state == State.WRITING


def test_what_breaks_says_so_and_can_be_asked_for_again(staff_client, staff, workshops, monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError("no space")

    with monkeypatch.context() as patched:
        patched.setattr(background_exports, "counted_xlsx_file", broken)
        export = ready(staff, q="rice")
    page = page_of(staff_client, export).content.decode()
    file = staff_client.get(reverse("export_file", args=[export.pk]))
    again = staff_client.post(f"{reverse('table_export', args=['workshops'])}?q=rice")

    assert export.state == State.FAILED
    assert "could not be written" in page
    assert f'action="{reverse("table_export", args=["workshops"])}?q=rice"' in page
    assert file.status_code == 409
    assert again.url != reverse("export", args=[export.pk])


def test_task_that_is_given_up_says_so(staff_client, staff, workshops):
    export = asked(staff)
    Export.objects.update(state=State.WRITING)

    export_given_up(export.pk)

    assert "not tried any more" in page_of(staff_client, export).content.decode()


@pytest.mark.parametrize("role", ["staff", "verifier", "admin"])
def test_nobody_else_finds_it(client_for, workshops, role):
    export = ready(make_user("staff"))

    client = client_for(role)
    answers = [client.get(reverse(name, args=[export.pk])).status_code for name in ("export", "export_file")]

    assert answers == [404, 404]
    assert reverse("export", args=[export.pk]) not in client.get(reverse("export_list")).content.decode()


def test_role_that_changed_gets_no_file(staff_client, staff, workshops):
    export, waiting = ready(staff), asked(staff, q="rice")
    staff.role = "officer"
    staff.save()
    staff_client.force_login(staff, "django.contrib.auth.backends.ModelBackend")  # it was signed out

    file = staff_client.get(reverse("export_file", args=[export.pk]))
    write_export.func(waiting.pk)

    waiting.refresh_from_db()
    assert file.status_code == 403
    assert "Content-Disposition" not in file.headers
    assert "Your role has changed" in file.content.decode()
    assert (waiting.state, waiting.problem, str(waiting.file)) == (State.FAILED, "role", "")


def test_account_that_was_closed_gets_no_file(staff, workshops):
    export = asked(staff)
    type(staff).objects.update(is_active=False)

    write_export.func(export.pk)

    export.refresh_from_db()
    assert (export.state, export.problem) == (State.FAILED, "role")


def test_officer_cannot_ask_for_a_table_of_others(officer_client):
    assert officer_client.post(reverse("table_export", args=["people"])).status_code == 403
    assert not Export.objects.exists()


def test_wrong_filters_make_no_export(staff_client, staff, workshops):
    answer = staff_client.post(f"{reverse('table_export', args=['workshops'])}?porgram=rice")
    export = ready(staff, porgram="rice")

    assert answer.status_code == 422
    assert (export.state, export.problem) == (State.FAILED, "filters")


def test_more_rows_than_a_workbook_holds_are_refused_before_they_are_written(
    staff_client, staff, workshops, monkeypatch
):
    monkeypatch.setattr(exports, "MAX_ROWS_XLSX", 2)

    page = staff_client.get(reverse("table_file", args=["workshops", "xlsx"])).content.decode()
    answer = staff_client.post(reverse("table_export", args=["workshops"]))
    export = ready(staff)

    assert "at most 2 rows" in page
    assert reverse("table_export", args=["workshops"]) not in page
    assert (answer.status_code, Export.objects.count()) == (422, 1)
    assert (export.state, export.problem) == (State.FAILED, "too-long")


def test_nobody_asks_for_very_many(staff_client, staff, workshops):
    address = reverse("table_export", args=["workshops"])

    answers = [staff_client.post(f"{address}?q={number}").status_code for number in range(21)]

    assert answers == [302] * 20 + [429]


# What goes by itself


def test_old_files_go_and_what_no_row_knows(staff, workshops, settings, django_capture_on_commit_callbacks):
    old, new = ready(staff), ready(staff)
    Export.objects.filter(pk=old.pk).update(created_at=timezone.now() - dt.timedelta(days=8))
    lost = default_storage.save("exports/2020/9-workshops.xlsx", ContentFile(b"half"))
    default_storage.save("exports/2020/10-workshops.xlsx", ContentFile(b"just begun"))
    path = Path(default_storage.path(lost))
    day_before = timezone.now().timestamp() - 90_000

    os.utime(path, (day_before, day_before))
    with django_capture_on_commit_callbacks(execute=True):
        first = retention.forget_old_exports()
    second = retention.forget_old_exports()

    assert (first, second) == ({"exports": 1, "files": 1}, {"exports": 0, "files": 0})
    assert list(Export.objects.all()) == [new]
    assert files_in(settings) == sorted([Path(new.file.name).name, "10-workshops.xlsx"])


def test_counts_of_requests_go_after_a_day():
    counted("old")
    RateWindow.objects.update(started_at=timezone.now() - dt.timedelta(days=2))
    counted("new")

    assert retention.forget_rate_windows() == {"counts": 1}
    assert [row.key for row in RateWindow.objects.all()] == ["new"]


def test_erasing_an_account_takes_what_was_its_own(
    staff, admin, workshops, settings, django_capture_on_commit_callbacks
):
    ready(staff)
    ready(admin)  # it may name the account: who asked for it can ask again
    new_key(staff, "Excel", ["records"], 30)
    Reminder.objects.create(user=staff, kind="due-soon", key="action-1")
    ReminderChoice.objects.create(user=staff, kind="due-soon", frequency="weekly")
    sections = {section.name: section for section in sections_of(SUBJECTS["user"], staff.pk)}

    with django_capture_on_commit_callbacks(execute=True):
        counts = erase_user(staff.pk, by=admin, reason="Left")

    assert {"accesstoken", "export", "reminder", "reminderchoice"} <= sections.keys()
    assert "digest" not in sections["accesstoken"].columns
    gone = {name: counts[name] for name in ("keys", "exports", "reminders", "reminder_choices")}
    assert gone == {"keys": 1, "exports": 2, "reminders": 1, "reminder_choices": 1}
    assert not Export.objects.exists()
    assert files_in(settings) == []
