"""A file or several as one input-output table: read, put together, checked row by row, balanced, previewed."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, BinaryIO

from capred_portal import bundles
from capred_portal.load_files import MAX_EXPANDED_BYTES
from capred_portal.load_kinds import CheckedRow, Line
from capred_portal.models import Load, LoadRow
from capred_portal.spreadsheets import SpreadsheetError
from indicators.inputs.balance import Residual, largest, residuals
from indicators.inputs.tables import Cells, is_export
from indicators.loaders import input_output_words as words
from indicators.loaders.input_output_grid import SECTOR, Grid, grids_of
from indicators.loaders.input_output_rows import Codes, Told, read_rows
from indicators.loaders.input_output_scope import Facts, classification_of, facts_of, is_same, table_held
from indicators.loaders.input_output_table import (
    best_categories,
    blocks_of,
    sectors_of,
    settled,
    tells_output,
    with_taxes,
)
from indicators.models import InputOutputCell

Block = InputOutputCell.Block
Outcome = LoadRow.Outcome
MOST_CELLS = 4_000_000
MOST_NAMED = 8  # sectors named by one message
FIRST_MISTAKES = 3  # cells of a row that are not the sum of both origins


# Reading


def read_lines(load: Load, file: BinaryIO) -> Iterator[Line]:
    """Yield the rows of every sheet, one after the other, each with the name of its sheet and its own number."""
    last = cells = 0
    for table in bundles.tables_in(file, load.file_name, max_expanded_bytes=MAX_EXPANDED_BYTES):
        first = last
        for number, row in table.records:
            last = first + number
            cells += len(row)
            if cells > MOST_CELLS:
                raise SpreadsheetError("too_many_numbers", file=table.name)
            yield Line(last, row, {}, {"file": table.name, "line": number})


def sheets_of(lines: Sequence[Line]) -> dict[str, list[Line]]:
    """Return the rows of each sheet by its name."""
    sheets: dict[str, list[Line]] = {}
    for line in lines:
        sheets.setdefault(line.values["file"], []).append(line)
    return sheets


# Checking


class TableChecker:
    """Compares nothing but the table with itself: it is written whole, as a new record, or not at all."""

    def __init__(self, load: Load, layout: str) -> None:
        self.load, self.layout = load, layout
        self.about: dict[str, Any] = {}
        self.is_held = False

    def counts(self) -> dict[str, Any]:
        return {"table": self.about} if self.about else {}

    def check(self, lines: list[Line]) -> list[CheckedRow]:
        """Return each row that counts, and each that is wrong; SpreadsheetError for what is no table."""
        sheets = sheets_of(lines)
        grids = understood(sheets)
        facts = facts_of(self.load, self.layout, list(sheets))
        codes = Codes(grids)
        told = [row for grid in grids for row in read_rows(grid, codes)]
        refuse_incomplete(grids, codes)
        values = [row.values() for row in told]
        if not any(line.errors for line in lines):
            values = self.put_together(told, values, codes, facts)
        wrong = [line for line in lines if line.errors]
        outcome = Outcome.UNCHANGED if wrong or self.is_held else Outcome.NEW
        rows = [kept(row.line, said, outcome) for row, said in zip(told, values, strict=True)]
        known = {row.line.number for row in told}
        return sorted(
            [*rows, *(kept(line, {}, outcome) for line in wrong if line.number not in known)], key=lambda row: row.line
        )

    def put_together(
        self, told: Sequence[Told], values: list[dict[str, Any]], codes: Codes, facts: Facts
    ) -> list[dict[str, Any]]:
        """Return the rows with their origins, and note what the table is; mistakes go to the lines of the rows."""
        candidates = list(codes.categories.values())
        values = settled(values, candidates)
        categories = best_categories(values, candidates)
        values = with_taxes(values, categories)
        blocks = blocks_of(values, categories)
        lines = {(row.role, row.code, said["origin"]): row for row, said in zip(told, values, strict=True)}
        refuse_different_sums(values, categories, lines)
        refuse_negative(told)
        left = residuals(blocks, list(sectors_of(values)))
        refuse_unbalanced(left, facts.tolerance, lines)
        twice = told_twice(values)
        refuse_twice(twice, facts.tolerance, lines)
        self.about = described(values, blocks, categories, left, facts) | {"twice": twice}
        if (share := max(map(difference, twice), default=0.0)) > self.about["largest_pct"]:
            sector = max(twice, key=difference)[0]
            self.about |= {"largest_pct": round(share, 4), "largest_sector": sector}
        if held := table_held(facts):
            self.is_held = is_same(held, blocks)
            if not self.is_held:
                told[0].wrong("held", held=str(held), number=held.pk)
        return values


def understood(sheets: Mapping[str, list[Line]]) -> list[Grid]:
    """Return the sheets that are tables, those with output first; SpreadsheetError where one or all are none."""
    found = [(name, grids_of(name, lines)) for name, lines in sheets.items()]
    grids = [grid for _name, grid in found if grid is not None]
    if not grids or any(grid is None and bundle_part(name, sheets) for name, grid in found):
        name = next((name for name, grid in found if grid is None), "")
        raise SpreadsheetError("no_matrix", file=name)
    for grid in grids:
        grid.origin = words.origin_in(grid.name) or origin_by_prefix(grid.name)
    grids.sort(key=lambda grid: not grid.has("output"))
    if grids[0].has("output") and len(grids) > 1:
        for grid in grids[1:]:
            is_bare = not grid.has("output") and not grid.origin and not any(row.origin for row in grid.rows)
            grid.origin = words.IMPORTED if is_bare else grid.origin
    return grids


def origin_by_prefix(name: str) -> str:
    """Return the origin that the name of an OECD file ends in: BEL2020ttl, ..dom, ..imp."""
    stem = name.partition(" · ")[0].rpartition(".")[0].lower()
    return words.origin_of(stem[-3:]) if stem[-3:] in ("ttl", "dom", "imp") else ""


def bundle_part(name: str, sheets: Mapping[str, list[Line]]) -> bool:
    """Tell whether a sheet that is no table was given as a file of its own: notes in a workbook are left aside."""
    return " · " not in name


def kept(line: Line, values: Mapping[str, Any], outcome: str) -> CheckedRow:
    """Return one line of the preview."""
    where = {"file": line.values["file"], "line": str(line.values["line"]), "row": str(values.get("code", ""))}
    if line.errors:
        return CheckedRow(line.number, Outcome.WRONG, raw=where, errors=line.errors)
    return CheckedRow(line.number, outcome, raw=where, values=values)


# What is wrong with a whole table


def refuse_incomplete(grids: Sequence[Grid], codes: Codes) -> None:
    """Note a table without output or value added, imports alone, and sheets of different sectors."""
    main, *others = grids
    where = {"file": main.name, "line": main.header.values["line"]}
    if not main.has("output") and not main.places("output"):
        main.header.wrong("", "no_output", **where)
    elif not any(grid.has("value_added") or grid.has("part") for grid in grids):
        main.header.wrong("", "no_value_added", **where)
    if {grid.origin for grid in grids} == {words.IMPORTED} and not any(
        row.origin for grid in grids for row in grid.rows
    ):
        main.header.wrong("", "imported_alone", **where)
    own = {codes.sector(code) for code in main.sectors}
    whole = not any(line.errors for line in (main.header, *main.below))
    for grid in others if whole else ():
        if names := own ^ {codes.sector(code) for code in grid.sectors}:
            said = {"file": grid.name, "line": grid.header.values["line"], "other": main.name, "names": named(names)}
            grid.header.wrong("", "sectors_differ", **said)
    for grid in grids:
        refuse_half(grid, codes)


def refuse_half(grid: Grid, codes: Codes) -> None:
    """Note sectors that have a row of one origin and none of the other, in a sheet that holds both."""
    by_origin: dict[str, set[str]] = {}
    for row in grid.of_role(SECTOR):
        by_origin.setdefault(row.origin, set()).add(codes.sector(row.code))
    every = set().union(*by_origin.values())
    for origin, sectors in by_origin.items():
        if names := every - sectors:
            where = {"file": grid.name, "line": grid.header.values["line"], "names": named(names), "origin": origin}
            grid.header.wrong("", "sectors_missing", **where)


def named(names: set[str]) -> str:
    """Return the first of some names, and how many there are more."""
    first = ", ".join(sorted(names)[:MOST_NAMED])
    return first + (f" + {len(names) - MOST_NAMED}" if len(names) > MOST_NAMED else "")


def refuse_negative(told: Sequence[Told]) -> None:
    for row in told:
        for sector, value in row.numbers.items() if row.role == "output" else ():
            if value < 0:
                row.wrong("negative_output", at=sector, value=f"{value:,.6g}")


def refuse_different_sums(
    values: Sequence[Mapping[str, Any]], categories: Sequence[str], lines: Mapping[tuple[str, str, str], Told]
) -> None:
    """Note cells of the total that are not the sum of domestic and imported, where all three are told."""
    parts = {
        origin: {row["code"]: row for row in values if row["role"] == SECTOR and row["origin"] == origin}
        for origin in (words.DOMESTIC, words.IMPORTED, words.TOTAL)
    }
    if not all(parts.values()):
        return
    for code, total in parts[words.TOTAL].items():
        wrong = 0
        domestic, imported = parts[words.DOMESTIC].get(code), parts[words.IMPORTED].get(code)
        for group, name in pairs(total, categories):
            whole, *both = (part[group].get(name, 0.0) if part else 0.0 for part in (total, domestic, imported))
            if abs(sum(both) - whole) > allowed(whole) and wrong < FIRST_MISTAKES:
                wrong += 1
                said = {"at": name, "total": f"{whole:,.10g}", "sum": f"{sum(both):,.10g}"}
                lines[SECTOR, code, words.TOTAL].wrong("not_the_sum", **said)


def pairs(row: Mapping[str, Any], categories: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield where each number of a row of the total stands that both origins may have."""
    yield from (("numbers", name) for name in row["numbers"])
    yield from (("final", name) for name in categories if name in row["final"])


def allowed(whole: float) -> float:
    """Return what rounding may make of a sum of two printed numbers: two of their last digits."""
    digits = len(f"{whole:.6f}".rstrip("0").partition(".")[2])
    return max(2.01 * 10.0**-digits if digits else 2.01, 1e-6 * abs(whole))


def refuse_unbalanced(left: Sequence[Residual], tolerance: Decimal, lines: Mapping[tuple[str, str, str], Told]) -> None:
    """Note, on the row of each sector, a residual above the tolerance."""
    rows = {code: row for (role, code, _origin), row in reversed(list(lines.items())) if role == SECTOR}
    for residual in left:
        if residual.largest_pct > tolerance:
            costs, sales = (f"{share:+,.2f}" if share is not None else "–" for share in both(residual))
            rows[residual.sector].wrong("unbalanced", costs=costs, sales=sales, tolerance=f"{tolerance.normalize():f}")


def told_twice(values: Sequence[Mapping[str, Any]]) -> list[tuple[str, float, float]]:
    """Return the sectors whose output a column tells otherwise than its row: the row counts."""
    row: Mapping[str, float] = next((said["numbers"] for said in values if said["role"] == "output"), {})
    columns = [(said["code"], said["apart"]["output"]) for said in values if tells_output(said)]
    return [(code, row[code], made) for code, made in columns if code in row and abs(made - row[code]) > allowed(made)]


def difference(told: tuple[str, float, float]) -> float:
    """Return how far a column of output is from its row, in % of the row."""
    _sector, row, column = told
    return 100 * abs(column - row) / row if row else 0.0


def refuse_twice(
    twice: Sequence[tuple[str, float, float]], tolerance: Decimal, lines: Mapping[tuple[str, str, str], Told]
) -> None:
    rows = {code: row for (role, code, _origin), row in lines.items() if role == SECTOR}
    for sector, row, column in twice:
        if difference((sector, row, column)) > tolerance:
            rows[sector].wrong("output_differs", in_row=f"{row:,.10g}", in_column=f"{column:,.10g}")


def both(residual: Residual) -> tuple[float | None, float | None]:
    return residual.costs_pct, residual.sales_pct


# What the preview says


def described(
    values: Sequence[Mapping[str, Any]],
    blocks: Mapping[str, Cells],
    categories: Sequence[str],
    left: Sequence[Residual],
    facts: Facts,
) -> dict[str, Any]:
    """Return what a table is, as the load keeps it and its page shows it."""
    worst = largest(left)
    origins = {row["file"]: set[str]() for row in values}
    for row in values:
        origins[row["file"]] |= {row["origin"]} if row["role"] == SECTOR else set()
    return facts.kept() | {
        "classification": classification_of([one.sector for one in left], facts),
        "files": [[name, sorted(found)] for name, found in origins.items()],
        "sectors": len(left),
        "categories": list(categories),
        "exports": [name for name in categories if is_export(name)],
        "has_imported": Block.IMPORTED in blocks,
        "has_jobs": Block.JOBS in blocks,
        "largest_pct": round(worst.largest_pct, 4) if worst else 0,
        "largest_sector": worst.sector if worst else "",
        "residuals": [
            [one.sector, *both(one)]
            for one in sorted(left, key=lambda one: -one.largest_pct)[:MOST_NAMED]
            if one.largest_pct
        ],
        "without_output": [one.sector for one in left if not one.output],
        "tells_costs": any(one.costs is not None for one in left),
    }
