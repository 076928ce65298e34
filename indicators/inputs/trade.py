"""What the trade flows held say: editions, and the imports of a year by chapter, partner, end use and heading."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Max, Min, Q, Sum
from django.db.models.functions import Left
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from capred_portal.languages import localized
from enterprises.hs import chapters
from enterprises.models import Sector
from indicators import economies
from indicators.models import Correspondence, Source, TradeFlow
from indicators.models.trade import CAMBODIA, WORLD, TradeFlowQuerySet

Flow, EndUse = TradeFlow.Flow, Correspondence.EndUse

CHAPTER, HEADING, SUBHEADING = 2, 4, 6


@dataclass(frozen=True)
class Slice:
    """What may be added up: one edition, year, direction and teller, annual or monthly; never two of these together.

    `flow` is seen from Cambodia: a mirrored import is an export of the partner that tells it. `levels` are the digits
    held (0: all goods).
    """

    source: Source
    year: int
    flow: str
    is_mirror: bool
    months: int  # held of the year; 0: told as a whole year
    levels: frozenset[int]
    world_levels: frozenset[int]  # those with the partner World
    has_partners: bool  # told partner by partner too

    @property
    def is_monthly(self) -> bool:
        return self.months > 0

    @property
    def told_flow(self) -> str:
        """The direction as it is told: a mirrored import is the export of a partner."""
        return MIRRORED[self.flow] if self.is_mirror else self.flow

    @property
    def condition(self) -> Q:
        """What its flows have in common, at all levels and with the world among the partners."""
        period = Q(month__gt=0) if self.is_monthly else Q(month=0)
        told = period & Q(source=self.source, year=self.year, flow=self.told_flow)
        if self.is_mirror:
            return told & Q(partner=CAMBODIA) & ~Q(reporter__in=economies.AGGREGATES | {CAMBODIA})
        return told & Q(reporter=CAMBODIA) & ~Q(partner__in=economies.AGGREGATES - {WORLD})

    @property
    def coarsest(self) -> int:
        """The digits of the coarsest level held; 0 where all goods are told as such."""
        return min(self.levels)

    def whole_condition(self, level: int) -> Q:
        """Return what flows of one level over all partners have in common."""
        told = self.condition & Q(digits=level)
        if level in self.world_levels:
            return told & Q(partner=WORLD)
        return told if self.is_mirror else told & ~Q(partner=WORLD)

    def whole(self, level: int) -> TradeFlowQuerySet:
        """Return the flows of one level over all partners: those with the world where told, else partner by partner."""
        return TradeFlow.objects.filter(self.whole_condition(level)).order_by()

    @property
    def of_partners(self) -> TradeFlowQuerySet:
        """The flows partner by partner, at all levels."""
        told = TradeFlow.objects.filter(self.condition).order_by()
        return told if self.is_mirror else told.exclude(partner=WORLD)

    @property
    def partner_field(self) -> str:
        return "reporter" if self.is_mirror else "partner"

    def finest(self, *wanted: int) -> int | None:
        """Return the first of the levels that is held."""
        return next((level for level in wanted if level in self.levels), None)

    @cached_property
    def total(self) -> Decimal:
        """The value of all goods in US$, told as such or added up over the coarsest level."""
        return value_of(self.whole(self.coarsest)) or Decimal(0)


@dataclass(frozen=True)
class Part:
    """One part of a total: its code, its name in the reader's language, its value in US$."""

    code: str
    title: str
    value: Decimal


@dataclass(frozen=True)
class Breakdown:
    """A total in US$ with its parts, largest first, and what no part tells."""

    total: Decimal
    parts: Sequence[Part]

    @property
    def rest(self) -> Decimal:
        return self.total - sum((part.value for part in self.parts), Decimal(0))

    def share(self, part: Part) -> Decimal | None:
        """Return the share of a part in the total, 0 to 1; None of nothing."""
        return part.value / self.total if self.total else None


MIRRORED: Mapping[str, str] = {Flow.IMPORT: Flow.EXPORT, Flow.EXPORT: Flow.IMPORT}


def value_of(flows: TradeFlowQuerySet) -> Decimal | None:
    """Return the value of flows in US$; None of no flows."""
    value: Decimal | None = flows.aggregate(value=Sum("value_usd"))["value"]
    return value


# What is held


def editions_held() -> list[Slice]:
    """Return every slice held, newest year first, reported before mirrored, whole years before months; two queries.

    The first goes once through an index that holds all it asks for, in the order it is grouped by.
    """
    own = Q(reporter=CAMBODIA)
    others = Q(partner=CAMBODIA) & ~Q(reporter__in=economies.AGGREGATES | {CAMBODIA})
    told = TradeFlow.objects.filter(flow__in=MIRRORED).order_by()
    grouped = told.values_list("source", "flow", "year", "month", "digits").annotate(
        first=Min("partner", filter=own), last=Max("partner", filter=own), mirrored=Max("partner", filter=others)
    )
    held: dict[tuple[Any, ...], list[tuple[int, int, int, int]]] = {}
    for source, flow, year, month, digits, first, last, mirrored in grouped:
        about = (source, year, flow, month > 0)
        if last is not None:
            held.setdefault((*about, False), []).append((month, digits, first, last))
        if mirrored is not None:
            held.setdefault((*about, True), []).append((month, digits, mirrored, mirrored))
    sources = Source.objects.active().in_bulk({about[0] for about in held})
    slices = [slice_of(sources[about[0]], about, levels) for about, levels in held.items() if about[0] in sources]
    return sorted(slices, key=preference)


def slice_of(source: Source, about: tuple[Any, ...], told: Sequence[tuple[int, int, int, int]]) -> Slice:
    """Return one slice from the first and last partner of each of its months and levels."""
    _source, year, flow, is_month, is_mirror = about
    levels = frozenset(digits for _month, digits, *_rest in told)
    return Slice(
        source=source,
        year=year,
        flow=MIRRORED[flow] if is_mirror else flow,
        is_mirror=is_mirror,
        months=len({month for month, *_rest in told}) if is_month else 0,
        levels=levels,
        world_levels=levels - {digits for _month, digits, first, _last in told if first != WORLD},
        has_partners=any(last != WORLD for *_rest, last in told),
    )


def totals_of(slices: Collection[Slice]) -> dict[Slice, Decimal]:
    """Return the value of all goods of each slice in US$, from one query."""
    asked = Q(pk__in=[])
    for held in slices:
        asked |= held.whole_condition(held.coarsest)
    told = TradeFlow.objects.filter(asked).order_by()
    told = told.annotate(by_others=~Q(reporter=CAMBODIA), is_month=Q(month__gt=0))
    sums = told.values_list("source", "year", "flow", "by_others", "is_month").annotate(value=Sum("value_usd"))
    found = {
        (source, year, flow, bool(others), bool(month)): value for source, year, flow, others, month, value in sums
    }
    keys = {held: (held.source.pk, held.year, held.told_flow, held.is_mirror, held.is_monthly) for held in slices}
    return {held: found.get(key, Decimal(0)) for held, key in keys.items()}


def preference(held: Slice) -> tuple[Any, ...]:
    """Order slices: newest year first; then editions in force, reported, whole years, the edition added last."""
    return (-held.year, held.source.is_superseded, held.is_mirror, held.is_monthly, -held.source.pk)


def newest(flow: str = Flow.IMPORT, slices: Iterable[Slice] | None = None, **about: Any) -> Slice | None:
    """Return the slice to show first of a direction; `about` may narrow it: year=2022, is_mirror=False."""
    for held in editions_held() if slices is None else slices:
        if held.flow == flow and all(getattr(held, name) == value for name, value in about.items()):
            return held
    return None


# One year by chapter, partner, end use


def imports_by_chapter(held: Slice) -> Breakdown | None:
    """Return the value of a slice by HS chapter, rolled up from the coarsest level told; None where none is."""
    level = held.finest(CHAPTER, HEADING, SUBHEADING)
    if level is None:
        return None
    told = held.whole(level).annotate(chapter=Left("hs_code", 2)).values_list("chapter")
    names = chapters()
    return breakdown(held, told.annotate(value=Sum("value_usd")), lambda code: names.get(code, _("not specified")))


def imports_by_partner(held: Slice, hs_code: str = "") -> Breakdown | None:
    """Return the value of a slice, or of one heading in it, by partner; the whole is that of the partner World."""
    level = len(hs_code) or held.coarsest
    if level not in held.levels:
        return None
    flows = of_code(held.of_partners.of_level(level), hs_code)
    told = flows.values_list(held.partner_field).annotate(value=Sum("value_usd"))
    total = value_of(of_code(held.whole(level), hs_code))
    return breakdown(held, told, economies.title, total) if total is not None else None


def imports_by_end_use(held: Slice) -> Breakdown | None:
    """Return the value of a slice by end use; what has several and what is not classified are parts of their own.

    None where no codes of six digits or no correspondence are held.
    """
    names = end_use_titles()
    return by_correspondence(
        held, lambda known: known.end_use if known else EndUse.UNCLASSIFIED.value, names.__getitem__
    )


def breakdown(
    held: Slice, told: Iterable[tuple[Any, Decimal]], title: Callable[[Any], str], total: Decimal | None = None
) -> Breakdown:
    """Return parts in order of value under a total, by default that of the slice."""
    parts = [Part(str(code), title(code), value) for code, value in told if value]
    return Breakdown(held.total if total is None else total, sorted(parts, key=lambda part: (-part.value, part.code)))


def of_code(flows: TradeFlowQuerySet, hs_code: str) -> TradeFlowQuerySet:
    return flows.filter(hs_code=hs_code) if hs_code else flows


# One heading over the years


@dataclass(frozen=True)
class HeadingYear:
    """The imports of one heading in one year, in US$, whole and by partner, largest first."""

    held: Slice
    classification: str
    total: Decimal
    partners: Sequence[Part]


def imports_of(hs_code: str, slices: Iterable[Slice] | None = None) -> list[HeadingYear] | None:
    """Return the imports of a heading of 2, 4 or 6 digits by year, newest first, each from the slice preferred.

    None when nothing that tells this level is loaded: then the value is unknown, which is not 0. A year that is held
    without a row of the heading is 0. Five queries at most, however many years.
    """
    chosen: dict[int, Slice] = {}
    for held in editions_held() if slices is None else slices:
        if held.flow == Flow.IMPORT and len(hs_code) in held.levels:
            chosen.setdefault(held.year, held)
    if not chosen:
        return None
    rows = rows_of_heading(hs_code, chosen.values())
    return [heading_year(hs_code, held, rows) for held in chosen.values()]


Row = tuple[int, int, int, int, int, str, Decimal]  # source, year, month, reporter, partner, classification, value


def rows_of_heading(hs_code: str, chosen: Iterable[Slice]) -> list[Row]:
    """Return the flows of a heading in some slices, from one query."""
    asked = Q(pk__in=[])
    for held in chosen:
        told = Q(partner=CAMBODIA) if held.is_mirror else Q(reporter=CAMBODIA)
        asked |= told & Q(source=held.source, year=held.year, flow=held.told_flow)
    flows = TradeFlow.objects.filter(asked, hs_code=hs_code).order_by()
    return list(
        flows.values_list("source", "year", "month", "reporter", "partner", "classification", "value_usd").iterator()
    )


def heading_year(hs_code: str, held: Slice, rows: Iterable[Row]) -> HeadingYear:
    """Return one year of a heading from the rows of all years."""
    partners: dict[int, Decimal] = {}
    world, kinds = Decimal(0), set()
    for source, year, month, reporter, partner, classification, value in rows:
        if (source, year, month > 0) != (held.source.pk, held.year, held.is_monthly):
            continue
        if (reporter != CAMBODIA) != held.is_mirror:
            continue
        kinds.add(classification)
        other = reporter if held.is_mirror else partner
        if other == WORLD:
            world += value
        elif other not in economies.AGGREGATES:
            partners[other] = partners.get(other, Decimal(0)) + value
    told_whole = not held.is_mirror and len(hs_code) in held.world_levels
    parts = [Part(str(code), economies.title(code), value) for code, value in partners.items()]
    parts.sort(key=lambda part: (-part.value, part.code))
    total = world if told_whole else sum(partners.values(), Decimal(0))
    return HeadingYear(held, "/".join(sorted(kinds)), total, parts)


# What goods are for, and who makes them

SEVERAL, UNKNOWN = "several", "unknown"


def division_titles() -> dict[str, str]:
    """Return the names of ISIC divisions in the reader's language, and the words for what is not one; one query."""
    divisions = {sector.code: str(sector) for sector in Sector.objects.divisions()}
    return divisions | {SEVERAL: _("several divisions may make it"), UNKNOWN: _("no division is known")}


def end_use_titles() -> dict[str, str]:
    """Return the words for end uses in the reader's language."""
    return {code: str(label) for code, label in EndUse.choices}


def correspondences() -> dict[str, Correspondence]:
    """Return the newest edition of the correspondence, by HS code, from one query."""
    rows = Correspondence.objects.filter(source__archived_at=None)
    in_force = rows.order_by("source__is_superseded", "-source").values("source")[:1]
    return {row.hs_code: row for row in rows.filter(source=in_force)}


def correspondence_titles(codes: Collection[str]) -> dict[str, str]:
    """Return the titles of some goods in the reader's language, from one query."""
    held = Correspondence.objects.filter(source__archived_at=None, hs_code__in=codes).order_by("source")
    return {row.hs_code: localized(row, "title") for row in held}


def division_of(known: Correspondence | None) -> str:
    """Return the ISIC division whose classes make some goods; a mark where they are of several or none is known."""
    divisions = {each[:2] for each in known.classes} if known else set()
    return UNKNOWN if not divisions else SEVERAL if len(divisions) > 1 else divisions.pop()


def by_correspondence(
    held: Slice, group: Callable[[Correspondence | None], str], title: Callable[[str], str]
) -> Breakdown | None:
    """Return the value of a slice by what the correspondence says of its codes of six digits."""
    if SUBHEADING not in held.levels:
        return None
    known = correspondences()
    if not known:
        return None
    sums: dict[str, Decimal] = {}
    for code, value in held.whole(SUBHEADING).values_list("hs_code").annotate(value=Sum("value_usd")):
        key = group(known.get(code))
        sums[key] = sums.get(key, Decimal(0)) + value
    return breakdown(held, sums.items(), title)
