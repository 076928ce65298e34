"""Pages as PDF: our own HTML drawn by WeasyPrint, which reads nothing but the portal's static files."""

import logging
import mimetypes
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any

from django.contrib.staticfiles import finders

from capred_portal.khmer_lines import breakable
from capred_portal.pdf_text import write_text

HOME = "https://static.invalid/"  # what addresses in a document are relative to; nobody ever asks that server
PACKED = ".woff2"
CHART_STYLES = "css/pdf-charts.css"
VARIANT = "pdf/ua-1"  # tagged, with language and title, for those who do not see it

_TAG = re.compile(r"(<[^>]*>)")
_LINK = re.compile(r"</?a\b[^>]*>", re.IGNORECASE)
_PICTURE = re.compile(r"<svg\b[^>]*>", re.IGNORECASE)
_one_at_a_time = Lock()  # in each process: memory stays that of one document


class Whole(str):
    """A text that is one letter to those who take it letter by letter."""

    def __iter__(self) -> Iterator[str]:
        return iter([str(self)])


@cache
def weasyprint() -> Any:
    """Return WeasyPrint, ready for Khmer, or None where it or the libraries it needs are not installed.

    It places each letter of a text in a chart by itself, so that subscripts and vowels find no letter to join: here
    every such text is one letter. And it draws without telling the text of what is drawn: here it does.
    """
    try:
        import weasyprint as found
        from weasyprint.svg import Node
    except (ImportError, OSError):  # the package, or libpango
        return None
    found.LOGGER.setLevel(logging.ERROR)  # that it skips what only browsers know is no news
    letters: Any = Node.text
    Node.text = property(lambda node: Whole(letters.fget(node) or ""))
    write_text()
    return found


def is_available() -> bool:
    """Tell whether this machine can make PDF files."""
    return weasyprint() is not None


def pdf_of(document: str) -> bytes:
    """Return an HTML document as PDF; its styles, fonts and images are our static files or nothing."""
    printer = weasyprint()
    with _one_at_a_time:
        page = printer.HTML(string=prepared(document), base_url=HOME, url_fetcher=fetcher())
        return bytes(page.write_pdf(pdf_variant=VARIANT))


@cache
def fetcher() -> Any:
    """Return what fetches for WeasyPrint: static files by their path, and a refusal for all else."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class StaticFiles(URLFetcher):
        """Neither network nor any other file."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            path = static_file(url)
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            content = unpacked(path, path.stat().st_mtime_ns) if path.suffix == PACKED else path.read_bytes()
            return URLFetcherResponse(url, content, {"Content-Type": kind})

    return StaticFiles()


@lru_cache(maxsize=4)
def unpacked(path: Path, _changed_at: int) -> bytes:
    """Return a font as it was before it was packed for the web; each process unpacks it once, not for each document."""
    from fontTools.ttLib import woff2

    font = BytesIO()
    woff2.decompress(path, font)
    return font.getvalue()


def static_file(url: str) -> Path:
    """Return the static file an address in a document means, or raise ValueError."""
    path = url.partition("?")[0].removeprefix(HOME)
    found = finders.find(path) if url.startswith(HOME) and ".." not in path else None
    if not found or not Path(str(found)).is_file():
        raise ValueError(f"not one of our static files: {url}")
    return Path(str(found))


@cache
def chart_styles() -> str:
    """Return the styles of charts as an element that stands inside a picture: those outside do not reach it."""
    return f"<style>{static_file(HOME + CHART_STYLES).read_text(encoding='utf-8')}</style>"


def prepared(document: str) -> str:
    """Return a document as paper needs it: without links, lines of Khmer may break, charts bring their styles."""
    head, body, told = without_links(document).partition("<body>")
    parts = [part if part.startswith("<") else breakable(part) for part in _TAG.split(told)]
    return head + body + _PICTURE.sub(lambda tag: tag.group() + chart_styles(), "".join(parts))


def without_links(html: str) -> str:
    """Return HTML whose links are plain text, for readers whom the pages behind them do not let in."""
    return _LINK.sub("", html)
