"""Figures over the ledger: links made, links alive, their yearly value, and the value that replaces imports."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import F
from django.db.models.functions import Substr
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from capred_portal.figures import TOTAL, Exclusion, Figure, Scope, Words, figure
from capred_portal.filters import filtered
from enterprises.filters.links import LinkFilter, end_of_period
from enterprises.models import LinkStage, Province, Sector, SupplyLink

FEWEST = 3  # buyers, and suppliers, behind a value that those may see who may not read what one firm told
NOT_STATED = "none"
PARTS: dict[str, Any] = {
    "stage": F("stage_then"),
    "province": F("supplier__province"),
    "sector": Substr("supplier__sector_id", 1, 2),
}
PERIODS = ("year", "quarter")
SCOPES = (*PERIODS, *PARTS)
BY = SCOPES
ALIVE_RULE = _(
    "A link is alive from its first trial order, contract or repeat order until it ends. Counted at the end of the year"
    " or quarter, or today where that is not over. Province and sector are the supplier's. Each link counts once."
)
VALUE_RULE = _(
    "The yearly values of the links alive at the end of the year or quarter, or today where that is not over, as stated"
    " by then. Links that state no value add nothing. Province and sector are the supplier's. Who may not read what one"
    " firm told sees totals of at least 3 links, 3 buyers and 3 suppliers only."
)


class Row(NamedTuple):
    """What a figure needs of one link."""

    key: str
    value: Decimal | None
    is_demo: bool
    supplier: int
    buyer: int
    replaces: bool | None


Rows = list[Row]
COLUMNS = ("is_demo", "supplier_id", "buyer_id", "replaces_import")


def asked(scope: Scope) -> Any:
    """Return the scope as the list's filters understand it; nonsense is not found."""
    chosen = LinkFilter({name: value for name, value in scope.params.items() if name != "by"})
    if not chosen.is_valid():
        raise Http404(str(chosen.errors))
    return chosen.form.cleaned_data


def at_end(scope: Scope, **link: str) -> Scope:
    """Return the scope of a figure over links alive: its period becomes the last day of it."""
    params = {name: value for name, value in scope.params.items() if name not in PERIODS} | {"alive": "yes"} | link
    given = asked(scope)
    last = end_of_period(given["year"], given["quarter"])
    return Scope(scope.role, params | ({"on": last.isoformat()} if last else {}))


def rows_of(scope: Scope, column: Any = None) -> Rows:
    """Return the links of a list's scope with what they are counted by: one query."""
    rows = filtered(LinkFilter, SupplyLink.objects.standing(), scope)
    if column is None:
        return [Row(TOTAL, *values) for values in rows.values_list("value_then", *COLUMNS)]
    keyed = rows.annotate(key=column).values_list("key", "value_then", *COLUMNS)
    return [Row(NOT_STATED if key is None else str(key), *values) for key, *values in keyed]


def grouped(rows: Rows) -> dict[str, Rows]:
    """Return the rows by what they are counted by."""
    groups: dict[str, Rows] = {}
    for row in rows:
        groups.setdefault(row.key, []).append(row)
    return groups


def labels_of(dimension: str, keys: Any) -> dict[str, Words]:
    """Return key and label of the parts that have links, in the order they are shown."""
    labels: dict[str, Words] = {key: key for key in sorted(keys)}
    if dimension == "stage":
        labels = {str(stage): label for stage, label in SupplyLink.Stage.choices if stage in keys}
    elif dimension == "province":
        labels = {place.code: str(place) for place in Province.objects.filter(pk__in=keys)}
    elif dimension == "sector":
        labels = {sector.code: str(sector) for sector in Sector.objects.filter(pk__in=keys)}
    return labels | ({NOT_STATED: _("Not stated")} if NOT_STATED in keys else {})


def period_of(day: datetime.date, dimension: str) -> str:
    """Return the year or quarter of a day: 2024, 2024-Q3."""
    return str(day.year) if dimension == "year" else f"{day.year}-Q{(day.month + 2) // 3}"


def periods(first: datetime.date, dimension: str) -> dict[str, datetime.date]:
    """Return the years or quarters from a day until today, each with the day it is looked at."""
    today, days = timezone.localdate(), {}
    day = first
    while day <= today:
        key = period_of(day, dimension)
        last = end_of_period(key, "") if dimension == "year" else end_of_period("", key)
        days[key] = last or today
        day = days[key] + datetime.timedelta(days=1)
    return days


def alive_by_period(scope: Scope, dimension: str) -> dict[str, Rows]:
    """Return the links alive at the end of each year or quarter: two queries, the rest is counted here."""
    # Whatever their stage now: it is looked up for each period from the history.
    now = {name: value for name, value in scope.params.items() if name not in (*PERIODS, "by", "stage")}
    links = filtered(LinkFilter, SupplyLink.objects.standing(), Scope(scope.role, now))
    firms = {pk: rest for pk, *rest in links.values_list("pk", *COLUMNS)}
    wanted = [scope.get("stage")] if scope.get("stage") else list(SupplyLink.ALIVE)
    histories: dict[int, list[Any]] = {}
    stages = LinkStage.objects.active().filter(link__in=links.values("pk")).order_by("reached_on", "pk")
    for pk, *reached in stages.values_list("link_id", "reached_on", "stage", "value_usd"):
        histories.setdefault(pk, []).append(reached)
    first = min((history[0][0] for history in histories.values()), default=timezone.localdate())
    found: dict[str, Rows] = {}
    for key, day in periods(first, dimension).items():
        found[key] = [
            Row(key, value, *firms[pk])
            for pk, history in histories.items()
            for stage, value in [standing(history, day)]
            if stage in SupplyLink.ALIVE and stage in wanted
        ]
    return found


def standing(history: list[Any], day: datetime.date) -> tuple[str, Decimal | None]:
    """Return the stage a link had on a day and the value it had stated by then."""
    stage, value = "", None
    for reached_on, reached, stated in history:
        if reached_on > day:
            break
        stage, value = reached, value if stated is None else stated
    return stage, value


def count_of(code: str, label: Words, rows: Rows, scope: Scope, url: str, *, is_total: bool = False) -> Figure:
    """Return how many links there are."""
    return Figure(
        code=code,
        label=label,
        value=len(rows),
        unit=_("links"),
        rows_url=url,
        has_demo=any(row.is_demo for row in rows),
        excluded=left_out if is_total else (),
        scope=scope,
    )


def left_out() -> list[Exclusion]:
    """Return how many links are left out because they, or one of their firms, are archived."""
    count = SupplyLink.objects.count() - SupplyLink.objects.standing().count()
    return [Exclusion(_("archived links, or links of archived firms"), count)] if count else []


def value_of(rows: Rows) -> Decimal:
    return sum((row.value for row in rows if row.value is not None), Decimal(0)).quantize(Decimal("0.01"))


def rests_on_few(rows: Rows) -> bool:
    """Tell whether a value would say what one firm told: fewer than 3 buyers or suppliers state it."""
    stated = [row for row in rows if row.value is not None]
    return bool(stated) and min(len({row.buyer for row in stated}), len({row.supplier for row in stated})) < FEWEST


def amount_of(code: str, label: Words, rows: Rows, scope: Scope, url: str, *, is_total: bool = False) -> Figure:
    """Return what links are worth a year."""
    silent = sum(row.value is None for row in rows)
    notes = (Exclusion(_("links that state no value"), silent),) if silent else ()
    is_missing = bool(rows) and silent == len(rows)
    return Figure(
        code=code,
        label=label,
        value=None if is_missing else value_of(rows),
        unit=_("US$ a year"),
        state="missing" if is_missing else "value",
        rows_url=url,
        has_demo=any(row.is_demo for row in rows),
        excluded=notes if is_total else (),
        scope=scope,
    )


# For those who may not read what one firm told


def withhold_few(figures: dict[str, Figure], groups: Mapping[str, Rows]) -> dict[str, Figure]:
    """Withhold parts that rest on few firms, and the next smallest until what is withheld rests on enough.

    So no part can be found by taking the others from the total.
    """
    hidden = {key for key, rows in groups.items() if rests_on_few(rows)}
    rest = sorted(groups.keys() - hidden, key=lambda key: value_of(groups[key]))
    while hidden and rest and rests_on_few([row for key in hidden for row in groups[key]]):
        hidden.add(rest.pop(0))
    return {key: one.as_withheld() if key in hidden else replace(one, rows_url="") for key, one in figures.items()}


Measure = Callable[..., Figure]


def rows_and_groups(scope: Scope, **link: str) -> tuple[Rows, dict[str, Rows]]:
    """Return the links alive at the end of the scope's period, and those of each part."""
    rows = rows_of(at_end(scope, **link), PARTS.get(scope.by))
    if scope.by in PERIODS:
        return rows, alive_by_period(Scope(scope.role, {**scope.params, **link}), scope.by)
    return rows, grouped(rows)


def broken_down(scope: Scope, code: str, title: Words, measure: Measure, **link: str) -> dict[str, Figure]:
    """Return a figure over links alive with its parts; each leads to its rows."""
    extra = {"measure": "value"} if measure is amount_of else {}
    now = at_end(scope, **link)
    url = reverse("links:list") + now.query(**extra)
    rows, groups = rows_and_groups(scope, **link)
    parts = {
        key: measure(code, label, groups[key], scope, url_of_part(scope, now, key, link, extra))
        for key, label in labels_of(scope.by, groups).items()
        if scope.by
    }
    total = measure(code, title, rows, scope, url, is_total=True)
    if measure is not amount_of or not scope.hides_small_cells:
        return {TOTAL: total, **parts}
    return for_others(scope, total, rows, parts, groups)


def url_of_part(scope: Scope, now: Scope, key: str, link: Mapping[str, str], extra: Mapping[str, str]) -> str:
    """Return the list of the rows of one part; a section alone has none, for its list holds its divisions too."""
    if scope.by in PERIODS:
        without = {name: value for name, value in scope.params.items() if name not in PERIODS}
        now = at_end(Scope(scope.role, without | {scope.by: key}), **link)
        return reverse("links:list") + now.query(**extra)
    if scope.by == "sector" and len(key) == 1:
        return ""
    return reverse("links:list") + now.query(**{scope.by: key}, **extra)


def for_others(
    scope: Scope, total: Figure, rows: Rows, parts: dict[str, Figure], groups: dict[str, Rows]
) -> dict[str, Figure]:
    """Return values for those who may not read what one firm told: no rows, and nothing that rests on few firms."""
    narrowed = [name for name in PARTS if scope.get(name) or scope.by == name]
    if len(narrowed) > 1 or rests_on_few(rows):
        return {TOTAL: total.as_withheld(), **{key: part.as_withheld() for key, part in parts.items()}}
    if scope.by in PERIODS:
        parts = {key: part.as_withheld() if rests_on_few(groups[key]) else part for key, part in parts.items()}
        return {TOTAL: replace(total, rows_url=""), **{key: replace(part, rows_url="") for key, part in parts.items()}}
    return {TOTAL: replace(total, rows_url=""), **withhold_few(parts, groups)}


def through_parts(scope: Scope, compute: Callable[[Scope], dict[str, Figure]]) -> dict[str, Figure] | None:
    """Return one part as the whole, for those from whom the same part may be withheld beside the others."""
    narrowed = [name for name in PARTS if scope.get(name)]
    if not scope.hides_small_cells or len(narrowed) != 1 or scope.by:
        return None
    asked(scope)  # an unknown place is not found
    name = narrowed[0]
    wide = {other: value for other, value in scope.params.items() if other != name}
    figures = compute(Scope(scope.role, wide | {"by": name}))
    whole = figures[TOTAL]
    part = figures.get(scope.get(name)) or replace(whole, value=Decimal(0), state="value", rows_url="", has_demo=False)
    return {TOTAL: replace(part, label=whole.label, scope=scope)}


# The figures


@figure(
    "links-made",
    title=_("Links made"),
    rule=_(
        "Links that have come to a first trial order, contract or repeat order; the year and quarter are those of that"
        " day, the stage is the one of today, also where the link has ended since. Province and sector are the"
        " supplier's. Each link counts once."
    ),
    unit=_("links"),
    filters=LinkFilter,
    scopes=SCOPES,
    by=BY,
)
def links_made(scope: Scope) -> dict[str, Figure]:
    """Count links by the day of their first order."""
    made = Scope(scope.role, {name: value for name, value in scope.params.items() if name != "by"} | {"made": "yes"})
    if scope.by in PERIODS:
        rows = filtered(LinkFilter, SupplyLink.objects.standing(), made)
        columns = rows.values_list("made_on", "value_then", *COLUMNS)
        found = [Row(period_of(made_on, scope.by), *rest) for made_on, *rest in columns]
    else:
        found = rows_of(made, PARTS.get(scope.by))
    groups, url = grouped(found), reverse("links:list")
    parts = {
        key: count_of("links-made", label, groups[key], scope, "")
        for key, label in labels_of(scope.by, groups).items()
        if scope.by
    }
    linked = {
        key: replace(part, rows_url=url + made.query(**{scope.by: key}))
        for key, part in parts.items()
        if (scope.by != "sector" or len(key) > 1) and not scope.halves_years
    }
    total = count_of("links-made", _("Links made"), found, scope, url + made.query(), is_total=True)
    return {TOTAL: total} | parts | linked


@figure(
    "links-alive", title=_("Links alive"), rule=ALIVE_RULE, unit=_("links"), filters=LinkFilter, scopes=SCOPES, by=BY
)
def links_alive(scope: Scope) -> dict[str, Figure]:
    """Count links that were alive at the end of the period."""
    return broken_down(scope, "links-alive", _("Links alive"), count_of)


@figure(
    "links-value",
    title=_("Value of links"),
    rule=VALUE_RULE,
    unit=_("US$ a year"),
    filters=LinkFilter,
    scopes=SCOPES,
    by=BY,
)
def links_value(scope: Scope) -> dict[str, Figure]:
    """Add up what links alive at the end of the period are worth a year."""
    title = _("Value of links")
    return through_parts(scope, links_value) or broken_down(scope, "links-value", title, amount_of)


@figure(
    "links-value-replacing-imports",
    title=_("Value of links that replace imports"),
    rule=_("Of the value of links, the part of those that are said to take the place of an import."),
    unit=_("US$ a year"),
    filters=LinkFilter,
    scopes=SCOPES,
    by=BY,
)
def links_value_replacing_imports(scope: Scope) -> dict[str, Figure]:
    """Add up the value of links alive that replace an import."""
    code, title = "links-value-replacing-imports", _("Value of links that replace imports")
    if (part := through_parts(scope, links_value_replacing_imports)) is not None:
        return part
    figures = broken_down(scope, code, title, amount_of, replaces="yes")
    if not scope.hides_small_cells:
        return figures
    # What this leaves of the value of all links must rest on enough firms, too.
    rows, groups = rows_and_groups(scope)
    others = {key: [row for row in found if not row.replaces] for key, found in {**groups, TOTAL: rows}.items()}
    return {key: one.as_withheld() if rests_on_few(others[key]) else one for key, one in figures.items()}
