"""Figures over the register: firms, who runs them, their jobs, certificates and exports, and what it covers."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, FloatField, Q, Sum, Value
from django.db.models.functions import Cast, NullIf, Substr
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from capred_portal.figures import SMALL_CELL, TOTAL, Exclusion, Figure, Scope, State, Words, figure
from capred_portal.figures import withhold_small_cells as without_small_cells
from capred_portal.filters import filtered
from enterprises.coverage import coverage, declared
from enterprises.filters.enterprises import MEASURES, EnterpriseFilter
from enterprises.models import Certificate, Completeness, Enterprise, Province, Sector, SizeDefinition
from enterprises.sizes import RANKS

SCOPES = ("province", "sector", "size")
BY = ("province", "sector", "size")
NOT_STATED = "none"
HIDDEN = ("women", "exporting", "imports", "measure")  # parameters that lists of officers do not know

OWNERS_STATED = Q(is_women_owned__isnull=False) | Q(is_women_led__isnull=False)
RUN_BY_WOMEN = Q(is_women_owned=True) | Q(is_women_led=True)
ALL = Q(pk__isnull=False)
SILENT = _("enterprises that do not state it")
OPEN = ("enterprises", "enterprises-certified")  # counts that the list of those who may not read firms shows as well
JOBS_RULE = _(
    "The employees each firm had in the latest year on record, whichever year that is, added up over all firms. Firms"
    " that do not state the number are left out."
)


@dataclass(frozen=True)
class Cell:
    """What a part of the register adds up to: the number, the firms behind, silent, invented, all."""

    value: int | Decimal | None
    firms: int
    silent: int
    demo: int
    all: int


def column_of(dimension: str) -> Any:
    """Return what firms are broken down by."""
    columns = {"province": F("province_id"), "sector": Substr("sector_id", 1, 2), "size": F("size_rank")}
    return columns.get(dimension, Value(TOTAL))


def key_of(dimension: str, value: Any) -> str:
    """Return the parameter of the list that leads to a part."""
    if dimension == "size":
        return next((name for name, rank in RANKS.items() if rank == value), NOT_STATED)
    return NOT_STATED if value in (None, "") else str(value)


def labels_of(dimension: str, found: set[str]) -> dict[str, Words]:
    """Return key and label of every part, in order; of sectors and years those that have firms."""
    if dimension == "year":
        return {year: year for year in sorted(found)}
    if dimension == "province":
        return {place.code: str(place) for place in Province.objects.all()} | {NOT_STATED: _("Not stated")}
    if dimension == "size":
        return {**dict(SizeDefinition.SizeClass.choices), NOT_STATED: _("Not stated")}
    if dimension == "sector":
        names = {sector.code: str(sector) for sector in Sector.objects.filter(pk__in=found)}
        return names | ({NOT_STATED: _("Not stated")} if NOT_STATED in found else {})
    return {}


def firms_in(scope: Scope) -> Any:
    """Return the firms of a scope, through the list's own filters."""
    return filtered(EnterpriseFilter, Enterprise.objects.active(), scope)


def cells(scope: Scope, value: Any, *, counted: Q, stated: Q) -> tuple[Cell, dict[str, Cell]]:
    """Return the whole and its parts, each from one query; `counted` are the firms that stand behind the value."""
    rows = firms_in(scope)
    numbers = {
        "number": value,
        "behind": Count("pk", filter=counted),
        "silent": Count("pk", filter=~stated),
        "demo": Count("pk", filter=Q(is_demo=True) & counted),
        "all": Count("pk"),
    }
    whole = Cell(*rows.aggregate(**numbers).values())
    if not scope.by:
        return whole, {}
    rows = rows.with_size() if scope.by == "size" else rows
    parts = rows.annotate(part=column_of(scope.by)).values_list("part").annotate(**numbers).order_by()
    return whole, {key_of(scope.by, part): Cell(*cell) for part, *cell in parts}


def link(scope: Scope, **extra: str) -> str:
    """Return the address of the firms behind a figure; none where the reader's list does not know a filter."""
    is_section = scope.by == "sector" and len(extra.get("sector", "")) == 1
    if is_section or (scope.hides_small_cells and any(name in extra for name in HIDDEN)):
        return ""
    return reverse("enterprises:list") + scope.query(**extra)


@dataclass(frozen=True)
class Measure:
    """How a figure is computed: its number, which firms stand behind it, which answered, and where its rows are."""

    code: str
    title: Words
    unit: Words
    value: Any
    counted: Q = ALL
    stated: Q = ALL
    rows: tuple[tuple[str, str], ...] | None = ()  # parameters of the list; None: no list adds up to the number
    silent: Words = ""
    empty: int | None = 0  # the number of a part without firms


def figures_of(measure: Measure, scope: Scope) -> dict[str, Figure]:
    """Return the figure of a scope and its parts; small parts are withheld from those who may not read firms."""
    whole, parts = cells(scope, measure.value, counted=measure.counted, stated=measure.stated)
    return figures_from(measure, scope, whole, parts)


def figures_from(measure: Measure, scope: Scope, whole: Cell, parts: dict[str, Cell]) -> dict[str, Figure]:
    """Return the figure of cells that are known, as `figures_of`."""
    names = labels_of(scope.by, set(parts))
    found = {key: parts.get(key, Cell(measure.empty, 0, 0, 0, 0)) for key in names}
    figures = {key: one(measure, scope, names[key], cell, **{scope.by: key}) for key, cell in found.items()}
    total = replace(one(measure, scope, measure.title, whole), source=source_of(scope, whole.all))
    if measure.silent and whole.silent:
        total = replace(total, excluded=(Exclusion(measure.silent, whole.silent),))
    figures = {TOTAL: total, **figures}
    return withheld(measure, scope, figures, {TOTAL: whole, **found}) if scope.hides_small_cells else figures


def one(measure: Measure, scope: Scope, label: Words, cell: Cell, **extra: str) -> Figure:
    """Return the figure of one cell."""
    return Figure(
        code=measure.code,
        label=label,
        value=cell.value,
        unit=measure.unit,
        state="missing" if cell.value is None else "value",
        rows_url="" if measure.rows is None else link(scope, **dict(measure.rows), **extra),
        has_demo=cell.demo > 0,
        scope=scope,
    )


def withheld(measure: Measure, scope: Scope, figures: dict[str, Figure], found: dict[str, Cell]) -> dict[str, Figure]:
    """Withhold what rests on fewer than 5 firms and, so that no difference reveals them, the next smallest part.

    Parts are judged by the firms behind them: one firm's large number is no less that firm's. The whole of a narrowed
    scope is a part of the wider one, and withheld where that part is.
    """
    behind = {key: replace(figure, value=found[key].firms) for key, figure in figures.items()}
    hidden = {key for key, figure in without_small_cells(behind).items() if figure.state == "withheld"}
    is_small = 0 < found[TOTAL].firms < SMALL_CELL
    if measure.code not in OPEN and (is_small or is_withheld_as_part(measure, scope)):
        hidden.add(TOTAL)
    return {
        key: replace(figure, value=None, state="withheld", rows_url="") if key in hidden else figure
        for key, figure in figures.items()
    }


def is_withheld_as_part(measure: Measure, scope: Scope) -> bool:
    """Tell whether a wider scope, broken down by one of what narrows this one, withholds this one's number."""
    for name in filter(scope.get, SCOPES):
        params = {key: value for key, value in scope.params.items() if key not in (name, "by")}
        rows = firms_in(Scope(scope.role, params))
        rows = (rows.with_size() if name == "size" else rows).annotate(part=column_of(name))
        counts = rows.values_list("part").annotate(firms=Count("pk", filter=measure.counted)).order_by()
        parts = {key_of(name, part): Figure(measure.code, "", firms) for part, firms in counts}
        mine = without_small_cells(parts).get(scope.get(name))
        if mine and mine.state == "withheld":
            return True
    return False


def place_of(scope: Scope) -> dict[str, Any]:
    """Return the province and sector of a scope."""
    return {name: scope.get(name) for name in ("province", "sector") if scope.get(name) != NOT_STATED}


def source_of(scope: Scope, firms: int) -> str:
    """Return what part of all firms the figure speaks of."""
    return coverage(firms, **place_of(scope), narrowed=bool(scope.get("size"))).words


@figure(
    "enterprises",
    title=_("Enterprises on the register"),
    rule=_("Firms and establishments on the register, without archived ones. Each counts once."),
    unit=_("enterprises"),
    scopes=SCOPES,
    by=BY,
)
def enterprises(scope: Scope) -> dict[str, Figure]:
    """Count firms."""
    title = _("Enterprises on the register")
    return figures_of(Measure("enterprises", title, _("enterprises"), Count("pk")), scope)


@figure(
    "enterprises-women",
    title=_("Enterprises owned or led by women"),
    rule=_("Firms that women own, or that a woman leads, or both. A firm that states neither is not counted."),
    unit=_("enterprises"),
    scopes=SCOPES,
    by=BY,
)
def enterprises_women(scope: Scope) -> dict[str, Figure]:
    """Count firms that women own or lead."""
    measure = Measure(
        "enterprises-women",
        _("Enterprises owned or led by women"),
        _("enterprises"),
        Count("pk", filter=RUN_BY_WOMEN),
        counted=RUN_BY_WOMEN,
        stated=OWNERS_STATED,
        rows=(("women", "yes"),),
        silent=SILENT,
    )
    return figures_of(measure, scope)


@figure(
    "enterprises-women-share",
    title=_("Share of enterprises owned by women"),
    rule=_("Firms owned by women, of all firms that state who owns them. Firms that do not state it are left out."),
    unit="%",
    scopes=SCOPES,
    by=BY,
)
def enterprises_women_share(scope: Scope) -> dict[str, Figure]:
    """Divide firms owned by women by firms that state their owner."""
    owned, stated = Q(is_women_owned=True), Q(is_women_owned__isnull=False)
    share = Cast(Count("pk", filter=owned) * Value(100.0), FloatField()) / NullIf(
        Cast(Count("pk", filter=stated), FloatField()), Value(0.0)
    )
    measure = Measure(
        "enterprises-women-share",
        _("Share owned by women"),
        "%",
        share,
        counted=owned,
        stated=stated,
        rows=None,
        silent=SILENT,
        empty=None,
    )
    return in_tenths(figures_of(measure, scope))


@figure(
    "enterprises-certified",
    title=_("Enterprises with a valid certificate"),
    rule=_("Firms that hold at least one certificate that has not expired today. A firm with several counts once."),
    unit=_("enterprises"),
    scopes=SCOPES,
    by=BY,
)
def enterprises_certified(scope: Scope) -> dict[str, Figure]:
    """Count firms with a valid certificate."""
    holders = Q(pk__in=Certificate.objects.valid().order_by().values("enterprise"))
    measure = Measure(
        "enterprises-certified",
        _("Enterprises with a valid certificate"),
        _("enterprises"),
        Count("pk", filter=holders),
        counted=holders,
        rows=(("certified", "yes"),),
    )
    return figures_of(measure, scope)


@figure(
    "enterprises-exporting",
    title=_("Enterprises that export"),
    rule=_("Firms that sold a part of their output abroad in the latest year on record, whichever year that is."),
    unit=_("enterprises"),
    scopes=SCOPES,
    by=BY,
)
def enterprises_exporting(scope: Scope) -> dict[str, Figure]:
    """Count firms that export."""
    exports = Q(latest__export_share_pct__gt=0)
    measure = Measure(
        "enterprises-exporting",
        _("Enterprises that export"),
        _("enterprises"),
        Count("pk", filter=exports),
        counted=exports,
        stated=Q(latest__export_share_pct__isnull=False),
        rows=(("exporting", "yes"),),
        silent=SILENT,
    )
    return figures_of(measure, scope)


def jobs_measure(code: str, title: Words, name: str) -> Measure:
    """Return how a number of employees of the latest year is added up."""
    column = f"latest__{MEASURES[name]}"
    stated = Q(**{f"{column}__isnull": False})
    return Measure(
        code,
        title,
        _("employees"),
        Sum(column),
        counted=stated,
        stated=stated,
        rows=(("measure", name),),
        silent=SILENT,
        empty=None,
    )


def register_jobs(code: str, title: Words, name: str) -> None:
    """Register the sum of one number of employees as a figure."""

    def jobs(scope: Scope) -> dict[str, Figure]:
        return figures_of(jobs_measure(code, title, name), scope)

    figure(code, title=title, rule=JOBS_RULE, unit=_("employees"), scopes=SCOPES, by=BY)(jobs)


register_jobs("jobs", _("Jobs"), "jobs")
register_jobs("jobs-women", _("Jobs of women"), "women")
register_jobs("jobs-men", _("Jobs of men"), "men")
register_jobs("jobs-disability", _("Jobs of people with disability"), "disability")


@figure(
    "register-coverage",
    title=_("Coverage of the register"),
    rule=_(
        "Enterprises on the register, of the establishments the newest Economic Census counted in the country. For a"
        " province or sector there is no such number: it is 100 % where a verifier has declared the register complete,"
        " and not applicable elsewhere."
    ),
    unit="%",
    scopes=("province", "sector"),
    by=("province",),
)
def register_coverage(scope: Scope) -> dict[str, Figure]:
    """Divide the register by the census, or say that there is no denominator."""
    rows = firms_in(scope)
    firms, demo = rows.aggregate(all=Count("pk"), demo=Count("pk", filter=Q(is_demo=True))).values()
    whole = coverage(firms, **place_of(scope))

    def covered(label: Words, share: Decimal | None, *, has_demo: bool, source: str) -> Figure:
        state: State = "not applicable" if share is None else "value"
        return Figure("register-coverage", label, share, "%", state, "", has_demo, (), source, scope)

    title = _("Coverage of the register")
    figures = {TOTAL: covered(title, whole.share_pct, has_demo=demo > 0 or whole.is_demo, source=whole.words)}
    if scope.by:
        known = list(Completeness.objects.active())
        for province in Province.objects.all():
            word = declared(known, province.code, scope.get("sector"))
            share, is_demo = (Decimal(100), word.is_demo) if word else (None, False)
            figures[province.code] = covered(str(province), share, has_demo=is_demo, source=word.source if word else "")
    return figures


def in_tenths(figures: dict[str, Figure]) -> dict[str, Figure]:
    """Round shares to one decimal."""

    def rounded(one: Figure) -> Figure:
        return one if one.value is None else replace(one, value=round(Decimal(one.value), 1))

    return {key: rounded(one) for key, one in figures.items()}
