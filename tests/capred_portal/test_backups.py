"""Backup and restore: all of it comes back, equal to what was written, or nothing changes."""

import datetime as dt
import json
import threading
from decimal import Decimal
from pathlib import Path

import pytest
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from capred_portal.access_keys import new_key
from capred_portal.backups.reading import is_safe
from capred_portal.backups.writing import snapshot, write_backup
from capred_portal.models import (
    AccessToken,
    Document,
    LoadRow,
    Organisation,
    Report,
    ReportShare,
    TaskLease,
    User,
)
from programs.models import Program, ProgramBudget
from tests.backup_files import ODD, ORGANISATIONS, empty_portal, make_content, manifest_of, run, text_of
from tests.factories import PASSWORD, make_organisation, make_program, make_user
from tests.workers import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_folders(settings, tmp_path):
    settings.BACKUP_ROOT, settings.MEDIA_ROOT = tmp_path / "backups", tmp_path / "media"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "portal.zip"


# All of it comes back, but for what opens doors


def test_restored_portal_knows_no_keys_and_no_links_to_reports(path):
    """One that was revoked after the backup must not open anything again."""
    staff = make_user("staff")
    new_key(staff, "Excel", ["figures"], 30)
    report = Report.objects.create(kind="brief", language="en", title_en="Brief", title_km="Brief", body="<p>1</p>")
    ReportShare.objects.create(report=report, created_by=staff, expires_at=timezone.now() + dt.timedelta(days=7))
    write_backup(path)
    empty_portal()

    told = run("restore", path)

    assert Report.objects.get().body == "<p>1</p>"
    assert not AccessToken.objects.exists()
    assert not ReportShare.objects.exists()
    assert "access keys and links to frozen reports are gone" in told


def test_restored_portal_holds_what_was_written(path, tmp_path):
    document = make_content()
    written_at = Organisation.objects.latest("pk").created_at
    write_backup(path)
    empty_portal()

    run("restore", path)

    assert [organisation.name_en for organisation in Organisation.objects.order_by("pk")] == ODD
    assert Organisation.objects.latest("pk").created_at == written_at
    assert Organisation.history.count() == len(ODD)
    assert ProgramBudget.objects.get(budget=Decimal("1234567890123.45"), as_of="2026-06-30").spent == Decimal("0.10")
    row = LoadRow.objects.get(raw__a__has_key="ខ្មែរ")
    assert row.raw == {"b": [1, 2.5, 1e22, 1e-7, True, None], "a": {"ខ្មែរ": "\\u0000"}}
    assert Path(Document.objects.get().file.path).read_bytes() == b"%PDF agenda"
    assert Document.objects.get() == document
    assert TOTPDevice.objects.get(user__username="admin").name == "phone"
    assert User.objects.get().check_password(PASSWORD)


def test_backup_of_a_restored_portal_is_the_same(path, tmp_path):
    make_content()
    write_backup(path)
    empty_portal()

    run("restore", path)
    write_backup(tmp_path / "again.zip")

    first, second = manifest_of(path), manifest_of(tmp_path / "again.zip")
    assert {name: first[name] for name in ("tables", "files", "migrations")} == {
        name: second[name] for name in ("tables", "files", "migrations")
    }
    assert len(first["files"]) == 1


def test_restored_portal_goes_on_counting(path):
    last = make_organisation()
    write_backup(path)
    empty_portal()

    run("restore", path)

    assert make_organisation().pk > last.pk
    assert ContentType.objects.get_for_model(Organisation).model_class() is Organisation


def test_restored_portal_has_signed_everybody_out_and_holds_no_task(path, client_for):
    client_for("staff").get("/")
    TaskLease.objects.create(task="9f9dc2be-9b36-4d39-a2a5-6a0a3a3a3a3a", worker="w", expires_at=timezone.now())
    write_backup(path)
    empty_portal()

    run("restore", path)

    assert User.objects.exists()
    assert not Session.objects.exists()
    assert not TaskLease.objects.exists()


def test_rows_are_the_same_bytes_on_both_databases(path):
    pk = make_organisation(name_en="ក្រុម \\u0000", is_demo=True).pk
    Organisation.objects.update(created_at=dt.datetime(2026, 6, 30, 3, tzinfo=dt.UTC), creation_token="1" * 32)

    write_backup(path)

    columns, values = map(json.loads, text_of(path, ORGANISATIONS).splitlines())
    row = dict(zip(columns, values, strict=True))
    assert row["id"] == pk
    assert row["name_en"] == "ក្រុម \\u0000"
    assert row["created_at"] == "2026-06-30 03:00:00.000000+00:00"
    assert row["creation_token"] == "11111111-1111-1111-1111-111111111111"
    assert (row["is_demo"], row["archived_at"]) == (True, None)


@pytest.mark.skipif("config.getoption('nomigrations')", reason="needs --migrations: a backup of an older release")
def test_backup_of_an_older_release_is_brought_up_to_date(path):
    names = {make_organisation().name_en, make_organisation().name_en}
    before = manifest_of_tables(path.with_name("before.zip"))
    try:
        call_command("migrate", "capred_portal", "0004", verbosity=0)
        write_backup(path)
        empty_portal()

        run("restore", path)
    finally:
        call_command("migrate", verbosity=0)

    assert set(Organisation.objects.values_list("name_en", flat=True)) == names
    assert manifest_of_tables(path.with_name("after.zip")).keys() == before.keys()
    assert "capred_portal_mail" not in manifest_of(path)["tables"]


def manifest_of_tables(path):
    write_backup(path)
    return manifest_of(path)["tables"]


# Consistent while in use


def test_snapshot_sees_one_state_and_nobody_waits():
    make_organisation()

    with snapshot() as reader, reader.cursor() as cursor:
        counts = [count_with(cursor)]
        with transaction.atomic():
            make_organisation()
            counts.append(count_with(cursor))
        counts.append(count_with(cursor))

    assert counts == [1, 1, 1]
    assert Organisation.objects.count() == 2


def count_with(cursor):
    cursor.execute(f"SELECT count(*) FROM {ORGANISATIONS}")
    return cursor.fetchone()[0]


def test_backup_waits_for_no_writer(path):
    with transaction.atomic():
        make_organisation()
        write_backup(path)

    assert manifest_of(path)["tables"][ORGANISATIONS]["rows"] == 0


def test_backup_of_a_portal_in_use_is_one_state(path):
    written, stopping = [], threading.Event()

    def write_pairs():
        try:
            while not stopping.is_set():
                with transaction.atomic():
                    written.append((make_organisation(), make_program()))
        finally:
            connection.close()

    writer = threading.Thread(target=write_pairs)
    writer.start()
    try:
        wait_for(lambda: len(written) > 5)
        write_backup(path)
    finally:
        stopping.set()
        writer.join()

    tables = manifest_of(path)["tables"]
    pairs = tables[ORGANISATIONS]["rows"]
    assert 0 < pairs <= len(written)
    assert {tables[name]["rows"] for name in ("programs_program", "programs_historicalprogram")} == {pairs}
    assert (Organisation.objects.count(), Program.objects.count()) == (len(written), len(written))


# Uploads


def test_missing_upload_is_named_and_no_failure(path):
    document = make_content()
    document.file.storage.delete(document.file.name)

    told = write_backup(path)

    assert (told["files"], told["missing_files"]) == (0, 1)
    assert manifest_of(path)["missing"] == [document.file.name]


def test_upload_that_only_history_names_is_kept(path):
    document = make_content()
    first = document.file.name
    document.file = ContentFile(b"second", "second.txt")
    document.save_version(by=None, expected=document.version)

    write_backup(path)

    assert set(manifest_of(path)["files"]) == {first, Document.objects.get().file.name}


def test_files_that_no_row_names_are_left_out(path):
    default_storage.save("documents/other.txt", ContentFile(b"other"))

    assert write_backup(path)["files"] == 0


def test_another_upload_of_that_name_is_not_replaced(path):
    name = make_content().file.name
    write_backup(path)
    empty_portal()
    default_storage.save(name, ContentFile(b"another"))

    with pytest.raises(CommandError, match=r"holds another file documents/.*agenda.*pdf.*Nothing was restored"):
        run("restore", path)

    assert not User.objects.exists()
    assert Path(default_storage.path(name)).read_bytes() == b"another"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("documents/2026/a b.pdf", True),
        ("../a", False),
        ("/a", False),
        ("a/../../b", False),
        ("a//b", False),
        ("a\\b", False),
        ("c:a", False),
        ("", False),
    ],
    ids=["plain", "up", "absolute", "up inside", "two slashes", "backslash", "drive", "empty"],
)
def test_names_stay_inside_the_folder_of_uploads(name, safe):
    assert is_safe(name) is safe


# Commands


def test_commands_say_what_they_did(path):
    make_content()

    backup, check = run("backup", path), run("restore", path, verify_only=True)
    empty_portal()
    restored = run("restore", path)

    assert "1 uploads" in backup
    assert "whole" in check
    assert "Restored" not in check
    assert "counts and checksums of all tables and uploads equal those of the backup" in restored
    assert path.stat().st_mode & 0o777 == 0o600


def test_backup_is_never_written_over_a_file(path):
    path.write_bytes(b"mine")

    with pytest.raises(CommandError, match="never written over"):
        run("backup", path)

    assert path.read_bytes() == b"mine"


def test_file_with_another_checksum_is_refused(path):
    told = json.loads(run("backup", path, json=True))

    with pytest.raises(CommandError, match=f"its checksum is {told['sha256']}"):
        run("restore", path, verify_only=True, sha256="0" * 64)
    assert json.loads(run("restore", path, verify_only=True, sha256=told["sha256"], json=True))["rows"] == told["rows"]


def test_failed_backup_leaves_no_file(path):
    document = make_content()
    loop = Path(default_storage.path(document.file.name))
    loop.unlink()
    loop.symlink_to(loop)

    with pytest.raises(CommandError, match="symbolic links"):
        run("backup", path)

    assert not list(path.parent.glob("portal*"))
