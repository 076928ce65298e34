"""Erasing a person and the attendance lists under way: those nobody has read go, those that name others stay."""

from pathlib import Path

import pytest
from django.urls import reverse

from capred_portal.loads import REGISTRY, check_load, load_now, receive
from capred_portal.models import Load
from capred_portal.subjects import SUBJECTS, erase
from programs.models import Person
from tests.factories import make_person, make_workshop

pytestmark = pytest.mark.django_db

NAME, PHONE = "Keo Sotheavy", "+85512345678"


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    """Keep uploads and the list of erasures of each test apart."""
    settings.MEDIA_ROOT, settings.BACKUP_ROOT = tmp_path / "uploads", tmp_path / "backups"


def a_list(by, text):
    about = {"kind": REGISTRY["attendance"], "file_name": "list.csv", "scope": {"workshop": make_workshop().pk}}
    return about | {"content": text.encode(), "by": by}


def erase_person(by):
    erase(SUBJECTS["person"], make_person(name_en=NAME, phone=PHONE).pk, by=by, reason="asked")


@pytest.mark.parametrize("header", ["Name (Latin),Phone", "Who,Telephone of them"], ids=["queued", "unmapped"])
def test_a_list_nobody_has_read_does_not_bring_the_person_back(
    staff, staff_client, verifier, settings, header, django_capture_on_commit_callbacks
):
    load = receive(**a_list(staff, f"{header}\n{NAME},{PHONE}\n"), enqueue=False)
    if header.startswith("Who"):
        check_load.func(load.pk)

    with django_capture_on_commit_callbacks(execute=True):
        erase_person(verifier)
    check_load.func(load.pk)
    staff_client.post(reverse("loads:map", args=[load.pk]), {"name_en": "0", "phone": "1"})

    load.refresh_from_db()
    assert (load.state, load.problem, str(load.file)) == (Load.State.FAILED, "erased_unread", "")
    assert load.rows.count() == 0
    assert not Person.objects.filter(name_en=NAME).exists()
    assert "before this file was read" in staff_client.get(load.get_absolute_url()).content.decode()
    assert [path.name for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []


def test_lists_that_were_read_and_name_others_stay(staff, verifier):
    done = load_now(**a_list(staff, "Name (Latin)\nChea Lina\n"))
    waiting = receive(**a_list(staff, "Name (Latin)\nHeng Dara\n"), enqueue=False)
    check_load.func(waiting.pk)

    erase_person(verifier)

    assert Load.objects.get(pk=done.pk).file
    assert Load.objects.get(pk=waiting.pk).state == Load.State.CHECKED
