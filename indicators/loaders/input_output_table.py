"""The rows of a table put together: domestic and imported told apart, sums left out, blocks of cells."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

from indicators.inputs.balance import residuals
from indicators.inputs.tables import Cells
from indicators.loaders import input_output_words as words
from indicators.loaders.input_output_grid import SECTOR
from indicators.models import InputOutputCell

Block = InputOutputCell.Block
Row = Mapping[str, Any]  # a row as the load keeps it
SQUARES = {words.DOMESTIC: Block.DOMESTIC, words.IMPORTED: Block.IMPORTED, words.TOTAL: Block.TOTAL}
FINALS = {words.DOMESTIC: Block.FINAL_DOMESTIC, words.IMPORTED: Block.FINAL_IMPORTED, words.TOTAL: Block.FINAL_TOTAL}
MOST_SUMMED = 12  # categories tried for sums
NET = ("b2n", "b3n", "b2a3n", "p51c", "k1", "net_operating", "consumption_of_fixed", "depreciation")
JOINED = re.compile(r"p[0-9]+(?:_p[0-9]+)+")  # P52_P53
EQUAL, ROUNDED = 1e-6, 0.01  # share, and amount, by which a sum may differ from its parts


def sectors_of(rows: Iterable[Row]) -> dict[str, tuple[str, str]]:
    """Return the sectors in the order of the first rows, each with its titles in English and Khmer."""
    found: dict[str, tuple[str, str]] = {}
    for row in rows:
        if row["role"] == SECTOR:
            found.setdefault(row["code"], (row.get("title_en", ""), row.get("title_km", "")))
    return found


def blocks_of(rows: Sequence[Row], categories: Sequence[str]) -> dict[str, Cells]:
    """Return the cells of a table, block by block; the origin that is not told is what the total leaves over."""
    parts = {origin: cells_of(rows, origin, categories) for origin in SQUARES}
    parts = {origin: part for origin, part in parts.items() if part[0]}
    if len(parts) == 3:
        del parts[words.TOTAL]
    elif words.TOTAL in parts and len(parts) == 2:
        total = parts.pop(words.TOTAL)
        told, lacking = (
            (words.DOMESTIC, words.IMPORTED) if words.DOMESTIC in parts else (words.IMPORTED, words.DOMESTIC)
        )
        parts[lacking] = (less(total[0], parts[told][0]), less(total[1], parts[told][1]))
    blocks: dict[str, Cells] = {}
    for origin, (square, final) in parts.items():
        blocks[SQUARES[origin]], blocks[FINALS[origin]] = square, final
    return blocks | primary_blocks(rows) | import_blocks(rows, set(parts), categories)


def cells_of(rows: Sequence[Row], origin: str, categories: Sequence[str]) -> tuple[Cells, Cells]:
    """Return inputs and final demand of one origin."""
    square: Cells = {}
    final: Cells = {}
    for row in rows:
        if row["role"] == SECTOR and row["origin"] == origin:
            square |= {(row["code"], column): value for column, value in row["numbers"].items()}
            final |= {(row["code"], name): row["final"].get(name, 0.0) for name in categories}
    return square, final


def less(total: Cells, part: Cells) -> Cells:
    """Return what is left of cells; what a computer adds behind the ninth digit is taken off."""
    return {key: round(value - part.get(key, 0.0), 9) for key, value in total.items()}


def primary_blocks(rows: Sequence[Row]) -> dict[str, Cells]:
    """Return output, value added as a whole with its parts, taxes and jobs, as far as they are told."""
    blocks: dict[str, Cells] = {Block.OUTPUT: output_of(rows)}
    earned = first_of(rows, "value_added")
    parts = once([row for row in rows if row["role"] == "part"])
    if earned is None and parts:
        gross = [row for row in parts if not words.plain(row["code"]).startswith(NET)]
        earned = {"numbers": summed(gross if len(gross) > 1 else parts)}
    if earned is not None:
        blocks[Block.VALUE_ADDED] = in_row("", earned) | {
            key: value for row in parts for key, value in in_row(row["code"], row).items()
        }
    taxes = once([row for row in rows if row["role"] == "taxes"])
    if taxes:
        whole = [row for row in taxes if "d31" in words.plain(row["code"]) and "d21" in words.plain(row["code"])]
        blocks[Block.TAXES] = {key: value for row in whole or taxes for key, value in in_row(row["code"], row).items()}
    jobs = first_of(rows, "jobs")
    worked = [row for row in rows if row["role"] == "jobs_part"]
    if jobs or worked:
        blocks[Block.JOBS] = in_row("", jobs or {"numbers": summed(worked)})
    return blocks


def output_of(rows: Sequence[Row]) -> Cells:
    """Return the output of each sector from its row, or from a column of its own."""
    if (row := first_of(rows, "output")) is not None:
        return in_row("", row)
    return {("", row["code"]): row["apart"]["output"] for row in rows if tells_output(row)}


def tells_output(row: Row) -> bool:
    """Tell whether a row holds the output of its sector; in the row of imports that column is their sum."""
    return "output" in row["apart"] and row["origin"] != words.IMPORTED


def import_blocks(rows: Sequence[Row], origins: set[str], categories: Sequence[str]) -> dict[str, Cells]:
    """Return imports told as one row or column, where they are not told apart by product and buyer."""
    row = first_of(rows, "imports")
    if origins == {words.DOMESTIC} and row is not None:
        return {Block.IMPORTS: in_row("", row) | {("", name): row["final"].get(name, 0.0) for name in categories}}
    if origins == {words.TOTAL}:
        columns = {(row["code"], ""): abs(row["apart"]["imports"]) for row in rows if "imports" in row["apart"]}
        by_product = {(code, ""): value for code, value in row["numbers"].items()} if row is not None else {}
        return {Block.SUPPLIED_IMPORTS: columns or by_product} if columns or by_product else {}
    return {}


def first_of(rows: Iterable[Row], role: str) -> Row | None:
    return next((row for row in rows if row["role"] == role), None)


def once(rows: Iterable[Row]) -> list[Row]:
    """Return the rows, each code once: several sheets may repeat them."""
    return list({row["code"]: row for row in reversed(list(rows))}.values())[::-1]


def in_row(code: str, row: Row) -> Cells:
    return {(code, column): value for column, value in row["numbers"].items()}


def summed(rows: Iterable[Row]) -> dict[str, float]:
    """Return the sum of rows, sector by sector."""
    total: dict[str, float] = {}
    for row in rows:
        for column, value in row["numbers"].items():
            total[column] = total.get(column, 0.0) + value
    return total


# Which categories count


def leaves(rows: Sequence[Row], categories: Sequence[str]) -> list[str]:
    """Return the categories that are no sums of others by their codes: P3 is P3_S13 and P3_S14, P52_P53 its parts.

    Where the parts do not add up to their sum, the sum counts and the parts do not.
    """
    children = {name: [other for other in categories if is_part(other, name)] for name in categories}
    left = list(categories)
    for name in sorted(categories, key=lambda name: -len(children[name])):
        lowest = [child for child in children[name] if not children[child]]
        if not lowest or name not in left:
            continue
        if is_sum(rows, name, lowest):
            left.remove(name)
        else:
            left = [other for other in left if other not in children[name]]
    return left


def is_part(code: str, whole: str) -> bool:
    """Tell whether a category is part of another by its code."""
    part, parent = words.plain(code), words.plain(whole)
    if JOINED.fullmatch(parent) and part in parent.split("_"):
        return True
    joined = JOINED.fullmatch(part) and parent in part.split("_")
    return part != parent and not joined and part.startswith(parent) and parent[-1:].isdigit()


def is_sum(rows: Sequence[Row], name: str, parts: Sequence[str]) -> bool:
    """Tell whether a category is the sum of others in every row that tells it."""
    told = [row["final"] for row in rows if row["role"] == SECTOR and name in row["final"]]
    size = max((abs(final[name]) for final in told), default=0.0)
    left = (abs(final[name] - sum(final.get(part, 0.0) for part in parts)) for final in told)
    return all(over <= max(EQUAL * size, ROUNDED) for over in left)


def is_near(whole: float, parts: Sequence[float]) -> bool:
    return abs(whole - sum(parts)) <= max(EQUAL * abs(whole), ROUNDED)


def without_sums(rows: Sequence[Row], categories: Sequence[str]) -> list[str]:
    """Return the categories without one that is the sum of some of the others, whatever it is called."""
    left = list(categories)
    if len(left) > MOST_SUMMED:
        return left
    for name in categories:
        others = [other for other in left if other != name and not is_sum(rows, other, ())]
        told = [row["final"] for row in rows if row["role"] == SECTOR and name in row["final"]]
        most = max(told, key=lambda final: abs(final[name]))
        groups = (group for size in range(2, len(others) + 1) for group in combinations(others, size))
        near = (group for group in groups if is_near(most[name], [most.get(part, 0.0) for part in group]))
        if any(is_sum(rows, name, group) for group in near):
            left.remove(name)
    return left


# Which reading balances


def imbalance(blocks: Mapping[str, Cells], sectors: Sequence[str]) -> float:
    """Return what a table leaves over in all, to compare two readings of it."""
    left = residuals(blocks, sectors)
    return sum(abs(residual.costs or 0.0) + abs(residual.sales or 0.0) for residual in left)


def best_categories(rows: Sequence[Row], categories: Sequence[str]) -> list[str]:
    """Return the categories of final demand that count: sums are left out, first by code, then where it balances."""
    sectors = list(sectors_of(rows))
    by_code = leaves(rows, categories)
    by_number = without_sums(rows, by_code)
    tried = [by_code] if by_code == by_number else [by_code, by_number]
    return min(tried, key=lambda names: imbalance(blocks_of(rows, names), sectors))


def with_origin(rows: Sequence[Row], origin: str) -> list[dict[str, Any]]:
    """Return the rows with an origin where none is told."""
    return [{**row, "origin": row["origin"] or (origin if row["role"] == SECTOR else "")} for row in rows]


def with_taxes(rows: Sequence[Row], categories: Sequence[str]) -> list[dict[str, Any]]:
    """Return the rows with taxes as part of value added where only so the table balances: it holds them already."""
    apart = [dict(row) for row in rows]
    within = [{**row, "role": "part"} if row["role"] == "taxes" else dict(row) for row in rows]
    if first_of(rows, "taxes") is None or first_of(rows, "value_added") is None:
        return apart
    sectors = list(sectors_of(rows))
    return min((apart, within), key=lambda reading: imbalance(blocks_of(reading, categories), sectors))


def settled(rows: Sequence[Row], categories: Sequence[str]) -> list[dict[str, Any]]:
    """Return the rows with an origin for each: what is not told is what balances."""
    if all(row["origin"] for row in rows if row["role"] == SECTOR):
        return [dict(row) for row in rows]
    sectors = list(sectors_of(rows))
    told = {row["origin"] for row in rows if row["role"] == SECTOR} - {""}
    open_origins = [origin for origin in (words.TOTAL, words.DOMESTIC, words.IMPORTED) if origin not in told]
    readings = [with_origin(rows, origin) for origin in open_origins]

    def left(reading: Sequence[Row]) -> float:
        return imbalance(blocks_of(reading, best_categories(reading, categories)), sectors)

    return min(readings, key=left)
