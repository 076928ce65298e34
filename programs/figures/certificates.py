"""Figures over the certificates that enterprises gain with the support of programs."""

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from capred_portal.figures import TOTAL, Exclusion, Figure, Scope, figure
from capred_portal.filters import filtered
from enterprises.models import Certificate, Enterprise
from programs.filters.certificates import GainedCertificateFilter
from programs.filters.smes import firms_supported
from programs.models import Program

DEMO = Q(is_demo=True)
SCOPES = ("program", "year", "quarter", "province", "standard")


@figure(
    "certificates-gained",
    title=_("Certificates gained"),
    rule=_(
        "Certificates issued to an enterprise on or after the first day a program supported it; the year is that of the"
        " day of issue. Each certificate counts once, also where it has expired since. It does not say that the support"
        " was the reason. Certificates without a day of issue are left out."
    ),
    unit=_("certificates"),
    filters=GainedCertificateFilter,
    scopes=SCOPES,
    by=("standard",),
)
def certificates_gained(scope: Scope) -> dict[str, Figure]:
    """Count certificates that came after support, by standard when asked."""
    rows = filtered(GainedCertificateFilter, Certificate.objects.standing(), scope)
    counts = rows.values_list("standard_key").annotate(rows=Count("pk"), demo=Count("pk", filter=DEMO)).order_by()
    found = {key: (count, demo) for key, count, demo in counts}

    def one(label: Any, numbers: list[tuple[int, int]], **extra: str) -> Figure:
        return Figure(
            code="certificates-gained",
            label=label,
            value=sum(count for count, _demo in numbers),
            unit=_("certificates"),
            rows_url=reverse("programs:certificate_list") + scope.query(**extra),
            has_demo=any(demo for _count, demo in numbers),
            excluded=() if extra else lambda: undated(scope),
            scope=scope,
        )

    names = dict(rows.order_by("standard_key").values_list("standard_key", "standard")) if scope.by else {}
    parts = {key: one(name, [found[key]], standard=key) for key, name in names.items()}
    return {TOTAL: one(_("Certificates gained"), list(found.values())), **parts}


def undated(scope: Scope) -> list[Exclusion]:
    """Return how many certificates of supported firms state no day of issue; of a period nobody can say that."""
    if scope.get("year") or scope.get("quarter"):
        return []
    program = Program.objects.active().filter(slug=scope.get("program")).first()
    firms = Enterprise.objects.filter(pk__in=firms_supported(program)).order_by().values("pk")
    count = Certificate.objects.standing().filter(enterprise__in=firms, issued_on=None).count()
    return [Exclusion(_("certificates without a day of issue"), count)] if count else []
