"""Khmer in PDF files: drawn as Chromium draws it with the same font; without shaping the same comparison fails."""

import base64
import io

import numpy as np
import pytest

from capred_portal import pdf
from tests.khmer_words import WORDS
from tests.machine import IN_CI

pdfium = pytest.importorskip("pypdfium2")

ALIKE = 0.9
FONT = "fonts/report.woff2"
SIZE = (320, 120)  # of the two pictures that are compared


@pytest.fixture(scope="module", autouse=True)
def printer():
    if not pdf.is_available():
        (pytest.fail if IN_CI else pytest.skip)("skipped: because WeasyPrint or libpango is not installed")


def document(source, parts, style):
    rule = f"@font-face {{ font-family: Same; src: url({source}) }} * {{ margin: 0 }} body {{ font: 64px/2 Same }}"
    head = f'<meta charset="utf-8"><title>Words</title><style>{rule} {style}</style>'
    return f'<!DOCTYPE html><html lang="km"><head>{head}</head><body>{"".join(parts)}</body></html>'


def printed(draw):
    """Return a picture of each word as WeasyPrint draws it, one to a sheet."""
    style = "@page { size: 900px 200px; margin: 20px } div { break-after: page }"
    content = pdf.pdf_of(document(FONT, [f"<div>{draw(word)}</div>" for word in WORDS], style))
    with pdfium.PdfDocument(content) as file:
        sheets = [file[number].render(scale=4 / 3, grayscale=True).to_pil() for number in range(len(WORDS))]
    return [compared(sheet) for sheet in sheets]


@pytest.fixture(scope="module")
def browsed(browser):
    """Pictures of the words as Chromium draws them."""
    image = pytest.importorskip("PIL.Image")
    font = base64.b64encode(pdf.static_file(pdf.HOME + FONT).read_bytes()).decode()
    parts = [f'<div id="w{number}">{word}</div>' for number, word in enumerate(WORDS)]
    style = "div { padding: 20px; width: max-content }"
    page = browser.new_page(viewport={"width": 1000, "height": 800})
    page.set_content(document(f"data:font/woff2;base64,{font}", parts, style))
    page.evaluate("document.fonts.ready")
    assert page.evaluate("document.fonts.check('64px Same')")
    shots = [page.locator(f"#w{number}").screenshot() for number in range(len(WORDS))]
    page.close()
    return [compared(image.open(io.BytesIO(shot)).convert("L")) for shot in shots]


def compared(picture):
    """Return a picture cut to its ink, at the one size, as numbers around 0 of length 1."""
    ink = picture.point(lambda light: 255 if light < 128 else 0).getbbox()
    assert ink, "nothing is drawn"
    dark = 255.0 - np.asarray(picture.crop(ink).resize(SIZE), dtype=float)
    around = (dark - dark.mean()).ravel()
    return around / np.linalg.norm(around)


def likeness(ours, theirs):
    return {word: round(float(a @ b), 3) for word, a, b in zip(WORDS, ours, theirs, strict=True)}


def in_chart(word):
    return f'<svg viewBox="0 0 860 150" width="860"><text x="10" y="90" style="font: 64px Same">{word}</text></svg>'


def letter_by_letter(word):
    """Draw each character by itself, so that nothing joins: what a printer without shaping does."""
    return "".join(f'<span style="display: inline-block">{letter}</span>' for letter in word)


def test_there_are_forty_words_of_each_kind():
    subscripts, two_parts = (sum(any(sign in word for sign in signs) for word in WORDS) for signs in ("្", "ើឿៀោៅ"))

    assert len(WORDS) == len(set(WORDS)) == 40
    assert sum("្រ" in word for word in WORDS) >= 12
    assert subscripts >= 30
    assert two_parts >= 8


def test_words_in_text_look_as_in_chromium(browsed):
    found = likeness(printed(str), browsed)

    assert {word: value for word, value in found.items() if value < ALIKE} == {}


def test_words_in_charts_look_as_in_chromium(browsed, monkeypatch):
    """With the styles of charts, but for the font, which is to be the same."""
    monkeypatch.setattr(pdf, "chart_styles", lambda: "<style>text { font-family: Same; font-size: 64px }</style>")
    found = likeness(printed(in_chart), browsed)

    assert {word: value for word, value in found.items() if value < ALIKE} == {}


def test_without_shaping_most_words_look_otherwise(browsed):
    found = likeness(printed(letter_by_letter), browsed)

    assert sum(value < ALIKE for value in found.values()) > len(WORDS) * 0.9, found
