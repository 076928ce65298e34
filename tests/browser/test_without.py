"""Without a mouse, without scripts, at twice the size: the same work can be done."""

import pytest

from capred_portal.comments import add_comment
from programs.models import Attendance, Outcome, Workshop
from tests.factories import (
    make_action,
    make_attendance,
    make_organisation,
    make_outcome,
    make_program,
    make_user,
    make_workshop,
)
from tests.routes import examples, make_sample

MOST_TABS = 80
FOCUS = """() => {
    const style = getComputedStyle(document.activeElement);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 || style.boxShadow !== "none";
}"""


# Keyboard


def tab_to(page, selector):
    """Press Tab until the element has the focus, and see that it shows."""
    for _step in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            assert page.evaluate(FOCUS), f"the focus on {selector} cannot be seen"
            return
    raise AssertionError(f"{selector} cannot be reached")


def test_keyboard_skips_to_the_content(page_for):
    page = page_for("officer")
    page.goto("/workshops/")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "content"


def test_keyboard_logs_a_workshop(page_for):
    make_organisation(name_en="MISTI")
    page = page_for()
    page.goto("/")

    tab_to(page, "#site-nav a[href='/workshops/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/workshops/")
    tab_to(page, "main a[href='/workshops/new/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/workshops/new/")
    for field, text in (("title", "By keyboard"), ("date", "2024-08-14"), ("host", "MISTI")):
        tab_to(page, f"[name={field}]")
        page.keyboard.type(text)
    tab_to(page, "#record-form button[type=submit]")
    page.keyboard.press("Enter")

    page.get_by_role("heading", name="By keyboard").wait_for()
    assert Workshop.objects.get().title_en == "By keyboard"


def test_keyboard_filters_a_list(page_for):
    wanted, other = make_workshop(title_en="Rubber"), make_workshop(title_en="Rice")
    page = page_for("officer")
    page.goto("/workshops/")

    tab_to(page, "[name=q]")
    page.keyboard.type("rubber")

    page.get_by_role("link", name=other.title_en).wait_for(state="detached")
    assert page.get_by_role("link", name=wanted.title_en).is_visible()
    assert "q=rubber" in page.url
    page.go_back()
    page.get_by_role("link", name=other.title_en).wait_for()


def test_keyboard_opens_the_menu_of_a_phone(page_for):
    page = page_for("officer", width=390)
    page.goto("/")

    tab_to(page, ".menu-button")
    page.keyboard.press("Enter")
    tab_to(page, "#site-nav a[href='/outcomes/']")
    page.keyboard.press("Enter")

    page.wait_for_url("**/outcomes/")


def test_keyboard_answers_a_refused_form(page_for, console):
    """The summary of what is wrong has the focus, and leads to the field."""
    page = page_for()
    page.goto("/workshops/new/")

    tab_to(page, "#record-form button[type=submit]")
    page.keyboard.press("Enter")
    page.locator("#form-errors").wait_for()
    page.wait_for_load_state()  # the scripts have run
    console.clear()  # Chromium's own note that the form was refused
    assert page.evaluate("document.activeElement.id") == "form-errors"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.name") == "title"
    describing = page.locator("[name=title]").get_attribute("aria-describedby").split()
    assert "This field is required." in " ".join(page.locator(f"#{each}").inner_text() for each in describing)


# No scripts


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("noun", ["workshops", "outcomes", "actions", "programs", "people", "questions"])
def test_filters_work_without_scripts(noun, width, page_for):
    workshop = make_workshop(program=make_program())
    make_action(outcome=make_outcome(workshop=workshop))
    make_attendance(workshop=workshop)
    add_comment(record=workshop, text="Who pays?", by=make_user("officer"), kind="question")
    page = page_for(width=width, java_script_enabled=False)
    page.goto(f"/{noun}/")
    rows = page.locator("#rows tbody tr, #rows .board-card, #rows .comment")
    assert rows.count() == 1

    if width == 390:
        page.locator(".filters-button").click()
    page.locator("#filters [name=q]").fill("no record has this text")
    page.locator("#filters").get_by_role("button", name="Filter").click()

    page.wait_for_url("**q=no+record*")
    assert page.locator("#filters [name=q]").input_value() == "no record has this text"
    assert page.locator("#rows .empty").is_visible()
    assert rows.count() == 0


def test_forms_work_without_scripts(page_for):
    workshop = make_workshop()
    page = page_for(java_script_enabled=False)

    page.goto(f"/workshops/{workshop.pk}/outcomes/new/")
    page.locator("[name=kind]").select_option("finding")
    page.locator("[name=text_en]").fill("No script was needed.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator(".comment-form [name=text]").fill("Nor here.")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_text("Nor here.").wait_for()
    page.goto(f"/workshops/{workshop.pk}/attendance/")
    page.locator("[name=row-0-name_en]").fill("Sok Dara")
    page.get_by_role("button", name="Save these rows").click()

    page.get_by_role("heading", name="1 person on the list").wait_for()
    assert Outcome.objects.get().text_en == "No script was needed."
    assert Attendance.objects.get().person.name_en == "Sok Dara"
    workshop.refresh_from_db()
    assert workshop.thread.comments.get().text == "Nor here."


def test_why_is_a_page_without_scripts(page_for):
    make_outcome()
    page = page_for("officer", java_script_enabled=False)
    page.goto("/")

    page.get_by_role("link", name="Why this number?").first.click()

    page.wait_for_url("**/figures/**")
    page.get_by_role("link", name="Show the rows").click()
    page.locator("#rows").wait_for()


# Twice the size


def test_nothing_is_lost_at_twice_the_size(page_for):
    """Zoomed to 200 %, a window of 1280 pixels has 640: every link and button of the page is still there."""
    names = {"overview", "workshops:list", "workshops:detail", "workshops:edit", "actions:list", "strategy:coverage"}
    pages = [example for example in examples(make_sample()) if example.name in names]
    page = page_for()
    lost = []

    for example in pages:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(example.url)
        usual = controls(page)
        page.set_viewport_size({"width": 640, "height": 450})
        lost += [f"{example.url}: {name}" for name in usual - controls(page)]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            lost.append(f"{example.url} is too wide")

    assert len(pages) >= len(names)
    assert not lost


def controls(page):
    """Return the names of links, buttons and fields in the page's content, filters in their sheet left out."""
    seen = page.locator("main").evaluate(
        """(main) => [...main.querySelectorAll("a, button, input, select, textarea, summary")]
            .filter((each) => each.checkVisibility({visibilityProperty: true}) && !each.closest(".filters"))
            .filter((each) => !each.matches(".filters-button"))
            .map((each) => each.name || each.textContent.trim())"""
    )
    assert seen
    return set(seen)
