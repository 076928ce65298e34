"""The ranking of linkages as a table, the same on the page and in a file; and what one sector buys where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.inputs.linkages import MEASURES, SORTS, Findings, Question, SectorLinkage, percent
from indicators.models import InputOutputTable

if TYPE_CHECKING:
    import pandas as pd

NOT_HELD = gettext_lazy("not in this table")
TOP_INPUTS = 6
FIRST_TRY = "50"  # percent, of the shift that a link proposes

# Column of the ranking: name of the measure, decimals, and what it is multiplied by.
NUMBERS = (
    ("power", 2, 1),
    ("sensitivity", 2, 1),
    ("gap", 2, 1),
    ("imported_share", 1, 100),
    ("total_import", 1, 100),
    ("jobs", 2, 1),
)


@dataclass(frozen=True)
class Column:
    """A column of numbers: its title, its unit, the address that sorts by it, and whether it is sorted by now."""

    title: Promise
    unit: str
    url: str
    is_sorted: bool


@dataclass(frozen=True)
class Line:
    """One line of the ranking: the sector and its numbers, each as a rounded number or the words why there is none."""

    sector: SectorLinkage
    url: str
    numbers: Sequence[float | str]

    @property
    def texts(self) -> list[str]:
        """The numbers as printed."""
        places = [places for _name, places, _times in NUMBERS]
        return [
            number if isinstance(number, str) else f"{number:,.{decimals}f}"
            for number, decimals in zip(self.numbers, places, strict=True)
        ]


def units(table: InputOutputTable) -> dict[str, str]:
    """Return the units of the columns."""
    jobs = _("%(jobs)s for each %(unit)s of demand") % {"jobs": table.job_unit or _("jobs"), "unit": table.unit_words}
    return {
        "power": _("1 is the average"),
        "sensitivity": _("1 is the average"),
        "gap": _("of each 1 of demand"),
        "imported_share": "%",
        "total_import": _("% of each 1 of demand"),
        "jobs": jobs,
    }


def page_state(table: InputOutputTable, question: Question) -> dict[str, str]:
    """Return the GET parameters of the page; what is asked by default is left out, so that many links stay short."""
    default = asdict(Question())
    asked = {name: value for name, value in asdict(question).items() if value != default[name]}
    return {"table": str(table.pk), **asked}


def page_url(findings: Findings, **changes: str) -> str:
    """Return the address of the page as it is, with the changes, from the page itself."""
    question = replace(findings.question, sector=findings.chosen.code if findings.chosen else "")
    return f"?{urlencode(page_state(findings.table, replace(question, **changes)))}"


@dataclass(frozen=True)
class View:
    """One way to look at the table: which inputs the linkages count."""

    title: Promise
    url: str
    is_shown: bool


def views_of(findings: Findings) -> list[View]:
    """Return the two ways to look at a table; none where it does not tell origins apart."""
    if findings.accounts.domestic is None or findings.accounts.imported is None:
        return []
    chosen = findings.question.measure
    return [View(title, page_url(findings, measure=code), code == chosen) for code, title in MEASURES.items()]


def columns_of(findings: Findings) -> list[Column]:
    """Return the columns of numbers of the ranking."""
    unit_of = units(findings.table)
    return [
        Column(SORTS[name], unit_of[name], f"{page_url(findings, sort=name)}#ranking", findings.question.sort == name)
        for name, _places, _times in NUMBERS
    ]


def lines_of(findings: Findings) -> list[Line]:
    """Return every sector of the ranking as a line."""
    return [
        Line(row, f"{page_url(findings, sector=row.code)}#sector", [number_of(row, *about) for about in NUMBERS])
        for row in findings.sectors
    ]


def number_of(row: SectorLinkage, name: str, places: int, times: int) -> float | str:
    value = None if row.is_idle and name in {"power", "sensitivity"} else getattr(row, name)
    return str(NOT_HELD) if value is None else round(value * times, places)


def file_header(findings: Findings) -> list[str]:
    """Return the titles of the file: those of the table on the page, each with its unit."""
    numbers = [f"{column.title} ({column.unit})" for column in columns_of(findings)]
    return [_("Rank"), _("Code"), _("Sector"), _("Why"), _("Kind"), *numbers, _("Table")]


def file_rows(findings: Findings) -> list[list[Any]]:
    """Return the lines of the file, every one naming its table."""
    return [
        [
            line.sector.place,
            line.sector.code,
            line.sector.title,
            line.sector.reasons,
            str(line.sector.quarter_words),
            *line.numbers,
            str(findings.table),
        ]
        for line in lines_of(findings)
    ]


# One sector


@dataclass(frozen=True)
class Bought:
    """One input of a sector: what, from whom, for how much, its share of all inputs; and where to go from here."""

    code: str
    title: str
    value: float
    share: float
    suppliers_url: str = ""
    shift_url: str = ""

    @property
    def amount(self) -> str:
        return f"{self.value:,.1f}"

    @property
    def percent(self) -> str:
        return percent(self.share)


@dataclass(frozen=True)
class Basket:
    """What a sector buys: its largest inputs at home and abroad; None where origins are not told apart."""

    sector: SectorLinkage
    unit: str
    home: Sequence[Bought] | None
    abroad: Sequence[Bought] | None
    either: Sequence[Bought]
    suppliers_url: str
    shift_url: str


def basket_of(findings: Findings) -> Basket | None:
    """Return what the chosen sector buys, or None where none is chosen."""
    sector, accounts, table = findings.chosen, findings.accounts, findings.table
    if sector is None:
        return None
    titles = {row.code: row.title for row in findings.sectors}
    whole = float(accounts.require("total")[sector.code].sum())

    def top(flows: pd.DataFrame | None, *, is_imported: bool = False) -> list[Bought] | None:
        if flows is None:
            return None
        largest: Any = flows[sector.code].sort_values(ascending=False, kind="stable").head(TOP_INPUTS)
        return [
            Bought(
                code=code,
                title=titles.get(code, code),
                value=float(value),
                share=float(value) / whole if whole else 0.0,
                suppliers_url=suppliers_url(table, code) if is_imported else "",
                shift_url=shift_url(table, code, sector.code) if is_imported else "",
            )
            for code, value in largest.items()
            if value > 0
        ]

    abroad = top(accounts.imported, is_imported=True)
    return Basket(
        sector=sector,
        unit=table.unit_words,
        home=top(accounts.domestic),
        abroad=abroad,
        either=top(accounts.require("total")) or [],
        suppliers_url=suppliers_url(table, sector.code),
        shift_url=abroad[0].shift_url
        if abroad
        else f"{reverse('scenarios:desk')}?{urlencode({'table': str(table.pk)})}",
    )


def suppliers_url(table: InputOutputTable, sector: str) -> str:
    """Return the address where local firms of a sector are found."""
    return f"{reverse('suppliers:list')}?{urlencode({'sector': sector, 'table': str(table.pk)})}"


def shift_url(table: InputOutputTable, bought: str, buyer: str) -> str:
    """Return the address of the scenario desk with half of an imported input moved to domestic supply."""
    shift = ":".join(quote(part) for part in (bought, buyer, FIRST_TRY))
    return f"{reverse('scenarios:desk')}?{urlencode({'table': str(table.pk), 'shift': shift})}"
