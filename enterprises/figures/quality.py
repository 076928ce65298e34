"""Figures over quality infrastructure: certificates by standard, sector and expiry; sectors that export without."""

from collections.abc import Collection
from typing import Any

from django.db.models import Case, Count, F, Min, Q, QuerySet, Value, When
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from capred_portal.figures import TOTAL, Exclusion, Figure, Scope, figure
from capred_portal.filters import filtered
from enterprises.filters.quality import EXPIRIES, CertificateFilter, end_of_quarter, in_a_year
from enterprises.models import Certificate, Enterprise, Sector

SCOPES = ("standard", "sector", "province", "cluster")
NOT_STATED = "none"
VALID_PARTS = ("quarter", "months", "later", "undated")
EXPIRING_PARTS = ("quarter", "months")


def division_of(column: str) -> Any:
    """Return the code of a sector's division; a section is no division, so that its letter stands alone."""
    return Substr(column, 1, 2)


def expiry_part() -> Case:
    """Return which part of the time to come a certificate that is valid today expires in."""
    today = timezone.localdate()
    return Case(
        When(expires_on=None, then=Value("undated")),
        When(expires_on__lte=end_of_quarter(today), then=Value("quarter")),
        When(expires_on__lte=in_a_year(today), then=Value("months")),
        default=Value("later"),
    )


def columns() -> dict[str, Any]:
    return {"standard": F("standard_key"), "sector": division_of("enterprise__sector_id"), "expiry": expiry_part()}


def labels_of(dimension: str, rows: Any, parts: tuple[str, ...], found: Collection[str]) -> dict[str, Any]:
    """Return key and label of every part of a breakdown; `found` are the keys that have rows."""
    if dimension == "expiry":
        return {key: dict(EXPIRIES)[key] for key in parts}
    if dimension == "standard":
        return dict(rows.order_by("standard_key").values_list("standard_key").annotate(name=Min("standard")))
    if dimension == "sector":
        names = {sector.code: str(sector) for sector in Sector.objects.filter(pk__in=found)}
        return names | ({NOT_STATED: _("Not stated")} if NOT_STATED in found else {})
    return {}


def certificates(
    code: str, title: Any, scope: Scope, rows: Any, *, expiry: str, parts: tuple[str, ...] = (), excluded: Any = ()
) -> dict[str, Figure]:
    """Count certificates, in parts when asked; the parts add up to the total.

    A firm of which only the section is known makes a part without rows: the list of a section holds its divisions too.
    """
    url = reverse("quality:certificate_list")
    column = columns().get(scope.by, Value(TOTAL))
    counts = {
        str(NOT_STATED if key is None else key): (count, demo)
        for key, count, demo in rows.annotate(part=column)
        .values_list("part")
        .annotate(all=Count("pk"), demo=Count("pk", filter=Q(is_demo=True)))
        .order_by()
    }

    def one(name: Any, numbers: list[tuple[int, int]], **extra: str) -> Figure:
        return Figure(
            code=code,
            label=name,
            value=sum(count for count, _demo in numbers),
            unit=_("certificates"),
            rows_url="" if len(extra.get("sector", "")) == 1 else url + scope.query(**{"expiry": expiry} | extra),
            has_demo=any(demo for _count, demo in numbers),
            excluded=() if extra else excluded,
            scope=scope,
        )

    names = labels_of(scope.by, rows, parts, counts.keys())
    figures = {key: one(name, [counts.get(key, (0, 0))], **{scope.by: key}) for key, name in names.items()}
    return {TOTAL: one(title, list(counts.values())), **figures}


@figure(
    "certificates-valid",
    title=_("Valid certificates"),
    rule=_(
        "Certificates of firms on the register that have not expired today; one without a last day holds. A firm with"
        " two certificates counts twice."
    ),
    unit=_("certificates"),
    filters=CertificateFilter,
    scopes=SCOPES,
    by=("standard", "sector", "expiry"),
)
def certificates_valid(scope: Scope) -> dict[str, Figure]:
    """Count certificates that hold today."""
    rows = filtered(CertificateFilter, Certificate.objects.valid(), scope)

    def archived() -> list[Exclusion]:
        count = filtered(CertificateFilter, Certificate.objects.all(), scope).count()
        standing = filtered(CertificateFilter, Certificate.objects.standing(), scope).count()
        reason = _("archived certificates, or certificates of archived firms")
        return [Exclusion(reason, count - standing)] if count > standing else []

    return certificates(
        "certificates-valid",
        _("Valid certificates"),
        scope,
        rows,
        expiry="valid",
        parts=VALID_PARTS,
        excluded=archived,
    )


@figure(
    "certificates-expiring",
    title=_("Certificates that expire within 12 months"),
    rule=_("Valid certificates whose last day is today or within the next 12 months."),
    unit=_("certificates"),
    filters=CertificateFilter,
    scopes=SCOPES,
    by=("expiry", "standard", "sector"),
)
def certificates_expiring(scope: Scope) -> dict[str, Figure]:
    """Count certificates that expire soon."""
    today = timezone.localdate()
    soon = Certificate.objects.standing().filter(expires_on__range=(today, in_a_year(today)))
    rows = filtered(CertificateFilter, soon, scope)
    title = _("Expire within 12 months")
    return certificates("certificates-expiring", title, scope, rows, expiry="year", parts=EXPIRING_PARTS)


@figure(
    "certificates-expired",
    title=_("Certificates that have expired"),
    rule=_("Certificates whose last day is past and that are still on record."),
    unit=_("certificates"),
    filters=CertificateFilter,
    scopes=SCOPES,
    by=("standard", "sector"),
)
def certificates_expired(scope: Scope) -> dict[str, Figure]:
    """Count certificates whose last day is past."""
    rows = filtered(CertificateFilter, Certificate.objects.expired(), scope)
    return certificates("certificates-expired", _("Expired"), scope, rows, expiry="expired")


def exporting_firms() -> QuerySet[Enterprise]:
    """Return the firms that exported a part of their sales in the latest year on record."""
    return Enterprise.objects.active().filter(latest__export_share_pct__gt=0).exclude(sector=None).order_by()


def certified_divisions() -> QuerySet[Any]:
    """Return the codes of the divisions in which a firm holds a valid certificate."""
    held = Certificate.objects.valid().exclude(enterprise__sector=None).order_by()
    return held.values_list(division_of("enterprise__sector_id"), flat=True).distinct()


def uncertified_divisions() -> list[dict[str, Any]]:
    """Return the divisions in which firms export and none holds a valid certificate: two queries and the names."""
    certified = set(certified_divisions())
    rows = exporting_firms().values(division=division_of("sector_id"))
    counts = {
        row["division"]: row
        for row in rows.annotate(firms=Count("pk"), demo=Count("pk", filter=Q(is_demo=True)))
        if row["division"] not in certified
    }
    sectors = Sector.objects.divisions().filter(pk__in=counts)
    return [{"sector": sector, **counts[sector.code]} for sector in sectors]


@figure(
    "exporting-sectors-uncertified",
    title=_("Sectors that export without a certified firm"),
    rule=_(
        "Divisions of ISIC in which at least one firm of the register sold abroad in the latest year on record, and no"
        " firm holds a valid certificate of any standard."
    ),
    unit=_("divisions"),
)
def exporting_sectors_uncertified(scope: Scope) -> dict[str, Figure]:
    """Count divisions that export without a certificate."""
    return {TOTAL: exporting_figure(scope, uncertified_divisions())}


def exporting_figure(scope: Scope, divisions: list[dict[str, Any]]) -> Figure:
    """Return how many these divisions are, and how many firms that export could not be looked at."""
    unknown = Enterprise.objects.active().filter(latest__export_share_pct__gt=0, sector=None).count()
    return Figure(
        code="exporting-sectors-uncertified",
        label=_("Sectors that export without a certified firm"),
        value=len(divisions),
        unit=_("divisions"),
        rows_url=reverse("quality:uncertified_list"),
        has_demo=any(row["demo"] for row in divisions),
        excluded=(Exclusion(_("exporting firms without a sector"), unknown),) if unknown else (),
        scope=scope,
    )
