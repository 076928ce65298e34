"""Enterprises are counted once: what two of them are compared by, and what a merge may choose."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from capred_portal.duplicates import MatchKind, register
from capred_portal.matching.pairs import Known
from enterprises.models import Enterprise
from enterprises.services import settle_latest

CHUNK = 5_000


def known_enterprises(rows: Any) -> Iterator[Known]:
    """Stream what is known of enterprises."""
    columns = ("pk", "name_en", "name_km", "phone", "registration_number", "province_id", "sector_id")
    for pk, name_en, name_km, phone, number, province, sector in rows.values_list(*columns).iterator(CHUNK):
        yield Known(
            id=pk,
            kind="firm",
            name_en=name_en,
            name_km=name_km,
            phone=phone,
            registration_number=number.upper(),
            place=province or "",
            sector=sector or "",
        )


register(
    MatchKind(
        name="enterprise",
        model=Enterprise,
        title=_("Enterprises that may be the same"),
        namespace="enterprises",
        read="firm.read",
        known=known_enterprises,
        fields=(
            "name_en",
            "name_km",
            "registration_number",
            "sector",
            "province",
            "district",
            "address",
            "phone",
            "founded_year",
            "registered_on",
            "legal_form",
            "is_women_owned",
            "is_women_led",
            "owner_has_disability",
            "organisation",
        ),
        follows={"district": "province"},
        related=("sector", "province", "district", "organisation"),
        settle=settle_latest,
    )
)
