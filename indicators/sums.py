"""Values added up by the database, one row for all of a period: exact, although SQLite keeps decimals as doubles."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, localcontext
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Aggregate, BooleanField, Count, ExpressionWrapper, Max, Q, TextField
from django.db.models.sql.compiler import SQLCompiler

from indicators.analytics.aggregation import EXACT
from indicators.analytics.totals import Totals
from indicators.cells import PLACES
from indicators.models import Observation, Period

Status, State = Observation.Status, Observation.State
STATUSES = tuple(map(str, Status))

TIMES = "*"


class ExactSum(Aggregate):
    """The sum of a column, or of the products of two; None where no row has them."""

    name = "exact sum"
    function = "SUM"
    arg_joiner = f" {TIMES} "
    output_field = TextField()  # so that neither database rounds it on the way

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **more: Any) -> Any:
        """Ask for all values as one text: 15 digits of each, as much as Django reads of a decimal."""
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", arg_joiner=f" || '{TIMES}' || ", **more)

    def get_db_converters(self, connection: Any) -> list[Any]:
        return [lambda told, *_about: added_up(told)] if connection.vendor == "sqlite" else []


def added_up(told: str | None) -> Decimal | None:
    """Return the sum of numbers, as 3.5,4, or of products, as 3.5*2,4*10."""
    if told is None:
        return None
    with localcontext(EXACT):
        if TIMES in told:
            return sum(map(product, told.split(",")), Decimal(0))
        return sum(map(Decimal, told.split(",")), Decimal(0)).quantize(PLACES)


def product(told: str) -> Decimal:
    first, _sign, second = told.partition(TIMES)
    return Decimal(first) * Decimal(second)


HAS_VALUE, IS_RATIO = Q(state=State.VALUE), Q(state=State.VALUE, denominator__isnull=False)
SUMS: dict[str, Any] = {
    "told": Count("pk", filter=HAS_VALUE),
    "missing": Count("pk", filter=Q(state=State.MISSING)),
    "not_applicable": Count("pk", filter=Q(state=State.NOT_APPLICABLE)),
    "ratios": Count("pk", filter=IS_RATIO),
    "zeros": Count("pk", filter=IS_RATIO & Q(denominator=0)),
    "sum_of_values": ExactSum("value"),
    "sum_of_numerators": ExactSum("numerator", filter=IS_RATIO),
    "sum_of_denominators": ExactSum("denominator", filter=IS_RATIO),
    "weighed": Count("weight", filter=HAS_VALUE),
    "sum_of_weights": ExactSum("weight", filter=HAS_VALUE),
    "sum_of_products": ExactSum("value", "weight"),
}
ABOUT: dict[str, Any] = {
    **{f"is_{status}": Count("pk", filter=Q(status=status)) for status in STATUSES},
    "newest_rule": Max("rule_version"),
    "invented": Count("pk", filter=Q(is_demo=True)),
    "last": Max("pk"),
}
PERIODS = f"JOIN {Period._meta.db_table} AS period ON period.id = sums.period_id"
DECIMALS = tuple(name for name in SUMS if name.startswith("sum_of_"))


def sums_of(rows: Any, *keys: str) -> Iterator[dict[str, Any]]:
    """Yield one row for each of the keys and each period, what is told for the country itself apart from programs.

    There are tens of thousands of them on a scorecard, made of half a million values: they come as the database gives
    them, not through the converters of Django, and periods are looked up for the sums, not for each value.
    """
    of_country = ExpressionWrapper(Q(program=None), output_field=BooleanField())
    apart = rows.order_by().annotate(is_of_country=of_country)
    asked = apart.values("indicator_id", *keys, "period_id", "is_of_country").annotate(**SUMS, **ABOUT)
    try:
        statement, values = asked.query.sql_with_params()
    except EmptyResultSet:
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT sums.*, code, first_day, last_day FROM ({statement}) AS sums {PERIODS}", values)  # noqa: S608
        names = [column[0] for column in cursor.description]
        for row in cursor.fetchall():
            told = dict(zip(names, row, strict=True))
            if connection.vendor == "sqlite":
                told |= {name: added_up(told[name]) for name in DECIMALS}
            yield told


def totals_in(row: Mapping[str, Any]) -> Totals:
    """Return the totals of a row of `sums_of`."""
    counts = {name: row[name] for name in ("told", "missing", "not_applicable", "ratios", "zeros", "weighed")}
    return Totals(
        **counts,
        value=row["sum_of_values"],
        numerator=row["sum_of_numerators"],
        denominator=row["sum_of_denominators"],
        weight=row["sum_of_weights"],
        product=row["sum_of_products"],
    )


def statuses_in(row: Mapping[str, Any]) -> dict[str, int]:
    """Return how many values of a row of `sums_of` have each status that occurs."""
    return {status: count for status in STATUSES if (count := row[f"is_{status}"])}
