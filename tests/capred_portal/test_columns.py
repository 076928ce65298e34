"""Cells of a load: what they accept, and what they say about the rest."""

import datetime as dt
from contextlib import suppress
from decimal import Decimal

import pytest
from django.core.validators import URLValidator, validate_email
from hypothesis import given
from hypothesis import strategies as st

from capred_portal import columns
from capred_portal.columns import CLEAR, CellError, message
from capred_portal.matching import KHMER_DIGITS

SEX = columns.choice_keys({"female": ["Female", "ស្រី"], "male": ["Male", "ប្រុស"], "": ["Not stated"]})
KHMER_MONTHS = [
    *("មករា", "កុម្ភៈ", "មីនា", "មេសា", "ឧសភា", "មិថុនា"),
    *("កក្កដា", "សីហា", "កញ្ញា", "តុលា", "វិច្ឆិកា", "ធ្នូ"),
]
WORKSHOP_DAY = dt.date(2024, 8, 14)

READERS = [
    lambda cell: columns.choice(cell, SEX),
    columns.date,
    columns.decimal,
    columns.email,
    columns.integer,
    columns.phone,
    lambda cell: columns.prose(cell, 40),
    lambda cell: columns.text(cell, 40),
    columns.time,
    columns.url,
    columns.yes_no,
]


def to_khmer(text):
    return text.translate(str.maketrans("0123456789", KHMER_DIGITS))


def code_of(read, *args, **kwargs):
    with pytest.raises(CellError) as raised:
        read(*args, **kwargs)
    return raised.value.code


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("cell", ["", "  ", "\u200b", "\u00a0\n"])
def test_blank_cell_means_leave_as_it_is(read, cell):
    assert read(cell) is None


@pytest.mark.parametrize("read", READERS)
def test_clear_is_told_from_a_value(read):
    assert read(" CLEAR ") is CLEAR


@pytest.mark.parametrize("read", READERS)
def test_failed_formula_is_an_error(read):
    assert code_of(read, "#REF!") == "formula"


@pytest.mark.parametrize("read", READERS)
@given(cell=st.one_of(st.text(), st.text(alphabet="0123456789០១២.,-+/: eEaAmM@T")))
def test_any_text_gives_a_value_or_a_message(read, cell):
    said = "a value"
    try:
        read(cell)
    except CellError as error:
        said = message(error)

    assert said
    assert "%(" not in said.replace(cell, "")


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("12", 12),
        ("០១២", 12),
        ("1,234", 1234),
        ("១,២៣៤,៥៦៧", 1_234_567),
        ("1234.0", 1234),
        ("-.0", 0),
        (" +5\u200b ", 5),
        ("2147483647", 2_147_483_647),
    ],
)
def test_integer_reads_whole_numbers(cell, number):
    assert columns.integer(cell) == number


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("1.5", "whole_number"),
        ("1.234,5", "number_format"),
        ("1.234.567", "number_format"),
        ("1,5", "number_format"),
        ("1,2345", "number_format"),
        ("12 345", "number_format"),
        ("1.2E+05", "number_shortened"),
        ("twelve", "number"),
        ("12 people", "number"),
        ("-", "number"),
        ("9" * 41, "number"),
        ("-1", "too_small"),
        ("2147483648", "too_large"),
    ],
)
def test_integer_says_what_is_wrong(cell, code):
    assert code_of(columns.integer, cell) == code


def test_integer_keeps_to_the_limits_given():
    assert columns.integer("-3", minimum=-3) == -3
    assert code_of(columns.integer, "-4", minimum=-3) == "too_small"
    assert code_of(columns.integer, "8", maximum=7) == "too_large"


@given(st.integers(min_value=0, max_value=2**31 - 1))
def test_integer_reads_what_either_language_writes(number):
    assert columns.integer(f"{number:,}") == number
    assert columns.integer(to_khmer(f"{number:,}")) == number


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1,234.5", "1234.5"),
        ("-3.10", "-3.1"),
        ("−3.1", "-3.1"),
        (".5", "0.5"),
        ("៩.២៥", "9.25"),
        ("1.500", "1.5"),
    ],
)
def test_decimal_reads_numbers(cell, number):
    assert columns.decimal(cell) == Decimal(number)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("1.234,5", "number_format"),
        ("1.005", "decimal_places"),
        ("1000.00", "too_large"),
        ("-1000", "too_small"),
        ("NaN", "number"),
        ("45%", "number"),
    ],
)
def test_decimal_says_what_is_wrong(cell, code):
    assert code_of(columns.decimal, cell, max_digits=5, decimal_places=2) == code


def test_decimal_keeps_to_the_limits_given():
    assert columns.decimal("100", minimum=0, maximum=100) == 100
    assert code_of(columns.decimal, "100.01", minimum=0, maximum=100) == "too_large"
    assert code_of(columns.decimal, "-0.01", minimum=0, maximum=100) == "too_small"


@pytest.mark.parametrize(
    "cell",
    [
        "2024-08-14",
        "2024/8/14",
        "14/08/2024",
        "14.8.2024",
        "14-08-2024",
        "14 August 2024",
        "14 aug 2024",
        "14-Aug-2024",
        "14th August, 2024",
        "Wednesday, 14 August 2024",
        "August 14, 2024",
        "១៤/០៨/២០២៤",
        "១៤ សីហា ២០២៤",
        "14 សីហា 2024",
        "ថ្ងៃទី១៤ ខែសីហា ឆ្នាំ២០២៤",
        "ថ្ងៃពុធ ទី១៤\u200b ខែសីហា\u200b ឆ្នាំ២០២៤",
        "45518",
        "45518.0",
        "2024-08-14T00:00:00",
        "2024-08-14 00:00",
    ],
)
def test_date_reads_the_day_however_it_is_written(cell):
    assert columns.date(cell) == WORKSHOP_DAY


@pytest.mark.parametrize("place", range(12))
def test_date_reads_every_khmer_month(place):
    khmer = KHMER_MONTHS[place]

    assert columns.date(f"២ {khmer} ២០២៤") == dt.date(2024, place + 1, 2)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("next week", "date"),
        ("2024", "date"),
        ("14 Foo 2024", "date"),
        ("4" * 70, "date"),
        ("08/14/2024", "date_month_first"),
        ("31/02/2024", "date_not_in_calendar"),
        ("30 February 2024", "date_not_in_calendar"),
        ("14/08/24", "date_short_year"),
        ("14-Aug-24", "date_short_year"),
        ("14/08/2567", "date_range"),
        ("2024-08-14T09:30:00", "date_with_time"),
    ],
)
def test_date_says_what_is_wrong(cell, code):
    assert code_of(columns.date, cell) == code


def test_date_shows_a_month_first_date_the_right_way_round():
    with pytest.raises(CellError) as raised:
        columns.date("8/14/2024")

    assert "14/08/2024" in message(raised.value)


@given(st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2100, 12, 31)))
def test_date_reads_what_it_would_be_written_as(day):
    for written in (day.isoformat(), f"{day:%d/%m/%Y}", f"{day:%d %B %Y}", to_khmer(f"{day:%d/%m/%Y}")):
        assert columns.date(written) == day


@pytest.mark.parametrize(
    ("cell", "time"),
    [
        ("08:30", dt.time(8, 30)),
        ("8.30", dt.time(8, 30)),
        ("08:30:00", dt.time(8, 30)),
        ("14h30", dt.time(14, 30)),
        ("14h", dt.time(14)),
        ("2 PM", dt.time(14)),
        ("2:30 p.m.", dt.time(14, 30)),
        ("12 am", dt.time(0)),
        ("12:15 pm", dt.time(12, 15)),
        ("០៨:៣០", dt.time(8, 30)),
        ("ម៉ោង ៨:៣០ ព្រឹក", dt.time(8, 30)),
        ("៣ រសៀល", dt.time(15)),
        ("5 ល្ងាច", dt.time(17)),
    ],
)
def test_time_reads_the_time_however_it_is_written(cell, time):
    assert columns.time(cell) == time


@pytest.mark.parametrize("cell", ["8", "25:00", "09:60", "14 am", "morning", "8:3"])
def test_time_refuses_what_is_none(cell):
    assert code_of(columns.time, cell) == "time"


@pytest.mark.parametrize("cell", ["yes", "Y", "TRUE", "1", "១", "បាទ", "ចាស", "បាទ/ចាស"])
def test_yes_no_reads_yes(cell):
    assert columns.yes_no(cell) is True


@pytest.mark.parametrize("cell", ["no", "N", "false", "0", "ទេ"])
def test_yes_no_reads_no(cell):
    assert columns.yes_no(cell) is False


def test_yes_no_refuses_what_is_neither():
    assert code_of(columns.yes_no, "perhaps") == "yes_no"


@pytest.mark.parametrize("cell", ["female", "Female", " FEMALE.", "ស្រី", "សី\u17d2រ\u200b"])
def test_choice_reads_code_and_labels_in_both_languages(cell):
    assert columns.choice(cell, SEX) == "female"


def test_choice_names_the_choices_when_it_finds_none():
    with pytest.raises(CellError) as raised:
        columns.choice("woman", SEX)

    assert raised.value.params["choices"] == "female, male"
    assert columns.choice("not stated", SEX) == ""


def test_choice_shows_a_long_list_shortened():
    with pytest.raises(CellError) as raised:
        columns.choice("x", {f"code {number}": f"code {number}" for number in range(100)})

    assert str(raised.value.params["choices"]).endswith("code 11, …")


def test_choice_keys_leaves_out_a_label_of_two_codes():
    keys = columns.choice_keys({"a": ["Same", "First"], "b": ["same", "A"]})

    assert keys == {"first": "a", "a": "a", "b": "b"}


@pytest.mark.parametrize(
    "cell",
    [
        "012 345 678",
        "០១២-៣៤៥-៦៧៨",
        "12345678",
        "12345678.0",
        "85512345678",
        "+855 12 345 678",
        "00855 12 345 678",
    ],
)
def test_phone_reads_one_number_however_it_is_written(cell):
    assert columns.phone(cell) == "+85512345678"


def test_phone_reads_a_number_of_another_country():
    assert columns.phone("+61 2 9999 1234") == "+61299991234"
    assert columns.phone("02 9999 1234", region="AU") == "+61299991234"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("1234", "phone"),
        ("call me", "phone"),
        ("012 345 678 ext. 5", "phone"),
        ("012 345 678 / 011 222 333", "phone_several"),
        ("8.5512E+10", "number_shortened"),
    ],
)
def test_phone_says_what_is_wrong(cell, code):
    assert code_of(columns.phone, cell) == code


def test_email_reads_an_address():
    assert columns.email(" Sok.San@MISTI.gov.kh") == "Sok.San@misti.gov.kh"


@pytest.mark.parametrize("cell", ["sok", "sok@misti", "a..b@misti.gov.kh", "a b@misti.gov.kh", f"{'a' * 250}@b.kh"])
def test_email_refuses_what_is_none(cell):
    assert code_of(columns.email, cell) == "email"


@given(st.emails())
def test_email_accepts_only_what_the_database_does(cell):
    found: object = "name@example.com"
    with suppress(CellError):
        found = columns.email(cell)

    validate_email(str(found))


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        ("www.MISTI.gov.kh", "https://www.misti.gov.kh"),
        ("HTTP://example.com:8000/A?b=c#d", "http://example.com:8000/A?b=c#d"),
    ],
)
def test_url_reads_an_address(cell, address):
    found = columns.url(cell)

    assert found == address
    URLValidator()(found)


@pytest.mark.parametrize("cell", ["misti", "ftp://example.com", "javascript:alert(1)", "https://a b.com"])
def test_url_refuses_what_is_none(cell):
    assert code_of(columns.url, cell) == "url"


def test_text_is_one_normal_line():
    assert columns.text("  ស\u17d2រ\u17d2តី\u200b \n និង ", 20) == "ស\u17d2ត\u17d2រី និង"


def test_prose_keeps_its_lines():
    assert columns.prose("first \r\nsecond", 20) == "first\nsecond"


@pytest.mark.parametrize("read", [columns.text, columns.prose])
def test_text_must_fit_and_be_storable(read):
    assert read("ab", 2) == "ab"
    assert code_of(read, "abc", 2) == "too_long"
    assert code_of(read, "a\x00", 2) == "character"


def test_message_shortens_a_long_wrong_value():
    with pytest.raises(CellError) as raised:
        columns.yes_no("x" * 1000)

    assert len(message(raised.value)) < 120
