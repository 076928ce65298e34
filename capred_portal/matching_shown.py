"""The tables of the matching as the page of methods prints them: weights, grades, and how Khmer is romanised."""

from functools import cache
from typing import Any

from capred_portal.duplicates import REASONS
from capred_portal.matching import khmer, sounds
from capred_portal.matching.pairs import ASK, SURE, WEIGHTS

CIRCLE = "\u25cc"  # carries a vowel sign that stands alone


@cache
def matching_tables() -> dict[str, Any]:
    """Return the constants of the matching, in the order they are read."""
    weights = [(REASONS[code], weight.points) for code, weight in WEIGHTS.items()]
    return {
        "weights": sorted(weights, key=lambda row: -row[1]),
        "sure": SURE,
        "ask": ASK,
        "consonants": [(letter, latin or "–", series) for letter, (latin, series) in khmer.CONSONANTS.items()],
        "vowels": [(CIRCLE + sign, *map(_in_words, readings)) for sign, readings in _vowels()],
        "independent_vowels": [(sign, _in_words(readings)) for sign, readings in khmer.INDEPENDENT_VOWELS.items()],
        "sounds": sound_classes(),
    }


def sound_classes() -> list[tuple[str, str]]:
    """Return each sound of a key with the Latin letters heard as it."""
    classes = {sound: runs.split() for sound, runs in sounds.VOWEL_SOUNDS.items()}
    for letters, sound in sounds.CONSONANT_SOUNDS.items():
        classes.setdefault(sound, []).append(letters)
    return [(sound, ", ".join(letters)) for sound, letters in classes.items()]


def _vowels() -> list[tuple[str, tuple[tuple[str, ...], ...]]]:
    """Return each vowel with its readings after letters of both series, which can be the same."""
    return [(sign, readings * 2 if len(readings) == 1 else readings) for sign, readings in khmer.VOWELS.items()]


def _in_words(readings: tuple[str, ...]) -> str:
    return ", ".join(readings)
