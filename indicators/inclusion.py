"""Inclusion: women, people with disability, youth and firms run by women in everything the portal counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capred_portal.figures import REGISTRY, TOTAL, Figure, Scope, Words, number
from capred_portal.filters import YearField
from capred_portal.plotting import Cell as TableCell
from capred_portal.plotting import SvgChart, Table
from capred_portal.ranked_bars import Row, ranked_bars
from enterprises.models import Province
from programs.figures.people import breakdowns
from programs.models import Program

WOMEN, DISABILITY, YOUTH, FIRMS = "women", "disability", "youth", "firms"
GROUPS: dict[str, Words] = {
    WOMEN: gettext_lazy("Women"),
    DISABILITY: gettext_lazy("People with disability"),
    YOUTH: gettext_lazy("Youth, 18 to 35"),
    FIRMS: gettext_lazy("Owned or led by women"),
}
# Group: the breakdown it is a part of, its key, and the keys of those who are not known.
OF_PEOPLE = {
    WOMEN: ("sex", "f", ("unknown",)),
    DISABILITY: ("disability", "yes", ("refused", "unknown")),
    YOUTH: ("age", "18-35", ("unknown",)),
}
OF_FIRMS = {FIRMS: ("women", "yes", ("none",)), DISABILITY: ("disability", "yes", ("none",))}
OF_OWNERS = {WOMEN: OF_PEOPLE[WOMEN]}
OF_JOBS = {WOMEN: OF_PEOPLE[WOMEN], DISABILITY: ("disability", "yes", ("none",))}


@dataclass(frozen=True)
class Area:
    """One row of the table: its figure, its name, the groups it tells.

    `unasked` are the groups that it could tell if somebody asked.
    """

    code: str
    title: Words
    groups: Mapping[str, tuple[str, str, tuple[str, ...]]]
    unasked: tuple[str, ...] = ()


AREAS = (
    Area("attendances", gettext_lazy("Attendances at workshops"), OF_PEOPLE),
    Area("unique-people", gettext_lazy("People who came, each once"), OF_PEOPLE),
    Area("actions-owned", gettext_lazy("Actions owned by a person"), OF_OWNERS, (DISABILITY, YOUTH)),
    Area("enterprises-supported", gettext_lazy("Enterprises supported"), OF_FIRMS, (YOUTH,)),
    Area("jobs-supported", gettext_lazy("Jobs in supported enterprises"), OF_JOBS, (YOUTH,)),
    Area("enterprises-owners", gettext_lazy("Enterprises on the register"), OF_FIRMS, (YOUTH,)),
    Area("links-alive-owners", gettext_lazy("Links alive, by their supplier"), OF_FIRMS, (YOUTH,)),
)
AT_ONCE = {"attendances": "came", "unique-people": "people"}  # all breakdowns from one query
FILTERS: dict[str, Words] = {
    "program": gettext_lazy("whatever the program"),
    "province": gettext_lazy("whatever the province"),
    "year": gettext_lazy("as of today"),
}


class InclusionForm(forms.Form):
    """What part of the portal's records the page looks at."""

    program = forms.ModelChoiceField(
        label=gettext_lazy("Program"),
        queryset=Program.objects.active(),
        to_field_name="slug",
        empty_label=gettext_lazy("Any"),
        required=False,
    )
    province = forms.ModelChoiceField(
        label=gettext_lazy("Province"),
        queryset=Province.objects.all(),
        empty_label=gettext_lazy("Any"),
        required=False,
    )
    year = YearField(
        label=gettext_lazy("Year"),
        required=False,
        widget=forms.TextInput(attrs={"maxlength": 9, "placeholder": "2024, 2024-25"}),
    )

    def params(self) -> dict[str, str]:
        """Return what was asked as parameters of figures; what makes no sense is left out, and said at the field."""
        self.is_valid()
        asked = self.cleaned_data
        program, province = asked.get("program"), asked.get("province")
        given = {
            "program": program.slug if program else "",
            "province": province.code if province else "",
            "year": asked.get("year") or "",
        }
        return {name: value for name, value in given.items() if value}


# The table


@dataclass(frozen=True)
class Share:
    """How many of a group, of how many whose answer is known; `known` is None where that is withheld or missing."""

    figure: Figure
    known: int | None

    @property
    def percent(self) -> Decimal | None:
        """The share in per cent; None where either is withheld, or nobody's answer is known."""
        if self.figure.value is None or not self.known:
            return None
        return (Decimal(100 * self.figure.value) / self.known).quantize(Decimal("0.1"))


@dataclass(frozen=True)
class Line:
    """One row: all of an area, each group as a share of what is known, and the filters that do not narrow it."""

    area: Area
    total: Figure
    shares: Mapping[str, Share]
    whatever: tuple[Words, ...]

    @property
    def cells(self) -> list[tuple[Share | None, bool]]:
        """One cell for each group, in order: its share, and whether it is unknown because nobody asks."""
        return [(self.shares.get(group), group in self.area.unasked) for group in GROUPS]


def lines_of(role: str, params: Mapping[str, str]) -> list[Line]:
    """Return the table for a role and the filters: a constant number of queries."""
    return [line_of(area, role, params) for area in AREAS]


def line_of(area: Area, role: str, params: Mapping[str, str]) -> Line:
    scopes = REGISTRY[area.code].scopes
    scope = Scope(role, {name: value for name, value in params.items() if name in scopes})
    figures = parts_of(area, scope)
    total = next(iter(figures.values()))[TOTAL]
    shares = {group: share_of(figures[by], key, silent) for group, (by, key, silent) in area.groups.items()}
    whatever = tuple(words for name, words in FILTERS.items() if name in params and name not in scopes)
    return Line(area, total, shares, whatever)


def parts_of(area: Area, scope: Scope) -> Mapping[str, Mapping[str, Figure]]:
    """Return the figure of an area by each breakdown that its groups need."""
    if area.code in AT_ONCE:
        return breakdowns(scope, AT_ONCE[area.code])
    wanted = [by for by, _key, _silent in area.groups.values()]
    return {by: REGISTRY[area.code].figures(Scope(scope.role, {**scope.params, "by": by})) for by in wanted}


def share_of(figures: Mapping[str, Figure], key: str, silent: tuple[str, ...]) -> Share:
    """Return the part of a group, and how many are known: all without those who did not answer."""
    unknown = [figures[name].value for name in silent]
    total = figures[TOTAL].value
    if total is None or None in unknown:
        return Share(figures[key], None)
    return Share(figures[key], int(total) - sum(int(value or 0) for value in unknown))


# The pictures


def chart_of(group: str, lines: list[Line]) -> SvgChart | None:
    """Draw the share of a group in each area that tells it; the title names the highest and the lowest."""
    rows = [(line, line.shares[group]) for line in lines if group in line.shares]
    drawn = [(line, share.percent) for line, share in rows if share.percent is not None]
    if not drawn:
        return None
    name = str(GROUPS[group])
    bars: list[Row] = [(str(line.area.title), [(percent, f"{percent} %")]) for line, percent in drawn]
    return SvgChart(
        title=finding(name, [(str(line.area.title), percent) for line, percent in drawn]),
        source=_("Records of this portal. In per cent of those whose answer is known; what is withheld is not drawn."),
        picture=ranked_bars(bars, names=[name], most=100),
        table=Table(
            _("Counted"),
            [name, _("Known"), "%"],
            [(str(line.area.title), cells(share)) for line, share in rows if share.percent is not None],
        ),
        has_demo=any(line.total.has_demo for line, _percent in drawn),
    )


def finding(name: str, shares: list[tuple[str, Decimal]]) -> str:
    """Say where the share is highest and lowest."""
    (low_at, low), (high_at, high) = (pick(shares, key=lambda pair: pair[1]) for pick in (min, max))
    if low == high:
        return _("%(group)s: %(share)s %% wherever it is known") % {"group": name, "share": low}
    words = _("%(group)s: from %(low)s %% (%(low_at)s) to %(high)s %% (%(high_at)s)")
    return words % {"group": name, "low": low, "low_at": low_at, "high": high, "high_at": high_at}


def cells(share: Share) -> list[TableCell]:
    """Return the numbers behind one bar."""
    numbers = (share.figure.value, share.known, share.percent)
    texts = [number(each) for each in numbers]
    return [TableCell(texts[0], share.figure.rows_url), *map(TableCell, texts[1:])]


def inclusion_parts(role: str, params: Mapping[str, str]) -> dict[str, Any]:
    """Return what the page shows."""
    lines = lines_of(role, params)
    charts = [chart_of(group, lines) for group in (WOMEN, DISABILITY)]
    return {
        "groups": GROUPS.values(),
        "lines": lines,
        "charts": [chart for chart in charts if chart],
        "has_demo": any(line.total.has_demo for line in lines),
    }
