"""The tables of a page as rows of words, found by their captions."""

import re
from html.parser import HTMLParser
from typing import Any


class TableReader(HTMLParser):
    """Collects the rows of every table, header and footer included."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.rows: list[list[str]] = []
        self.caption = ""
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.rows, self.caption = [], ""
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
        if tag in ("caption", "td", "th"):
            self.inside = tag

    def handle_data(self, data: str) -> None:
        if self.inside == "caption":
            self.caption += data
        elif self.inside:
            self.rows[-1][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == self.inside:
            self.inside = ""
        elif tag == "table":
            name = " ".join(self.caption.split())
            self.tables.setdefault(name, [[" ".join(cell.split()) for cell in row] for row in self.rows])


def table_of(response: Any, caption: str) -> list[list[str]]:
    """Return the rows of the table with that caption on a page."""
    reader = TableReader()
    reader.feed(response.content.decode())
    assert caption in reader.tables, f"no table {caption}, only {sorted(reader.tables)}"
    return reader.tables[caption]


def text_of(response: Any) -> str:
    """Return the words of a page, single spaces between them."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())
