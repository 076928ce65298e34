"""What a series did: rose, fell, no clear change, or too short to say."""

from collections.abc import Sequence
from typing import Literal

Direction = Literal["rose", "fell", "no clear change", "too few points"]
CLEAR_CHANGE = 0.10


def direction(values: Sequence[float], *, span: int = 4) -> Direction:
    """Compare the mean of the last `span` values with the mean of the `span` values before.

    `values` are counts or levels per equal period, oldest first, complete periods only. A difference of more than
    10 % of the earlier mean is a rise or a fall; from an earlier mean of 0 any value is a rise. Fewer than
    2 * span values are too few points.
    """
    if len(values) < 2 * span:
        return "too few points"
    before = sum(values[-2 * span : -span]) / span
    after = sum(values[-span:]) / span
    if after - before > CLEAR_CHANGE * abs(before):
        return "rose"
    if before - after > CLEAR_CHANGE * abs(before):
        return "fell"
    return "no clear change"
