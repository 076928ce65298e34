"""Pairs among many records without comparing all with all: only records that share a block are compared.

A block holds the records with one phone number, registration number, email address, sound, or half a name and one
organization or province. A name that more than WINDOW records have says little: of those, only people of one
organization, or firms of one province and sector, are compared. Where even these are more than WINDOW, each is compared
with the WINDOW next to it in the order of phone and sound. So comparisons grow with the records, not with their square.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import lru_cache
from itertools import combinations

from capred_portal.matching.names import Words
from capred_portal.matching.pairs import Known, Match, Subject, match_or_none, prepare
from capred_portal.matching.sounds import bones, word_sound

WINDOW = 20

Pair = tuple[int, int]
Keys = Callable[[Subject], Iterable[Hashable]]


def candidates_for(one: Known, rows: Iterable[Known]) -> list[Match]:
    """Return which other of a few records may be this one, the likeliest first, by comparing it with each."""
    return _graded(prepare(one), [prepare(row) for row in rows if row.id != one.id])


def candidate_pairs(subjects: list[Subject]) -> Iterator[Pair]:
    """Yield the places of two records that share a block; pairs of large blocks can come again."""
    compared: dict[int, list[int]] = defaultdict(list)  # the small blocks a record was in
    number = 0
    for keys_of in _KEYS:
        for members in _blocks(subjects, keys_of).values():
            if len(members) > WINDOW:
                for nearer in [members] if keys_of is _by_contact else _split(members, subjects):
                    yield from _neighbours(nearer, subjects)
            elif len(members) > 1:
                yield from (pair for pair in combinations(members, 2) if _is_new(pair, compared))
                number += 1
                for place in members:
                    compared[place].append(number)


def find_pairs(rows: Iterable[Known]) -> Iterator[Match]:
    """Yield the pairs among records of one kind that are one, surely or perhaps; each once, the lower id first."""
    subjects = [prepare(row) for row in rows]
    found: set[Pair] = set()
    for pair in candidate_pairs(subjects):
        if pair in found:
            continue
        first, second = subjects[pair[0]], subjects[pair[1]]
        if second.known.id < first.known.id:
            first, second = second, first
        if match := match_or_none(first, second):
            found.add(pair)
            yield match


def _blocks(subjects: list[Subject], keys_of: Keys) -> dict[Hashable, list[int]]:
    blocks: dict[Hashable, list[int]] = defaultdict(list)
    for place, subject in enumerate(subjects):
        for key in keys_of(subject):
            blocks[key].append(place)
    return blocks


def _is_new(pair: Pair, compared: dict[int, list[int]]) -> bool:
    one, other = compared.get(pair[0]), compared.get(pair[1])
    return not one or not other or set(one).isdisjoint(other)


def _split(members: list[int], subjects: list[Subject]) -> Iterable[list[int]]:
    """Return the members of a large block by organization, or by province and sector, where these are known."""
    parts: dict[str, list[int]] = defaultdict(list)
    for place in members:
        known = subjects[place].known
        if where := _where(known):
            parts[f"{where} {known.sector}"].append(place)
    return parts.values()


def _neighbours(members: list[int], subjects: list[Subject]) -> Iterator[Pair]:
    """Yield the pairs of records that are near each other in the order of phone and sound."""
    ordered = sorted(members, key=lambda place: _order(subjects[place]))
    for start, place in enumerate(ordered):
        for other in ordered[start + 1 : start + 1 + WINDOW]:
            yield (place, other) if place < other else (other, place)


def _graded(one: Subject, others: Iterable[Subject]) -> list[Match]:
    matches = filter(None, [match_or_none(one, other) for other in others])
    return sorted(matches, key=lambda match: (-match.score, match.second))


def _order(subject: Subject) -> tuple[str, tuple[str, ...], int]:
    return subject.known.phone, _sounds(subject.names[0] or subject.names[1]), subject.known.id


def _where(known: Known) -> str:
    return known.place or str(known.organisation or "")


# The keys of the blocks a record is in, one function per kind of block.


def _by_contact(subject: Subject) -> list[Hashable]:
    known = subject.known
    keys = (("phone", known.phone), ("registration", known.registration_number), ("email", known.email))
    return [key for key in keys if key[1]]


def _by_sound(subject: Subject) -> set[Hashable]:
    """Return the consonants of each spelling in the order of the alphabet, so that the order of words is no matter."""
    return {_sorted_consonants(words) for words in subject.names if words}


def _by_half_a_name(subject: Subject) -> set[Hashable]:
    """Return the sound of any two words, and the first letters of all, each within one organization or province."""
    where = _where(subject.known)
    return {(where, half) for words in subject.names for half in _halves(words)} if where else set()


_KEYS: tuple[Keys, ...] = (_by_contact, _by_sound, _by_half_a_name)


@lru_cache(maxsize=1 << 17)
def _sorted_consonants(words: Words) -> str:
    return "".join(sorted("".join(map(_consonants, words))))


@lru_cache(maxsize=1 << 17)
def _halves(words: Words) -> tuple[tuple[str, ...], ...]:
    sounds = sorted({_consonants(word) for word in words[:5]})
    initials = ("", *sorted(sound[:1] for sound in sounds))
    return (*combinations(sounds, 2), initials) if len(sounds) > 1 else ((*sounds, ""),)


@lru_cache(maxsize=1 << 17)
def _consonants(word: str) -> str:
    found = bones(word_sound(word))
    return found[:-1] if found[-1:] in ("a", "e", "o", "u") else found


@lru_cache(maxsize=1 << 17)
def _sounds(words: Words) -> tuple[str, ...]:
    return tuple(sorted(map(word_sound, words)))
