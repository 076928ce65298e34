"""Writes that span several models of this app; callers wrap them in `writing("programs")`."""

from typing import Any

from programs.models import Outcome


def settle_stage(*, outcome: Outcome, by: Any) -> Outcome:
    """Set an outcome's current stage to the one it reached last."""
    latest = outcome.stages.active().order_by("-reached_on", "-pk").first()
    stage = latest.stage if latest else ""
    if outcome.stage != stage:
        outcome.stage = stage
        outcome.save_version(by=by, expected=outcome.version)
    return outcome
