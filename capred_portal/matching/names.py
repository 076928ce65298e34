"""How alike two names are, whatever the script, the spelling, the order of their words and what was left out."""

from functools import lru_cache
from itertools import product

from rapidfuzz.distance import OSA

from capred_portal.matching.sounds import bones, readings, word_sound

Words = tuple[str, ...]  # of a search key

INITIAL = 0.9  # S. for Sok
MISSING_WORD = 0.08  # off for each word only one of them has; more where the other is a single word
SINGLE_WORD = 0.1
JOINED = 1.4  # words written as one: each difference counts more, for it is spread over the whole name
SPELLING = {"latin": 0.1, "khmer": 0.3}  # of a word, where both are in one script; the sound is the rest


def names_alike(first: tuple[Words, Words], second: tuple[Words, Words]) -> float:
    """Return from 0 to 1 how alike two names are; each is its Latin and its Khmer words.

    Where both have both scripts, both count. Otherwise the likeness is the best that any two spellings have.
    """
    (latin, khmer), (other_latin, other_khmer) = first, second
    if latin and khmer and other_latin and other_khmer:
        return 0.4 * words_alike(latin, other_latin) + 0.6 * words_alike(khmer, other_khmer)
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
    share = SPELLING["latin" if first.isascii() else "khmer"]
    return (1 - share) * sound + share * OSA.normalized_similarity(first, second)


@lru_cache(maxsize=1 << 18)
def _alike(first: Words, second: Words) -> float:
    aligned = _aligned(first, second)
    if len(first) == len(second):
        return aligned
    return max(aligned, 1 - JOINED * (1 - _joined(first, second)))


def _aligned(first: Words, second: Words) -> float:
    """Pair the words of two names, the most alike first; the worst pair counts as much as all together."""
    pairs = sorted(
        (-word_alike(min(both), max(both)), min(both), max(both), both) for both in product(set(first), set(second))
    )
    left, right = list(first), list(second)
    found = []
    for likeness, _, _, (word, other) in pairs:
        while word in left and other in right:
            left.remove(word)
            right.remove(other)
            found.append(-likeness)
    missing = len(left) + len(right)
    single = SINGLE_WORD if missing and len(found) == 1 else 0
    return 0.5 * sum(found) / len(found) + 0.5 * min(found) - MISSING_WORD * missing - single


def _joined(first: Words, second: Words) -> float:
    """Compare two names as if each was one word, as Khmer may be written, either end first."""
    return max(
        _sounds_alike("".join(map(word_sound, left)), "".join(map(word_sound, right)))
        for left in {first, first[1:] + first[:1]}
        for right in {second, second[1:] + second[:1]}
    )


def _sounds_alike(first: str, second: str) -> float:
    return 0.5 * OSA.normalized_similarity(first, second) + 0.5 * OSA.normalized_similarity(bones(first), bones(second))
