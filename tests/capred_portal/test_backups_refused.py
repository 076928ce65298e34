"""A backup that is damaged, foreign or for another database is refused, and nothing changes."""

from decimal import Decimal

import pytest
from django.core.management import CommandError
from django.db import connection

from capred_portal.backups.writing import write_backup
from capred_portal.models import Organisation, User
from indicators.models import Observation
from programs.models import Program
from tests.backup_files import (
    ORGANISATIONS,
    empty_portal,
    make_content,
    manifest_of,
    pack_again,
    run,
    seal_table,
    set_in_manifest,
    uploads,
)
from tests.factories import make_organisation
from tests.indicator_factories import make_observation

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_folders(settings, tmp_path):
    settings.BACKUP_ROOT, settings.MEDIA_ROOT = tmp_path / "backups", tmp_path / "media"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "portal.zip"


# Damaged, foreign, not empty: nothing changes


def flip_a_byte_of_the_rows(path):
    content = bytearray(path.read_bytes())
    content[content.index(b"rows/capred_portal_user.jsonl") + 60] ^= 1
    path.write_bytes(content)
    return path


def cut_off(path):
    path.write_bytes(path.read_bytes()[:-100])
    return path


def change_a_row(path):
    def change(members):
        members[f"rows/{ORGANISATIONS}.jsonl"] = members[f"rows/{ORGANISATIONS}.jsonl"].replace(b"'", b"*")

    return pack_again(path, change)


def change_an_upload(path):
    def change(members):
        members.update({name: b"%PDF Agenda" for name in members if name.startswith("files/")})

    return pack_again(path, change)


def leave_a_table_out(path):
    return pack_again(path, lambda members: members.pop("rows/capred_portal_mail.jsonl"))


def add_a_member(path):
    return pack_again(path, lambda members: members.update({"files/../../evil": b""}))


def name_a_file_outside(path):
    files = {"../evil": {"bytes": 0, "sha256": ""}}
    return pack_again(path, lambda members: set_in_manifest(members, files=files))


def take_the_manifest_out(path):
    return pack_again(path, lambda members: members.pop("manifest.json"))


def make_it_newer(path):
    later = [*manifest_of(path)["migrations"], ["capred_portal", "0999_later"]]
    return pack_again(path, lambda members: set_in_manifest(members, migrations=later))


def make_it_another_format(path):
    return pack_again(path, lambda members: set_in_manifest(members, format=2))


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (flip_a_byte_of_the_rows, "rows/capred_portal_user.jsonl is damaged"),
        (cut_off, "is no complete backup"),
        (change_a_row, f"rows/{ORGANISATIONS}.jsonl is not as it was written"),
        (change_an_upload, r"files/documents/.*pdf is not as it was written"),
        (leave_a_table_out, "does not hold what its manifest names: rows/capred_portal_mail.jsonl"),
        (add_a_member, "does not hold what its manifest names: files/../../evil"),
        (name_a_file_outside, "names a file outside the folder of uploads"),
        (take_the_manifest_out, "has no manifest.json"),
        (make_it_another_format, "has format 2; this portal reads format 1"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_is_not_as_it_was_written_is_refused(path, damage, words):
    make_content()
    write_backup(path)
    damaged = damage(path)
    empty_portal()

    for options in ({}, {"verify_only": True}):
        with pytest.raises(CommandError, match=words):
            run("restore", damaged, **options)

    assert not User.objects.exists()
    assert not uploads()


@pytest.mark.skipif("config.getoption('nomigrations')", reason="needs --migrations")
def test_backup_of_a_newer_release_is_refused(path):
    write_backup(path)

    with pytest.raises(
        CommandError, match=r"newer release of the portal, which has the migrations capred_portal\.0999"
    ):
        run("restore", make_it_newer(path))


def test_portal_that_holds_rows_is_not_overwritten(path):
    organisation = make_organisation()
    write_backup(path)

    with pytest.raises(CommandError, match=f"not empty: {ORGANISATIONS} holds rows; restore before `facts`"):
        run("restore", path)

    assert Organisation.objects.get() == organisation


def test_row_that_breaks_a_rule_is_refused_and_nothing_is_kept(path):
    def change(members):
        members[f"rows/{ORGANISATIONS}.jsonl"] = members[f"rows/{ORGANISATIONS}.jsonl"].replace(
            b'"government"', b"null"
        )
        seal_table(members, ORGANISATIONS)

    make_content()
    Organisation.objects.update(kind="government")
    write_backup(path)
    changed = pack_again(path, change)
    empty_portal()

    with pytest.raises(CommandError, match=f"{ORGANISATIONS} cannot be written"):
        run("restore", changed)

    assert not User.objects.exists()
    assert not Program.objects.exists()
    assert not uploads()


def test_row_that_points_nowhere_is_refused(path):
    def change(members):
        text = members["rows/programs_programbudget.jsonl"].splitlines(keepends=True)[0]
        members["rows/programs_program.jsonl"] = members["rows/programs_program.jsonl"].splitlines(keepends=True)[0]
        assert b"program_id" in text
        seal_table(members, "programs_program")

    make_content()
    write_backup(path)
    changed = pack_again(path, change)
    empty_portal()

    with pytest.raises(CommandError, match="foreign key"):
        run("restore", changed)

    assert not User.objects.exists()


def test_value_that_does_not_come_back_as_written_is_named(path):
    def change(members):
        name = "rows/indicators_observation.jsonl"
        members[name] = members[name].replace(b'"1234567890.120000"', b'"1234567890.123456"')
        seal_table(members, "indicators_observation")

    make_observation(Decimal("1234567890.12"))
    write_backup(path)
    changed = pack_again(path, change)
    empty_portal()

    if connection.vendor == "sqlite":  # which keeps 15 digits of a decimal
        with pytest.raises(CommandError, match="indicators_observation, row 1: this database does not give back"):
            run("restore", changed)
        assert not User.objects.exists()
    else:
        run("restore", changed)
        assert Observation.objects.get().value == Decimal("1234567890.123456")


def test_number_that_its_column_cannot_hold_is_named(path):
    def change(members):
        name = "rows/programs_programbudget.jsonl"
        members[name] = members[name].replace(b"1234567890123.45", b"1234567890123456789.45")
        seal_table(members, "programs_programbudget")

    make_content()
    write_backup(path)
    changed = pack_again(path, change)
    empty_portal()

    with pytest.raises(CommandError, match=r"programs_programbudget.* cannot be (read|written)"):
        run("restore", changed)

    assert not Program.objects.exists()


def test_nul_that_postgresql_cannot_keep_is_named(path):
    def change(members):
        name = f"rows/{ORGANISATIONS}.jsonl"
        members[name] = members[name].replace(b"Second", b"Sec\\u0000nd")
        seal_table(members, ORGANISATIONS)

    make_organisation(name_en="First \\u0000")
    make_organisation(name_en="Second")
    write_backup(path)
    changed = pack_again(path, change)
    empty_portal()

    if connection.vendor == "postgresql":
        with pytest.raises(CommandError, match=f"{ORGANISATIONS}, row 2: name_en holds a NUL"):
            run("restore", changed)
        assert not Organisation.objects.exists()
    else:
        run("restore", changed)
        assert Organisation.objects.latest("pk").name_en == "Sec\x00nd"
