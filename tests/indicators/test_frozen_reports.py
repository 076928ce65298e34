"""A frozen report for those with an account: another link, the file, the way to the report as it stands now."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from capred_portal import pdf
from capred_portal.models import Report, ReportShare
from capred_portal.records import writing
from indicators.reports.documents import freeze_and_share, token_of
from indicators.reports.kinds import KINDS
from programs.models import Outcome
from tests.factories import make_outcome, make_program, make_workshop
from tests.indicators.program_reports import QUARTER, about, make_value

pytestmark = pytest.mark.django_db

DAYS = datetime.timedelta(days=8)
OLD, NEW = "Buy local boxes first.", "Buy nothing at all."


@pytest.fixture
def link(staff):
    workshop = make_workshop(title_en="Rivers", title_km="ទន្លេ")
    make_outcome(workshop=workshop, text_en=OLD)
    asked = (KINDS["workshop"], {"workshop": str(workshop.pk)}, "both")
    return freeze_and_share(*asked, note="Canberra", days=7, by=staff)


def page_of(client, link):
    return client.get(reverse("reports:frozen", args=[link.report_id])).content.decode()


def change(by):
    with writing("programs"):
        outcome = Outcome.objects.get()
        outcome.text_en = NEW
        outcome.save_version(by=by, expected=outcome.version)


def test_after_a_link_has_expired_another_opens_the_same_report(staff_client, anonymous_client, link):
    ReportShare.objects.filter(pk=link.pk).update(expires_at=timezone.now(), created_at=timezone.now() - DAYS)
    body = link.report.body

    answer = staff_client.post(reverse("reports:link", args=[link.report_id]), {"note": "Canberra", "days": "30"})

    fresh = ReportShare.objects.exclude(pk=link.pk).get()
    assert answer.url == reverse("reports:frozen", args=[link.report_id]) + "#links"
    assert (fresh.report, fresh.note, Report.objects.count()) == (link.report, "Canberra", 1)
    assert anonymous_client.get(reverse("reports:shared", args=[token_of(fresh)])).status_code == 200
    assert Report.objects.get().body == body


def test_a_form_for_another_link_sent_twice_makes_one(officer_client, link):
    for _time in range(2):
        officer_client.post(reverse("reports:link", args=[link.report_id]), {"note": "DFAT", "days": "7"})

    assert ReportShare.objects.filter(note="DFAT").count() == 1


def test_a_wrong_form_for_another_link_stays_open(officer_client, link):
    answer = officer_client.post(reverse("reports:link", args=[link.report_id]), {"note": "", "days": "7"})

    assert answer.status_code == 422
    assert "<details open>" in answer.content.decode()
    assert ReportShare.objects.count() == 1


def test_who_hands_out_no_links_makes_none(admin_client, link):
    address = reverse("reports:link", args=[link.report_id])

    assert admin_client.post(address, {"note": "x", "days": "7"}).status_code == 403
    assert address not in page_of(admin_client, link)


def test_it_says_when_the_portal_holds_other_data_and_leads_there(officer_client, staff, link):
    before = page_of(officer_client, link)
    change(staff)
    after = page_of(officer_client, link)

    said = "The portal holds other data since."
    assert (said in before, said in after) == (False, True)
    now = f"{reverse('reports:report', args=['workshop'])}?workshop={link.report.params['workshop']}&amp;language=both"
    assert now in after
    assert OLD in after
    assert NEW not in after


def test_the_file_is_the_frozen_report(officer_client, link):
    pypdfium2 = pytest.importorskip("pypdfium2")
    if not pdf.is_available():
        pytest.skip("the extra for PDF files is not installed")

    answer = officer_client.get(reverse("reports:frozen_pdf", args=[link.report_id]))

    with pypdfium2.PdfDocument(answer.content) as file:
        text = " ".join("".join(page.get_textpage().get_text_range() for page in file).split())
    assert OLD in text
    assert ReportShare.objects.get().opened == 0


def test_a_reader_of_either_language_is_led_to_it(anonymous_client, link):
    page = anonymous_client.get(reverse("reports:shared", args=[token_of(link)])).content.decode()

    for language in ("km", "en"):
        assert f'href="#report-{language}"' in page
        assert page.count(f'id="report-{language}"') == 1


def test_the_form_names_the_report_in_the_language_of_the_reader(officer_client):
    program = make_program(title_en="Lakes", title_km="បឹង")
    address = f"{reverse('reports:freeze')}?kind=brief&program={program.slug}&language=both"

    page = officer_client.get(address).content.decode()

    assert page.count("One-page brief on Lakes") == 2


def test_the_longest_title_is_frozen(officer_client):
    program = make_program(title_en="x" * 250, title_km="ក" * 250)
    address = f"{reverse('reports:freeze')}?kind=quarterly&program={program.slug}&language=km"

    assert officer_client.post(address, {"note": "Canberra", "days": "7"}).status_code == 302
    assert len(Report.objects.get().title_km) == 300


@pytest.mark.parametrize("kind", ["brief", "quarterly"])
def test_the_newest_quarter_keeps_its_name_when_another_is_the_newest(officer_client, kind):
    program = make_program(title_en="Lakes")
    make_value(program, 3)

    officer_client.post(f"{reverse('reports:freeze')}?kind={kind}&program={program.slug}", {"note": "x", "days": "7"})

    report = Report.objects.get()
    assert report.params == {"program": program.slug, "period": QUARTER}
    assert f"period={QUARTER}" in officer_client.get(reverse("reports:frozen", args=[report.pk])).content.decode()


def test_a_file_of_the_newest_quarter_is_named_after_it(officer_client):
    if not pdf.is_available():
        pytest.skip("the extra for PDF files is not installed")
    program = make_program(slug="lakes")
    make_value(program, 3)

    answer = officer_client.get(reverse("reports:pdf", args=["brief"]), {"program": "lakes"})

    assert f'filename="brief-lakes-{QUARTER.lower()}-en.pdf"' in answer["Content-Disposition"]


def test_a_quarter_in_khmer_digits_is_that_quarter(officer_client):
    program = make_program()
    make_value(program, 3)
    address = reverse("reports:report", args=["brief"])

    pages = [officer_client.get(address, about(program, period)) for period in (QUARTER, "២០២៤-Q3")]

    assert all("1 of 1 indicators have a value" in page.content.decode() for page in pages)


def test_what_stands_above_printed_pages_has_room_on_one_line(officer_client):
    program = make_program(title_en="Lakes and rivers " * 14)

    page = officer_client.get(reverse("reports:report", args=["quarterly"]), {"program": program.slug}).content.decode()

    head = page.partition('<p class="report-running-head" hidden>')[2].partition("</p>")[0]
    assert head.startswith("Quarterly report on Lakes")
    assert len(head) <= 110
