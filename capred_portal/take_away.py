"""What can be taken away as files: tables and figures, by the part of the portal that owns their rows."""

from dataclasses import dataclass, field
from typing import Any

from django.apps import apps

from capred_portal.figures import REGISTRY, Definition, Words
from capred_portal.tables import Table, tables_for

APPS = ("programs", "enterprises", "indicators", "capred_portal")  # what people ask for most comes first


@dataclass(frozen=True)
class Section:
    """The files of one part of the portal."""

    name: str
    title: Words
    tables: list[Table] = field(default_factory=list)
    figures: list[Definition] = field(default_factory=list)


def sections_for(user: Any) -> list[Section]:
    """Return the tables a role may read and all figures, each by title within the app that owns its rows."""
    found = {name: Section(name, apps.get_app_config(name).verbose_name) for name in APPS}
    for table in tables_for(user):
        found[table.app].tables.append(table)
    for each in sorted(REGISTRY.values(), key=lambda each: str(each.title)):
        found[each.app].figures.append(each)
    return [section for section in found.values() if section.tables or section.figures]
