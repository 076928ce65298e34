"""Before a session ends the page says so; what was typed stays, whatever the person does."""

import time
from importlib import import_module

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings

from capred_portal.middleware import SEEN
from capred_portal.models import Load
from tests.factories import PASSWORD, make_organisation, make_user

TITLE = "Typed with care, ដោយយកចិត្តទុកដាក់"
MINUTE = 60


@pytest.fixture
def form(page_for, request):
    """The form of a new workshop in a browser whose clock the test moves, half filled in."""
    make_organisation(name_en="MISTI")
    language = getattr(request, "param", "en")
    page = page_for(user=make_user("staff", username="pisey", language=language), language=language)
    page.clock.install()
    page.goto("/workshops/new/")
    page.locator("[name=title]").press_sequentially(TITLE)
    return page


def session_in(page):
    """Return the session of a page as the server keeps it."""
    (cookie,) = (each for each in page.context.cookies() if each["name"] == settings.SESSION_COOKIE_NAME)
    return import_module(settings.SESSION_ENGINE).SessionStore(cookie["value"])


def let_pass(page, minutes, *, alive_elsewhere=False):
    """Let minutes pass here and on the server, perhaps while the person works in another tab."""
    session = session_in(page)
    session[SEEN] = int(time.time()) - (0 if alive_elsewhere else minutes * MINUTE)
    session.save()
    page.clock.run_for(minutes * MINUTE * 1000)


def heard(page):
    """Wait until the page has done what the last answer says: what it asks for next is there."""
    page.evaluate("fetch(document.querySelector('link[rel=icon]').href).then((icon) => icon.text())")


def typed(page):
    return page.locator("[name=title]").input_value()


def dialog_of(page):
    return page.locator("#session-dialog")


@pytest.mark.parametrize("form", ["en", "km"], indirect=True)
def test_warning_comes_in_time_and_one_click_stays(form):
    let_pass(form, 56)

    dialog_of(form).wait_for()
    stay = form.locator("[data-stay] button")
    focused = stay.evaluate("(button) => button === document.activeElement")
    problems = [each["id"] for each in Axe().run(form).response["violations"]]
    stay.click()
    dialog_of(form).wait_for(state="hidden")

    assert focused
    assert not problems
    assert time.time() - session_in(form)[SEEN] < MINUTE
    assert typed(form) == TITLE
    let_pass(form, 50)
    assert dialog_of(form).is_hidden()


def test_nobody_is_warned_who_works_in_another_tab(form):
    with form.expect_response("**/accounts/stay/"):
        let_pass(form, 56, alive_elsewhere=True)

    heard(form)
    assert dialog_of(form).is_hidden()
    let_pass(form, 60)
    dialog_of(form).wait_for()


@pytest.mark.parametrize("form", ["en", "km"], indirect=True)
def test_after_the_end_signing_in_brings_back_what_was_typed(form):
    let_pass(form, 56)
    dialog_of(form).wait_for()
    let_pass(form, 61)

    form.locator("a[data-when=over]").click()
    form.locator("[name=username]").fill("pisey")
    form.locator("[name=password]").fill(PASSWORD)
    form.locator("[name=password]").press("Enter")

    form.locator("#record-form").wait_for()
    form.wait_for_load_state()  # the scripts have run
    assert form.url.endswith("/workshops/new/")
    assert typed(form) == TITLE


def test_form_sent_after_the_end_comes_back_filled_in(form):
    session = session_in(form)
    session[SEEN] = int(time.time()) - 61 * MINUTE
    session.save()

    form.get_by_role("button", name="Save", exact=True).click()
    form.get_by_text("You were signed out because nothing came from you for a while.").wait_for()
    form.locator("[name=username]").fill("pisey")
    form.locator("[name=password]").fill(PASSWORD)
    form.locator("[name=password]").press("Enter")

    form.locator("#record-form").wait_for()
    form.wait_for_load_state()  # the scripts have run
    assert typed(form) == TITLE


def test_signing_out_in_the_warning_leaves_nothing_behind(form):
    let_pass(form, 56)
    dialog_of(form).wait_for()

    form.locator("#session-dialog form[action='/accounts/logout/'] button").click()

    form.wait_for_url("**/accounts/login/")
    assert form.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:')).length") == 0


def test_last_hours_cannot_be_prolonged(form):
    session = session_in(form)
    session.set_expiry(10 * MINUTE)
    session.save()
    form.reload()
    session = session_in(form)
    session.set_expiry(3 * MINUTE)
    session.save()
    form.clock.run_for(6 * MINUTE * 1000)  # the page asks after five
    dialog_of(form).wait_for()

    form.locator("[data-stay] button").click()

    form.locator("[data-close]").click()
    assert dialog_of(form).is_hidden()


def test_outage_is_not_taken_for_the_end(form, console):
    form.route("**/accounts/stay/", lambda route: route.fulfill(status=503))
    let_pass(form, 56)

    dialog_of(form).get_by_role("heading", name="Are you still there?").wait_for()
    with (
        form.expect_response(lambda each: each.request.method == "POST"),
        form.expect_response(lambda each: each.request.method == "GET"),
    ):
        form.locator("[data-stay] button").click()
    heard(form)
    still_asked = dialog_of(form).get_by_role("heading", name="Are you still there?").is_visible()
    form.unroute_all()
    console.clear()  # Chromium's own notes on the statuses
    let_pass(form, 1, alive_elsewhere=True)

    dialog_of(form).wait_for(state="hidden")
    assert still_asked
    assert typed(form) == TITLE


def test_signing_out_in_the_warning_of_the_administration_forgets_drafts_too(page_for):
    page = page_for("admin")
    page.clock.install()
    page.goto("/admin/")
    page.evaluate("localStorage.setItem('draft:1:/workshops/new/', '{}')")
    let_pass(page, 56)
    dialog_of(page).wait_for()

    says_that_drafts_stay = dialog_of(page).get_by_text("What you typed stays").count()
    page.locator("#session-dialog form[action='/accounts/logout/'] button").click()

    page.wait_for_url("**/accounts/login/")
    assert not says_that_drafts_stay
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:')).length") == 0


def test_page_that_follows_a_load_keeps_nobody_in(page_for):
    user = make_user("staff")
    load = Load.objects.create(kind="enterprises", file_name="firms.csv", created_by=user)
    page = page_for(user=user)
    page.goto(load.get_absolute_url())
    session = session_in(page)
    session[SEEN] = asked_last = int(time.time()) - 30 * MINUTE
    session.save()

    with page.expect_response(f"**{load.get_absolute_url()}") as answer:
        pass

    assert answer.value.ok
    assert "x-csrftoken" in answer.value.request.headers, "beside the header of this part stands that of the page"
    assert session_in(page)[SEEN] == asked_last
