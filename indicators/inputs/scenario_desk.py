"""What the pages of scenarios show: a result with its card, the kept ones, several side by side, a start from here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from indicators.analytics.accounts import DoesNotConverge
from indicators.forms.scenarios import question_of
from indicators.inputs.linkage_rows import suppliers_url
from indicators.inputs.scenario_charts import compared_chart, result_chart
from indicators.inputs.scenario_questions import Question, plain
from indicators.inputs.scenarios import assumptions_of, lines_in_words, result_of, sentences
from indicators.inputs.tables import sector_titles, table_asked
from indicators.models import InputOutputSector, InputOutputTable, Scenario

MOST_COMPARED = 4


@dataclass(frozen=True)
class Kept:
    """One kept scenario in the list: what it asks, in words."""

    scenario: Scenario
    lines: Sequence[str]


def kept() -> Any:
    """Return the scenarios that are kept and not archived, with their tables."""
    return Scenario.objects.active().select_related("table__source")


def kept_lines(scenarios: Iterable[Scenario]) -> list[Kept]:
    """Return scenarios with what they ask in words; one query for the titles of all their tables."""
    rows = list(scenarios)
    sectors = InputOutputSector.objects.filter(table__in={row.table_id for row in rows})
    titles: dict[int, dict[str, str]] = {}
    for sector in sectors:
        titles.setdefault(sector.table_id, {})[sector.code] = str(sector)
    return [
        Kept(row, lines_in_words(Question.kept(row), titles.get(row.table_id, {}), row.table.unit_words))
        for row in rows
    ]


def result_parts(table: InputOutputTable, question: Question) -> dict[str, Any]:
    """Return what is shown of a result, or which sectors keep it from being computed."""
    assumptions = assumptions_of(table, question)
    parts = {"table": table, "question": question, "assumptions": assumptions, "query": question.query(table.pk)}
    try:
        result = result_of(table, question)
    except DoesNotConverge as error:
        return parts | {"finding": "", "stuck": error.sectors}
    finding, *others = sentences(result)
    return parts | {
        "finding": finding,
        "makers": makers_of(table, question, result.titles),
        "sentences": others,
        "asked": lines_in_words(question, result.titles, table.unit_words),
        "chart": result_chart(result),
        "measures": [(title, unit, result.total.changes[name]) for name, title, unit in result.measures],
        "formats": ("csv", "xlsx"),
    }


def makers_of(table: InputOutputTable, question: Question, titles: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return each moved input with the address where firms that could make it are found."""
    bought = dict.fromkeys(row.bought for row in question.shifts)
    return [(titles.get(code, code), suppliers_url(table, code)) for code in bought]


# Side by side


def keys_asked(given: Sequence[str]) -> list[UUID]:
    """Return the keys of an address, each once, in their order; what is none is left out."""
    found: dict[UUID, None] = {}
    for text in given[:20]:
        try:
            found[UUID(text)] = None
        except ValueError:
            continue
    return list(found)[: MOST_COMPARED + 1]


def chosen(keys: Sequence[UUID]) -> list[Scenario]:
    """Return the kept scenarios of these keys, in their order."""
    held = {scenario.key: scenario for scenario in kept().filter(key__in=keys)} if keys else {}
    return [held[key] for key in keys if key in held]


def compared_parts(scenarios: Sequence[Scenario]) -> dict[str, Any]:
    """Return scenarios side by side, or the reason why they are not compared."""
    if refused := why_not(scenarios):
        return {"refused": refused}
    try:
        results = [(scenario, result_of(scenario.table, Question.kept(scenario))) for scenario in scenarios]
    except DoesNotConverge:
        return {"refused": _("Nothing can be computed from the table of these scenarios.")}
    first = results[0][1]
    columns = [
        {
            "scenario": scenario,
            "asked": lines_in_words(result.question, result.titles, result.table.unit_words),
            "spread": plain(result.question.spread),
        }
        for scenario, result in results
    ]
    rows = [
        {"title": title, "unit": unit, "changes": [result.total.changes[name] for _scenario, result in results]}
        for name, title, unit in first.measures
    ]
    return {"refused": "", "table": first.table, "chart": compared_chart(results), "columns": columns, "rows": rows}


def why_not(scenarios: Sequence[Scenario]) -> str:
    """Return why scenarios cannot be compared, or nothing."""
    if not 2 <= len(scenarios) <= MOST_COMPARED:
        return _("Choose two to %(most)s kept scenarios to see them side by side.") % {"most": MOST_COMPARED}
    if len({scenario.table_id for scenario in scenarios}) > 1:
        return _("These scenarios ask different tables. Figures of two economies, years or editions are not compared.")
    return ""


# From here to a workshop


def asked_in(query: str) -> list[str]:
    """Return in words what the parameters of an address ask; nothing where something is wrong with them."""
    given = QueryDict(query)
    table = table_asked(given)
    if table is None or (question := question_of(table, given)) is None:
        return []
    return lines_in_words(question, sector_titles(table), table.unit_words)


def start_links(scenario: Scenario, address: str) -> dict[str, str]:
    """Return the addresses that begin an action and a workshop with the scenario and the link to it."""
    text = _("Follow up the scenario “%(title)s”: %(address)s") % {"title": scenario, "address": address}
    return {
        "action": f"{reverse('actions:new')}?{urlencode({'text': text})}",
        "workshop": f"{reverse('workshops:new')}?{urlencode({'title': str(scenario)[:200], 'summary': text})}",
    }
