"""Loading targets of a program: proposals, new versions of what is approved, and what leads the wrong way."""

import pytest

from capred_portal import loads
from capred_portal.models import LoadRow
from indicators.models import Target
from tests.enterprises.test_enterprise_load import outcomes, reasons
from tests.factories import make_user
from tests.indicator_factories import make_target
from tests.indicators.test_observation_loads import carry_out, check, make_report

Outcome = LoadRow.Outcome


@pytest.fixture
def report(db):
    return make_report(breakdowns=["sex"])


def test_targets_become_proposals(report):
    by = make_user()
    load = check(
        report,
        """
        Indicator|Kind|Period|Part|Value|Reason or document
        trained|baseline|2023-Q4||0|Survey
        trained|milestone|2025-Q4||300|
        trained|target|2026-Q4||៦០០|Plan
        trained|target|2026-Q4|sex:f|300|
        """,
        kind="targets",
        by=by,
    )

    carry_out(load)

    made = [(row.kind, row.part, int(row.value), row.status, row.created_by) for row in Target.objects.order_by("pk")]
    assert made == [
        ("baseline", "", 0, "proposed", by),
        ("milestone", "", 300, "proposed", by),
        ("target", "", 600, "proposed", by),
        ("target", "sex:f", 300, "proposed", by),
    ]
    assert loads.undo(load, by=by) == []
    assert not Target.objects.active().exists()


def test_a_proposal_changes_and_an_approved_target_gets_a_new_version(report):
    about = {"indicator": report.indicator, "program": report.program}
    make_target(600, **about)
    make_target(300, "2025-Q4", kind="milestone", status="proposed", **about)

    load = check(
        report,
        """
        Indicator|Kind|Period|Value
        trained|target|2026-Q4|700
        trained|milestone|2025-Q4|350
        """,
        kind="targets",
    )
    same = check(report, "Indicator|Kind|Period|Value\ntrained|target|2026-Q4|600", kind="targets")

    assert outcomes(load) == [Outcome.NEW, Outcome.CHANGED]
    assert outcomes(same) == [Outcome.UNCHANGED]
    carry_out(load)
    assert Target.objects.get(value=700).number == 2
    assert Target.objects.get(kind="milestone").value == 350
    assert Target.objects.get(value=600).status == "approved"


def test_bad_targets_say_what_is_wrong(report):
    make_target(500, "2023-Q4", kind="baseline", indicator=report.indicator, program=report.program)

    said = reasons(
        check(
            report,
            """
            Indicator|Kind|Period|Value|Upper end of the range
            trained|target|2026-Q4|400|
            trained|milestone|2025-Q4|600|700
            traind|target|2026-Q4|600|
            trained|goal|2026-Q4|600|
            trained|milestone|2026-Q1|45%|
            trained|milestone||600|
            trained|milestone|2023-Q1|600|
            """,
            kind="targets",
        )
    )

    assert "400 is below the baseline of 500" in said[2]
    assert "has no range" in said[3]
    assert "The nearest is: trained" in said[4]
    assert "is not one of the choices" in said[5]
    assert "is a percentage" in said[6]
    assert "must be filled" in said[7]
    assert "not after its baseline" in said[8]


def test_a_baseline_on_the_wrong_side_of_the_target_in_the_file(report):
    load = check(
        report,
        "Indicator|Kind|Period|Value\ntrained|baseline|2023-Q4|700\ntrained|target|2026-Q4|600",
        kind="targets",
    )

    assert outcomes(load) == [Outcome.NEW, Outcome.WRONG]
    assert "600 is below the baseline of 700" in reasons(load)[3]


def test_a_range_needs_both_ends(db):
    report = make_report(direction="range")

    load = check(
        report,
        "Indicator|Kind|Period|Value|Upper end of the range\ntrained|target|2026-Q4|5|\ntrained|target|2027-Q4|5|3",
        kind="targets",
    )

    assert "upper end" in reasons(load)[2]
    assert "lies below its lower end" in reasons(load)[3]
