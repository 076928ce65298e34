"""A figure as a file: its total and each part as a row that says what it is, and notes on how it is counted."""

from collections.abc import Iterator
from typing import Any

from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capred_portal.exports import Notes, export_response
from capred_portal.figures import BREAKDOWNS, STATE_WORDS, TOTAL, Definition, Figure, Scope, Words
from capred_portal.file_notes import Facts, beginning, filter_facts
from capred_portal.filter_words import value_in_words

# What narrows a figure, as the head of a column; the values below it stay the codes of the address.
SCOPE_TITLES: dict[str, Words] = {
    "cluster": gettext_lazy("Cluster"),
    "currency": gettext_lazy("Currency"),
    "goal": gettext_lazy("Goal"),
    "kind": gettext_lazy("Kind"),
    "priority": gettext_lazy("Priority"),
    "program": gettext_lazy("Program"),
    "province": gettext_lazy("Province"),
    "quarter": gettext_lazy("Quarter"),
    "receiver": gettext_lazy("Receiver"),
    "sector": gettext_lazy("Sector"),
    "size": gettext_lazy("Size class"),
    "stage": gettext_lazy("Stage"),
    "standard": gettext_lazy("Standard"),
    "status": gettext_lazy("Status of the action"),  # in Khmer "Status" alone is the word for "State"
    "theme": gettext_lazy("Theme"),
    "time": gettext_lazy("Time"),
    "way": gettext_lazy("Way"),
    "workshop": gettext_lazy("Workshop"),
    "year": gettext_lazy("Year"),
}


def figure_response(definition: Definition, scope: Scope, format_name: str) -> HttpResponseBase:
    """Send the figure of a scope as a file."""
    figures = definition.figures(scope)
    rows = list(figure_rows(definition, scope, figures))
    name = f"{definition.code}-{timezone.localdate().isoformat()}-{len(rows)}-rows"
    notes = figure_notes(definition, scope, figures[TOTAL]) if format_name == "xlsx" else None
    response = export_response(format_name, name, figure_header(definition), rows, notes=notes)
    response.headers["X-Row-Count"] = str(len(rows))
    return response


def narrowed_by(definition: Definition, scope: Scope) -> list[tuple[str, str]]:
    """Return what narrows a figure, each with its title, in the words of the list behind it: Province, Battambang."""
    asked = {name: scope.get(name) for name in definition.scopes if scope.get(name)}
    if not asked or definition.filters is None:
        return []
    form = definition.filters(asked).form
    form.is_valid()  # a value that is wrong narrows nothing, where the figure is there at all
    return [
        (str(SCOPE_TITLES[name]), value_in_words(form.fields[name], form.cleaned_data[name]))
        for name in asked
        if name in form.cleaned_data
    ]


def figure_header(definition: Definition) -> list[str]:
    """Return the titles: what is counted, of what, which part; the value; where it is from."""
    return [
        _("Figure"),
        *scope_titles(definition),
        *(_("Broken down by"), _("Key of the part"), _("Part")),
        *(_("Value"), _("Unit"), _("State"), _("State in words")),
        *(_("Source"), _("With demonstration rows")),
    ]


def scope_titles(definition: Definition) -> list[str]:
    """Return what the figure can be narrowed by, in the reader's language."""
    return [str(SCOPE_TITLES[name]) for name in definition.scopes]


def figure_rows(definition: Definition, scope: Scope, figures: dict[str, Figure]) -> Iterator[list[Any]]:
    """Yield the total, then the parts."""
    asked = [scope.get(name) for name in definition.scopes]
    for key, each in sorted(figures.items(), key=lambda item: item[0] != TOTAL):
        is_total = key == TOTAL
        yield [
            definition.code,
            *asked,
            *("" if is_total else scope.by, key, _("Total") if is_total else str(each.label)),
            *(each.value, str(each.unit), each.state, state_words(each)),
            *(str(each.source), _("yes") if each.has_demo else _("no")),
        ]


def state_words(each: Figure) -> str:
    """Return the word for a value, or for why there is none."""
    return str(STATE_WORDS.get(each.state, _("Value")))


def figure_notes(definition: Definition, scope: Scope, total: Figure) -> Notes:
    """Return the rule, the scope, the source and what was left out."""
    facts: Facts = [
        *beginning(definition.title, total.source, scope.role),
        (_("Figure"), definition.code),
        (_("Rule"), str(definition.rule)),
        (_("Unit"), str(definition.unit)),
        *([(_("Broken down by"), str(BREAKDOWNS[scope.by]))] if scope.by else []),
        *filter_facts(narrowed_by(definition, scope)),
        *left_out(total),
        (_("With demonstration rows"), _("yes") if total.has_demo else _("no")),
        (_("Review"), _("Counted from the records as they are now; not yet part of a signed round.")),
    ]
    return Notes(facts)


def left_out(total: Figure) -> Facts:
    """Return how many rows were left out, by why."""
    excluded = total.excluded() if callable(total.excluded) else total.excluded
    facts: Facts = [(_("Left out: %(reason)s") % {"reason": each.reason}, each.count) for each in excluded]
    return facts or [(_("Left out"), _("Nothing"))]
