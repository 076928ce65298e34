"""Writes that span several models of this app; callers wrap them in `writing("programs")`."""

import datetime
from collections.abc import Collection
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from capred_portal.comments import add_comment
from capred_portal.models import Document, User
from capred_portal.records import StaleRecord
from programs.models import Action, Outcome


def settle_stage(*, outcome: Outcome, by: Any) -> Outcome:
    """Set an outcome's current stage to the one it reached last."""
    latest = outcome.stages.active().order_by("-reached_on", "-pk").first()
    stage = latest.stage if latest else ""
    if outcome.stage != stage:
        outcome.stage = stage
        outcome.save_version(by=by, expected=outcome.version)
    return outcome


# Actions


class WrongStatus(Exception):
    """The action's status does not allow this step; the message says why in the reader's language."""


def step(action: Action, *, expected: int, allowed: Collection[str]) -> None:
    """Refuse a step on an action that somebody changed meanwhile, or whose status does not allow it."""
    if action.version != expected:
        raise StaleRecord(action)
    if action.status not in allowed:
        raise WrongStatus(
            gettext("This step is not possible: the action is now “%(status)s”.")
            % {"status": action.get_status_display()}
        )


def move_action(*, action: Action, to: str, by: User, expected: int) -> Action:
    """Plan, start, block or drop an open action."""
    step(action, expected=expected, allowed=Action.OPEN)
    if to not in Action.MOVES:
        raise WrongStatus(gettext("An action is closed by saying what was done."))
    action.status = to
    action.save_version(by=by, expected=expected)
    return action


def close_action(
    *,
    action: Action,
    done_en: str,
    done_km: str,
    closed_on: datetime.date,
    by: User,
    expected: int,
    evidence: Document | None = None,
) -> Action:
    """Close an open action with what was done; one of high priority needs evidence and waits for a second person."""
    step(action, expected=expected, allowed=Action.OPEN)
    if action.is_high and evidence is None and not action.evidence.active().exists():
        raise WrongStatus(gettext("High priority: give a file or a link as evidence."))
    action.status = Action.Status.TO_VERIFY if action.is_high else Action.Status.DONE
    action.done_en, action.done_km = done_en, done_km
    action.closed_on, action.closed_by = closed_on, by
    action.save_version(by=by, expected=expected)
    if evidence is not None:
        evidence.created_by = evidence.updated_by = by
        evidence.save()
        action.evidence.add(evidence)
    return action


def second_person(action: Action, by: User) -> None:
    """Refuse the one who closed the action: somebody else must look at it."""
    if action.closed_by_id == by.pk:
        raise WrongStatus(gettext("You closed this action yourself; somebody else must verify it."))


def verify_action(*, action: Action, by: User, expected: int) -> Action:
    """Confirm as a second person that a closed action was done."""
    step(action, expected=expected, allowed=[Action.Status.TO_VERIFY])
    second_person(action, by)
    action.status = Action.Status.DONE
    action.verified_by, action.verified_at = by, timezone.now()
    action.save_version(by=by, expected=expected)
    return action


def return_action(*, action: Action, reason: str, by: User, expected: int) -> Action:
    """Send a closed action back to its owner as a second person; the reason becomes a comment."""
    step(action, expected=expected, allowed=[Action.Status.TO_VERIFY])
    second_person(action, by)
    return back_to(action, Action.Status.STARTED, reason=reason, by=by, expected=expected)


def reopen_action(*, action: Action, reason: str, by: User, expected: int) -> Action:
    """Open a closed or dropped action again; the reason becomes a comment."""
    step(action, expected=expected, allowed=Action.CLOSED)
    to = Action.Status.PLANNED if action.status == Action.Status.DROPPED else Action.Status.STARTED
    return back_to(action, to, reason=reason, by=by, expected=expected)


def back_to(action: Action, to: str, *, reason: str, by: User, expected: int) -> Action:
    """Give a closed action an open status; what was said to be done stays for the next closing."""
    action.status = to
    action.closed_on = action.closed_by = None
    action.verified_by = action.verified_at = None
    action.save_version(by=by, expected=expected)
    add_comment(record=action, text=reason, by=by)
    return action
