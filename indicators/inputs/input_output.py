"""What the pages of input-output tables show: the tables held, what each holds, and the files that are lacking."""

from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from indicators.inputs.balance import Residual, largest, residuals
from indicators.inputs.tables import cells_of, divisions_of, tables_offered
from indicators.models import (
    InputOutputSector,
    InputOutputTable,
    SectorConcordance,
    Source,
    TradeFlow,
)


class Lacking(NamedTuple):
    """A file the ministry could load for Cambodia: the kind of its load, where it is published, what it is called."""

    kind: str
    title: Any
    publisher: Any
    link: str
    files: tuple[str, ...]
    about: Any


LACKING = (
    Lacking(
        "labelled-iot",
        _("A national table of Cambodia"),
        _("National Institute of Statistics, Ministry of Planning"),
        "https://www.nis.gov.kh/",
        ("KHM_2022_domestic.csv", "KHM_2022_imports.csv"),
        _(
            "The best: measured, with domestic and imported inputs apart, and jobs by sector. Ask for it in two files,"
            " with sectors in rows and columns under one name; below them value added, output and jobs, beside them"
            " final demand and exports."
        ),
    ),
    Lacking(
        "oecd-iot",
        _("The OECD's national table of Cambodia"),
        _("Organisation for Economic Co-operation and Development"),
        "https://www.oecd.org/en/data/datasets/input-output-tables.html",
        ("KHM2020dom.csv", "KHM2020imp.csv", "KHM2020ttl.csv"),
        _(
            "Modelled, 50 industries. All three files of one year; the domestic and imported ones tell imports apart."
            " It holds no jobs."
        ),
    ),
    Lacking(
        "adb-mrio",
        _("The multi-regional table of the Asian Development Bank"),
        _("Asian Development Bank"),
        "https://kidb.adb.org/globalization",
        ("ADB-MRIO-2022.xlsx",),
        _(
            "Modelled, 35 sectors, a workbook of all economies with a sheet “ADB MRIO 2022”; Cambodia is CAM in it. Its"
            " block is taken out when it is loaded. It holds no jobs, and its Cambodian figures jump in 2017-18 and"
            " 2021-22."
        ),
    ),
)


def tables_held() -> dict[str, Any]:
    """Return the tables that are held with their numbers of sectors, what is lacking, and what helps to read them."""
    tables = tables_offered()
    counted = InputOutputSector.objects.order_by().values("table").annotate(number=Count("pk"))
    sectors = {row["table"]: row["number"] for row in counted}
    return {
        "tables": [(table, sectors.get(table.pk, 0)) for table in tables],
        "has_cambodian": any(table.is_cambodian for table in tables),
        "lacking": LACKING,
        "concordances": concordances_held(),
        "correspondences": Source.objects.active()
        .filter(correspondences__isnull=False)
        .annotate(number=Count("correspondences")),
        "trade": trade_held(),
    }


def concordances_held() -> list[tuple[Source, str, int]]:
    """Return each edition of a concordance: its source, its classification, how many sectors it tells."""
    rows = SectorConcordance.objects.order_by("classification", "source").values("classification", "source")
    counted = list(rows.annotate(number=Count("sector", distinct=True)))
    sources = Source.objects.active().in_bulk([row["source"] for row in counted])
    return [
        (sources[row["source"]], row["classification"], row["number"]) for row in counted if row["source"] in sources
    ]


def trade_held() -> QuerySet:
    """Return the editions that hold trade flows; nothing is counted, for there may be millions."""
    return Source.objects.active().filter(Exists(TradeFlow.objects.filter(source=OuterRef("pk"))))


def table_parts(table: InputOutputTable) -> dict[str, Any]:
    """Return the sectors of a table with their output, what is left over, and their divisions of ISIC."""
    sectors = list(table.sectors.order_by("position"))
    left = residuals(cells_of(table), [sector.code for sector in sectors])
    divisions = divisions_of(table)
    rows = [(sector, residual, divisions.get(sector.code, [])) for sector, residual in zip(sectors, left, strict=True)]
    return {
        "table": table,
        "rows": rows,
        "largest": largest(left),
        "has_concordance": bool(divisions),
        "without_output": [sector for sector, residual, _divisions in rows if not residual.output],
        "tells_costs": any(tells_costs(residual) for residual in left),
        "concordance": concordance_of(table),
    }


def tells_costs(residual: Residual) -> bool:
    return residual.costs is not None


def concordance_of(table: InputOutputTable) -> Source | None:
    """Return the edition of the concordance that counts for a table: the newest."""
    held = SectorConcordance.objects.filter(classification=table.classification, source__archived_at=None)
    newest = held.select_related("source").order_by("-source").first()
    return newest.source if newest else None
