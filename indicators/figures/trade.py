"""Figures over trade flows: the goods Cambodia imports and exports in a year, of one edition."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capred_portal.figures import TOTAL, Figure, Scope, Words, figure
from indicators.filters.trade import EACH, MIRROR, MONTH, REPORTED, YEAR
from indicators.inputs.trade import Flow, Slice, editions_held, totals_of
from indicators.models.trade import WORLD

UNIT = gettext_lazy("US$")
RULE = gettext_lazy(
    "The value of all goods of one year in one edition of UN Comtrade: of the partner World where that is told, else"
    " the sum over partners. Cambodia's own report comes before what its partners report, a whole year before months;"
    " the two are never added up. Imports are valued with insurance and freight when Cambodia reports them, and free"
    " on board when its partners do."
)


def by_year(code: str, title: Words, flow: str, scope: Scope) -> Mapping[str, Figure]:
    """Return the value of the newest year of a direction, and with `by` the values of all years."""
    chosen: dict[str, Slice] = {}
    for held in editions_held():
        if held.flow == flow:
            chosen.setdefault(str(held.year), held)
    if not chosen:
        return {TOTAL: Figure(code, title, None, UNIT, state="missing", scope=scope)}
    newest = chosen[max(chosen)]
    shown = {year: chosen[year] for year in sorted(chosen)} if scope.by == "year" else {}
    values = totals_of({newest, *shown.values()})

    def one(held: Slice, label: Words) -> Figure:
        source = f"{held.source.publisher_words}: {held.source}"
        rows, is_demo = rows_url(held), held.source.is_demo
        return Figure(code, label, values[held], UNIT, rows_url=rows, has_demo=is_demo, source=source, scope=scope)

    return {TOTAL: one(newest, words(title, newest)), **{year: one(held, year) for year, held in shown.items()}}


def words(title: Words, held: Slice) -> str:
    """Return the title of a figure with its year, how many months of it are told, and who tells them."""
    told = _("%(title)s, %(year)s") % {"title": title, "year": held.year}
    if held.is_monthly:
        told = _("%(title)s (%(months)s months)") % {"title": told, "months": held.months}
    return _("%(title)s, as its partners report") % {"title": told} if held.is_mirror else told


def rows_url(held: Slice) -> str:
    """Return the list of flows whose sum is the total of a slice."""
    partner = WORLD if held.coarsest in held.world_levels else EACH
    asked = {
        "source": held.source.pk,
        "year": held.year,
        "period": MONTH if held.is_monthly else YEAR,
        "flow": held.told_flow,
        "teller": MIRROR if held.is_mirror else REPORTED,
        **({} if held.is_mirror else {"partner": partner}),
        "level": held.coarsest,
    }
    return f"{reverse('import_dependency:trade_flows')}?{urlencode(asked)}"


@figure("goods-imports", title=gettext_lazy("Imports of goods"), rule=RULE, unit=UNIT, by=("year",))
def goods_imports(scope: Scope) -> dict[str, Figure]:
    """Return what Cambodia imports."""
    return {**by_year("goods-imports", _("Imports of goods"), Flow.IMPORT, scope)}


@figure("goods-exports", title=gettext_lazy("Exports of goods"), rule=RULE, unit=UNIT, by=("year",))
def goods_exports(scope: Scope) -> dict[str, Figure]:
    """Return what Cambodia exports."""
    return {**by_year("goods-exports", _("Exports of goods"), Flow.EXPORT, scope)}
