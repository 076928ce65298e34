"""Nothing typed is lost: closed tabs, expired sessions, broken lines, double clicks, two people at once."""

import pytest
from django.conf import settings

from programs.models import Attendance, Workshop
from tests.factories import PASSWORD, make_organisation, make_user, make_workshop

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
    assert typed(new_form) == TITLE
    save(new_form)
    new_form.get_by_role("heading", name=TITLE).wait_for()

    assert Workshop.objects.count() == 1
    new_form.goto("/workshops/new/")
    assert typed(new_form) == "", "a saved draft is gone"


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
