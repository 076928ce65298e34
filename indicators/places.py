"""The cells of the comparison as places: one division in one province, with its measures, stars and counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from capred_portal.figures import Words
from enterprises.models import Province, Sector
from indicators.analytics.location_quotients import Territory, cluster_strength, confidence
from indicators.frames import PlaceCounts

if TYPE_CHECKING:
    import pandas as pd

CONFIDENCE: dict[str, Words] = {
    "sound": _("sound"),
    "none": _("no firm"),
    "few firms": _("uncertain: fewer than 10 firms"),
    "jobs unknown": _("uncertain: jobs of more than 20 % of the firms unknown"),
    "not compared": _("not compared"),
}


@dataclass(frozen=True)
class Place:
    """One division in one province: how concentrated it is, its stars, its counts, and how far to trust them."""

    province: Province
    division: Sector
    quotient: float
    stars: int
    size: bool
    specialisation: bool
    focus: bool
    firms: int
    jobs: int | None
    jobs_known_pct: int | None
    size_pct: float
    focus_pct: float
    trust: str

    @property
    def firms_url(self) -> str:
        return f"{reverse('enterprises:list')}?{self.query}"

    @property
    def is_sound(self) -> bool:
        return self.trust == "sound"

    @property
    def query(self) -> str:
        return urlencode({"province": self.province.pk, "sector": self.division.pk})

    @property
    def star_marks(self) -> str:
        return "★" * self.stars + "☆" * (3 - self.stars)

    @property
    def star_words(self) -> str:
        """Return for what the stars were given."""
        given = {_("size"): self.size, _("specialisation"): self.specialisation, _("focus"): self.focus}
        return ", ".join(str(word) for word, is_given in given.items() if is_given)

    @property
    def start_url(self) -> str:
        return f"{reverse('clusters:new')}?{self.query}"

    @property
    def trust_words(self) -> Words:
        return CONFIDENCE[self.trust]


def strongest(
    counts: PlaceCounts,
    territory: Territory,
    provinces: dict[str, Province],
    divisions: dict[str, Sector],
    hidden: pd.DataFrame | None,
) -> list[Place]:
    """Return every cell that holds firms and may be shown, strongest first."""
    measured = counts.firms if counts.jobs is None else counts.jobs
    table = cluster_strength(measured, counts.firms, territory)
    trust = confidence(counts.firms, counts.unknown, territory)
    not_known: Any = counts.unknown
    found = []
    for (province, division), row in zip(list(table.index), table.to_dict("records"), strict=True):
        if not row["firms"] or (hidden is not None and hidden.at[province, division]):
            continue
        unknown = None if not_known is None else int(not_known.at[province, division])
        found.append(
            Place(
                province=provinces[province],
                division=divisions[division],
                quotient=float(row["quotient"]),
                stars=int(row["stars"]),
                size=bool(row["size"]),
                specialisation=bool(row["specialisation"]),
                focus=bool(row["focus"]),
                firms=int(row["firms"]),
                jobs=None if unknown is None else int(row["count"]),
                jobs_known_pct=None if unknown is None else round(100 * (1 - unknown / row["firms"])),
                size_pct=round(100 * row["size_share"], 1),
                focus_pct=round(100 * row["focus_share"], 1),
                trust=str(trust.at[province, division]),
            )
        )
    return found
