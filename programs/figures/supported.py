"""Figures over the enterprises that programs support: who runs them, and their jobs."""

from dataclasses import replace
from typing import Any

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from capred_portal.figures import SMALL_CELL, TOTAL, Exclusion, Figure, Scope, Words, figure, withhold_small_cells
from capred_portal.filters import filtered
from enterprises.figures.owners import BY as OWNERS
from enterprises.figures.owners import answers_to, by_answer
from enterprises.models import Enterprise
from programs.filters.programs import SupportFilter
from programs.models import Support

SCOPES = ("program", "kind", "year", "quarter", "province")
STATED = Q(latest__employees__isnull=False)
# What a list of firms may be asked to add up, of firms that state how many people they employ.
JOBS = {
    "jobs": Sum("latest__employees"),
    "jobs-women": Sum("latest__women", filter=STATED),
    "jobs-men": Sum("latest__men", filter=STATED),
    "jobs-disability": Sum("latest__with_disability", filter=STATED),
}
# Breakdown: the parts that a list can add up, and the key of those of whom it is not known.
PARTS: dict[str, tuple[dict[str, tuple[str, Words]], str]] = {
    "sex": ({"f": ("jobs-women", _("Women")), "m": ("jobs-men", _("Men"))}, "unknown"),
    "disability": ({"yes": ("jobs-disability", _("With disability"))}, "none"),
}


def firms_behind(support: Any) -> Any:
    """Return the enterprises behind support records, each once; organisations that are none are left out."""
    receivers = support.with_receiver().filter(firm__isnull=False).order_by()
    return Enterprise.objects.filter(pk__in=receivers.values("firm")).order_by()


def firms_in(scope: Scope) -> Any:
    return firms_behind(filtered(SupportFilter, Support.objects.standing(), scope))


def rows_of(scope: Scope, **extra: str) -> str:
    return reverse("programs:supported_list") + scope.query(receiver="enterprise", **extra)


@figure(
    "enterprises-supported",
    title=_("Enterprises supported"),
    rule=_(
        "Enterprises of the register, of any size, that a program supported at least once; the year is that of the"
        " first day of the support. Each enterprise counts once. By what they state of their owners: those that do not"
        " state it are a part of their own."
    ),
    unit=_("enterprises"),
    filters=SupportFilter,
    scopes=SCOPES,
    by=OWNERS,
)
def enterprises_supported(scope: Scope) -> dict[str, Figure]:
    """Count the firms behind the support records, by what they say of their owners when asked."""
    answers = answers_to(firms_in(scope), scope.by, firms=Count("pk"))
    title = _("Enterprises supported")
    total = Figure("enterprises-supported", title, 0, _("enterprises"), rows_url=rows_of(scope), scope=scope)
    return by_answer(total, answers, scope.by, lambda key: rows_of(scope, **{scope.by: key}))


@figure(
    "jobs-supported",
    title=_("Jobs in supported enterprises"),
    rule=_(
        "The employees of each enterprise supported in the period, in its latest year on record, added up; each"
        " enterprise once. Enterprises that do not state the number are left out, and counted below. With fewer than 5"
        " enterprises behind it, it is withheld from those who may not read what one firm told."
    ),
    unit=_("employees"),
    filters=SupportFilter,
    scopes=SCOPES,
    by=tuple(PARTS),
)
def jobs_supported(scope: Scope) -> dict[str, Figure]:
    """Add up the employees of supported firms, women and men, or people with disability, apart when asked."""
    found = firms_in(scope).aggregate(
        firms=Count("pk"),
        stated=Count("pk", filter=STATED),
        demo=Count("pk", filter=STATED & Q(is_demo=True)),
        silent=Sum("latest__employees", filter=Q(latest__with_disability=None)),
        **{name.replace("-", "_"): total for name, total in JOBS.items()},
    )
    hidden = scope.hides_small_cells and 0 < found["stated"] < SMALL_CELL
    mute = found["firms"] - found["stated"]
    total = Figure(
        code="jobs-supported",
        label=_("Jobs in supported enterprises"),
        value=None if hidden or not found["stated"] else found["jobs"],
        unit=_("employees"),
        state="withheld" if hidden else "value" if found["stated"] else "missing",
        rows_url="" if scope.hides_small_cells else rows_of(scope, measure="jobs"),
        has_demo=found["demo"] > 0,
        excluded=(Exclusion(_("enterprises that do not state it"), mute),) if mute else (),
        scope=scope,
    )
    return {TOTAL: total} | (jobs_by(scope.by, total, found) if scope.by else {})


def jobs_by(by: str, total: Figure, found: dict[str, Any]) -> dict[str, Figure]:
    """Return the jobs of each group, and those of which it is not known; the parts add up to the total."""
    parts: dict[str, Figure] = {}
    groups, unknown = PARTS[by]
    for key, (measure, label) in groups.items():
        jobs = found[measure.replace("-", "_")] or 0
        url = "" if total.scope.hides_small_cells else rows_of(total.scope, measure=measure)
        parts[key] = replace(total, label=label, value=jobs, rows_url=url, excluded=())
    rest = (found["jobs"] or 0) - sum(int(part.value or 0) for part in parts.values())
    if by == "disability":
        others = rest - (found["silent"] or 0)
        parts["no"] = replace(total, label=_("Without disability"), value=others, rows_url="", excluded=())
        rest -= others
    parts[unknown] = replace(total, label=_("Unknown"), value=rest, rows_url="", excluded=())
    if total.value is None:
        return {key: replace(part, value=None, rows_url="") for key, part in parts.items()}
    return withhold_small_cells(parts) if total.scope.hides_small_cells else parts
