"""Periods by their code, and the quarters up to a day."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from capred_portal import columns
from capred_portal.filters import YearField
from capred_portal.periods import FIRST_YEAR, LAST_YEAR
from indicators.asked_periods import period_of
from indicators.entry import period_named
from indicators.loaders.observation_lines import period_code
from indicators.loaders.published import YEAR
from indicators.models import Period
from tests.factories import make_program

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


# The range of years


def read_day(year):
    return columns.date(f"{year}-06-30")


def read_quarter(year):
    return period_code(f"Q3 {year}")


READERS = [period_of, period_named, period_code, read_quarter, read_day, YearField().clean, YEAR.read]


@pytest.mark.parametrize("read", READERS, ids=lambda read: getattr(read, "__qualname__", "year"))
def test_all_who_read_a_year_have_one_range(read):
    assert [bool(told(read, year)) for year in (FIRST_YEAR, LAST_YEAR)] == [True, True]
    assert [bool(told(read, year)) for year in (FIRST_YEAR - 1, LAST_YEAR + 1)] == [False, False]


def told(read, year):
    """Return what is read of a year, None where it is refused."""
    try:
        return read(str(year))
    except (ValueError, ValidationError):
        return None


@pytest.mark.parametrize(("period", "status"), [("1900-Q1", 200), ("2100", 200), ("1899-Q4", 404), ("2101", 404)])
def test_a_grid_is_of_a_year_in_range(period, status, staff_client):
    asked = {"program": make_program().slug, "period": period}

    assert staff_client.get(reverse("indicators:entry"), asked).status_code == status


def test_a_period_is_asked_for_in_digits_of_either_script():
    assert [period_named(code).code for code in ("២០២៤-Q3", "២០២៤")] == ["2024-Q3", "2024"]
    assert [period_named(code) for code in ("2024-25", "2024-Q", "2024-Q5", "24", "2024-Q3\x00", "")] == [None] * 6
