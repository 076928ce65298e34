"""What an input-output table is about: edition, economy, year, unit; from the names of its files, or as it was told."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from capred_portal.models import Load
from capred_portal.spreadsheets import SpreadsheetError
from indicators import economies
from indicators.inputs.tables import Cells, cells_of
from indicators.loaders import input_output_words as words
from indicators.loaders.published import editions
from indicators.models import InputOutputTable, SectorConcordance, Source
from indicators.models.input_output import NOT_STATED

SCOPE = ("source", "economy", "year", "unit", "job_unit", "classification", "tolerance")
TOLERANCE, MOST_TOLERATED = Decimal(1), Decimal(5)  # % of a sector's output
OECD_NAME = re.compile(r"(?i)\b([a-z]{3})((?:19|20)\d\d)(?:ttl|dom|imp)\b")
LETTERS = re.compile(r"(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])")
UNITS = {"oecd-iot": "million US$", "adb-mrio": "million US$"}
OTHER_NAMES = dict(  # of economies, as files are called
    pair.split(":")
    for pair in (
        "czech_republic:CZE korea:KOR south_korea:KOR usa:USA us:USA uk:GBR great_britain:GBR turkey:TUR russia:RUS"
        " vietnam:VNM laos:LAO lao:LAO taiwan:TWN hong_kong:HKG macedonia:MKD burma:MMR ivory_coast:CIV"
    ).split()
)
NO_ECONOMY = {"DOM", "IMP", "TTL", "IOT", "CSV"}  # letters that say something else where they stand alone


@dataclass(frozen=True)
class Facts:
    """What a table is about."""

    layout: str
    source: int | None  # None: the file itself is the edition
    economy: str
    year: int
    unit: str
    job_unit: str
    classification: str
    tolerance: Decimal

    def kept(self) -> dict[str, Any]:
        return asdict(self) | {"tolerance": str(self.tolerance)}


def facts_of(load: Load, layout: str, names: Sequence[str]) -> Facts:
    """Return what a table is about: as it was told, or else as the names of its files and sheets say."""
    told = {name: str(load.scope.get(name) or "").strip() for name in SCOPE}
    economy = told["economy"].upper() or economy_in(names)
    if layout == "adb-mrio":  # its sheets are called after the economy whose block was taken out
        economy = names[0].rpartition(" · ")[2]
    years = {year for name in names if (year := oecd(name)[1] or words.year_in(name))}
    year = int(told["year"]) if told["year"] else years.pop() if len(years) == 1 else None
    if not economy or year is None:
        lacking = "economy_and_year" if not economy and year is None else "year" if economy else "economy"
        raise SpreadsheetError(f"{lacking}_not_told")
    source = find_source(told["source"])
    units = [unit for name in names if (unit := words.unit_in(name))]
    return Facts(
        layout=layout,
        source=source.pk if source else None,
        economy=economy,
        year=year,
        unit=told["unit"] or next(iter(units), UNITS.get(layout, NOT_STATED)),
        job_unit=told["job_unit"],
        classification=slugify(told["classification"]),
        tolerance=Decimal(told["tolerance"] or TOLERANCE),
    )


def oecd(name: str) -> tuple[str, int | None]:
    """Return economy and year of a file called as the OECD does, such as KHM2020ttl.csv."""
    found = OECD_NAME.search(name)
    return (found[1].upper(), int(found[2])) if found else ("", None)


def economy_in(names: Iterable[str]) -> str:
    """Return the economy that the names of files say, by letters or in English; "" where they say none or several."""
    found = {code for name in names if (code := oecd(name)[0] or letters_in(name) or country_in(name))}
    return found.pop() if len(found) == 1 else ""


def letters_in(name: str) -> str:
    known = set(economies.letters().values()) - NO_ECONOMY
    return next((code for code in LETTERS.findall(name) if code in known), "")


def country_in(name: str) -> str:
    """Return the economy whose English name stands in a text; the longest name counts."""
    text = f"_{words.plain(name)}_"
    found = [(len(country), code) for country, code in countries().items() if f"_{country}_" in text]
    return max(found, default=(0, ""))[1]


@cache
def countries() -> dict[str, str]:
    """Return the letters of each economy by its English name, reduced for comparison."""
    titles, letters = economies.names("en"), economies.letters()
    known = {words.plain(titles[number]): code for number, code in letters.items() if number in titles}
    return OTHER_NAMES | known


def classification_of(sectors: Iterable[str], facts: Facts) -> str:
    """Return the classification that knows all sectors of a table; a name of its own where none does."""
    if facts.classification:
        return facts.classification
    known: dict[str, set[str]] = {}
    for name, sector in SectorConcordance.objects.values_list("classification", "sector").distinct():
        known.setdefault(name, set()).add(sector)
    own = set(sectors)
    fitting = [name for name, held in known.items() if own <= held]
    most = min(fitting, key=lambda name: len(known[name] - own), default="")
    return most or slugify(f"{facts.economy}-{facts.year}-{len(own)}-sectors")


# Editions


def find_source(told: str) -> Source | None:
    """Return an edition by its number, or by its code and edition with a colon between; None where nothing is told."""
    held = Source.objects.active()
    if told.isascii() and told.isdigit():
        return held.filter(pk=told).first()
    code, _colon, edition = told.partition(":")
    found = held.filter(code=code.strip(), edition=edition.strip()) if edition else held.filter(code=code.strip())
    return found.order_by("pk").last() if told else None


def table_held(facts: Facts) -> InputOutputTable | None:
    """Return the table that is held of the same edition, economy and year."""
    if facts.source is None:
        return None
    held = InputOutputTable.objects.active().filter(source=facts.source, economy=facts.economy, year=facts.year)
    return held.first()


def is_same(table: InputOutputTable, blocks: Mapping[str, Cells]) -> bool:
    """Tell whether a table that is held has these numbers."""
    held = {(block, *key): value for block, cells in cells_of(table).items() for key, value in cells.items() if value}
    return held == {(block, *key): value for block, cells in blocks.items() for key, value in cells.items() if value}


# What the page and the command ask


def check_scope(scope: Mapping[str, Any]) -> Any:
    """Return what is wrong with what was told about a table, if anything."""
    told = {name: str(scope.get(name) or "").strip() for name in SCOPE}
    if told["source"] and find_source(told["source"]) is None:
        known = "; ".join(f"{pk} = {title}" for pk, title in editions()) or "–"
        return _("There is no such edition of a source. Give the number of one: %(editions)s") % {"editions": known}
    if told["economy"] and not re.fullmatch("[A-Za-z]{3}", told["economy"]):
        return _("“%(value)s” is not the code of an economy. Write three letters, such as KHM.") % {
            "value": told["economy"]
        }
    if told["year"] and not words.YEAR.fullmatch(told["year"]):
        return _("“%(value)s” is no year. Write one such as 2022.") % {"value": told["year"]}
    return check_tolerance(told["tolerance"])


def check_tolerance(told: str) -> Any:
    try:
        is_right = Decimal(0) <= Decimal(told or TOLERANCE) <= MOST_TOLERATED
    except InvalidOperation:
        is_right = False
    return (
        ""
        if is_right
        else _("A tolerance is a number from 0 to %(most)s, in %% of a sector's output.") % {"most": MOST_TOLERATED}
    )


def fields() -> dict[str, forms.Field]:
    """Return what the page asks about a table; what is left blank is taken from the names of the files."""
    own = ("", _("The file itself: its edition is not stated"))
    blank = _("Leave it blank where the names of the files say it.")
    return {
        "source": forms.ChoiceField(label=_("Edition of the source"), choices=[own, *editions()], required=False),
        "economy": forms.CharField(label=_("Economy, three letters"), max_length=3, required=False, help_text=blank),
        "year": forms.CharField(label=_("Year"), max_length=4, required=False, help_text=blank),
        "unit": forms.CharField(label=_("Unit"), max_length=60, required=False, help_text=blank),
        "job_unit": forms.CharField(label=_("Unit of the jobs"), max_length=60, required=False),
        "classification": forms.CharField(
            label=_("Classification of its sectors"),
            max_length=40,
            required=False,
            help_text=_("Leave it blank where its sectors are those of a classification whose concordance is held."),
        ),
        "tolerance": forms.CharField(
            label=_("Tolerance, % of a sector's output"),
            max_length=5,
            required=False,
            initial=str(TOLERANCE),
            help_text=_("A table that leaves over more is refused. At most 5."),
        ),
    }


def places(loads: Iterable[Load]) -> dict[int, tuple[str, str]]:
    """Return the edition each load belongs to, as text and address; nothing where the file is its own edition."""
    found = {load.pk: find_source(str(load.scope.get("source") or "")) for load in loads}
    url = reverse("indicators:sources")
    return {pk: (str(source), f"{url}#source-{source.pk}") for pk, source in found.items() if source}
