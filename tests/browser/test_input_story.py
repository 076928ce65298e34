"""From an imported input to who could make it here, a workshop with them, and what a shift would bring."""

import re

import pytest
from django.utils.translation import gettext, override

from indicators.models import Correspondence, Scenario
from programs.models import Action, Workshop
from tests.factories import make_organisation, make_user
from tests.indicator_factories import make_source
from tests.register_factories import make_certificate, make_enterprise, make_product, make_sector
from tests.table_factories import make_table

TYPED = {
    "en": {"hs": "4819.10", "quantity": "2,000", "title": "Half of the inputs at home", "share": "50"},
    "km": {"hs": "៤៨១៩.១០", "quantity": "២០០០", "title": "ពាក់កណ្តាលនៃធាតុចូលផលិតក្នុងស្រុក", "share": "៥០"},
}


def make_firms():
    """Let one firm make cartons whose certificate has expired and whose capacity is too small, and one of its class."""
    sector = make_sector("1702", title_en="Corrugated paper", title_km="ក្រដាសរលក")
    make_table()
    Correspondence.objects.create(
        source=make_source(), hs_code="481910", isic_classes="1702", end_use="intermediate", title_en="Cartons"
    )
    firm = make_enterprise(name_en="Carton Works", name_km="រោងចក្រកេសក្រដាស", sector=sector)
    make_product(enterprise=firm, hs_code="481910", name_en="Cartons", capacity=1200, capacity_unit="t")
    make_certificate(enterprise=firm, expires_on="2020-03-12")
    make_enterprise(name_en="Paper Works", name_km="រោងចក្រក្រដាស", sector=sector)
    return firm


@pytest.mark.parametrize("language", ["en", "km"])
def test_a_gap_leads_to_a_supplier_a_workshop_an_action_and_a_scenario(language, page_for):
    firm, host = make_firms(), make_organisation(name_en="Institute of Standards", name_km="វិទ្យាស្ថានស្តង់ដារ")
    typed = TYPED[language]

    with override(language):
        page = page_for(language=language, user=make_user("staff", language=language))
        page.goto("/import-dependency/")
        tab(page, gettext("Suppliers"))
        ask_for(page, typed)
        read_the_reasons(page, firm)
        plan_a_workshop(page, firm, str(host))
        add_an_action(page, firm, typed, str(host))
        tab_to_the_desk(page)
        keep_a_scenario(page, typed, language)

    workshop, action, scenario = Workshop.objects.get(), Action.objects.get(), Scenario.objects.get()
    assert str(firm.name_km if language == "km" else firm.name_en) in workshop.summary_en + workshop.summary_km
    assert action.workshop == workshop
    assert [(each["input"], each["buyer"], float(each["share_pct"])) for each in scenario.shifts] == [("M", "M", 50)]


def tab(page, name):
    """Go to another of the pages on inputs."""
    page.locator("nav.tabs").get_by_role("link", name=name, exact=True).click()


def ask_for(page, typed):
    """Type the input and what the buyer needs."""
    page.get_by_label(gettext("HS code of the input")).fill(typed["hs"])
    page.get_by_label(gettext("Certificate needed")).select_option("iso 9001")
    page.get_by_label(gettext("Quantity needed a year")).fill(typed["quantity"])
    page.get_by_label(gettext("Its unit")).fill("t")
    page.get_by_role("button", name=gettext("Find suppliers")).click()
    page.locator("#group-lacks").wait_for()


def read_the_reasons(page, firm):
    """See why the firm nearly makes it, and the other one of its class."""
    nearly = page.locator("section[aria-labelledby=group-lacks] li")
    reason = nearly.inner_text()
    for word in (str(firm), "481910", "ISO 9001", "1,200 t", "2,000 t"):
        assert word in reason
    assert page.locator("section[aria-labelledby=group-class] li").count() == 1
    assert page.locator("section[aria-labelledby=group-makes] li").count() == 0


def plan_a_workshop(page, firm, host):
    """Choose the firm, and log a workshop that names it."""
    page.get_by_label(gettext("Choose %(firm)s") % {"firm": firm}).check()
    page.get_by_role("button", name=gettext("Plan a workshop with the chosen firms")).first.click()
    assert str(firm) in page.locator("[name=summary]").input_value()
    page.locator("[name=date]").fill("2026-09-01")
    page.locator("[name=host]").fill(host)
    save(page)
    page.get_by_role("heading", level=1, name=re.compile("481910")).wait_for()


def add_an_action(page, firm, typed, owner):
    """Go back to the firm, and add an action that hangs on the workshop."""
    page.goto(f"/suppliers/?hs={typed['hs']}")
    page.locator("li", has=page.get_by_label(gettext("Choose %(firm)s") % {"firm": firm})).get_by_role(
        "link", name=re.compile(f"^{re.escape(gettext('Add an action'))}")
    ).click()
    page.get_by_role("main").get_by_role("link", name=re.compile("481910")).click()
    assert str(firm) in page.locator("[name=text_en]").input_value() + page.locator("[name=text_km]").input_value()
    page.locator("[name=owner]").fill(owner)
    page.locator("[name=due_on]").fill("2026-10-01")
    save(page)
    page.locator("#actions").wait_for()


def tab_to_the_desk(page):
    """Go to the scenario desk by the tabs of the page of suppliers."""
    page.goto("/suppliers/")
    tab(page, gettext("Scenario desk"))


def keep_a_scenario(page, typed, language):
    """Compute a shift, keep it under a title, and see it in the list."""
    page.get_by_label(gettext("Imported input")).select_option("M")
    page.get_by_label(gettext("Bought by")).select_option("M")
    page.get_by_label(gettext("Share made at home, %")).fill(typed["share"])
    page.get_by_role("button", name=gettext("Compute"), exact=True).last.click()
    page.locator("#finding-title").wait_for()
    page.get_by_role("link", name=gettext("Keep this scenario")).click()
    page.locator(f"[name=title_{language}]").fill(typed["title"])
    save(page)
    page.get_by_role("heading", level=1, name=typed["title"]).wait_for()
    page.goto("/scenarios/kept/")
    page.get_by_role("link", name=typed["title"]).wait_for()


def save(page):
    """Save the form of a record."""
    page.locator("#record-form").get_by_role("button", name=gettext("Save"), exact=True).click()
