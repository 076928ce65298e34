"""The IATI file of a program: valid by the schema, only signed real values, in the languages that are there."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import etree

from programs.models import ProgramBudget, ProgramPartner, ProgramSector, Support
from tests.factories import make_organisation, make_program, make_workshop
from tests.indicator_factories import make_indicator, make_observation, make_program_indicator, make_target
from tests.register_factories import make_enterprise
from tests.standards_factories import add_values, iati_schema, make_province, make_reporting_program

pytestmark = pytest.mark.django_db

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
REQUIRED = {
    "iati-identifier": "iati-identifier",
    "reporting-org": "reporting-org",
    "title": "title",
    "description": "description",
    "participating-org": "participating-org",
    "activity-status": "activity-status",
    "activity-date": "activity-date",
    "narrative of the title": "title/narrative",
    "narrative of the description": "description/narrative",
    "title of a result": "result/title",
    "title of an indicator": "result/indicator/title",
    "indicator of a result": "result/indicator",
    "start of a period": "result/indicator/period/period-start",
    "end of a period": "result/indicator/period/period-end",
    "start of a budget": "budget/period-start",
    "end of a budget": "budget/period-end",
    "value of a budget": "budget/value",
}
ATTRIBUTES = {
    "version": (".", "version"),
    "ref of who reports": ("iati-activity/reporting-org", "ref"),
    "type of who reports": ("iati-activity/reporting-org", "type"),
    "role": ("iati-activity/participating-org", "role"),
    "status": ("iati-activity/activity-status", "code"),
    "kind of day": ("iati-activity/activity-date", "type"),
    "day": ("iati-activity/activity-date", "iso-date"),
    "sector": ("iati-activity/sector", "code"),
    "kind of result": ("iati-activity/result", "type"),
    "measure": ("iati-activity/result/indicator", "measure"),
}


def file_of(client, program):
    """Return the root of the program's file."""
    response = client.get(reverse("standards:iati", args=[program.slug]))
    assert response.status_code == 200, response.content.decode()
    return etree.fromstring(response.content)


def texts(element):
    """Return the narratives below an element by language."""
    return {narrative.get(LANG): narrative.text for narrative in element.iterfind("narrative")}


def result_of(root, code_or_title):
    return next(each for each in root.iter("result") if code_or_title in texts(each.find("title")).values())


@pytest.fixture
def program(db):
    return make_reporting_program()


@pytest.fixture
def values(program):
    return add_values(program)


def test_file_is_valid_by_the_schema_of_iati(officer_client, program, values):
    schema = iati_schema()

    root = file_of(officer_client, program)

    assert schema.validate(root), schema.error_log
    assert root.get("version") == "2.03"


@pytest.mark.parametrize("name", REQUIRED)
def test_file_without_a_required_element_is_not_valid(officer_client, program, values, name):
    schema = iati_schema()
    root = file_of(officer_client, program)

    for element in root.findall(f"iati-activity/{REQUIRED[name]}"):
        element.getparent().remove(element)

    assert not schema.validate(root)


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_file_without_a_required_attribute_is_not_valid(officer_client, program, values, name):
    schema = iati_schema()
    root = file_of(officer_client, program)
    path, attribute = ATTRIBUTES[name]

    for element in root.findall(path):
        del element.attrib[attribute]

    assert not schema.validate(root)


def test_program_is_told_with_its_codes_and_in_both_languages(officer_client, program):
    root = file_of(officer_client, program)
    activity = root.find("iati-activity")

    assert activity.get("default-currency") == "AUD"
    assert activity.findtext("iati-identifier") == "XX-TEST-1"
    reporter = activity.find("reporting-org")
    assert (reporter.get("ref"), reporter.get("type"), texts(reporter)) == ("XX-TEST", "10", {"en": "Funder"})
    assert texts(activity.find("title")) == {"en": "Local inputs", "km": "ធាតុចូលក្នុងស្រុក"}
    roles = [(each.get("role"), each.get("ref"), texts(each)) for each in activity.iter("participating-org")]
    assert roles == [("1", "XX-TEST", {"en": "Funder"}), ("2", "XX-OTHER", {"en": "Leader", "km": "អ្នកដឹកនាំ"})]
    assert activity.find("activity-status").get("code") == "2"
    days = [(each.get("type"), each.get("iso-date")) for each in activity.iter("activity-date")]
    assert days == [("2", "2024-01-01"), ("3", "2024-12-31")]
    assert activity.find("recipient-country").get("code") == "KH"
    assert dict(activity.find("sector").attrib) == {"vocabulary": "1", "code": "32110", "percentage": "100"}
    money = activity.find("budget/value")
    assert (money.text, dict(money.attrib)) == ("87000.5", {"currency": "AUD", "value-date": "2024-01-01"})


def test_places_are_those_of_workshops_and_values(officer_client, program):
    make_workshop(program=program, province=None)
    place = make_province("17", "KH-17", "Siem Reap")
    report = make_program_indicator(program=program)
    make_observation(5, program=program, indicator=report.indicator, province=place, status="verified")

    root = file_of(officer_client, program)

    assert [each.get("ref") for each in root.iter("location")] == ["KH-12", "KH-17"]
    assert [texts(each.find("name"))["en"] for each in root.iter("location")] == ["Phnom Penh", "Siem Reap"]
    assert not list(root.iter("point"))


def test_result_has_level_baseline_targets_values_and_parts(officer_client, program, values):
    result = result_of(file_of(officer_client, program), values["counted"].title_en)
    indicator = result.find("indicator")

    assert (result.get("type"), result.get("aggregation-status")) == ("1", "1")
    assert (indicator.get("measure"), indicator.get("ascending")) == ("1", "1")
    assert indicator.find("baseline").get("value") == "0"
    periods = {
        (each.find("period-start").get("iso-date"), each.find("period-end").get("iso-date")): each
        for each in indicator.iter("period")
    }
    assert periods["2024-01-01", "2024-12-31"].find("target").get("value") == "2000.25"
    assert periods["2024-01-01", "2024-09-30"].find("target").get("value") == "1000"
    quarter = periods["2024-07-01", "2024-09-30"]
    assert quarter.find("actual").get("value") == "1234.5"
    assert "accepted by the embassy" in texts(quarter.find("actual/comment"))["en"]


def test_small_parts_are_withheld_from_everybody(staff_client, program, values):
    result = result_of(file_of(staff_client, program), values["counted"].title_en)
    parts = {
        (each.find("dimension").get("name"), each.find("dimension").get("value")): each.get("value")
        for each in result.iter("actual")
        if each.find("dimension") is not None
    }

    assert parts[("sex", "f")] == "1012"
    assert parts[("sex", "unknown")] is None
    assert parts[("sex", "m")] is None
    assert parts[("age", "18-35")] is None
    assert parts[("age", "60+")] == "1227.5"
    withheld = [each for each in result.iter("actual") if each.get("value") is None]
    assert all("Withheld" in texts(each.find("comment"))["en"] for each in withheld)


def test_percentages_and_directions_are_told(officer_client, program, values):
    root = file_of(officer_client, program)

    ratio = result_of(root, values["ratio"].title_en)
    assert (ratio.get("type"), ratio.get("aggregation-status")) == ("2", "0")
    assert ratio.find("indicator").get("measure") == "2"
    assert ratio.find("indicator/period/actual").get("value") == "33.333333"
    assert result_of(root, values["not applicable"].title_en).find("indicator").get("ascending") == "0"


@pytest.mark.parametrize(("kind", "words"), [("missing", "Not available."), ("not applicable", "Does not apply.")])
def test_value_that_is_not_there_says_why(officer_client, program, values, kind, words):
    actual = result_of(file_of(officer_client, program), values[kind].title_en).find("indicator/period/actual")

    assert actual.get("value") is None
    assert texts(actual.find("comment"))["en"].startswith(words)


@pytest.mark.parametrize("status", ["draft", "submitted"])
def test_value_without_the_signature_of_the_ministry_stays_here(officer_client, program, status):
    indicator = make_program_indicator(program=program).indicator
    make_observation(7, program=program, indicator=indicator, status=status)

    assert result_of(file_of(officer_client, program), indicator.title_en).find("indicator/period") is None


def test_newest_signed_version_stays_while_a_correction_waits(officer_client, program):
    indicator = make_program_indicator(program=program).indicator
    make_observation(7, program=program, indicator=indicator, status="verified")
    make_observation(9, program=program, indicator=indicator, status="submitted", number=2, why="Wrong", is_shown=False)

    actual = result_of(file_of(officer_client, program), indicator.title_en).find("indicator/period/actual")

    assert actual.get("value") == "7"


def test_invented_rows_never_go_out(officer_client, program):
    demo = make_indicator(is_demo=True)
    real = make_indicator()
    for indicator in (demo, real):
        make_program_indicator(program=program, indicator=indicator)
        make_observation(7, program=program, indicator=indicator, status="accepted", is_demo=True)
    ProgramPartner.objects.create(
        program=program, organisation=make_organisation(name_en="Invented"), role="partner", is_demo=True
    )
    ProgramSector.objects.create(program=program, code="11110", is_demo=True)
    ProgramBudget.objects.create(program=program, currency="USD", budget=3, is_demo=True)

    content = etree.tostring(file_of(officer_client, program), encoding="unicode")

    assert demo.title_en not in content
    assert "Invented" not in content
    assert "11110" not in content
    assert 'currency="USD"' not in content
    assert "<actual" not in content


def test_demonstration_program_has_no_file(officer_client):
    program = make_reporting_program(is_demo=True)

    response = officer_client.get(reverse("standards:iati", args=[program.slug]))

    assert response.status_code == 404
    assert "Nothing of it leaves the portal" in response.content.decode()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"iati_identifier": ""}, "no IATI identifier"),
        ({"iati_identifier": "XX-ELSEWHERE-1"}, "begins with that of no partner"),
        ({"iati_identifier": "XX-TEST-1/2"}, "holds a space or one of the signs"),
        ({"summary_en": "", "summary_km": ""}, "no summary"),
        ({"starts_on": None}, "first day"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_incomplete_file_is_not_sent_and_the_page_says_why(staff_client, fields, words):
    program = make_reporting_program(**fields)

    response = staff_client.get(reverse("standards:iati", args=[program.slug]))
    page = staff_client.get(reverse("standards:program", args=[program.slug]))

    assert (response.status_code, page.status_code) == (422, 200)
    for answer in (response, page):
        assert words in answer.content.decode()
    assert reverse("programs:edit", args=[program.slug]) in page.content.decode()


def test_no_partner_with_an_identifier_is_said_with_who_types_it_in(client_for, program):
    ProgramPartner.objects.all().delete()
    organisation = make_organisation(name_en="Nameless")
    ProgramPartner.objects.create(program=program, organisation=organisation, role="lead")

    pages = {
        role: client_for(role).get(reverse("standards:program", args=[program.slug])).content.decode()
        for role in ("officer", "admin")
    }

    assert all("No partner organization has an IATI identifier" in page for page in pages.values())
    change = reverse("admin:capred_portal_organisation_change", args=[organisation.pk])
    assert change in pages["admin"]
    assert change not in pages["officer"]


def test_program_without_partners_is_not_sent(officer_client, program):
    ProgramPartner.objects.all().delete()

    response = officer_client.get(reverse("standards:iati", args=[program.slug]))

    assert response.status_code == 422
    assert "No partner organization is named" in response.content.decode()


def test_page_lists_what_a_complete_file_would_have(staff_client):
    program = make_reporting_program(ends_on=None, title_km="", summary_km="")
    ProgramSector.objects.update(share_pct=40)
    adviser = make_organisation(name_en="Adviser")
    ProgramPartner.objects.create(program=program, organisation=adviser, role="adviser")
    partner = make_organisation(name_en="Partner without a number")
    ProgramPartner.objects.create(program=program, organisation=partner, role="partner")
    make_program_indicator(program=program)

    page = " ".join(staff_client.get(reverse("standards:program", args=[program.slug])).content.decode().split())

    for words in (
        "The title is missing in Khmer.",
        "The summary is missing in Khmer.",
        "come to 40 %, not 100 %",
        "The last day of the program is not stated",
        "Partner without a number",
        "they are left out: Adviser",
        "1 indicator has no value that the ministry has signed.",
        "1 indicator has no approved baseline.",
        "1 indicator has no approved target.",
    ):
        assert words in page


def test_complete_program_lacks_nothing(staff_client, program):
    indicator = make_program_indicator(program=program).indicator
    make_observation(7, program=program, indicator=indicator, status="accepted")
    make_target(0, "2023-Q4", kind="baseline", indicator=indicator, program=program)
    make_target(9, "2024-Q4", indicator=indicator, program=program)

    assert "Nothing is missing." in staff_client.get(reverse("standards:program", args=[program.slug])).content.decode()


def test_budget_of_several_years_is_said_on_the_page(staff_client):
    program = make_reporting_program(ends_on=datetime.date(2027, 12, 31))

    page = staff_client.get(reverse("standards:program", args=[program.slug])).content.decode()

    assert "budgets of one year at most" in page


def test_text_in_one_language_has_no_fallback_in_the_other(officer_client):
    program = make_reporting_program(title_en="", summary_en="")

    activity = file_of(officer_client, program).find("iati-activity")

    assert list(texts(activity.find("title"))) == ["km"]
    assert list(texts(activity.find("description"))) == ["km"]


def test_signs_that_xml_cannot_hold_are_left_out(officer_client, program):
    program.__class__.objects.filter(pk=program.pk).update(summary_en="One\x0b<two> & three")

    activity = file_of(officer_client, program).find("iati-activity")

    assert texts(activity.find("description"))["en"] == "One<two> & three"


def test_queries_do_not_grow_with_indicators_and_values(officer_client, program, values):
    url = reverse("standards:iati", args=[program.slug])
    officer_client.get(url)
    with CaptureQueriesContext(connection) as few:
        officer_client.get(url)
    for number in range(8):
        indicator = make_program_indicator(program=program, indicator=make_indicator(breakdowns=["sex"])).indicator
        make_observation(
            50 + number, program=program, indicator=indicator, status="verified", parts={"sex": {"f": "9"}}
        )
    with CaptureQueriesContext(connection) as many:
        officer_client.get(url)

    assert len(many) == len(few)
    assert len(many) <= 15


def test_organisations_and_firms_that_are_invented_stay_here(officer_client, program):
    invented = make_organisation(name_en="Invented partner", iati_identifier="XX-TEST-1-9", is_demo=True)
    ProgramPartner.objects.create(program=program, organisation=invented, role="partner")
    for code, name, is_demo in (("21", "Takeo", True), ("03", "Kampong Cham", False)):
        firm = make_enterprise(province=make_province(code, f"KH-{code}", name), is_demo=is_demo)
        Support.objects.create(program=program, enterprise=firm, kind="advice", starts_on=datetime.date(2024, 8, 1))

    told = etree.tostring(file_of(officer_client, program), encoding="unicode")

    assert [name in told for name in ("Kampong Cham", "Takeo", "Invented partner")] == [True, False, False]


@pytest.mark.parametrize("name", ["iati", "program"])
def test_unknown_or_archived_program_is_not_found(staff_client, name):
    assert staff_client.get(reverse(f"standards:{name}", args=["nothing"])).status_code == 404


def test_who_is_not_signed_in_gets_no_file(client):
    for name in ("iati", "program"):
        assert client.get(reverse(f"standards:{name}", args=[make_program().slug])).status_code == 302


def test_invented_points_of_the_path_stay_here(officer_client, program):
    indicator = make_program_indicator(program=program).indicator
    for kind, period in (("baseline", "2023-Q4"), ("milestone", "2024-Q3"), ("target", "2024-Q4")):
        make_target(9, period, kind=kind, indicator=indicator, program=program, is_demo=True)

    result = result_of(file_of(officer_client, program), indicator.title_en)

    assert not [*result.iter("baseline"), *result.iter("period")]
