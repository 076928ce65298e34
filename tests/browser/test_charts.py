"""Charts in Chromium: drawn in both schemes under the strict policy, silent, beside a table that works alone."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.urls("tests.browser.chart_page")

DRAWN = ".plot[data-drawn]"
TEXT_COLOR = "getComputedStyle(document.querySelector('.plot .xtick text')).fill"


def test_a_chart_is_drawn_in_both_schemes_and_says_nothing_to_the_console(page_for):
    page = page_for("staff")

    page.goto("/charts/")
    page.locator(DRAWN).wait_for()
    light = page.evaluate(TEXT_COLOR)
    page.emulate_media(color_scheme="dark")
    page.locator(".plot[data-drawn=dark]").wait_for()

    assert page.evaluate(TEXT_COLOR) != light
    texts = page.locator(".plot .xtick text, .plot .ytick text, .plot .textpoint text").all_text_contents()
    assert {"Phnom Penh", "14", "2.6", "–"} <= set(texts)
    assert page.locator(".plot .modebar-btn").count() == 0


def test_plotly_is_asked_for_only_when_a_chart_comes_near(page_for):
    page = page_for("staff")
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto("/workshops/")
    page.goto("/charts/")
    page.locator(DRAWN).wait_for()

    assert len([url for url in asked if "plotly" in url]) == 1
    assert len([url for url in asked if "charts.js" in url]) == 1


def test_a_cell_leads_to_its_rows(page_for):
    page = page_for("staff")
    page.goto("/charts/")
    page.locator(DRAWN).wait_for()

    page.locator(".plot .textpoint", has_text="2.6").click(force=True)

    page.wait_for_url("**/workshops/")


def test_the_table_stands_in_for_a_chart_that_cannot_be_loaded(page_for, console):
    page = page_for("staff")
    page.route("**/plotly.min.js", lambda route: route.abort())

    page.goto("/charts/")
    page.locator(".plot-missing").wait_for()
    page.get_by_text("Show as a table").first.click()

    assert page.get_by_role("rowheader", name="Svay Rieng").first.is_visible()
    console.clear()  # that the script was refused


def test_a_page_without_javascript_has_the_numbers(page_for):
    page = page_for("staff", java_script_enabled=False)

    page.goto("/charts/")
    page.get_by_text("Show as a table").first.click()

    assert page.get_by_role("rowheader", name="Svay Rieng").first.is_visible()
    assert not page.locator(".plot").is_visible()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_pictures_are_accessible(page_for, width, scheme):
    page = page_for("staff", width=width, scheme=scheme)

    page.goto("/charts/")
    page.locator(DRAWN).wait_for()
    page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")

    found = Axe().run(page).response["violations"]
    assert not [(rule["id"], rule["nodes"][0]["html"]) for rule in found]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
