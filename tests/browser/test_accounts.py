"""Signing in with a code for the first time and afterwards, as people do it; every page of it under axe."""

from base64 import b32decode

import pytest
from axe_playwright_python.sync_playwright import Axe

from capred_portal import one_time_codes
from tests.codes import app_shows, with_codes
from tests.factories import PASSWORD, make_user

LANGUAGES = pytest.mark.parametrize("language", ["en", "km"])


@pytest.fixture(autouse=True)
def _required(settings):
    settings.ONE_TIME_CODES = True


def sign_in(page, user):
    page.goto("/accounts/login/")
    page.locator("[name=username]").fill(user.username)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.locator("[name=code]").wait_for()


def problems_of(page):
    """Return what axe finds, wide and narrow, and whether the narrow page is too wide."""
    found = []
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        found += [each["id"] for each in Axe().run(page).response["violations"]]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append(f"too wide at {width}")
    return found


@LANGUAGES
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_first_sign_in_sets_an_app_up(page_for, language, scripts):
    user = make_user("verifier", language=language)
    page = page_for("anonymous", language=language, java_script_enabled=scripts)
    sign_in(page, user)
    problems = problems_of(page) if scripts else []

    key = b32decode(page.locator("code.key").inner_text().replace(" ", "")).hex()
    page.locator("[name=code]").fill(app_shows(key=key))
    page.locator("[name=code]").press("Enter")
    page.locator(".recovery-codes").wait_for()
    problems += problems_of(page) if scripts else []
    shown = page.locator(".recovery-codes code").all_inner_texts()
    page.locator("main a.button.primary").click()

    page.locator("form[action='/accounts/logout/']").first.wait_for(state="attached")
    assert shown == one_time_codes.recovery_codes(user)
    assert not problems


@LANGUAGES
def test_code_and_account(page_for, language):
    user = with_codes(make_user("officer", language=language))
    page = page_for("anonymous", language=language)
    sign_in(page, user)
    problems = problems_of(page)

    page.locator("[name=code]").fill(one_time_codes.recovery_codes(user)[0])
    page.locator("[name=code]").press("Enter")
    page.locator(".message.warning").wait_for()

    for path in ("", "code/new/", "code/recovery/", "code/off/", "password/"):
        page.goto(f"/accounts/{path}")
        problems += [f"{path} {each}" for each in problems_of(page)]
    assert not problems
