"""What those who may not read firms are not told of the register: small groups, and what a difference would tell.

They get one-way tables: what firms told is shown by province, by sector or by size class, one at a time. Of two at once
a group could be reckoned from the other tables, however its own is withheld.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Count, Q

from capred_portal.figures import SMALL_CELL, TOTAL, Scope, small_cells
from enterprises.figures.parts import NOT_STATED, SCOPES, column_of, firms_in, key_of

REST = "-"  # after the code of a sector: the firms that name no group or class below it
ISIC = (2, 3, 4)  # digits of a division, group and class
Path = tuple[str, ...]  # section, division, group and class, as far as a firm names them


def is_one_way(scope: Scope) -> bool:
    """Tell whether at most one of province, sector and size narrows a figure or breaks it down."""
    return len({*filter(scope.get, SCOPES), *({scope.by} & set(SCOPES))}) < 2


def hidden_keys(
    scope: Scope, groups: Sequence[Any], whole: Sequence[int], parts: Mapping[Path, Sequence[int]]
) -> set[str]:
    """Return the keys of the parts to withhold, with TOTAL where the whole of the scope is to be withheld.

    `groups` are aggregates over firms, each a number of firms or people that nobody may be told when it is small; in
    the whole of the scope they come to `whole`, in its parts to `parts`. Where the scope is narrowed by what it is
    broken down by, or not broken down, its whole is a part of the register, and withheld where that part is: one query.
    """
    name = scope.by if scope.by in SCOPES else next(filter(scope.get, SCOPES), TOTAL)
    if name == TOTAL:
        return {TOTAL} if any(0 < size < SMALL_CELL for size in whole) else set()
    if name == scope.by and not scope.get(name):
        lines = [{path: sizes[at] for path, sizes in parts.items()} for at in range(len(groups))]
    else:
        lines = sizes_by(name, scope, groups)
    hidden: set[str] = set()
    for sizes in lines:
        hidden |= hidden_sectors(sizes) if name == "sector" else small_cells(codes_of(sizes))
        if 0 < sum(sizes.values()) < SMALL_CELL:
            hidden.add(TOTAL)
    return hidden | {TOTAL} if scope.get(name) in hidden else hidden


def sizes_by(name: str, scope: Scope, groups: Sequence[Any]) -> list[dict[Path, int]]:
    """Return how large each group is in every part of a scope that is not narrowed by what it is broken down by."""
    rows = firms_in(Scope(scope.role, {key: value for key, value in scope.params.items() if key not in (name, "by")}))
    rows = (rows.with_size() if name == "size" else rows).annotate(part=column_of(name))
    columns = ("sector_id", "sector__section") if name == "sector" else ("part",)
    numbers = {f"group{number}": group for number, group in enumerate(groups)}
    found = list(rows.values_list(*columns).annotate(**numbers).order_by())
    paths = [path_of(row[0] or NOT_STATED, row[1]) if name == "sector" else (key_of(name, row[0]),) for row in found]
    return [{path: row[at] or 0 for path, row in zip(paths, found, strict=True)} for at in range(-len(groups), 0)]


def codes_of(sizes: Mapping[Path, int]) -> dict[str, int]:
    return {path[0]: size for path, size in sizes.items()}


def path_of(key: str, section: str | None = None) -> Path:
    """Return the sectors that hold one, the widest first: ("C", "10", "107", "1071"); any other key stands alone."""
    return (section, *(key[:digits] for digits in ISIC if len(key) >= digits)) if section else (key,)


def hidden_sectors(sizes: Mapping[Path, int], depth: int = 0, parent: str = "", *, below: bool = False) -> set[str]:
    """Return the sectors to withhold, at every level, by their codes; `below` a sector that is withheld all are.

    Each sector is a total with the sectors right below it as parts, and each such line is withheld from as any other.
    The line of a higher level with the parts of a lower one, such as all divisions of the register, then tells nothing
    more: each section that withholds a division withholds 5 or more.
    """
    lines: dict[str, dict[Path, int]] = defaultdict(dict)
    for path, size in sizes.items():
        lines[path[depth] if len(path) > depth else parent + REST][path] = size
    totals = {code: sum(line.values()) for code, line in lines.items()}
    hidden = set(totals) if below else small_cells(totals)
    for code, line in lines.items():
        if not code.endswith(REST) and max(map(len, line)) > depth + 1:
            hidden |= hidden_sectors(line, depth + 1, code, below=code in hidden)
    return hidden


def as_hidden(by: str, key: str) -> str:
    """Return the code under which a part is withheld: of firms that name a section, those that name no more."""
    return key + REST if by == "sector" and len(key) == 1 else key


def hidden_parts(
    scope: Scope,
    keys: Iterable[str],
    groups: Sequence[Any],
    whole: Sequence[int],
    parts: Mapping[Path, Sequence[int]] | None = None,
    *,
    is_open: bool,
) -> set[str]:
    """Return the keys of what to withhold of a figure and its parts by province, sector or size.

    What `is_open` is a number that the list of these readers shows as well: its whole is told, and two ways at once.
    A whole that is withheld takes all parts with it, for one that is 0 would tell of the others.
    """
    hidden = hidden_keys(scope, groups, whole, parts or {}) if is_open or is_one_way(scope) else {TOTAL}
    found = {key for key in keys if TOTAL in hidden or as_hidden(scope.by, key) in hidden}
    return found | {TOTAL} if TOTAL in hidden and not is_open else found


def is_hidden(scope: Scope, counted: Q, firms: int) -> bool:
    """Tell whether a number that rests on the firms that are `counted`, without parts, is to be withheld."""
    return TOTAL in hidden_parts(scope, (), (Count("pk", filter=counted),), (firms,), is_open=False)
