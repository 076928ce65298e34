"""What the overview shows: figures, charts, late actions, and what changed since the viewer was last here."""

import datetime
from typing import Any

from django.db.models import F, Value
from django.utils import timezone

from capred_portal.figures import REGISTRY, TOTAL, Figure, Scope
from capred_portal.languages import OTHER, reading_language
from indicators.charts import workshops_by_province, workshops_by_quarter
from indicators.models import Period
from indicators.strategy import strategy_parts
from programs.figures.strategy import Counts
from programs.models import Action, Outcome, Workshop

QUARTERS = 12
HEADLINES = (
    "workshops-held",
    "outcomes-recorded",
    "unique-people",
    "actions-open",
    "actions-overdue",
    "questions-open",
)


def total(code: str, role: str) -> Figure:
    """Return one figure over everything."""
    return REGISTRY[code].figures(Scope(role))[TOTAL]


def overview_parts(role: str, counts: dict[str, Counts]) -> dict[str, Any]:
    """Return everything on the overview that is the same for all readers of a role; `counts` are those by goal."""
    held = REGISTRY["workshops-held"]
    quarters = held.figures(Scope(role, {"by": "quarter"}))
    places = held.figures(Scope(role, {"by": "province"}))
    last = [each.code for each in Period.quarters_until(timezone.localdate(), QUARTERS)]  # with the running one
    return {
        "headlines": [places[TOTAL], *(total(code, role) for code in HEADLINES[1:])],
        "by_quarter": workshops_by_quarter(quarters, last),
        "by_province": workshops_by_province(places),
        "overdue": Action.objects.active().overdue().select_related(*Action.OWNERS)[:6],
        **strategy_parts(role, counts, with_lines=False),
    }


def newest_changes(*, most: int = 8) -> list[dict[str, Any]]:
    """Return the newest changes to workshops, outcomes and actions, newest first."""
    parts = []
    for model, name in ((Workshop, "title"), (Outcome, "text"), (Action, "text")):
        words = {"noun": Value(model._meta.model_name), "en": F(f"{name}_en"), "km": F(f"{name}_km")}
        newest = model.objects.active().order_by("-updated_at").values("pk")[:most]
        rows = model.objects.filter(pk__in=newest).order_by()
        parts.append(rows.values("pk", "updated_at", "version", "is_demo", **words))
    changes: Any = parts[0].union(*parts[1:], all=True).order_by("-updated_at")[:most]
    language = reading_language()
    return [change | {"text": change[language] or change[OTHER[language]]} for change in changes]


def changes_since(user: Any, newest: list[dict[str, Any]]) -> dict[str, Any]:
    """Keep the changes the user has not seen: those since the previous session, or of the last 30 days."""
    since = user.previous_login or timezone.now() - datetime.timedelta(days=30)
    changes = [change for change in newest if change["updated_at"] > since]
    return {"since": since, "is_first_session": user.previous_login is None, "changes": changes}
