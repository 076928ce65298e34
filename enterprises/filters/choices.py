"""Filter fields over places and sectors that several lists share."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from capred_portal.languages import localized
from enterprises.models import Province, Sector


def province_filter(field_name: str = "province", **kwargs: Any) -> django_filters.ModelChoiceFilter:
    """Filter by province; `?province=none` keeps rows that state none."""
    return django_filters.ModelChoiceFilter(
        field_name=field_name,
        queryset=Province.objects.all(),
        label=_("Province"),
        empty_label=_("Any"),
        null_label=_("Not stated"),
        null_value="none",
        **kwargs,
    )


class SectorFilter(django_filters.ChoiceFilter):
    """Rows of a section or division of ISIC, whatever group or class they name; `?sector=none`: of none."""

    def __init__(self, **kwargs: Any) -> None:
        labels = {"label": _("Sector"), "empty_label": _("Any"), "null_label": _("Not stated"), "null_value": "none"}
        super().__init__(choices=sector_choices, **labels | kwargs)

    def filter(self, qs: Any, value: str) -> Any:
        if not value:
            return qs
        if value == self.null_value:
            return qs.filter(**{self.field_name: None})
        lookup = "section" if len(value) == 1 else "code__startswith"
        found = qs.filter(**{f"{self.field_name}__{lookup}": value})
        return found.distinct() if self.distinct else found


def sector_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return all sections and divisions: each section names a group and is its first choice."""
    groups: dict[str, list[tuple[str, str]]] = {}
    names: dict[str, str] = {}
    for sector in Sector.objects.filter(level__in=(Sector.Level.SECTION, Sector.Level.DIVISION)):
        choices = groups.setdefault(sector.section, [])
        if sector.level == Sector.Level.SECTION:
            names[sector.code] = str(sector)
            choices.insert(0, (sector.code, _("%(section)s: all") % {"section": localized(sector, "title")}))
        else:
            choices.append((sector.code, str(sector)))
    return [(names.get(section, section), choices) for section, choices in groups.items()]
