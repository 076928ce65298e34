"""How a number over the register is computed, of a scope and of its parts, and who gets which of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from capred_portal.figures import TOTAL, Exclusion, Figure, Scope, Words, small_cells
from enterprises.coverage import coverage
from enterprises.figures.parts import NOT_STATED, column_of, firms_in, key_of, labels_of
from enterprises.figures.withheld import hidden_parts, path_of

HIDDEN = ("women", "exporting", "imports", "measure")  # parameters that lists of officers do not know
ALL = Q(pk__isnull=False)
SILENT = _("enterprises that do not state it")


@dataclass(frozen=True)
class Cell:
    """What a part of the register adds up to: the number, the firms behind, silent, invented, all, groups beside.

    Of a division it knows the section.
    """

    value: int | Decimal | None
    firms: int
    silent: int
    demo: int
    all: int
    beside: tuple[int, ...] = ()
    section: str = ""

    @property
    def groups(self) -> tuple[int, ...]:
        """How large each group is that the number tells of."""
        return (self.firms, *self.beside)


def cells(
    scope: Scope, value: Any, *, counted: Q, stated: Q, beside: Sequence[Any] = ()
) -> tuple[Cell, dict[str, Cell]]:
    """Return the whole and its parts, each from one query; `counted` are the firms that stand behind the value."""
    rows = firms_in(scope)
    numbers = {
        "number": value,
        "behind": Count("pk", filter=counted),
        "silent": Count("pk", filter=~stated),
        "demo": Count("pk", filter=Q(is_demo=True) & counted),
        "all": Count("pk"),
        **{f"group{number}": group for number, group in enumerate(beside)},
    }

    def cell(found: Sequence[Any], section: str = "") -> Cell:
        value, firms, silent, demo, every, *sizes = found
        return Cell(value, firms, silent, demo, every, tuple(size or 0 for size in sizes), section or "")

    whole = cell(list(rows.aggregate(**numbers).values()))
    if not scope.by:
        return whole, {}
    rows = rows.with_size() if scope.by == "size" else rows
    section = F("sector__section") if scope.by == "sector" else Value("")
    parts = rows.annotate(part=column_of(scope.by), section=section).values_list("part", "section")
    found = parts.annotate(**numbers).order_by()
    return whole, {key_of(scope.by, part): cell(numbers, section) for part, section, *numbers in found}


def link(scope: Scope, **extra: str) -> str:
    """Return the address of the firms behind a figure; none where the reader's list does not know a filter."""
    is_section = scope.by == "sector" and len(extra.get("sector", "")) == 1
    if is_section or (scope.hides_small_cells and any(name in extra for name in HIDDEN)):
        return ""
    return reverse("enterprises:list") + scope.query(**extra)


@dataclass(frozen=True)
class Measure:
    """How a figure is computed: its number, which firms stand behind it, which answered, and where its rows are."""

    code: str
    title: Words
    unit: Words
    value: Any
    counted: Q = ALL
    stated: Q = ALL
    rows: tuple[tuple[str, str], ...] | None = ()  # parameters of the list; None: no list adds up to the number
    silent: Words = ""
    empty: int | None = 0  # the number of a part without firms
    is_open: bool = False  # whether the list of those who may not read firms shows the number as well
    beside: tuple[Any, ...] = ()  # further numbers of firms or people that the value would tell of


def figures_of(measure: Measure, scope: Scope) -> dict[str, Figure]:
    """Return the figure of a scope and its parts; small parts are withheld from those who may not read firms."""
    whole, parts = cells(scope, measure.value, counted=measure.counted, stated=measure.stated, beside=measure.beside)
    return figures_from(measure, scope, whole, parts)


def figures_from(measure: Measure, scope: Scope, whole: Cell, parts: dict[str, Cell]) -> dict[str, Figure]:
    """Return the figure of cells that are known, as `figures_of`."""
    names = labels_of(scope.by, set(parts))
    found = {key: parts.get(key, Cell(measure.empty, 0, 0, 0, 0)) for key in names}
    figures = {key: one(measure, scope, names[key], cell, **{scope.by: key}) for key, cell in found.items()}
    total = replace(one(measure, scope, measure.title, whole), source=source_of(scope, whole.all))
    if measure.silent and whole.silent:
        total = replace(total, excluded=(Exclusion(measure.silent, whole.silent),))
    figures = {TOTAL: total, **figures}
    return withheld(measure, scope, figures, whole, parts) if scope.hides_small_cells else figures


def one(measure: Measure, scope: Scope, label: Words, cell: Cell, **extra: str) -> Figure:
    """Return the figure of one cell."""
    return Figure(
        code=measure.code,
        label=label,
        value=cell.value,
        unit=measure.unit,
        state="missing" if cell.value is None else "value",
        rows_url="" if measure.rows is None else link(scope, **dict(measure.rows), **extra),
        has_demo=cell.demo > 0,
        scope=scope,
    )


def withheld(
    measure: Measure, scope: Scope, figures: dict[str, Figure], whole: Cell, parts: dict[str, Cell]
) -> dict[str, Figure]:
    """Withhold what rests on fewer than 5 firms and, so that no difference reveals them, the next smallest part.

    Parts are judged by the firms behind them: one firm's large number is no less that firm's.
    """
    groups = (Count("pk", filter=measure.counted), *measure.beside)
    keys = figures.keys() - {TOTAL}
    if scope.by == "year":  # what a firm told for several years: no part of the register
        hidden = hidden_parts(scope, (), groups, whole.groups, is_open=measure.is_open)
        hidden |= keys if TOTAL in hidden else small_cells({key: cell.firms for key, cell in parts.items()})
    else:
        sizes = {path_of(key, cell.section): cell.groups for key, cell in parts.items()}
        hidden = hidden_parts(scope, keys, groups, whole.groups, sizes, is_open=measure.is_open)
    return {key: figure.as_withheld() if key in hidden else figure for key, figure in figures.items()}


def place_of(scope: Scope) -> dict[str, Any]:
    """Return the province and sector of a scope."""
    return {name: scope.get(name) for name in ("province", "sector") if scope.get(name) != NOT_STATED}


def source_of(scope: Scope, firms: int) -> str:
    """Return what part of all firms the figure speaks of."""
    return coverage(firms, **place_of(scope), narrowed=bool(scope.get("size"))).words


def in_tenths(figures: dict[str, Figure]) -> dict[str, Figure]:
    """Round shares to one decimal."""

    def rounded(one: Figure) -> Figure:
        return one if one.value is None else replace(one, value=round(Decimal(one.value), 1))

    return {key: rounded(one) for key, one in figures.items()}
