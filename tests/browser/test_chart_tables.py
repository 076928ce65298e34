"""Long tables of charts in Chromium: fetched when their toggle is opened, after a broken line, without scripts."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.table_factories import make_table

PAGE = "/backward-linkages/"
GAP = "#numbers-gap"


@pytest.fixture(autouse=True)
def long_tables(monkeypatch):
    """Let tables of three sectors count as long."""
    monkeypatch.setattr("capred_portal.plotting.MOST_CELLS", 2)
    make_table()


@pytest.fixture
def asked():
    return []


def open_page(page_for, asked, **options):
    """Open the page of linkages and note which tables are asked for."""
    page = page_for("staff", **options)
    page.on("request", lambda request: asked.append(request.url) if "numbers=" in request.url else None)
    page.goto(PAGE)
    return page


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_a_table_comes_once_when_its_toggle_is_opened(page_for, asked, width, scheme):
    page = open_page(page_for, asked, width=width, scheme=scheme)
    toggle = page.locator(f"{GAP} > summary")

    toggle.click()
    page.locator(f"{GAP} table").wait_for()
    toggle.click()
    toggle.click()

    assert page.locator(f"{GAP} table").get_by_role("rowheader", name="Manufacturing").is_visible()
    assert [url.rpartition("numbers=")[2] for url in asked] == ["gap"]
    assert page.url.endswith(PAGE)
    found = Axe().run(page).response["violations"]
    assert not [(rule["id"], rule["nodes"][0]["html"]) for rule in found]
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_toggle_opens_by_keyboard_and_keeps_the_focus(page_for, asked):
    page = open_page(page_for, asked)

    page.locator(f"{GAP} > summary").focus()
    page.keyboard.press("Enter")
    page.locator(f"{GAP} table").wait_for()

    assert page.evaluate("document.activeElement.localName") == "summary"


def test_after_a_broken_line_the_link_in_its_place_fetches_the_table(page_for, asked, console):
    page = open_page(page_for, asked)
    page.route("**/*numbers=*", lambda route: route.abort())
    page.locator(f"{GAP} > summary").click()
    page.wait_for_function(
        "() => performance.getEntriesByType('resource').some((each) => each.name.includes('numbers='))"
    )
    page.unroute("**/*numbers=*")

    page.locator(f"{GAP} a").click()
    page.locator(f"{GAP} table").wait_for()

    assert page.url.endswith(PAGE)
    assert console
    console.clear()  # that the line was broken


def test_without_scripts_the_link_leads_to_the_page_with_the_table(page_for, asked):
    page = open_page(page_for, asked, java_script_enabled=False)

    page.locator(f"{GAP} > summary").click()
    page.locator(f"{GAP} a").click()

    page.wait_for_url(f"**numbers=gap{GAP}")
    assert page.locator(f"{GAP} table").get_by_role("rowheader", name="Manufacturing").is_visible()
