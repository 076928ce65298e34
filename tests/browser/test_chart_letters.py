"""Letters of server-drawn pictures: large enough on a phone and a desk, apart from each other, inside their picture."""

import base64
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.loader import render_to_string
from django.urls import path
from django.utils.translation import get_language, override

from capred_portal import pdf
from capred_portal.line_charts import LineChart, Piece, line_chart
from capred_portal.plotting import BarChart, Cell, SvgChart, Table, TileMap, bar_chart, cut_legend, tile_map
from capred_portal.ranked_bars import ranked_bars
from capred_portal.urls import urlpatterns as portal
from enterprises.models import Province
from programs.models import Program
from tests.factories import make_workshop
from tests.indicators.program_reports import busy_program
from tests.register_factories import make_provinces

pytestmark = pytest.mark.urls("tests.browser.test_chart_letters")

SMALLEST = 11  # pixels
CUTS = (0.5, 0.8, 1.25, 2)
PAGE = """{% extends "base.html" %}
{% block title %}Pictures{% endblock title %}
{% block content %}
<h1>Pictures</h1>
<div class="cols-2">
  {% for chart, template in charts %}{% include "plots/_picture.html" %}{% endfor %}
</div>
{% endblock content %}"""

# What is written in a picture: how large, which two lie over each other, and what leaves the picture.
WRITTEN = """(svg) => {
    const texts = [...svg.querySelectorAll("text")].filter((text) => text.textContent.trim());
    const sizes = texts.map((text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a);
    const boxes = texts.map((text) => [text.textContent.trim(), text.getBoundingClientRect()]);
    const frame = svg.getBoundingClientRect();
    const over = boxes.flatMap(([words, one], place) => boxes.slice(place + 1).filter(([_other, two]) => {
        const wide = Math.min(one.right, two.right) - Math.max(one.left, two.left);
        const high = Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top);
        return wide > 1 && high > 0.35 * Math.min(one.height, two.height); // a box is higher than its letters
    }).map(([other]) => `${words} / ${other}`));
    const outside = boxes.filter(([_words, box]) => box.left < frame.left - 2 || box.right > frame.right + 2
        || box.top < frame.top - 4 || box.bottom > frame.bottom + 4).map(([words]) => words);
    return { smallest: Math.min(...sizes), over, outside };
}"""
PICTURES = "main svg:has(text):not(.network)"


WORDS = {
    "en": {
        "lines": [["Intermediate goods", "Capital goods", "Raw materials"], ["Cambodia", "Thailand", "Bangladesh"]],
        "break": "break",
        "quarter": "Q{}",
        "row": "Manufacture of wood and of products of wood and cork, except furniture",
    },
    "km": {
        "lines": [["ទំនិញអន្តរការីដែលនាំចូល", "ទំនិញប្រើប្រាស់", "ទំនិញមូលធន"], ["កម្ពុជា", "ថៃឡង់ដ៍", "បង់ក្លាដែស"]],
        "break": "ដាច់ស៊េរី",
        "quarter": "ត្រ.{}",
        "row": "ការផលិតឈើនិងផលិតផលធ្វើពីឈើនិងឆ្នុកលើកលែងតែគ្រឿងសង្ហារឹម",
    },
}


def lines_of(names: list[str], word: str) -> LineChart:
    years = [str(year) for year in range(1994, 2025)]
    pieces = [
        Piece(name, [(year, 12_000 * (1 + place) + int(year), "") for year in years])
        for place, name in enumerate(names)
    ]
    return line_chart(pieces, breaks=[(year, word) for year in ("1995", "2010", "2012")], show="{:,}".format)


def bars_of(quarter: str) -> BarChart:
    years = {3: "\n2023", 4: "\n2024", 8: "\n2025"}
    return bar_chart([(quarter.format(1 + at % 4) + years.get(at, ""), 9 * at, "") for at in range(3, 12)])


def tiles() -> TileMap:
    rows = [(str(each), each.tile_row, each.tile_column, 12.5, "") for each in Province.objects.all()]
    return tile_map(rows, cuts=CUTS, legend=cut_legend(CUTS))


def charts(language: str) -> list[tuple[SvgChart, str]]:
    """Return pictures with long words and many of them, each with the template that draws it."""
    words: Any = WORDS[language]
    long = [(words["row"], [(9, "70.2 %"), (1, "1,234 (0.1 %)")]), ("A", [(0, "0"), (None, "–")])]
    drawn = [
        *((lines_of(names, words["break"]), "lines") for names in (*words["lines"], words["lines"][1][:1])),
        (bars_of(words["quarter"]), "bars"),
        (ranked_bars(long, names=["x", "y"]), "ranked"),
        (tiles(), "tiles"),
    ]
    table = Table("Name", ["Value"], [("A", [Cell("1")])])
    return [
        (SvgChart("Rose", "Invented for a test.", picture, table), f"plots/_{name}.html") for picture, name in drawn
    ]


def pictures(request: HttpRequest) -> HttpResponse:
    """Show the pictures in the reader's language."""
    shown = charts(get_language() or "en")
    return HttpResponse(engines["django"].from_string(PAGE).render({"charts": shown}, request))


urlpatterns = [path("pictures/", pictures), *portal]


@pytest.fixture
def program() -> Program:
    """A program with values on the way to a target, and workshops in provinces of long names."""
    make_provinces()
    program = busy_program()
    for code in ("01", "02"):
        make_workshop(program=program, province_id=code)
    return program


@pytest.mark.parametrize("language", ["en", "km"])
def test_letters_of_pictures_are_read_at_every_width(page_for, program, language):
    indicator = program.indicators.get(title_en="Firms trained")
    addresses = {
        "/pictures/": 6,
        "/": 2,
        f"{indicator.get_absolute_url()}?program={program.slug}": 2,
        program.get_absolute_url(): 1,
        f"/reports/brief/?program={program.slug}&period=2024-Q3": 2,
    }
    page = page_for("staff", language=language)
    found: dict[tuple[str, int, int], Any] = {}

    for address, count in addresses.items():
        page.goto(address)
        for width in (390, 800, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            drawn = page.locator(PICTURES)
            assert drawn.count() == count, address
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            found |= {(address, width, place): each.evaluate(WRITTEN) for place, each in enumerate(drawn.all())}

    wrong = {place: told for place, told in found.items() if told["over"] or told["outside"]}
    assert not wrong
    assert not {place: told["smallest"] for place, told in found.items() if told["smallest"] < SMALLEST}


@pytest.mark.parametrize("language", ["en", "km"])
def test_letters_of_pictures_on_paper_stand_apart(page_for, language):
    font = base64.b64encode(Path(finders.find("fonts/report.woff2") or "").read_bytes()).decode()
    face = f'font-family: "Report"; src: url("data:font/woff2;base64,{font}"); font-weight: 400 700;'
    styles = f"@font-face {{ {face} }} svg {{ display: block; width: 340px; margin: 20px; overflow: visible; }}"
    make_provinces()
    with override(language):
        shown = [
            render_to_string(name, {"picture": chart.picture, "title": "Rose"}) for chart, name in charts(language)
        ]
    page = page_for("staff", language=language)

    page.set_content(pdf.prepared(f"<!doctype html><style>{styles}</style><body>{''.join(shown)}</body>"))
    fonts = page.evaluate("document.fonts.ready.then((all) => [...all].map((each) => each.status))")
    found = [each.evaluate(WRITTEN) for each in page.locator("svg:has(text)").all()]

    assert fonts == ["loaded"]
    assert len(found) == len(shown)
    assert not [told for told in found if told["over"] or told["outside"]]
