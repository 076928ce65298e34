"""Signing in with the form, as somebody does who has never seen the portal."""

from urllib.parse import urlsplit

import pytest

from tests.factories import PASSWORD, make_user


@pytest.mark.parametrize("language", ["en", "km"])
def test_sign_in_leads_to_the_overview(page_for, language):
    user = make_user("officer", language=language)
    page = page_for("anonymous", language=language, width=400)

    page.goto("/accounts/login/")
    page.locator("[name=username]").fill(user.username)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")

    page.locator("form[action='/accounts/logout/']").wait_for(state="attached")
    assert urlsplit(page.url).path == "/"
    assert page.locator("html").get_attribute("lang") == language


def test_wrong_password_stays_and_says_so(page_for):
    user = make_user("staff")
    page = page_for("anonymous", scheme="dark")

    page.goto("/accounts/login/")
    page.locator("[name=username]").fill(user.username)
    page.locator("[name=password]").fill("wrong")
    page.locator("[name=password]").press("Enter")

    page.locator("[role=alert]:visible").first.wait_for()
    assert page.locator("[name=username]").input_value() == user.username
