"""HS codes as people write them: digits and dots, Khmer digits, lost zeros, chapters that do not exist."""

import pytest

from capred_portal.columns import CLEAR, CellError
from enterprises.hs import MESSAGES, chapters, hs_code


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("10", "10"),
        ("1006", "1006"),
        ("100630", "100630"),
        ("1006.30", "100630"),
        ("1006 30", "100630"),
        ("10.06.30", "100630"),
        ("HS 1006", "1006"),
        ("១០០៦.៣០", "100630"),
        (" 0901 ", "0901"),
        ("100630.0", "100630"),
        ("", None),
        ("CLEAR", CLEAR),
    ],
)
def test_code_is_read_however_it_is_written(cell, code):
    assert hs_code(cell) == code


@pytest.mark.parametrize(
    ("cell", "code", "nearest"),
    [
        ("901", "hs_zero", "0901"),
        ("90111", "hs_zero", "090111"),
        ("9", "hs_zero", "09"),
        ("1006.3", "hs_last_zero", "1006.30"),
        ("1006.30.00", "hs_long", "100630"),
        ("7700", "hs_chapter", None),
        ("9900", "hs_chapter", None),
        ("rice", "hs_code", None),
        ("10-06", "hs_code", None),
    ],
)
def test_wrong_code_says_what_may_be_meant(cell, code, nearest):
    with pytest.raises(CellError) as raised:
        hs_code(cell)

    assert raised.value.code == code
    assert raised.value.params.get("nearest") == nearest
    assert str(MESSAGES[code]) % raised.value.params


def test_every_chapter_is_there_but_those_that_are_reserved():
    assert len(chapters()) == 96
    assert "77" not in chapters()
