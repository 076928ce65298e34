"""Imported inputs as firms report them: the mean of their shares by division and by year, and how many stand behind."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capred_portal.figures import REGISTRY, STATE_WORDS, TOTAL, Figure, Scope, number
from capred_portal.line_charts import decimals_shown
from capred_portal.plotting import Cell, SvgChart, Table
from capred_portal.ranked_bars import Row, ranked_bars
from enterprises.figures.imported_inputs import shares_of, stated_cells, yearly_cells
from indicators.inputs.import_dependency import View

SHARE, FIRMS, WEIGHTED = "imported-input-share", "imported-input-firms", "imported-input-share-by-turnover"
NAMES = [gettext_lazy("Imported share of inputs")]
COLUMNS = [gettext_lazy("Imported share of inputs"), gettext_lazy("Firms that state it")]
Figures = Mapping[str, Figure]


@dataclass(frozen=True)
class Reported:
    """What firms report, as figures: the mean and the number of firms, by division and by year; weighted, as one."""

    by_division: Figures
    firms_by_division: Figures
    by_year: Figures
    firms_by_year: Figures
    weighted: Figure

    @property
    def whole(self) -> Figure:
        return self.by_division[TOTAL]

    @property
    def firms(self) -> Figure:
        return self.firms_by_division[TOTAL]

    @property
    def last_year(self) -> str:
        return max((year for year, each in self.by_year.items() if year and each.state != "missing"), default="")

    @property
    def covered(self) -> str:
        """How much of all firms the register holds, in words."""
        return str(self.whole.source)


def reported(role: str) -> Reported:
    """Return what firms report as that role may see it; five queries."""
    by_division, by_year = Scope(role, {"by": "sector"}), Scope(role, {"by": "year"})
    whole, divisions = stated_cells(by_division)
    return Reported(
        *shares_of(by_division, whole, divisions),
        *shares_of(by_year, whole, yearly_cells(by_year)),
        REGISTRY[WEIGHTED].figures(Scope(role))[TOTAL],
    )


def reported_view(found: Reported) -> View:
    """Return the view of what firms report."""
    return View(
        kind=_("Reported by firms"),
        value=share_text(found.whole),
        year=found.last_year,
        share_of=_(
            "is what firms import of their inputs on average: the latest year of each, each firm counting the same"
        ),
        cannot=_("It cannot speak for firms that are not on the register or do not answer."),
        source=found.covered,
        anchor="firms",
        code=SHARE,
        has_demo=found.whole.has_demo,
    )


def share_text(one: Figure) -> str:
    """Return a share as it is written, or the word for why there is none."""
    return f"{decimals_shown(1)(one.value)} %" if one.value is not None else str(STATE_WORDS[one.state])


def count_text(one: Figure) -> str:
    return number(one.value) if one.value is not None else str(STATE_WORDS[one.state])


def told(figures: Figures) -> list[tuple[str, Figure]]:
    """Return the parts that somebody states, those that are withheld among them."""
    return [(key, one) for key, one in figures.items() if key != TOTAL and one.state != "missing"]


def divisions_chart(found: Reported) -> SvgChart | None:
    """Draw the divisions, the highest mean on top, what is withheld at the end."""
    parts = sorted(told(found.by_division), key=lambda part: -(part[1].value if part[1].value is not None else -1))
    if not parts:
        return None
    return SvgChart(
        title=divisions_title(found, parts[0][1]),
        source=_("Records of this portal. %(covered)s") % {"covered": found.covered},
        picture=ranked_bars([bar(one, found.firms_by_division[key]) for key, one in parts], names=NAMES, most=100),
        table=Table(
            _("Division"),
            [str(name) for name in COLUMNS],
            [row(one, found.firms_by_division[key]) for key, one in parts],
        ),
        has_demo=any(one.has_demo for _key, one in parts),
        code=SHARE,
    )


def divisions_title(found: Reported, top: Figure) -> str:
    """Say the mean, and where it is highest."""
    if found.whole.value is None:
        return _("What firms say of imported inputs rests on too few of them to be shown")
    words = {"share": share_text(found.whole), "division": top.label, "most": share_text(top)}
    if top.value is None:
        return _("Firms import %(share)s of their inputs on average") % words
    return _("Firms import %(share)s of their inputs on average; the most in %(division)s: %(most)s") % words


def years_chart(found: Reported) -> SvgChart | None:
    """Draw the means of the years apart: the firms that answer differ, so that no change is claimed."""
    parts = sorted(told(found.by_year), reverse=True)
    shown = [(year, one) for year, one in parts if one.value is not None]
    if not shown:
        return None
    year, newest = shown[0]
    words = {"share": share_text(newest), "year": year, "firms": count_text(found.firms_by_year[year])}
    return SvgChart(
        title=_("For %(year)s, %(firms)s firms state that they import %(share)s of their inputs on average") % words,
        source=_("Records of this portal. Not the same firms answer every year: this is no measure of change."),
        picture=ranked_bars([bar(one, found.firms_by_year[key]) for key, one in parts], names=NAMES, most=100),
        table=Table(
            _("Year"), [str(name) for name in COLUMNS], [row(one, found.firms_by_year[key]) for key, one in parts]
        ),
        has_demo=any(one.has_demo for _year, one in parts),
        code=SHARE,
    )


def bar(one: Figure, count: Figure) -> Row:
    """Return the bar of one part: its mean, with the number of firms beside it unless that is withheld."""
    firms = "" if count.value is None else " · " + _("firms: %(count)s") % {"count": count_text(count)}
    return str(one.label), [(one.value, share_text(one) + firms)]


def row(one: Figure, count: Figure) -> tuple[str, list[Cell]]:
    """Return the row of the table for one part; the number of firms leads to them."""
    return str(one.label), [Cell(share_text(one)), Cell(count_text(count), count.rows_url)]
