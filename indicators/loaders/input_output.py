"""Loading input-output tables: plain labelled ones, the OECD's national ones, the block of one economy of the ADB's."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capred_portal import columns
from capred_portal.bulk import bulk_load
from capred_portal.bundles import PACKED
from capred_portal.load_kinds import Column, LoadKind, register
from capred_portal.load_tables import archive_created, hold
from capred_portal.loads import token_of
from capred_portal.models import Load, LoadRow
from indicators.input_output_facts import titles_of
from indicators.inputs.tables import Cells
from indicators.loaders import input_output_scope as scope
from indicators.loaders import input_output_words as words
from indicators.loaders.input_output_adb import read_block
from indicators.loaders.input_output_check import TableChecker, read_lines
from indicators.loaders.input_output_messages import MESSAGES
from indicators.loaders.input_output_table import blocks_of, sectors_of
from indicators.models import InputOutputCell, InputOutputSector, InputOutputTable, Scenario, Source
from indicators.models.input_output import NOT_STATED

Block, Layout = InputOutputCell.Block, InputOutputTable.Layout
MODELLED = {Layout.OECD, Layout.ADB}
SQUARES = {Block.DOMESTIC, Block.IMPORTED, Block.TOTAL}
KEPT = ("economy", "year", "layout", "classification", "unit", "job_unit", "has_imported", "has_jobs")

ROLES = {
    "sector": gettext_lazy("sector"),
    "output": gettext_lazy("output"),
    "value_added": gettext_lazy("value added"),
    "part": gettext_lazy("part of value added"),
    "taxes": gettext_lazy("taxes less subsidies on products"),
    "imports": gettext_lazy("imports"),
    "jobs": gettext_lazy("jobs"),
    "jobs_part": gettext_lazy("part of the jobs"),
}
ORIGINS = {
    words.DOMESTIC: gettext_lazy("domestic"),
    words.IMPORTED: gettext_lazy("imported"),
    words.TOTAL: gettext_lazy("of either origin"),
}


# Writing


def write(load: Load) -> bool:
    """Write the table that the preview shows; False when another has been written for the same edition meanwhile."""
    about = load.counts["table"]
    rows = list(load.rows.filter(outcome=LoadRow.Outcome.NEW).order_by("line").values_list("values", flat=True))
    if not rows:
        return True
    told = {name: about[name] for name in KEPT}
    if scope.table_held(facts_kept(about)):
        return False
    shared: dict[str, Any] = {"creation_token": token_of(load), "created_by": load.created_by}
    shared |= {"updated_by": load.created_by, "is_demo": load.is_demo}
    source = Source.objects.filter(pk=about["source"]).first() if about["source"] else own_source(load, shared)
    table = InputOutputTable(source=source, load=load, **told, **shared)
    table.is_example = not table.is_cambodian
    table.tolerance_pct, table.largest_residual_pct = about["tolerance"], about["largest_pct"]
    table.residual_sector = about["largest_sector"]
    table.save()
    fill(table, sectors_of(rows), blocks_of(rows, about["categories"]))
    return True


def facts_kept(about: dict[str, Any]) -> scope.Facts:
    names = ("layout", "source", "economy", "year", "unit", "job_unit", "classification", "tolerance")
    return scope.Facts(**{name: about[name] for name in names})


def own_source(load: Load, shared: dict[str, Any]) -> Source:
    """Return an edition for a table whose file is all that is known of it."""
    name = load.file_name.removesuffix(PACKED)
    return Source.objects.create(
        code="own-file",
        edition=f"load {load.pk}",
        edition_km=f"ការផ្ទុក {load.pk}",
        title_en=f"Input-output table of the file {name}"[:250],
        title_km=f"តារាងធាតុចូល-ធាតុចេញនៃឯកសារ {name}"[:250],
        publisher=NOT_STATED,
        publisher_km="មិនបានបញ្ជាក់",
        confidence=Source.Confidence.GENERAL,
        is_modelled=load.kind in MODELLED,
        **shared,
    )


def fill(table: InputOutputTable, sectors: dict[str, tuple[str, str]], blocks: dict[str, Cells]) -> None:
    """Write the sectors and cells of a table; an input of 0 is not kept, but for one of each sector to itself."""
    InputOutputSector.objects.bulk_create(
        InputOutputSector(table=table, position=place, code=code, title_en=english, title_km=khmer)
        for place, (code, (english, khmer)) in enumerate(titled(sectors, table.classification).items(), 1)
    )
    bulk_load(InputOutputCell, ("block", "row", "column", "value"), cells(blocks), constants={"table_id": table.pk})


def titled(sectors: dict[str, tuple[str, str]], classification: str) -> dict[str, tuple[str, str]]:
    """Return sectors with their titles; where the file tells none, those of a classification that ships."""
    known = titles_of(classification)
    found = {}
    for code, (english, khmer) in sectors.items():
        own_english, own_khmer = known.get(code, ("", ""))
        found[code] = (english if english and english != code else own_english or code, khmer or own_khmer)
    return found


def cells(blocks: dict[str, Cells]) -> Iterator[tuple[str, str, str, float]]:
    for block, held in blocks.items():
        for (row, column), value in held.items():
            if value or block not in SQUARES or row == column:
                yield str(block), row, column, value


# Taking back


def undo_blockers(load: Load) -> list[tuple[Any, int]]:
    """Count scenarios that hang on the table, and changes made to it since."""
    token = token_of(load)
    created = InputOutputTable.objects.filter(creation_token=token)
    hold(created)
    changed = created.exclude(version=1, archived_at=None).count()
    hanging = Scenario.objects.active().filter(table__in=created).count()
    others = (
        InputOutputTable.objects.active().filter(source__creation_token=token).exclude(creation_token=token).count()
    )
    return [
        (gettext_lazy("records changed since"), changed),
        (Scenario._meta.verbose_name_plural, hanging),
        (InputOutputTable._meta.verbose_name_plural, others),
    ]


def undo(load: Load, by: Any) -> None:
    """Archive the table, and its edition where the file was its own."""
    reason = _("Load %(number)s was undone") % {"number": load.pk}
    archive_created(InputOutputTable, load, by, reason)
    archive_created(Source, load, by, reason)


# Kinds


def shown(name: str, english: str, khmer: str) -> Column:
    """Return a column of the preview."""
    return Column(name, english, khmer, partial(columns.text, max_length=250))


COLUMNS = (
    shown("file", "File and sheet", "ឯកសារ និងសន្លឹក"),
    shown("line", "Row in the file", "ជួរក្នុងឯកសារ"),
    shown("row", "Row", "ជួរ"),
    shown("title_en", "Title in English", "ចំណងជើងជាភាសាអង់គ្លេស"),
    shown("title_km", "Title in Khmer", "ចំណងជើងជាភាសាខ្មែរ"),
    shown("role", "What it is", "វាជាអ្វី"),
    shown("origin", "Origin", "ប្រភព"),
    shown("sum", "Sum of the sectors", "ផលបូកនៃវិស័យ"),
)
EXAMPLE = [
    ["row", "title", "block", "A", "M", "S", "households", "exports"],
    ["A", "Agriculture", "domestic", "10", "30", "5", "35", "20"],
    ["M", "Manufacturing", "domestic", "20", "40", "15", "75", "50"],
    ["S", "Services", "domestic", "10", "20", "20", "70", "30"],
    ["A", "Agriculture", "imported", "5", "20", "0", "10", "0"],
    ["M", "Manufacturing", "imported", "15", "40", "10", "30", "0"],
    ["S", "Services", "imported", "0", "10", "5", "5", "0"],
    ["value added", "", "", "40", "40", "95", "", ""],
    ["output", "", "", "100", "200", "150", "", ""],
    ["jobs", "", "", "50", "20", "45", "", ""],
]


def register_table(layout: InputOutputTable.Layout, title: Any, about: Any, **options: Any) -> LoadKind:
    """Register a kind of load that becomes one input-output table."""
    return register(
        LoadKind(
            name=layout.value,
            title=title,
            about=about,
            columns=COLUMNS,
            needs_one_of=(),
            start=lambda load: TableChecker(load, layout.value),
            write=write,
            undo_blockers=undo_blockers,
            undo=undo,
            messages=MESSAGES,
            apps=("indicators",),
            scope=scope.SCOPE,
            check_scope=scope.check_scope,
            fields=scope.fields,
            places=scope.places,
            labels=lambda: {"role": ROLES, "origin": ORIGINS},
            shown=(("file",), ("line", "row"), ("role", "origin")),
            summary="loads/_table_found.html",
            guide="loads/_table_guide.html",
            **{"read": read_lines} | options,
        )
    )


register_table(
    Layout.LABELLED,
    gettext_lazy("Input-output table, plain and labelled"),
    gettext_lazy(
        "Domestic and imported inputs with final demand, value added and output; jobs where they are known. Two files"
        " or one."
    ),
    example=lambda: EXAMPLE,
)
register_table(
    Layout.OECD,
    gettext_lazy("Input-output table of the OECD"),
    gettext_lazy(
        "The national files of an economy and year: total (ttl), domestic (dom) and imported (imp), or one of them."
    ),
)
register_table(
    Layout.ADB,
    gettext_lazy("Multi-regional table of the Asian Development Bank"),
    gettext_lazy(
        "The workbook of all economies and a year; the block of Cambodia, or of the economy you name, is taken out."
    ),
    read=read_block,
)
