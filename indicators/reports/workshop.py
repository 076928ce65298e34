"""The report on a workshop: what was agreed, who came by group, what was said and which papers there are."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capred_portal.figures import TOTAL, Figure
from capred_portal.keys import key_in
from capred_portal.languages import localized
from capred_portal.models import Document
from indicators.reports.kinds import ReportKind, register, scope
from programs.figures import people
from programs.models import Action, AgendaItem, Outcome, Statement, Workshop, WorkshopHost

MOST_LINES = 200  # of outcomes and of actions: a report is read from beginning to end


def subject(params: Mapping[str, str]) -> dict[str, Any]:
    """Return the workshop that `workshop` names with all that is told of it, whatever the language."""
    hosts = WorkshopHost.objects.active().select_related("organisation")
    rows = Workshop.objects.active().select_related("program", "province")
    parts = (
        "topics",
        "goals__framework",
        Prefetch("hosts", hosts),
        Prefetch("agenda", AgendaItem.objects.active().prefetch_related("speakers")),
        Prefetch("documents", Document.objects.active()),
        Prefetch("statements", Statement.objects.active().select_related("person")),
    )
    workshop = get_object_or_404(rows.prefetch_related(*parts), pk=key_in(params.get("workshop", "")))
    outcomes = Outcome.objects.active().filter(workshop=workshop).select_related("theme").order_by("pk")
    actions = Action.objects.active().of_workshop(workshop)
    return {
        "workshop": workshop,
        "outcomes": list(outcomes[: MOST_LINES + 1]),
        "actions": list(actions.select_related(*Action.OWNERS)[: MOST_LINES + 1]),
        "people": attendance(workshop),
    }


def attendance(workshop: Workshop) -> dict[str, Any]:
    """Return who came, by group; groups of few are withheld, whoever asks."""
    asked = scope(workshop=str(workshop.pk))
    parts = people.breakdowns(asked)
    return {
        "came": parts["sex"][TOTAL],
        "heads": people.head_count(asked)[TOTAL],
        "groups": [(people.PART_TITLES[by], groups_of(found)) for by, found in parts.items()],
    }


def groups_of(found: dict[str, Figure]) -> list[Figure]:
    """Return the groups somebody belongs to, or may belong to."""
    return [part for key, part in found.items() if key != TOTAL and (part.value or part.state != "value")]


def title(subject: dict[str, Any]) -> str:
    return _("Workshop report: %(title)s") % {"title": localized(subject["workshop"], "title")}


def content(subject: dict[str, Any]) -> dict[str, Any]:
    """Return what the template shows; lines beyond the most are left out, and it says so."""
    outcomes, actions = subject["outcomes"], subject["actions"]
    return {
        **subject,
        "has_demo": has_demo(subject),
        "outcomes": outcomes[:MOST_LINES],
        "actions": actions[:MOST_LINES],
        "is_cut": max(len(outcomes), len(actions)) > MOST_LINES,
        "most": MOST_LINES,
    }


def has_demo(subject: dict[str, Any]) -> bool:
    """Tell whether the workshop, a row of the report or one behind its counts is invented."""
    workshop, told = subject["workshop"], subject["people"]
    parts = (workshop.agenda, workshop.documents, workshop.statements)
    rows = [workshop, *subject["outcomes"], *subject["actions"], *(row for part in parts for row in part.all())]
    return told["came"].has_demo or told["heads"].has_demo or any(row.is_demo for row in rows)


WORKSHOP = register(
    ReportKind(
        name="workshop",
        label=gettext_lazy("Workshop report"),
        template="reports/_workshop.html",
        subject=subject,
        title=title,
        content=content,
    )
)
