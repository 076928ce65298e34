"""Progress to a target: examples by hand, what holds for any numbers, and every reason not to judge."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from indicators.analytics.aggregation import Aggregate, Measured, over_periods, over_places
from indicators.analytics.progress import Goalpost, Judgement, aim, expected_path, judge, progress, wrong_side

numbers = st.decimals(-1_000_000, 1_000_000, places=3)
days = st.dates(date(2015, 1, 1), date(2035, 12, 31))
OWN = [""]  # editions of records of this portal


def up(baseline, target):
    return Goalpost(Decimal(baseline), Decimal(target), "up")


def down(baseline, target):
    return Goalpost(Decimal(baseline), Decimal(target), "down")


def between(baseline, low, high):
    return Goalpost(Decimal(baseline), None, "range", Decimal(low), Decimal(high))


@st.composite
def goalposts(draw, directions=("up", "down", "range")):
    """Goalposts with an aim on the right side."""
    direction = draw(st.sampled_from(directions))
    baseline = draw(numbers)
    first, second = sorted([draw(numbers), draw(numbers)])
    if direction == "range":
        return Goalpost(baseline, None, direction, first, second)
    return Goalpost(first, second, "up") if direction == "up" else Goalpost(second, first, "down")


def done(actual, goalpost):
    """Return the progress where there is one."""
    share = progress(actual, goalpost)
    assert share is not None
    return share


def verdict(actual, goalpost, expected=None, **options):
    options = {"editions": OWN, **options}
    return judge(Measured.of(actual), goalpost, expected=None if expected is None else Decimal(expected), **options)


# Progress


@pytest.mark.parametrize(
    ("goalpost", "actual", "share"),
    [
        (up(100, 200), 100, "0"),
        (up(100, 200), 150, "0.5"),
        (up(100, 200), 250, "1.5"),
        (up(100, 200), 80, "-0.2"),
        (down(40, 30), 35, "0.5"),
        (down(40, 30), 28, "1.2"),
        (down(40, 30), 45, "-0.5"),
        (up(10, 10), 10, "1"),
        (up(10, 10), 11, "1"),
        (up(10, 10), 9, "0"),
        (down(10, 10), 10, "1"),
        (down(10, 10), 9, "1"),
        (down(10, 10), 11, "0"),
        (between(2, 10, 20), 10, "1"),
        (between(2, 10, 20), 20, "1"),
        (between(2, 10, 20), 6, "0.5"),
        (between(2, 10, 20), 1, "0"),
        (between(30, 10, 20), 25, "0.5"),
        (between(2, 10, 20), 29, "0.5"),
        (between(15, 10, 20), 12, "1"),
        (between(15, 10, 20), 9, "0"),
        (Goalpost(Decimal(2), None, "range", low=Decimal(10)), 99, "1"),
        (Goalpost(Decimal(9), None, "range", high=Decimal(5)), 7, "0.5"),
    ],
)
def test_progress_by_hand(goalpost, actual, share):
    assert progress(Decimal(actual), goalpost) == Decimal(share)


@pytest.mark.parametrize(
    "goalpost",
    [
        Goalpost(None, Decimal(1), "up"),
        Goalpost(Decimal(1), None, "down"),
        Goalpost(Decimal(1), Decimal(2), "range"),
        Goalpost(None, None, "range", Decimal(1), Decimal(2)),
        up(200, 100),
        down(30, 40),
    ],
)
def test_no_progress_to_nowhere(goalpost):
    assert progress(Decimal(1), goalpost) is None


def test_no_progress_without_an_actual():
    assert progress(None, up(0, 1)) is None


@given(goalposts(("up", "down")), numbers, numbers)
def test_progress_rises_in_the_direction(goalpost, one, other):
    worse, better = sorted([one, other], reverse=goalpost.direction == "down")

    assert done(worse, goalpost) <= done(better, goalpost)


@given(goalposts(("range",)), numbers, numbers)
def test_progress_to_a_range_falls_with_the_distance(goalpost, one, other):
    assume((one > goalpost.high) == (other > goalpost.high))
    assume((one < goalpost.low) == (other < goalpost.low))
    centre = (goalpost.low + goalpost.high) / 2
    nearer, farther = sorted([one, other], key=lambda value: abs(value - centre))

    assert 0 <= done(farther, goalpost) <= done(nearer, goalpost) <= 1


@given(goalposts(("up", "down")), numbers)
def test_up_and_down_mirror_each_other(goalpost, actual):
    other = "down" if goalpost.direction == "up" else "up"
    mirrored = Goalpost(-goalpost.baseline, -goalpost.target, other)

    assert progress(actual, goalpost) == progress(-actual, mirrored)
    assert wrong_side(actual, goalpost.target, goalpost.direction) == wrong_side(-actual, -goalpost.target, other)


@given(goalposts(("range",)), numbers)
def test_a_mirrored_range_is_the_same(goalpost, actual):
    mirrored = Goalpost(-goalpost.baseline, None, "range", -goalpost.high, -goalpost.low)

    assert progress(actual, goalpost) == progress(-actual, mirrored)


@given(goalposts())
def test_the_baseline_is_the_start_and_the_aim_is_the_end(goalpost):
    assert progress(aim(goalpost), goalpost) == 1
    assert progress(goalpost.baseline, goalpost) == (1 if aim(goalpost) == goalpost.baseline else 0)


def test_wrong_side():
    assert wrong_side(Decimal(10), Decimal(9), "up")
    assert wrong_side(Decimal(10), Decimal(11), "down")
    assert not wrong_side(Decimal(10), Decimal(10), "up")
    assert not wrong_side(Decimal(10), Decimal(10), "down")
    assert not wrong_side(Decimal(10), Decimal(11), "range")
    assert not wrong_side(None, Decimal(11), "down")


def test_directions_are_named():
    with pytest.raises(ValueError, match="not a direction"):
        wrong_side(Decimal(1), Decimal(1), "sideways")
    with pytest.raises(ValueError, match="not a direction"):
        Goalpost(None, None, "sideways")


def test_crossed_edges_are_refused():
    with pytest.raises(ValueError, match="crossed"):
        between(1, 20, 10)


def test_aim_of_a_range():
    assert aim(between(2, 10, 20)) == 10
    assert aim(between(30, 10, 20)) == 20
    assert aim(between(15, 10, 20)) == 15
    assert aim(Goalpost(Decimal(1), None, "range")) is aim(Goalpost(None, None, "range", low=Decimal(1))) is None


# The path expected by now

PATH = [
    (date(2024, 1, 1), Decimal(100)),
    (date(2024, 1, 11), Decimal(120)),
    (date(2024, 1, 21), Decimal(220)),
]


@pytest.mark.parametrize(
    ("day", "value"),
    [
        (date(2023, 6, 1), 100),
        (date(2024, 1, 1), 100),
        (date(2024, 1, 6), 110),
        (date(2024, 1, 11), 120),
        (date(2024, 1, 12), 130),
        (date(2024, 1, 21), 220),
        (date(2030, 1, 1), 220),
    ],
)
def test_path_by_hand(day, value):
    assert expected_path(PATH, day) == value
    assert expected_path(PATH[::-1], day) == value


@pytest.mark.parametrize("points", [[], [PATH[0], PATH[0]]])
def test_path_needs_one_point_per_day(points):
    with pytest.raises(ValueError, match="one per day"):
        expected_path(points, date(2024, 1, 1))


@given(st.dictionaries(days, numbers, min_size=1, max_size=5), days)
def test_path_stays_between_its_points_and_meets_them(points, day):
    path = list(points.items())

    assert min(points.values()) <= expected_path(path, day) <= max(points.values())
    assert all(expected_path(path, known) == value for known, value in path)


@given(st.lists(numbers, min_size=2, max_size=5), st.tuples(days, days))
def test_path_to_higher_values_never_falls(values, two):
    path = [(date(2016, 1, 1) + timedelta(400 * place), value) for place, value in enumerate(sorted(values))]
    earlier, later = sorted(two)

    assert expected_path(path, earlier) <= expected_path(path, later)


# Green, amber, red, grey


@pytest.mark.parametrize(
    ("actual", "status"), [(150, "green"), (145, "green"), (144, "amber"), (130, "amber"), (129, "red"), (90, "red")]
)
def test_status_by_hand(actual, status):
    """Half of the way from 100 to 200 is expected: 0.9 of it is 145, 0.6 is 130."""
    assert verdict(actual, up(100, 200), 150).status == status


def test_thresholds_are_the_indicators_own():
    strict = verdict(145, up(100, 200), 150, green_from=Decimal("0.95"), amber_from=Decimal("0.9"))
    judged = verdict(145, up(100, 200), 150)

    assert strict.status == "amber"
    assert judged == Judgement("green", "", Decimal("0.45"), Decimal("0.5"), Decimal("0.9"))


@pytest.mark.parametrize(("green", "amber"), [("0.5", "0.6"), ("0.9", "0"), ("0.9", "-1")])
def test_thresholds_must_make_sense(green, amber):
    with pytest.raises(ValueError, match="thresholds"):
        verdict(1, up(0, 1), green_from=Decimal(green), amber_from=Decimal(amber))


def test_without_a_path_the_whole_way_is_expected():
    assert verdict(145, up(100, 200)) == verdict(145, up(100, 200), 200)
    assert verdict(145, up(100, 200)).status == "red"


def test_a_decreasing_indicator_on_its_way():
    assert verdict(35, down(40, 30), 35).status == "green"
    assert verdict(41, down(40, 30), 35).status == "red"


def test_a_held_baseline_is_never_too_early():
    assert verdict(10, up(10, 10), 10).status == "green"
    assert verdict(9, up(10, 10), 10).status == "red"
    assert verdict(11, between(15, 10, 20), 15).status == "green"
    assert verdict(9, between(15, 10, 20), 15).status == "red"


def test_out_at_the_other_side_of_a_range_is_not_green():
    through = verdict(21, between(0, 10, 20), 5)

    assert through.ratio > 1
    assert through.status == "amber"
    assert verdict(9, between(0, 10, 20), 5).status == verdict(20, between(0, 10, 20), 5).status == "green"


@pytest.mark.parametrize(
    ("actual", "goalpost", "expected", "editions", "reason"),
    [
        (Measured.of(1), Goalpost(Decimal(1), None, "up"), 1, OWN, "no target"),
        (Measured.of(1), Goalpost(Decimal(1), Decimal(2), "range"), 1, OWN, "no target"),
        (Measured.of(1), Goalpost(None, Decimal(1), "up"), 1, OWN, "no baseline"),
        (Measured.of(50), up(100, 50), 75, OWN, "wrong side"),
        (Measured.of(50), down(40, 60), 50, OWN, "wrong side"),
        (over_periods("none", {1: Measured.of(9), 2: Measured.of(9)}), up(0, 1), 1, OWN, "not addable"),
        (over_places("distinct", {1: Measured.of(9), 2: Measured.of(9)}), up(0, 1), 1, OWN, "not addable"),
        (over_places("weighted average", {1: Measured.of(9), 2: Measured.of(9)}), up(0, 1), 1, OWN, "not addable"),
        (over_places("ratio", {1: Measured.of(9), 2: Measured.of(9)}), up(0, 1), 1, OWN, "not addable"),
        (Measured.withheld(), up(0, 1), 1, OWN, "withheld"),
        (Measured.missing(), up(0, 1), 1, OWN, "no actual"),
        (Measured.missing(), down(1, 0), 0, OWN, "no actual"),
        (Measured.ratio(0, 0), up(0, 1), 1, OWN, "no actual"),
        (Measured.of(9), up(0, 1), 1, ["WDI 2023", "WDI 2024"], "not comparable"),
        (Measured.of(9), up(0, 1), 1, ["WDI 2024", "WDI 2024", ""], "not comparable"),
        (Measured.of(9), up(0, 1), 0, OWN, "too early"),
        (Measured.of(9), up(0, 1), -1, OWN, "too early"),
        (over_periods("sum", {1: Measured.of(9), 2: Measured.missing()}), down(20, 10), 10, OWN, "parts missing"),
    ],
)
def test_grey_says_why(actual, goalpost, expected, editions, reason):
    judged = judge(actual, goalpost, expected=Decimal(expected), editions=editions)

    assert (judged.status, judged.reason) == ("grey", reason)
    assert (judged.progress is not None) == (reason in {"parts missing", "too early"})


def test_a_sum_that_lacks_parts_may_be_judged_as_it_stands():
    lacking = over_periods("sum", {1: Measured.of(9), 2: Measured.missing()})

    so_far = judge(lacking, up(0, 10), expected=Decimal(10), editions=OWN)

    assert (so_far.status, so_far.ratio) == ("grey", Decimal("0.9"))
    assert judge(lacking.measured, up(0, 10), expected=Decimal(10), editions=OWN).status == "green"


def test_editions_must_be_named():
    with pytest.raises(ValueError, match="editions"):
        verdict(1, up(0, 1), editions=[])


@given(goalposts(), numbers, numbers, st.sampled_from([OWN, ["2023", "2024"]]), st.integers(0, 1))
def test_green_is_earned(goalpost, actual, expected, editions, missing):
    judged = judge(Aggregate(Measured.of(actual), 1, missing), goalpost, expected=expected, editions=editions)

    if judged.status == "green":
        assert len(set(editions)) == 1
        assert not missing
        assert done(actual, goalpost) >= Decimal("0.9") * done(expected, goalpost) > 0
    assert (judged.status == "grey") == (judged.reason != "")


@given(goalposts(("up", "down")), numbers, numbers, numbers)
def test_a_better_actual_is_never_judged_worse(goalpost, one, other, expected):
    ranks = {"grey": 0, "red": 0, "amber": 1, "green": 2}
    worse, better = sorted([one, other], reverse=goalpost.direction == "down")

    assert ranks[verdict(worse, goalpost, expected).status] <= ranks[verdict(better, goalpost, expected).status]
