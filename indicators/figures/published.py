"""Figures computed from published values: the imported share of inputs, and how much the largest partners take."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from capred_portal.figures import TOTAL, Figure, Scope, Words, figure
from indicators.series import COMPUTED, SeriesKey, published_series

TENTH = Decimal("0.1")


def by_year(code: str, title: Words, series_code: str, scope: Scope) -> Mapping[str, Figure]:
    """Return the newest value of a computed series of Cambodia, and with `by` the values of all years."""
    key = SeriesKey(COMPUTED + series_code)
    series = published_series([key])[key]
    points = {point.period_key: (point, piece.source) for piece in series.pieces for point in piece.points}

    def one(year: str, label: Words) -> Figure:
        point, source = points[year]
        value = None if point.value is None else point.value.quantize(TENTH)
        return Figure(
            code, label, value, "%", has_demo=source.is_demo, source=f"{source.publisher_words}: {source}", scope=scope
        )

    if not points:
        return {TOTAL: Figure(code, title, None, "%", state="missing", scope=scope)}
    parts = {year: one(year, year) for year in sorted(points)} if scope.by == "year" else {}
    newest = max(points)
    return {TOTAL: one(newest, _("%(title)s, %(year)s") % {"title": title, "year": newest}), **parts}


@figure(
    "imported-share-inputs",
    title=_("Imported share of intermediate inputs"),
    rule=_(
        "One less the domestic sales of inputs of all sectors divided by the inputs they use from all origins, times"
        " 100, of one edition of the ADB input-output tables. A year counts only where both are told of the same"
        " sectors. The source breaks between 2017 and 2018: no change across it."
    ),
    unit="%",
    by=("year",),
)
def imported_share_inputs(scope: Scope) -> dict[str, Figure]:
    """Return how much of the inputs of Cambodian sectors comes from abroad."""
    title = _("Imported share of intermediate inputs")
    return {**by_year("imported-share-inputs", title, "imported-share", scope)}


@figure(
    "supplier-concentration",
    title=_("Share of the five largest suppliers in imports"),
    rule=_(
        "The published shares of the five largest partners in the imports of a year, added up. A year counts only where"
        " all five are told. An index over all suppliers would need the shares of the others too."
    ),
    unit="%",
    by=("year",),
)
def supplier_concentration(scope: Scope) -> dict[str, Figure]:
    """Return how much of the imports comes from the five largest suppliers."""
    title = _("Share of the five largest suppliers in imports")
    return {**by_year("supplier-concentration", title, "top-suppliers", scope)}
