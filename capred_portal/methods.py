"""The page of methods: chapters that each app contributes in its `methods` module; and those that all share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from capred_portal.background_exports import AT_ONCE
from capred_portal.exports import MAX_ROWS_XLSX
from capred_portal.figures import REGISTRY, SMALL_CELL, Words, number
from capred_portal.matching_shown import matching_tables


@dataclass(frozen=True)
class Rule:
    """One thing explained: its name, what is done in words, the formula, and the page of its numbers."""

    anchor: str
    title: Words
    words: tuple[Words, ...]
    formula: str = ""
    url: str = ""
    code: str = ""
    unit: Words = ""


def nothing() -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Chapter:
    """Some rules under one title; with `template`, a fragment that brings its own section and anchor.

    What is long stands `apart`, on a page of its own.
    """

    order: int
    anchor: str
    title: Words
    rules: Callable[[], list[Rule]] = list
    template: str = ""
    context: Callable[[], Mapping[str, Any]] = nothing
    apart: bool = False
    figures: tuple[str, ...] = ()  # the modules whose figures it explains


CHAPTERS: dict[str, Chapter] = {}


def chapter(order: int, anchor: str, title: Words, **about: Any) -> Chapter:
    """Register a chapter; low numbers first."""
    made = Chapter(order, anchor, title, **about)
    CHAPTERS[anchor] = made
    return made


def figure_chapter(order: int, anchor: str, title: Words, *modules: str) -> Chapter:
    """Register a chapter of the rules of all figures that these modules register."""
    return chapter(order, anchor, title, rules=lambda: figure_rules(modules), figures=modules)


def figure_rules(modules: tuple[str, ...]) -> list[Rule]:
    """Return the figures' own explanations, as the panels "why this number?" show them."""
    found = [one for one in REGISTRY.values() if one.compute.__module__ in modules]
    return [
        Rule(one.code, one.title, (one.rule,), url=reverse("figure", args=[one.code]), code=one.code, unit=one.unit)
        for one in sorted(found, key=lambda one: str(one.title))
    ]


def other_modules() -> tuple[str, ...]:
    """Return the modules that register figures and that no chapter names."""
    named = {module for each in CHAPTERS.values() for module in each.figures}
    return tuple({one.compute.__module__ for one in REGISTRY.values()} - named)


def chapters() -> list[tuple[Chapter, list[Rule]]]:
    """Return all chapters with their rules, in order; one without rules and template is left out."""
    found = [(each, each.rules()) for each in sorted(CHAPTERS.values(), key=lambda each: each.order)]
    return [(each, rules) for each, rules in found if rules or each.template]


def method_parts() -> dict[str, Any]:
    """Return what the page of all chapters shows."""
    return {"chapters": chapters()}


# What holds for every number


def reading() -> list[Rule]:
    """Return how to read a number."""
    return [
        Rule(
            "states",
            _("Missing, n/a, withheld and 0"),
            (
                _("–: missing, nobody has stated it."),
                _("n/a: the question does not apply."),
                _("withheld: a group so small that it could reveal a person."),
                _("0: counted, and there are none."),
            ),
        ),
        small_groups(),
        periods(),
        Rule(
            "demonstration",
            _("Demonstration rows"),
            (_("Invented rows are marked, and so is every number with such rows in it."),),
        ),
    ]


def small_groups() -> Rule:
    """Return what is withheld, and from whom."""
    return Rule(
        "small-cells",
        _("Small groups are withheld"),
        (
            _(
                "Who may not read the records behind a number sees no part of fewer than 5 people or firms, and not"
                " the next smallest parts either, until 5 or more are withheld together, so that no difference"
                " reveals one. A part of 0 hides nobody and is shown, unless all parts together hold fewer than 5."
                " Money of firms needs at least 3 buyers and 3 suppliers."
            ),
            _(
                "The same holds for sums: a part of the country is withheld where that of one of its programs is;"
                " where a program tells an indicator for several provinces, only their sum is shown in parts."
            ),
            _(
                "What firms told of themselves, such as jobs, owners, exports and imported inputs, is shown by"
                " province, by sector or by size class, one at a time: two at once would tell of parts that are"
                " withheld. A sector is withheld together with all sectors below it."
            ),
            _("Staff of the ministry keep the lists and see exact counts."),
        ),
        formula=f"n < {SMALL_CELL}",
    )


def periods() -> Rule:
    """Return how periods are written, and what is counted in them."""
    return Rule(
        "periods",
        _("Quarters and years"),
        (
            _("A quarter is written 2024-Q3. 2024 is the calendar year."),
            _("2024-25 is the Australian year: July 2024 to June 2025."),
            _("Stages and links are counted at the end of the period, or today where that is not over."),
            _("People and firms of a year are counted from its records. Quarters are never added up to them."),
        ),
    )


def file_rules() -> list[Rule]:
    """Return what the files of lists and figures hold, and how long ones are written."""
    return [
        Rule(
            "files-rows",
            _("What a file holds"),
            (
                _("One fact per row. The number in the first column names the row; other tables point to it."),
                _("A list's file holds the rows of its filters, and only the columns your role may read."),
                _("A filter that a table does not have, or that says what cannot be, gives no file, never all rows."),
                _("The number of rows stands in the name of the file."),
            ),
            url=reverse("tables"),
        ),
        Rule(
            "files-kinds",
            _("CSV and Excel"),
            (
                _("CSV is text in UTF-8; a text that a spreadsheet program would run has an apostrophe before it."),
                _("Excel workbooks hold numbers and dates as such, and a second sheet that says what the file is."),
                _("That sheet says source, time, role, filters, number of rows and what each column holds."),
            ),
        ),
        Rule(
            "files-figures",
            _("Files of figures"),
            (
                _("The total and each part is a row: code, scope, part, value, unit, state and source."),
                _("A cell without a value is no 0: the state says whether it is missing, n/a or withheld."),
            ),
        ),
        long_files(),
    ]


def long_files() -> Rule:
    """Return what becomes of a workbook that takes long to write; the days are a setting."""
    limits = {
        "most": number(AT_ONCE),
        "days": settings.RETENTION_DAYS["exports"],
        "limit": number(MAX_ROWS_XLSX),
    }
    return Rule(
        "files-long",
        _("Long files"),
        (
            _("A CSV file of any length comes at once."),
            _(
                "An Excel workbook of more than %(most)s rows is written in the background; it waits for who asked,"
                " in the role it was asked in, for %(days)s days. Excel holds at most %(limit)s rows."
            )
            % limits,
        ),
    )


chapter(10, "reading", _("How to read a number"), rules=reading)
chapter(60, "other-figures", _("More figures"), rules=lambda: figure_rules(other_modules()))
chapter(
    95,
    "matching",
    _("How people and firms are counted once"),
    template="_matching.html",
    apart=True,
    context=lambda: {"matching": matching_tables()},
)
chapter(96, "files", _("Files to take away"), rules=file_rules, apart=True)
