"""The result of a scenario as a file: the table of its page, then what it asks and what it rests on."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from indicators.inputs.scenarios import MEASURES, NOT_HELD, Change, Result, ResultLine, assumptions_of, lines_in_words


def file_header(result: Result) -> list[str]:
    """Return the titles: of each measure what it was, its change, and low and high."""
    found = [_("Code"), _("Sector")]
    for name in MEASURES:
        about = {"measure": result.label(name)}
        found += [
            _("%(measure)s, before") % about,
            _("%(measure)s, change") % about,
            _("%(measure)s, low") % about,
            _("%(measure)s, high") % about,
        ]
    return found


def file_rows(result: Result) -> list[list[Any]]:
    """Return the whole and every sector; then each line of the question, and each assumption."""
    lines = [file_line(line) for line in (result.total, *result.lines)]
    asked = lines_in_words(result.question, result.titles, result.table.unit_words)
    notes = [[_("Asked"), words] for words in asked]
    notes += [[_("Assumption"), words] for words in assumptions_of(result.table, result.question)]
    return [*lines, *notes]


def file_line(line: ResultLine) -> list[Any]:
    return [line.code, line.title, *(number for name in MEASURES for number in numbers_of(line.changes[name]))]


def numbers_of(change: Change | None) -> list[Any]:
    """Return the four numbers of a change, or that the table does not hold them."""
    if change is None:
        return [str(NOT_HELD)] * 4
    return [change.before, change.central, change.low, change.high]
