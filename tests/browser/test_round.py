"""A whole reporting round, clicked by three people: enter, submit, verify, close, sign, accept, correct."""

import datetime

import pytest
from django.utils.translation import gettext, override

from indicators.models import Observation, ReportingRound
from tests.indicator_factories import make_period, make_program_indicator, make_round

DUE = datetime.date(2024, 10, 20)


def press(page, action):
    """Press the one button of the form that leads to an address."""
    page.locator(f"form[action='{action}'] button").click()


def typed(page, number, form):
    """Type a number where a form asks for its value."""
    page.locator(f"{form} .entry-numbers input:not([type=hidden])").first.fill(number)


def enter_and_submit(page, item, period, number):
    """Type a value where its program enters them, and submit all drafts."""
    page.goto(f"/indicators/entry/?program={item.program.slug}&period={period.code}")
    typed(page, number, f"#row-{item.indicator_id}")
    page.keyboard.press("Enter")
    page.locator("#entry-steps button[value=all]").wait_for()
    page.locator(f"#cell-{item.indicator_id} input[name=observation]").wait_for()
    page.locator("#entry-steps button[value=all]").click()
    page.wait_for_load_state()


def verify_from_the_list(page):
    """Tick everything that waits, and verify it."""
    page.goto("/review/")
    for box in page.locator("input[name=pick]").all():
        box.check()
    page.locator("#several button[value=sign]").click()
    page.locator(".message.success").wait_for()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["en", "km"])
def test_a_round_from_the_first_value_to_its_correction(language, page_for):
    period, item = make_period(), make_program_indicator()
    report = make_round(program=item.program, period=period, due_on=DUE)
    place = report.get_absolute_url()
    staff, verifier, officer = (page_for(role, language=language) for role in ("staff", "verifier", "officer"))

    enter_and_submit(staff, item, period, "412")
    verify_from_the_list(verifier)
    verifier.goto(f"{place}close/")
    verifier.locator("main form button.primary").click()
    verifier.wait_for_url(f"**{place}")
    press(verifier, f"{place}sign/")
    officer.goto(place)
    press(officer, f"{place}accept/")
    officer.locator(".message.success").wait_for()
    assert ReportingRound.objects.get().status == "accepted"

    first = Observation.objects.get()
    staff.goto(f"{first.get_absolute_url()}correct/")
    typed(staff, "415", "main form")
    staff.locator("textarea[name$=reason]").fill("Three lists came late")
    staff.locator("main form button.primary").click()
    staff.locator(".message.success").wait_for()
    second = Observation.objects.get(number=2)
    press(staff, f"{second.get_absolute_url()}submit/")
    staff.locator(".message.success").wait_for()
    verify_from_the_list(verifier)

    officer.goto(place)
    shown = officer.locator("main").inner_text()
    with override(language):
        words = gettext("reported %(before)s · now %(now)s") % {"before": "412 firms", "now": "415 firms"}
    assert words in shown
    assert "Three lists came late" in shown
