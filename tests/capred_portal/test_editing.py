"""Saving a record's form: once per token, never over somebody else's change, nothing lost."""

import datetime
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from capred_portal.models import DataVersion, Document, Organisation
from capred_portal.records import StaleRecord, writing
from programs.models import Workshop
from tests.factories import make_goal, make_user, make_workshop

pytestmark = pytest.mark.django_db


def start_data(**changes):
    return {
        "title": "Local inputs",
        "date": "2024-08-14",
        "host": "Ministry",
        "create_organisation": "on",
        "creation_token": str(uuid.uuid4()),
    } | changes


def edit_data(workshop, **changes):
    return {
        "title_en": workshop.title_en,
        "title_km": workshop.title_km,
        "date": workshop.date.isoformat(),
        "version": workshop.version,
    } | changes


def test_a_double_click_saves_one_record(staff_client):
    data = start_data()

    first = staff_client.post(reverse("workshops:new"), data)
    second = staff_client.post(reverse("workshops:new"), data)

    assert first.status_code == second.status_code == 302
    assert first.url == second.url
    assert Workshop.objects.count() == 1
    assert Organisation.objects.count() == 1


def test_back_and_save_with_other_content_saves_a_second_record_and_says_so(staff_client):
    data = start_data()
    staff_client.post(reverse("workshops:new"), data)

    response = staff_client.post(reverse("workshops:new"), data | {"title": "Another title"}, follow=True)

    assert Workshop.objects.count() == 2
    assert "second record" in response.content.decode()


def test_a_stale_save_shows_both_versions_and_asks_about_what_both_changed(staff_client):
    workshop = make_workshop(title_en="Before")
    staff_client.post(reverse("workshops:edit", args=[workshop.pk]), edit_data(workshop, title_en="Theirs"))

    response = staff_client.post(
        reverse("workshops:edit", args=[workshop.pk]), edit_data(workshop, title_en="Mine", venue_en="Hall")
    )

    assert response.status_code == 409
    (title,) = [difference for difference in response.context["differences"] if difference.name == "title_en"]
    (venue,) = [difference for difference in response.context["differences"] if difference.name == "venue_en"]
    assert (title.yours, title.theirs, title.must_choose) == ("Mine", "Theirs", True)
    assert (venue.must_choose, venue.is_yours) == (False, True)
    workshop.refresh_from_db()
    assert workshop.title_en == "Theirs"


def test_what_only_the_other_changed_is_kept(staff_client):
    workshop = make_workshop(title_en="Before")
    staff_client.post(reverse("workshops:edit", args=[workshop.pk]), edit_data(workshop, summary_en="Theirs"))

    response = staff_client.post(
        reverse("workshops:edit", args=[workshop.pk]), edit_data(workshop, venue_en="Hall of mine")
    )

    kept = dict(response.context["kept"])
    assert kept["summary_en"] == ["Theirs"]
    assert kept["venue_en"] == ["Hall of mine"]
    assert not response.context["must_choose"]


def test_the_conflict_page_saves_without_scripts(staff_client):
    workshop = make_workshop(title_en="Before")
    url = reverse("workshops:edit", args=[workshop.pk])
    staff_client.post(url, edit_data(workshop, title_en="Theirs"))
    page = staff_client.post(url, edit_data(workshop, title_en="Mine", venue_en="Hall")).context
    posted = {"version": page["record"].version, "title_en": "Mine"}
    posted |= dict(page["kept"] + page["unchanged"])

    response = staff_client.post(url, posted)

    workshop.refresh_from_db()
    assert response.status_code == 302
    assert (workshop.title_en, workshop.venue_en, workshop.version) == ("Mine", "Hall", 3)


def test_goals_of_both_sides_are_merged(staff_client):
    first, second, third = (make_goal(code) for code in ("8.1", "8.2", "8.3"))
    workshop = make_workshop()
    with writing("programs"):
        workshop.goals.set([first])
        workshop.save_version(by=make_user("staff"), expected=1)
    url = reverse("workshops:edit", args=[workshop.pk])
    staff_client.post(url, edit_data(workshop, goals=[first.pk, second.pk]))

    response = staff_client.post(url, edit_data(workshop, goals=[third.pk]))

    (goals,) = [difference for difference in response.context["differences"] if difference.name == "goals"]
    assert not goals.must_choose
    assert goals.theirs == "8.1 Goal 8.1, 8.2 Goal 8.2"
    assert dict(response.context["kept"])["goals"] == sorted([str(second.pk), str(third.pk)])


def test_saving_the_same_values_again_after_a_change_has_nothing_to_choose(staff_client):
    workshop = make_workshop(title_en="Before")
    url = reverse("workshops:edit", args=[workshop.pk])
    staff_client.post(url, edit_data(workshop, title_en="Same"))

    response = staff_client.post(url, edit_data(workshop, title_en="Same"))

    assert response.status_code == 409
    assert response.context["differences"] == []


def test_save_version_refuses_an_old_version():
    workshop, user = make_workshop(), make_user("staff")
    workshop.save_version(by=user, expected=1)

    with pytest.raises(StaleRecord):
        workshop.save_version(by=user, expected=1)


def test_writing_raises_the_data_version_of_its_app_only():
    before = DataVersion.current()

    with writing("programs"):
        make_workshop()

    assert DataVersion.objects.get(app="programs").number >= 1
    assert DataVersion.current() != before


def test_a_chosen_file_survives_a_refused_form(staff_client):
    workshop = make_workshop()
    url = reverse("workshops:part_new", args=[workshop.pk, "documents"])
    refused = staff_client.post(url, {"title_en": "", "file": SimpleUploadedFile("agenda.txt", b"08:30 Opening")})
    token = refused.context["form"].fields["file"].widget.token

    staff_client.post(url, {"title_en": "Agenda", "file-kept": token})

    assert refused.status_code == 422
    with Document.objects.get().file.open() as kept:
        assert kept.read() == b"08:30 Opening"


def test_a_forged_token_of_a_kept_file_opens_nothing(staff_client):
    workshop = make_workshop()
    url = reverse("workshops:part_new", args=[workshop.pk, "documents"])

    response = staff_client.post(url, {"title_en": "Agenda", "file-kept": "kept/../../settings.py"})

    assert response.status_code == 422
    assert not Document.objects.exists()


def test_archiving_needs_a_reason_and_takes_the_workshop_out_of_lists(staff_client):
    workshop = make_workshop(date=datetime.date(2024, 8, 14))
    url = reverse("workshops:archive", args=[workshop.pk])

    refused = staff_client.post(url, {"version": 1, "reason": ""})
    staff_client.post(url, {"version": 1, "reason": "Entered twice"})

    workshop.refresh_from_db()
    assert refused.status_code == 422
    assert workshop.archive_reason == "Entered twice"
    assert staff_client.get(reverse("workshops:list")).context["rows_count"] == 0


def test_archiving_a_changed_record_is_refused(staff_client):
    workshop = make_workshop()
    workshop.save_version(by=make_user("staff"), expected=1)

    response = staff_client.post(reverse("workshops:archive", args=[workshop.pk]), {"version": 1, "reason": "Old"})

    assert response.status_code == 422
    workshop.refresh_from_db()
    assert not workshop.is_archived
