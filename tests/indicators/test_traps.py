"""The traps of a results dashboard, one named test each: every one was seen failing on a wrong line."""

import re
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from indicators import review
from indicators.analytics.aggregation import (
    UNKNOWN,
    Measured,
    Point,
    change,
    over_periods,
    over_places,
    series_pieces,
    with_unknown,
)
from indicators.analytics.progress import Goalpost, judge, progress
from indicators.models import Observation, Target
from indicators.review import NotAllowed
from indicators.standing import paths_of
from indicators.targets import approve
from tests.factories import make_user
from tests.indicator_factories import make_indicator, make_observation, make_target

# Adding up


def test_trap_cumulative_summed_over_periods():
    """Firms reached so far, by quarter: 10, then 25, then 41. The year reached 41, not 76."""
    so_far = {"2024-Q1": Measured.of(10), "2024-Q2": Measured.of(25), "2024-Q3": Measured.of(41)}

    assert over_periods("latest", so_far).measured.value == 41


def test_trap_rows_without_breakdown_dropped():
    """Of 30 people, the sex of 18 is known: the other 12 stay in the total."""
    parts = with_unknown(Decimal(30), {"women": Decimal(11), "men": Decimal(7)})

    assert parts == {"women": 11, "men": 7, UNKNOWN: 12}
    assert sum(parts.values()) == 30


def test_trap_real_zero_stored_as_blank():
    """A quarter in which nothing happened was reported; a quarter that nobody reported is no 0."""
    zero = Measured.of(0)

    reported = over_periods("sum", {"2024-Q1": zero, "2024-Q2": zero})
    silent = over_periods("sum", {"2024-Q1": Measured.missing(), "2024-Q2": Measured.missing()})

    assert zero.state == "value"
    assert reported.measured == zero
    assert silent.measured == Measured.missing() != zero
    assert (reported.counted, reported.missing) == (silent.missing, silent.counted) == (2, 0)


def test_trap_zero_over_zero():
    """No woman among no participants is no 0 %, and drags no average down."""
    none_held, half_women = Measured.ratio(0, 0, 100), Measured.ratio(5, 10, 100)

    assert (none_held.state, none_held.value) == ("not applicable", None)
    assert over_places("ratio", {"Kep": none_held, "Kampot": half_women}).measured.value == 50
    assert over_places("ratio", {"Kep": none_held, "Pailin": none_held}).measured.state == "not applicable"


# Progress


def test_trap_target_equals_baseline():
    """To hold 10 is an aim: done while held, not done when lost, and no division by 0."""
    hold = Goalpost(Decimal(10), Decimal(10), "up")

    assert [progress(Decimal(actual), hold) for actual in (9, 10, 11)] == [0, 1, 1]


def test_trap_decreasing_indicator():
    """A rate that should fall from 20 to 10: 15 is half of the way, 25 is a step back, and red."""
    fewer = Goalpost(Decimal(20), Decimal(10), "down")

    worse = judge(Measured.of(25), fewer, expected=Decimal(15), editions=["2021"])

    assert progress(Decimal(15), fewer) == Decimal("0.5")
    assert worse.progress == Decimal("-0.5")
    assert worse.status == "red"
    assert [progress(Decimal(actual), Goalpost(Decimal(10), Decimal(10), "down")) for actual in (9, 11)] == [1, 0]


@pytest.mark.django_db
def test_trap_target_doubled_by_two_entries(verifier):
    """Two people propose 100 for the same year: the target is 100, and the second approval replaces the first."""
    first = make_target(100, status="proposed", created_by=make_user("staff"))
    about = {"indicator": first.indicator, "status": "proposed"}
    second = make_target(100, **about, created_by=make_user("staff"))
    for target in (first, second):
        approve(target=target, by=verifier)

    path = paths_of([first.indicator])[first.indicator.pk]

    assert path.points == [second]
    assert path.goalpost.target == 100
    with pytest.raises(IntegrityError), transaction.atomic():
        Target.objects.filter(pk=first.pk).update(status="approved")


@pytest.mark.django_db
def test_trap_level_and_percentage_in_one_total(staff_client):
    """412 firms and 50 % of firms are no 462 of anything: the list has no total, and no sum takes both."""
    level, share = make_indicator(), make_indicator(unit_en="%", over_places="ratio")
    make_observation(412, indicator=level, status="accepted")
    make_observation(50, indicator=share, status="accepted", numerator=1, denominator=2)

    page = staff_client.get(reverse("indicators:list")).content.decode()

    assert {"412 firms", "50 %"} <= {" ".join(cell.split()) for cell in re.findall(r">([^<]+)<", page)}
    assert not re.search(r"\b462\b", page)
    assert "<tfoot" not in page
    with pytest.raises(ValueError, match="different scales"):
        over_places("ratio", {"level": Measured.ratio(412, 1), "share": Measured.ratio(1, 2, 100)})


# Editions


def test_trap_two_editions_joined():
    """The new edition counts more for every year: the step between the two is no growth."""
    old, new = Point("2022", Decimal(16), "WDI 2023"), Point("2023", Decimal(19), "WDI 2024")
    aim = Goalpost(Decimal(16), Decimal(19), "up")

    judged = judge(Measured.of(19), aim, expected=Decimal(19), editions=["WDI 2023", "WDI 2024"])

    assert series_pieces([old, new]) == [(old,), (new,)]
    assert change(old, new) is None
    assert (judged.status, judged.reason, judged.progress) == ("grey", "not comparable", None)


# Signatures


@pytest.mark.django_db
def test_trap_own_entry_verified_through_a_second_record(verifier, staff):
    """Who wrote 12 in the first version does not verify 12 in a later one, whoever typed it there."""
    first = make_observation(12, status="verified", by=verifier)
    others = review.correct(observation=first, by=staff, values={"value": Decimal(15)}, reason="Late lists")
    review.submit(observation=others, by=staff)
    review.verify(observation=others, by=verifier)
    same = review.correct(observation=others, by=staff, values={"value": Decimal(12)}, reason="The lists were double")
    review.submit(observation=same, by=staff)

    with pytest.raises(NotAllowed):
        review.verify(observation=same, by=verifier)

    review.verify(observation=same, by=make_user("verifier"))


@pytest.mark.django_db
def test_trap_archived_row_counted(admin):
    """A value taken out of the figures is not shown, not waiting, and gives its place to the version before it."""
    first = make_observation(10, status="verified", is_shown=False)
    about = {"indicator": first.indicator, "program": first.program, "period": first.period}
    second = make_observation(99, status="verified", number=2, why="Typed twice", **about)

    second.archive(by=admin, reason="A row of another program")
    review.show_newest(first.slot)

    assert list(Observation.objects.shown().filter(slot=first.slot)) == [first]
    assert not Observation.objects.open().exists()
