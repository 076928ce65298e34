"""The firms of a scope, and the parts they are broken down into: provinces, divisions of ISIC, size classes."""

from typing import Any

from django.db.models import F, Value
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _

from capred_portal.figures import TOTAL, Scope, Words
from capred_portal.filters import filtered
from enterprises.filters.enterprises import EnterpriseFilter
from enterprises.models import Enterprise, Province, Sector, SizeDefinition
from enterprises.sizes import RANKS

SCOPES = ("province", "sector", "size")
BY = SCOPES
NOT_STATED = "none"


def column_of(dimension: str) -> Any:
    """Return what firms are broken down by."""
    columns = {"province": F("province_id"), "sector": Substr("sector_id", 1, 2), "size": F("size_rank")}
    return columns.get(dimension, Value(TOTAL))


def key_of(dimension: str, value: Any) -> str:
    """Return the parameter of the list that leads to a part."""
    if dimension == "size":
        return next((name for name, rank in RANKS.items() if rank == value), NOT_STATED)
    return NOT_STATED if value in (None, "") else str(value)


def labels_of(dimension: str, found: set[str]) -> dict[str, Words]:
    """Return key and label of every part, in order; of sectors and years those that have firms."""
    if dimension == "year":
        return {year: year for year in sorted(found)}
    if dimension == "province":
        return {place.code: str(place) for place in Province.objects.all()} | {NOT_STATED: _("Not stated")}
    if dimension == "size":
        return {**dict(SizeDefinition.SizeClass.choices), NOT_STATED: _("Not stated")}
    if dimension == "sector":
        names = {sector.code: str(sector) for sector in Sector.objects.filter(pk__in=found)}
        return names | ({NOT_STATED: _("Not stated")} if NOT_STATED in found else {})
    return {}


def firms_in(scope: Scope) -> Any:
    """Return the firms of a scope, through the list's own filters."""
    return filtered(EnterpriseFilter, Enterprise.objects.active(), scope)
