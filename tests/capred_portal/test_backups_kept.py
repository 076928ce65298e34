"""Backups by the clock: which are kept, which is the last good one; what was erased stays erased."""

import datetime as dt
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError
from django.db import transaction
from django.utils import timezone

from capred_portal import erasures
from capred_portal.backups.rotation import back_up, back_up_by_hand, last_good, rotate
from capred_portal.backups.writing import write_backup
from capred_portal.blanking import forget_upload
from capred_portal.duplicates import KINDS
from capred_portal.erasures import Eraser, UnknownErasure, apply_list, list_path, note, note_missing, read
from capred_portal.merging import merge_records
from capred_portal.models import Document, Erasure, Load, Organisation, ScheduledJob
from capred_portal.schedule import run_job
from programs.models import Person
from tests.backup_files import empty_portal, make_content, manifest_of, run
from tests.factories import make_organisation, make_person, make_user

pytestmark = pytest.mark.django_db(transaction=True)

NOW = dt.datetime(2026, 6, 20, 1, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.BACKUP_ROOT, settings.MEDIA_ROOT = tmp_path / "backups", tmp_path / "media"
    return settings.BACKUP_ROOT


def touch(folder, *names):
    folder.mkdir()
    for name in names:
        (folder / name).touch()


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


# Rotation


def test_newest_and_the_last_of_each_month_are_kept(folder, settings):
    settings.BACKUPS_KEPT = 2
    days = ("0430", "0501", "0530", "0531", "0617", "0618", "0619")
    touch(folder, "portal-20250601-010000.zip", "portal-20250731-010000.zip")
    for day in days:
        (folder / f"portal-2026{day}-010000.zip").touch()

    rotate(NOW)

    kept = ("20250731", "20260430", "20260531", "20260618", "20260619")
    assert names_in(folder) == [f"portal-{day}-010000.zip" for day in kept]


def test_newest_is_kept_whatever_is_set(folder, settings):
    settings.BACKUPS_KEPT = 0
    touch(folder, "portal-20200101-010000.zip", "portal-20200102-010000.zip")

    rotate(NOW)

    assert names_in(folder) == ["portal-20200102-010000.zip"]


def test_files_of_other_names_are_left_alone(folder, settings):
    settings.BACKUPS_KEPT = 1
    others = ["before-upgrade.zip", "erasures.jsonl", "portal-20200101-010000.zip.part"]
    touch(folder, *others, "portal-20260619-010000.zip")

    rotate(NOW)

    assert names_in(folder) == sorted([*others, "portal-20260619-010000.zip"])


def test_half_files_of_killed_processes_go_after_a_day(folder):
    touch(folder, "portal-20260619-010000.zip.part")

    rotate(timezone.now() + dt.timedelta(days=2))

    assert names_in(folder) == []


def test_last_that_lacks_no_upload_is_kept_while_the_folder_of_uploads_is_away(folder, settings):
    settings.BACKUPS_KEPT = 1
    folder.mkdir()
    document = make_content()
    write_backup(folder / "portal-20250101-010000.zip")
    write_backup(folder / "portal-20250102-010000.zip")
    document.file.storage.delete(document.file.name)
    write_backup(folder / "portal-20260618-010000.zip")
    write_backup(folder / "portal-20260619-010000.zip")

    rotate(NOW)

    assert names_in(folder) == ["portal-20250102-010000.zip", "portal-20260619-010000.zip"]


def test_fresh_backup_is_kept_after_the_clock_was_set_back(folder, settings):
    settings.BACKUPS_KEPT = 1
    later = f"portal-{timezone.localtime():%Y%m}99-010000.zip"
    touch(folder, later)
    document = make_content()
    document.file.storage.delete(document.file.name)  # so that it is not kept for lacking nothing

    told = back_up()

    assert names_in(folder) == [told["file"], later]


def test_old_backup_that_cannot_be_deleted_is_no_failure(folder, settings):
    settings.BACKUPS_KEPT = 1
    touch(folder, "portal-20200101-010000.zip")
    (folder / "portal-20200102-010000.zip").mkdir()  # no file
    ScheduledJob.objects.create(name="backup")

    run_job.func("backup")

    job = ScheduledJob.objects.get()
    assert (job.problem, job.result["deleted"]) == ("", 1)
    assert names_in(folder) == ["portal-20200102-010000.zip", job.result["file"]]


# The last good one


def test_scheduled_backup_is_the_last_good_one(folder):
    ScheduledJob.objects.create(name="backup")

    run_job.func("backup")

    job, good = ScheduledJob.objects.get(), last_good()
    assert job.problem == ""
    assert {"file", "bytes", "rows", "sha256", "seconds"} <= job.result.keys()
    assert good.path == folder / job.result["file"]
    assert (good.size, good.sha256) == (good.path.stat().st_size, job.result["sha256"])
    assert manifest_of(good.path)["made_at"] == good.made_at.isoformat()


def test_backup_by_hand_is_the_last_good_one_too(folder):
    ScheduledJob.objects.create(name="backup", next_at=NOW)

    printed = run("backup")

    assert last_good().path.name in printed
    assert ScheduledJob.objects.get().next_at == NOW


def test_backup_whose_file_is_gone_is_no_good_one(folder):
    assert last_good() is None
    run("backup")

    last_good().path.unlink()

    assert last_good() is None


def test_uploads_that_the_last_backup_lacks_are_told(admin_client):
    document = make_content()
    back_up_by_hand()
    before = admin_client.get("/status/").content.decode()
    document.file.storage.delete(document.file.name)

    last_good().path.unlink()
    back_up_by_hand()

    assert last_good().missing_files == 1
    assert "The last backup lacks" not in before
    assert "The last backup lacks 1 upload that a record names." in admin_client.get("/status/").content.decode()


def test_failed_backup_deletes_nothing_and_is_told(folder, settings):
    settings.BACKUPS_KEPT = 1
    touch(folder, "portal-20200101-010000.zip", "portal-20200102-010000.zip", "erasures.jsonl")
    settings.BACKUP_ROOT = folder / "erasures.jsonl"  # no folder
    ScheduledJob.objects.create(name="backup")

    run_job.func("backup")

    assert "FileExistsError" in ScheduledJob.objects.get().problem
    assert len(names_in(folder)) == 3


# Erasures


@pytest.fixture
def erasers(monkeypatch):
    """Erase organisations, as apps erase people."""

    def erase(number, *, by, reason):
        return {"organisations": Organisation.objects.filter(pk=number).update(name_en="erased")}

    def written_at(number):
        return Organisation.objects.filter(pk=number).values_list("created_at", flat=True).first()

    monkeypatch.setattr(erasures, "ERASERS", {"organisation": Eraser(erase, written_at)})
    return erasures.ERASERS


def erase(organisation):
    organisation.name_en = "erased"
    organisation.save()
    about = {"written_at": organisation.created_at, "reason": "asked", "erased_by": make_user("admin")}
    erasure = Erasure.objects.create(kind="organisation", number=organisation.pk, **about)
    note(erasure)
    return erasure


def test_what_was_erased_since_the_backup_is_erased_again(erasers, tmp_path):
    erased, other = make_organisation(name_en="Sok"), make_organisation(name_en="Dara")
    run("backup", tmp_path / "old.zip")
    erase(erased)
    empty_portal()

    printed = run("restore", tmp_path / "old.zip")

    assert f"1 records were erased again, by {list_path()}" in printed
    assert f"\n  organisation {erased.pk}\n" in printed
    assert list(Organisation.objects.order_by("pk").values_list("name_en", flat=True)) == ["erased", other.name_en]
    erasure = Erasure.objects.get()
    assert (erasure.number, erasure.reason, erasure.counts) == (erased.pk, "asked", {"organisations": 1})


def test_who_was_merged_with_somebody_of_the_list_is_told_and_noted(tmp_path):
    kept, erased = make_person(name_en="Sok Dara"), make_person(name_en="Sok Sopheap")
    merge_records(kind=KINDS["person"], keep=kept, take_in=erased, choices=[], by=make_user("staff"))
    run("backup", tmp_path / "old.zip")
    about = {"written_at": erased.created_at, "reason": "asked", "erased_at": NOW}
    note(Erasure(kind="person", number=erased.pk, **about))  # after the two were taken apart
    empty_portal()

    printed = run("restore", tmp_path / "old.zip")

    assert f"\n  person {erased.pk}\n  person {kept.pk}\n" in printed
    assert set(Erasure.objects.values_list("number", "written_at")) == {
        (person.pk, person.created_at) for person in (kept, erased)
    }
    assert Person.objects.exclude(erased_at=None).count() == 2


def test_backup_that_knows_an_erasure_is_left_as_it_is(erasers, tmp_path):
    erase(make_organisation())
    run("backup", tmp_path / "new.zip")
    empty_portal()

    assert "0 records were erased again" in run("restore", tmp_path / "new.zip")


def test_another_record_of_the_same_number_is_not_erased(erasers):
    organisation = make_organisation(name_en="Dara")
    erasure = Erasure(kind="organisation", number=organisation.pk, written_at=NOW, reason="asked", erased_at=NOW)
    note(erasure)

    assert apply_list(list_path()) == []
    assert Organisation.objects.get().name_en == "Dara"


def test_erasure_of_an_unknown_kind_stops_the_restore(erasers, tmp_path):
    make_organisation()
    run("backup", tmp_path / "old.zip")
    empty_portal()
    note(Erasure(kind="ship", number=1, written_at=NOW, reason="asked", erased_at=NOW))

    with pytest.raises(CommandError, match="the kind ship, which this portal cannot erase"):
        run("restore", tmp_path / "old.zip")

    assert not Organisation.objects.exists()
    assert issubclass(UnknownErasure, ValueError)


def test_list_that_is_named_must_be_there(tmp_path):
    run("backup", tmp_path / "old.zip")

    with pytest.raises(CommandError, match="no list of erasures"):
        run("restore", tmp_path / "old.zip", erasures=tmp_path / "none.jsonl")


def test_backup_adds_to_the_list_what_it_lacks(erasers):
    erasure = erase(make_organisation())
    list_path().write_text('{"kind": "organisa', encoding="utf-8")  # cut off by a crash

    back_up()

    assert [line["number"] for line in read(list_path())] == [erasure.number]
    assert note_missing() == 0


def test_uploads_stay_when_something_fails_once_the_rows_are_kept(erasers, tmp_path):
    def fail():
        raise RuntimeError("broken")

    def erase_and_fail(number, *, by, reason):
        transaction.on_commit(fail)
        return {}

    make_content()
    erased = Organisation.objects.first()
    run("backup", tmp_path / "old.zip")
    erase(erased)
    empty_portal()
    erasers["organisation"] = erasers["organisation"]._replace(erase=erase_and_fail)

    with pytest.raises(RuntimeError, match="broken"):
        run("restore", tmp_path / "old.zip")

    assert Path(Document.objects.get().file.path).read_bytes() == b"%PDF agenda"


def test_file_that_cannot_be_deleted_does_not_stop_what_comes_after(erasers):
    Path(default_storage.path("loads/list.csv/something")).mkdir(parents=True)  # no file
    load = Load.objects.create(kind="attendance", file="loads/list.csv", created_by=make_user("staff"))

    with transaction.atomic():
        forget_upload(load, "erased")
        erasure = erase(make_organisation())

    assert [line["number"] for line in read(list_path())] == [erasure.number]


def test_list_that_cannot_be_written_does_not_stop_what_comes_after(erasers, folder):
    done = []
    folder.touch()  # no folder

    with transaction.atomic():
        erasure = erase(make_organisation())
        transaction.on_commit(lambda: done.append("after"))
    folder.unlink()

    assert done == ["after"]
    assert note_missing() == 1
    assert [line["number"] for line in read(list_path())] == [erasure.number]


def test_scheduled_work_adds_to_the_list_what_another_machine_erased(erasers):
    erasure = erase(make_organisation())
    list_path().unlink()  # which noted it on a disk of its own
    ScheduledJob.objects.create(name="erasures")

    run_job.func("erasures")

    assert ScheduledJob.objects.get().result == {"noted": 1}
    assert [line["number"] for line in read(list_path())] == [erasure.number]


def test_list_holds_no_personal_data(erasers):
    erase(make_organisation(name_en="Sok Dara"))

    assert {key for line in read(list_path()) for key in line} == {
        "kind", "number", "written_at", "reason", "erased_at"
    }  # fmt: skip
    assert list_path().stat().st_mode & 0o777 == 0o600
