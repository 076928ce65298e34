"""Targets: proposed by staff, approved by another person in the place of the old one; the pages of both."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from capred_portal.access import Forbidden
from indicators.models import Target
from indicators.targets import TargetRefused, approve, problems_of, send_back
from tests.admin_rows import address
from tests.factories import make_program, make_user
from tests.indicator_factories import make_indicator, make_period, make_program_indicator, make_target
from tests.tables import table_of

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


# Pages

NEW = reverse("targets:new")


def form_data(indicator, **fields: Any) -> dict[str, Any]:
    defaults = {"indicator": indicator.code, "kind": "target", "period": "2026-Q4", "value": "100"}
    return defaults | {"why": "Plan of the ministry"} | fields


def test_staff_proposes_in_khmer_digits(staff_client, staff):
    report = make_program_indicator()

    response = staff_client.post(NEW, form_data(report.indicator, program=report.program.slug, value="១២០"))

    target = Target.objects.get()
    assert (response.status_code, response.headers["Location"]) == (302, target.get_absolute_url())
    assert (target.value, target.created_by) == (Decimal(120), staff)
    assert target.status == Status.PROPOSED
    assert (target.program, str(target.period)) == (report.program, "Q4 2026")


def test_form_starts_with_indicator_and_program(staff_client):
    report = make_program_indicator(indicator=make_indicator(breakdowns=["sex"]))

    page = staff_client.get(NEW, {"indicator": report.indicator.code, "program": report.program.slug})

    html = page.content.decode()
    assert f'value="{report.indicator.code}" selected' in html
    assert 'value="sex:f"' in html
    assert 'value="age:' not in html


def test_wrong_side_is_said_beside_the_value(staff_client):
    indicator = make_indicator(direction="down")
    make_target(50, "2024-Q4", indicator=indicator, kind=Target.Kind.BASELINE)

    response = staff_client.post(NEW, form_data(indicator, value="60"))

    assert response.status_code == 422
    assert response.context["form"].errors["value"] == [
        "Lower is better for this indicator, but 60 is above the baseline of 50."
    ]


@pytest.mark.parametrize("period", ["next year", "2024-Q5", "2024-13", "20245"])
def test_period_that_is_none_is_refused(staff_client, period):
    response = staff_client.post(NEW, form_data(make_indicator(), period=period))

    assert "period" in response.context["form"].errors


def test_program_that_does_not_report_is_refused(staff_client):
    response = staff_client.post(NEW, form_data(make_indicator(), program=make_program().slug))

    assert "program" in response.context["form"].errors


def test_double_click_proposes_once(staff_client):
    data = form_data(make_indicator(), creation_token="6f6ad6f6-35a1-4f2c-9a66-4ad2f8a2f5ad")

    for _click in range(2):
        staff_client.post(NEW, data)

    assert Target.objects.count() == 1


def test_verifier_approves_on_the_page(verifier_client):
    target = propose()

    page = verifier_client.get(target.get_absolute_url())
    verifier_client.post(reverse("targets:approve", args=[target.pk]))

    assert page.context["may_decide"]
    target.refresh_from_db()
    assert target.status == Status.APPROVED


def test_own_proposal_shows_no_button_and_is_refused(verifier_client, verifier):
    target = propose(created_by=verifier, updated_by=verifier)

    page = verifier_client.get(target.get_absolute_url())
    verifier_client.post(reverse("targets:approve", args=[target.pk]))

    assert not page.context["may_decide"]
    target.refresh_from_db()
    assert target.status == Status.PROPOSED


def test_verifier_returns_with_a_reason(verifier_client):
    target = propose()
    page = reverse("targets:return", args=[target.pk])

    empty = verifier_client.post(page, {"reason": ""})
    verifier_client.post(page, {"reason": "No source"})

    assert empty.status_code == 422
    assert "No source" in verifier_client.get(target.get_absolute_url()).content.decode()


def test_page_shows_every_version(officer_client, verifier):
    old = make_target(100, why="First plan")
    new = propose(120, indicator=old.indicator)
    approve(target=new, by=verifier)

    rows = table_of(officer_client.get(new.get_absolute_url()), "All versions")

    assert [row[2:5] for row in rows[1:]] == [["120 firms", "Approved", "2"], ["100 firms", "Replaced", "1"]]


@pytest.mark.parametrize(
    ("role", "name", "status"),
    [
        ("officer", "new", 403),
        ("admin", "new", 403),
        ("staff", "approve", 403),
        ("staff", "return", 403),
        ("officer", "approve", 403),
    ],
)
def test_wrong_role_is_told_no(client_for, role, name, status):
    page = NEW if name == "new" else reverse(f"targets:{name}", args=[propose().pk])

    assert client_for(role).post(page).status_code == status


def test_unknown_target_is_not_found(verifier_client):
    assert verifier_client.get(reverse("targets:detail", args=[10**6])).status_code == 404
    assert verifier_client.post(reverse("targets:approve", args=[10**6])).status_code == 404


def test_wrong_verb(verifier_client):
    target = propose()

    assert verifier_client.get(reverse("targets:approve", args=[target.pk])).status_code == 405
    assert verifier_client.post(target.get_absolute_url()).status_code == 405


def test_decided_target_is_not_rewritten_in_the_admin(admin_client):
    target = make_target(100)

    admin_client.post(address(Target, "change", target.pk), {"value": "5", "version": "1"})

    target.refresh_from_db()
    assert target.value == 100
