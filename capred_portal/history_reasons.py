"""Why the history says that a record changed: loads, merges and restores, read from reasons in either language."""

import re
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from capred_portal.duplicates import KINDS

# Reasons the history keeps, in the language of whoever caused them.
WORDED = {
    "undone": gettext_noop("Load %(number)s was undone"),
    "taken_into": gettext_noop("taken into #%(number)s"),
    "took_in": gettext_noop("#%(number)s was taken in"),
    "apart": gettext_noop("#%(number)s was taken out again"),
}
ERASED = "erased"  # as programs.erasure says it
DOOR = "check-in"
RESTORED = "restore "  # and the number of the version
BY_ITSELF = {"load": re.compile(r"load (\d+)"), "restored": re.compile(rf"{RESTORED}(\d+)")}
OF_LOADS = {"load", "undone"}
OF_MERGES = {"taken_into", "took_in", "apart"}


@cache
def _patterns() -> dict[str, list[re.Pattern[str]]]:
    """Return what the reasons look like in both languages."""
    found: dict[str, list[re.Pattern[str]]] = {code: [pattern] for code, pattern in BY_ITSELF.items()}
    for language in ("en", "km"):
        with override(language):
            for code, words in WORDED.items():
                start, end = _(words).split("%(number)s")
                found.setdefault(code, []).append(re.compile(rf"{re.escape(start)}(\d+){re.escape(end)}"))
    return found


def in_language(reason: str) -> str:
    """Return a reason in the reader's language, where the portal worded it."""
    code, number = read_reason(reason)
    if code == ERASED:
        return _("Personal data erased")
    if reason == DOOR:
        return _("Check-in at the door")
    return _(WORDED[code]) % {"number": number} if code in WORDED else reason


def can_be_merged(model: Any) -> bool:
    """Whether a merge is about such records themselves; others only hang on what was merged."""
    return any(kind.model is model for kind in KINDS.values())


def read_reason(reason: str | None) -> tuple[str, int]:
    """Return what a reason of the history says: a code and a number; "" and 0 for words of people."""
    if reason == ERASED:
        return ERASED, 0
    for code, patterns in _patterns().items():
        for pattern in patterns:
            if match := pattern.fullmatch(reason or ""):
                return code, int(match[1])
    return "", 0
