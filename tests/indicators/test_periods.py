"""Periods by their code, and the quarters up to a day."""

import datetime as dt

import pytest

from indicators.models import Period

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("code", "first_day", "last_day"),
    [
        ("2024-Q1", dt.date(2024, 1, 1), dt.date(2024, 3, 31)),
        ("2023-Q4", dt.date(2023, 10, 1), dt.date(2023, 12, 31)),
        ("2024", dt.date(2024, 1, 1), dt.date(2024, 12, 31)),
    ],
)
def test_a_code_tells_the_days_of_its_period(code, first_day, last_day):
    period = Period.of_code(code)

    assert (period.code, period.first_day, period.last_day) == (code, first_day, last_day)
    assert period.pk is None


@pytest.mark.parametrize("code", ["", "2024-Q5", "2024-Qx", "24-Q"])
def test_what_is_no_period_has_no_days(code):
    with pytest.raises(ValueError):  # noqa: PT011 # of whichever part
        Period.of_code(code)


@pytest.mark.parametrize(
    ("day", "codes"),
    [
        (dt.date(2024, 1, 1), ["2023-Q3", "2023-Q4", "2024-Q1"]),
        (dt.date(2024, 12, 31), ["2024-Q2", "2024-Q3", "2024-Q4"]),
        (dt.date(2024, 4, 1), ["2023-Q4", "2024-Q1", "2024-Q2"]),
    ],
)
def test_quarters_until_a_day_end_with_its_own(day, codes):
    quarters = Period.quarters_until(day, 3)

    assert [quarter.code for quarter in quarters] == codes
    assert quarters[-1].first_day <= day <= quarters[-1].last_day


def test_a_period_is_stored_once():
    first = Period.objects.stored(Period.of_code("2031-Q2"))

    assert Period.objects.stored(Period.of_code("2031-Q2")) == first
    assert Period.objects.quarter(2031, 2) == first
