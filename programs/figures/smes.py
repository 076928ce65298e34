"""Figures over the small and medium enterprises that programs reach: by support, by workshops, each once."""

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from capred_portal.figures import TOTAL, Figure, Scope, figure
from capred_portal.filters import filtered
from enterprises.models import Enterprise
from programs.filters.smes import WAYS, SmeFilter

SCOPES = ("program", "year", "quarter", "province", "sector")


def counted(code: str, label: Any, scope: Scope, **way: str) -> Figure:
    """Return how many SMEs were reached in a way: one query."""
    narrowed = Scope(scope.role, {name: value for name, value in scope.params.items() if name != "by"} | way)
    rows = filtered(SmeFilter, Enterprise.objects.active(), narrowed)
    found = rows.aggregate(all=Count("pk"), demo=Count("pk", filter=Q(is_demo=True)))
    return Figure(
        code=code,
        label=label,
        value=found["all"],
        unit=_("enterprises"),
        rows_url=reverse("programs:sme_list") + narrowed.query(),
        has_demo=found["demo"] > 0,
        scope=scope,
    )


@figure(
    "smes-supported",
    title=_("SMEs supported"),
    rule=_(
        "Enterprises of the register that are micro, small or medium by the official definition of their latest year on"
        " record, and that a program supported at least once; the year is that of the first day of the support. Each"
        " enterprise counts once; one whose size is not known does not count."
    ),
    unit=_("enterprises"),
    filters=SmeFilter,
    scopes=SCOPES,
)
def smes_supported(scope: Scope) -> dict[str, Figure]:
    """Count the SMEs behind the support records."""
    return {TOTAL: counted("smes-supported", _("SMEs supported"), scope, way="support")}


@figure(
    "smes-reached",
    title=_("SMEs reached"),
    rule=_(
        "Micro, small and medium enterprises that a program supported, or for whose organization somebody came to a"
        " workshop; the year is that of the support's or workshop's first day. Each enterprise counts once. One reached"
        " in both ways is in both parts, and the last part says how many these are. One whose size is not known, or"
        " whose organization is not named in the register, does not count."
    ),
    unit=_("enterprises"),
    filters=SmeFilter,
    scopes=(*SCOPES, "way"),
    by=("way",),
)
def smes_reached(scope: Scope) -> dict[str, Figure]:
    """Count the SMEs that were reached, by either way and by each when asked."""
    parts = {way: counted("smes-reached", label, scope, way=way) for way, label in WAYS} if scope.by else {}
    return {TOTAL: counted("smes-reached", _("SMEs reached"), scope), **parts}
