"""How a name sounds: Khmer words romanised, then Khmer and Latin spellings reduced to one sound key.

Consonants are kept and vowels fall into four classes, because spellings of one name differ most in their vowels.
Letters nobody hears are dropped: breath and voice where no vowel follows, r and h at the end of a syllable.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from capred_portal.matching.khmer import read_khmer
from capred_portal.matching.text import search_key, split_honorific

# Sound -> the Latin vowels heard as it; e stands for i too, o for u, and u for what is written eu or oeu.
VOWEL_SOUNDS = {
    "a": "a aa ea eaa ia oa",
    "e": "e ee eae ei ey i ie iey ii iy y ae",
    "o": "o oo ou ouo u uo uu ua oua ao aou au eo",
    "u": "eu oe oeu oeua ue uea ueu eua eou aeu uoe",
    "ay": "ai ay aiy aey eay eai",
    "oy": "oi oy ui uy oui ouy uoi uoy aoy",
    "uy": "euy oey oeuy eoy oei",
}
LAST_VOWEL_SOUNDS = {"av": "ao au", "ev": "eo ieu iu"}  # where the word ends with them
CONSONANT_SOUNDS = {
    "chh": "ch", "tch": "c", "ch": "c", "j": "c", "kh": "kh", "gh": "kh", "ck": "k", "c": "k", "q": "k", "g": "k",
    "th": "th", "dh": "th", "ph": "ph", "bh": "ph", "sh": "s", "z": "s", "x": "s", "gn": "nh", "w": "v",
}  # fmt: skip
# How a consonant sounds where no vowel follows.
LAST_SOUNDS = {"kh": "k", "ch": "c", "th": "t", "d": "t", "ph": "p", "b": "p", "r": "", "h": ""}
# Latin letters that are read in two ways; the second is one more reading.
TWO_READINGS = {"eang": "ieng"}

_RUNS = re.compile("((?:[aeiou]|y(?![aeiou]))+)|((?:[b-df-hj-np-tv-xz]|y(?=[aeiou]))+)")
_LETTERS = re.compile("chh|tch|[ckgtdpbs]h|n[gh]|gn|ck|.")
_SCRIPTS = re.compile("[a-z]+|[\u1780-\u17dd]+|[^a-z\u1780-\u17dd]+")
_CLASSES = {run: sound for sound, runs in VOWEL_SOUNDS.items() for run in runs.split()}
_LAST_CLASSES = _CLASSES | {run: sound for sound, runs in LAST_VOWEL_SOUNDS.items() for run in runs.split()}
_VOWEL_PARTS = re.compile("|".join(sorted(_CLASSES, key=len, reverse=True)))
_GLIDES = ("y", "r", "l", "v")
_PLACES = {"kh": "k", "ch": "c", "th": "t", "d": "t", "ph": "p", "b": "p", "nh": "n"}
_VOWELS = ("a", "e", "o", "u")
_BONES = str.maketrans({"d": "t", "b": "p"} | dict.fromkeys(_VOWELS))


def name_sound(name: str) -> str:
    """Return how a person's name sounds, without honorific: `sok dara` for Sok Dara and for សុខ ដារ៉ា."""
    return sound_key(split_honorific(name)[1])


def romanise(text: str) -> str:
    """Return the search key of the text with its Khmer words in Latin letters."""
    return " ".join([_romanised(word)[0] for word in search_key(text).split()])


def sound_key(text: str) -> str:
    """Return how the text sounds, word by word."""
    return sound_of_words(search_key(text).split())


def sound_of_words(words: Iterable[str]) -> str:
    """Return how words of a search key sound; numbers, which seldom repeat, stay as they are."""
    return " ".join([word if word.isdecimal() else word_sound(word) for word in words])


@lru_cache(maxsize=1 << 17)
def bones(sound: str) -> str:
    """Return what of a sound key one name keeps in most spellings: its consonants, and the vowel it ends with.

    Here d is t, b is p, and no consonant has breath.
    """
    last = sound[-1:] if sound[-1:] in _VOWELS else ""
    return (sound[:1] + sound[1:].replace("h", "")).translate(_BONES) + last


@lru_cache(maxsize=1 << 17)
def readings(word: str) -> tuple[str, ...]:
    """Return the sounds one word of a search key may have; the first is its sound key."""
    return tuple(dict.fromkeys(map(_latin_sound, _romanised(word))))


@lru_cache(maxsize=1 << 17)
def word_sound(word: str) -> str:
    """Return the sound key of one word of a search key."""
    return readings(word)[0]


def _romanised(word: str) -> tuple[str, ...]:
    if word.isascii():
        return (word, *[word.replace(one, other) for one, other in TWO_READINGS.items() if one in word])
    first, *others = [read_khmer(part) if part[0] >= "\u1780" else (part,) for part in _SCRIPTS.findall(word)]
    if not others:
        return first
    return ("".join([reading[0] for reading in (first, *others)]),)


def _latin_sound(word: str) -> str:
    """Return the sound of one word; what is not a Latin letter stays."""
    if not (word.isascii() and word.isalpha()):
        parts = _SCRIPTS.findall(word)
        return "".join([_latin_sound(part) if part.isascii() and part.isalpha() else part for part in parts])
    runs = _RUNS.findall(word.replace("w", "v"))
    sounds = []
    for place, (vowels, consonants) in enumerate(runs):
        is_last = place == len(runs) - 1
        sounds.append(_vowel(vowels, is_last) if vowels else _consonants(consonants, place == 0, is_last))
    sound = "".join(sounds)
    return (sound[:-1] if sound.endswith("ov") else sound) or word


def _vowel(run: str, is_last: bool) -> str:
    """Return the sound of vowels in a row; an unknown row is cut into known ones."""
    classes = _LAST_CLASSES if is_last else _CLASSES
    return classes.get(run) or "".join([_CLASSES[part] for part in _VOWEL_PARTS.findall(run)])


def _consonants(run: str, is_first: bool, is_last: bool) -> str:
    """Return the sound of consonants in a row: those that begin a syllable in full, the others as they end one."""
    sounds = [CONSONANT_SOUNDS.get(letters, letters) for letters in _LETTERS.findall(run)]
    begins = 0 if is_first else len(sounds)
    if not (is_first or is_last):
        begins -= 2 if sounds[-1] in _GLIDES and sounds[-2:-1] not in ([], ["r"], ["h"]) else 1
    if is_first and is_last:
        begins = len(sounds)
    heard = [LAST_SOUNDS.get(sound, sound) for sound in sounds[:begins]] + sounds[begins:]
    kept: list[str] = []
    for sound in heard:
        if kept and _PLACES.get(sound, sound) == _PLACES.get(kept[-1], kept[-1]):
            kept.pop()  # doubled
        kept.append(sound)
    return "".join(kept)
