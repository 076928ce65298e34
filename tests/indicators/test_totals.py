"""Totals say what the figures themselves say: for any figures, and for what the database adds up."""

from collections.abc import Iterable
from decimal import Decimal, localcontext

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from indicators.analytics.aggregation import EXACT, Measured, over_places
from indicators.analytics.totals import Totals, over_totals
from indicators.models import Observation
from indicators.readings import readings_by_program, readings_of
from indicators.sums import ExactSum
from tests.admin_rows import make_province
from tests.factories import make_program
from tests.indicator_factories import make_indicator, make_observation, make_period

RULES = ("sum", "weighted average", "ratio", "distinct", "none")
numbers = st.decimals(-10_000_000, 10_000_000, places=4)
weights = st.one_of(st.none(), st.decimals(0, 1000, places=3))
counts = st.integers(0, 1_000_000).map(Decimal)
values = st.builds(lambda value, weight: Measured.of(value, weight=weight), numbers, weights)
nothing = st.sampled_from([Measured.missing(), Measured.not_applicable()])
ratios = st.builds(Measured.ratio, counts, counts.filter(bool), st.just(100))


def added(numbers: Iterable[Decimal | None]) -> Decimal | None:
    known = [number for number in numbers if number is not None]
    return sum(known, Decimal(0)) if known else None


def totals_of(items: list[Measured]) -> Totals:
    """Return the totals of figures, as a database would add them up."""
    told = [item for item in items if item.state == "value"]
    parts = [item for item in told if item.has_parts]
    weighed = [item for item in told if item.weight is not None]
    with localcontext(EXACT):
        return Totals(
            told=len(told),
            missing=sum(item.state == "missing" for item in items),
            not_applicable=sum(item.state == "not applicable" for item in items),
            value=added(item.value for item in told),
            ratios=len(parts),
            numerator=added(item.numerator for item in parts),
            denominator=added(item.denominator for item in parts),
            weighed=len(weighed),
            weight=added(item.weight for item in weighed),
            product=added(item.value * item.weight for item in weighed if item.value and item.weight is not None)
            if any(item.value for item in weighed)
            else (Decimal(0) if weighed else None),
        )


@given(
    st.sampled_from(RULES),
    st.one_of(st.lists(st.one_of(values, nothing), min_size=1), st.lists(st.one_of(ratios, nothing), min_size=1)),
)
def test_totals_say_what_the_figures_say(rule, items):
    totals = totals_of(items)
    assume(totals.fits(rule))

    assert over_totals(rule, totals, scale=100) == over_places(rule, dict(enumerate(items)))


@given(st.lists(values, min_size=1))
def test_plain_values_fit_every_rule_but_ratios(items):
    totals = totals_of(items)

    assert [rule for rule in RULES if not totals.fits(rule)] == ["ratio"]


@pytest.mark.parametrize(
    ("rule", "totals"),
    [
        ("latest", Totals(1, 0, 0, Decimal(1))),
        ("mean", Totals(1, 0, 0, Decimal(1))),
        ("sum", Totals(2, 0, 0, Decimal(9), ratios=2)),
        ("ratio", Totals(1, 0, 0, Decimal(9))),
        ("ratio", Totals(1, 0, 0, Decimal(9), ratios=1, zeros=1)),
    ],
)
def test_totals_that_do_not_fit_a_rule_are_refused(rule, totals):
    with pytest.raises(ValueError, match="do not fit"):
        over_totals(rule, totals)


@pytest.mark.django_db
def test_decimals_add_up_exactly_on_both_databases():
    about = {"indicator": make_indicator(), "weight": Decimal("0.1")}
    for value in ("0.1", "0.2", "100000000.000001"):
        make_observation(value, program=make_program(), **about)

    found = Observation.objects.aggregate(total=ExactSum("value"), product=ExactSum("value", "weight"))

    assert found == {"total": Decimal("100000000.300001"), "product": Decimal("10000000.0300001")}


def test_sums_of_no_rows_are_none(db):
    assert Observation.objects.aggregate(total=ExactSum("value")) == {"total": None}


@pytest.mark.django_db
@pytest.mark.parametrize("rule", RULES)
def test_values_that_do_not_fit_the_rule_are_read_one_by_one(rule):
    """Ratios under a rule that adds values, and values under one that adds ratios, are what their rows say."""
    indicator, program = make_indicator(unit_en="%", over_places=rule), make_program()
    shares = {"numerator": 1, "denominator": 4}
    for number, more in enumerate((shares, {}, shares | {"numerator": 0, "denominator": 0})):
        about = {"indicator": indicator, "program": program, "status": "verified", "weight": 2}
        make_observation(10, province=make_province(number + 1), **about, **more)
    items = [Measured.ratio(1, 4, 100), Measured.of(10, weight=2), Measured.ratio(0, 0, 100)]
    expected = over_places(rule, dict(enumerate(items)))

    (of_country,) = readings_of([indicator])[indicator.pk]
    (of_program,) = readings_by_program([indicator])[indicator.pk, program.pk]

    assert of_country.aggregate == of_program.aggregate == expected


@pytest.mark.django_db
def test_a_reading_of_several_values_says_how_far_each_has_come():
    indicator, period = make_indicator(), make_period()
    for status, more in (("accepted", {}), ("accepted", {"is_demo": True}), ("submitted", {"rule_version": 2})):
        make_observation(5, indicator=indicator, period=period, status=status, **more)

    (reading,) = readings_of([indicator])[indicator.pk]

    assert reading.statuses == {"accepted": 2, "submitted": 1}
    assert (reading.signed, reading.status, reading.rule_version) == ((2, 3), "submitted", 2)
    assert (reading.is_demo, reading.observation, reading.first_day) == (True, None, period.first_day)
