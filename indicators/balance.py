"""Whether an input-output table balances: what each sector buys and earns, and what it sells, against its output."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indicators.models import InputOutputCell
from indicators.tables import Cells, sums_by_column

Block = InputOutputCell.Block
SOLD = {Block.DOMESTIC, Block.TOTAL, Block.FINAL_DOMESTIC, Block.FINAL_TOTAL}
ORIGINS = {Block.IMPORTED, Block.IMPORTS, Block.TOTAL}  # without one of them nobody knows all inputs
TINY = 1e-6  # of the table's unit: what adding up leaves over


@dataclass(frozen=True)
class Residual:
    """What is left over of one sector, in the unit of the table; None where the table cannot tell.

    `costs` is inputs of both origins, taxes and value added, less output; `sales` is all that is sold less output.
    """

    sector: str
    output: float
    costs: float | None
    sales: float | None

    def share_pct(self, residual: float | None) -> float | None:
        """Return a residual in % of the sector's output; 0 for nothing of nothing."""
        if residual is None:
            return None
        return 100 * residual / self.output if self.output else (0.0 if abs(residual) < TINY else float("inf"))

    @property
    def costs_pct(self) -> float | None:
        return self.share_pct(self.costs)

    @property
    def sales_pct(self) -> float | None:
        return self.share_pct(self.sales)

    @property
    def largest_pct(self) -> float:
        """The larger of both, without its sign; 0 where the table tells neither."""
        return max((abs(share) for share in (self.costs_pct, self.sales_pct) if share is not None), default=0.0)


def residuals(blocks: Mapping[str, Cells], sectors: Sequence[str]) -> list[Residual]:
    """Return what is left over of each sector, from the cells of a table block by block."""
    output = sums_by_column(blocks.get(Block.OUTPUT, {}), sectors)
    costs, sales = costs_of(blocks, sectors), sales_of(blocks, sectors)
    tells_costs = Block.VALUE_ADDED in blocks and bool(ORIGINS & set(blocks))
    return [
        Residual(code, output[code], costs[code] - output[code] if tells_costs else None, sales[code] - output[code])
        for code in sectors
    ]


def costs_of(blocks: Mapping[str, Cells], sectors: Sequence[str]) -> dict[str, float]:
    """Return what each sector pays: inputs of both origins, taxes on products, value added."""
    costs = dict.fromkeys(sectors, 0.0)
    inputs = {Block.DOMESTIC, Block.TOTAL, Block.IMPORTED if Block.IMPORTED in blocks else Block.IMPORTS}
    for block in inputs & set(blocks):
        for (_row, column), value in blocks[block].items():
            costs[column] = costs.get(column, 0.0) + value
    for block in (Block.TAXES, Block.VALUE_ADDED):
        for column, value in sums_by_column(blocks.get(block, {}), sectors).items():
            costs[column] += value
    return costs


def sales_of(blocks: Mapping[str, Cells], sectors: Sequence[str]) -> dict[str, float]:
    """Return what of each sector's own output is sold; imports are taken off where a table holds both together."""
    sales = dict.fromkeys(sectors, 0.0)
    for block in SOLD & set(blocks):
        for (row, _column), value in blocks[block].items():
            sales[row] += value
    if Block.TOTAL in blocks:
        for (row, _column), value in blocks.get(Block.SUPPLIED_IMPORTS, {}).items():
            sales[row] -= value
    return sales


def largest(found: Sequence[Residual]) -> Residual | None:
    """Return the residual that is the largest share of its sector's output."""
    return max(found, key=lambda residual: residual.largest_pct, default=None)
