"""Pictures of scenarios: the change of one measure by sector with its range, and kept scenarios side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from capred_portal.interactive import InteractiveChart
from capred_portal.interactive_points import RangeBar, range_bars
from capred_portal.plotting import Cell, Table
from indicators.inputs.linkage_charts import source_of
from indicators.inputs.scenarios import MEASURES, NOT_HELD, Change, Result, ResultLine, words_of
from indicators.models import Scenario

LONGEST = 12  # bars; the table beneath has all sectors


def result_table(result: Result) -> Table:
    """Return every sector and the whole, with the change of each measure and its range."""
    columns = [result.label(name) for name in MEASURES]
    return Table(_("Sector"), columns, [(line.title, cells_of(line)) for line in (result.total, *result.lines)])


def cells_of(line: ResultLine) -> list[Cell]:
    """Return the cells of one line: the change, its range beneath."""
    return [
        Cell(str(NOT_HELD)) if change is None else Cell(change.text, note=change.range_text if change.central else "")
        for change in (line.changes[name] for name in MEASURES)
    ]


def result_chart(result: Result, measure: str = "value_added") -> InteractiveChart:
    """Draw the sectors that change most, in value added."""
    changed = [(line, change) for line in result.lines if (change := line.changes[measure]) and change.central]
    changed.sort(key=lambda pair: -abs(pair[1].central))
    unit = result.unit(measure)
    bars = [bar(line.title, change, unit) for line, change in changed[:LONGEST]]
    axis = _("Change, %(unit)s") % {"unit": unit}
    source = source_of(result.table) + " " + _("The thin line goes from low to high.")
    if len(changed) > LONGEST:
        source += " " + _("The picture shows the %(shown)s largest changes; the table has all.") % {"shown": LONGEST}
    picture = range_bars(bars, axis=axis, table=result_table(result))
    return InteractiveChart("scenario", gains_title(changed, unit), source, picture, result.table.is_demo)


def gains_title(changed: Sequence[tuple[ResultLine, Change]], unit: str) -> str:
    """Return which sector's value added changes most."""
    if not changed:
        return _("No sector's value added changes")
    line, change = changed[0]
    about = {"sector": line.title, **words_of(change, unit)}
    if change.central > 0:
        return _("Most value added is gained in %(sector)s: %(change)s %(unit)s") % about
    return _("Most value added is lost in %(sector)s: %(change)s %(unit)s") % about


def bar(name: str, change: Change, unit: str) -> RangeBar:
    """Return one change as a bar with its range."""
    words = _("%(name)s: %(change)s %(unit)s; between %(low)s and %(high)s") % {"name": name, **words_of(change, unit)}
    return RangeBar(name, change.central, change.text, words, change.low, change.high)


def compared_chart(results: Sequence[tuple[Scenario, Result]]) -> InteractiveChart:
    """Draw the value added that each kept scenario brings, side by side, with its range."""
    pairs: list[tuple[str, Any]] = [
        (str(scenario), result.total.changes["value_added"]) for scenario, result in results
    ]
    first = results[0][1]
    bars = [bar(name, change, first.table.unit_words) for name, change in pairs]
    best = max(pairs, key=lambda pair: pair[1].central)
    title = _("“%(scenario)s” brings most value added: %(change)s %(unit)s") % {
        "scenario": best[0],
        "change": best[1].text,
        "unit": first.table.unit_words,
    }
    axis = _("Change, %(unit)s") % {"unit": first.table.unit_words}
    source = source_of(first.table) + " " + _("The thin line goes from low to high.")
    columns = [first.label(name) for name in MEASURES]
    table = Table(_("Scenario"), columns, [(str(scenario), cells_of(result.total)) for scenario, result in results])
    return InteractiveChart("compared", title, source, range_bars(bars, axis=axis, table=table), first.table.is_demo)
