"""Import dependency: three views of one question side by side, and what published series say of imported inputs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from capred_portal.figures import Words
from capred_portal.line_charts import decimals_shown
from indicators.competitiveness import STAGES as STAGE_NAMES
from indicators.competitiveness import TOPICS, Panel, Topic, lines_of, panel
from indicators.models import Indicator, Source
from indicators.series import COMPUTED, PublishedSeries, SeriesKey, published_series

SHARE, STAGES = "imported-share-inputs", "intermediate-imports"  # the indicators, and the figure of the first
INTERMEDIATE, RAW = "Intermediate goods", "Raw materials"
IMPORTED = SeriesKey(f"{COMPUTED}imported-share")
ALL_IMPORTS = SeriesKey("Imports (in US$ Mil)", partner="World", product="All Products", dimensions="type=Import")
TENTHS, WHOLE = decimals_shown(1), decimals_shown(0)


def of_stage(product: str, code: str = "Import Product share(%)") -> SeriesKey:
    """Return the series of one stage of processing: its share in imports, or its value in millions of US$."""
    return SeriesKey(code, partner="World", product=product, dimensions="type=Import")


def in_dollars(product: str) -> SeriesKey:
    return of_stage(product, "Import(US$ Mil)")


@dataclass(frozen=True)
class View:
    """One way to look at the question: its number with its year, what it is a share of, and what it cannot say."""

    kind: Words
    value: str
    year: str
    share_of: Words
    cannot: Words
    source: str
    anchor: str  # of the section with all of it
    code: str = ""  # the registered figure behind it
    has_demo: bool = False


@dataclass(frozen=True)
class Published:
    """The published series that the page reads, all from one reading."""

    series: Mapping[SeriesKey, PublishedSeries]
    topics: Sequence[tuple[Topic, Indicator, Mapping[SeriesKey, Words]]]

    def value(self, key: SeriesKey, year: str = "") -> Decimal | None:
        """The value of a series in a year of its newest piece; without a year the newest."""
        latest = self.series[key].latest
        if latest is None:
            return None
        return next((each.value for each in reversed(latest.points) if year in ("", each.period_key)), None)

    def year(self, key: SeriesKey) -> str:
        """The newest year of a series; blank where it has none."""
        latest = self.series[key].latest
        return latest.last.period_key if latest else ""

    def source(self, key: SeriesKey) -> Source | None:
        latest = self.series[key].latest
        return latest.source if latest else None

    @cached_property
    def panels(self) -> dict[str, Panel]:
        """The pictures of the two indicators by their codes; the finding of each is of its newest year only."""
        titles = {SHARE: share_title(self), STAGES: stages_title(self)}
        drawn = {topic.code: panel(topic, indicator, lines, self.series) for topic, indicator, lines in self.topics}
        return {code: replace(each, title=titles[code] or each.title) for code, each in drawn.items()}


def published(others: Sequence[SeriesKey] = ()) -> Published:
    """Read the series of the page and `others`, from a constant number of queries."""
    wanted = [topic for topic in TOPICS if topic.code in (SHARE, STAGES)]
    indicators = {
        each.code: each for each in Indicator.objects.current().filter(code__in=(SHARE, STAGES), kind="external")
    }
    topics = [
        (topic, indicators[topic.code], lines_of(topic, SeriesKey.parse(indicators[topic.code].series)))
        for topic in wanted
        if topic.code in indicators
    ]
    own = [IMPORTED, ALL_IMPORTS, *(key(product) for product in STAGE_NAMES for key in (of_stage, in_dollars))]
    lines = [key for _topic, _indicator, found in topics for key in found]
    return Published(published_series([*own, *lines, *others]), topics)


def share_title(found: Published) -> str:
    """Say the imported share of the newest year; the years before are no measure of change across a break."""
    value = found.value(IMPORTED)
    if value is None:
        return ""
    words = {"share": percent(value), "year": found.year(IMPORTED)}
    return _("%(share)s of the inputs of Cambodian sectors come from abroad (%(year)s)") % words


def stages_title(found: Published) -> str:
    """Say what part of imports is intermediate goods, in dollars too, and what part the class of raw materials is."""
    year = found.year(of_stage(INTERMEDIATE))
    share, raw, dollars = (
        found.value(key, year) for key in (of_stage(INTERMEDIATE), of_stage(RAW), in_dollars(INTERMEDIATE))
    )
    if share is None or raw is None or dollars is None:
        return ""
    words = {"share": percent(share), "raw": percent(raw), "dollars": WHOLE(dollars), "year": year}
    return (
        _(
            "Intermediate goods are %(share)s of imports, US$ %(dollars)s million (%(year)s); the class “raw"
            " materials” is %(raw)s"
        )
        % words
    )


def percent(value: Decimal) -> str:
    return f"{TENTHS(value)} %"


# Three views


def views(found: Published, reported: View) -> list[View]:
    """Return the three views in their order: what is modelled, what customs measure, what firms report."""
    return [modelled_view(found), measured_view(found), reported]


def modelled_view(found: Published) -> View:
    """Return what input-output tables say."""
    return published_view(
        found,
        IMPORTED,
        kind=_("Modelled"),
        share_of=_("of the value of the inputs that all sectors use is imported"),
        cannot=_("It cannot say what a firm or a province buys: its makers estimated what nobody measures."),
        anchor="share",
        code=SHARE,
    )


def measured_view(found: Published) -> View:
    """Return what customs say."""
    return published_view(
        found,
        of_stage(INTERMEDIATE),
        kind=_("Measured at customs"),
        share_of=_("of the goods that come in are intermediate goods: what the policy calls raw materials"),
        cannot=_("It cannot say what part of inputs is imported: inputs made in Cambodia are not in it."),
        anchor="stages",
    )


def published_view(found: Published, key: SeriesKey, **words: Any) -> View:
    """Return the view of a published series: its newest value, its year and its source."""
    value, source = found.value(key), found.source(key)
    return View(
        value="" if value is None else percent(value),
        year=found.year(key),
        source=credited(source) if source else "",
        has_demo=bool(source and source.is_demo),
        **words,
    )


def credited(source: Source) -> str:
    """Return publisher, publication and edition."""
    return f"{source.publisher_words}: {source}"
