"""How well a firm answers to an input that is bought abroad: its group, its points and its place, by a stated rule."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

CHAPTER, HEADING, ITEM = 2, 4, 6  # digits of an HS code


class Group(StrEnum):
    """How near a firm is to making the input; in the order of the page."""

    MAKES = "makes"
    LACKS = "lacks"  # the heading, but not the certificate or the capacity that is needed
    CLASS = "class"  # another heading, or none recorded, of an ISIC class that makes the heading


class State(StrEnum):
    """How a firm stands to one thing the buyer needs."""

    NOT_ASKED = ""
    MET = "met"
    HALF = "half"  # of the capacity needed, half or more
    LESS = "less"
    EXPIRED = "expired"
    MISSING = "missing"  # not recorded
    OTHER_UNIT = "other-unit"  # recorded in a unit that cannot be compared


POINTS: dict[str, int] = {
    "item": 40,
    "heading": 30,
    "chapter": 20,
    "class": 15,
    "class-of-several": 10,
    "certificate-met": 20,
    "certificate-expired": 5,
    "capacity-met": 20,
    "capacity-half": 10,
    "capacity-less": 5,
    "cluster": 3,
}


@dataclass(frozen=True)
class Need:
    """What a buyer asks for: an HS code of 2, 4 or 6 digits; a standard by its key; a yearly quantity in a unit."""

    hs_code: str
    standard: str = ""
    quantity: Decimal | None = None
    unit: str = ""

    @property
    def heading(self) -> str:
        """What a product must begin with: the four digits of the heading, or the chapter where only that is asked."""
        return self.hs_code[:HEADING]

    @property
    def codes(self) -> tuple[str, str]:
        """The first and the last code of the heading: digits sort alike in every database."""
        return self.heading, self.heading.ljust(ITEM, "9")


@dataclass(frozen=True)
class Offer:
    """One product of a firm: its HS code and, where it may be read, how much of it is made a year."""

    hs_code: str
    capacity: Decimal | None = None
    unit: str = ""


@dataclass(frozen=True)
class Fit:
    """How one firm answers to a need; `digits` in common with it, 0 where only the ISIC class is the same."""

    digits: int
    offer: Offer | None = None
    classes: int = 1  # that make the heading
    certificate: State = State.NOT_ASKED
    expired_on: datetime.date | None = None
    capacity: State = State.NOT_ASKED
    in_cluster: bool = False


def common_digits(asked: str, made: str) -> int:
    """Return how far two codes are known to agree: 6, 4 or 2 digits; 0 where the heading differs or is not known.

    A chapter alone answers only to a chapter: what it holds of a heading is not known.
    """
    if len(asked) == ITEM and asked == made:
        return ITEM
    if len(asked) >= HEADING and len(made) >= HEADING and asked[:HEADING] == made[:HEADING]:
        return HEADING
    return CHAPTER if len(asked) == CHAPTER and made.startswith(asked) else 0


def capacity_state(need: Need, offer: Offer) -> State:
    """Compare a yearly capacity with the quantity needed; other units are never converted."""
    if need.quantity is None:
        return State.NOT_ASKED
    if offer.capacity is None:
        return State.MISSING
    if offer.unit.casefold() != need.unit.casefold():
        return State.OTHER_UNIT
    if offer.capacity >= need.quantity:
        return State.MET
    return State.HALF if 2 * offer.capacity >= need.quantity else State.LESS


def best_offer(need: Need, offers: Iterable[Offer]) -> Offer:
    """Return the product that is nearest to the need: by its code, then by its capacity in the unit asked for."""

    def nearness(offer: Offer) -> tuple[int, int, Decimal]:
        gained = POINTS.get(f"capacity-{capacity_state(need, offer)}", 0)
        return common_digits(need.hs_code, offer.hs_code), gained, offer.capacity or Decimal(0)

    return max(offers, key=nearness)


def group_of(fit: Fit) -> Group:
    """Return the group of a firm: who makes the heading but misses something, or it is not known, nearly makes it."""
    if not fit.digits:
        return Group.CLASS
    asked = (fit.certificate, fit.capacity)
    return Group.MAKES if all(state in (State.NOT_ASKED, State.MET) for state in asked) else Group.LACKS


def reasons_counted(fit: Fit) -> list[str]:
    """Return the reasons that give a firm points, as they stand in POINTS."""
    made = {ITEM: "item", HEADING: "heading", CHAPTER: "chapter"}
    same_class = "class" if fit.classes == 1 else "class-of-several"
    reasons = [made.get(fit.digits, same_class), f"certificate-{fit.certificate}", f"capacity-{fit.capacity}"]
    return [reason for reason in [*reasons, "cluster" if fit.in_cluster else ""] if reason in POINTS]


def points(fit: Fit) -> int:
    """Return the sum of the points of a firm's reasons."""
    return sum(POINTS[reason] for reason in reasons_counted(fit))


@dataclass(frozen=True)
class Candidate:
    """A firm by its key, with its names as they sort and how it answers to the need."""

    firm: int
    names: tuple[str, str]
    fit: Fit

    @property
    def group(self) -> Group:
        return group_of(self.fit)


def ranked(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return firms in their groups' order, the most points first; equal ones by name."""
    places = list(Group)
    return sorted(candidates, key=lambda one: (places.index(one.group), -points(one.fit), *one.names, one.firm))
