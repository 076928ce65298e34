"""A figure: a number over records that knows its rule, its rows and what it leaves out; and the registry of all."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Literal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet

from capred_portal import access
from capred_portal.matching import ascii_digits

State = Literal["value", "missing", "not applicable", "withheld"]
Words = str | Promise
TOTAL = ""
SMALL_CELL = 5

STATE_WORDS: dict[State, Words] = {
    "missing": _("Not stated"),
    "not applicable": _("n/a"),
    "withheld": _("withheld"),
}

BREAKDOWNS: dict[str, Words] = {
    "sex": _("by sex"),
    "disability": _("by disability"),
    "age": _("by age"),
    "organisation-kind": _("by kind of organisation"),
    "kind": _("by kind"),
    "stage": _("by stage"),
    "theme": _("by theme"),
    "status": _("by status"),
    "priority": _("by priority"),
    "province": _("by province"),
    "year": _("by year"),
    "quarter": _("by quarter"),
    "currency": _("by currency"),
    "goal": _("by goal"),
    "sector": _("by sector"),
    "standard": _("by standard"),
    "expiry": _("by expiry"),
    "program": _("by program"),
    "receiver": _("by receiver"),
    "way": _("by way"),
    "women": _("by women's ownership"),
    "size": _("by size class"),
}


@dataclass(frozen=True)
class Scope:
    """What a figure is asked about: who asks, and the GET parameters that narrow it."""

    role: str
    params: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        return self.params.get(name, "")

    @property
    def by(self) -> str:
        return self.get("by")

    @property
    def halves_years(self) -> bool:
        """Whether parts by calendar year are halves, within an Australian year: no list of a year adds up to one."""
        return self.by == "year" and "-" in self.get("year")

    @property
    def hides_small_cells(self) -> bool:
        """Officers see breakdowns of people without small cells; staff, who keep the lists, see exact counts."""
        return self.role not in access.KEEPERS

    @property
    def full_query(self) -> str:
        """The scope as a query string, with what it is broken down by."""
        return self.query(**({"by": self.by} if self.by else {}))

    def query(self, **extra: str) -> str:
        """Return the scope as a query string, without `by`, plus `extra`."""
        params = {name: value for name, value in self.params.items() if value and name != "by"} | extra
        return f"?{urlencode(params)}" if params else ""


@dataclass(frozen=True)
class Exclusion:
    """Rows a figure leaves out, and why."""

    reason: Words
    count: int


@dataclass(frozen=True)
class Figure:
    """One number, or the stated reason why there is none."""

    code: str
    label: Words
    value: int | Decimal | None
    unit: Words = ""
    state: State = "value"
    rows_url: str = ""
    has_demo: bool = False
    excluded: "tuple[Exclusion, ...] | Callable[[], Iterable[Exclusion]]" = ()  # a function is asked on demand
    source: Words = _("Records of this portal")
    scope: Scope = field(default_factory=lambda: Scope(access.ANONYMOUS))

    def as_withheld(self) -> "Figure":
        """Return the figure for those who may not know its value: no rows lead there, and no rest tells of it."""
        return replace(self, value=None, state="withheld", rows_url="", excluded=())

    @property
    def url(self) -> str:
        """The figure's permanent page, for this scope."""
        return reverse("figure", args=[self.code]) + self.scope.full_query


@dataclass(frozen=True)
class Definition:
    """What the registry holds of a figure: its names, its rule in words, and the function that computes it."""

    code: str
    title: Words
    rule: Words
    unit: Words
    compute: Callable[[Scope], dict[str, Figure]]
    scopes: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    filters: type[FilterSet] | None = None  # of the list behind it: they know the scopes by name

    @property
    def app(self) -> str:
        """The app that owns the rows."""
        return self.compute.__module__.partition(".")[0]

    def asked(self, role: str, params: Mapping[str, Any]) -> Scope:
        """Return the scope that the parameters of an address ask for, with the digits that codes are written in."""
        names = (*self.scopes, "by")
        return Scope(role, {name: ascii_digits(str(params[name])) for name in names if params.get(name)})

    def figures(self, scope: Scope) -> dict[str, Figure]:
        """Compute the figure for a scope: the total under "", the parts under their keys."""
        return self.compute(scope)


REGISTRY: dict[str, Definition] = {}


def figure(
    code: str,
    *,
    title: Words,
    rule: Words,
    unit: Words,
    scopes: tuple[str, ...] = (),
    by: tuple[str, ...] = (),
    filters: type[FilterSet] | None = None,
) -> Callable[[Callable[[Scope], dict[str, Figure]]], Callable[[Scope], dict[str, Figure]]]:
    """Register a function as the one place where a figure is computed."""

    def register(compute: Callable[[Scope], dict[str, Figure]]) -> Callable[[Scope], dict[str, Figure]]:
        REGISTRY[code] = Definition(code, title, rule, unit, compute, scopes, by, filters)
        return compute

    return register


def small_cells(sizes: Mapping[str, int | Decimal]) -> set[str]:
    """Return the parts below 5 and, so that no difference reveals them, the next smallest until they hold 5 or more.

    The total without what is shown tells what is withheld together: below 5 that is a small cell too, and two parts
    that come to 2 would be 1 and 1. Where all parts together hold fewer than 5, those of 0 are withheld as well, for
    beside them one part alone would be the total; else a part of 0 hides nobody and stays. Unit: people or firms.
    Source: primary and secondary suppression, as in L. Willenborg and T. de Waal, "Elements of Statistical Disclosure
    Control" (2001), ch. 4.
    """
    others = sorted((key for key, size in sizes.items() if size), key=lambda key: sizes[key])
    hidden = [key for key in others if sizes[key] < SMALL_CELL]
    del others[: len(hidden)]
    while others and hidden and (len(hidden) == 1 or sum(sizes[key] for key in hidden) < SMALL_CELL):
        hidden.append(others.pop(0))
    return set(sizes if hidden and sum(sizes[key] for key in hidden) < SMALL_CELL else hidden)


def withhold_small_cells(figures: dict[str, Figure]) -> dict[str, Figure]:
    """Withhold the parts of a figure that are small cells; the total stays."""
    hidden = small_cells({key: each.value for key, each in figures.items() if key != TOTAL and each.value is not None})
    return figures | {key: figures[key].as_withheld() for key in hidden}


def number(value: Any) -> str:
    """Return a number with thousands separated as CLDR has it for both languages: 1,234.5; no empty decimals."""
    if isinstance(value, Decimal) and not value % 1:
        value = int(value)
    return f"{value:,}"
