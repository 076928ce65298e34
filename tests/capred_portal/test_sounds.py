"""How names sound: Khmer and Latin spellings of one name meet, other names stay apart."""

import csv
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from capred_portal.matching import firm_key, firm_sound, name_sound, normalise_text, romanise, search_key, sound_key
from capred_portal.matching import text as text_module
from capred_portal.matching.khmer import CONSONANTS, INDEPENDENT_VOWELS, MOST_READINGS, VOWELS, read_khmer
from capred_portal.matching.sounds import CONSONANT_SOUNDS, VOWEL_SOUNDS, readings

REFERENCE = Path(__file__).parents[2] / "enterprises" / "reference"
KHMER = st.text(alphabet=[chr(code) for code in range(0x1780, 0x17FA)] + list("\u200b\u200c\u2060\u0301 aé"))
ANY_TEXT = st.one_of(KHMER, st.text())


@pytest.mark.parametrize(
    ("khmer", "latin"),
    [
        ("សុខ ដារ៉ា", "Sok Dara"),
        ("ចាន់ សុភា", "Chan Sophea"),
        ("ចាន់ សោភា", "Chan Sophea"),
        ("ហេង", "Heng"),
        ("ឆាយ", "Chhay"),
        ("ឆាយ", "Chhai"),
        ("វុទ្ធី", "Vuthy"),
        ("វុទ្ធី", "Vuthi"),
        ("វុទ្ធី", "Wuthy"),
        ("ស្រីមុំ", "Sreymom"),
        ("ស្រី មុំ", "Srey Mom"),
        ("កែវ", "Keo"),
        ("កែវ", "Kev"),
        ("អ៊ុង", "Ung"),
        ("អ៊ុង", "Oung"),
        ("អ៊ុក", "Ouk"),
        ("ខៀវ", "Khieu"),
        ("ខៀវ", "Khiev"),
        ("ម៉ៅ", "Mao"),
        ("ជ័យ", "Chey"),
        ("គឹម", "Kim"),
        ("ញឹម", "Nhem"),
        ("ប្រាក់", "Prak"),  # b with a letter under it is p
        ("ប៉ែន", "Pen"),  # so is b with the mark of the a series
        ("រស់", "Ros"),
        ("ឌួង", "Duong"),
        ("ពោធិ៍", "Po"),  # a letter under the silencing mark
        ("ពេជ្រ", "Pich"),  # what is under a last letter
        ("ចន្ទ", "Chan"),
        ("សុវណ្ណ", "Sovann"),
        ("រិទ្ធី", "Rithy"),
        ("បុប្ផា", "Bopha"),
        ("វិបុល", "Vibol"),
        ("មង្គល", "Mongkol"),
        ("កល្យាណ", "Kalyan"),
        ("ពិសិដ្ឋ", "Piseth"),
        ("ចំរើន", "Chamroeun"),
        ("ធឿន", "Thoeurn"),
        ("បារាំង", "Barang"),
        ("ហ្វា", "Fa"),
        ("ឫទ្ធី", "Rithy"),
        ("ជំហានទី ២៥", "Chumheanti 25"),
    ],
)
def test_sound_key_is_equal_in_both_scripts(khmer, latin):
    assert sound_key(khmer) == sound_key(latin)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Phal", "Phâl"), ("Nuth", "Nut"), ("Sreymom", "Sreymum"), ("Chann", "Chan"), ("Kheang", "Khiang"), ("Ly", "Li")],
)
def test_sound_key_is_equal_for_latin_spellings(one, other):
    assert sound_key(one) == sound_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sothea", "Sotheara"),
        ("Sophea", "Sopheak"),
        ("Dara", "Darith"),
        ("Chan", "Chhan"),
        ("Sok", "Sor"),
        ("Maly", "Mala"),
        ("ជា", "ជី"),
        ("សុធា", "សុធារ៉ា"),
    ],
)
def test_sound_key_differs_for_other_names(one, other):
    assert sound_key(one) != sound_key(other)


@pytest.mark.parametrize(
    ("word", "reading"),
    [("វីរៈ", "verak"), ("ឡន", "lon"), ("លៀង", "lang"), ("រិទ្ធិ", "rethe"), ("រតនា", "rotana")],
)
def test_readings_hold_the_less_usual_ones(word, reading):
    assert reading in readings(word)


def test_sound_key_meets_the_official_latin_names_of_places():
    rows = [
        row
        for name in ("provinces", "districts")
        for row in csv.DictReader((REFERENCE / f"{name}.csv").read_text(encoding="utf-8").splitlines())
    ]

    likeness = [
        OSA.normalized_similarity(*(sound_key(row[name]).replace(" ", "") for name in ("name_en", "name_km")))
        for row in rows
    ]

    assert sum(likeness) / len(likeness) > 0.92
    assert sum(value == 1 for value in likeness) / len(likeness) > 0.6


def test_romanise_writes_khmer_in_latin_letters():
    assert romanise("Mr. សុខ ដារ៉ា ២") == "mr sok dara 2"


def test_the_stated_table_covers_every_letter_and_vowel():
    written = CONSONANTS.keys() | INDEPENDENT_VOWELS.keys() | VOWELS.keys()

    assert {chr(code) for code in range(0x1780, 0x17B4)} <= written
    assert {chr(code) for code in range(0x17B6, 0x17C9)} <= written


def test_every_latin_vowel_has_one_sound():
    runs = [run for runs in VOWEL_SOUNDS.values() for run in runs.split()]

    assert len(runs) == len(set(runs))
    assert all(sound for sound in CONSONANT_SOUNDS.values())


@given(ANY_TEXT)
def test_sound_key_keeps_every_word(text):
    assert len(sound_key(text).split()) == len(search_key(text).split())


@given(KHMER)
@example("កះះ")
def test_readings_are_few_and_not_empty(text):
    for word in search_key(text).split():
        assert 1 <= len(read_khmer(word)) <= MOST_READINGS
        assert all(readings(word))


@given(ANY_TEXT)
def test_sound_key_of_latin_text_is_of_its_search_key(text):
    assert sound_key(search_key(text)) == sound_key(text)


@pytest.mark.parametrize("written", ["Sok Dara", "Mr. SOK DARA", "H.E. Sok-Dara", "លោក សុខ ដារ៉ា", "ឯកឧត្តម សុខ ដារ៉ា"])
def test_name_sound_drops_the_honorific(written):
    assert name_sound(written) == "sok dara"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Sok Dara Garment (Cambodia) Co., Ltd.", "sok dara garment"),
        ("SOK DARA GARMENT PTE LTD", "sok dara garment"),
        ("The Sok Dara Garment Company Limited", "sok dara garment"),
        ("Sok Dara Sole Proprietorship", "sok dara"),
        ("Sole Garden", "sole garden"),  # dropped only together with the word after it
        ("Heng Enterprise", "heng"),
        ("ក្រុមហ៊ុន សុខ ដារ៉ា ឯ.ក", "សុខ ដារ៉ា"),
        ("ក្រុមហ៊ុនសុខដារ៉ា ខូ អិលធីឌី", "សុខដារ៉ា"),
        ("សហគ្រាសឯកបុគ្គល ហេង", "ហេង"),
        ("ហេង (ខេមបូឌា) ខូអិលធីឌី", "ហេង"),
        ("Company Limited", "company limited"),  # nothing else is left
        ("ក្រុមហ៊ុន", "ក្រុមហ៊ុន"),
        ("", ""),
    ],
)
def test_firm_key_drops_legal_forms(name, key):
    assert firm_key(name) == key


def test_firm_sound_is_equal_in_both_scripts():
    assert firm_sound("ក្រុមហ៊ុន សុខ ដារ៉ា ឯ.ក") == firm_sound("Sok Dara Co., Ltd.") == "sok dara"


# Words are remembered: what is remembered is what is worked out from the whole text.


@given(ANY_TEXT)
def test_search_key_by_word_is_that_of_the_whole_text(text):
    whole = text.translate(text_module._WITHOUT_UNSEEN)

    assert search_key(text) == text_module._word_key(whole)


@given(ANY_TEXT)
def test_normalise_text_by_word_is_that_of_the_whole_text(text):
    whole = text_module._canonical(text.translate(text_module._WITHOUT_UNSEEN))

    assert normalise_text(text) == " ".join(whole.split())
