"""What is kept about people: no column without a word on its erasure, consent under a notice, export, the notice."""

import datetime
import io
import json
import zipfile

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from capred_portal.facts import write_facts
from capred_portal.loads import REGISTRY, load_now, undo
from capred_portal.mails import post
from capred_portal.models import Erasure, Mail, PrivacyNotice, User
from capred_portal.privacy import notice_in_force
from capred_portal.subjects import FATES, SUBJECTS, columns_to_speak_of, erase
from programs.forms.people import AttendanceForm
from programs.models import Attendance, Person, Workshop
from tests.factories import make_action, make_attendance, make_person, make_user, make_workshop
from tests.page import form_values

pytestmark = pytest.mark.django_db


def make_notice(days_ago=0, **fields):
    day = datetime.date(2024, 1, 31) - datetime.timedelta(days=days_ago)
    return PrivacyNotice.objects.create(**{"text_en": "We keep names.", "in_force_from": day} | fields)


def test_every_column_about_people_says_what_an_erasure_does():
    asked = columns_to_speak_of()

    assert asked - set(FATES) == set()
    assert {"programs.person.phone", "programs.attendance.person", "axes.accesslog.ip_address"} <= asked


def test_no_word_is_left_of_columns_that_are_gone():
    from_columns = columns_to_speak_of()

    assert set(FATES) - from_columns == set()


# Notices


def test_the_notice_in_force_is_the_newest_that_has_begun_and_stands(admin):
    make_notice(days_ago=60)
    newer = make_notice(days_ago=30)
    archived = make_notice(days_ago=10)
    archived.archive(by=admin, reason="wrong")
    make_notice(in_force_from=datetime.date(2090, 1, 1))

    assert notice_in_force() == newer
    assert notice_in_force(datetime.date(2000, 1, 1)) is None


def test_everybody_reads_the_notice_in_both_languages(anonymous_client):
    make_notice(text_km="យើងរក្សាទុកឈ្មោះ។")

    page = anonymous_client.get(reverse("privacy")).content.decode()

    assert "We keep names." in page
    assert "យើងរក្សាទុកឈ្មោះ។" in page
    assert "365 days" in page


def test_without_a_notice_the_page_says_so(anonymous_client):
    assert "No notice is in force" in anonymous_client.get(reverse("privacy")).content.decode()


def test_the_first_notice_is_a_proposal_and_written_once(admin):
    write_facts()
    notice = PrivacyNotice.objects.get()
    notice.archive(by=admin, reason="replaced")

    write_facts()

    assert PrivacyNotice.objects.get() == notice
    assert "to be confirmed by MISTI" in notice.text_en
    assert notice.text_km


def test_administrators_write_notices_to_come_and_leave_those_in_force(admin_client):
    begun, coming = make_notice(), make_notice(in_force_from=datetime.date(2090, 1, 1))

    for notice in (begun, coming):
        url = reverse("admin:capred_portal_privacynotice_change", args=[notice.pk])
        values = form_values(admin_client.get(url).content.decode(), "version")
        answer = admin_client.post(url, values | {"text_en": "We keep nothing."})
        assert answer.status_code == 302

    assert [PrivacyNotice.objects.get(pk=one.pk).text_en for one in (begun, coming)] == [
        "We keep names.",
        "We keep nothing.",
    ]


# Consent


@pytest.fixture
def notice():
    return make_notice()


def row_values(client, workshop, **typed):
    page = client.get(reverse("workshops:attendance", args=[workshop.pk])).content.decode()
    values = form_values(page, "row-0-name_en")
    return values | {f"row-0-{name}": value for name, value in typed.items()}


@pytest.mark.parametrize(("answer", "is_noted"), [("true", True), ("false", False), ("unknown", False)])
def test_the_grid_records_the_notice_of_consent(staff_client, notice, answer, is_noted):
    workshop = make_workshop()
    values = row_values(staff_client, workshop, name_en="Keo Lina", consent=answer)

    staff_client.post(reverse("workshops:attendance", args=[workshop.pk]), values)

    assert (Attendance.objects.get().consent_notice == notice) is is_noted


def edit(client, row, **answers):
    url = reverse("workshops:attendance_edit", args=[row.workshop_id, row.pk])
    values = form_values(client.get(url).content.decode(), "days")
    answer = client.post(url, values | answers)
    row.refresh_from_db()
    return answer


def test_the_form_records_the_notice_when_consent_is_given_and_only_then(staff_client, notice):
    old = make_attendance(consent=True)
    fresh = make_attendance()

    edit(staff_client, old, days="2")
    edit(staff_client, fresh, consent="true")
    make_notice(days_ago=-1)
    edit(staff_client, fresh, days="3")

    assert old.consent_notice is None  # given before there was a notice
    assert fresh.consent_notice == notice
    edit(staff_client, fresh, consent="false")
    assert fresh.consent_notice is None


def test_consent_is_recorded_under_the_notice_of_the_day(staff_client):
    """A list typed years later, a list of a workshop still to come, and one from before there was a notice."""
    old, newer = make_notice(days_ago=30), make_notice(days_ago=-300)
    days = {"2024-02-14": old, "2024-12-24": newer, "2090-01-01": newer, "2020-01-01": None}
    rows = {day: make_attendance(workshop=make_workshop(date=datetime.date.fromisoformat(day))) for day in days}

    for row in rows.values():
        edit(staff_client, row, consent="true")

    assert {day: row.consent_notice for day, row in rows.items()} == days


def test_nobody_writes_the_notice_by_hand(staff_client, notice):
    row = make_attendance()

    edit(staff_client, row, consent_notice=str(notice.pk))

    assert "consent_notice" not in AttendanceForm().fields
    assert row.consent_notice is None


def test_a_load_records_the_notice_and_its_undoing_takes_it_back(staff, notice):
    workshop = make_workshop()
    known = make_attendance(workshop=workshop, person=make_person(name_en="Nou Vuthy"))
    text = b"Name (Latin),Consent\nKeo Lina,yes\nNou Vuthy,yes\nChea Dara,no\n"

    scope = {"workshop": workshop.pk}
    load = load_now(kind=REGISTRY["attendance"], content=text, file_name="l.csv", scope=scope, by=staff)
    noted = dict(Attendance.objects.values_list("person__name_en", "consent_notice"))
    undo(load, by=staff)

    known.refresh_from_db()
    assert noted == {"Keo Lina": notice.pk, "Nou Vuthy": notice.pk, "Chea Dara": None}
    assert (known.consent, known.consent_notice) == (None, None)


def test_the_pages_where_details_are_given_lead_to_the_notice(staff_client):
    row = make_attendance()
    make_notice()
    pages = [
        reverse("workshops:attendance", args=[row.workshop_id]),
        reverse("workshops:attendance_edit", args=[row.workshop_id, row.pk]),
        reverse("workshops:attendance_load", args=[row.workshop_id]),
        reverse("workshops:attendance_sheet", args=[row.workshop_id]),
        reverse("people:edit", args=[row.person_id]),
    ]

    for url in pages:
        assert reverse("privacy") in staff_client.get(url).content.decode().split("<footer")[0], url


def refuse_in_the_grid(client, _admin_client, row):
    workshop = make_workshop()
    known = {"name_en": "Keo Lina", "phone": "012345678", "consent": "false", "known": str(row.person_id)}
    client.post(reverse("workshops:attendance", args=[workshop.pk]), row_values(client, workshop, **known))
    return Attendance.objects.get(workshop=workshop)


def refuse_in_the_form(client, _admin_client, row):
    edit(client, row, consent="false")
    return row


def refuse_in_the_admin(_client, admin_client, row):
    url = reverse("admin:programs_attendance_change", args=[row.pk])
    admin_client.post(url, form_values(admin_client.get(url).content.decode(), "version") | {"consent": "false"})
    return row


def refuse_in_a_list(_client, _admin_client, row):
    about = {"content": b"Name (Latin),Phone,Consent\nKeo Lina,012 345 678,no\n", "file_name": "l.csv"}
    load_now(kind=REGISTRY["attendance"], scope={"workshop": row.workshop_id}, by=row.created_by, **about)
    return row


@pytest.mark.parametrize(
    "refuse",
    [refuse_in_the_grid, refuse_in_the_form, refuse_in_the_admin, refuse_in_a_list],
    ids=lambda way: way.__name__,
)
def test_without_consent_contacts_go_and_no_earlier_version_keeps_them(staff_client, admin_client, admin, refuse):
    person = make_person(name_en="Keo Lina", phone="+85512345678", email="lina@example.org")
    person.save_version(by=admin, expected=1)
    row = make_attendance(person=person, created_by=admin)

    refused = refuse(staff_client, admin_client, row)

    refused.refresh_from_db()
    person.refresh_from_db()
    assert (refused.person, refused.consent) == (person, False)
    assert (person.phone, person.email, person.version) == ("", "", 3)
    assert set(person.history.values_list("phone", "email")) == {("", "")}


# Export


def exported(client, name, pk):
    """Return the two files of an export: what machines read, and the page."""
    response = client.post(reverse(f"{name}:personal_data_export", args=[pk]))
    with zipfile.ZipFile(io.BytesIO(response.content)) as file:
        texts = {part.rpartition(".")[2]: file.read(part).decode() for part in file.namelist()}
    return json.loads(texts["json"]), texts["html"]


@pytest.fixture
def person(staff):
    workshop = make_workshop(title_en="Silk")
    text = b"Name (Latin),Sex,Phone,Seeing\nKeo Lina,f,012 345 678,2\n"
    load_now(kind=REGISTRY["attendance"], content=text, file_name="l.csv", scope={"workshop": workshop.pk}, by=staff)
    person = Person.objects.get()
    person.email = "lina@example.org"
    person.save_version(by=staff, expected=1)
    make_action(owner_person=person, text_en="Send the list")
    post("invitation", "lina@example.org", "Come", "Again.")
    make_user("officer", email="LINA@example.org", username="lina")
    return person


def test_the_export_holds_everything_in_both_languages(staff_client, staff, person):
    told, page = exported(staff_client, "people", person.pk)

    sections = {section["name"]: section for section in told["sections"]}
    assert set(sections) == {
        "accounts",
        "load_rows",
        "mails",
        "person",
        "person.history",
        "programs.action.owner_person",
        "programs.action.owner_person.history",
        "programs.attendance.person",
    }
    assert sections["load_rows"]["rows"][0]["raw"]["phone"] == "012 345 678"
    assert sections["programs.attendance.person"]["rows"][0]["seeing"]["code"] == 2
    assert sections["person"]["columns"]["phone"]["km"] != sections["person"]["columns"]["phone"]["en"]
    assert sections["accounts"]["rows"][0]["username"] == "lina"
    assert "password" not in sections["accounts"]["rows"][0]
    for text in ("Keo Lina", "lina@example.org", "Send the list", "Silk", "phone", "ស្រី"):
        assert text in page
    log = LogEntry.objects.get()
    assert (log.user, log.object_id, log.change_message) == (staff, str(person.pk), "personal data exported")


def test_the_page_counts_what_is_kept(staff_client, person):
    response = staff_client.get(reverse("people:personal_data", args=[person.pk]))

    assert response.status_code == 200
    assert len(response.context["sections"]) == 8
    assert "no-store" in response.headers["Cache-Control"]


def test_officers_export_nothing(officer_client, person):
    for name in ("personal_data", "erase"):
        assert officer_client.get(reverse(f"people:{name}", args=[person.pk])).status_code == 403
    assert officer_client.post(reverse("people:personal_data_export", args=[person.pk])).status_code == 403


# Accounts


@pytest.fixture
def leaver(client):
    user = make_user("staff", username="sokha", full_name_en="Sokha Meas", email="sokha@example.org")
    client.post(reverse("login"), {"username": "sokha", "password": "a-long-enough-password"})
    client.logout()
    make_workshop(created_by=user, updated_by=user)
    post("password", "sokha@example.org", "New password", "…", person=user)
    return user


def test_an_account_is_exported_with_the_numbers_of_its_work(admin_client, leaver):
    told, page = exported(admin_client, "accounts", leaver.pk)

    sections = {section["name"]: section for section in told["sections"]}
    assert {"user", "axes.accesslog", "mails", "programs.workshop.created_by"} <= set(sections)
    assert len(sections["programs.workshop.created_by"]["rows"][0]["numbers"]) == 1
    assert "Sokha Meas" in page
    assert "pbkdf2" not in page


def test_an_account_in_use_is_not_erased(admin_client, leaver):
    url = reverse("accounts:erase", args=[leaver.pk])

    assert "still in use" in admin_client.get(url).content.decode()
    assert admin_client.post(url, {"reason": "left", "number": leaver.pk}).status_code == 422
    assert User.objects.get(pk=leaver.pk).username == "sokha"


def test_an_account_of_a_leaver_is_erased_and_its_work_stays(admin_client, leaver):
    User.objects.filter(pk=leaver.pk).update(is_active=False)

    admin_client.post(reverse("accounts:erase", args=[leaver.pk]), {"reason": "left", "number": leaver.pk})

    left = User.objects.get(pk=leaver.pk)
    assert (left.username, left.email, str(left)) == (f"erased-{left.pk}", "", f"Erased account {left.pk}")
    assert not left.has_usable_password()
    assert Mail.objects.count() == 0
    assert Erasure.objects.get().number == left.pk
    assert Workshop.objects.get().created_by == left


def test_erasing_an_account_twice_changes_nothing_more(admin, leaver):
    User.objects.filter(pk=leaver.pk).update(is_active=False)
    subject = SUBJECTS["user"]

    first, second = (erase(subject, leaver.pk, by=admin, reason="left") for _time in range(2))

    assert first == second
    assert User.objects.get(pk=leaver.pk).username == f"erased-{leaver.pk}"


def test_staff_do_not_see_what_is_kept_of_accounts(verifier_client, leaver):
    for name in ("personal_data", "erase"):
        assert verifier_client.get(reverse(f"accounts:{name}", args=[leaver.pk])).status_code == 403
