"""Loading the Asian Development Bank's tables of sectors and of participation in value chains."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from capred_portal import columns
from capred_portal.load_kinds import Column, Line, LoadKind
from indicators.loaders import wide
from indicators.loaders.published import ECONOMY, YEAR, published, register_series, words
from indicators.loaders.wide import WideTable

DOLLARS, SHARE = "US$ m", "share"

SECTOR_MEASURES: Mapping[str, tuple[str, str]] = {
    "gross_output": ("Gross output", "ផលិតផលដុល"),
    "intermediate_use_all_origins": ("Intermediate inputs, all origins", "ធាតុចូលអន្តរការី គ្រប់ប្រភព"),
    "value_added_incl_taxes_margins": ("Value added with taxes and margins", "តម្លៃបន្ថែម រួមទាំងពន្ធ និងកម្រៃ"),
    "intermediate_sales_all_destinations": ("Sales as inputs, all destinations", "ការលក់ជាធាតុចូល គ្រប់ទិសដៅ"),
    "final_sales_all_destinations": ("Final sales, all destinations", "ការលក់ចុងក្រោយ គ្រប់ទិសដៅ"),
    "domestic_sales": ("Domestic sales", "ការលក់ក្នុងស្រុក"),
    "domestic_sales_intermediate": ("Domestic sales as inputs", "ការលក់ក្នុងស្រុកជាធាតុចូល"),
    "domestic_sales_final": ("Domestic final sales", "ការលក់ចុងក្រោយក្នុងស្រុក"),
    "exports": ("Exports", "ការនាំចេញ"),
    "exports_intermediate": ("Exports as inputs", "ការនាំចេញជាធាតុចូល"),
    "exports_final": ("Final exports", "ការនាំចេញចុងក្រោយ"),
}
CHAIN_MEASURES: Mapping[str, tuple[str, str]] = {
    "Exports": ("Exports", "ការនាំចេញ"),
    "va": ("Value added", "តម្លៃបន្ថែម"),
    "GVC_trade_f": ("Forward trade in value chains", "ពាណិជ្ជកម្មខ្សែច្រវាក់ទៅមុខ"),
    "GVC_trade_b": ("Backward trade in value chains", "ពាណិជ្ជកម្មខ្សែច្រវាក់ទៅក្រោយ"),
    "GVC_trade": ("Trade in value chains", "ពាណិជ្ជកម្មខ្សែច្រវាក់"),
    "GVC_prod": ("Production in value chains", "ផលិតកម្មខ្សែច្រវាក់"),
    "GVCP_trade_f": ("Forward participation, trade", "ការចូលរួមទៅមុខ ពាណិជ្ជកម្ម"),
    "GVCP_trade_b": ("Backward participation, trade", "ការចូលរួមទៅក្រោយ ពាណិជ្ជកម្ម"),
    "GVCP_trade": ("Participation, trade", "ការចូលរួម ពាណិជ្ជកម្ម"),
    "GVCP_prod": ("Participation, production", "ការចូលរួម ផលិតកម្ម"),
}


class SectorTable(WideTable):
    """Output, inputs, sales and exports of sectors, in millions of US$."""

    units = dict.fromkeys(SECTOR_MEASURES, DOLLARS)
    fields = {name: name for name in SECTOR_MEASURES}
    cannot_clear = WideTable.cannot_clear | {*SECTOR_MEASURES}
    key_columns = WideTable.key_columns | {"sector_number": "sector"}

    def about(self, line: Line) -> dict[str, Any]:
        return in_sector(line)


class ChainTable(WideTable):
    """Participation in global value chains of sectors, or of groups of them."""

    units = {name: SHARE if name.startswith("GVCP") else DOLLARS for name in CHAIN_MEASURES}
    fields = {name: name for name in CHAIN_MEASURES}
    cannot_clear = WideTable.cannot_clear | {*CHAIN_MEASURES}
    key_columns = WideTable.key_columns | {"sector_number": "sector", "level": "agg"}

    def about(self, line: Line) -> dict[str, Any]:
        level = line.values.get("agg")
        told = level is not None and level is not columns.CLEAR
        return in_sector(line) | {"level": level, "dimensions": f"agg={level}" if told else ""}


def in_sector(line: Line) -> dict[str, Any]:
    """Return the sector of a line, by its number; `sector` is what the record keeps."""
    number = line.values.get("sector")
    line.values["sector_number"] = number
    return {"sector": str(number) if isinstance(number, int) else None}


def number_of(name: str, english: str, khmer: str, maximum: int, example: str) -> Column:
    return Column(name, english, khmer, partial(columns.integer, maximum=maximum), (), example, repeats=True)


def measure_columns(measures: Mapping[str, tuple[str, str]]) -> tuple[Column, ...]:
    """Return a column for each measure."""
    return tuple(Column(name, english, khmer, published) for name, (english, khmer) in measures.items())


def register_wide(
    name: str, title: Any, about: Any, table: type[WideTable], kind_columns: tuple[Column, ...], named: str
) -> LoadKind:
    """Register a kind of load whose lines hold many measures."""
    return register_series(
        name,
        title,
        about,
        table,
        kind_columns,
        needs_one_of=tuple(table.units),
        write=lambda load: wide.write(table(load), load),
        undo_blockers=wide.undo_blockers,
        undo=wide.undo,
        shown=(("iso_a3",), ("sector", named), ("year",)),
    )


register_wide(
    "adb-sectors",
    _("Sectors of the ADB input-output tables"),
    _("Output, inputs, value added, sales and exports by economy, sector and year, in millions of US$."),
    SectorTable,
    (
        ECONOMY,
        YEAR,
        number_of("sector", "Sector", "វិស័យ", 99, "3"),
        Column("sector_abbr", "Sector, short", "វិស័យ ខ្លី", words(40), (), "FBT", repeats=True),
        Column("sector_name", "Name of the sector", "ឈ្មោះវិស័យ", words(200), (), "", repeats=True),
        Column("group5", "Group of five", "ក្រុមក្នុងចំណោមប្រាំ", words(200), (), "", repeats=True),
        Column("group15", "Group of fifteen", "ក្រុមក្នុងចំណោមដប់ប្រាំ", words(200), (), "", repeats=True),
        *measure_columns(SECTOR_MEASURES),
    ),
    named="sector_name",
)
register_wide(
    "adb-gvc",
    _("ADB participation in value chains"),
    _("Participation in global value chains by economy, sector or group of sectors, and year."),
    ChainTable,
    (
        ECONOMY,
        YEAR,
        number_of("agg", "Number of groups", "ចំនួនក្រុម", 99, "5"),
        number_of("sector", "Sector", "វិស័យ", 99, "2"),
        Column("sector_label", "Name of the sector", "ឈ្មោះវិស័យ", words(200), (), "", repeats=True),
        *measure_columns(CHAIN_MEASURES),
    ),
    named="sector_label",
)
