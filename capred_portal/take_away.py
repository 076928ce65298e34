"""What can be taken away as files: tables and figures, by the part of the portal that owns their rows."""

from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.urls import reverse

from capred_portal.figures import REGISTRY, Words
from capred_portal.tables import tables_for

APPS = ("programs", "enterprises", "indicators", "capred_portal")  # what people ask for most comes first


@dataclass(frozen=True)
class Line:
    """A table or a figure: its page, what one row of it is or its unit, and the addresses of its files."""

    title: Words
    page: str
    about: Words
    csv: str
    xlsx: str


@dataclass(frozen=True)
class Section:
    """The files of one part of the portal."""

    name: str
    title: Words
    tables: list[Line] = field(default_factory=list)
    figures: list[Line] = field(default_factory=list)


def line(route: str, name: str, title: Words, about: Words) -> Line:
    """Return the line of what has its page at `route` and its files at `route`_file."""
    files = (reverse(f"{route}_file", args=[name, kind]) for kind in ("csv", "xlsx"))
    return Line(title, reverse(route, args=[name]), about, *files)


def sections_for(user: Any) -> list[Section]:
    """Return the tables a role may read and all figures, each by title within the app that owns its rows."""
    found = {name: Section(name, apps.get_app_config(name).verbose_name) for name in APPS}
    for table in tables_for(user):
        found[table.app].tables.append(line("table", table.name, table.title, table.one_row))
    for each in sorted(REGISTRY.values(), key=lambda each: str(each.title)):
        found[each.app].figures.append(line("figure", each.code, each.title, each.unit))
    return [section for section in found.values() if section.tables or section.figures]
