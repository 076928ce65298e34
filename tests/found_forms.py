"""Every form the pages show, read as a browser without scripts does: where it goes and what it would send."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from tests.routes import Example

NOT_SENT = {"checkbox", "radio", "submit", "button", "image", "reset", "file"}


@dataclass
class FoundForm:
    """One form: its address, its method, and the names it has with what it would send for each."""

    url: str
    method: str = "get"
    has_files: bool = False
    values: dict[str, list[str]] = field(default_factory=dict)

    @property
    def layout(self) -> tuple[Any, ...]:
        """What tells two forms apart: forms of one layout that go to one address are the same."""
        return (self.url, self.method, *sorted(self.values))


class FormsReader(HTMLParser):
    """Collects all forms of a page, fields that stand elsewhere and name their form included."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.forms: list[FoundForm] = []
        self.by_id: dict[str, FoundForm] = {}
        self.elsewhere: list[tuple[str, str, str]] = []
        self.links: set[str] = set()
        self.inside: FoundForm | None = None
        self.area = self.select = self.owner = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.start_form(given)
        elif tag == "a":
            self.links |= {name for name, _value in parse_qsl(urlsplit(given.get("href", "")).query)}
        elif tag in {"input", "button"} and given.get("name"):
            self.start_input(given)
        elif tag in {"textarea", "select"}:
            self.owner = given.get("form", "")
            self.area, self.select = (given.get("name", "") if tag == one else "" for one in ("textarea", "select"))
            self.add(given.get("name", ""), None)
        elif tag == "option" and self.select and "selected" in given:
            self.add(self.select, given.get("value", ""))

    def start_form(self, given: dict[str, str]) -> None:
        action = given.get("action") or given.get("hx-post") or self.url
        method = "post" if "hx-post" in given else given.get("method", "get").lower()
        self.inside = FoundForm(urljoin(self.url, action), method, "multipart" in given.get("enctype", ""))
        self.forms.append(self.inside)
        self.by_id[given.get("id", "")] = self.inside

    def start_input(self, given: dict[str, str]) -> None:
        self.owner, kind = given.get("form", ""), given.get("type", "text")
        value = given.get("value", "on" if kind == "checkbox" else "")
        self.add(given["name"], value if kind not in NOT_SENT or "checked" in given else None)

    def handle_data(self, data: str) -> None:
        if self.area:
            self.add(self.area, data.removeprefix("\n"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = None
        elif tag in {"textarea", "select"}:
            self.area = self.select = self.owner = ""

    def add(self, name: str, value: str | None) -> None:
        """Note a field; one that would not be sent as the page stands is noted without a value."""
        if self.owner:
            self.elsewhere.append((self.owner, name, value or ""))
        elif self.inside is not None and name:
            found = self.inside.values.setdefault(name, [])
            if value is not None:
                found.append(value)

    def close(self) -> None:
        super().close()
        for owner, name, value in self.elsewhere:
            if owner in self.by_id:
                self.by_id[owner].values.setdefault(name, []).append(value)


def forms_on(url: str, html: str) -> tuple[list[FoundForm], set[str]]:
    """Return the forms of a page, and the names of the parameters its links hold."""
    reader = FormsReader(url)
    reader.feed(html)
    reader.close()
    return reader.forms, reader.links


def forms_of(client: Any, examples: list[Example]) -> Iterator[tuple[Example, list[FoundForm], set[str]]]:
    """Yield each page among the examples that this client may open, with its forms and the parameters of its links."""
    for example in examples:
        if example.is_page:
            response = client.get(example.url)
            if response.status_code == 200:
                yield example, *forms_on(example.url, response.content.decode())
