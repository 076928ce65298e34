"""PDF files of our HTML: tagged, in its language, made of static files alone."""

import logging
import re
import zlib

import pytest
from django.test import override_settings

from capred_portal import pdf
from capred_portal.khmer_lines import BREAK
from tests.machine import IN_CI

pdfium = pytest.importorskip("pypdfium2")

TITLE = "របាយការណ៍"
PAGE = (
    f'<!DOCTYPE html><html lang="km"><head><meta charset="utf-8"><title>{TITLE}</title>%s</head><body>%s</body></html>'
)


@pytest.fixture(autouse=True)
def printer():
    if not pdf.is_available():
        (pytest.fail if IN_CI else pytest.skip)("skipped: because WeasyPrint or libpango is not installed")


def made(head="", body="<h1>Report</h1>"):
    return pdf.pdf_of(PAGE % (head, body))


def test_a_file_is_tagged_and_has_title_and_language():
    content = made()

    with pdfium.PdfDocument(content) as file:
        assert file.is_tagged()
        assert file.get_metadata_dict()["Title"] == TITLE
    assert b"pdfuaid" in inside(content)
    assert b"/Lang (km)" in content + inside(content)


def inside(content):
    """Return what the packed parts of a file hold."""
    packed = re.findall(rb"stream\n(.*?)\nendstream", content, re.DOTALL)
    return b"".join(zlib.decompressobj().decompress(one) for one in packed if one.startswith(b"x"))


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/x.css",
        "file:///etc/passwd",
        "https://static.invalid/../settings.py",
        "https://static.invalid/%2e%2e/settings.py",
        "https://static.invalid.example.org/css/pdf.css",
        "css/no-such-file.css",
        "data:text/css,body{color:red}",
    ],
)
def test_nothing_but_static_files_is_read(address, caplog):
    asked = [address]

    with caplog.at_level(logging.ERROR, logger="weasyprint"):
        content = made(f'<link rel="stylesheet" href="{asked[0]}">', f'<p>Text</p><img src="{asked[0]}" alt="x">')

    assert content.startswith(b"%PDF")
    assert "Failed to load" in caplog.text


@pytest.mark.parametrize(
    "address", ["https://example.org/x", "file:///etc/passwd", f"{pdf.HOME}../manage.py", pdf.HOME]
)
def test_what_is_no_static_file_is_refused(address):
    with pytest.raises(ValueError, match="static"):
        pdf.static_file(address)


@override_settings(DEBUG=False)
def test_styles_and_font_are_static_files():
    assert pdf.static_file(f"{pdf.HOME}css/pdf.css").name == "pdf.css"
    assert pdf.static_file(f"{pdf.HOME}fonts/report.woff2?v=1").stat().st_size < 100_000


def test_khmer_may_break_in_the_text_alone():
    words = "សិក្ខាសាលាអំពីខ្សែចង្វាក់ផ្គត់ផ្គង់ក្នុងស្រុក"

    told = pdf.prepared(PAGE % ("", f'<p title="{words}">{words}</p>'))

    text = told.partition(f'<p title="{words}">')[2].partition("</p>")[0]
    assert f"<title>{TITLE}</title>" in told
    assert text.replace(BREAK, "") == words
    assert text.count(BREAK) >= 4


def test_a_long_khmer_word_stays_on_the_sheet():
    """A hundred words without a space: the last letters are on the sheet, on lines below each other."""
    style = "<style>@page { size: 300px 600px; margin: 20px } body { font-size: 16px }</style>"

    with pdfium.PdfDocument(made(style, f"<p>{'សិក្ខាសាលា' * 60}</p>")) as file:
        page = file[0]
        text = page.get_textpage()
        boxes = [text.get_charbox(place) for place in range(text.count_chars())]

    assert max(right for _left, _bottom, right, _top in boxes) <= 300 * 0.75
    assert len({round(bottom) for _left, bottom, _right, _top in boxes}) > 10


def test_a_font_is_unpacked_once_for_all_documents():
    pdf.unpacked.cache_clear()
    styles = '<link rel="stylesheet" href="css/pdf.css">'

    first, second = (made(styles, f"<p>{TITLE}</p>") for _document in range(2))

    assert pdf.unpacked.cache_info()[:2] == (1, 1)  # taken once, unpacked once
    assert pdf.fetcher().fetch(f"{pdf.HOME}fonts/report.woff2").read()[:4] == b"\0\1\0\0"  # a font as it is drawn
    assert b"/FontFile" in inside(first)
    assert b"/FontFile" in inside(second)
