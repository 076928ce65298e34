"""Whether an input-output table balances: what each sector buys and earns, and what it sells, against its output."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indicators.inputs.tables import Cells, sums_by_column
from indicators.models import InputOutputCell

Block = InputOutputCell.Block
SOLD = {Block.DOMESTIC, Block.TOTAL, Block.FINAL_DOMESTIC, Block.FINAL_TOTAL}
ORIGINS = {Block.IMPORTED, Block.IMPORTS, Block.TOTAL}  # without one of them nobody knows all inputs
MOST_DIGITS = 6  # behind the point; more are of no table but of a computer
DEVIATION = 12**-0.5  # of a number rounded to one unit
SURE = 3  # deviations
MOST = 99_999.0  # %: what is left over of nothing is shown as this
SMALL, TINY = 1e-4, 1e-9  # shares of the output of all sectors: rounding is never more, and never less


@dataclass(frozen=True)
class Residual:
    """What is left over of one sector, in the unit of the table; None where the table cannot tell.

    `costs` is inputs of both origins, taxes and value added, less output; `sales` is all that is sold less output.
    What is not above `rounding`, which the printed digits of so many numbers leave over, is no imbalance.
    """

    sector: str
    output: float
    costs: float | None
    sales: float | None
    rounding: float = 0.0

    def share_pct(self, residual: float | None) -> float | None:
        """Return a residual in % of the sector's output; None where there is no output."""
        return None if residual is None or not self.output else 100 * residual / self.output

    @property
    def costs_pct(self) -> float | None:
        return self.share_pct(self.costs)

    @property
    def sales_pct(self) -> float | None:
        return self.share_pct(self.sales)

    @property
    def largest_pct(self) -> float:
        """The larger of both, without its sign; 0 where neither is told or more than rounding."""
        left = [abs(part) for part in (self.costs, self.sales) if part is not None and abs(part) > self.rounding]
        return max((min(100 * part / self.output, MOST) if self.output else MOST for part in left), default=0.0)


def residuals(blocks: Mapping[str, Cells], sectors: Sequence[str]) -> list[Residual]:
    """Return what is left over of each sector, from the cells of a table block by block."""
    output = sums_by_column(blocks.get(Block.OUTPUT, {}), sectors)
    costs, sales = costs_of(blocks, sectors), sales_of(blocks, sectors)
    tells_costs = Block.VALUE_ADDED in blocks and bool(ORIGINS & set(blocks))
    rounding = rounding_of(blocks, sectors, sum(output.values()))
    return [
        Residual(
            code,
            output[code],
            costs[code] - output[code] if tells_costs else None,
            sales[code] - output[code],
            rounding,
        )
        for code in sectors
    ]


def rounding_of(blocks: Mapping[str, Cells], sectors: Sequence[str], total: float) -> float:
    """Return what the rounding of the numbers of one row or column may leave over: three standard deviations.

    The last printed digit is that of the number with most of them; a small table of whole numbers gets no allowance.
    """
    digits = max((digits_of(value) for cells in blocks.values() for value in cells.values()), default=0)
    categories = {column for block in SOLD & set(blocks) for _row, column in blocks[block]} - {*sectors}
    numbers = len(blocks.keys() & {Block.DOMESTIC, Block.IMPORTED, Block.TOTAL}) * len(sectors) + len(categories)
    left = SURE * DEVIATION * 10.0**-digits * numbers**0.5
    return float(max(min(left, SMALL * total), TINY * total))


def digits_of(value: float) -> int:
    """Return how many digits a number has behind its point."""
    return len(f"{value:.{MOST_DIGITS}f}".rstrip("0").partition(".")[2])


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
    """Return the residual that is the largest share of its sector's output; None where all balance."""
    worst = max(found, key=lambda residual: residual.largest_pct, default=None)
    return worst if worst is not None and worst.largest_pct else None
