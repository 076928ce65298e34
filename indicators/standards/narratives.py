"""Texts of IATI files: one narrative for each language a text is really in, and never a fallback."""

import re
from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from django.utils import translation

LANGUAGES = ("en", "km")
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
UNPRINTABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML 1.0 cannot hold

Texts = dict[str, str]


def texts_of(record: Any, name: str) -> Texts:
    """Return the texts of a pair of fields by language; a blank one is left out."""
    found = {language: getattr(record, f"{name}_{language}") for language in LANGUAGES}
    return {language: text for language, text in found.items() if text}


def in_both(words: Callable[[str], str]) -> Texts:
    """Return words of ours in both languages; they are given the language, to take no fallback of a record."""
    found = {}
    for language in LANGUAGES:
        with translation.override(language):
            found[language] = words(language)
    return {language: text for language, text in found.items() if text}


def clean(text: str) -> str:
    return UNPRINTABLE.sub("", text)


def narrated(parent: Element, tag: str, texts: Texts, **attributes: str) -> Element:
    """Add an element with a narrative for each text, where there is any; return it."""
    element = SubElement(parent, tag, {name.replace("_", "-"): clean(value) for name, value in attributes.items()})
    narrate(element, texts)
    return element


def narrate(element: Element, texts: Texts) -> None:
    for language, text in texts.items():
        SubElement(element, "narrative", {LANG: language}).text = clean(text)
