"""Figures over links by what brought them about: each link once, its shares among programs, the rest to nobody."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.db.models.functions import Coalesce
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from capred_portal.figures import TOTAL, Figure, Scope, Words, figure
from capred_portal.filters import filtered
from enterprises.figures.links import COLUMNS, PERIODS, Row, at_end, left_out, rests_on_few, withhold_few
from enterprises.filters.links import LinkFilter
from enterprises.models import SupplyLink
from programs.filters.links import NO_PROGRAM, UNATTRIBUTED, AttributedLinkFilter
from programs.models import LinkAttribution, Program

SCOPES = ("program", *PERIODS)


@dataclass
class Part:
    """What one program, or nobody, has of the links: shares as parts of 1, value, and the links behind."""

    links: Decimal = Decimal(0)
    value: Decimal = Decimal(0)
    rows: list[Row] = field(default_factory=list)

    def add(self, row: Row, share_pct: Decimal) -> None:
        self.links += share_pct / 100
        self.value += (row.value or 0) * share_pct / 100
        self.rows.append(row)


def parts_of(links: Any) -> dict[str, Part]:
    """Return what each program has of the links of a list, by its short name: two queries.

    The keys are all links under "", the programs, workshops of no program, and what is not attributed.
    """
    rows = {pk: Row(TOTAL, *rest) for pk, *rest in links.values_list("pk", "value_then", *COLUMNS)}
    parts, left = {TOTAL: Part()}, dict.fromkeys(rows, Decimal(100))
    shares = LinkAttribution.objects.standing().filter(link__in=links.values("pk")).order_by()
    slug = Coalesce("program__slug", "workshop__program__slug")
    for pk, program, share_pct in shares.values_list("link", slug, "share_pct"):
        if pk in rows:
            parts.setdefault(program or NO_PROGRAM[0], Part()).add(rows[pk], share_pct)
            left[pk] -= share_pct
    for pk, row in rows.items():
        parts[TOTAL].add(row, Decimal(100))
        if left[pk]:
            parts.setdefault(UNATTRIBUTED[0], Part()).add(row, left[pk])
    return parts


def plain(number: Decimal) -> Decimal:
    """Return a number of links without empty decimals: 2, 0.6."""
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"))


def labels_of(keys: Iterable[str]) -> dict[str, Words]:
    """Return key and label of the parts there are: programs by name, then what belongs to none."""
    names: dict[str, Words] = {one.slug: str(one) for one in Program.objects.filter(slug__in=keys)}
    return names | {key: label for key, label in (NO_PROGRAM, UNATTRIBUTED) if key in keys}


def without_program(scope: Scope) -> Scope:
    return Scope(scope.role, {name: value for name, value in scope.params.items() if name != "program"})


def by_program(scope: Scope, now: Scope, code: str, title: Words, *, is_value: bool = False) -> dict[str, Figure]:
    """Return a figure over links with the part of each program; its rows are the list of shares."""
    slug = scope.get("program")
    query = without_program(now)
    links = filtered(LinkFilter, SupplyLink.objects.standing(), query)
    parts = parts_of(links)

    measure = {"measure": "value"} if is_value else {}

    def one(key: str, label: Words) -> Figure:
        part = parts.get(key, Part())
        is_missing = is_value and bool(part.rows) and all(row.value is None for row in part.rows)
        return Figure(
            code=code,
            label=label,
            value=None if is_missing else cents(part.value) if is_value else plain(part.links),
            unit=_("US$ a year") if is_value else _("links"),
            state="missing" if is_missing else "value",
            rows_url=reverse("programs:link_list") + query.query(**({"program": key} if key else {}), **measure),
            has_demo=any(row.is_demo for row in part.rows),
            excluded=() if key or is_value else left_out,
            scope=scope,
        )

    total = one(TOTAL, title)
    labels = labels_of({*parts} | {slug}) if slug or scope.by else {}
    if slug and slug not in labels:
        raise Http404(slug)
    shown = {key: one(key, label) for key, label in labels.items()}
    if is_value and scope.hides_small_cells:
        few = rests_on_few(parts[TOTAL].rows)
        total = total.as_withheld() if few else replace(total, rows_url="")
        shown = withhold_few(shown, {key: parts.get(key, Part()).rows for key in shown})
    if slug:
        return {TOTAL: replace(shown[slug], label=title)}
    return {TOTAL: total} | (shown if scope.by else {})


@figure(
    "links-made-attributed",
    title=_("Links made, by program"),
    rule=_(
        "Links that have come to a first trial order, contract or repeat order; the year and quarter are those of that"
        " day. Each link counts once: a program has the share that it and its workshops brought about, and the rest is"
        " not attributed."
    ),
    unit=_("links"),
    filters=AttributedLinkFilter,
    scopes=SCOPES,
    by=("program",),
)
def links_made_attributed(scope: Scope) -> dict[str, Figure]:
    """Count links made, shared out among programs."""
    made = Scope(scope.role, {name: value for name, value in scope.params.items() if name != "by"} | {"made": "yes"})
    return by_program(scope, made, "links-made-attributed", _("Links made, by program"))


@figure(
    "links-alive-attributed",
    title=_("Links alive, by program"),
    rule=_(
        "Links alive at the end of the year or quarter, or today where that is not over. Each link counts once: a"
        " program has the share that it and its workshops brought about, and the rest is not attributed."
    ),
    unit=_("links"),
    filters=AttributedLinkFilter,
    scopes=SCOPES,
    by=("program",),
)
def links_alive_attributed(scope: Scope) -> dict[str, Figure]:
    """Count links alive, shared out among programs."""
    return by_program(scope, at_end(scope), "links-alive-attributed", _("Links alive, by program"))


@figure(
    "links-value-attributed",
    title=_("Value of links, by program"),
    rule=_(
        "The yearly values of links alive at the end of the year or quarter, or today where that is not over, each"
        " times the share that a program and its workshops brought about; the rest is not attributed. The parts add up"
        " to the value of all links. Who may not read what one firm told sees parts of at least 3 links, 3 buyers and"
        " 3 suppliers only."
    ),
    unit=_("US$ a year"),
    filters=AttributedLinkFilter,
    scopes=SCOPES,
    by=("program",),
)
def links_value_attributed(scope: Scope) -> dict[str, Figure]:
    """Add up the values of links alive, shared out among programs."""
    title = _("Value of links, by program")
    return by_program(scope, at_end(scope), "links-value-attributed", title, is_value=True)


@figure(
    "links-value-replacing-attributed",
    title=_("Value of links that replace imports, by program"),
    rule=_(
        "Of the value of links, by program, the part of the links that are said to take the place of an import. What it"
        " leaves must rest on enough firms, too, for those who may not read what one firm told."
    ),
    unit=_("US$ a year"),
    filters=AttributedLinkFilter,
    scopes=SCOPES,
    by=("program",),
)
def links_value_replacing_attributed(scope: Scope) -> dict[str, Figure]:
    """Add up the values of links alive that replace an import, shared out among programs."""
    code, title = "links-value-replacing-attributed", _("Value of links that replace imports, by program")
    figures = by_program(scope, at_end(scope, replaces="yes"), code, title, is_value=True)
    if not scope.hides_small_cells:
        return figures
    parts = parts_of(filtered(LinkFilter, SupplyLink.objects.standing(), without_program(at_end(scope))))
    slug = scope.get("program")

    def leaves_few(key: str) -> bool:
        part = parts.get(slug if slug and not key else key, Part())
        return rests_on_few([row for row in part.rows if not row.replaces])

    return {key: one.as_withheld() if leaves_few(key) else one for key, one in figures.items()}
