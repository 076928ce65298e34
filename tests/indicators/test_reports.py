"""Reports as pages and frozen: one fragment for all, links that open for a while, a report that never changes."""

import datetime
import re
from importlib.resources import files

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from fontTools.ttLib import TTFont

from capred_portal import pdf
from capred_portal.demo import make_rows
from capred_portal.facts import write_facts
from capred_portal.management.commands.build_assets import KHMER, LATIN
from capred_portal.models import RateWindow, Report, ReportShare
from capred_portal.pdf import without_links
from indicators.reports.documents import freeze_and_share, make_document, token_of
from indicators.reports.kinds import KINDS
from indicators.views.frozen_reports import OPENED_A_MINUTE
from programs.models import Outcome, Statement
from tests.factories import (
    make_action,
    make_agenda_item,
    make_attendance,
    make_person,
    make_program,
    make_user,
    make_workshop,
)

pytestmark = pytest.mark.django_db

AGREED, NEW = "A guide for the first order", "Something else entirely"


@pytest.fixture
def workshop(staff):
    """A workshop with one of everything a report tells, and nine women and one man who came."""
    workshop = make_workshop(
        summary_en="They agreed.", summary_km="ពួកគេបានព្រមព្រៀង។", title_en="Orders", title_km="សិក្ខាសាលា"
    )
    speaker = make_person(name_en="Ly Sophea", name_km="លី សុភា")
    make_agenda_item([speaker], workshop=workshop)
    outcome = Outcome.objects.create(workshop=workshop, kind="tool", text_en=AGREED)
    make_action(outcome=outcome, workshop=None, owner_person=speaker, text_en="Print the guide")
    Statement.objects.create(workshop=workshop, person=speaker, text_en="We will pay on time.", office_en="Director")
    for number in range(10):
        person = make_person(name_en=f"Guest {number}", sex="m" if number == 9 else "f")
        make_attendance(workshop=workshop, person=person)
    return workshop


@pytest.fixture
def address(workshop):
    return f"{reverse('reports:report', args=['workshop'])}?workshop={workshop.pk}"


def frozen_link(workshop, by, language="en", days=30):
    asked = (KINDS["workshop"], {"workshop": str(workshop.pk)}, language)
    return freeze_and_share(*asked, note="Canberra", days=days, by=by)


def shared(link, name="shared"):
    return reverse(f"reports:{name}", args=[token_of(link)])


def words_of(html):
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


# Pages


def test_the_report_on_a_workshop_tells_all_that_came_of_it(officer_client, address):
    page = words_of(officer_client.get(address).content.decode())

    for told in ("They agreed.", AGREED, "Print the guide", "Ly Sophea", "We will pay on time.", "Director"):
        assert told in page
    assert "Attendances 10" in page
    assert "Guest" not in page


def test_the_counts_of_a_workshop_are_signed_by_nobody(officer_client, address):
    page = words_of(officer_client.get(address).content.decode())

    assert "Counts: the records of this portal, signed by nobody." in page


@pytest.mark.parametrize("name", ["agenda", "outcome", "action", "statement", "workshop"])
def test_one_invented_row_is_marked_and_said_in_the_head(workshop, name):
    outcome = Outcome.objects.get()
    rows = {
        "agenda": workshop.agenda.get(),
        "outcome": outcome,
        "action": outcome.actions.get(),
        "statement": workshop.statements.get(),
        "workshop": workshop,
    }
    asked = (KINDS["workshop"], {"workshop": str(workshop.pk)}, "en")
    before = make_document(*asked)
    type(rows[name]).objects.filter(pk=rows[name].pk).update(is_demo=True)

    after = make_document(*asked)

    assert not before.has_demo
    assert "invented" not in before.body
    assert after.has_demo
    assert after.body.count('<span class="tag demo">demonstration</span>') == 2
    assert ("The workshop is invented" if name == "workshop" else "Some of the rows behind this report") in after.body


@pytest.mark.parametrize("role", ["staff", "officer"])
def test_small_groups_are_withheld_whoever_reads(client_for, role, address):
    page = words_of(client_for(role).get(address).content.decode())

    assert re.search(r"Female withheld Male withheld", page)


def test_both_languages_follow_each_other_in_one_document(staff_client, address):
    page = staff_client.get(f"{address}&language=both").content.decode()

    assert page.index('<div class="report-part" id="report-km" lang="km">') < page.index(
        '<div class="report-part" id="report-en" lang="en">'
    )
    assert "ពួកគេបានព្រមព្រៀង" in page
    assert "They agreed." in page


@pytest.mark.parametrize("query", ["workshop=0", "workshop=x", "", "workshop={pk}&language=fr"])
def test_what_no_report_is_about_is_not_found(staff_client, workshop, query):
    address = reverse("reports:report", args=["workshop"])

    assert staff_client.get(f"{address}?{query.format(pk=workshop.pk)}").status_code == 404


def test_an_archived_workshop_has_no_report(staff, staff_client, workshop, address):
    workshop.archive(by=staff, reason="wrong")

    assert staff_client.get(address).status_code == 404


def test_the_list_offers_every_kind_and_shows_what_was_frozen(staff, officer_client, workshop):
    frozen_link(workshop, staff)
    make_program()

    page = officer_client.get(reverse("reports:list")).content.decode()

    assert all(str(kind.label) in page for kind in KINDS.values())
    assert "Canberra" in page


def test_the_font_of_files_has_every_letter_that_reports_write(workshop):
    """Machines without fonts print boxes for others."""
    source = files("fontpkg_noto_sans_khmer") / "files" / "NotoSansKhmer[wdth,wght].ttf"
    with source.open("rb") as file:
        has = set(TTFont(file).getBestCmap()) & {*KHMER, *LATIN}

    body = make_document(KINDS["workshop"], {"workshop": str(workshop.pk)}, "both").body

    assert {letter for letter in words_of(body) if ord(letter) not in has} == set()


# Files


def test_the_file_holds_what_the_page_does(officer_client, address, workshop):
    pytest.importorskip("weasyprint")
    pdfium = pytest.importorskip("pypdfium2")
    answer = officer_client.get(address.replace("/workshop/", "/workshop.pdf"))

    with pdfium.PdfDocument(answer.content) as file:
        text = " ".join(page.get_textpage().get_text_range() for page in file)
        pages, title = len(file), file.get_metadata_dict()["Title"]
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="workshop-{workshop.pk}-en.pdf"'
    assert title == f"Workshop report: {workshop.title_en}"
    for told in (AGREED, "Print the guide", "Ly Sophea", f"Page {pages} of {pages}"):
        assert told in " ".join(text.split())


def test_a_user_makes_twenty_files_a_minute(officer_client, officer, address, monkeypatch):
    monkeypatch.setattr("indicators.views.reports.FILES_A_MINUTE", 0)

    answer = officer_client.get(address.replace("/workshop/", "/workshop.pdf"))

    assert answer.status_code == 429
    assert int(answer["Retry-After"]) <= 60
    assert RateWindow.objects.filter(key__startswith="report-pdf:").exists()


def test_without_weasyprint_no_page_offers_a_file(officer_client, address, monkeypatch, staff, workshop):
    monkeypatch.setattr(pdf, "weasyprint", lambda: None)
    link = frozen_link(workshop, staff)

    page = officer_client.get(address).content.decode()
    answers = [
        officer_client.get(url) for url in (address.replace("/workshop/", "/workshop.pdf"), shared(link, "shared_pdf"))
    ]

    assert ".pdf" not in page
    assert [answer.status_code for answer in answers] == [501, 501]
    assert "Open the report as a page and print it" in answers[0].content.decode()


# Frozen


def freeze_address(workshop, language="en"):
    return f"{reverse('reports:freeze')}?kind=workshop&workshop={workshop.pk}&language={language}"


def test_sharing_freezes_the_report_and_shows_its_link(officer_client, officer, workshop):
    answer = officer_client.post(freeze_address(workshop), {"note": "Canberra", "days": "7"}, follow=True)

    link = ReportShare.objects.get()
    assert (link.note, link.created_by, link.report.made_by) == ("Canberra", officer, officer)
    assert link.expires_at.date() == (timezone.now() + datetime.timedelta(days=7)).date()
    assert f"http://testserver{shared(link)}" in answer.content.decode()


def test_a_form_sent_twice_makes_one_link(officer_client, workshop):
    for _time in range(2):
        officer_client.post(freeze_address(workshop), {"note": "Canberra", "days": "7"})

    assert (Report.objects.count(), ReportShare.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    "values", [{"note": "", "days": "7"}, {"note": "x", "days": "3650"}, {"note": "x" * 101, "days": "7"}]
)
def test_a_wrong_form_shares_nothing(officer_client, workshop, values):
    answer = officer_client.post(freeze_address(workshop), values)

    assert answer.status_code == 422
    assert not Report.objects.exists()


def test_administrators_share_nothing_and_see_no_link(admin_client, staff, workshop):
    link = frozen_link(workshop, staff)

    page = admin_client.get(reverse("reports:frozen", args=[link.report_id])).content.decode()

    assert admin_client.get(freeze_address(workshop)).status_code == 403
    assert AGREED in page
    assert token_of(link) not in page


def test_a_frozen_report_never_changes_with_the_data(
    staff, staff_client, anonymous_client, workshop, officer_client, address
):
    link = frozen_link(workshop, staff)
    before = anonymous_client.get(shared(link)).content.decode()

    outcome = Outcome.objects.get()
    outcome.text_en = NEW
    outcome.save_version(by=staff, expected=outcome.version)
    workshop.archive(by=staff, reason="wrong")
    after = anonymous_client.get(shared(link)).content.decode()

    paper = '<div class="report-paper"'
    assert AGREED in before.partition(paper)[2]
    assert after.partition(paper)[2] == before.partition(paper)[2]
    assert NEW not in staff_client.get(reverse("reports:frozen", args=[link.report_id])).content.decode()


def test_a_frozen_report_leads_nowhere(staff, workshop):
    assert "<a " not in frozen_link(workshop, staff).report.body
    assert without_links('<svg><a href="/x"><text>1</text></a></svg> <A class="y">2</A> <abbr>3</abbr>') == (
        "<svg><text>1</text></svg> 2 <abbr>3</abbr>"
    )


# By a link


def test_who_holds_a_link_reads_the_report_and_it_is_counted(staff, workshop, db):
    link = frozen_link(workshop, staff)

    answers = [Client().get(shared(link)) for _time in range(2)]

    link.refresh_from_db()
    assert [answer.status_code for answer in answers] == [200, 200]
    assert AGREED in answers[0].content.decode()
    assert answers[0]["X-Robots-Tag"] == "noindex, nofollow"
    assert answers[0]["Cache-Control"] == "private, no-store"
    assert "sessionid" not in answers[0].cookies
    assert (link.opened, link.last_opened_at is not None) == (2, True)


def test_the_longest_report_is_a_page_for_a_slow_line(officer_client):
    write_facts()
    make_rows()
    officer_client.post(reverse("set_language"), {"language": "km", "next": "/"})

    page = officer_client.get(reverse("reports:report", args=["quarterly"]), {"program": "demo", "language": "both"})

    assert 20_000 < len(page.content) < 100 * 1024


def test_the_frame_speaks_the_readers_language_and_the_report_stays(staff, workshop, anonymous_client):
    link = frozen_link(workshop, staff)
    anonymous_client.post(reverse("set_language"), {"language": "km", "next": shared(link)})

    page = anonymous_client.get(shared(link)).content.decode()

    assert '<html lang="km">' in page
    assert '<div class="report-part" id="report-en" lang="en">' in page
    assert AGREED in page


def test_the_file_of_a_link_is_the_report_on_paper(staff, workshop, anonymous_client):
    pypdfium2 = pytest.importorskip("pypdfium2")

    answer = anonymous_client.get(shared(frozen_link(workshop, staff), "shared_pdf"))

    with pypdfium2.PdfDocument(answer.content) as file:
        text = "".join(page.get_textpage().get_text_range() for page in file)
    assert AGREED in " ".join(text.split())
    assert "<div" not in text


def test_links_that_open_nothing_look_all_the_same(staff, workshop, anonymous_client):
    expired, revoked, good = (frozen_link(workshop, make_user("staff"), days=days) for days in (7, 30, 90))
    ReportShare.objects.filter(pk=expired.pk).update(expires_at=timezone.now())
    ReportShare.objects.filter(pk=revoked.pk).update(revoked_at=timezone.now(), revoked_by=staff)
    number, _, mark = token_of(good).partition(".")
    tokens = [token_of(expired), token_of(revoked), f"{number}1.{mark}", number, "x", f"{number}.{mark[:-1]}"]
    tokens.append(token_of(ReportShare(pk=10**9, created_at=good.created_at)))
    tokens.append(token_of(ReportShare(pk=good.pk, created_at=expired.created_at)))  # of that number before a restore

    answers = [anonymous_client.get(reverse("reports:shared", args=[token])) for token in tokens]
    files_too = [anonymous_client.get(reverse("reports:shared_pdf", args=[token])) for token in tokens]

    token_free = {
        re.sub(r'("next" value="|csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]*"', "", one.content.decode())
        for one in answers
    }
    assert {one.status_code for one in [*answers, *files_too]} == {404}
    assert len(token_free) == 1
    assert '<div lang="km">' in answers[0].content.decode()


def test_one_address_opens_so_many_a_minute(staff, workshop, anonymous_client, monkeypatch):
    link = frozen_link(workshop, staff)
    monkeypatch.setattr("indicators.views.frozen_reports.OPENED_A_MINUTE", 1)

    statuses = [anonymous_client.get(shared(link)).status_code for _time in range(2)]
    link.refresh_from_db()

    assert OPENED_A_MINUTE > 1
    assert statuses in ([200, 429], [200, 200])  # a minute may have ended between
    assert link.opened == statuses.count(200)


@pytest.mark.parametrize("role", ["officer", "verifier"])
def test_who_made_a_link_and_verifiers_revoke_it(client_for, officer, role, workshop, anonymous_client):
    link = frozen_link(workshop, officer)

    answer = client_for(role).post(reverse("reports:revoke", args=[link.pk]))

    assert answer.status_code == 302
    assert anonymous_client.get(shared(link)).status_code == 404


def test_others_do_not_revoke_it(staff_client, officer, workshop, anonymous_client):
    link = frozen_link(workshop, officer)

    answer = staff_client.post(reverse("reports:revoke", args=[link.pk]))

    assert answer.status_code == 403
    assert anonymous_client.get(shared(link)).status_code == 200
