"""Firms on the register that a new one may be: blocked in SQL by name, sound, phone and number, then compared."""

from django.db.models import Q

from capred_portal.fields import sound_block
from capred_portal.matching import blocks, firm_key, firm_sound, pairs
from enterprises.models import Enterprise

MOST_COMPARED = 200
MOST_SHOWN = 5


def as_known(enterprise: Enterprise) -> pairs.Known:
    """Return a firm as the matching engine compares it."""
    return pairs.Known(
        enterprise.pk or 0,
        "firm",
        name_en=enterprise.name_en,
        name_km=enterprise.name_km,
        phone=enterprise.phone,
        registration_number=enterprise.registration_number,
        place=enterprise.province_id or "",
        sector=enterprise.sector_id or "",
    )


def block_of(enterprise: Enterprise) -> Q:
    """Return the condition that a firm on the register shares a name, its sound, a phone or a number with this one."""
    keys = {name: firm_key(getattr(enterprise, name)) for name in ("name_en", "name_km")}
    sounds = {firm_sound(name) for name in (enterprise.name_en, enterprise.name_km) if name}
    condition = Q(pk__in=[])
    for column, value in (
        ("name_en_key", keys["name_en"]),
        ("name_km_key", keys["name_km"]),
        ("phone", enterprise.phone),
        ("registration_number", enterprise.registration_number),
    ):
        if value:
            condition |= Q(**{column: value})
    for sound in sounds - {""}:
        condition |= Q(sound_block=sound_block(sound))
    return condition


def lookalikes(enterprise: Enterprise) -> list[Enterprise]:
    """Return the firms this one may be, the likeliest first."""
    near = Enterprise.objects.active().filter(block_of(enterprise)).exclude(pk=enterprise.pk)
    known = {firm.pk: firm for firm in near.select_related("province", "sector").order_by("pk")[:MOST_COMPARED]}
    matches = blocks.candidates_for(as_known(enterprise), map(as_known, known.values()))
    return [known[match.second] for match in matches[:MOST_SHOWN]]
