"""What holds for every figure: its link leads to as many rows as it says, for everybody who may see it."""

import csv
import io
import re
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from capred_portal.demo import make_rows
from capred_portal.facts import write_facts
from capred_portal.figures import REGISTRY, SMALL_CELL, TOTAL, Figure, Scope, number, withhold_small_cells
from programs.models import Goal, Program, Workshop
from tests.factories import ROLES, analyze

SCOPED = ("program", "workshop", "goal", "province", "year", "quarter")


def examples() -> dict[str, str]:
    """Return one value for every scope that narrows a figure, from the demonstration rows."""
    workshop = Workshop.objects.filter(is_demo=True, province__isnull=False).held().first()
    return {
        "program": Program.objects.get(slug="demo").slug,
        "workshop": str(workshop.pk),
        "goal": str(Goal.objects.get(framework__code="pentagonal-1", code="2").pk),
        "province": workshop.province_id,
        "year": str(workshop.date.year),
        "quarter": f"{workshop.date.year}-Q{(workshop.date.month + 2) // 3}",
    }


def scopes_of(definition) -> list[dict[str, str]]:
    """Return no scope, every single scope, an Australian year and every breakdown of a figure."""
    values = examples()
    first = int(values["year"]) - (values["quarter"][-1] in "12")
    australian = {"year": f"{first}-{(first + 1) % 100:02}"}
    single = [{name: values[name]} for name in SCOPED if name in definition.scopes]
    parts = [{"by": dimension} for dimension in definition.by]
    if "year" in definition.scopes:
        parts += [australian, *({"by": dimension} | australian for dimension in definition.by)]
    return [{}, *single, *parts]


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_rows_behind_every_figure_are_as_many_as_it_says(client_for, role):
    write_facts()
    make_rows()
    analyze()
    client = client_for(role)
    followed: dict[str, int] = {}
    wrong: list[Any] = []

    for definition in REGISTRY.values():
        for params in scopes_of(definition):
            for key, figure in some(definition.figures(Scope(role, params))).items():
                if figure.state != "value" or not figure.rows_url:
                    continue
                if figure.rows_url not in followed:
                    followed[figure.rows_url] = rows_behind(client, figure.rows_url)
                if followed[figure.rows_url] != figure.value:
                    wrong.append((definition.code, params, key, figure.value, figure.rows_url))

    assert len(followed) > 50
    assert wrong == []


def some(figures: dict[str, Figure]) -> dict[str, Figure]:
    """Return the total and a few parts from the whole range of a long breakdown."""
    keys = sorted(figures, key=lambda key: (key != TOTAL, figures[key].value or 0, key))
    step = max(1, len(keys) // 5)
    return {key: figures[key] for key in {*keys[::step], keys[-1]}}


def rows_behind(client: Client, url: str) -> Any:
    """Return the count or sum of the list behind a figure's link; the rows alone, as htmx asks for them."""
    cache.clear()  # a kept list has no context to read
    response = client.get(url, headers={"HX-Request": "true"})
    assert response.status_code == 200, url
    assert response.context is not None, url
    return response.context.get("rows_sum", response.context["rows_count"])


@pytest.mark.django_db
def test_every_figure_explains_its_rule_on_its_page_and_in_its_panel(officer_client):
    write_facts()

    for code, definition in REGISTRY.items():
        page = unescape(officer_client.get(reverse("figure", args=[code])).content.decode())
        panel = officer_client.get(reverse("figure", args=[code]), headers={"HX-Request": "true"}).content.decode()
        assert str(definition.rule) in page
        assert "<html" not in panel
        for dimension in definition.by:
            figures = definition.figures(Scope("officer", {"by": dimension}))
            assert all(str(part.label) for key, part in figures.items() if key != TOTAL)


@pytest.mark.django_db
def test_unknown_figure_scope_and_breakdown_are_not_found(staff_client):
    assert staff_client.get("/figures/nothing/").status_code == 404
    assert staff_client.get("/figures/workshops-held/?by=nothing").status_code == 404
    assert staff_client.get("/figures/workshops-held/?province=99").status_code == 404
    assert staff_client.get("/figures/workshops-held/?unknown=1").status_code == 200


def parts(**values: int) -> dict[str, Figure]:
    return {TOTAL: Figure("x", "x", sum(values.values()))} | {key: Figure("x", key, values[key]) for key in values}


def test_small_cells_are_withheld_with_the_next_smallest():
    figures = withhold_small_cells(parts(a=30, b=12, c=SMALL_CELL - 1))

    assert [key for key in figures if figures[key].state == "withheld"] == ["b", "c"]
    assert figures["c"].value is None
    assert figures[TOTAL].value == 46


def withheld_of(**values: int) -> list[str]:
    return [key for key, part in withhold_small_cells(parts(**values)).items() if part.state == "withheld"]


def test_what_is_withheld_together_is_no_small_cell_either():
    assert withheld_of(a=30, b=12, c=1, d=1) == ["b", "c", "d"]
    assert withheld_of(a=30, b=12, c=4, d=4) == ["c", "d"]
    assert withheld_of(a=30, b=0, c=1, d=1) == ["a", "c", "d"]


def test_parts_of_zero_are_withheld_where_they_would_tell_the_only_other_one():
    assert withheld_of(a=3, b=0, c=0) == ["a", "b", "c"]
    assert withheld_of(a=1, b=1, c=0) == ["a", "b", "c"]


def test_nothing_is_withheld_when_all_cells_are_large_or_empty():
    figures = withhold_small_cells(parts(a=30, b=0, c=SMALL_CELL))

    assert all(figure.state == "value" for figure in figures.values())


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["staff", "officer"])
def test_file_of_every_figure_holds_what_its_page_shows(client_for, role):
    write_facts()
    make_rows()
    analyze()
    client = client_for(role)
    wrong: list[Any] = []

    for definition in REGISTRY.values():
        for params in ({}, *({"by": dimension} for dimension in definition.by)):
            page = client.get(reverse("figure", args=[definition.code]), params).content.decode()
            file = client.get(reverse("figure_file", args=[definition.code, "csv"]), params)
            rows = list(csv.DictReader(io.StringIO(file.getvalue().decode("utf-8-sig"))))
            said = [
                (row["Part"], number(Decimal(row["Value"])) if row["Value"] else row["State in words"]) for row in rows
            ]
            assert {row["Figure"] for row in rows} == {definition.code}
            assert [row["Broken down by"] for row in rows] == ["", *[params.get("by", "")] * (len(rows) - 1)]
            assert len({row["Key of the part"] for row in rows}) == len(rows)
            if said != shown_on(page):
                wrong.append((definition.code, params, said, shown_on(page)))

    assert not wrong[:3]


def shown_on(page: str) -> list[tuple[str, str]]:
    """Return the total and the parts that the panel of a figure shows, as text; a dash stands for a missing value."""
    panel = page[page.index('id="why"') :].partition("</section>")[0]
    total = re.search(r'<p class="figure-value">(.*?)</p>', panel, re.DOTALL)
    parts = re.findall(r'<th scope="row">(.*?)</th>\s*<td class="num">(.*?)</td>', panel, re.DOTALL)
    return [
        ("Total", text_of(total[1] if total else "")),
        *((text_of(label), text_of(value)) for label, value in parts),
    ]


def text_of(html: str) -> str:
    """Return the text of a piece of a page, without the sign of a percentage, and the word for a dash."""
    text = " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split()).removesuffix(" %")
    return "Not stated" if text == "–" else text
