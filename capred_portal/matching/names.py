"""How alike two names are, whatever the script, the spelling, the order of their words and what was left out."""

import re
from functools import lru_cache
from itertools import islice, product

from rapidfuzz.distance import OSA

from capred_portal.matching.khmer import MOST_READINGS
from capred_portal.matching.sounds import bones, readings

Words = tuple[str, ...]  # of a search key

INITIAL = 0.9  # S. for Sok
SLIP = 0.9  # of the fingers: one letter too many or too few, or two changed over, inside a longer word
SLIP_LETTERS = 6
BONES = 0.6  # of a sound is what spellings keep, its bones; the rest is the whole sound key
MISSING_WORD = 0.08  # off for each word only one of them has; more where the other is a single word
SINGLE_WORD = 0.1
JOINED = 1.4  # words written as one: each difference counts more, for it is spread over the whole name
SPELLING = 0.15  # of two words in one script is their letters; the rest is their sound

_DOUBLED = re.compile(r"([a-z])\1")


def names_alike(first: tuple[Words, Words], second: tuple[Words, Words], at_least: float = 0.0) -> float:
    """Return from 0 to 1 how alike two names are; each is its Latin and its Khmer words.

    Where both have both scripts, both count. Otherwise the likeness is the best that any two spellings have.
    What cannot come to `at_least` by its Latin words, which are the quicker to compare, may be told as 0.
    """
    (latin, khmer), (other_latin, other_khmer) = first, second
    if latin and khmer and other_latin and other_khmer:
        likeness = words_alike(latin, other_latin)
        if 0.4 * likeness + 0.6 < at_least:
            return 0.0
        return 0.4 * likeness + 0.6 * words_alike(khmer, other_khmer)
    pairs = product(filter(None, first), filter(None, second))
    return max((words_alike(words, others) for words, others in pairs), default=0.0)


def words_alike(first: Words, second: Words) -> float:
    """Return from 0 to 1 how alike two names in one spelling each are; the same both ways round."""
    if first == second:
        return 1.0
    return _alike(first, second) if first < second else _alike(second, first)


@lru_cache(maxsize=1 << 18)
def word_alike(first: str, second: str) -> float:
    """Return from 0 to 1 how alike two words of a name are."""
    if first == second:
        return 1.0
    sound = max(_sounds_alike(*both) for both in product(readings(first), readings(second)))
    if min(len(first), len(second)) == 1 and first[0] == second[0]:
        return max(INITIAL, sound)
    if first.isascii() != second.isascii():
        return sound
    likeness = (1 - SPELLING) * sound + SPELLING * OSA.normalized_similarity(first, second)
    return max(SLIP, likeness) if _is_slip(first, second) else likeness


def _is_slip(first: str, second: str) -> bool:
    """Whether one Latin word is likely the other mistyped; another letter in the place of one makes another name."""
    longer = max(len(first), len(second))
    if longer < SLIP_LETTERS or first[0] != second[0] or first[-1] != second[-1] or not first.isascii():
        return False
    is_moved = len(first) != len(second) or sorted(first) == sorted(second)
    return is_moved and OSA.distance(first, second, score_cutoff=1) == 1


def _alike(first: Words, second: Words) -> float:
    aligned = _aligned(first, second)
    if len(first) == len(second):
        return aligned
    return max(aligned, 1 - JOINED * (1 - _joined(first, second)))


def _aligned(first: Words, second: Words) -> float:
    """Pair the words of two names, the most alike first; the worst pair counts as much as all together."""
    left, right = _without(first, second), _without(second, first)
    found = [1.0] * (len(first) - len(left)) + _paired(left, right)
    missing = abs(len(first) - len(second))
    single = SINGLE_WORD if missing and len(found) == 1 else 0
    return 0.5 * sum(found) / len(found) + 0.5 * min(found) - MISSING_WORD * missing - single


def _without(words: Words, others: Words) -> list[str]:
    """Return the words that the other name lacks."""
    left = list(others)
    kept = []
    for word in words:
        if word in left:
            left.remove(word)
        else:
            kept.append(word)
    return kept


def _paired(left: list[str], right: list[str]) -> list[float]:
    """Return how alike the words are that go together; words that are left over go with none."""
    if len(left) == len(right) == 1:
        return [word_alike(left[0], right[0])]
    found = []
    pairs = [(-word_alike(*both), min(both), max(both), both) for both in product(left, right)]
    for likeness, _, _, (word, other) in sorted(pairs):
        if word in left and other in right:
            left.remove(word)
            right.remove(other)
            found.append(-likeness)
    return found


def _joined(first: Words, second: Words) -> float:
    """Compare two names as if each was one word, as Khmer may be written, either end first."""
    return max(_sounds_alike(*both) for both in product(_joined_readings(first), _joined_readings(second)))


@lru_cache(maxsize=1 << 14)
def _joined_readings(words: Words) -> tuple[str, ...]:
    orders = dict.fromkeys((words, words[1:] + words[:1]))
    found = ("".join(reading) for order in orders for reading in islice(product(*map(readings, order)), MOST_READINGS))
    return tuple(dict.fromkeys(_DOUBLED.sub(r"\1", reading) for reading in found))


def _sounds_alike(first: str, second: str) -> float:
    whole = OSA.normalized_similarity(first, second)
    return (1 - BONES) * whole + BONES * OSA.normalized_similarity(bones(first), bones(second))
