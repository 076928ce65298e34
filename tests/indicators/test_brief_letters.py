"""The letters of the brief on paper: none is too small to read, in its pictures as in its texts."""

import datetime
from io import BytesIO

import pytest
from django.urls import reverse

from capred_portal import pdf
from indicators.models import Indicator, Observation
from programs.models import Program
from tests.factories import make_program, make_workshop
from tests.indicators.program_reports import LONG_EN, LONG_KM, about, long_program
from tests.register_factories import make_provinces

pypdfium2 = pytest.importorskip("pypdfium2")
raw = pytest.importorskip("pypdfium2.raw")

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not pdf.is_available(), reason="the extra for PDF files is not installed"),
]

SMALLEST, SMALLEST_IN_PICTURES = 6.5, 6.9  # points
HELD = datetime.date(2024, 8, 14)
IN_PICTURES = {
    "values": {"en": ["99,999", "2,734", "100,000", "2026-Q4"], "km": ["99,999", "2,734", "100,000"]},
    "workshops": {"en": ["2022", "Q3"], "km": ["2022"]},
}
NAMES = {
    "en": ["Battambang", "Meanchey", "Sihanouk", "Kep"],
    "km": ["បន្ទាយមានជ័យ", "ព្រះសីហនុ", "ស្ទឹងត្រែង", "កែប"],
}


def program_of(kind):
    """Return a program whose brief draws its values, or its workshops."""
    if kind == "values":
        return long_program()
    return make_workshop(program=make_program(), date=HELD, province_id="12").program


def drawn(page):
    """Return the words of a page of a PDF file, each piece with the size of its letters in points."""
    text, ended = page.get_textpage(), True
    pieces: list[tuple[str, float]] = []
    for place in range(text.count_chars()):
        letter, matrix = chr(raw.FPDFText_GetUnicode(text, place)), raw.FS_MATRIX()
        raw.FPDFText_GetMatrix(text, place, matrix)
        size = round(raw.FPDFText_GetFontSize(text, place) * abs(matrix.d), 2)
        if letter in "\r\n":
            ended = True
        elif letter != " ":
            pieces = pieces if not ended and pieces[-1][1] == size else [*pieces, ("", size)]
            pieces[-1] = (pieces[-1][0] + letter, size)
            ended = False
    return pieces


@pytest.mark.parametrize("kind", IN_PICTURES)
@pytest.mark.parametrize("language", ["en", "km"])
def test_letters_of_the_brief_are_read_on_paper(officer_client, language, kind):
    make_provinces()
    asked = about(program_of(kind)) | {"language": language}

    answer = officer_client.get(reverse("reports:pdf", args=["brief"]), asked)

    with pypdfium2.PdfDocument(BytesIO(answer.content)) as file:
        assert len(file) == 1
        pieces = drawn(file[0])
    assert min(size for _words, size in pieces) >= SMALLEST
    for words in (*NAMES[language], *IN_PICTURES[kind][language]):
        sizes = [size for piece, size in pieces if words in piece]
        assert sizes, words
        assert min(sizes) >= SMALLEST_IN_PICTURES, words


def with_the_longest_title():
    program = long_program()
    Program.objects.update(title_en=(LONG_EN * 3)[:250], title_km=(LONG_KM * 3)[:250])
    return program


def with_large_numbers_and_long_units():
    program = long_program()
    Indicator.goals.through.objects.all().delete()
    Indicator.objects.update(unit_en="million US dollars a year", unit_km="លានដុល្លារអាមេរិកក្នុងមួយឆ្នាំ")
    Observation.objects.update(value=987_654_321_098)
    return program


@pytest.mark.parametrize("make", [with_the_longest_title, with_large_numbers_and_long_units])
@pytest.mark.parametrize("language", ["en", "km"])
def test_what_is_long_leaves_the_brief_one_page(officer_client, language, make):
    make_provinces()

    answer = officer_client.get(reverse("reports:pdf", args=["brief"]), about(make()) | {"language": language})

    with pypdfium2.PdfDocument(BytesIO(answer.content)) as file:
        assert len(file) == 1
