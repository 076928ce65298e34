"""The rule by which suppliers are grouped and ranked, without a database."""

from decimal import Decimal

import pytest

from indicators.inputs.suppliers_ranking import (
    POINTS,
    Candidate,
    Fit,
    Group,
    Need,
    Offer,
    State,
    best_offer,
    capacity_state,
    common_digits,
    group_of,
    points,
    ranked,
    reasons_counted,
)


@pytest.mark.parametrize(
    ("asked", "made", "digits"),
    [
        ("100630", "100630", 6),
        ("100630", "1006", 4),  # which item is not recorded
        ("100630", "100610", 4),  # the heading is the unit
        ("1006", "100630", 4),
        ("1006", "1006", 4),
        ("10", "100630", 2),
        ("10", "10", 2),
        ("1006", "10", 0),  # a chapter says nothing of a heading
        ("1006", "1005", 0),
        ("100630", "110630", 0),
    ],
)
def test_codes_agree_as_far_as_both_are_known(asked, made, digits):
    assert common_digits(asked, made) == digits


@pytest.mark.parametrize(
    ("capacity", "unit", "state"),
    [
        (Decimal(2000), "t", State.MET),
        (Decimal(2500), "T", State.MET),
        (Decimal(1000), "t", State.HALF),
        (Decimal(999), "t", State.LESS),
        (Decimal(9999), "pieces", State.OTHER_UNIT),
        (None, "", State.MISSING),
        (Decimal(0), "t", State.LESS),
    ],
)
def test_a_capacity_is_compared_in_its_own_unit_alone(capacity, unit, state):
    need = Need("1006", quantity=Decimal(2000), unit="t")

    assert capacity_state(need, Offer("1006", capacity, unit)) == state


def test_a_capacity_that_is_not_asked_for_is_not_compared():
    assert capacity_state(Need("1006"), Offer("1006", Decimal(5), "t")) == State.NOT_ASKED


def test_the_capacity_that_counts_is_that_of_the_nearest_product():
    need = Need("481910", quantity=Decimal(2000), unit="t")
    offers = [Offer("481920", Decimal(5000), "t"), Offer("481910", Decimal(500), "t"), Offer("481910", None)]

    assert best_offer(need, offers) == Offer("481910", Decimal(500), "t")


def test_of_two_products_of_one_code_the_one_in_the_unit_asked_for_counts():
    need = Need("4819", quantity=Decimal(10), unit="t")

    assert best_offer(need, [Offer("4819", Decimal(90_000), "pieces"), Offer("4819", Decimal(4), "t")]).unit == "t"


@pytest.mark.parametrize(
    ("fit", "group"),
    [
        (Fit(4), Group.MAKES),
        (Fit(4, certificate=State.MET, capacity=State.MET), Group.MAKES),
        (Fit(6, certificate=State.EXPIRED), Group.LACKS),
        (Fit(6, certificate=State.MISSING), Group.LACKS),
        (Fit(6, capacity=State.HALF), Group.LACKS),
        (Fit(6, capacity=State.MISSING), Group.LACKS),
        (Fit(6, capacity=State.OTHER_UNIT), Group.LACKS),
        (Fit(0, certificate=State.MET), Group.CLASS),
    ],
)
def test_a_firm_makes_it_only_when_nothing_asked_for_is_missing_or_unknown(fit, group):
    assert group_of(fit) == group


@pytest.mark.parametrize(
    ("fit", "sum_of_points"),
    [
        (Fit(6, certificate=State.MET, capacity=State.MET, in_cluster=True), 40 + 20 + 20 + 3),
        (Fit(4, certificate=State.EXPIRED, capacity=State.HALF), 30 + 5 + 10),
        (Fit(2, certificate=State.MISSING, capacity=State.LESS), 20 + 5),
        (Fit(4, capacity=State.OTHER_UNIT), 30),
        (Fit(0, classes=1), 15),
        (Fit(0, classes=2, certificate=State.MET), 10 + 20),
    ],
)
def test_each_reason_gives_its_points(fit, sum_of_points):
    assert points(fit) == sum_of_points


def test_no_reason_is_without_use():
    fits = [
        Fit(digits, classes=classes, certificate=certificate, capacity=capacity, in_cluster=True)
        for digits in (6, 4, 2, 0)
        for classes in (1, 2)
        for certificate in State
        for capacity in State
    ]

    assert {reason for fit in fits for reason in reasons_counted(fit)} == set(POINTS)


def test_firms_stand_by_group_then_points_then_name():
    firms = [
        Candidate(1, ("a", ""), Fit(0, certificate=State.MET)),
        Candidate(2, ("b", ""), Fit(4, certificate=State.MISSING, in_cluster=True)),
        Candidate(3, ("z", ""), Fit(6, certificate=State.MET)),
        Candidate(4, ("c", ""), Fit(4, certificate=State.MET)),
        Candidate(5, ("b", ""), Fit(4, certificate=State.MET)),
        Candidate(6, ("b", ""), Fit(4, certificate=State.MET)),
    ]

    assert [one.firm for one in ranked(reversed(firms))] == [3, 5, 6, 4, 2, 1]
