"""Every page as every persona who may open it, in both languages and color schemes: axe, console, width, language."""

import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from capred_portal.access import ANONYMOUS
from tests.factories import ROLES
from tests.route_kinds import ADMIN_PAGES, OF_ONE_USER
from tests.routes import examples, make_sample

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
QUICK = {"resultTypes": ["violations"], "preload": False, "iframes": False}
EVERYTHING = {"runOnly": {"type": "tag", "values": RULES}, **QUICK}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, **QUICK}

# Findings in Django's own pages, which we do not rewrite: rule -> the element it is about.
UPSTREAM = {
    "label": "select2-search__field",
    "list": "select2-selection__rendered",
}

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}

# What differs between two people who see the same page: their name and the tokens of their forms.
PERSONAL = re.compile(r"""data-(user|ends-in)="\d+"|[0-9a-zA-Z]{64}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}""")


@pytest.mark.parametrize("language", ["en", "km"])
def test_pages_are_accessible_and_quiet(language, page_for, console):
    """All personas in one test: what a page shows to two of them alike is looked at once."""
    sample = make_sample()
    pages = [example for example in examples(sample) if example.is_page]
    seen: set[str] = set()
    problems = []

    for role in (*ROLES, ANONYMOUS):
        user = sample.user if role == sample.user.role else None  # who has pages that nobody else finds
        page = page_for(role, language=language, reduced_motion="reduce", user=user)
        for example in pages:
            if role in example.roles and (user or example.name not in OF_ONE_USER):
                problems += [f"{role} {example.url} {found}" for found in (*look(page, example, seen), *console)]
                console.clear()
                if (shown := page.locator("html").get_attribute("lang")) != language:
                    problems.append(f"{role} {example.url} is in {shown}")

    assert len(seen) > len(pages)
    assert not problems, "\n".join(problems)


def look(page, example, seen):
    """Open one page; return what is wrong with it: wide and light in full, then narrow and dark."""
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(WIDE)
    page.goto(example.url)
    page.locator(".htmx-request").first.wait_for(state="detached")
    page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
    page.locator("main details[open] [hx-trigger^=toggle]").first.wait_for(state="detached")
    if (content := without_person(page)) in seen:
        return []
    seen.add(content)
    page.evaluate(AXE_SCRIPT)
    found = [*violations(page, EVERYTHING, example), *overflow(page, "1280 px")]
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(NARROW)
    found += [f"dark: {each}" for each in violations(page, CONTRAST, example)]
    return found if example.name in ADMIN_PAGES else [*found, *overflow(page, "390 px")]


def without_person(page):
    """Return the page without what tells one reader from another."""
    html = page.evaluate(
        """() => {
            const copy = document.documentElement.cloneNode(true);
            copy.querySelector(".account")?.remove();
            return copy.outerHTML;
        }"""
    )
    return PERSONAL.sub("", html)


def violations(page, options, example):
    """Return what axe finds, one line per rule with the first element it points to."""
    lines = []
    for rule in page.evaluate("(options) => axe.run(options).then((found) => found.violations)", options):
        upstream = UPSTREAM.get(rule["id"]) if example.name in ADMIN_PAGES else None
        nodes = [node for node in rule["nodes"] if not upstream or upstream not in node["html"]]
        if nodes:
            reason = nodes[0]["failureSummary"][-160:]
            lines.append(f"{rule['id']} x{len(nodes)}: {nodes[0]['target']} {nodes[0]['html'][:120]} {reason}")
    return lines


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
