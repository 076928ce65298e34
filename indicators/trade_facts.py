"""The correspondence of HS codes that ships with the portal: what goods are for, and which ISIC classes make them."""

from capred_portal.bulk import bulk_load
from capred_portal.facts import facts, read
from capred_portal.records import writing
from indicators.models import Correspondence, Source

COLUMNS = ("hs_code", "title_en", "title_km", "bec_codes", "end_use", "isic_classes")


@facts(order=36)
def write_correspondences() -> None:
    """Write the codes that are not there yet, each under its edition."""
    sources = {(code, edition): pk for pk, code, edition in Source.objects.values_list("pk", "code", "edition")}
    rows = [(sources[row["source"], row["edition"]], row) for row in read(__file__, "correspondences")]
    stored = Correspondence.objects.filter(source__in={source for source, _row in rows}).order_by()
    known = set(stored.values_list("source", "hs_code"))
    missing = [
        (source, *(row[name] for name in COLUMNS)) for source, row in rows if (source, row["hs_code"]) not in known
    ]
    if missing:
        with writing("indicators"):
            bulk_load(Correspondence, ("source_id", *COLUMNS), missing)
