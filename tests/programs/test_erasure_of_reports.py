"""Names in frozen reports: an erasure replaces every spelling of them and leaves the rest as it was frozen."""

import datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from capred_portal.blanking import blank_reports, in_other_words
from capred_portal.models import Export, Report, ReportShare
from capred_portal.subjects import SUBJECTS, erase
from indicators.reports.documents import freeze_and_share
from indicators.reports.kinds import KINDS
from programs.erasure import erase_person
from programs.models import Statement
from programs.personal_data import sections
from tests.factories import make_action, make_agenda_item, make_person, make_program, make_user, make_workshop

pytestmark = pytest.mark.django_db

OFFICE = "Minister of Rivers"


def frozen(workshop, by):
    asked = (KINDS["workshop"], {"workshop": str(workshop.pk)}, "both")
    return freeze_and_share(*asked, note="Canberra", days=30, by=by).report


@pytest.fixture
def speaker():
    return make_person(name_en="Kim O'Dara", name_km="គឹម តារា", honorific="H.E.")


@pytest.fixture
def workshop(speaker, staff):
    """A workshop at which the speaker and a namesake of the office spoke."""
    workshop = make_workshop(title_en="Rivers", title_km="ទន្លេ")
    make_agenda_item([speaker], workshop=workshop)
    make_action(workshop=workshop, owner_person=speaker, text_en="Measure the river")
    Statement.objects.create(workshop=workshop, person=speaker, text_en="We agree.\nI sign.", office_en=OFFICE)
    return workshop


def test_every_spelling_goes_and_the_rest_stays(workshop, speaker, staff, verifier):
    speaker.name_en = "Kim O’Dara"
    speaker.save_version(by=staff, expected=speaker.version)
    report = frozen(workshop, staff)
    before = report.body

    erase(SUBJECTS["person"], speaker.pk, by=verifier, reason="asked")

    report.refresh_from_db()
    for gone in ("Dara", "តារា", "H.E.", "We agree.", "I sign.", OFFICE):
        assert gone in before
        assert gone not in report.body
    assert f"Erased person {speaker.pk}" in report.body
    assert f"បុគ្គលដែលបានលុប {speaker.pk}" in report.body
    assert "Measure the river" in report.body
    assert report.body.count("<") == before.count("<")


def test_what_others_hold_in_reports_without_the_name_stays(workshop, speaker, staff, verifier):
    other = make_workshop(title_en="Lakes")
    Statement.objects.create(workshop=other, person=make_person(name_en="Um Rithy"), text_en="Yes.", office_en=OFFICE)
    report = frozen(other, staff)

    erase(SUBJECTS["person"], speaker.pk, by=verifier, reason="asked")

    assert Report.objects.get(pk=report.pk).body == report.body


def test_an_account_goes_from_reports_too(staff, admin):
    owner = make_user(
        "staff", username="tep.chan", full_name_en="Tep Chanmony", full_name_km="ទេព ចាន់មុន្នី", is_active=False
    )
    workshop = make_workshop(title_en="Rivers")
    make_action(workshop=workshop, owner_user=owner, text_en="Measure the river")
    report = frozen(workshop, staff)

    erase(SUBJECTS["user"], owner.pk, by=admin, reason="left")

    report.refresh_from_db()
    assert "Chanmony" not in report.body
    assert "ចាន់មុន្នី" not in report.body
    assert f"Erased account {owner.pk}" in report.body


def test_an_account_goes_under_every_name_it_had(staff, admin, admin_client):
    owner = make_user("staff", username="tep.chan", full_name_en="Tep Chanmony", full_name_km="ទេព ចាន់មុន្នី")
    workshop = make_workshop(title_en="Rivers")
    make_action(workshop=workshop, owner_user=owner, text_en="Measure the river")
    report = frozen(workshop, staff)
    page = reverse("admin:capred_portal_user_change", args=[owner.pk])
    renamed = {"full_name_en": "Keo Chanmony", "full_name_km": "កែវ ចាន់មុន្នី", "is_active": ""}
    told = {"username": "tep.chan", "role": "staff", "language": "en", "email": "", "organisation": ""} | renamed
    assert admin_client.post(page, told).status_code == 302

    erase(SUBJECTS["user"], owner.pk, by=admin, reason="left")

    report.refresh_from_db()
    for gone in ("Tep", "Chanmony", "ទេព", "ចាន់មុន្នី"):
        assert gone not in report.body
    assert f"Erased account {owner.pk}" in report.body
    assert f"គណនីដែលបានលុប {owner.pk}" in report.body
    assert not LogEntry.objects.filter(object_repr__contains="ចាន់មុន្នី").exists()


def test_a_long_name_goes_from_a_brief_too(staff, verifier):
    long = "Sok Rattanakmony Vichearavorakpanha"
    owner, program = make_person(name_en=long, honorific="Her Excellency"), make_program()
    make_action(program=program, owner_person=owner, due_on=datetime.date(2024, 9, 1))
    asked = {"program": program.slug, "period": "2024-Q3"}
    report = freeze_and_share(KINDS["brief"], asked, "en", note="Canberra", days=30, by=staff).report
    assert long in report.body

    erase(SUBJECTS["person"], owner.pk, by=verifier, reason="asked")

    report.refresh_from_db()
    assert "Rattanakmony" not in report.body


def test_the_export_of_a_person_names_the_reports(workshop, speaker, staff):
    report = frozen(workshop, staff)
    frozen(make_workshop(title_en="Lakes"), staff)

    told = next(section for section in sections([speaker.pk]) if section.name == "reports")

    assert [row["id"] for row in told.rows] == [report.pk]
    assert "body" not in told.columns


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>An anvil. Ann and An.</p>", "<p>X anvil. Ann and X.</p>"),
        ('<p class="An" title="An">an</p>', '<p class="An" title="X">X</p>'),
        ("<b>លោកចាន់មុន្នី</b>", "<b>លោកY</b>"),
        ("<p>Tom &amp; Co, tom &amp; co</p>", "<p>&lt;Z&gt;, &lt;Z&gt;</p>"),
        ("<p>លោក សុខា និង សុខភាព</p>", "<p>លោក សុខា និង សុខភាព</p>"),
        ("<p>លោក សុខ និង សុខភាព</p>", "<p>លោក S និង សុខភាព</p>"),
    ],
)
def test_words_are_replaced_whole_and_in_no_tag(html, expected):
    assert in_other_words(html, {"An": "X", "ចាន់មុន្នី": "Y", "Tom & Co": "<Z>", "សុខ": "S"}) == expected


def test_nothing_to_replace_changes_nothing(staff):
    report = frozen(make_workshop(title_en="Rivers"), staff)

    assert blank_reports({}, {"Rivers": "X"}) == 0
    assert Report.objects.get(pk=report.pk).title_en == report.title_en
    assert ReportShare.objects.get().note == "Canberra"


def test_tables_written_in_the_background_go(staff, admin, django_capture_on_commit_callbacks):
    """Whoever asked for them can ask again; until then they may name the person."""
    person = make_person(name_en="Chan Mony")
    about = {"user": staff, "table": "people", "format": "xlsx", "language": "en", "role": "staff"}
    export = Export(state="ready", rows_count=1, finished_at=timezone.now(), **about)
    export.file.save("people.xlsx", ContentFile(b"PK"))

    with django_capture_on_commit_callbacks(execute=True):
        counts = erase_person(person.pk, by=admin, reason="Asked")

    assert counts["exports"] == 1
    assert not Export.objects.exists()
    assert not default_storage.exists(str(export.file))
