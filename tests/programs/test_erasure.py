"""Erasing a person: nothing names them any more, every figure stays, and nothing brings them back."""

import datetime
import json
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.urls import reverse

from capred_portal import duplicates
from capred_portal.access import STAFF
from capred_portal.duplicates import KINDS
from capred_portal.erasures import ERASERS, apply_list, list_path
from capred_portal.figures import REGISTRY as FIGURES
from capred_portal.figures import Scope
from capred_portal.loads import REGISTRY, check_load, load_now, receive
from capred_portal.mails import post
from capred_portal.merging import merge_records, unmerge
from capred_portal.models import Erasure, Load, Match, Merge
from capred_portal.subjects import FATES, SUBJECTS, Fate, erase
from indicators.reports.documents import freeze_and_share
from indicators.reports.kinds import KINDS as KINDS_OF_REPORT
from programs.models import Attendance, Person, Statement
from programs.models.people import DIFFICULTY_DOMAINS
from tests.factories import (
    make_action,
    make_agenda_item,
    make_attendance,
    make_organisation,
    make_person,
    make_workshop,
)
from tests.page import form_values

pytestmark = pytest.mark.django_db

NAME, OTHER_NAME, PHONE, EMAIL = "Keo Sotheavy", "Keo Sotheavi", "+85512345678", "keo.sotheavy@example.org"
KHMER = "កែវ សុធាវី"
TRACES = ("Sotheav", "12345678", "12 345 678", "keo.soth", "សុធាវី", "sotheav", "Deputy for trade")
LIST = f"""Name (Latin),Name (Khmer),Sex,Phone,E-mail,Seeing,Consent
{NAME},{KHMER},f,012 345 678,{EMAIL},2,yes
Nou Vuthy,,m,,,,yes
"""
PERSON = SUBJECTS["person"]
PLACES = {
    "admin.LogEntry",
    "capred_portal.LoadRow",
    "capred_portal.Mail",
    "capred_portal.Match",
    "capred_portal.Merge",
    "capred_portal.Report",
    "capred_portal.ReportShare",
    "programs.HistoricalPerson",
    "programs.HistoricalStatement",
    "programs.Person",
    "programs.Statement",
}


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    """Keep uploads and the list of erasures of each test apart."""
    settings.MEDIA_ROOT, settings.BACKUP_ROOT = tmp_path / "uploads", tmp_path / "backups"


@pytest.fixture
def workshop():
    return make_workshop(program=None)


def load_list(workshop, by, text=LIST, name="list.csv"):
    scope = {"workshop": workshop.pk}
    return load_now(kind=REGISTRY["attendance"], content=text.encode(), file_name=name, scope=scope, by=by)


@pytest.fixture
def person(workshop, staff, admin):
    """Somebody of whom every table that can tell of people does."""
    load_list(workshop, staff)
    person = Person.objects.get(phone=PHONE)
    organisation = make_organisation()
    person.organisation, person.honorific = organisation, "H.E. Sotheavy"
    person.save_version(by=staff, expected=person.version)
    attendance = person.attendances.get()
    attendance.age_band, attendance.disability, attendance.organisation = "18-35", "no", organisation
    attendance.save_version(by=staff, expected=attendance.version)
    Statement.objects.create(
        workshop=workshop, person=person, text_en="I, Sotheavy, agree.", office_en="Deputy for trade", created_by=staff
    )
    make_action(owner_person=person, workshop=workshop)
    make_agenda_item([person], workshop=workshop)
    twin = make_person(name_en=OTHER_NAME, phone=PHONE, sex="f")
    make_attendance(person=twin)
    duplicates.find(KINDS["person"])
    merge_records(kind=KINDS["person"], keep=person, take_in=twin, choices=["name_en"], by=staff)
    stranger = make_person(name_en="Um Rithy")
    reasons, different = [["same_phone", 40, PHONE]], {"grade": "ask", "score": 40, "decision": "different"}
    Match.objects.create(kind="person", first=person.pk, second=stranger.pk, reasons=reasons, **different)
    post("invitation", EMAIL, f"Dear {NAME}", "Come again.")
    about = {"content_type": ContentType.objects.get_for_model(Person), "object_id": str(person.pk), "action_flag": 2}
    LogEntry.objects.create(user=admin, object_repr=NAME, change_message="", **about)
    default_storage.save("kept/abc", ContentFile(NAME.encode()))
    asked = (KINDS_OF_REPORT["workshop"], {"workshop": str(workshop.pk)}, "both")
    freeze_and_share(*asked, note=f"For {OTHER_NAME}", days=30, by=staff)
    return Person.objects.get(pk=person.pk)


def texts_of(model):
    """Yield every text and JSON value of a table."""
    columns = [
        field.attname
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField | models.JSONField)
    ]
    for row in model._base_manager.values_list(*columns) if columns else ():
        yield from (json.dumps(value, ensure_ascii=False) for value in row)


def places_with_traces():
    """Return the tables in which something still tells who it was."""
    return {
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        if any(trace in text for text in texts_of(model) for trace in TRACES)
    }


def figures_now():
    """Return every registered figure of everything, with all its breakdowns."""
    found = {}
    for code, definition in FIGURES.items():
        for by in ("", *definition.by):
            scope = Scope(STAFF, {"by": by} if by else {})
            found[code, by] = {key: (one.state, one.value) for key, one in definition.figures(scope).items()}
    return found


def test_nothing_tells_who_it_was(person, verifier, settings, django_capture_on_commit_callbacks):
    before = places_with_traces()

    with django_capture_on_commit_callbacks(execute=True):
        erase(PERSON, person.pk, by=verifier, reason="asked")

    assert before == PLACES
    assert places_with_traces() == set()
    assert default_storage.listdir("kept")[1] == []
    assert not Load.objects.get().file
    assert [path.name for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []


def test_every_figure_stays(person, verifier):
    before = figures_now()

    erase(PERSON, person.pk, by=verifier, reason="asked")

    assert figures_now() == before


def test_what_is_counted_stays_and_the_six_answers_go(person, verifier):
    erase(PERSON, person.pk, by=verifier, reason="asked")

    rows = Attendance.objects.active().filter(person=person)
    row = rows.get(workshop__actions__owner_person=person)
    assert rows.count() == 2
    assert (row.age_band, row.disability, row.consent, row.person.sex) == ("18-35", "no", True, "f")
    assert row.organisation is not None
    assert row.person.organisation is None
    assert not any(getattr(row, name) for name in DIFFICULTY_DOMAINS)


def test_records_merged_into_it_go_too_and_each_is_noted(person, verifier, django_capture_on_commit_callbacks):
    merged = Merge.objects.get().merged

    with django_capture_on_commit_callbacks(execute=True):
        erase(PERSON, person.pk, by=verifier, reason="asked by letter")

    noted = [json.loads(line) for line in list_path().read_text().splitlines() if line]
    assert {line["number"] for line in noted} == {person.pk, merged}
    assert set(Erasure.objects.values_list("number", "erased_by")) == {(n, verifier.pk) for n in (person.pk, merged)}
    assert Person.objects.get(pk=merged).erased_at is not None


def test_twice_changes_nothing_more(person, verifier):
    first = erase(PERSON, person.pk, by=verifier, reason="asked")
    version = Person.objects.get(pk=person.pk).version

    second = erase(PERSON, person.pk, by=verifier, reason="asked again")

    assert (second.pk, second.reason) == (first.pk, "asked")
    assert Person.objects.get(pk=person.pk).version == version
    assert Erasure.objects.count() == 2


def test_a_restored_backup_is_erased_again(person, verifier, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        erase(PERSON, person.pk, by=verifier, reason="asked")
    Person.objects.filter(pk=person.pk).update(name_en=NAME, phone=PHONE, erased_at=None)
    Erasure.objects.all().delete()

    apply_list(list_path())

    again = Person.objects.get(pk=person.pk)
    assert (again.name_en, again.phone) == (f"Erased person {person.pk}", "")
    assert again.erased_at is not None


def test_other_people_of_the_list_stay_and_its_load_cannot_be_undone(person, staff_client, verifier):
    erase(PERSON, person.pk, by=verifier, reason="asked")

    load = Load.objects.get()
    page = staff_client.get(load.get_absolute_url()).content.decode()
    answer = staff_client.post(reverse("loads:undo", args=[load.pk]))
    assert Person.objects.filter(name_en="Nou Vuthy", erased_at=None).exists()
    assert load.rows.get(values__name_en="Nou Vuthy").raw["name_en"] == "Nou Vuthy"
    assert "cannot be undone" in page
    assert reverse("loads:undo", args=[load.pk]) not in page
    assert answer.status_code == 409
    assert Load.objects.get().state == Load.State.DONE


def test_a_list_that_waits_and_names_the_person_is_given_up(person, staff, staff_client, verifier, workshop):
    text = f"Name (Latin),Sex\n{NAME},robot\nChea Lina,f\n".encode()
    kind = REGISTRY["attendance"]
    load = receive(kind=kind, content=text, file_name="l.csv", scope={"workshop": workshop.pk}, by=staff, enqueue=False)
    check_load.func(load.pk)

    erase(PERSON, person.pk, by=verifier, reason="asked")

    load.refresh_from_db()
    page = staff_client.get(load.get_absolute_url()).content.decode()
    assert (load.state, load.problem, str(load.file)) == (Load.State.FAILED, "erased", "")
    assert "named somebody whose personal data was erased" in page
    assert NAME not in page


def test_a_line_of_a_namesake_stays(person, staff, verifier):
    other = make_workshop()
    text = f"Name (Latin),Organisation,Phone\n{NAME},Elsewhere,099 111 222\n"
    namesake_load = load_list(other, staff, text)

    erase(PERSON, person.pk, by=verifier, reason="asked")

    assert namesake_load.rows.get().raw["name_en"] == NAME
    assert Person.objects.filter(name_en=NAME, erased_at=None).exists()


def test_nobody_is_taken_for_an_erased_person(person, staff, verifier, workshop):
    erase(PERSON, person.pk, by=verifier, reason="asked")
    twins = [make_person(name_en=f"Erased person {person.pk}") for _time in range(2)]

    duplicates.find(KINDS["person"])
    known = Person.objects.known_as(name_key="erased person", organisation=None, phone="")
    load_list(make_workshop(), staff, f"Name (Latin)\nErased person {person.pk}\n")

    found = Match.objects.filter(decision=Match.Decision.OPEN)
    assert {end for match in found for end in (match.first, match.second)} <= {twin.pk for twin in twins}
    assert person not in known
    assert Attendance.objects.filter(person=person).count() == 2


def test_a_merge_can_still_be_taken_apart_and_brings_nobody_back(person, staff, verifier):
    merge = Merge.objects.get()
    erase(PERSON, person.pk, by=verifier, reason="asked")

    unmerge(Merge.objects.get(), kind=KINDS["person"], by=staff)

    people = Person.objects.active().filter(pk__in=[merge.kept, merge.merged])
    assert {one.name_en for one in people} == {f"Erased person {n}" for n in (merge.kept, merge.merged)}
    assert places_with_traces() == set()


def test_what_a_record_held_while_merged_goes_and_its_own_stays(person, staff, verifier, admin):
    """The other of a merge that was taken apart cannot be restored to what it held of the person."""
    other = make_person(name_en="Sot Thavy", phone="+85599000111", email="own@example.org")
    kind = KINDS["person"]
    merge = merge_records(kind=kind, keep=other, take_in=person, choices=["name_en", "name_km", "phone"], by=staff)
    about = {"content_type": ContentType.objects.get_for_model(Person), "object_id": str(other.pk), "action_flag": 2}
    LogEntry.objects.create(user=admin, object_repr=person.name_en, change_message="", **about)
    unmerge(merge, kind=kind, by=staff)
    assert set(other.history.values_list("phone", flat=True)) == {PHONE, other.phone}

    erase(PERSON, person.pk, by=verifier, reason="asked")

    other.refresh_from_db()
    assert (other.name_en, other.phone, other.email) == ("Sot Thavy", "+85599000111", "own@example.org")
    told = set(other.history.values_list("name_en", "name_km", "phone", "search_key", "sound_key"))
    assert told == {(other.name_en, "", other.phone, other.search_key, other.sound_key)}
    assert places_with_traces() == set()


def test_only_pairs_of_merged_records_are_kept(person, verifier):
    erase(PERSON, person.pk, by=verifier, reason="asked")

    assert set(Match.objects.values_list("decision", flat=True)) == {Match.Decision.SAME}


# Pages


def address(name, person):
    return reverse(f"people:{name}", args=[person.pk])


def test_the_page_says_what_happens_and_where_the_name_stands(person, verifier_client):
    make_action(text_en=f"Call {NAME} about prices")

    page = verifier_client.get(address("erase", person)).content.decode()

    assert f"Call {NAME} about prices" in page
    assert "no figure changes" in page
    assert f"Write {person.pk} below" in page


def test_a_verifier_erases_with_a_reason_and_the_number(person, verifier_client):
    url = address("erase", person)
    values = form_values(verifier_client.get(url).content.decode(), "reason")

    wrong = verifier_client.post(url, values | {"reason": "asked", "number": str(person.pk + 1)})
    kept = Person.objects.get(pk=person.pk).name_en
    right = verifier_client.post(url, values | {"reason": "asked", "number": str(person.pk)})

    assert (wrong.status_code, kept) == (422, OTHER_NAME)
    assert right.status_code == 302
    page = verifier_client.get(address("detail", person)).content.decode()
    assert f"Erased person {person.pk}" in page
    assert "Sotheav" not in page
    assert address("edit", person) not in page


def test_staff_export_but_do_not_erase(person, staff_client):
    assert staff_client.get(address("personal_data", person)).status_code == 200
    assert staff_client.get(address("erase", person)).status_code == 403
    assert staff_client.post(address("erase", person), {"reason": "x", "number": person.pk}).status_code == 403
    assert Person.objects.get(pk=person.pk).erased_at is None


def test_an_erased_person_is_found_by_no_name_and_changed_by_nobody(person, verifier, verifier_client, admin_client):
    erase(PERSON, person.pk, by=verifier, reason="asked")

    for text in (NAME, KHMER, OTHER_NAME, PHONE):
        assert verifier_client.get(reverse("people:list"), {"q": text}).context["rows_count"] == 0
        assert verifier_client.get(reverse("people:list"), {"sound": text}).context["rows_count"] == 0
    assert verifier_client.get(address("edit", person)).status_code == 404
    assert verifier_client.get(address("archive", person)).status_code == 404
    admin_page = admin_client.get(reverse("admin:programs_person_change", args=[person.pk]))
    assert 'name="_save"' not in admin_page.content.decode()


# The register of columns


def test_every_column_blanked_is_empty_or_a_number_afterwards(person, verifier):
    columns = [
        label.rpartition(".")[2]
        for label, fate in FATES.items()
        if fate is Fate.BLANKED and "programs.person." in label
    ]
    before = {name: getattr(Person.objects.get(pk=person.pk), name) for name in columns}

    erase(PERSON, person.pk, by=verifier, reason="asked")

    after = Person.objects.get(pk=person.pk)
    assert "phone" in columns
    assert all(getattr(after, name) != value for name, value in before.items() if value)


def test_the_eraser_knows_when_a_record_was_made(person):
    assert ERASERS["person"].written_at(person.pk) == person.created_at
    assert ERASERS["person"].written_at(10**9) is None
    assert isinstance(person.created_at, datetime.datetime)
