"""What merging, taking apart, undoing a load and erasing leave in the history of every record they touch."""

from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import translation

from capred_portal.duplicates import KINDS
from capred_portal.history import Event, timeline
from capred_portal.history_reasons import read_reason
from capred_portal.loads import REGISTRY, load_now, undo
from capred_portal.merging import merge_records, unmerge
from capred_portal.models import User
from programs.erasure import erase_person
from programs.models import Attendance
from tests.admin_rows import address
from tests.factories import make_agenda_item, make_attendance, make_person, make_workshop

LIST = b"name,phone,role\nChan Thy,012 345 678,participant\nSok Dara,012 345 679,speaker\n"


def events(record: Any) -> list[Event]:
    return [event for day in timeline(record).days for event in day.events]


def codes(record: Any) -> list[str]:
    return [event.code for event in events(record)]


def test_a_merge_is_told_on_both_sides_with_the_way_to_the_other(staff: User, staff_client: Client) -> None:
    keep, take_in = make_person(name_en="Sok Dara"), make_person(name_en="Sok Darra")
    merge_records(kind=KINDS["person"], keep=keep, take_in=take_in, choices=[], by=staff)

    kept, gone = events(keep)[0], events(take_in)[0]

    assert (kept.title, kept.link_text) == ("Another record was taken in", f"Sok Darra (#{take_in.pk})")
    assert (gone.title, gone.link, gone.reason) == ("Taken into another record", keep.get_absolute_url(), "")
    page = staff_client.get(reverse("history", args=["person", take_in.pk])).content.decode()
    assert keep.get_absolute_url() in page


def test_taking_apart_is_told_on_both_sides(staff: User) -> None:
    keep, take_in = make_person(name_en="Sok Dara"), make_person(name_en="Sok Darra")
    merge = merge_records(kind=KINDS["person"], keep=keep, take_in=take_in, choices=["name_en"], by=staff)
    unmerge(merge, kind=KINDS["person"], by=staff)

    assert codes(keep) == ["apart", "took_in", "created"]
    assert codes(take_in) == ["apart", "taken_into", "created"]
    assert [change.name for change in events(keep)[0].changes] == ["name_en"]


def test_parts_that_moved_with_a_merge_are_told_together(staff: User) -> None:
    keep, take_in, workshop = make_person(), make_person(), make_workshop()
    make_attendance(person=take_in, workshop=workshop)
    merge_records(kind=KINDS["person"], keep=keep, take_in=take_in, choices=[], by=staff)

    event = events(workshop)[0]

    assert (event.part, event.reason) == ("Attendance: 1", f"taken into #{keep.pk}")


def test_sets_that_changed_with_a_merge_are_told(staff: User) -> None:
    keep, take_in = make_person(name_en="Sok Dara"), make_person(name_en="Keo Sophea")
    item = make_agenda_item([take_in])
    merge_records(kind=KINDS["person"], keep=keep, take_in=take_in, choices=[], by=staff)

    (change,) = events(item)[0].changes

    assert (change.added, change.removed) == (("Sok Dara",), ("Keo Sophea",))


def test_an_undone_load_is_told(staff: User) -> None:
    workshop = make_workshop()
    kind, scope = REGISTRY["attendance"], {"workshop": workshop.pk}
    load = load_now(kind=kind, content=LIST, file_name="list.csv", scope=scope, by=staff)
    assert undo(load, by=staff) == []
    row = Attendance.objects.filter(workshop=workshop).earliest("pk")

    assert codes(row) == ["archived", "loaded"]
    assert events(row)[0].reason == f"Load {load.pk} was undone"
    assert (events(workshop)[0].title, events(workshop)[0].link_text) == ("Changed back: a load was undone", "list.csv")


def test_reasons_are_read_in_whichever_language_they_were_written() -> None:
    for language in ("en", "km"):
        with translation.override(language):
            written = translation.gettext("taken into #%(number)s") % {"number": 7}

        assert read_reason(written) == ("taken_into", 7)
    assert read_reason("load 12") == ("load", 12)
    assert read_reason("restore 3") == ("restored", 3)
    assert read_reason("We load 12 trucks") == ("", 0)
    assert read_reason(None) == ("", 0)


def test_an_erasure_is_told_once_and_takes_the_earlier_names_along(staff: User, admin_client: Client) -> None:
    person = make_person(name_en="Sok Dara", phone="012345678")
    person.name_en = "Sok Darith"
    person.save_version(by=staff, expected=1)
    attendance = make_attendance(person=person, seeing=2)
    erase_person(person.pk, by=staff, reason="Asked for it")
    person.refresh_from_db()

    page = admin_client.get(reverse("history", args=["person", person.pk])).content.decode()
    restored = admin_client.post(address(Attendance, "restore_version", attendance.pk, 1), {"version": 2})

    assert codes(person) == ["erased", "changed", "created"]
    assert codes(attendance)[0] == "erased"
    assert "Dari" not in page
    assert "345678" not in page
    assert restored.status_code == 403
