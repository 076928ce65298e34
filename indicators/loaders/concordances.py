"""Loading which divisions of ISIC the sectors of a classification lie in, with weights that make up the whole."""

from collections import defaultdict
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from capred_portal import columns
from capred_portal.load_kinds import CheckedRow, Column, Line, LoadKind, register, stored
from capred_portal.models import Load, LoadRow
from enterprises.models import Sector
from indicators.loaders.input_output_scope import find_source
from indicators.loaders.published import check_scope, editions, places
from indicators.models import SectorConcordance

Outcome = LoadRow.Outcome
NEEDED = ("classification", "sector", "division", "weight")
ROUNDING = Decimal("0.00001")  # what six digits of several weights may leave over

MESSAGES: dict[str, Any] = {
    "division": _("“%(value)s” is no division of ISIC Rev.4. Write two digits, such as 13."),
    "held": _(
        "This edition holds other divisions or weights of the sector %(sector)s. Undo that load, or load this as"
        " another edition."
    ),
    "slug": _("“%(value)s” is no name of a classification. Write small letters, digits and hyphens, such as cpa-a64."),
    "weights": _("The weights of the sector %(sector)s add up to %(sum)s. They must add up to 1."),
}


def slug(cell: str) -> Any:
    """Read the name of a classification."""
    text = columns.text(cell, 40)
    if isinstance(text, str) and not text.replace("-", "").isalnum():
        raise columns.CellError("slug", text)
    return text.lower() if isinstance(text, str) else text


class ConcordanceChecker:
    """Compares a whole file with what its edition holds: a sector is told completely, or not at all."""

    def __init__(self, load: Load) -> None:
        self.source = find_source(str(load.scope["source"]))

    def counts(self) -> dict[str, Any]:
        return {}

    def check(self, lines: list[Line]) -> list[CheckedRow]:
        divisions = set(Sector.objects.divisions().values_list("code", flat=True))
        groups: dict[tuple[str, str], list[Line]] = defaultdict(list)
        seen: dict[tuple[str, ...], int] = {}
        for line in lines:
            check_line(line, divisions)
            key = (line.text("classification"), line.text("sector"))
            groups[key].append(line)
            if (
                not line.errors
                and (first := seen.setdefault((*key, line.text("division")), line.number)) != line.number
            ):
                line.wrong("", "repeated", line=first)
        same = self.compare(groups)
        return [
            CheckedRow(line.number, outcome(line, same), line.raw, stored(line.values), line.errors) for line in lines
        ]

    def compare(self, groups: dict[tuple[str, str], list[Line]]) -> set[int]:
        """Return the lines that are held already; note sectors that are not whole, or held with other weights."""
        held: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(dict)
        known = SectorConcordance.objects.filter(source=self.source)
        for name, sector, division, weight in known.values_list("classification", "sector", "division", "weight"):
            held[name, sector][division] = weight
        same = set()
        for key, group in groups.items():
            if any(line.errors for line in group):
                continue
            told = {line.text("division"): line.values["weight"] for line in group}
            total = sum(told.values(), Decimal(0))
            for line in group:
                if abs(total - 1) > ROUNDING:
                    line.wrong("weight", "weights", sector=key[1], sum=f"{total.normalize():f}")
                elif key in held and held[key] != told:
                    line.wrong("sector", "held", sector=key[1])
            if held.get(key) == told:
                same |= {line.number for line in group}
        return same


def check_line(line: Line, divisions: set[str]) -> None:
    for name in NEEDED:
        if line.values.get(name) in (None, columns.CLEAR) and name not in {error["column"] for error in line.errors}:
            line.wrong(name, "missing")
    division = line.text("division")
    if division and division.zfill(2) in divisions:
        line.values["division"] = division.zfill(2)
    elif division:
        line.wrong("division", "division", value=division)


def outcome(line: Line, same: set[int]) -> str:
    if line.errors:
        return Outcome.WRONG
    return Outcome.UNCHANGED if line.number in same else Outcome.NEW


def write(load: Load) -> bool:
    """Write the new rows; False when the edition has been given one of their sectors meanwhile."""
    source = find_source(str(load.scope["source"]))
    told = list(load.rows.filter(outcome=Outcome.NEW).values_list("values", flat=True))
    sectors = {(row["classification"], row["sector"]) for row in told}
    held = SectorConcordance.objects.filter(source=source).values_list("classification", "sector")
    if source is None or sectors & set(held):
        return False
    SectorConcordance.objects.bulk_create(
        SectorConcordance(source=source, load=load, **{name: row[name] for name in NEEDED}) for row in told
    )
    return True


def undo(load: Load, _by: Any) -> None:
    """Take the rows of a load out: nothing hangs on them, and no figure is kept of them."""
    SectorConcordance.objects.filter(load=load).delete()


register(
    LoadKind(
        name="sector-concordance",
        title=_("Concordance of sectors to ISIC"),
        about=_(
            "Which divisions of ISIC the sectors of an input-output table lie in; the weights of a sector add up to 1."
        ),
        columns=(
            Column("classification", "Classification", "ចំណាត់ថ្នាក់", slug, (), "adb-35", repeats=True),
            Column("sector", "Sector", "វិស័យ", partial(columns.text, max_length=40), ("code",), "c4"),
            Column(
                "division",
                "ISIC division",
                "ផ្នែក ISIC",
                partial(columns.text, max_length=5),
                ("isic",),
                "13",
                repeats=True,
            ),
            Column(
                "weight",
                "Weight",
                "ទម្ងន់",
                partial(columns.decimal, max_digits=7, decimal_places=6, minimum=Decimal("0.000001"), maximum=1),
                ("share",),
                "0.5",
                repeats=True,
            ),
        ),
        needs_one_of=("sector",),
        start=ConcordanceChecker,
        write=write,
        undo_blockers=lambda _load: [],
        undo=undo,
        messages=MESSAGES,
        apps=("indicators",),
        scope=("source",),
        ask=editions,
        check_scope=check_scope,
        places=places,
        max_rows=20_000,
        max_rows_xlsx=20_000,
        shown=(("sector",), ("division",), ("weight",)),
    )
)
