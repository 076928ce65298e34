"""Content in two languages: the text in the reader's language, or the other one marked as a fallback."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.utils.translation import get_language

OTHER = {"en": "km", "km": "en"}
CODES = tuple(OTHER)


class Text(NamedTuple):
    """A text and the language it is really in."""

    text: str
    language: str
    is_fallback: bool


def reading_language() -> str:
    """Return "km" or "en": the language the reader has chosen."""
    return "km" if (get_language() or "en").startswith("km") else "en"


def text_of(record: Any, name: str) -> Text:
    """Return `<name>_<language>` of the record, falling back to its other language."""
    language = reading_language()
    if text := getattr(record, f"{name}_{language}"):
        return Text(text, language, is_fallback=False)
    other = OTHER[language]
    text = getattr(record, f"{name}_{other}")
    return Text(text, other if text else language, is_fallback=bool(text))


def is_khmer(text: str) -> bool:
    """Tell whether a text is written in Khmer letters."""
    return any("\u1780" <= letter <= "\u17ff" for letter in text)


def localized(record: Any, name: str) -> str:
    """Return the text alone, for places without markup such as `__str__`."""
    return text_of(record, name).text


def clauses(parts: Iterable[str]) -> str:
    """Return clauses one after the other, those that say nothing left out; Khmer has no semicolon."""
    return (" · " if reading_language() == "km" else "; ").join(filter(None, parts))
