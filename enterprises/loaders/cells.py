"""How cells of the register's spreadsheets are read: codes of places and sectors, firms by number or name, money."""

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from difflib import get_close_matches
from functools import cache, partial
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from capred_portal import columns
from capred_portal.columns import CellError
from capred_portal.load_kinds import Line
from capred_portal.matching import ascii_digits, firm_key, search_key
from enterprises.models import District, Enterprise, Province, Sector

CHUNK = 5_000  # keys looked up by one query
_SHORTENED = re.compile(r"[0-9](?:\.[0-9]+)?E\+[0-9]+", re.IGNORECASE)
_ISIC = re.compile(r"([A-U])?\s*\.?\s*([0-9][0-9. ]*)?(?:[\s:–—-]+\D.*)?", re.IGNORECASE)

MESSAGES: dict[str, Any] = {
    "ambiguous_enterprise": _("Several firms are called “%(value)s”. Write the registration number."),
    "district_elsewhere": _("The district “%(value)s” is not in this province."),
    "isic_short": _("“%(value)s” may be group %(value)s, or class 0%(value)s that lost its zero. Write four digits."),
    "isic_unknown": _("“%(value)s” is no code of ISIC Rev.4. The nearest is: %(nearest)s."),
    "lost_zeros": _("The register has “%(nearest)s”. Did the zeros at the beginning of “%(value)s” get lost?"),
    "no_enterprise": _("No firm of the register has this number or name: “%(value)s”."),
    "no_name": _("Write the name in Latin or in Khmer script, or both."),
    "number_shortened": columns.MESSAGES["number_shortened"],
    "place_unknown": _("“%(value)s” is not known. The nearest is: %(nearest)s."),
}


def words(limit: int) -> Callable[[str], Any]:
    """Return the reader of a text of at most that many characters."""
    return partial(columns.text, max_length=limit)


def number_of_register(cell: str) -> Any:
    """Read a registration number: text whose digits and zeros are kept; Khmer digits become 0 to 9."""
    value = columns.text(cell, max_length=40)
    if isinstance(value, str):
        value = ascii_digits(value)
        if _SHORTENED.fullmatch(value):
            raise CellError("number_shortened", value)
    return value


def money(cell: str) -> Any:
    """Read an amount in US$, to the cent."""
    bare = cell.replace("US$", "").replace("USD", "").replace("$", "")
    return in_hundredths(columns.decimal(bare, max_digits=16, minimum=0))


def percent(cell: str) -> Any:
    """Read a share in per cent: 35, 35.5 or 35 %."""
    return in_hundredths(columns.decimal(cell.replace("%", ""), max_digits=5, minimum=0, maximum=100))


def in_hundredths(value: Any) -> Any:
    """Return a decimal with two places, as the database gives it back, so that equal amounts are equal text."""
    return value.quantize(Decimal("0.01")) if isinstance(value, Decimal) else value


@cache
def choice_keys(choices: Any, words_of: Callable[[], Mapping[str, tuple[str, ...]]] = dict) -> dict[str, str]:
    """Return what a cell may say, reduced for comparison -> code; labels in both languages."""
    labels: dict[str, set[str]] = {}
    for language in ("en", "km"):
        with override(language):
            for code, label in choices.choices:
                if code:
                    labels.setdefault(str(code), set()).add(str(label))
    for code, spellings in words_of().items():
        labels[code] |= set(spellings)
    return columns.choice_keys(labels)


def choice(cell: str, choices: Any, words_of: Callable[[], Mapping[str, tuple[str, ...]]] = dict) -> Any:
    """Read one of a field's choices, by its code or a label in either language."""
    return columns.choice(cell, choice_keys(choices, words_of))


class Codes:
    """Sectors, provinces and districts by code and name, read once for a whole file."""

    def __init__(self) -> None:
        self.sectors = dict(Sector.objects.values_list("code", "title_en"))
        self.provinces: dict[str, str] = {}
        for code, iso_code, *names in Province.objects.values_list("code", "iso_code", "name_en", "name_km"):
            self.provinces |= dict.fromkeys([code, code.lstrip("0"), *map(search_key, (iso_code, *names))], code)
        self.provinces |= {search_key(other): self.provinces[search_key(name)] for other, name in OTHER_NAMES.items()
                           if search_key(name) in self.provinces}  # fmt: skip
        self.districts: dict[tuple[str, str], str] = {}
        for code, province, *names in District.objects.values_list("code", "province_id", "name_en", "name_km"):
            for key in (code, code.lstrip("0"), *map(search_key, names)):
                self.districts[province, key] = code
                self.districts["", key] = "" if ("", key) in self.districts else code  # two provinces: neither
        self.read: dict[tuple[str, str], tuple[str, dict[str, str]]] = {}

    def settle(self, line: Line) -> None:
        """Put codes in the place of what a line says of its sector, province and district, or say what is wrong."""
        for column, find in (("sector", self.sector), ("province", self.province)):
            if told := line.text(column):
                code, problem = self.remembered(column, told, find)
                if problem:
                    line.wrong(column, **problem)
                else:
                    line.values[column] = code
        if told := line.text("district"):
            self.settle_district(line, told)

    def remembered(
        self, column: str, told: str, find: Callable[[str], tuple[str, dict[str, str]]]
    ) -> tuple[str, dict[str, str]]:
        if (column, told) not in self.read:
            self.read[column, told] = find(told)
        return self.read[column, told]

    def sector(self, told: str) -> tuple[str, dict[str, str]]:
        """Return the ISIC code a cell means, or what is wrong with it; a class may stand with its section or title."""
        match = _ISIC.fullmatch(ascii_digits(told))
        digits = re.sub(r"[. ]", "", match[2] or "") if match else ""
        code = digits or (match[1].upper() if match and match[1] else "")
        if len(digits) in (1, 3) and f"0{digits}" in self.sectors:
            if digits in self.sectors:
                return "", {"code": "isic_short", "value": digits}
            return "", {"code": "isic_unknown", "value": told, "nearest": self.titled(f"0{digits}")}
        if code in self.sectors:
            return code, {}
        return "", {"code": "isic_unknown", "value": told, "nearest": self.titled(self.nearest(code, told))}

    def nearest(self, code: str, told: str) -> str:
        """Return the code most like what was typed: by its digits, or by the words of its title."""
        if code:
            return (get_close_matches(code, self.sectors, 1, 0.3) or [code[:2] if code[:2] in self.sectors else "C"])[0]
        titles = {title.lower(): sector for sector, title in self.sectors.items()}
        return titles[(get_close_matches(told.lower(), titles, 1, 0.1) or [*titles])[0]]

    def titled(self, code: str) -> str:
        return f"{code} {self.sectors.get(code, '')}"

    def province(self, told: str) -> tuple[str, dict[str, str]]:
        """Return the code of a province given by code or name, or the nearest name."""
        key = search_key(told)
        if code := self.provinces.get(key) or self.provinces.get(without_unit(key)):
            return code, {}
        close = get_close_matches(key, self.provinces, 1, 0.3) or ["phnom penh"]
        return "", {"code": "place_unknown", "value": told, "nearest": close[0].title()}

    def settle_district(self, line: Line, told: str) -> None:
        """Find a district within the line's province, or the only one of that name; it then tells the province."""
        province, key = line.text("province"), search_key(told)
        found = self.districts.get((province, key)) or self.districts.get((province, without_unit(key)))
        if found:
            line.values["district"] = found
            line.values.setdefault("province", found[:2])
        elif province and ("", key) in self.districts:
            line.wrong("district", "district_elsewhere", value=told)
        else:
            names = [name for place, name in self.districts if place == province and not name.isdecimal()]
            close = get_close_matches(key, names, 1, 0.3) or names[:1] or ["–"]
            line.wrong("district", "place_unknown", value=told, nearest=close[0].title())


# Spellings that official tables do not have but people write.
OTHER_NAMES = {
    "Sihanoukville": "Preah Sihanouk",
    "Kampong Som": "Preah Sihanouk",
    "Siem Reap": "Siemreap",
    "Siemreap": "Siem Reap",
    "Phnom Penh": "Phnum Penh",
    "Ratanakiri": "Ratanak Kiri",
    "Ratanak Kiri": "Ratanakiri",
    "Mondulkiri": "Mondul Kiri",
    "Kratie": "Kracheh",
    "Stung Treng": "Stueng Traeng",
    "Takeo": "Takaev",
    "Pursat": "Pousat",
    "Kampong Thom": "Kampong Thum",
}
_UNITS = re.compile(
    "^(?:province|capital|city|municipality|khan|krong|srok|khaet)? ?(.*?) ?"
    "(?:province|capital|city|municipality|khan|district)?$"
)


def without_unit(key: str) -> str:
    """Return the name of a place without the word for its kind."""
    for unit in ("ខេត្ត", "រាជធានី", "ក្រុង", "ខណ្ឌ", "ស្រុក"):
        key = key.removeprefix(search_key(unit)).strip()
    match = _UNITS.fullmatch(key)
    return match[1] if match else key


def resolve_enterprises(lines: Iterable[Line], number: str, name: str, target: str) -> None:
    """Find the firm each line means by its registration number, else by a name only one firm has; two queries a chunk.

    The firm's id goes into the column `target`.
    """
    told = [(line, line.text(number), firm_key(line.text(name))) for line in lines]
    by_number = ids_by("registration_number", {value for _line, value, _key in told if value})
    keys = {key for _line, value, key in told if key and not value}
    by_name = ids_by("name_en_key", keys)
    for key, ids in ids_by("name_km_key", keys).items():
        by_name[key] = by_name.get(key, set()) | ids
    for line, value, key in told:
        found = by_number.get(value, set()) if value else by_name.get(key, set())
        column, shown = (number, value) if value else (name, line.text(name))
        if len(found) == 1:
            line.values[target] = next(iter(found))
        elif found:
            line.wrong(column, "ambiguous_enterprise", value=shown)
        elif shown:
            line.wrong(column, "no_enterprise", value=shown)
        elif not line.errors:
            line.wrong(column, "missing")


def ids_by(attribute: str, values: set[str]) -> dict[str, set[int]]:
    """Return value -> ids of the active firms that have it."""
    found: dict[str, set[int]] = {}
    ordered = sorted(values)
    for start in range(0, len(ordered), CHUNK):
        chunk = Q(**{f"{attribute}__in": ordered[start : start + CHUNK]}) & ~Q(**{attribute: ""})
        for value, pk in Enterprise.objects.active().filter(chunk).order_by().values_list(attribute, "pk"):
            found.setdefault(value, set()).add(pk)
    return found
