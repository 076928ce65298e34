"""Where a line of Khmer may break, for printers that know no words: between words, or syllables, never inside one."""

import re
from collections.abc import Callable
from functools import cache

BREAK = "\u200b"  # the zero-width space, which writers of Khmer put between words themselves

_LETTER = "[\u1780-\u17b3\u17dc]"
_SUBSCRIPT = f"\u17d2{_LETTER}"
_SIGN = "[\u17b4-\u17d3\u17dd\u200c\u200d]"
_CLUSTER = re.compile(f"{_LETTER}(?:{_SUBSCRIPT}|{_SIGN})*")
_RUN = re.compile("[\u1780-\u17d3\u17dc\u17dd\u200b-\u200d]{2,}")
_COENG = "\u17d2"  # makes the next letter a subscript
_STARTS = re.compile(_LETTER)
_LONG = 24  # characters of a word that may break inside: a narrow column could not hold it
# A bare letter ends the syllable before it; so does one that is shortened or silenced.
_END = re.compile(f"{_LETTER}[\u17cb\u17cc\u17cd\u17ce]*|{_LETTER}(?:{_SUBSCRIPT}|{_SIGN})*\u17cd")


def breakable(text: str) -> str:
    """Return the text with a zero-width space between Khmer words.

    Where a writer has set such spaces already, they stay alone. Taking the spaces out again gives back the text.
    """
    return _RUN.sub(_broken, text)


def _broken(run: re.Match[str]) -> str:
    written = run.group()
    return written if BREAK in written else BREAK.join(words(written))


@cache
def cutter() -> Callable[[str], list[str]] | None:
    """Return what tells Khmer words apart by a model of the language, or None where it is not installed."""
    try:
        from khmercut import tokenize
    except ImportError:
        return None
    cut: Callable[[str], list[str]] = tokenize
    return cut


def words(run: str) -> list[str]:
    """Split Khmer letters into words, none of which begins with a mark; very long ones further, into syllables."""
    cut = cutter()
    if cut is None:
        return syllables(run)
    found: list[str] = []
    for word in cut(run):
        if found and (found[-1].endswith(_COENG) or not _STARTS.match(word)):
            found[-1] += word
        else:
            found.append(word)
    return [part for word in found for part in (syllables(word) if len(word) > _LONG else [word])]


def syllables(run: str) -> list[str]:
    """Split Khmer letters into syllables; what begins with a mark, which no letter carries, stays with what follows."""
    found: list[str] = []
    is_closed, end = True, 0
    for cluster in _CLUSTER.finditer(run):
        written = run[end : cluster.end()]
        closes = bool(found) and (not is_closed or written.endswith("\u17cd")) and bool(_END.fullmatch(written))
        if closes:
            found[-1] += written
        else:
            found.append(written)
        is_closed, end = closes, cluster.end()
    rest = run[end:]
    return [*found[:-1], found[-1] + rest] if found else [rest]
