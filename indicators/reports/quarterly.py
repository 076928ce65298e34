"""The quarterly report on a program: all its values, what it did, what came of it, what is at risk, and the sources."""

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capred_portal.figures import REGISTRY, TOTAL, Figure
from indicators.breakdowns import small_enough
from indicators.models import Period
from indicators.program_values import ProgramValue, program_values
from indicators.reports.brief import done_in, has_demo, overdue_figure
from indicators.reports.goals import progress_by_goal, standing_words
from indicators.reports.kinds import ReportKind, register, scope
from indicators.reports.moves import Move, finding, moves_of, signatures
from indicators.reports.program_period import in_quarter, is_running, program_and_period
from indicators.reports.records import Listed, closed_in, outcomes_in, risks_of, still_open, workshops_in
from indicators.reports.told import Correction, corrections, editions_of, parts_of_all
from programs.figures.people import PART_TITLES, breakdowns, rows_in
from programs.models import Program, Workshop

MOST_ROWS = 40
LISTS = ("workshops", "outcomes", "open", "closed")
# The figures a report holds, in the order their rules are told in.
CODES = (
    *("workshops-held", "unique-people", "attendances", "outcomes-recorded", "support-given"),
    *("organisations-supported", "actions", "actions-done", "actions-open", "actions-overdue"),
)


@dataclass(frozen=True)
class ValueRow:
    """One value with how it moved and what was corrected since it was reported."""

    move: Move
    corrections: list[Correction]


@dataclass(frozen=True)
class WorkshopRow:
    """A workshop of the quarter and how many people on its list came."""

    workshop: Workshop
    came: int


def title(about: dict[str, Any]) -> str:
    return _("Quarterly report on %(program)s, %(period)s") % about


def content(about: dict[str, Any]) -> dict[str, Any]:
    """Return what the report shows, from a constant number of queries."""
    program, period = about["program"], about["period"]
    values = program_values(program, period)
    moves, corrected = moves_of(values, period), corrections(program, period)
    figures, late = done_in(program, period), overdue_figure(program)
    parts, done = parts_of_all(values, program, period), work(program, period)
    risks = risks_of(program, MOST_ROWS)
    shown_rows = (risks, *(done[name] for name in LISTS), *done["action_figures"], done["receivers"], done["came"])
    return {
        **about,
        "is_running": is_running(period),
        "has_demo": has_demo(program, [*figures, late, *shown_rows], values),
        "figures": figures,
        "late": late,
        "finding": finding(moves),
        "signatures": signatures(moves),
        "standing": standing_words(values),
        "values": values,
        "rows": [ValueRow(move, corrected.get(move.value.indicator.pk, [])) for move in moves if says(move.value)],
        "untold": [value for value in values if not says(value)],
        "parts": parts,
        "withholds": any(small_enough(each.breakdowns) for each in parts),
        "progress": progress_by_goal(program, values),
        **done,
        "risks": risks,
        "editions": editions_of(values),
        "methods": [REGISTRY[code] for code in CODES],
    }


def work(program: Program, period: Period) -> dict[str, Any]:
    """Return what the program did in the quarter and what came of it."""
    here = in_quarter(program, period)
    groups = breakdowns(here)
    return {
        "workshops": workshop_rows(program, period),
        "groups": [(PART_TITLES[by], shown(parts)) for by, parts in groups.items()],
        "came": groups["sex"][TOTAL],
        "outcomes": outcomes_in(program, period, MOST_ROWS),
        "outcome_kinds": shown(REGISTRY["outcomes-recorded"].figures(in_quarter(program, period, by="kind"))),
        "action_figures": [
            REGISTRY["actions"].figures(here)[TOTAL],
            REGISTRY["actions-done"].figures(here)[TOTAL],
            REGISTRY["actions-open"].figures(scope(program=program.slug))[TOTAL],
        ],
        "open": still_open(program, MOST_ROWS),
        "closed": closed_in(program, period, MOST_ROWS),
        "support_kinds": shown(REGISTRY["support-given"].figures(in_quarter(program, period, by="kind"))),
        "receivers": REGISTRY["organisations-supported"].figures(here)[TOTAL],
    }


def says(value: ProgramValue) -> bool:
    """Tell whether there is more to show of an indicator than that nobody told anything."""
    return value.reading is not None or bool(value.path.points) or value.standing.latest is not None


def shown(parts: dict[str, Figure]) -> list[Figure]:
    """Return the parts of a figure that are not 0; a withheld one is not."""
    return [part for key, part in parts.items() if key != TOTAL and part.value != 0]


def workshop_rows(program: Program, period: Period) -> Listed:
    """Return the workshops of the quarter with their attendances, from two queries."""
    held = workshops_in(program, period, MOST_ROWS)
    came = rows_in(in_quarter(program, period), "came").values_list("workshop").annotate(came=Count("pk"))
    counts = dict(came)
    return replace(held, rows=[WorkshopRow(row, counts.get(row.pk, 0)) for row in held.rows])


QUARTERLY = register(
    ReportKind(
        name="quarterly",
        label=gettext_lazy("Quarterly report"),
        template="reports/_quarterly.html",
        subject=program_and_period,
        title=title,
        content=content,
    )
)
