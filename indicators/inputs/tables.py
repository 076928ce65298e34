"""Input-output tables as pages and analytics take them: which are held, which is asked for, its numbers and titles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Case, IntegerField, Value, When

from indicators.analytics.input_output import Accounts
from indicators.models import InputOutputCell, InputOutputTable, SectorConcordance
from indicators.models.input_output import HOME

if TYPE_CHECKING:
    import pandas as pd

IMPORTS = "IMPO"  # the category of final demand that takes imports off where origins are not told apart
EXPORTS = ("P6", "EXP", "CONS_NONRES")  # how codes of what is sold abroad, or to visitors, begin

Block = InputOutputCell.Block
Cells = dict[tuple[str, str], float]


def is_export(category: str) -> bool:
    """Tell whether a category of final demand is sold abroad."""
    return category.upper().startswith(EXPORTS)


# Which table


def tables_offered() -> list[InputOutputTable]:
    """Return the tables that are held: Cambodian ones first and the newest of them first, examples last."""
    place = Case(When(economy=HOME, then=Value(0)), default=Value(1), output_field=IntegerField())
    tables = InputOutputTable.objects.active().select_related("source", "load__created_by")
    return list(tables.order_by("is_example", place, "economy", "-year", "-pk"))


def table_asked(given: Mapping[str, str], tables: Sequence[InputOutputTable] | None = None) -> InputOutputTable | None:
    """Return the table named by `table`, or the one that tells most about Cambodia, or the example; None without any.

    With `tables`, which `tables_offered` returned, nothing is read again.
    """
    held = tables_offered() if tables is None else tables
    named = next((table for table in held if str(table.pk) == given.get("table")), None)
    if named is not None:
        return named
    return min(held, key=lambda table: (not table.is_cambodian, not table.has_imported, -table.year), default=None)


# Its numbers


def accounts_of(table: InputOutputTable) -> Accounts:
    """Return the numbers of a table, its sectors in one order in rows and columns; two queries."""
    return accounts_from(cells_of(table), list(table.sectors.order_by("position").values_list("code", flat=True)))


def cells_of(table: InputOutputTable) -> dict[str, Cells]:
    """Return the numbers of a table as they are kept: block -> row and column -> value."""
    blocks: dict[str, Cells] = defaultdict(dict)
    for block, row, column, value in table.cells.order_by("pk").values_list("block", "row", "column", "value"):
        blocks[block][row, column] = value
    return dict(blocks)


def accounts_from(blocks: Mapping[str, Cells], sectors: Sequence[str]) -> Accounts:
    """Return cells, block by block and each by row and column, as labelled accounts; a cell that is not held is 0.

    Where a table does not tell origins apart, imports are a negative category of final demand: they are not sales.
    """
    final = blocks.get(Block.FINAL_TOTAL, {}) if Block.TOTAL in blocks else blocks.get(Block.FINAL_DOMESTIC, {})
    if Block.TOTAL in blocks:
        supplied = blocks.get(Block.SUPPLIED_IMPORTS, {})
        final = final | {(row, IMPORTS): -value for (row, _column), value in supplied.items()}
    final_imported = blocks.get(Block.FINAL_IMPORTED, {})
    categories = list(dict.fromkeys(column for cells in (final, final_imported) for _row, column in cells))
    parts: dict[str, Any] = {
        name: matrix(blocks[block], sectors, sectors)
        for name, block in (("domestic", Block.DOMESTIC), ("imported", Block.IMPORTED), ("total", Block.TOTAL))
        if block in blocks
    }
    parts |= {
        name: row_of(blocks[block], sectors)
        for name, block in (("imports", Block.IMPORTS), ("taxes", Block.TAXES), ("jobs", Block.JOBS))
        if block in blocks
    }
    return Accounts.of(
        output=row_of(blocks.get(Block.OUTPUT, {}), sectors),
        value_added=row_of(blocks.get(Block.VALUE_ADDED, {}), sectors),
        final_domestic=matrix(final, sectors, categories),
        final_imported=matrix(final_imported, sectors, categories) if final_imported else None,
        export_categories=tuple(name for name in categories if is_export(name)),
        **parts,
    )


def matrix(cells: Cells, rows: Sequence[str], columns: Sequence[str]) -> pd.DataFrame:
    """Return cells as a labelled matrix."""
    import pandas as pd

    values = [[cells.get((row, column), 0.0) for column in columns] for row in rows]
    return pd.DataFrame(values, index=list(rows), columns=list(columns), dtype=float)


def row_of(cells: Cells, sectors: Sequence[str]) -> pd.Series:
    """Return one number for each sector."""
    import pandas as pd

    return pd.Series(sums_by_column(cells, sectors), dtype=float)


def sums_by_column(cells: Cells, sectors: Sequence[str]) -> dict[str, float]:
    """Return one number for each sector: what stands in the row without a name, or else the sum of its rows."""
    whole = any(row == "" for row, _column in cells)
    sums = dict.fromkeys(sectors, 0.0)
    for (row, column), value in cells.items():
        if column in sums and (row == "" or not whole):
            sums[column] += value
    return sums


# Its words


def sector_titles(table: InputOutputTable) -> dict[str, str]:
    """Return the title of each sector, by its code, in the reader's language and in the table's order."""
    return {sector.code: str(sector) for sector in table.sectors.order_by("position")}


def divisions_of(table: InputOutputTable) -> dict[str, list[tuple[str, Decimal]]]:
    """Return the ISIC divisions each sector lies in, with their weights; nothing without a concordance.

    The newest edition of the concordance counts, alone: two editions are never joined.
    """
    held = SectorConcordance.objects.filter(classification=table.classification, source__archived_at=None)
    newest = held.order_by("-source").values("source")[:1]
    found: dict[str, list[tuple[str, Decimal]]] = defaultdict(list)
    for sector, division, weight in held.filter(source__in=newest).values_list("sector", "division", "weight"):
        found[sector].append((division, weight))
    return dict(found)
