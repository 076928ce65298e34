"""The local firms that make an input or nearly make it: found by HS heading and by ISIC class, then ranked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, DateField, Exists, OuterRef, Q, Subquery, Value, When

from enterprises.models import Certificate, ClusterMembership, Enterprise, Product, Sector
from indicators.inputs.suppliers_ranking import (
    POINTS,
    Candidate,
    Fit,
    Group,
    Need,
    Offer,
    State,
    best_offer,
    capacity_state,
    common_digits,
    ranked,
)
from indicators.models import Correspondence, Source

MOST_PRODUCTS = 20_000  # of one heading that are compared
MOST_OF_A_CLASS = 1_000  # firms of another heading that are listed
NAMES = ("name_en_key", "name_km_key")
ABOUT = ("is_member", "holds", "lapsed_on")


@dataclass(frozen=True)
class Question:
    """What the page is asked: the need, and which firms are looked at."""

    need: Need
    province: str = ""  # a code; "none": of no province
    members_only: bool = False
    women_only: bool = False
    reads_capacity: bool = False

    def firms(self, path: str = "") -> Q:
        """Return the condition on a firm; `path` leads from the rows to it, with its underscores."""
        condition = Q(**{f"{path}archived_at": None})
        if self.province:
            condition &= Q(**{f"{path}province": None if self.province == "none" else self.province})
        if self.women_only:
            condition &= Q(**{f"{path}is_women_owned": True}) | Q(**{f"{path}is_women_led": True})
        return condition & Q(is_member=True) if self.members_only else condition


@dataclass(frozen=True)
class Meaning:
    """Which ISIC classes make what is asked, by one edition of the correspondence; none where it holds no such code."""

    source: Source | None = None
    rows: Sequence[Correspondence] = ()
    classes: Sequence[Sector] = ()

    @property
    def is_ambiguous(self) -> bool:
        return len(self.classes) > 1

    @property
    def shares(self) -> list[tuple[Sector, int]]:
        """Each class with how many of the items it makes."""
        return [(sector, sum(sector.pk in row.classes for row in self.rows)) for sector in self.classes]


@dataclass(frozen=True)
class Finding:
    """The firms in their groups and in order, what the heading means, and of which groups not all were read."""

    question: Question
    meaning: Meaning
    groups: dict[Group, list[Candidate]] = field(default_factory=dict)
    cut: frozenset[Group] = frozenset()


def find(question: Question) -> Finding:
    """Return who makes the input, who makes its heading but lacks something, and who is of a class that makes it."""
    meaning = meaning_of(question.need)
    makers, is_cut = makers_of(question)
    others = firms_of_classes(question, [sector.pk for sector in meaning.classes])
    groups: dict[Group, list[Candidate]] = {group: [] for group in Group}
    for candidate in ranked([*makers, *others[:MOST_OF_A_CLASS]]):
        groups[candidate.group].append(candidate)
    cut = {Group.MAKES, Group.LACKS} if is_cut else set()
    if len(others) > MOST_OF_A_CLASS:
        cut.add(Group.CLASS)
    return Finding(question, meaning, groups, frozenset(cut))


def meaning_of(need: Need) -> Meaning:
    """Return the classes that make a code by the edition in force; of an item it lacks, those of its heading."""
    held = Correspondence.objects.filter(source__archived_at=None)
    in_force = held.order_by("source__is_superseded", "-source").values("source")[:1]
    rows = list(held.filter(source=in_force, hs_code__range=need.codes).select_related("source").order_by("hs_code"))
    if not rows:
        return Meaning()
    rows = [row for row in rows if row.hs_code == need.hs_code] or rows
    codes = {code for row in rows for code in row.classes}
    return Meaning(rows[0].source, rows, list(Sector.objects.filter(pk__in=codes).order_by("code")))


def about(need: Need, firm: str) -> dict[str, Any]:
    """Return what is asked of each firm beside its products; `firm` is its column in the rows."""
    members = ClusterMembership.objects.members().filter(enterprise=OuterRef(firm)).order_by()
    if not need.standard:
        nothing = Value(None, output_field=DateField())
        return {"is_member": Exists(members), "holds": Value(value=False), "lapsed_on": nothing}
    asked = {"standard_key": need.standard, "enterprise": OuterRef(firm)}
    lapsed = Certificate.objects.expired().filter(**asked).order_by("-expires_on").values("expires_on")[:1]
    return {
        "is_member": Exists(members),
        "holds": Exists(Certificate.objects.valid().filter(**asked).order_by()),
        "lapsed_on": Subquery(lapsed),
    }


def certificate_of(need: Need, holds: Any, lapsed_on: Any) -> dict[str, Any]:
    """Return how a firm stands to the standard asked for; expired counts as missing, with its last day."""
    if not need.standard:
        return {"certificate": State.NOT_ASKED}
    if holds:
        return {"certificate": State.MET}
    return {"certificate": State.EXPIRED if lapsed_on else State.MISSING, "expired_on": lapsed_on}


def makers_of(question: Question) -> tuple[list[Candidate], bool]:
    """Return the firms with a product of the heading, each with the nearest one, and whether some were not read."""
    need = question.need
    capacity = ("capacity", "capacity_unit") if question.reads_capacity else ()
    products = (
        Product.objects.active()
        .annotate(**about(need, "enterprise"))
        .filter(question.firms("enterprise__"), hs_code__range=need.codes)
        .order_by("hs_code", "enterprise", "pk")
        .values_list("enterprise", *(f"enterprise__{name}" for name in NAMES), *ABOUT, "hs_code", *capacity)
    )
    rows = list(products[: MOST_PRODUCTS + 1])
    offers: dict[int, list[Offer]] = defaultdict(list)
    firms = {}
    for firm, name_en, name_km, is_member, holds, lapsed_on, *offered in rows[:MOST_PRODUCTS]:
        offers[firm].append(Offer(*offered))
        firms[firm] = (name_en, name_km), (is_member, holds, lapsed_on)
    found = [maker(need, firm, *firms[firm], best_offer(need, made)) for firm, made in offers.items()]
    return found, len(rows) > MOST_PRODUCTS


def maker(need: Need, firm: int, names: tuple[str, str], asked: Sequence[Any], offer: Offer) -> Candidate:
    """Return a firm that makes the heading, by its nearest product."""
    is_member, holds, lapsed_on = asked
    fit = Fit(
        digits=common_digits(need.hs_code, offer.hs_code),
        offer=offer,
        capacity=capacity_state(need, offer),
        in_cluster=bool(is_member),
        **certificate_of(need, holds, lapsed_on),
    )
    return Candidate(firm, names, fit)


def firms_of_classes(question: Question, classes: Sequence[str]) -> list[Candidate]:
    """Return the firms of these classes without a product of the heading, the first ones by points and name.

    One more than is listed tells that there are more. The database adds the same points as `points`.
    """
    if not classes:
        return []
    need = question.need
    made = Product.objects.active().filter(enterprise=OuterRef("pk"), hs_code__range=need.codes)
    together = Case(When(is_member=True, then=Value(POINTS["cluster"])), default=Value(0))
    certified = Case(
        When(holds=True, then=Value(POINTS["certificate-met"])),
        When(lapsed_on__isnull=False, then=Value(POINTS["certificate-expired"])),
        default=Value(0),
    )
    found = (
        Enterprise.objects.annotate(**about(need, "pk"))
        .filter(question.firms(), ~Exists(made.order_by()), sector__in=classes)
        .order_by((together + certified).desc(), *NAMES, "pk")
        .values_list("pk", *NAMES, *ABOUT)
    )
    return [
        Candidate(
            firm,
            (name_en, name_km),
            Fit(0, classes=len(classes), in_cluster=bool(is_member), **certificate_of(need, holds, lapsed_on)),
        )
        for firm, name_en, name_km, is_member, holds, lapsed_on in found[: MOST_OF_A_CLASS + 1]
    ]
