"""The provinces and districts, from the official gazetteer."""

from capred_portal.facts import facts, read
from capred_portal.records import writing
from enterprises.models import District, Province


@facts(order=10)
def write_places() -> None:
    """Write the 25 provinces and their districts; names and codes follow the table."""
    with writing("enterprises"):
        for row in read(__file__, "provinces"):
            code = row.pop("code")
            source = f"{row.pop('source')}, {row.pop('edition')} ({row.pop('confidence')})"
            Province.objects.update_or_create(code=code, defaults=row | {"source": source})
        known = set(District.objects.values_list("code", flat=True))
        District.objects.bulk_create(
            District(
                code=row["code"],
                province_id=row["province"],
                name_en=row["name_en"],
                name_km=row["name_km"],
                unit=row["unit"],
                source=f"{row['source']}, {row['edition']} ({row['confidence']})",
            )
            for row in read(__file__, "districts")
            if row["code"] not in known
        )
