"""What a form on a page would send, read from its HTML as a browser without scripts does."""

from html.parser import HTMLParser
from typing import Any


class FormReader(HTMLParser):
    """Collects the fields of the form of a page that has a field of the given name."""

    def __init__(self, field: str) -> None:
        super().__init__()
        self.wanted = field
        self.found: dict[str, list[str]] = {}
        self.values: dict[str, list[str]] = {}
        self.area = self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: dict[str, Any] = dict(attrs)
        name, kind = given.get("name") or "", given.get("type", "text")
        if tag == "form":
            self.values = {}
        elif tag == "input" and name and (kind not in {"checkbox", "radio", "submit"} or "checked" in given):
            self.values.setdefault(name, []).append(given.get("value") or ("on" if kind == "checkbox" else ""))
        elif tag == "textarea":
            self.area = name
            self.values[name] = [""]
        elif tag == "select":
            self.select = name
        elif tag == "option" and "selected" in given:
            self.values.setdefault(self.select, []).append(given.get("value") or "")

    def handle_data(self, data: str) -> None:
        if self.area:
            self.values[self.area] = [(self.values[self.area][0] + data).removeprefix("\n")]

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""
        elif tag == "form" and self.wanted in self.values:
            self.found = self.found or self.values


def form_values(html: str, field: str) -> dict[str, list[str]]:
    """Return names and values of the first form that has the field."""
    reader = FormReader(field)
    reader.feed(html)
    assert reader.found, f"no form with {field}"
    return reader.found
