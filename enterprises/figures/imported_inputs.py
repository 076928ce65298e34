"""What firms themselves say of their inputs: the share that is imported, and how many firms say so."""

from dataclasses import replace
from decimal import Decimal

from django.db.models import Avg, Count, F, Max, Q, Sum
from django.utils.translation import gettext_lazy as _

from capred_portal.figures import TOTAL, Exclusion, Figure, Scope, State, figure
from enterprises.figures.measures import SILENT, Cell, Measure, cells, figures_from, in_tenths, source_of
from enterprises.figures.parts import BY, SCOPES, firms_in
from enterprises.figures.withheld import is_hidden
from enterprises.filters.enterprises import EnterpriseFilter
from enterprises.models import EnterpriseYear

STATED = Q(latest__imported_input_share_pct__isnull=False)
WEIGHED = STATED & Q(latest__turnover_usd__gt=0)
MOST_OF_ONE = Decimal("0.5")  # of all turnover: with more, a weighted mean is nearly what one firm told
SHARE = Measure(
    "imported-input-share",
    _("Imported share of inputs"),
    "%",
    Avg("latest__imported_input_share_pct"),
    counted=STATED,
    stated=STATED,
    rows=None,
    silent=SILENT,
    empty=None,
)
FIRMS = Measure(
    "imported-input-firms",
    _("Firms that state their imported inputs"),
    _("enterprises"),
    Count("pk", filter=STATED),
    counted=STATED,
    stated=STATED,
    rows=(("imports", "stated"),),
    silent=SILENT,
)


def stated_cells(scope: Scope) -> tuple[Cell, dict[str, Cell]]:
    """Return the mean of the stated shares with the firms behind it, of the whole and of its parts.

    By year a part is what firms stated for that year; the whole, and every other part, is the latest year of each.
    """
    if scope.by != "year":
        return cells(scope, SHARE.value, counted=STATED, stated=STATED)
    whole, _none = cells(Scope(scope.role, without_parts(scope)), SHARE.value, counted=STATED, stated=STATED)
    return whole, yearly_cells(scope)


def yearly_cells(scope: Scope) -> dict[str, Cell]:
    """Return the mean of what firms stated for each year; one query."""
    stated = Q(imported_input_share_pct__isnull=False)
    numbers = {
        "number": Avg("imported_input_share_pct"),
        "behind": Count("pk", filter=stated),
        "silent": Count("pk", filter=~stated),
        "demo": Count("pk", filter=Q(is_demo=True) & stated),
        "all": Count("pk"),
    }
    years = EnterpriseYear.objects.active().filter(enterprise__in=firms_in(scope).order_by().values("pk"))
    rows = years.order_by().values_list("year").annotate(**numbers)
    return {str(year): Cell(*cell) for year, *cell in rows}


def without_parts(scope: Scope) -> dict[str, str]:
    """Return the parameters of a scope without what it is broken down by."""
    return {name: value for name, value in scope.params.items() if name != "by"}


def reported_shares(scope: Scope) -> tuple[dict[str, Figure], dict[str, Figure]]:
    """Return the mean of the stated shares and the number of firms that state one, both of the same cells."""
    return shares_of(scope, *stated_cells(scope))


def shares_of(scope: Scope, whole: Cell, parts: dict[str, Cell]) -> tuple[dict[str, Figure], dict[str, Figure]]:
    """Return both figures of cells that are known."""
    firms = replace(FIRMS, rows=None) if scope.by == "year" else FIRMS
    counted = {key: replace(cell, value=cell.firms) for key, cell in parts.items()}
    return (
        in_tenths(figures_from(SHARE, scope, whole, parts)),
        figures_from(firms, scope, replace(whole, value=whole.firms), counted),
    )


@figure(
    "imported-input-share",
    title=_("Imported share of inputs"),
    rule=_(
        "The mean of the shares of inputs, by value, that firms state to import, each firm with the latest year on"
        " record and with the same weight, whatever its size. Firms that do not state it are left out."
    ),
    unit="%",
    filters=EnterpriseFilter,
    scopes=SCOPES,
    by=(*BY, "year"),
)
def imported_input_share(scope: Scope) -> dict[str, Figure]:
    """Average the stated shares."""
    return reported_shares(scope)[0]


@figure(
    "imported-input-firms",
    title=_("Firms that state their imported inputs"),
    rule=_(
        "Firms that state in the latest year on record which share of their inputs they import. By year: those that"
        " state it for that year."
    ),
    unit=_("enterprises"),
    filters=EnterpriseFilter,
    scopes=SCOPES,
    by=(*BY, "year"),
)
def imported_input_firms(scope: Scope) -> dict[str, Figure]:
    """Count firms that state a share."""
    return reported_shares(scope)[1]


@figure(
    "imported-input-share-by-turnover",
    title=_("Imported share of inputs, weighted by turnover"),
    rule=_(
        "The shares of inputs that firms state to import, each weighted by the turnover of the same year, the latest on"
        " record. The register holds no value of inputs: turnover stands in for it. Firms that do not state both are"
        " left out. It is withheld where one firm has more than half of the turnover."
    ),
    unit="%",
    filters=EnterpriseFilter,
    scopes=SCOPES,
)
def imported_input_share_by_turnover(scope: Scope) -> dict[str, Figure]:
    """Average the stated shares with turnover as weight."""
    weight = F("latest__turnover_usd")
    found = firms_in(scope).aggregate(
        weighed=Sum(weight * F("latest__imported_input_share_pct"), filter=WEIGHED),
        weights=Sum(weight, filter=WEIGHED),
        largest=Max(weight, filter=WEIGHED),
        firms=Count("pk", filter=WEIGHED),
        silent=Count("pk", filter=~WEIGHED),
        demo=Count("pk", filter=WEIGHED & Q(is_demo=True)),
    )
    firms, weights = found["firms"], found["weights"]
    value = round(Decimal(found["weighed"]) / weights, 1) if firms else None
    state: State = "value" if firms else "missing"
    one = Figure(
        code="imported-input-share-by-turnover",
        label=_("Imported share of inputs, weighted by turnover"),
        value=value,
        unit="%",
        state=state,
        has_demo=found["demo"] > 0,
        excluded=(Exclusion(SILENT, found["silent"]),) if found["silent"] else (),
        source=source_of(scope, firms),
        scope=scope,
    )
    if (
        firms
        and scope.hides_small_cells
        and (found["largest"] > weights * MOST_OF_ONE or is_hidden(scope, WEIGHED, firms))
    ):
        one = one.as_withheld()
    return {TOTAL: one}
