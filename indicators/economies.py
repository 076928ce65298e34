"""Economies by the codes of the UN Statistics Division and of Comtrade: their letters and names in both languages."""

from functools import cache

from capred_portal.facts import read
from capred_portal.languages import reading_language

AGGREGATES = frozenset({0, 97})  # the world, the European Union: their trade is that of their members


@cache
def names(language: str) -> dict[int, str]:
    """Return the name of every economy in one language, by its number."""
    return {int(row["code"]): row[f"title_{language}"] for row in read(__file__, "economies")}


def name_in(language: str, code: int) -> str | None:
    """Return the name of an economy in one language; None where we do not know it."""
    return names(language).get(code)


@cache
def letters() -> dict[int, str]:
    """Return the three letters of every economy that has them, by its number."""
    return {int(row["code"]): row["iso3"] for row in read(__file__, "economies") if row["iso3"]}


def titles() -> dict[int, str]:
    """Return the name of every economy in the reader's language, by its number."""
    return names(reading_language())


def title(code: int) -> str:
    """Return the name of an economy in the reader's language; its number where we do not know it."""
    return titles().get(code, str(code))


def named(letters_of: str) -> str:
    """Return the name of an economy by its three letters in the reader's language; the letters where it has none."""
    number = next((number for number, own in letters().items() if own == letters_of), None)
    return letters_of if number is None else title(number)
