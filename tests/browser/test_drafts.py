"""Nothing typed is lost: closed tabs, expired sessions, broken lines, double clicks, two people at once."""

from base64 import b32decode

import pytest
from django.conf import settings

from capred_portal import one_time_codes
from capred_portal.models import User
from programs.models import Attendance, Workshop
from tests.codes import app_shows, with_codes
from tests.factories import PASSWORD, make_organisation, make_person, make_user, make_workshop

TITLE = "Typed with care, ដោយយកចិត្តទុកដាក់"


@pytest.fixture
def new_form(page_for):
    """The form of a new workshop, filled in by somebody of the ministry."""
    page = page_for(user=make_user("staff", username="pisey"))
    page.goto("/workshops/new/")
    page.locator("[name=title]").press_sequentially(TITLE)
    page.locator("[name=date]").press_sequentially("2024-08-14")
    page.locator("[name=host]").press_sequentially("MISTI")
    return page


@pytest.fixture(autouse=True)
def _host(transactional_db):
    make_organisation(name_en="MISTI")


def save(page):
    page.get_by_role("button", name="Save", exact=True).click()


def typed(page):
    return page.locator("[name=title]").input_value()


def test_a_closed_tab_loses_nothing(new_form):
    new_form.close()
    page = new_form.context.new_page()

    page.goto("/workshops/new/")

    assert typed(page) == TITLE
    assert page.locator("#record-form time").is_visible(), "the form says that and when this was typed"


def test_a_draft_can_be_thrown_away(new_form):
    new_form.reload()

    new_form.locator("#record-form").get_by_role("button").first.click()

    new_form.locator("#record-form time").wait_for(state="detached")
    assert typed(new_form) == ""


def test_a_draft_is_for_the_eyes_of_its_user(new_form):
    cookie = {"name": settings.LANGUAGE_COOKIE_NAME, "value": "en", "url": new_form.url}
    new_form.context.clear_cookies()
    new_form.context.add_cookies([cookie])
    other = make_user("staff")

    sign_in(new_form, other)
    new_form.goto("/workshops/new/")

    assert typed(new_form) == ""


def sign_in(page, user):
    page.goto("/accounts/login/")
    page.locator("[name=username]").fill(user.username)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.locator("form[action='/accounts/logout/']").wait_for(state="attached")


def test_an_expired_session_loses_nothing(new_form):
    new_form.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)

    save(new_form)
    new_form.locator("[name=username]").fill("pisey")
    new_form.locator("[name=password]").fill(PASSWORD)
    new_form.locator("[name=password]").press("Enter")
    new_form.locator("#record-form").wait_for()
    new_form.wait_for_load_state()  # the scripts have run
    assert typed(new_form) == TITLE
    save(new_form)
    new_form.get_by_role("heading", name=TITLE).wait_for()
    new_form.wait_for_load_state()  # the scripts have run

    assert Workshop.objects.count() == 1
    new_form.goto("/workshops/new/")
    assert typed(new_form) == "", "a saved draft is gone"


def test_signing_in_anew_in_another_tab_loses_nothing(new_form, console):
    """The form holds the token of the session before, so it is refused."""
    new_form.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    sign_in(new_form.context.new_page(), User.objects.get(username="pisey"))

    save(new_form)
    new_form.get_by_role("heading", name="The page was open too long").wait_for()
    new_form.wait_for_load_state()  # the scripts have run
    console.clear()  # Chromium's own note on the status
    new_form.goto("/workshops/")
    new_form.goto("/workshops/new/")

    assert typed(new_form) == TITLE


def enter_with_recovery_code(page, user):
    page.locator("[name=username]").fill(user.username)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.locator("[name=code]").fill(one_time_codes.recovery_codes(user)[0])
    page.locator("[name=code]").press("Enter")
    page.locator(".message.warning").wait_for()
    page.wait_for_load_state()  # the scripts have run


@pytest.mark.parametrize("way", ["straight", "overview"])
def test_signing_in_with_a_recovery_code_loses_nothing(page_for, settings, way):
    settings.ONE_TIME_CODES = True
    user = with_codes(make_user("verifier"))
    page = page_for("anonymous")
    page.goto("/accounts/login/?next=/workshops/new/")
    enter_with_recovery_code(page, user)
    page.locator("[name=title]").press_sequentially(TITLE)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)

    save(page)
    page.locator("[name=username]").wait_for()
    page.wait_for_load_state()  # the scripts have run
    if way == "overview":
        page.goto("/accounts/login/")
    enter_with_recovery_code(page, user)
    if way == "overview":
        page.goto("/workshops/new/")

    page.locator("#record-form").wait_for()
    page.wait_for_load_state()  # the scripts have run
    assert typed(page) == TITLE


def test_setting_codes_up_on_the_way_back_loses_nothing(new_form, settings):
    User.objects.update(role="verifier")
    settings.ONE_TIME_CODES = True

    save(new_form)
    new_form.locator("[name=username]").fill("pisey")
    new_form.locator("[name=password]").fill(PASSWORD)
    new_form.locator("[name=password]").press("Enter")
    key = b32decode(new_form.locator("code.key").inner_text().replace(" ", "")).hex()
    new_form.locator("[name=code]").fill(app_shows(key=key))
    new_form.locator("[name=code]").press("Enter")
    new_form.locator(".recovery-codes").wait_for()
    new_form.locator("main a.button.primary").click()

    new_form.locator("#record-form").wait_for()
    new_form.wait_for_load_state()  # the scripts have run
    assert typed(new_form) == TITLE


def test_nothing_of_anybody_stays_in_the_browser_after_signing_out(page_for):
    make_person(name_en="Sok Dara")
    page = page_for()
    page.goto("/people/")
    page.locator("[name=q]").fill("Dara")
    page.wait_for_url("**/people/?*q=Dara*")

    page.locator(".account summary").click()
    page.locator("form[action='/accounts/logout/'] button").first.click()
    page.wait_for_url("**/accounts/login/")

    stored = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "Dara" not in stored
    page.go_back()
    page.locator("[name=username]").wait_for()
    assert "Sok Dara" not in page.content()


def test_signing_out_in_the_administration_forgets_drafts(new_form):
    User.objects.update(role="admin")
    sign_in(new_form, User.objects.get(username="pisey"))
    new_form.goto("/admin/")
    assert drafts_in(new_form) == 1

    new_form.locator("#logout-form button").click()

    new_form.wait_for_url("**/accounts/login/")
    assert drafts_in(new_form) == 0


def drafts_in(page):
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:')).length")


def test_a_broken_line_loses_nothing(new_form, console):
    new_form.route("**/*", lambda route: route.abort())
    save(new_form)
    new_form.wait_for_url("chrome-error://**")
    new_form.unroute_all()
    console.clear()  # that the line was broken

    new_form.goto("/workshops/new/")
    assert typed(new_form) == TITLE
    save(new_form)
    new_form.get_by_role("heading", name=TITLE).wait_for()

    assert Workshop.objects.count() == 1


def test_a_line_that_breaks_under_the_grid_says_so_and_keeps_the_rows(page_for, console):
    workshop = make_workshop()
    page = page_for()
    page.goto(f"/workshops/{workshop.pk}/attendance/")
    page.locator("[name=row-0-name_en]").press_sequentially("Sok Dara")
    page.route("**/attendance/**", lambda route: route.abort())

    page.get_by_role("button", name="Save these rows").click()

    page.locator("#line-broken").wait_for()
    assert page.locator("[name=row-0-name_en]").input_value() == "Sok Dara"
    page.unroute_all()
    console.clear()  # that the line was broken
    page.get_by_role("button", name="Save these rows").click()
    page.get_by_role("heading", name="1 person on the list").wait_for()
    assert Attendance.objects.count() == 1
    assert page.locator("#line-broken").is_hidden()


def test_rows_that_a_broken_line_held_back_wait_for_who_looks_elsewhere_first(page_for, console):
    address = f"/workshops/{make_workshop().pk}/attendance/"
    page = page_for()
    page.goto(address)
    page.locator("[name=row-0-name_en]").press_sequentially("Sok Dara")
    page.route("**/attendance/**", lambda route: route.abort())

    page.get_by_role("button", name="Save these rows").click()
    page.locator("#line-broken").wait_for()
    page.unroute_all()
    console.clear()  # that the line was broken
    page.goto("/workshops/")
    page.goto(address)

    assert page.locator("[name=row-0-name_en]").input_value() == "Sok Dara"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_double_click_saves_once(page_for, scripts):
    page = page_for(java_script_enabled=scripts)
    page.goto("/workshops/new/")
    page.locator("[name=title]").fill(TITLE)
    page.locator("[name=date]").fill("2024-08-14")
    page.locator("[name=host]").fill("MISTI")

    page.get_by_role("button", name="Save", exact=True).dblclick()

    page.get_by_role("heading", name=TITLE).wait_for()
    assert Workshop.objects.count() == 1


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_two_people_change_one_workshop(page_for, console, scripts):
    """Both changed the title, each one text of their own: the page asks about the title alone."""
    workshop = make_workshop(title_en="Before")
    page, other = page_for(java_script_enabled=scripts), page_for("verifier", java_script_enabled=scripts)
    for somebody, title, field, text in ((page, "Mine", "venue_en", "Hall"), (other, "Theirs", "summary_en", "Said")):
        somebody.goto(f"/workshops/{workshop.pk}/edit/")
        somebody.locator("[name=title_en]").fill(title)
        somebody.locator(f"[name={field}]").fill(text)
    save(other)
    other.get_by_role("heading", name="Theirs").wait_for()

    save(page)
    page.get_by_role("heading", name="Two people changed this").wait_for()
    console[:] = [line for line in console if "409" not in line]  # Chromium's own note on the status
    assert page.locator("input[type=radio]").count() == 2
    page.get_by_label("Theirs").check()
    page.get_by_role("button", name="Save what I chose").click()
    page.get_by_role("heading", name="Theirs").wait_for()

    workshop.refresh_from_db()
    assert (workshop.title_en, workshop.venue_en, workshop.summary_en) == ("Theirs", "Hall", "Said")
    assert workshop.version == 3
