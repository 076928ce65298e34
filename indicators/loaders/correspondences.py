"""Loading what an HS code is for and who makes such goods: several rows of one code are put together."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from capred_portal import columns
from capred_portal.bulk import bulk_change, bulk_load
from capred_portal.load_kinds import CheckedRow, Column, Line, LoadKind, register, stored
from capred_portal.load_tables import batches
from capred_portal.models import Load, LoadRow
from enterprises import hs
from enterprises.models import Sector
from indicators.loaders.published import check_scope, editions, places
from indicators.models import Correspondence

Outcome, EndUse = LoadRow.Outcome, Correspondence.EndUse
FIELDS = {
    "hs6": "hs_code",
    "bec4_code": "bec_codes",
    "sna_end_use": "end_use",
    "isic4_classes": "isic_classes",
    "description": "title_en",
    "description_km": "title_km",
}
TOLD = tuple(FIELDS)[1:]
NEEDED = ("hs6", "sna_end_use")
MARK = "|"
NOT_SPECIFIED = "999999"

MESSAGES: dict[str, Any] = {
    **hs.MESSAGES,
    "bec": _("“%(value)s” is no broad economic category. Write up to three digits, like 111."),
    "end_use": _("“%(value)s” is no end use. Write intermediate, capital, consumption or unclassified."),
    "group_wrong": _("Another row of this code is wrong: line %(line)s. Correct it first."),
    "isic_class": _("ISIC Rev.4 has no such class: %(value)s. Write four digits, several with | between them."),
    "isic_division": _("These are not the divisions of the classes: %(value)s."),
    "six_digits": _("“%(value)s” has not six digits. The correspondence is told for codes of six digits."),
}


# Cells


def subheading(cell: str) -> Any:
    """Read an HS code of six digits; 999999 stands for goods that no chapter holds."""
    if cell.strip() == NOT_SPECIFIED:
        return NOT_SPECIFIED
    code = hs.hs_code(cell)
    if isinstance(code, str) and len(code) != 6:
        raise columns.CellError("six_digits", cell)
    return code


def category(cell: str) -> Any:
    """Read broad economic categories: up to three digits each."""
    return several(cell, "[1-7][0-9]{0,2}", "bec")


def classes(cell: str) -> Any:
    """Read ISIC classes, four digits each; whether they exist is looked up for all rows at once."""
    return several(cell, "[0-9]{4}", "isic_class")


def several(cell: str, pattern: str, code: str) -> Any:
    """Read several codes with a bar, a semicolon or a space between them."""
    value = columns.text(cell, 500)
    if not isinstance(value, str):
        return value
    parts = [part for part in re.split(r"[|;,\s]+", value) if part]
    if not all(re.fullmatch(pattern, part) for part in parts):
        raise columns.CellError(code, value)
    return MARK.join(sorted(set(parts)))


def end_use(cell: str) -> Any:
    """Read an end use; what a source calls unclassified, for whatever reason, is not classified."""
    value = columns.text(cell, 200)
    if not isinstance(value, str):
        return value
    word = value.partition(" ")[0].lower()
    if word not in EndUse.values:
        raise columns.CellError("end_use", value)
    return word


# Putting together


@dataclass
class Group:
    """All rows of one code, and what they say together."""

    lines: list[Line] = field(default_factory=list)

    @property
    def values(self) -> dict[str, Any]:
        told = [line.values for line in self.lines]
        uses = {values["sna_end_use"] for values in told}
        return {
            "hs6": told[0]["hs6"],
            "bec4_code": union(values.get("bec4_code") for values in told),
            "sna_end_use": uses.pop() if len(uses) == 1 else EndUse.SEVERAL.value,
            "isic4_classes": union(values.get("isic4_classes") for values in told),
            "description": first(values.get("description") for values in told),
            "description_km": first(values.get("description_km") for values in told),
        }


def union(cells: Iterable[Any]) -> str:
    """Return all codes of some cells, each once."""
    return MARK.join(sorted({part for cell in cells if isinstance(cell, str) for part in cell.split(MARK) if part}))


def first(cells: Iterable[Any]) -> str:
    return next((cell for cell in cells if isinstance(cell, str) and cell), "")


class CorrespondenceChecker:
    """Compares a whole file with one edition: the rows of a code may stand anywhere in it."""

    def __init__(self, load: Load) -> None:
        self.source = int(load.scope["source"])

    def counts(self) -> dict[str, Any]:
        return {}

    def check(self, lines: list[Line]) -> list[CheckedRow]:
        """Return what each line would do; the first row of a code carries it, the others are part of it."""
        groups: dict[str, Group] = {}
        seen: dict[tuple[Any, ...], int] = {}
        known_classes = set(Sector.objects.classes().values_list("code", flat=True))
        for line in lines:
            refuse(line, known_classes, seen)
            if code := line.text("hs6"):
                groups.setdefault(code, Group()).lines.append(line)
        for group in groups.values():
            refuse_group(group)
        rows = Correspondence.objects.filter(source=self.source).values_list("pk", "load", *FIELDS.values())
        held = {code: (pk, load, dict(zip(TOLD, told, strict=True))) for pk, load, code, *told in rows}
        return [row_of(line, groups.get(line.text("hs6")), held.get(line.text("hs6"))) for line in lines]


def refuse(line: Line, known_classes: set[str], seen: dict[tuple[Any, ...], int]) -> None:
    """Note what is wrong with a line by itself: blanks, classes that do not exist, the same row again."""
    wrong = {error["column"] for error in line.errors}
    for name in NEEDED:
        if line.values.get(name) in (None, columns.CLEAR) and name not in wrong:
            line.wrong(name, "missing")
    if unknown := {*line.text("isic4_classes").split(MARK)} - known_classes - {""}:
        line.wrong("isic4_classes", "isic_class", value=", ".join(sorted(unknown)))
    told = {part[:2] for part in line.text("isic4_classes").split(MARK) if part}
    divisions = {part for part in line.text("isic4_divisions").split(MARK) if part}
    if divisions and told and divisions != told:
        line.wrong("isic4_divisions", "isic_division", value=", ".join(sorted(divisions)))
    key = tuple(line.text(name) for name in ("hs6", "bec4_code", "sna_end_use", "isic4_classes"))
    if not line.errors and (number := seen.setdefault(key, line.number)) != line.number:
        line.wrong("", "repeated", line=number)


def refuse_group(group: Group) -> None:
    """A code of which one row is wrong is left out whole: half of what it may be would be a guess."""
    wrong = next((line.number for line in group.lines if line.errors), None)
    for line in group.lines:
        if wrong is not None and not line.errors:
            line.wrong("", "group_wrong", line=wrong)


def row_of(line: Line, group: Group | None, known: tuple[int, int | None, Mapping[str, Any]] | None) -> CheckedRow:
    """Return one line of the preview."""
    if line.errors or group is None:
        return CheckedRow(line.number, Outcome.WRONG, raw=line.raw, values=stored(line.values), errors=line.errors)
    if line is not group.lines[0]:
        return CheckedRow(line.number, Outcome.UNCHANGED, values={"hs6": line.values["hs6"]})
    values = group.values
    if known is None:
        return CheckedRow(line.number, Outcome.NEW, values=values)
    pk, load, held = known
    before = {name: held[name] for name in TOLD if values[name] != held[name] and (values[name] or name in CODES)}
    if not before:
        return CheckedRow(line.number, Outcome.UNCHANGED, values=values, target=pk)
    return CheckedRow(line.number, Outcome.CHANGED, {}, {**held, **drop_blanks(values)}, (), pk, load, before)


CODES = ("bec4_code", "sna_end_use", "isic4_classes")  # blank is told too; a blank title leaves what is there


def drop_blanks(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value or name in CODES}


# Writing and taking back


def write(load: Load) -> bool:
    """Write what the preview promised; False when another load has told these codes since."""
    for batch in batches(load, Outcome.CHANGED):
        told = {pk: earlier for _line, pk, earlier, _values, _before in batch}
        if dict(Correspondence.objects.filter(pk__in=told).values_list("pk", "load")) != told:
            return False
        bulk_change(Correspondence, (*FIELDS.values(), "load_id"), [(r[1], *cells(r[3]), load.pk) for r in batch])
    for batch in batches(load, Outcome.NEW):
        shared = {"source_id": int(load.scope["source"]), "load_id": load.pk}
        bulk_load(Correspondence, tuple(FIELDS.values()), [cells(row[3]) for row in batch], constants=shared)
    return True


def cells(values: Mapping[str, Any]) -> list[Any]:
    return [values.get(name, "") for name in FIELDS]


def undo_blockers(load: Load) -> list[tuple[Any, int]]:
    """Count the codes that a later load has told otherwise."""
    written = load.rows.filter(outcome__in=(Outcome.NEW, Outcome.CHANGED)).count()
    return [(_("codes that a later load has changed"), written - Correspondence.objects.filter(load=load).count())]


def undo(load: Load, _by: Any) -> None:
    """Give changed codes back what was told before, and delete what this load brought."""
    for batch in batches(load, Outcome.CHANGED):
        was: Sequence[tuple[Any, ...]] = [
            (pk, *cells({**values, **before}), earlier) for _line, pk, earlier, values, before in batch
        ]
        bulk_change(Correspondence, (*FIELDS.values(), "load_id"), was)
    Correspondence.objects.filter(load=load).delete()


TITLE = partial(columns.text, max_length=500)
DIVISION = partial(several, pattern="[0-9]{2}", code="isic_class")
COLUMNS = (
    Column("hs6", "HS code", "កូដ HS", subheading, ("hs", "hs code", "hs_code", "hs 2022"), "520812"),
    Column("bec4_code", "Broad economic category", "ប្រភេទសេដ្ឋកិច្ចទូទៅ", category, ("bec", "bec4", "bec code"), "121"),
    Column("sna_end_use", "End use", "ការប្រើប្រាស់ចុងក្រោយ", end_use, ("end use", "end_use"), "intermediate"),
    Column("isic4_divisions", "ISIC divisions", "ផ្នែក ISIC", DIVISION, ("isic divisions",), "13"),
    Column("isic4_classes", "ISIC classes", "ថ្នាក់ ISIC", classes, ("isic", "isic4", "isic classes"), "1312|1313"),
    Column("description", "Title in English", "ចំណងជើងជាភាសាអង់គ្លេស", TITLE, ("title", "title_en"), "Woven cotton"),
    Column("description_km", "Title in Khmer", "ចំណងជើងជាភាសាខ្មែរ", TITLE, ("title_km",), ""),
)

register(
    LoadKind(
        name="correspondence",
        title=_("What HS codes are for, and who makes such goods"),
        about=_(
            "One edition of a correspondence from HS codes of six digits to broad economic categories, end uses and"
            " ISIC classes. Several rows of one code are put together: where they differ, all of them are kept."
        ),
        columns=COLUMNS,
        needs_one_of=("hs6",),
        start=CorrespondenceChecker,
        write=write,
        undo_blockers=undo_blockers,
        undo=undo,
        messages=MESSAGES,
        apps=("indicators",),
        scope=("source",),
        ask=editions,
        check_scope=check_scope,
        max_rows=50_000,
        max_rows_xlsx=50_000,
        places=places,
        labels=lambda: {"sna_end_use": dict(EndUse.choices)},
        shown=(("hs6",), ("description",)),
    )
)
