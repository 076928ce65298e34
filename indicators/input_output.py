"""What the pages of input-output tables show: the tables held, what each holds, and the files that are lacking."""

from typing import Any

from indicators.balance import residuals
from indicators.models import InputOutputTable
from indicators.tables import cells_of, divisions_of, tables_offered


def tables_held() -> dict[str, Any]:
    """Return the tables that are held."""
    return {"tables": tables_offered()}


def table_parts(table: InputOutputTable) -> dict[str, Any]:
    """Return the sectors of a table with their output, what is left over, and their divisions of ISIC."""
    sectors = list(table.sectors.order_by("position"))
    left = residuals(cells_of(table), [sector.code for sector in sectors])
    divisions = divisions_of(table)
    rows = [(sector, residual, divisions.get(sector.code, [])) for sector, residual in zip(sectors, left, strict=True)]
    return {"table": table, "rows": rows}
