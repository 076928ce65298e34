"""Whether two records are one person or one firm: evidence, its weights, and the grade they add up to.

Nothing is merged here. A grade says what to do next: `sure` is shown first, `ask` needs a look, `new` is left alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from math import inf
from operator import attrgetter
from typing import Literal, NamedTuple

from capred_portal.matching.firms import NUMBERS, firm_words, trade_words
from capred_portal.matching.names import Words, names_alike
from capred_portal.matching.text import name_key, search_key

Kind = Literal["person", "firm"]
Grade = Literal["sure", "ask", "new"]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one person or firm; empty where it is not."""

    id: int
    kind: Kind
    name_en: str = ""
    name_km: str = ""
    phone: str = ""
    email: str = ""
    organisation: int = 0  # of a person
    sex: str = ""  # of a person: f or m
    registration_number: str = ""  # of a firm, as is its place (a province) and sector
    place: str = ""
    sector: str = ""


@dataclass(frozen=True, slots=True)
class Weight:
    """What one piece of evidence adds to the score of a pair, of 100."""

    points: int
    label: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence found on a pair: its code in WEIGHTS and its points; of names, how alike in per cent."""

    code: str
    points: int
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """What two records have in common, and what follows."""

    first: int
    second: int
    grade: Grade
    score: int
    reasons: tuple[Reason, ...]


SURE, ASK = 85, 50  # the score from which a pair has the grade
# Names less alike than UNLIKE are two; from NEAR on a name alone is asked for; below CLEAR none is sure.
UNLIKE, NEAR, CLEAR = 0.83, 0.93, 0.95
NEAR_POINTS = ASK

WEIGHTS = {
    "same_name": Weight(62, "The same name, in sound or spelling (fewer points the less alike)"),
    "same_registration": Weight(60, "The same registration number"),
    "same_phone": Weight(32, "The same phone number"),
    "same_email": Weight(30, "The same email address"),
    "same_organisation": Weight(15, "The same organization"),
    "same_place": Weight(10, "The same province"),
    "same_sector": Weight(4, "The same sector"),
    "other_email": Weight(-4, "Another email address"),
    "other_words": Weight(-6, "A word for the trade that the other name lacks"),
    "other_phone": Weight(-8, "Another phone number"),
    "other_sector": Weight(-8, "Another sector"),
    "other_organisation": Weight(-10, "Another organization"),
    "other_place": Weight(-10, "Another province"),
    "other_sex": Weight(-25, "Another sex"),
    "other_registration": Weight(-25, "Another registration number"),
    "other_trade": Weight(-30, "Another trade in the name"),
    "other_number": Weight(-60, "Another number in the name, as of a branch"),
    "other_name": Weight(0, "Another name: never more than new, except with the same registration number"),
}
# The fields that are compared, with what it says if they are equal and if they are not.
COMPARED: dict[Kind, tuple[tuple[str, str, str], ...]] = {
    "person": (
        ("phone", "same_phone", "other_phone"),
        ("email", "same_email", "other_email"),
        ("organisation", "same_organisation", "other_organisation"),
        ("sex", "", "other_sex"),
    ),
    "firm": (
        ("registration_number", "same_registration", "other_registration"),
        ("phone", "same_phone", "other_phone"),
        ("email", "same_email", "other_email"),
        ("place", "same_place", "other_place"),
        ("sector", "same_sector", "other_sector"),
    ),
}
NEVER_SURE = frozenset({"other_sex", "other_registration", "other_trade", "other_number", "other_name"})
# Words that many firms add to their name or leave out; two firms may differ in them and be one.
GENERAL_TRADES = frozenset(
    "association branch cooperative development export factory group import industry institute international "
    "investment new office product service shop supply trading workshop".split()
)


_FACTS = {kind: attrgetter(*[field for field, _, _ in fields]) for kind, fields in COMPARED.items()}
_POINTS = {code: weight.points for code, weight in WEIGHTS.items()}
_BEST_NAME = _POINTS["same_name"]
_NONE: frozenset[str] = frozenset()


class Subject(NamedTuple):
    """A record made ready for many comparisons."""

    known: Known
    facts: tuple[str | int, ...]  # the fields in COMPARED
    names: tuple[Words, Words]  # Latin, Khmer
    trades: frozenset[str]
    numbers: frozenset[str]


class _FirmName(NamedTuple):
    own: Words
    trades: frozenset[str]
    numbers: frozenset[str]


def compare(first: Known, second: Known) -> Match:
    """Return how much two records of one kind look like one; the same both ways round."""
    return compare_subjects(prepare(first), prepare(second))


def compare_subjects(first: Subject, second: Subject) -> Match:
    """Return what `compare` does, of records made ready before."""
    return _match(first, second, _evidence(first, second), names_alike(first.names, second.names))


def match_or_none(first: Subject, second: Subject) -> Match | None:
    """Return the match if it is `sure` or `ask`; passes over most pairs quickly."""
    codes = _evidence(first, second)
    least = -inf  # names that have nothing in common are below 0
    if "same_registration" not in codes:
        needed = ASK - sum([_POINTS[code] for code in codes])
        if needed > _BEST_NAME:
            return None
        least = _least_likeness(needed)
    likeness = names_alike(first.names, second.names, least)
    if likeness < least:
        return None
    match = _match(first, second, codes, likeness)
    return match if match.grade != "new" else None


def prepare(known: Known) -> Subject:
    """Return the record with its names cut into words."""
    facts = _FACTS[known.kind](known)
    if known.kind == "person":
        return Subject(known, facts, (_person_words(known.name_en), _person_words(known.name_km)), _NONE, _NONE)
    latin, khmer = _firm_name(known.name_en), _firm_name(known.name_km)
    return Subject(known, facts, (latin.own, khmer.own), latin.trades | khmer.trades, latin.numbers | khmer.numbers)


def _match(first: Subject, second: Subject, codes: list[str], likeness: float) -> Match:
    reasons = [Reason(code, _POINTS[code]) for code in codes] + [*_name_reasons(first, second, likeness)]
    reasons.sort(key=_by_weight)
    score = _score(reasons)
    if likeness < CLEAR:
        score = min(score, SURE - 1)
    grade: Grade = "sure" if score >= SURE else "ask" if score >= ASK else "new"
    return Match(first.known.id, second.known.id, grade, score, tuple(reasons))


def _evidence(first: Subject, second: Subject) -> list[str]:
    """Return the codes of what fields of both say."""
    found = []
    for one, other, (_, same, different) in zip(first.facts, second.facts, COMPARED[first.known.kind], strict=True):
        if one and other:
            found.append(same if one == other else different)
    return [code for code in found if code]


def _name_reasons(first: Subject, second: Subject, likeness: float) -> Iterator[Reason]:
    if likeness < UNLIKE:
        yield Reason("other_name", 0)
    else:
        yield Reason("same_name", _name_points(likeness), (f"{likeness * 100:.0f}",))
    if first.numbers != second.numbers:
        numbers = sorted((first.numbers, second.numbers), key=sorted)
        points = _POINTS["other_number"]
        yield Reason("other_number", points if all(numbers) else points // 3)
    trades, others = first.trades - GENERAL_TRADES, second.trades - GENERAL_TRADES
    if trades and others and not trades & others:
        yield Reason("other_trade", _POINTS["other_trade"])
    elif first.trades != second.trades:
        yield Reason("other_words", _POINTS["other_words"])


def _name_points(likeness: float) -> int:
    full = _BEST_NAME
    if likeness < NEAR:
        return round(NEAR_POINTS * (likeness - UNLIKE) / (NEAR - UNLIKE))
    return round(NEAR_POINTS + (full - NEAR_POINTS) * (likeness - NEAR) / (1 - NEAR))


@cache
def _least_likeness(points: int) -> float:
    """Return a likeness below which names never have these points."""
    if points <= 0:
        return UNLIKE
    if points <= NEAR_POINTS:
        return UNLIKE + (NEAR - UNLIKE) * (points - 1) / NEAR_POINTS
    return NEAR + (1 - NEAR) * (points - 1 - NEAR_POINTS) / (_BEST_NAME - NEAR_POINTS)


def _by_weight(reason: Reason) -> tuple[int, str]:
    return -abs(reason.points), reason.code


def _score(reasons: list[Reason]) -> int:
    codes = {reason.code for reason in reasons}
    score = max(0, min(100, sum(reason.points for reason in reasons)))
    if "other_name" in codes:
        return min(max(score, ASK), SURE - 1) if "same_registration" in codes else min(score, ASK - 1)
    return min(score, SURE - 1) if codes & NEVER_SURE else score


@lru_cache(maxsize=1 << 16)
def _person_words(name: str) -> Words:
    return tuple(name_key(name).split())


@lru_cache(maxsize=1 << 16)
def _firm_name(name: str) -> _FirmName:
    """Cut a firm's name into what is its own, trades and numbers; where nothing is its own, its trades are."""
    words = firm_words(search_key(name))
    own: list[str] = []
    trades: list[str] = []
    numbers: set[str] = set()
    for place, word in enumerate(words):
        if place and place == len(words) - 1 and word in NUMBERS:
            numbers.add(NUMBERS[word])
        elif word.isdecimal():
            numbers.add(word.lstrip("0") or "0")
        else:
            for part, is_trade in trade_words(word):
                (trades if is_trade else own).append(part)
    return _FirmName(tuple(own or trades), frozenset(trades), frozenset(numbers))
