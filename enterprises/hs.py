"""HS codes: two, four or six digits of a chapter that exists, as people write them; the titles of the chapters."""

import re
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from capred_portal import columns
from capred_portal.columns import CellError, Clear
from capred_portal.facts import read
from capred_portal.languages import reading_language
from capred_portal.matching import ascii_digits

MESSAGES: dict[str, Any] = {
    "hs_chapter": _("HS 2022 has no chapter %(chapter)s: “%(value)s” is no HS code."),
    "hs_code": _("“%(value)s” is not an HS code. Write two, four or six digits, like 10, 1006 or 100630."),
    "hs_last_zero": _("A zero at the end of “%(value)s” may be lost. Did you mean %(nearest)s?"),
    "hs_long": _("“%(value)s” is longer than an HS code. Write its first six digits: %(nearest)s."),
    "hs_zero": _("A zero at the beginning of “%(value)s” may be lost. Did you mean %(nearest)s?"),
}
LENGTHS = (2, 4, 6)

_WRITTEN = re.compile(r"(?:hs ?)?([0-9]+(?:[. ][0-9]+)*)", re.IGNORECASE)
_WITHOUT_LAST_ZERO = re.compile(r"[0-9]{4}\.[1-9]")
_LONGEST = 40


@cache
def titles(language: str) -> dict[str, str]:
    """Return the title of every chapter of the Harmonized System in one language, by its two digits."""
    return {row["code"]: row[f"title_{language}"] for row in read(__file__, "hs_chapters")}


def chapters() -> dict[str, str]:
    """Return the titles of the chapters in the reader's language."""
    return titles(reading_language())


def chapter_choices() -> list[tuple[str, str]]:
    """Return the chapters as choices: 10 Cereals."""
    return [(code, f"{code} {title}") for code, title in chapters().items()]


def hs_code(cell: str) -> str | Clear | None:
    """Read an HS code: 1006.30, 1006 30 and ១០០៦៣០ are 100630; a lost zero is asked about, never guessed."""
    value = columns.text(cell, max_length=_LONGEST)
    if not isinstance(value, str):
        return value
    given = ascii_digits(value).removesuffix(".0")
    if _WITHOUT_LAST_ZERO.fullmatch(given):
        raise CellError("hs_last_zero", value, nearest=f"{given}0")
    match = _WRITTEN.fullmatch(given)
    if match is None:
        raise CellError("hs_code", value)
    return checked(re.sub("[. ]", "", match[1]), value)


def checked(digits: str, value: str) -> str:
    """Return the digits when they are a code; else say what may be meant."""
    if len(digits) in (1, 3, 5) and f"0{digits}"[:2] in chapters():
        raise CellError("hs_zero", value, nearest=f"0{digits}")
    if len(digits) > max(LENGTHS) and digits[:2] in chapters():
        raise CellError("hs_long", value, nearest=digits[:6])
    if len(digits) not in LENGTHS:
        raise CellError("hs_code", value)
    if digits[:2] not in chapters():
        raise CellError("hs_chapter", value, chapter=digits[:2])
    return digits
