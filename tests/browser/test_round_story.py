"""One reporting round, typed and clicked by four people: entered, verified, accepted, closed, signed, corrected."""

import datetime
import re
from typing import Any

import pytest
from django.utils.translation import gettext, override

from indicators.models import Observation, ReportingRound
from indicators.shown import period_text
from tests.factories import make_program, make_user
from tests.indicator_factories import make_indicator, make_program_indicator

REASONS = {"en": "Three more firms sent their lists.", "km": "សហគ្រាសបីបានផ្ញើបញ្ជីបន្ថែម។"}
TYPED = {"en": "412", "km": "៤១២"}


def last_quarter():
    """Return the code of the last quarter that is over."""
    today = datetime.datetime.now(tz=datetime.UTC).date()
    number = today.year * 4 + (today.month - 1) // 3 - 1
    return f"{number // 4}-Q{number % 4 + 1}"


@pytest.mark.parametrize("language", ["en", "km"])
def test_a_round_is_entered_signed_closed_accepted_and_corrected(language, page_for):
    program = make_program(title_en="Supplier program", title_km="កម្មវិធីអ្នកផ្គត់ផ្គង់")
    indicator = make_indicator(title_en="Firms trained", title_km="សហគ្រាសដែលបានបណ្តុះបណ្តាល", unit_km="សហគ្រាស")
    make_program_indicator(program=program, indicator=indicator)
    people = {role: make_user(role, language=language) for role in ("staff", "verifier", "officer")}

    with override(language):
        staff, verifier, officer = (page_for(language=language, user=people[role]) for role in people)
        open_round(verifier, program)
        enter_and_submit(staff, TYPED[language])
        sign(verifier, gettext("Verify"))
        sign(officer, gettext("Accept"))
        close_and_sign(verifier)
        correct_to(staff, "415", REASONS[language])
        sign(verifier, gettext("Verify"))
        see_both(officer, REASONS[language])

    reported, now = list[Any](Observation.objects.order_by("number"))
    assert (reported.value, reported.status, now.value, now.status) == (412, "accepted", 415, "verified")
    assert (reported.is_shown, now.is_shown) == (False, True)


def open_round(page, program):
    """Ask the program for the values of the last quarter."""
    page.goto("/rounds/new/")
    page.get_by_label(gettext("Program"), exact=True).select_option(program.slug)
    page.get_by_label(gettext("Period"), exact=True).select_option(last_quarter())
    page.get_by_label(gettext("Values due on")).fill("2099-01-01")
    page.locator("main form button[type=submit]").click()
    page.get_by_role("heading", name=period_text(last_quarter())).wait_for()


def enter_and_submit(page, value):
    """Type the value into the grid, leave the cell, and hand it in."""
    page.goto("/indicators/entry/")
    page.locator("input.cell").fill(value)
    page.keyboard.press("Enter")
    page.locator("td.state .tag.good").wait_for()
    page.get_by_role("button", name=gettext("Submit all drafts")).click()
    page.get_by_text(gettext("waits for a signature")).wait_for()


def sign(page, word):
    """Sign the one value that waits, from the list of what waits."""
    page.goto("/review/")
    page.get_by_role("button", name=re.compile(rf"^{word}\s*:")).click()
    page.locator("table.data").wait_for(state="detached")


def close_and_sign(page):
    """Close the round, and sign it for the ministry."""
    page.goto(ReportingRound.objects.get().get_absolute_url() + "close/")
    page.locator("main").get_by_role("button", name=gettext("Close the round")).click()
    page.get_by_role("button", name=gettext("Sign for the ministry")).click()
    page.get_by_role("button", name=gettext("Sign for the ministry")).wait_for(state="detached")


def correct_to(page, value, reason):
    """Correct the signed value with a reason, and hand the new version in."""
    page.goto(Observation.objects.get().get_absolute_url())
    page.get_by_role("link", name=gettext("Correct with a reason")).click()
    page.locator("input.cell").fill(value)
    page.locator("[name$=reason]").fill(reason)
    page.get_by_role("button", name=gettext("Save the correction")).click()
    page.get_by_role("button", name=gettext("Submit for signature")).click()
    page.get_by_role("button", name=gettext("Withdraw")).wait_for()


def see_both(page, reason):
    """Read on the round what was reported and what is known now, with the reason."""
    page.goto(ReportingRound.objects.get().get_absolute_url())
    words = gettext("reported %(before)s · now %(now)s")
    page.get_by_text(words.split("%(before)s")[0].strip()).first.wait_for()
    row = page.locator("table.data tbody tr").inner_text()
    assert "412" in row
    assert "415" in row
    assert reason in row
