"""Pictures of backward linkages: four quarters, the linkage that leaks abroad, imports inside exports."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from capred_portal.interactive import InteractiveChart
from capred_portal.interactive_points import Pair, Point, RangeBar, dumbbell, range_bars, scatter
from capred_portal.plotting import Cell, Table
from indicators.analytics.input_output import import_content_of_exports
from indicators.inputs.linkage_rows import NOT_HELD, page_url
from indicators.inputs.linkages import ALL, KEY, QUARTERS, Findings, SectorLinkage, percent
from indicators.models import InputOutputTable

LONGEST = 15  # rows of a picture; the table beneath has all
CODE_LETTERS = 9


def source_of(table: InputOutputTable) -> str:
    """Return source, edition, economy, year and kind of the numbers of a table, as it stands under a picture."""
    kind = _("Modelled, not measured.") if table.source.is_modelled else _("As published by a statistical office.")
    example = _("An example country, not Cambodia.") if table.is_example else ""
    return " ".join(filter(None, [f"{table.source.publisher_words}: {table}.", kind, example]))


def two(value: float | None) -> str:
    """Return a number with two decimals, or that the table does not hold it."""
    return str(NOT_HELD) if value is None else f"{value:,.2f}"


def share(value: float | None) -> str:
    return str(NOT_HELD) if value is None else percent(value)


def leads(findings: Findings, row: SectorLinkage) -> str:
    """Return the address of the part of the page about one sector."""
    return f"{page_url(findings, sector=row.code)}#sector"


# Four quarters


def quarters_chart(findings: Findings) -> InteractiveChart:
    """Draw power and sensitivity of dispersion of every sector around the average, 1."""
    rows = findings.shown
    table = Table(
        _("Sector"),
        [_("Power of dispersion"), _("Sensitivity of dispersion"), _("Kind")],
        [(row.title, [Cell(two(row.power)), Cell(two(row.sensitivity)), Cell(str(row.quarter_words))]) for row in rows],
    )
    quarters = [
        (str(words), [point(findings, row) for row in findings.in_quarter(code)]) for code, words in QUARTERS.items()
    ]
    axes = (_("Power of dispersion →"), _("Sensitivity of dispersion →"))
    picture = scatter(quarters, axes=axes, at=1, table=table)
    basis = _("Inputs of either origin.") if findings.question.measure == ALL else _("Inputs made at home.")
    return InteractiveChart(
        "quarters", quarters_title(findings), f"{source_of(findings.table)} {basis}", picture, findings.table.is_demo
    )


def point(findings: Findings, row: SectorLinkage) -> Point:
    words = _("%(sector)s: power %(power)s, sensitivity %(sensitivity)s. %(kind)s") % {
        "sector": row.title,
        "power": two(row.power),
        "sensitivity": two(row.sensitivity),
        "kind": row.quarter_words,
    }
    label = row.code if len(row.code) <= CODE_LETTERS else f"{row.code[: CODE_LETTERS - 1]}…"
    return Point(label, row.power or 0.0, row.sensitivity or 0.0, words, leads(findings, row))


def quarters_title(findings: Findings) -> str:
    """Return how many sectors are key sectors, and the strongest of them."""
    key = sorted(findings.in_quarter(KEY), key=lambda row: -(row.power or 0))
    if not key:
        return _("No sector is a key sector: none both pulls and serves others more than the average")
    words = ngettext(
        "%(count)s of %(all)s sectors is a key sector: %(first)s",
        "%(count)s of %(all)s sectors are key sectors, %(first)s first",
        len(key),
    )
    return words % {"count": len(key), "all": len(findings.shown), "first": key[0].title}


# What leaks abroad


def gap_chart(findings: Findings) -> InteractiveChart | None:
    """Draw the linkage at home and the linkage in all, the largest gap first; None where origins are not told apart."""
    rows = [row for row in findings.shown if row.gap is not None]
    if not rows:
        return None
    rows.sort(key=lambda row: -(row.gap or 0.0))
    table = Table(
        _("Sector"),
        [_("At home"), _("If all were made at home"), _("Gap")],
        [
            (row.title, [Cell(two(value)) for value in (row.backward_domestic, row.backward_total, row.gap)])
            for row in rows
        ],
    )
    pairs = [
        Pair(
            row.title,
            row.backward_domestic or 0.0,
            row.backward_total or 0.0,
            two(row.gap),
            _("%(sector)s: %(home)s at home, %(all)s if all inputs were made at home; %(gap)s leaks abroad")
            % {
                "sector": row.title,
                "home": two(row.backward_domestic),
                "all": two(row.backward_total),
                "gap": two(row.gap),
            },
            leads(findings, row),
        )
        for row in rows[:LONGEST]
    ]
    names = (_("At home"), _("If all were made at home"))
    picture = dumbbell(pairs, names=names, axis=_("Output set off by 1 of demand"), table=table)
    title = _("Most leaks abroad in %(sector)s: %(gap)s of output for each 1 of demand") % {
        "sector": rows[0].title,
        "gap": two(rows[0].gap),
    }
    return InteractiveChart("gap", title, first_ones(findings.table, len(rows)), picture, findings.table.is_demo)


def first_ones(table: InputOutputTable, count: int) -> str:
    """Return the source, and that a picture shows only the first of many rows."""
    if count <= LONGEST:
        return source_of(table)
    more = _("The picture shows the first %(shown)s of %(all)s; the table has all.") % {"shown": LONGEST, "all": count}
    return f"{source_of(table)} {more}"


# Imports inside exports


def exports_chart(findings: Findings) -> InteractiveChart | None:
    """Draw the import content of the largest exports; None where exports or imports are not in the table."""
    rows = [row for row in findings.shown if row.total_import is not None and row.exports > 0]
    if not rows:
        return None
    rows.sort(key=lambda row: -row.exports)
    table = Table(
        _("Sector"),
        [_("Exports, %(unit)s") % {"unit": findings.table.unit_words}, _("Import content of its exports")],
        [(row.title, [Cell(f"{row.exports:,.0f}"), Cell(share(row.total_import))]) for row in rows],
    )
    picture = range_bars(
        [export_bar(findings, row) for row in rows[:LONGEST]],
        axis=_("Imported inputs in each 100 of exports"),
        table=table,
    )
    title = _("%(share)s of the value of exports is imported inputs") % {
        "share": percent(import_content_of_exports(findings.accounts))
    }
    return InteractiveChart("exports", title, first_ones(findings.table, len(rows)), picture, findings.table.is_demo)


def export_bar(findings: Findings, row: SectorLinkage) -> RangeBar:
    words = _("%(sector)s: exports %(exports)s %(unit)s, of which %(share)s imported inputs") % {
        "sector": row.title,
        "exports": f"{row.exports:,.0f}",
        "unit": findings.table.unit_words,
        "share": share(row.total_import),
    }
    return RangeBar(
        row.title, (row.total_import or 0.0) * 100, share(row.total_import), words, url=leads(findings, row)
    )


def pictures_of(findings: Findings) -> Sequence[InteractiveChart]:
    """Return the pictures that the table allows, in the order of the page."""
    found = (quarters_chart(findings), gap_chart(findings), exports_chart(findings))
    return [chart for chart in found if chart is not None]
