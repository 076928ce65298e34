"""Periods as addresses write them: their days, and what is refused."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from capred_portal.filters import QuarterField, YearField
from capred_portal.periods import days_asked, days_of

D = datetime.date


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2024", D(2024, 1, 1), D(2024, 12, 31)),
        ("2024-25", D(2024, 7, 1), D(2025, 6, 30)),
        ("1999-00", D(1999, 7, 1), D(2000, 6, 30)),
        ("2024-Q1", D(2024, 1, 1), D(2024, 3, 31)),
        ("2024-Q4", D(2024, 10, 1), D(2024, 12, 31)),
        ("1900", D(1900, 1, 1), D(1900, 12, 31)),
        ("2100-Q4", D(2100, 10, 1), D(2100, 12, 31)),
    ],
)
def test_days_of_a_period(period, first, last):
    assert days_of(period) == (first, last)


@pytest.mark.parametrize(
    "period", ["", "2024-26", "2024-Q5", "24", "1899", "1899-Q4", "2024-1", "2101", "2101-Q1", "abc"]
)
def test_what_is_no_period_is_refused(period):
    with pytest.raises(ValueError, match="not a"):
        days_of(period)


def test_a_year_and_a_quarter_leave_what_is_in_both():
    assert days_asked("2024", "2024-Q3") == (D(2024, 7, 1), D(2024, 9, 30))
    assert days_asked("2024-25", "") == (D(2024, 7, 1), D(2025, 6, 30))
    assert days_asked("", "") is None


def test_fields_read_khmer_digits_and_say_how_to_write_a_period():
    assert YearField().clean("២០២៤") == "2024"
    assert YearField().clean(" 2024/25 ") == "2024-25"
    assert QuarterField().clean("2024-q3") == "2024-Q3"
    for field, nonsense in ((YearField(), "2024-Q3"), (YearField(), "2024-26"), (QuarterField(), "2024")):
        with pytest.raises(ValidationError, match="Write a"):
            field.clean(nonsense)
