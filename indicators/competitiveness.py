"""The panels of the competitiveness page: which series stand together, their pictures, and the finding of each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capred_portal.line_charts import LineChart, Piece, decimals_shown, line_chart, line_table
from capred_portal.plotting import Number, Table, Words
from indicators.models import Indicator, Source
from indicators.series import PublishedSeries, SeriesKey, published_series

SPAN = 5  # years a finding looks back
CLEAR_CHANGE = Decimal("0.1")  # of the earlier value: less is no clear change
HOME_FIRST = ("KHM", "THA", "BGD")
ECONOMIES: Mapping[str, Words] = {
    "KHM": gettext_lazy("Cambodia"),
    "THA": gettext_lazy("Thailand"),
    "BGD": gettext_lazy("Bangladesh"),
}
STAGES: Mapping[str, Words] = {
    "Intermediate goods": gettext_lazy("intermediate goods"),
    "Consumer goods": gettext_lazy("consumer goods"),
    "Capital goods": gettext_lazy("capital goods"),
    "Raw materials": gettext_lazy("raw materials"),
}
FINDINGS: Mapping[str, Words] = {
    "rose": gettext_lazy("%(topic)s: rose from %(before)s (%(first)s) to %(after)s (%(last)s)"),
    "fell": gettext_lazy("%(topic)s: fell from %(before)s (%(first)s) to %(after)s (%(last)s)"),
    "no clear change": gettext_lazy("%(topic)s: no clear change, %(before)s (%(first)s) and %(after)s (%(last)s)"),
}


@dataclass(frozen=True)
class Topic:
    """What a panel is about: an indicator, and the series drawn with it, by the names beside their lines."""

    code: str
    others: Callable[[SeriesKey], Mapping[SeriesKey, Words]] = lambda _key: {}
    help: Words = ""


@dataclass(frozen=True)
class Panel:
    """A picture of one topic, the sentence it proves, and all that must be said of where its numbers come from."""

    indicator: Indicator
    title: str
    unit: str
    picture: LineChart
    table: Table
    sources: Sequence[Source]
    notes: Sequence[str]
    figure: str = ""  # the registered figure, where the portal computes the numbers
    help: Words = ""

    @property
    def key(self) -> str:
        return self.indicator.code


def peers(key: SeriesKey) -> Mapping[SeriesKey, Words]:
    """Return the same series of the economies we compare with."""
    return {key._replace(economy=code): ECONOMIES[code] for code in HOME_FIRST if code != key.economy}


def stages(key: SeriesKey) -> Mapping[SeriesKey, Words]:
    """Return the same series of the other stages of processing."""
    return {key._replace(product=product): name for product, name in STAGES.items() if product != key.product}


TOPICS: tuple[Topic, ...] = (
    Topic("manufacturing-share-gdp"),
    Topic("manufacturing-per-head"),
    Topic("manufacturing-value-added"),
    Topic("manufacturing-employment"),
    Topic("medium-high-technology"),
    Topic("value-chain-participation", peers),
    Topic("imported-share-inputs", peers),
    Topic(
        "intermediate-imports",
        stages,
        gettext_lazy(
            "What the policy calls imported raw materials is mostly intermediate goods. The class of raw materials"
            " holds unprocessed goods only."
        ),
    ),
    Topic("supplier-concentration"),
    Topic("market-concentration"),
    Topic("carbon-manufacturing"),
)


def panels() -> list[Panel]:
    """Return the panels whose indicators are in use, from a constant number of queries."""
    codes = [topic.code for topic in TOPICS]
    indicators = {each.code: each for each in Indicator.objects.current().filter(code__in=codes, kind="external")}
    shown = [(topic, indicators[topic.code]) for topic in TOPICS if topic.code in indicators]
    lines = {topic.code: lines_of(topic, SeriesKey.parse(indicator.series)) for topic, indicator in shown}
    series = published_series(key for named in lines.values() for key in named)
    return [panel(topic, indicator, lines[topic.code], series) for topic, indicator in shown]


def lines_of(topic: Topic, key: SeriesKey) -> dict[SeriesKey, Words]:
    """Return the series of a panel, its own first, each with the name beside its line."""
    name = STAGES.get(key.product) or ECONOMIES.get(key.economy, key.economy)
    return {key: name, **topic.others(key)}


def panel(
    topic: Topic,
    indicator: Indicator,
    lines: Mapping[SeriesKey, Words],
    series: Mapping[SeriesKey, PublishedSeries],
) -> Panel:
    """Draw one panel; its finding is that of its own series, the first of them."""
    own, show = series[next(iter(lines))], shown_as(indicator)
    pieces = [piece for key, name in lines.items() for piece in drawn(series[key], name)]
    breaks = [(year, _("break")) for year in own.breaks if own.pieces]
    return Panel(
        indicator=indicator,
        title=finding(str(indicator), own, shown_with_unit(indicator)),
        unit=indicator.unit,
        picture=line_chart(pieces, breaks=breaks, show=show),
        table=line_table(_("Year"), pieces, show),
        sources=own.sources,
        notes=own.notes(),
        figure=topic.code if own.is_computed else "",
        help=topic.help,
    )


def drawn(series: PublishedSeries, name: Words) -> list[Piece]:
    """Return a series as pieces to be drawn; where it has several editions, each is named."""
    several = len(series.sources) > 1
    return [
        Piece(
            edition_name(piece.source) if several else name,
            [(point.period_key, point.value, "") for point in piece.points],
        )
        for piece in series.pieces
    ]


def edition_name(source: Source) -> str:
    """Return what stands beside the line of an edition."""
    return _("older edition") if source.is_superseded else _("edition in force")


def finding(topic: str, series: PublishedSeries, show: Callable[[Number], str]) -> str:
    """Return in a sentence what a series did over the last years of its newest piece, or what it says."""
    latest = series.latest
    if latest is None or latest.last.value is None:
        return _("%(topic)s: no values are held") % {"topic": topic}
    words = {"topic": topic, "after": show(latest.last.value), "last": latest.last.period_key}
    moved = series.moved(SPAN)
    if moved is None or moved[0].value is None:
        return _("%(topic)s: %(after)s (%(last)s)") % words
    first, difference, before = moved[0], moved[2], moved[0].value
    limit = CLEAR_CHANGE * abs(before)
    way = "rose" if difference > limit else "fell" if -difference > limit else "no clear change"
    return str(FINDINGS[way]) % (words | {"before": show(before), "first": first.period_key})


def shown_as(indicator: Indicator) -> Callable[[Number], str]:
    """Return how the values of an indicator are written."""
    return decimals_shown(indicator.decimals)


def shown_with_unit(indicator: Indicator) -> Callable[[Number], str]:
    """Return how its values are written in a sentence: a percentage with its sign."""
    show = shown_as(indicator)
    return (lambda value: f"{show(value)} %") if indicator.is_percent else show
