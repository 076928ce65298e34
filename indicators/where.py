"""Where clusters could grow: the question of the page, what may be compared, and the strongest cells in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from capred_portal.access import KEEPERS
from enterprises.coverage import coverage
from enterprises.models import Completeness, Province, Sector
from indicators.analytics.location_quotients import Territory, comparable_territory
from indicators.analytics.suppression import hidden_cells
from indicators.frames import place_counts
from indicators.places import strongest
from indicators.where_charts import best_by_province, quotients_heat_map

MANUFACTURING, EVERYTHING = "C", "all"
MEASURES = [("firms", _("Firms")), ("jobs", _("Jobs"))]
REGISTERS = [("real", _("The register")), ("demo", _("Demonstration rows"))]


@dataclass(frozen=True)
class Question:
    """What the page is asked: which measure, which section of ISIC is shown, and whose rows."""

    by: str = "firms"
    section: str = MANUFACTURING
    rows: str = ""  # whichever can be compared, real rows first


class WhereForm(forms.Form):
    """What to compare, and which part of it to show."""

    by = forms.ChoiceField(label=_("Counted in"), choices=MEASURES, required=False)
    section = forms.ChoiceField(label=_("Section"), required=False)
    rows = forms.ChoiceField(label=_("Rows"), choices=[("", _("What can be compared")), *REGISTERS], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sections = Sector.objects.filter(level=Sector.Level.SECTION)
        choices: Any = self.fields["section"]
        choices.choices = [*((row.code, str(row)) for row in sections), (EVERYTHING, _("All sections"))]

    @classmethod
    def asked(cls, given: Mapping[str, str]) -> WhereForm:
        """Return the form as asked by the address, with what it leaves open as it is by default."""
        return cls({"by": "firms", "section": MANUFACTURING} | {name: text for name, text in given.items() if text})

    def question(self) -> Question:
        """Return what was asked; what makes no sense is left as it is by default."""
        asked = self.cleaned_data if self.is_valid() else {}
        given = {name: asked[name] for name in ("by", "section", "rows") if asked.get(name)}
        return Question(**given)


def where_parts(role: str, question: Question) -> dict[str, Any]:
    """Return what the page shows: the comparison where there may be one, and where not, why."""
    declared = list(Completeness.objects.active().select_related("province", "sector"))
    provinces, divisions = Province.objects.in_bulk(), Sector.objects.divisions().in_bulk()
    territories = {
        is_demo: territory_of([row for row in declared if row.is_demo == is_demo], provinces, divisions)
        for is_demo in (False, True)
    }
    is_demo = question.rows == "demo" or (not question.rows and not territories[False] and bool(territories[True]))
    territory = territories[is_demo]
    parts = {
        "question": question,
        "is_demo": is_demo,
        "territory": territory,
        "is_register_refused": territories[False] is None,
        "has_demo": territories[True] is not None,
        "declared": [row for row in declared if row.is_demo == is_demo],
    }
    if territory is None:
        return parts
    counts = place_counts(is_demo=is_demo, with_jobs=question.by == "jobs")
    hidden = None if role in KEEPERS else hidden_cells(counts.firms)
    places = strongest(counts, territory, provinces, divisions, hidden)
    shown = [place for place in places if question.section in (EVERYTHING, place.division.section)]
    withheld = 0 if hidden is None else int(hidden.loc[territory.provinces, territory.divisions].to_numpy().sum())
    compared = int(counts.firms.loc[territory.provinces, territory.divisions].to_numpy().sum())
    return parts | {
        "places": shown,
        "heat": quotients_heat_map(shown, [provinces[code] for code in territory.provinces], hidden, is_demo=is_demo),
        "tiles": best_by_province(shown, list(provinces.values()), territory.provinces, is_demo=is_demo),
        "withheld": withheld,
        "compared": compared,
        "outside": int(counts.firms.to_numpy().sum()) - compared,
        "unplaced": counts.unplaced,
        "coverage": "" if is_demo else coverage(int(counts.firms.to_numpy().sum()) + counts.unplaced).words,
        "shows_jobs": question.by == "jobs" and role in KEEPERS,
    }


def territory_of(
    declared: list[Completeness], provinces: dict[str, Province], divisions: dict[str, Sector]
) -> Territory | None:
    """Return where a comparison may be made; a province and a division declared together say too little for one."""
    if not declared:
        return None
    import pandas as pd

    labels = pd.DataFrame(index=list(provinces), columns=list(divisions))
    return comparable_territory(
        labels,
        {row.province_id for row in declared if row.province_id and not row.sector_id},
        {row.sector_id for row in declared if row.sector_id and not row.province_id},
    )
