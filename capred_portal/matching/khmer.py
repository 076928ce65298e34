"""Khmer words in Latin letters, by a stated table.

The table follows the romanisation of the United Nations (UNGEGN, http://www.eki.ee/wgrs/rom1_km.htm) without its
accents, as names are written on cards and lists. Khmer does not write every vowel and does not speak every letter:
where a spelling can be read in more than one way, the usual reading comes first.
"""

import re
from collections.abc import Iterator
from itertools import islice, product
from typing import NamedTuple

# Letter -> Latin, and its series: the vowel it carries unwritten, and how it reads the written ones.
CONSONANTS = {
    "ក": ("k", "a"), "ខ": ("kh", "a"), "គ": ("k", "o"), "ឃ": ("kh", "o"), "ង": ("ng", "o"),
    "ច": ("ch", "a"), "ឆ": ("chh", "a"), "ជ": ("ch", "o"), "ឈ": ("chh", "o"), "ញ": ("nh", "o"),
    "ដ": ("d", "a"), "ឋ": ("th", "a"), "ឌ": ("d", "o"), "ឍ": ("th", "o"), "ណ": ("n", "a"),
    "ត": ("t", "a"), "ថ": ("th", "a"), "ទ": ("t", "o"), "ធ": ("th", "o"), "ន": ("n", "o"),
    "ប": ("b", "a"), "ផ": ("ph", "a"), "ព": ("p", "o"), "ភ": ("ph", "o"), "ម": ("m", "o"),
    "យ": ("y", "o"), "រ": ("r", "o"), "ល": ("l", "o"), "វ": ("v", "o"), "ឝ": ("s", "a"),
    "ឞ": ("s", "a"), "ស": ("s", "a"), "ហ": ("h", "a"), "ឡ": ("l", "a"), "អ": ("", "a"),
}  # fmt: skip
INDEPENDENT_VOWELS = {
    "ឣ": ("a",), "ឤ": ("a",), "ឥ": ("e",), "ឦ": ("ey",), "ឧ": ("o",), "ឨ": ("ok",), "ឩ": ("ou",), "ឪ": ("ov",),
    "ឫ": ("ri", "ru"), "ឬ": ("reu",), "ឭ": ("li", "lu"), "ឮ": ("leu",), "ឯ": ("e",), "ឰ": ("ai",),
    "ឱ": ("o",), "ឲ": ("o",), "ឳ": ("au",),
}  # fmt: skip
# Vowel -> Latin after a letter of the a series, and after one of the o series.
VOWELS = {
    "": (("a", "o"), ("o", "a")),  # unwritten
    "ា": (("a",), ("ea",)),
    "ិ": (("e",), ("i",)),
    "ី": (("ey",), ("i",)),
    "ឹ": (("i", "oe"), ("i", "eu")),
    "ឺ": (("eu",), ("eu",)),
    "ុ": (("o",), ("u",)),
    "ូ": (("ou",), ("ou",)),
    "ួ": (("uo",), ("uo",)),
    "ើ": (("oeu",), ("eu",)),
    "ឿ": (("oeu",), ("oeu",)),
    "ៀ": (("ie", "ea"), ("ie", "ea")),
    "េ": (("e",), ("e",)),
    "ែ": (("ae",), ("ae",)),
    "ៃ": (("ai", "ey"), ("ey", "ai")),
    "ោ": (("o", "ao"), ("o",)),
    "ៅ": (("au", "ov"), ("ov", "au")),
    "័": (("a",), ("oa", "o")),
    "័យ": (("a", "e"), ("e", "a")),  # the y is written
    "ំ": (("am", "om"), ("om", "am")),
    "ុំ": (("om",), ("um",)),
    "ាំ": (("am",), ("oam",)),
    "ាំង": (("a",), ("ea",)),  # the ng is written
    "ះ": (("ah",), ("eah",)),
    "ៈ": (("a", "ak"), ("a", "eak")),
}
FOREIGN_SOUNDS = {"ហ្វ": "f", "ហ្គ": "g", "ហ្ស": "z"}
LAST_LETTERS = {"kh": "k", "chh": "ch", "th": "t", "d": "t", "ph": "p", "b": "p"}  # at the end of a syllable
MOST_READINGS = 8

_BANTOC, _ROBAT, _SILENT, _SHIFT_A, _SHIFT_O = "\u17cb\u17cc\u17cd\u17c9\u17ca"
_CLUSTERS = re.compile("([\u1780-\u17b3])((?:\u17d2[\u1780-\u17b3])*)([\u17b6-\u17d1\u17d3\u17dd]*)")
_WRITTEN_VOWEL = re.compile("[\u17b6\u17bb]?\u17c6|[\u17b6-\u17c5\u17c7\u17c8\u17d0]")
_GLIDES = "យរលវ"  # as a subscript they begin a syllable together with their letter
_NASALS = "ងញណនម"
_DENTAL_NASALS = "ណន"


class _Cluster(NamedTuple):
    """One Khmer letter with what is written under, over and around it."""

    letter: str
    subscripts: str
    marks: str
    vowel: str

    @property
    def is_bare(self) -> bool:
        """Whether no vowel is written: the letter carries its own, or ends the syllable before."""
        return not self.vowel and self.letter in CONSONANTS

    @property
    def ends_syllable(self) -> bool:
        return _BANTOC in self.marks

    @property
    def is_doubled(self) -> bool:
        """Whether the letter and what is under it are one sound: it ends one syllable and begins the next."""
        return bool(self.subscripts) and _place(self.letter) == _place(self.subscripts[0])

    @property
    def series(self) -> int:
        """Return 0 for the a series, 1 for the o series; a stop below a letter outweighs it, a nasal does not."""
        if _SHIFT_A in self.marks or _SHIFT_O in self.marks:
            return int(_SHIFT_O in self.marks)
        ruling = [letter for letter in self.subscripts if letter not in _GLIDES + _NASALS]
        return int(CONSONANTS.get((ruling or [self.letter])[-1], ("", "a"))[1] == "o")


def read_khmer(word: str) -> tuple[str, ...]:
    """Return the ways to read one Khmer word, in Latin letters, the usual one first."""
    clusters = list(_clusters(word))
    parts: list[tuple[str, ...]] = []
    for place in range(len(clusters)):
        vowels = _vowels(clusters, place)
        parts += [(_letters(clusters, place, is_last=place > 0 and not vowels[0]),), vowels]
    return tuple("".join(reading) for reading in islice(product(*parts), MOST_READINGS)) if parts else (word,)


def _clusters(word: str) -> Iterator[_Cluster]:
    """Yield the clusters of a word that are spoken."""
    for letter, below, marks in _CLUSTERS.findall(word):
        vowel = "".join(_WRITTEN_VOWEL.findall(marks))
        if _SILENT in marks or (_ROBAT in marks and not vowel):
            continue
        yield _Cluster(letter, below.replace("\u17d2", ""), marks, vowel)


def _letters(clusters: list[_Cluster], place: int, is_last: bool) -> str:
    """Return the consonants of a cluster; the last of a syllable has no breath, and what is under it is not spoken."""
    cluster = clusters[place]
    first = CONSONANTS.get(cluster.letter, ("", ""))[0]
    if is_last and cluster.is_bare and (not cluster.subscripts or place == len(clusters) - 1):
        return LAST_LETTERS.get(first, first)
    if not cluster.subscripts:
        return "p" if first == "b" and _SHIFT_A in cluster.marks else first
    if foreign := FOREIGN_SOUNDS.get(f"{cluster.letter}\u17d2{cluster.subscripts[0]}"):
        return foreign
    if cluster.letter in _DENTAL_NASALS and cluster.subscripts == "ត":
        return "nd"
    below = "".join([CONSONANTS.get(letter, ("", ""))[0] for letter in cluster.subscripts])
    if first == "h" or (place and cluster.is_doubled):
        return below
    return ("p" if first == "b" else first) + below


def _vowels(clusters: list[_Cluster], place: int) -> tuple[str, ...]:
    """Return the ways to read the vowel of a cluster."""
    cluster = clusters[place]
    if cluster.letter in INDEPENDENT_VOWELS:
        return INDEPENDENT_VOWELS[cluster.letter]
    is_last = place == len(clusters) - 1
    if cluster.vowel:
        return _written(cluster, clusters[place + 1 :], is_last and place > 0)
    return _unwritten(clusters, place, is_last)


def _place(letter: str) -> str:
    """Return where in the mouth a consonant is made."""
    sound = CONSONANTS.get(letter, ("", ""))[0]
    return LAST_LETTERS.get(sound, sound)


def _written(cluster: _Cluster, after: list[_Cluster], is_last: bool) -> tuple[str, ...]:
    vowel = cluster.vowel.replace("ះ", "") or "ះ"
    if after and after[0].is_bare and vowel + after[0].letter in VOWELS:
        vowel += after[0].letter
    found = VOWELS.get(vowel, VOWELS[vowel[0]])[cluster.series]
    if is_last and vowel in "ិុ":  # silent at the end of words from Pali and Sanskrit
        return ("", found[0]) if cluster.subscripts else (found[0], "")
    return found


def _unwritten(clusters: list[_Cluster], place: int, is_last: bool) -> tuple[str, ...]:
    cluster = clusters[place]
    own = VOWELS[""][cluster.series]
    if cluster.ends_syllable or (is_last and place):
        return ("",)
    if is_last:
        return own
    following = clusters[place + 1]
    if following.letter == "រ" and following.is_bare:
        return ("o", "a")
    if following.is_doubled:
        return ("a", "o")
    is_closed = following.is_bare and (place + 2 == len(clusters) or following.ends_syllable)
    if is_closed or (following.subscripts and following.letter in _NASALS):
        return own
    if place == 0 or cluster.letter == "ហ":  # an open syllable: ratana, but norodom
        return own if following.letter == "រ" else ("a", "o")
    return ("a", "") if clusters[place - 1].is_bare else ("", "a")
