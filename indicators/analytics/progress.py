"""How far an indicator has come from its baseline to its target, against what was expected by now."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, get_args

from indicators.analytics.aggregation import Aggregate, Measured

Direction = Literal["up", "down", "range"]
Status = Literal["green", "amber", "red", "grey"]
Reason = Literal[
    "",
    "no target",
    "no baseline",
    "wrong side",
    "not addable",
    "withheld",
    "parts missing",
    "no actual",
    "not comparable",
    "too early",
]

DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
GREEN_FROM = Decimal("0.9")  # of the progress expected by now
AMBER_FROM = Decimal("0.6")
NOT_ADDABLE = ("distinct counts cannot be added", "not aggregated", "no weights", "no numerator and denominator")


@dataclass(frozen=True, slots=True)
class Goalpost:
    """Where an indicator starts and where it shall go, in its own unit and all of one edition.

    `target` is the aim of "up" and "down"; `low` and `high` are the edges of "range", both inside it, either of them
    None where the range is open. Errors: ValueError for an unknown direction and for edges that are crossed.
    """

    baseline: Decimal | None
    target: Decimal | None
    direction: str
    low: Decimal | None = None
    high: Decimal | None = None

    def __post_init__(self) -> None:
        if self.direction not in DIRECTIONS:
            raise ValueError(f"not a direction: {self.direction}")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("the edges of the range are crossed")

    @property
    def has_target(self) -> bool:
        """Whether there is an aim: a target, or at least one edge of a range."""
        if self.direction == "range":
            return self.low is not None or self.high is not None
        return self.target is not None

    @property
    def is_wrong(self) -> bool:
        """Whether the target lies on the wrong side of the baseline."""
        return wrong_side(self.baseline, self.target, self.direction)


def wrong_side(baseline: Decimal | None, target: Decimal | None, direction: str) -> bool:
    """Tell whether a target is worse than its baseline: below it for "up", above it for "down".

    False for an equal one (to hold is an aim), for a range, which has two sides, and where one of the two is not there.
    Unit: that of the indicator. Errors: ValueError for an unknown direction. Source: DESIGN section 4 (progress).
    """
    if direction not in DIRECTIONS:
        raise ValueError(f"not a direction: {direction}")
    if baseline is None or target is None or direction == "range":
        return False
    return target < baseline if direction == "up" else target > baseline


def progress(actual: Decimal | None, goalpost: Goalpost) -> Decimal | None:
    """Return the share of the way from baseline to target that is done: 0 at the baseline, 1 at the target.

    up and down: p = (actual - baseline) / (target - baseline); below 0 where the indicator moved away, above 1 beyond
    the target. target = baseline: 1 while the actual is not worse in the direction, else 0.
    range: 1 inside and on the edges; outside 1 - (distance of the actual to its nearer edge) / (distance of the
    baseline to that same edge), at least 0; 0 where the baseline was inside.

    Unit: a share. None where actual, baseline or target is not there, and where the target is on the wrong side of the
    baseline, as moving away would count as progress. Whether the numbers are of one edition is not seen here: see
    `judge`. Source: DESIGN section 4 (progress).
    """
    baseline, target = goalpost.baseline, goalpost.target
    if actual is None or baseline is None or goalpost.is_wrong:
        return None
    if goalpost.direction == "range":
        return _progress_to_range(actual, baseline, goalpost) if goalpost.has_target else None
    if target is None:
        return None
    if target == baseline:
        return Decimal(not wrong_side(baseline, actual, goalpost.direction))
    return (actual - baseline) / (target - baseline)


def _nearer_edge(value: Decimal, goalpost: Goalpost) -> Decimal | None:
    """Return the edge a value outside the range has passed; None inside."""
    if goalpost.low is not None and value < goalpost.low:
        return goalpost.low
    if goalpost.high is not None and value > goalpost.high:
        return goalpost.high
    return None


def _progress_to_range(actual: Decimal, baseline: Decimal, goalpost: Goalpost) -> Decimal:
    edge = _nearer_edge(actual, goalpost)
    if edge is None:
        return Decimal(1)
    if _nearer_edge(baseline, goalpost) is None:
        return Decimal(0)
    return max(Decimal(0), 1 - abs(actual - edge) / abs(baseline - edge))


def aim(goalpost: Goalpost) -> Decimal | None:
    """Return the value at which the expected path ends, in the indicator's unit.

    up and down: the target. range: the edge nearer to the baseline, or the baseline itself where it is inside; None
    without a baseline or an edge. Source: DESIGN section 4 (progress).
    """
    if goalpost.direction != "range":
        return goalpost.target
    if goalpost.baseline is None or not goalpost.has_target:
        return None
    edge = _nearer_edge(goalpost.baseline, goalpost)
    return goalpost.baseline if edge is None else edge


def expected_path(points: Sequence[tuple[date, Decimal]], on: date) -> Decimal:
    """Return the value expected on a day, by straight lines between baseline, milestones and end target.

    v = v_0 + (v_1 - v_0) * (days since t_0) / (days from t_0 to t_1) between the points before and after the day.
    Before the first point: its value, the baseline. After the last: its value, the target. Unit: that of the
    indicator. The points may come in any order. Errors: ValueError without points, and for a day that comes twice.
    Source: DESIGN section 4 (the path expected by now).
    """
    path = sorted(points)
    days = [day for day, _ in path]
    if not path or len(set(days)) < len(days):
        raise ValueError("a path needs points, one per day")
    after = bisect_left(days, on)
    if after == len(path):
        return path[-1][1]
    if after == 0:
        return path[0][1]
    (first_day, first), (last_day, last) = path[after - 1], path[after]
    return first + (last - first) * (on - first_day).days / (last_day - first_day).days


@dataclass(frozen=True, slots=True)
class Judgement:
    """Green, amber, red, or grey with the reason.

    `expected` is the progress expected by now, `ratio` is progress / expected. Each is None where it cannot be said.
    """

    status: Status
    reason: Reason = ""
    progress: Decimal | None = None
    expected: Decimal | None = None
    ratio: Decimal | None = None


def judge(
    actual: Measured | Aggregate,
    goalpost: Goalpost,
    *,
    expected: Decimal | None,
    editions: Collection[str],
    green_from: Decimal = GREEN_FROM,
    amber_from: Decimal = AMBER_FROM,
) -> Judgement:
    """Return the status of an indicator: its progress as a part of the progress expected by now.

    ratio = progress(actual) / progress(expected). Green from `green_from`, amber from `amber_from`, red below. Where an
    indicator has gone through its range and out at the other side, it is amber at best.
    `expected` is the value of `expected_path` on the day the actual is of; None expects the whole way. `editions` names
    the edition (with the version of the rule, where it has several) of the baseline, the target, each milestone and the
    actual; "" for records of this portal.

    Grey, in this order: "no target", "no baseline", "wrong side" (see `wrong_side`), "not addable" (an aggregate that
    was refused), "withheld", "no actual", "parts missing" (an aggregate without all its parts: a sum lacks them, which
    a decreasing indicator would show as success; pass its `measured` to judge it as it stands), "not comparable" (more
    than one edition), "too early" (no progress is expected yet). With "parts missing" and "too early" the numbers are
    given nevertheless; nothing is computed across editions. A held baseline (target = baseline) is never too early.

    Errors: ValueError unless 0 < amber_from <= green_from, and without editions. Source: DESIGN section 4 (progress)
    and section 3 (different editions are never green).
    """
    if not editions or not 0 < amber_from <= green_from:
        raise ValueError("name the editions, and thresholds above 0 of which amber is at most green")
    reason = _reason(actual, goalpost, editions)
    if reason not in ("", "parts missing"):
        return Judgement("grey", reason)
    done = progress(_measured(actual).value, goalpost)
    due = progress(aim(goalpost) if expected is None else expected, goalpost)
    if done is None or due is None or due <= 0:
        return Judgement("grey", reason or "too early", done, due)
    ratio = done / due
    if reason:
        return Judgement("grey", reason, done, due, ratio)
    green = ratio >= green_from and not _overshot(_measured(actual).value, goalpost)
    return Judgement("green" if green else "amber" if ratio >= amber_from else "red", "", done, due, ratio)


def _overshot(actual: Decimal | None, goalpost: Goalpost) -> bool:
    """Tell whether a value lies beyond the range, seen from the baseline."""
    if actual is None or goalpost.baseline is None or goalpost.direction != "range":
        return False
    edge = _nearer_edge(actual, goalpost)
    return edge is not None and (actual - edge) * (goalpost.baseline - edge) < 0


def _measured(actual: Measured | Aggregate) -> Measured:
    return actual.measured if isinstance(actual, Aggregate) else actual


def _reason(actual: Measured | Aggregate, goalpost: Goalpost, editions: Collection[str]) -> Reason:
    """Return the first reason that forbids to judge, or "" where there is none."""
    measured = _measured(actual)
    aggregate = actual if isinstance(actual, Aggregate) else Aggregate(actual, 1, 0)
    reasons: dict[Reason, bool] = {
        "no target": not goalpost.has_target,
        "no baseline": goalpost.baseline is None,
        "wrong side": goalpost.is_wrong,
        "not addable": aggregate.reason in NOT_ADDABLE,
        "withheld": measured.state == "withheld",
        "no actual": measured.value is None,
        "not comparable": len(set(editions)) > 1,
        "parts missing": aggregate.missing > 0,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")
