"""How figures add up: examples by hand, and what must hold for any periods, places and parts."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from indicators.analytics.aggregation import (
    UNKNOWN,
    AboveTotal,
    Measured,
    distinct_bounds,
    over_periods,
    over_places,
    unknown_of,
    with_unknown,
)

MISSING, WITHHELD, NOT_APPLICABLE = Measured.missing(), Measured.withheld(), Measured.not_applicable()
ADDED = ("sum", "weighted average", "ratio", "distinct", "none")  # rules that look at no order

numbers = st.decimals(-10_000_000, 10_000_000, places=4)
counts = st.integers(0, 1_000_000).map(Decimal)
weights = st.decimals(0, 1000, places=3)
quarters = st.builds("{:04}-Q{}".format, st.integers(1990, 2060), st.integers(1, 4))
ratios = st.builds(Measured.ratio, counts, counts, st.just(100))
figures = st.one_of(
    st.builds(lambda value, weight: Measured.of(value, weight=weight), numbers, weights),
    ratios,
    st.sampled_from([MISSING, WITHHELD, NOT_APPLICABLE]),
)


def shuffled(data, items):
    """Return the same items, inserted in another order."""
    return {key: items[key] for key in data.draw(st.permutations(list(items)))}


def number_of(measured):
    """Return the value where there is one."""
    assert measured.value is not None
    return measured.value


def by_place(*items):
    return dict(enumerate(items))


# One figure


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"value": Decimal(1), "state": "missing"},
        {"state": "unknown"},
        {"value": Decimal("NaN")},
        {"value": Decimal(1), "denominator": Decimal("Infinity")},
        {"value": Decimal(1), "weight": Decimal(-1)},
        {"value": Decimal(1), "scale": Decimal(0)},
    ],
)
def test_measured_refuses_what_contradicts_itself(wrong):
    with pytest.raises(ValueError, match=r"value|state|finite|scale"):
        Measured(**wrong)


def test_ratio_of_measured():
    assert Measured.ratio(45, 100).value == Decimal("0.45")
    assert Measured.ratio(45, 100, 100).value == 45
    assert Measured.ratio(0, 5).value == 0
    assert Measured.ratio(None, 5) == Measured.ratio(5, None) == MISSING
    assert Measured.ratio(5, 0).state == "not applicable"


# Over periods and places


def test_sum_leaves_out_what_is_missing_and_says_so():
    total = over_periods("sum", {"2024-Q1": Measured.of(3), "2024-Q2": MISSING, "2024-Q3": Measured.of(4)})

    assert (total.measured, total.counted, total.missing, total.reason) == (Measured.of(7), 2, 1, "")


@pytest.mark.parametrize("rule", [*ADDED, "latest"])
def test_nothing_reported_is_missing(rule):
    nothing, blank = over_periods(rule, {}), over_periods(rule, {"2024": MISSING, "2025": MISSING})

    assert nothing.measured == blank.measured == MISSING
    assert nothing.reason == blank.reason == "nothing reported"
    assert (nothing.missing, blank.missing) == (0, 2)


@pytest.mark.parametrize("rule", [*ADDED, "latest"])
def test_nothing_applicable_is_not_applicable(rule):
    outcome = over_periods(rule, {"2024": NOT_APPLICABLE, "2025": NOT_APPLICABLE})

    assert (outcome.measured, outcome.missing, outcome.reason) == (NOT_APPLICABLE, 0, "not applicable")


@pytest.mark.parametrize("rule", [*ADDED, "latest"])
def test_one_part_stands_for_itself(rule):
    part = Measured.of(12)

    assert over_periods(rule, {"2024": part, "2025": NOT_APPLICABLE}).measured == part


def test_latest_is_the_newest_with_a_value_and_counts_the_missing_since():
    items = {"2024-Q1": Measured.of(8), "2023-Q4": MISSING, "2024-Q3": NOT_APPLICABLE, "2024-Q2": MISSING}

    latest = over_periods("latest", items)

    assert latest.measured.value == 8
    assert (latest.counted, latest.missing) == (1, 1)


def test_latest_does_not_go_behind_what_is_withheld():
    latest = over_periods("latest", {"2024": Measured.of(8), "2025": WITHHELD})

    assert (latest.measured, latest.reason) == (WITHHELD, "withheld")
    assert over_periods("latest", {"2024": WITHHELD, "2025": Measured.of(8)}).measured.value == 8


def test_no_place_is_the_latest():
    with pytest.raises(ValueError, match="not over places"):
        over_places("latest", by_place(Measured.of(1)))


@pytest.mark.parametrize("aggregate", [over_periods, over_places])
def test_unknown_rule(aggregate):
    with pytest.raises(ValueError, match="not a rule"):
        aggregate("mean", by_place(Measured.of(1)))


@pytest.mark.parametrize("rule", ["sum", "weighted average", "ratio"])
def test_a_withheld_part_withholds_the_outcome(rule):
    outcome = over_places(rule, by_place(Measured.ratio(1, 2), WITHHELD))

    assert (outcome.measured, outcome.counted, outcome.reason) == (WITHHELD, 1, "withheld")


def test_weighted_average_by_hand():
    average = over_places("weighted average", by_place(Measured.of(10, weight=1), Measured.of(20, weight=3), MISSING))

    assert average.measured == Measured.of(Decimal("17.5"), weight=4)
    assert (average.counted, average.missing) == (2, 1)


def test_weighted_average_needs_every_weight():
    lacking = over_places("weighted average", by_place(Measured.of(10, weight=1), Measured.of(20)))
    nothing = over_places("weighted average", by_place(Measured.of(10, weight=0), Measured.of(20, weight=0)))

    assert (lacking.measured, lacking.reason) == (MISSING, "no weights")
    assert (nothing.measured, nothing.reason) == (NOT_APPLICABLE, "weights add up to 0")


def test_ratio_is_not_the_mean_of_ratios():
    """1 of 2 and 10 of 100 are 11 of 102, not the mean of 50 % and 10 %."""
    outcome = over_places("ratio", by_place(Measured.ratio(1, 2, 100), Measured.ratio(10, 100, 100)))

    assert outcome.measured == Measured.ratio(11, 102, 100)
    assert round(outcome.measured.value, 2) == Decimal("10.78")


def test_ratio_needs_every_numerator_and_denominator():
    lacking = over_places("ratio", by_place(Measured.ratio(1, 2), Measured.of(1)))

    assert (lacking.measured, lacking.reason) == (MISSING, "no numerator and denominator")


def test_ratio_keeps_parts_without_a_denominator():
    outcome = over_places("ratio", by_place(Measured.ratio(1, 2), Measured.ratio(0, 0), MISSING))
    nothing = over_places("ratio", by_place(Measured.ratio(0, 0), Measured.ratio(0, 0)))
    alone = over_places("ratio", by_place(Measured.ratio(0, 0)))

    assert (outcome.measured.value, outcome.counted, outcome.missing) == (Decimal("0.5"), 2, 1)
    assert nothing.measured.state == alone.measured.state == "not applicable"
    assert nothing.reason == alone.reason == "denominator is 0"


def test_ratios_of_different_scales_are_an_error():
    with pytest.raises(ValueError, match="different scales"):
        over_places("ratio", by_place(Measured.ratio(1, 2), Measured.ratio(1, 2, 100)))


@pytest.mark.parametrize(
    ("rule", "reason"), [("distinct", "distinct counts cannot be added"), ("none", "not aggregated")]
)
@pytest.mark.parametrize("other", [Measured.of(5), MISSING, WITHHELD])
def test_what_cannot_be_added_is_refused(rule, reason, other):
    outcome = over_periods(rule, {"2024": Measured.of(3), "2025": other})

    assert (outcome.measured, outcome.reason) == (NOT_APPLICABLE, reason)


@given(st.sampled_from(ADDED), st.dictionaries(st.integers(), figures, max_size=6), st.data())
def test_order_of_places_does_not_matter(rule, items, data):
    assert over_places(rule, shuffled(data, items)) == over_places(rule, items)


@given(st.sampled_from([*ADDED, "latest"]), st.dictionaries(quarters, figures, max_size=6), st.data())
def test_order_of_periods_does_not_matter(rule, items, data):
    assert over_periods(rule, shuffled(data, items)) == over_periods(rule, items)


@given(st.sampled_from(ADDED), st.dictionaries(quarters, ratios, max_size=6), st.data())
def test_periods_could_be_renamed_under_every_rule_but_latest(rule, items, data):
    renamed = dict(zip(items, data.draw(st.permutations(list(items.values()))), strict=True))

    assert over_periods(rule, renamed).measured.value == (over_periods(rule, items).measured.value)


@given(
    st.sampled_from(["sum", "ratio", "weighted average"]),
    st.integers(1, 4).flatmap(
        lambda width: st.lists(
            st.lists(st.tuples(counts, st.integers(1, 1000)), min_size=width, max_size=width), min_size=1, max_size=4
        )
    ),
)
def test_periods_first_or_places_first_is_the_same(rule, table):
    def cell(number, base):
        return Measured.ratio(number, base) if rule == "ratio" else Measured.of(number, weight=base)

    rows = [by_place(*(cell(*pair) for pair in row)) for row in table]
    columns = [by_place(*column) for column in zip(*(row.values() for row in rows), strict=True)]

    places_first = over_periods(rule, by_place(*(over_places(rule, row).measured for row in rows)))
    periods_first = over_places(rule, by_place(*(over_periods(rule, column).measured for column in columns)))

    assert float(places_first.measured.value) == pytest.approx(float(periods_first.measured.value))


@given(st.lists(figures, max_size=8))
def test_every_part_is_counted_or_missing_or_sets_the_outcome(items):
    total = over_places("sum", by_place(*items))

    states = [item.state for item in items]
    assert (total.counted, total.missing) == (states.count("value"), states.count("missing"))
    if "withheld" in states:
        assert total.measured.state == "withheld"
    elif "value" in states:
        assert Fraction(total.measured.value) == sum(Fraction(item.value) for item in items if item.value is not None)
    else:
        assert total.measured.value is None


@given(st.lists(st.tuples(counts, st.integers(1, 1_000_000)), min_size=1, max_size=6))
def test_ratio_is_the_ratio_of_sums(pairs):
    outcome = over_places("ratio", by_place(*(Measured.ratio(*pair) for pair in pairs))).measured.value

    parts = [top / bottom for top, bottom in pairs]
    assert outcome == sum(top for top, _ in pairs) / sum(bottom for _, bottom in pairs)
    assert min(parts) <= outcome <= max(parts)


@given(st.lists(counts, min_size=1, max_size=6), st.integers(1, 1_000_000))
def test_ratio_of_sums_is_the_mean_of_ratios_with_equal_denominators(tops, bottom):
    ratios = [Measured.ratio(top, bottom) for top in tops]

    outcome = over_places("ratio", by_place(*ratios)).measured.value

    mean = sum(number_of(ratio) for ratio in ratios) / len(ratios)
    assert float(outcome) == pytest.approx(float(mean))


@given(*[st.integers(1, 1000)] * 4)
def test_ratio_of_two_is_never_the_mean_where_denominators_and_ratios_differ(first, base, second, other_base):
    assume(base != other_base and first * other_base != second * base)
    ratios = [Measured.ratio(first, base), Measured.ratio(second, other_base)]

    outcome = over_places("ratio", by_place(*ratios))

    mean = (number_of(ratios[0]) + number_of(ratios[1])) / 2
    assert abs(number_of(outcome.measured) - mean) > Decimal("1e-20")


@given(st.lists(st.frozensets(st.integers(0, 30)), min_size=1, max_size=6))
def test_distinct_people_lie_between_the_bounds(groups):
    bounds = distinct_bounds(by_place(*(Measured.of(len(group)) for group in groups)))

    assert bounds is not None
    least, most = bounds
    assert least == max(len(group) for group in groups)
    assert least <= len(frozenset.union(*groups)) <= most


def test_bounds_of_nothing_and_of_less_than_nothing():
    assert distinct_bounds({}) is None
    assert distinct_bounds(by_place(MISSING, WITHHELD)) is None
    with pytest.raises(ValueError, match="negative"):
        distinct_bounds(by_place(Measured.of(-1)))


# Over the parts of a total


def test_unknown_by_hand():
    parts = {"women": Decimal(5), "men": None, UNKNOWN: Decimal(2)}

    assert with_unknown(Decimal(12), parts) == {"women": 5, UNKNOWN: 7}
    assert with_unknown(Decimal(7), parts)[UNKNOWN] == 2


def test_parts_above_the_total_are_refused():
    with pytest.raises(AboveTotal) as refused:
        unknown_of(Decimal(10), {"women": Decimal(8), "men": Decimal(3)})

    assert refused.value.total == 10
    assert refused.value.parts == 11


@pytest.mark.parametrize(("total", "part"), [(-1, 0), (10, -1)])
def test_negative_parts_hide_nothing(total, part):
    with pytest.raises(ValueError, match="negative"):
        unknown_of(Decimal(total), {"women": Decimal(part)})


@given(
    st.dictionaries(st.sampled_from(["women", "men", "youth", UNKNOWN]), st.none() | st.decimals(0, 10**9, places=4)),
    st.decimals(0, 10**9, places=4),
)
def test_parts_and_unknown_are_the_total(parts, more):
    total = sum((part for part in parts.values() if part is not None), more)

    whole = with_unknown(total, parts)

    assert sum(whole.values()) == total
    assert whole[UNKNOWN] == unknown_of(total, parts) >= more
    assert all(whole[name] == part for name, part in parts.items() if part is not None and name != UNKNOWN)
