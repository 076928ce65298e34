"""The text of PDF files: copied and found as it is written, by both kinds of readers."""

import re
import unicodedata
import zlib

import pytest

from capred_portal import pdf, pdf_text
from capred_portal.khmer_lines import BREAK, breakable
from tests.khmer_words import WORDS
from tests.machine import IN_CI

pdfium = pytest.importorskip("pypdfium2")

SENTENCE = "ក្រសួងឧស្សាហកម្មនិងវិទ្យាសាស្ត្រ (MISTI) ធ្វើការជាមួយសហគ្រាស 25% នៅខេត្តព្រះសីហនុ ដើម្បីទៅលើគ្រឿងចក្រច្រើន។"
STYLE = """<style>
@font-face { font-family: Report; src: url(fonts/report.woff2) }
@page { size: 600px 800px; margin: 20px }
body { font: 16px/1.8 Report }
</style>"""


@pytest.fixture(autouse=True)
def printer():
    if not pdf.is_available():
        (pytest.fail if IN_CI else pytest.skip)("skipped: because WeasyPrint or libpango is not installed")


@pytest.fixture
def unmarked(monkeypatch):
    """Files as they are to readers that know the texts of a font's numbers alone."""
    monkeypatch.setattr(pdf_text, "_with_text", lambda shown, _text: shown)


@pytest.fixture
def untold(monkeypatch):
    """Files as WeasyPrint makes them by itself."""
    from weasyprint.draw import text

    monkeypatch.setattr(text, "draw_first_line", text.draw_first_line.__wrapped__)


def made(body):
    head = f'<meta charset="utf-8"><title>Text</title>{STYLE}'
    return pdf.pdf_of(f'<!DOCTYPE html><html lang="km"><head>{head}</head><body>{body}</body></html>')


def opened(body):
    return pdfium.PdfDocument(made(body))


def read(body):
    with opened(body) as file:
        return "\n".join(page.get_textpage().get_text_range() for page in file)


def words_read():
    """Return the forty words as a reader takes them from a file."""
    return [line.strip() for line in read("".join(f"<div>{word}</div>" for word in WORDS)).splitlines()]


def unspaced(text):
    return "".join(text.split())


def test_words_are_read_as_they_are_written():
    assert words_read() == [unicodedata.normalize("NFC", word) for word in WORDS]


def test_without_it_most_words_are_read_otherwise(untold):
    found = words_read()

    assert sum(word in found for word in WORDS) < len(WORDS) / 4


def test_readers_that_know_no_marks_read_the_same(unmarked):
    assert [word.replace(BREAK, "") for word in words_read()] == WORDS


@pytest.mark.parametrize("style", ["", "text-align: justify", "letter-spacing: 1px", "font-weight: bold"])
def test_lines_hold_their_own_text_once(style):
    """Broken between words, beside Latin letters, spread out: without the spaces of no width that breaks need."""
    text = read(f'<p style="{style}">{" ".join([SENTENCE] * 5)}</p>')

    assert unspaced(text) == unspaced(SENTENCE * 5)
    assert BREAK not in text
    assert "វិទ្យាសាស្ត្រ (MISTI)" in text


def test_parts_of_a_line_are_read_in_order():
    assert unspaced(read("<p>ក្រសួង <b>ឧស្សាហកម្ម</b> និង<i>ភ្នំពេញ</i></p>")) == "ក្រសួងឧស្សាហកម្មនិងភ្នំពេញ"


def test_texts_of_charts_are_read_as_they_are_written():
    chart = '<svg viewBox="0 0 400 90" width="400"><text x="10" y="40">គ្រឿងចក្រ និងស្រូវ</text></svg>'

    assert read(chart).strip() == "គ្រឿងចក្រ និងស្រូវ"


@pytest.mark.parametrize("word", ["ក្រសួង", "ធ្វើការ", "គ្រឿងចក្រ", "ខេត្តព្រះសីហនុ"])
def test_a_word_is_found_where_it_stands(word):
    """With subscript ro and vowels in two parts; marked on the sheet over its own glyphs."""
    with opened(f'<p style="white-space: nowrap">យកមក <span>{word}</span> យកមក</p>') as file:
        text = file[0].get_textpage()
        start, count = text.search(word).get_next()
        boxes = [text.get_charbox(place) for place in range(start, start + count)]
        last = text.get_charbox(text.count_chars() - 1)

    assert count == len(word)
    lefts = [box[0] for box in boxes]
    assert lefts == sorted(lefts)
    assert boxes[0][0] > 55  # behind the first word
    assert boxes[-1][2] < last[0]


def test_marks_are_closed_where_they_were_opened():
    content = made(f"<h1>{WORDS[0]}</h1><p>{breakable(SENTENCE)}</p><table><tr><td>{WORDS[1]}</td></tr></table>")
    streams = [zlib.decompress(one) for one in re.findall(rb"stream\n(.*?)\nendstream", content, re.DOTALL)]
    drawn = b"\n".join(stream for stream in streams if b"ActualText" in stream)

    opened_by: list[bytes] = []
    for operator in re.findall(rb"\b(BT|ET|BMC|BDC|EMC)\b", drawn):
        if operator in (b"ET", b"EMC"):
            assert opened_by.pop() == {b"ET": b"BT", b"EMC": b"mark"}[operator]
        else:
            opened_by.append(b"BT" if operator == b"BT" else b"mark")

    assert opened_by == []
    assert drawn.count(b"ActualText") >= 3


def test_latin_lines_have_no_marks():
    content = made("<p>Report 2025</p>")
    streams = [zlib.decompress(one) for one in re.findall(rb"stream\n(.*?)\nendstream", content, re.DOTALL)]

    assert not any(b"ActualText" in stream for stream in streams)


def test_it_looks_as_without(request):
    """To a thousandth of the letters' size, which is looked at closely so that no letter goes to the next dot."""
    numpy = pytest.importorskip("numpy")

    def picture():
        with opened("".join(f"<span>{word}</span> " for word in WORDS) + f"<p>{SENTENCE}</p>") as file:
            return numpy.asarray(file[0].render(scale=8, grayscale=True).to_pil().reduce(8), dtype=float).ravel()

    told = picture()
    request.getfixturevalue("untold")
    alike = numpy.corrcoef(told, picture())[0, 1]

    assert alike > 0.999, alike


@pytest.mark.parametrize(
    ("clusters", "told"),
    [
        ([(1, "ក")], ["ក"]),
        ([(2, "ក្រ")], ["ក", "្រ"]),
        ([(3, "ទៅ")], ["ទ", "ៅ", BREAK]),
        ([(3, "ទៅ"), (2, "ក្រ")], ["ទ", "ៅ", "ក", "្", "រ"]),
        ([(2, "ក្រ"), (3, "ទៅ")], ["ក", "្", "រ", "ទ", "ៅ"]),
    ],
)
def test_letters_are_shared_among_glyphs(clusters, told):
    assert pdf_text.shares(clusters) == told


def test_a_line_that_is_drawn_otherwise_is_marked_as_a_whole():
    shown = [b"[<0001>] TJ"]

    assert pdf_text.marked(shown, f"ក{BREAK}ខ".encode(), []) == [
        "/Span<</ActualText<feff17801781>>>BDC",
        *shown,
        "EMC",
    ]
