"""Figures by who owns and leads firms: on the register, and as suppliers in links that are alive."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from capred_portal.figures import TOTAL, Figure, Scope, Words, figure, small_cells
from capred_portal.filters import filtered
from enterprises.figures.links import at_end, left_out
from enterprises.figures.parts import SCOPES, firms_in
from enterprises.figures.withheld import is_one_way
from enterprises.filters.enterprises import EnterpriseFilter
from enterprises.filters.links import LinkFilter
from enterprises.filters.owners import LABELS, answer_of
from enterprises.models import SupplyLink

BY = ("women", "disability")


@dataclass(frozen=True)
class Answer:
    """How many rows have an answer, invented ones among them, and the firms behind."""

    value: int = 0
    demo: int = 0
    firms: int = 0


def answers_to(rows: Any, question: str, firm: str = "", **counted: Any) -> dict[str, Answer]:
    """Return how many rows have each answer, from one query; without a question all of them under "total"."""
    numbers = {"all": Count("pk"), "demo": Count("pk", filter=Q(is_demo=True)), **counted}
    if not question:
        return {TOTAL: Answer(*rows.aggregate(**numbers).values())}
    parts = rows.annotate(answer=answer_of(question, firm)).values_list("answer").annotate(**numbers).order_by()
    return {answer: Answer(*found) for answer, *found in parts}


def by_answer(
    total: Figure, answers: Mapping[str, Answer], question: str, url: Callable[[str], str]
) -> dict[str, Figure]:
    """Return a total with its parts; small parts are withheld from those who may not read what firms told.

    Parts are judged by the firms behind them, and these readers get no rows: their lists do not know the question.
    """
    total = replace(
        total,
        value=sum(answer.value for answer in answers.values()),
        has_demo=any(answer.demo for answer in answers.values()),
    )
    if not question:
        return {TOTAL: total}
    parts = {}
    for key, label in LABELS[question].items():
        answer = answers.get(key, Answer())
        rows_url = "" if total.scope.hides_small_cells else url(key)
        parts[key] = replace(
            total, label=label, value=answer.value, has_demo=answer.demo > 0, rows_url=rows_url, excluded=()
        )
    if total.scope.hides_small_cells:
        hidden = small_cells({key: answers.get(key, Answer()).firms for key in parts})
        parts = {
            key: part.as_withheld() if key in hidden or not is_one_way(total.scope) else part
            for key, part in parts.items()
        }
    return {TOTAL: total, **parts}


@figure(
    "enterprises-owners",
    title=_("Enterprises by who runs them"),
    rule=_(
        "Firms on the register by what they state of their owners: owned or led by women, or an owner with disability."
        " Firms that do not state it are a part of their own."
    ),
    unit=_("enterprises"),
    filters=EnterpriseFilter,
    scopes=SCOPES,
    by=BY,
)
def enterprises_owners(scope: Scope) -> dict[str, Figure]:
    """Count firms by what they say of their owners."""
    answers = answers_to(firms_in(scope), scope.by, firms=Count("pk"))
    url = reverse("enterprises:list")
    title = _("Enterprises on the register")
    total = Figure("enterprises-owners", title, 0, _("enterprises"), rows_url=url + scope.query(), scope=scope)
    return by_answer(total, answers, scope.by, lambda key: url + scope.query(**{scope.by: key}))


@figure(
    "links-alive-owners",
    title=_("Links alive by who runs the supplier"),
    rule=_(
        "Links alive at the end of the year or quarter, or today where that is not over, by what the supplier states of"
        " its owners. Province and sector are the supplier's. Each link counts once."
    ),
    unit=_("links"),
    filters=LinkFilter,
    scopes=("year", "quarter", "province", "sector"),
    by=BY,
)
def links_alive_owners(scope: Scope) -> dict[str, Figure]:
    """Count links alive by what their suppliers say of their owners."""
    now = at_end(scope)
    rows = filtered(LinkFilter, SupplyLink.objects.standing(), now)
    answers = answers_to(rows, scope.by, "supplier__", firms=Count("supplier", distinct=True))
    url = reverse("links:list")
    title: Words = _("Links alive")
    total = Figure("links-alive-owners", title, 0, _("links"), rows_url=url + now.query(), scope=scope)
    figures = by_answer(total, answers, scope.by, lambda key: url + now.query(**{scope.by: key}))
    return figures | {TOTAL: replace(figures[TOTAL], excluded=left_out)}
