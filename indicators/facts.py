"""The periods values are about, and what others publish: sources, series, indicators, targets of policies."""

from decimal import Decimal
from typing import Any

from capred_portal.bulk import bulk_load, defaults
from capred_portal.facts import facts, read
from capred_portal.records import writing
from indicators import derived_facts, input_output_facts, trade_facts  # noqa: F401  write what they are called after
from indicators.models import Indicator, Period, SeriesValue, Source, Target
from programs.models import Goal

YEARS = range(1990, 2041)
FIRST_YEAR_OF_QUARTERS = 2015

SERIES = ("series_wdi", "series_wits", "series_unsdg", "series_adb_sectors", "series_adb_gvc", "series_idp")
VALUE_KEY = ("source_id", "code", "economy", "sector", "partner", "product", "dimensions", "year")
VALUE_COLUMNS = (*VALUE_KEY, "value", "unit", "confidence")
EXTERNAL = {
    "kind": Indicator.Kind.EXTERNAL,
    "frequency": Indicator.Frequency.YEAR,
    "over_periods": Indicator.Rule.LATEST,
    "over_places": Indicator.Rule.NONE,
    "signatures": Indicator.Signatures.NONE,
}


@facts(order=30)
def write_periods() -> None:
    """Write calendar years and quarters that are not there yet."""
    known = set(Period.objects.values_list("code", flat=True))
    quarters = [(year, number) for year in YEARS if year >= FIRST_YEAR_OF_QUARTERS for number in range(1, 5)]
    periods = [*(Period.of_year(year) for year in YEARS), *(Period.of_quarter(*quarter) for quarter in quarters)]
    with writing("indicators"):
        Period.objects.bulk_create(period for period in periods if period.code not in known)


# Published values


@facts(order=31)
def write_sources() -> None:
    """Write the editions of publications that are not there yet; people may correct them."""
    known = set(Source.objects.values_list("code", "edition"))
    rows = [row for row in read(__file__, "sources") if (row["code"], row["edition"]) not in known]
    with writing("indicators"):
        Source.objects.bulk_create(Source(**(row | source_values(row))) for row in rows)


def source_values(row: dict[str, str]) -> dict[str, Any]:
    """Return the columns of a source that are no text."""
    days = {name: row[name] or None for name in ("published_on", "retrieved_on")}
    return days | {name: bool(row[name]) for name in ("is_modelled", "is_superseded")}


@facts(order=32)
def write_series() -> None:
    """Write the published values that are not there yet, as their sources print them; archived ones stay away."""
    sources = {(code, edition): pk for pk, code, edition in Source.objects.values_list("pk", "code", "edition")}
    rows: list[tuple[Any, ...]] = [
        (sources[row["source"], row["edition"]], *(row[name] for name in VALUE_COLUMNS[1:]))
        for name in SERIES
        for row in read(__file__, name)
    ]
    key = len(VALUE_KEY)
    stored = SeriesValue.objects.filter(source__in={row[0] for row in rows}).order_by().values_list(*VALUE_KEY)
    known = {(*row[:-1], str(row[-1])) for row in stored.iterator()}
    missing = [(*row[:key], float(row[key]), *row[key + 1 :]) for row in rows if row[:key] not in known]
    with writing("indicators"):
        bulk_load(SeriesValue, VALUE_COLUMNS, missing, constants=defaults(SeriesValue, VALUE_COLUMNS))


@facts(order=33)
def write_external_indicators() -> None:
    """Write the indicators whose values are published elsewhere, and the goals they serve."""
    known = set(Indicator.objects.values_list("code", flat=True))
    rows = [row for row in read(__file__, "external_indicators") if row["code"] not in known]
    served = {row["code"]: row.pop("goals").split(";") for row in rows}
    goals = {
        f"{framework}:{code}": pk for pk, framework, code in Goal.objects.values_list("pk", "framework__code", "code")
    }
    with writing("indicators"):
        made = Indicator.objects.bulk_create(Indicator(**row, **EXTERNAL) for row in rows)
        Indicator.goals.through.objects.bulk_create(
            Indicator.goals.through(indicator_id=indicator.pk, goal_id=goals[goal])
            for indicator in made
            for goal in served[indicator.code]
            if goal in goals
        )


@facts(order=34)
def write_targets() -> None:
    """Write the baselines, milestones and targets of published policies, for indicators that have none yet."""
    sources = {(code, edition): pk for pk, code, edition in Source.objects.values_list("pk", "code", "edition")}
    with_targets = Target.objects.filter(indicator__kind=Indicator.Kind.EXTERNAL).values("indicator")
    indicators = dict(Indicator.objects.exclude(pk__in=with_targets).values_list("code", "pk"))
    years = dict(Period.objects.filter(kind=Period.Kind.YEAR).values_list("code", "pk"))
    with writing("indicators"):
        Target.objects.bulk_create(
            Target(
                indicator_id=indicators[row["indicator"]],
                kind=row["kind"],
                period_id=years[row["year"]],
                value=Decimal(row["value"]),
                source_id=sources[row["source"], row["edition"]],
                status=Target.Status.APPROVED,
                why=row["why"],
            )
            for row in read(__file__, "targets")
            if row["indicator"] in indicators
        )
