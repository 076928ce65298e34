"""The quick way to read a Cambodian phone number says what the library says."""

import phonenumbers
from hypothesis import example, given
from hypothesis import strategies as st

from capred_portal import columns


@given(st.from_regex(r"(0|\+855|855)[1-9][0-9 ]{6,9}", fullmatch=True))
@example("012 345 678")
@example("0962345678")
@example("023 123 456")
@example("+855 12 345 678")
def test_cambodian_numbers_are_read_as_the_library_reads_them(typed):
    number = phonenumbers.parse(typed, "KH")
    valid = phonenumbers.is_valid_number(number)
    expected = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if valid else "phone"

    try:
        read = columns.phone(typed)
    except columns.CellError as error:
        read = error.code

    assert read == expected
