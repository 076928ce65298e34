"""The provinces and districts, all of ISIC Rev.4, and the official definitions of SME sizes."""

from capred_portal.facts import facts, read
from capred_portal.records import writing
from enterprises.models import District, Province, Sector, SizeDefinition


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


@facts(order=11)
def write_sectors() -> None:
    """Write all sections, divisions, groups and classes of ISIC Rev.4; titles follow the table."""
    with writing("enterprises"):
        stored = {sector.code: sector for sector in Sector.objects.all()}
        rows = [
            Sector(
                code=row["code"],
                level=row["level"],
                section=row["section"],
                title_en=row["title_en"],
                title_km=row["title_km"],
                source=f"{row['source']}, {row['edition']} ({row['confidence']})",
            )
            for row in read(__file__, "isic_rev4")
        ]
        Sector.objects.bulk_create(row for row in rows if row.code not in stored)
        changed = [row for row in rows if row.code in stored and stored[row.code].title_en != row.title_en]
        Sector.objects.bulk_update(changed, ["title_en"])


@facts(order=12)
def write_size_definitions() -> None:
    """Write the SME definitions of 2005 and 2021 that are not there yet; administrators may correct them."""
    names = [f"{measure}_{end}" for measure in ("employees", "turnover_usd", "assets_usd") for end in ("min", "max")]
    with writing("enterprises"):
        for row in read(__file__, "sme_definitions"):
            thresholds = {name: int(row[name]) if row[name] else None for name in names}
            SizeDefinition.objects.get_or_create(
                edition=row["edition"],
                branch=row["branch"],
                size_class=row["size_class"],
                defaults=thresholds
                | {
                    "valid_from": row["valid_from"],
                    "valid_until": row["valid_until"] or None,
                    "unconfirmed": row["unconfirmed"],
                    "source": f"{row['source']} ({row['confidence']})",
                },
            )
