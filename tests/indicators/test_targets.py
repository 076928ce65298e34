"""Targets: proposed by staff, approved by another person in the place of the old one; the pages of both."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from capred_portal.access import Forbidden
from indicators.models import Target
from indicators.targets import TargetRefused, approve, problems_of, send_back
from tests.factories import make_program, make_user
from tests.indicator_factories import make_indicator, make_period, make_target

pytestmark = pytest.mark.django_db

Status = Target.Status


def propose(value: Any = 100, period="2026-Q4", **fields: Any) -> Target:
    by = make_user("staff")
    return make_target(value, period, **{"status": Status.PROPOSED, "created_by": by, "updated_by": by} | fields)


def draft(indicator, value, period="2026-Q4", **fields: Any) -> Target:
    """Return a target that is not saved."""
    defaults = {"kind": Target.Kind.TARGET, "period": make_period(period), "value": Decimal(value)}
    return Target(indicator=indicator, **defaults | fields)


# What forbids a target


@pytest.mark.parametrize(("direction", "wrong", "right"), [("up", 9, 11), ("down", 11, 9)])
def test_target_on_the_wrong_side_of_its_baseline_is_told(direction, wrong, right):
    indicator = make_indicator(direction=direction)
    make_target(10, "2024-Q4", indicator=indicator, kind=Target.Kind.BASELINE)

    assert set(problems_of(draft(indicator, wrong))) == {"value"}
    assert str(wrong) in str(problems_of(draft(indicator, wrong))["value"])
    assert problems_of(draft(indicator, right)) == problems_of(draft(indicator, 10)) == {}


def test_baseline_on_the_wrong_side_of_its_target_is_told():
    indicator = make_indicator()
    make_target(10, "2026-Q4", indicator=indicator)

    told = problems_of(draft(indicator, 12, "2024-Q4", kind=Target.Kind.BASELINE))

    assert set(told) == {"value"}


def test_proposed_baseline_counts_where_none_is_approved():
    indicator = make_indicator()
    propose(10, "2024-Q4", indicator=indicator, kind=Target.Kind.BASELINE)

    assert set(problems_of(draft(indicator, 9))) == {"value"}


def test_baseline_of_another_program_forbids_nothing():
    indicator = make_indicator()
    make_target(10, "2024-Q4", indicator=indicator, kind=Target.Kind.BASELINE, program=make_program())

    assert problems_of(draft(indicator, 9)) == {}


def test_target_must_lie_after_its_baseline():
    indicator = make_indicator()
    make_target(10, "2026-Q4", indicator=indicator, kind=Target.Kind.BASELINE)

    assert set(problems_of(draft(indicator, 20))) == {"period"}


def test_range_has_two_ends_and_nothing_else_has():
    within, upward = make_indicator(direction="range"), make_indicator()

    assert set(problems_of(draft(within, 10))) == {"value_high"}
    assert set(problems_of(draft(within, 10, value_high=Decimal(9)))) == {"value_high"}
    assert problems_of(draft(within, 10, value_high=Decimal(12))) == {}
    assert set(problems_of(draft(upward, 10, value_high=Decimal(12)))) == {"value_high"}


def test_part_must_be_one_of_the_breakdowns():
    indicator = make_indicator(breakdowns=["sex"])

    assert problems_of(draft(indicator, 10, part="sex:f")) == {}
    assert set(problems_of(draft(indicator, 10, part="age:18-24"))) == {"part"}
    assert set(problems_of(draft(indicator, 10, part="sex:other-word"))) == {"part"}


def test_retired_indicator_takes_no_targets():
    indicator = make_indicator(retired_on="2020-01-01")
    indicator.refresh_from_db()

    assert set(problems_of(draft(indicator, 10))) == {"period"}


# Decisions


def test_another_verifier_approves(verifier):
    target = propose()

    approve(target=target, by=verifier)

    target.refresh_from_db()
    assert (target.status, target.decided_by, target.number) == (Status.APPROVED, verifier, 1)


def test_who_proposed_decides_nothing(verifier):
    target = propose(created_by=verifier, updated_by=verifier)

    for decide in (
        lambda: approve(target=target, by=verifier),
        lambda: send_back(target=target, by=verifier, reason="x"),
    ):
        with pytest.raises(TargetRefused, match="Another verifier"):
            decide()


def test_who_last_changed_a_proposal_does_not_approve_it(verifier):
    target = propose(updated_by=verifier)

    with pytest.raises(TargetRefused, match="Another verifier"):
        approve(target=target, by=verifier)


@pytest.mark.parametrize("role", ["staff", "officer", "admin"])
def test_only_a_verifier_decides(role):
    target = propose()

    with pytest.raises(Forbidden):
        approve(target=target, by=make_user(role))


def test_database_keeps_own_approval_out(verifier):
    target = propose(created_by=verifier)

    with pytest.raises(IntegrityError), transaction.atomic():
        Target.objects.filter(pk=target.pk).update(status=Status.APPROVED, decided_by=verifier)


def test_approved_target_replaces_the_one_in_its_place(verifier):
    old = make_target(100)
    new = propose(120, "2027-Q4", indicator=old.indicator)
    other = make_target(50, program=make_program(), indicator=old.indicator)

    approve(target=new, by=verifier)

    kept = {row.pk: (row.status, row.number) for row in Target.objects.all()}
    assert kept == {old.pk: (Status.REPLACED, 1), new.pk: (Status.APPROVED, 2), other.pk: (Status.APPROVED, 1)}


def test_milestones_of_other_periods_stay(verifier):
    first = make_target(50, "2025-Q4", kind=Target.Kind.MILESTONE)
    second = propose(80, "2026-Q4", kind=Target.Kind.MILESTONE, indicator=first.indicator)

    approve(target=second, by=verifier)

    assert Target.objects.approved().count() == 2


def test_wrong_side_is_asked_again_when_approved(verifier):
    target = propose(10)
    make_target(20, "2024-Q4", indicator=target.indicator, kind=Target.Kind.BASELINE)

    with pytest.raises(TargetRefused, match="below the baseline"):
        approve(target=target, by=verifier)


def test_returned_with_a_reason(verifier):
    target = propose()

    with pytest.raises(TargetRefused, match="Say why"):
        send_back(target=target, by=verifier, reason=" ")
    send_back(target=target, by=verifier, reason="No source")

    target.refresh_from_db()
    assert (target.status, target.decision_reason, target.decided_by) == (Status.RETURNED, "No source", verifier)


def test_decided_once(verifier):
    target = propose()
    again = Target.objects.get(pk=target.pk)
    send_back(target=target, by=verifier, reason="No source")

    with pytest.raises(TargetRefused, match="moved meanwhile"):
        approve(target=again, by=verifier)
