"""Every page as every persona who may open it, in both languages and color schemes: axe, console, width, language."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from capred_portal.access import ANONYMOUS
from tests.factories import ROLES
from tests.routes import ADMIN_PAGES, examples, make_sample

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
QUICK = {"resultTypes": ["violations"], "preload": False, "iframes": False}
EVERYTHING = {"runOnly": {"type": "tag", "values": RULES}, **QUICK}
# What a color scheme or a narrow screen can change.
APPEARANCE = {"runOnly": {"type": "rule", "values": ["color-contrast", "target-size"]}, **QUICK}

# Findings in Django's own pages, which we do not rewrite.
UPSTREAM: set[str] = set()

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.mark.parametrize("language", ["en", "km"])
@pytest.mark.parametrize("role", [*ROLES, ANONYMOUS])
def test_page_is_accessible_and_quiet(role, language, page_for, console):
    pages = [example for example in examples(make_sample()) if example.is_page and role in example.roles]
    page = page_for(role, language=language, reduced_motion="reduce")
    problems = []

    for example in pages:
        found = [*look(page, example, language), *console]
        problems += [f"{example.url} {problem}" for problem in found]
        console.clear()

    assert len(pages) >= (6 if role == ANONYMOUS else 20)
    assert not problems, "\n".join(problems)


def look(page, example, language):
    """Open one page; return what is wrong with it: wide and light in full, then narrow and dark."""
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(WIDE)
    page.goto(example.url)
    page.locator(".htmx-request").first.wait_for(state="detached")
    page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
    upstream = UPSTREAM if example.name in ADMIN_PAGES else set()
    found = [*violations(page, EVERYTHING, upstream), *overflow(page, "1280 px")]
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(NARROW)
    found += [f"narrow and dark: {each}" for each in violations(page, APPEARANCE, upstream)]
    if example.name not in ADMIN_PAGES:
        found += overflow(page, "390 px")
    if (shown := page.locator("html").get_attribute("lang")) != language:
        found.append(f"is in {shown}")
    return found


def violations(page, options, upstream):
    """Return what axe finds, one line per rule with the first element it points to."""
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{rule['id']} x{len(rule['nodes'])}: {rule['nodes'][0]['target']} {rule['nodes'][0]['html'][:120]} "
        f"{rule['nodes'][0]['failureSummary'][-160:]}"
        for rule in found
        if rule["id"] not in upstream
    ]


def overflow(page, name):
    """Return how far the page is wider than the window, if it is, with the first element that sticks out."""
    return page.evaluate(
        """(name) => {
            const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return [];
            const out = [...document.querySelectorAll("main *")].find((e) => e.getBoundingClientRect().right > width);
            const wide = `${document.documentElement.scrollWidth} px wide`;
            return [`${name}: ${wide} ${out ? out.outerHTML.slice(0, 150) : ""}`];
        }""",
        name,
    )
