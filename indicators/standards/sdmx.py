"""The indicators as SDMX-CSV 2.0: a row for each signed or published value, of its provinces, and of its parts."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from capred_portal.exports import csv_pieces, defused
from capred_portal.figures import Figure
from indicators.dimensions import UNKNOWN
from indicators.models import Indicator, Source
from indicators.program_values import (
    SignedSeries,
    exact_text,
    number_in,
    real_indicators,
    signed_everywhere,
    signed_series,
)
from indicators.readings import PUBLISHED, Reading
from indicators.series import PublishedSeries, published_of
from indicators.standards.sdmx_provinces import signed_in_provinces
from programs.models import Program

AGENCY, FLOW, STRUCTURE, VERSION = "MISTI", "DF_INDICATORS", "DSD_INDICATORS", "1.0"
STRUCTURE_ID = f"{AGENCY}:{FLOW}({VERSION})"
INFORMATION = "I"
TOTAL, NOT_APPLICABLE, NOT_KNOWN = "_T", "_Z", "_U"  # codes that SDMX has for every list
COUNTRY = "KH"
PERCENT = "PT"

# Our breakdowns as dimensions, in their order in a row.
DIMENSION_IDS = {
    "sex": "SEX",
    "disability": "DISABILITY",
    "age": "AGE",
    "size": "SIZE_CLASS",
    "kind": "OUTCOME_KIND",
    "stage": "OUTCOME_STAGE",
    "ownership": "OWNERSHIP",
}
DIMENSIONS = ("FREQ", "REF_AREA", "PROGRAM", "INDICATOR", "EDITION", *DIMENSION_IDS.values(), "TIME_PERIOD")
ATTRIBUTES = ("OBS_STATUS", "UNIT_MEASURE", "UNIT_MULT", "DECIMALS", "SIGNATURES", "SOURCE")
HEADER = ("STRUCTURE", "STRUCTURE_ID", "ACTION", *DIMENSIONS, "OBS_VALUE", *ATTRIBUTES)

# Codes of CL_OBS_STATUS, the list of SDMX.
STATUS = {"value": "A", "missing": "O", "not applicable": "M", "withheld": "Q"}
ESTIMATED = "E"
# Codes of parts that have a usual one, or none that an SDMX code may hold.
CODES = {
    ("sex", "o"): "_O",
    ("age", "0-17"): "Y0T17",
    ("age", "18-35"): "Y18T35",
    ("age", "36-59"): "Y36T59",
    ("age", "60+"): "Y_GE60",
}


@dataclass(frozen=True)
class Slice:
    """What of all values is asked for: a program, a period, an indicator; None and "" for all."""

    program: Program | None = None
    period: str = ""
    indicator: Indicator | None = None


def code_of(dimension: str, key: str) -> str:
    """Return the code of a part of a breakdown."""
    if key == UNKNOWN:
        return NOT_KNOWN
    return CODES.get((dimension, key)) or id_of(key.upper())


def id_of(text: str) -> str:
    """Return a text as SDMX writes codes: letters, digits and a few signs."""
    return re.sub(r"[^A-Za-z0-9_@$-]+", "_", text).strip("_")


def edition_code(source: Source) -> str:
    return id_of(f"{source.code}_{source.edition}")


def sdmx_csv(asked: Slice) -> Iterator[bytes]:
    """Yield the file, some rows at a time; UTF-8 without a mark at its start, as the standard has it."""
    return csv_pieces(chain([HEADER], sdmx_rows(asked)))


def sdmx_rows(asked: Slice) -> Iterator[list[str]]:
    """Yield the rows asked for, in the order of programs and indicators, from a constant number of queries."""
    for series in _signed(asked):
        for reading in series.readings:
            if asked.period in ("", reading.period):
                program = series.program.slug if series.program else TOTAL
                key = _key(series.indicator, reading.period, program)
                yield from _rows_of(series.indicator, key, reading, series.cells(reading))
    yield from _of_provinces(asked)
    if asked.program is None:
        yield from _published(asked)


def _signed(asked: Slice) -> Iterable[SignedSeries]:
    found = signed_series(asked.program) if asked.program else signed_everywhere()
    return (each for each in found if asked.indicator in (None, each.indicator))


def _of_provinces(asked: Slice) -> Iterator[list[str]]:
    """Yield the values of provinces, in which the area is not the country."""
    for each in signed_in_provinces(program=asked.program, period=asked.period, indicator=asked.indicator):
        key = _key(each.indicator, each.reading.period, each.program or TOTAL) | {"REF_AREA": each.area}
        yield from _rows_of(each.indicator, key, each.reading, each.cells)


def _rows_of(
    indicator: Indicator, key: Mapping[str, str], reading: Reading, parts: Mapping[str, Mapping[str, Figure]]
) -> Iterator[list[str]]:
    """Yield the row of a value and those of its parts, each broken down by one dimension alone."""
    about = _about(indicator, reading.status, indicator.source_en)
    yield _row(key, exact_text(reading.value), STATUS[reading.measured.state], about)
    for dimension, cells in parts.items():
        for part, cell in cells.items():
            if part == UNKNOWN and cell.state == "value" and not cell.value:
                continue
            own = {**key, DIMENSION_IDS[dimension]: code_of(dimension, part)}
            yield _row(own, exact_text(number_in(cell)), STATUS[cell.state], about)


def _published(asked: Slice) -> Iterator[list[str]]:
    """Yield the values that others publish, each with its edition."""
    wanted = [each for each in real_indicators().exclude(series="") if asked.indicator in (None, each)]
    for indicator, series in zip(wanted, published_of(wanted).values(), strict=True):
        yield from _published_rows(indicator, series, asked.period)


def _published_rows(indicator: Indicator, series: PublishedSeries, period: str) -> Iterator[list[str]]:
    for piece in series.pieces:
        if piece.source.is_demo:
            continue
        about = _about(indicator, PUBLISHED, f"{piece.source.title_en}, {piece.source.edition}")
        status = ESTIMATED if series.is_modelled else STATUS["value"]
        for point in piece.points:
            if period in ("", point.period_key) and point.value is not None:
                key = _key(indicator, point.period_key, TOTAL) | {"EDITION": edition_code(piece.source)}
                yield _row(key, exact_text(point.value), status, about)


def _key(indicator: Indicator, period: str, program: str) -> dict[str, str]:
    key = {"FREQ": "Q" if "Q" in period else "A", "REF_AREA": COUNTRY, "PROGRAM": program, "INDICATOR": indicator.code}
    return key | {"EDITION": NOT_APPLICABLE, "TIME_PERIOD": period} | dict.fromkeys(DIMENSION_IDS.values(), TOTAL)


def _about(indicator: Indicator, signed: str, source: str) -> dict[str, str]:
    """Return what is told of every value of an indicator."""
    return {
        "UNIT_MEASURE": PERCENT if indicator.unit_en == "%" else defused(indicator.unit_en),
        "UNIT_MULT": "0",
        "DECIMALS": str(indicator.decimals),
        "SIGNATURES": signed.upper(),
        "SOURCE": defused(source),
    }


def _row(key: Mapping[str, str], value: str, status: str, about: Mapping[str, str]) -> list[str]:
    told = {**key, **about, "OBS_VALUE": value, "OBS_STATUS": status}
    return ["dataflow", STRUCTURE_ID, INFORMATION, *(told[name] for name in HEADER[3:])]
