"""The stored and the compared form of Khmer and Latin text."""

import unicodedata
from collections import Counter
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capred_portal.matching import (
    KHMER_DIGITS,
    ascii_digits,
    name_key,
    normalise_lines,
    normalise_text,
    search_key,
    split_honorific,
)

KHMER = st.text(alphabet=[chr(code) for code in range(0x1780, 0x17FA)] + list("\u200b\u200c\u2060\u0301 aé"))
ANY_TEXT = st.one_of(KHMER, st.text())


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("ស\u17d2រ\u17d2តី", "ស\u17d2ត\u17d2រី"),  # subscript RO after the other subscript
        ("ខេ\u17d2មរ", "ខ\u17d2មេរ"),  # subscript before the vowel
        ("ហា\u17ca", "ហ\u17caា"),  # register shifter before the vowel
        ("ន\u17b7\u17ca\u17d2ត", "ន\u17d2ត\u17ca\u17b7"),
        ("ទ\u17c6ា", "ទា\u17c6"),  # sign after the vowel
        ("ច\u17c7\u17bb", "ច\u17bb\u17c7"),
        ("cafe\u0301", "café"),
        ("ភ្នំ\u200bពេញ\u2060", "ភ្នំពេញ"),
        ("  Phnom \u00a0\t Penh\n", "Phnom Penh"),
        ("\u202eDara\u202c \u2067Sok\u2069\u200f", "Dara Sok"),  # what turns the direction of a whole list
    ],
)
def test_normalise_text_puts_text_in_stored_form(typed, stored):
    assert normalise_text(typed) == stored


def test_normalise_text_leaves_official_khmer_as_it_is():
    ministry = "ក្រសួងឧស្សាហកម្ម វិទ្យាសាស្ត្រ បច្ចេកវិទ្យា និងនវានុវត្តន៍"

    assert normalise_text(ministry) == ministry


def test_normalise_text_keeps_the_letter_typed_where_two_look_alike():
    assert normalise_text("ឧត្ដម") != normalise_text("ឧត្តម")


@given(ANY_TEXT)
def test_normalise_text_twice_changes_nothing_more(text):
    once = normalise_text(text)

    assert normalise_text(once) == once
    assert unicodedata.is_normalized("NFC", once)


@given(KHMER)
def test_normalise_text_loses_no_letter(text):
    letters = Counter(character for character in text if "\u1780" <= character <= "\u17ff")

    kept = Counter(character for character in normalise_text(text) if "\u1780" <= character <= "\u17ff")

    assert kept == letters


def test_normalise_lines_keeps_line_breaks_and_break_marks():
    typed = "ស\u17d2រ\u17d2តី\u200bខ្មែរ  \r\n\r\n  second\tline \rthird\n\n"

    assert normalise_lines(typed) == "ស\u17d2ត\u17d2រី\u200bខ្មែរ\n\n  second\tline\nthird"


@given(ANY_TEXT)
def test_normalise_lines_twice_changes_nothing_more(text):
    once = normalise_lines(text)

    assert normalise_lines(once) == once


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Société  d'Électricité (EDC)", "societe d electricite edc"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("Ｆｕｌｌ－Ｗｉｄｔｈ", "full width"),
        ("ជំហានទី ២៥", "ជំហានទី 25"),
        ("ឧត្ដម", "ឧត្តម"),  # subscript DA is drawn as TA
        ("កេ\u17b8ត", "កើត"),  # one vowel typed in two parts
        ("ភ្នំពេញ។ ភាគច្រើនៗ", "ភ្នំពេញ ភាគច្រើនៗ"),
        ("ISIC 10.1/A_b", "isic 10 1 a b"),
        ("កា\u0301\u17cc", "ក\u17ccា"),  # marks come in order once the accent between them is gone
        ("...", ""),
    ],
)
def test_search_key_drops_what_search_ignores(text, key):
    assert search_key(text) == key


def test_search_key_joins_texts_and_skips_empty_ones():
    assert search_key("Garment", "", "កាត់ដេរ") == "garment កាត់ដេរ"


@given(ANY_TEXT, st.integers(min_value=0))
def test_search_key_ignores_zero_width_spaces(text, place):
    place %= len(text) + 1

    assert search_key(text[:place] + "\u200b" + text[place:]) == search_key(text)


def test_search_key_ignores_the_order_of_marks():
    marks = ["\u17d2\u178f", "\u17d2\u179a", "\u17ca", "\u17b8", "\u17c6"]

    keys = {search_key("ស" + "".join(order)) for order in permutations(marks)}

    assert keys == {"ស" + "".join(marks)}


@given(ANY_TEXT)
def test_search_key_of_a_key_is_the_key(text):
    key = search_key(text)

    assert search_key(key) == key


@pytest.mark.parametrize(
    ("written", "honorific", "name"),
    [
        ("H.E. Dr. Heng Sokkung", "H.E. Dr.", "Heng Sokkung"),
        ("H. E. Heng Sokkung", "H. E.", "Heng Sokkung"),
        ("HE Heng Sokkung", "HE", "Heng Sokkung"),
        ("He Sokha", "", "He Sokha"),
        ("HE SOKHA", "", "HE SOKHA"),
        ("Dr.Sok San", "Dr.", "Sok San"),
        ("MRS Sok  San", "MRS", "Sok San"),
        ("Lok Chumteav Chea Sim", "Lok Chumteav", "Chea Sim"),
        ("Neak Oknha Meng", "Neak Oknha", "Meng"),
        ("Drew Mall", "", "Drew Mall"),
        ("Mr", "", "Mr"),
        ("ឯកឧត្តម ហេង សុគន្ធ", "ឯកឧត្តម", "ហេង សុគន្ធ"),
        ("ឯកឧត្ដមបណ្ឌិត ហេង", "ឯកឧត្ដមបណ្ឌិត", "ហេង"),
        ("លោកជំទាវជា", "លោកជំទាវ", "ជា"),
        ("លោកស្រី\u200bសុខា", "លោកស្រី", "សុខា"),
        ("អ្នកឧកញ៉ា គិត", "អ្នកឧកញ៉ា", "គិត"),
        ("កញ្ញា សុខ", "កញ្ញា", "សុខ"),
        ("កញ្ញារ័ត្ន", "", "កញ្ញារ័ត្ន"),
        ("លោក", "", "លោក"),
        ("", "", ""),
    ],
)
def test_split_honorific_separates_title_and_name(written, honorific, name):
    assert split_honorific(written) == (honorific, name)


@pytest.mark.parametrize("written", ["Sok San", "Mr. SOK SAN", "H.E. Sok-San", "ms sok\u200b san"])
def test_name_key_is_equal_for_one_name(written):
    assert name_key(written) == "sok san"


def test_name_key_keeps_the_order_of_names():
    assert name_key("Sok San") != name_key("San Sok")


@given(st.integers(min_value=0))
def test_ascii_digits_reads_khmer_digits(number):
    khmer = "".join(KHMER_DIGITS[int(digit)] for digit in str(number))

    assert ascii_digits(khmer) == str(number)
