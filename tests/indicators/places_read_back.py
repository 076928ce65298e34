"""The signed values of provinces read back from pages, tables and SDMX: value and parts by indicator and place."""

import csv
import io
from collections.abc import Callable, Iterable
from typing import Any

from django.urls import reverse
from pysdmx.io import read_sdmx

from enterprises.models import Province
from indicators.models import Observation
from tests.indicators.forms_read_back import Reader, html_tables, parts_in, rows_of_table
from tests.machine_client import program_of
from tests.standards_factories import QUARTER

Place = tuple[str, str]  # indicator, ISO 3166-2 code
Told = dict[Place, tuple[str, dict[str, str]]]  # its value, its parts by sex
TABLES = ("observations", "observation-parts")
SIGNED = ("verified", "accepted")
STATES = {"na": "not applicable"}
WORDS = {"Value": "value", "Not available": "missing", "Does not apply": "not applicable", "Withheld": "withheld"}
SDMX_STATES = {"A": "value", "O": "missing", "M": "not applicable", "Q": "withheld"}
SDMX_SEX = {"F": "f", "M": "m", "_O": "o", "_U": "unknown"}


def from_pages(reader: Reader) -> Told:
    rows = Observation.objects.filter(program=reader.program, status__in=SIGNED).exclude(province=None)
    found: Told = {}
    for row in rows.select_related("indicator", "province"):
        tables = html_tables(reader.page("observations:detail", row.pk))
        [value] = [line[1] for table in tables if table[0][0] == "Version" for line in table[1:]]
        value = {"Not available": "–", "Does not apply": "n/a"}.get(value, value)
        parts = {key: text for (_dimension, key), text in parts_in(tables).items()}
        found[row.indicator.code, row.province.iso_code] = value, parts
    return found


def from_tables(reader: Reader, values: Iterable[Any], parts: Iterable[Any], states: dict[str, str]) -> Told:
    """Return what two tables tell: of values, and of their parts."""
    areas = dict(Province.objects.values_list("code", "iso_code"))
    signed = [row for row in values if row["province"] and row["status"].lower() in SIGNED]
    told = {
        str(row["id"]): (row["indicator"], areas[str(row["province"])], row["state"], row["value"]) for row in signed
    }
    found: Told = {
        (code, area): (reader.written(code, states.get(state, state), value), {})
        for code, area, state, value in told.values()
    }
    for row in parts:
        if place := told.get(str(row["observation_id"])):
            state = "value" if row["value"] not in ("", None) else states.get(row["state"], row["state"])
            state = "withheld" if "withheld" in state.lower() else state
            text = (
                reader.written(place[0], state, row["value"], with_unit=False)
                if state in ("value", "withheld")
                else "–"
            )
            found[place[:2]][1][row["id"].rpartition(":")[2]] = text
    return found


def from_csv(reader: Reader) -> Told:
    values, parts = (rows_of_table(reader, name, "csv") for name in TABLES)
    return from_tables(reader, values, parts, WORDS)


def from_xlsx(reader: Reader) -> Told:
    values, parts = (whole_numbers(rows_of_table(reader, name, "xlsx")) for name in TABLES)
    return from_tables(reader, values, parts, WORDS)


def whole_numbers(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return rows with the keys of a workbook, which are doubles there, as whole numbers."""
    keys = ("id", "observation_id")
    return [row | {name: row[name].removesuffix(".0") for name in keys if name in row} for row in rows]


def from_api(reader: Reader) -> Told:
    machine = program_of(reader.officer)
    addresses = [reverse(f"api:table_{name}") for name in TABLES]
    values, parts = (machine.get(each, {"program": reader.program.slug}).json()["rows"] for each in addresses)
    return from_tables(reader, values, parts, STATES)


def from_sdmx(reader: Reader) -> Told:
    response = reader.client.get(reverse("standards:sdmx"), {"program": reader.program.slug, "period": QUARTER})
    text = b"".join(response.streaming_content).decode()
    message: Any = read_sdmx(text)
    read = message.data[0].data.to_dict("records")
    assert len(read) == len(list(csv.DictReader(io.StringIO(text))))
    found: Told = {}
    for row in sorted(read, key=lambda row: row["SEX"] != "_T"):
        code, area, state = row["INDICATOR"], row["REF_AREA"], SDMX_STATES[row["OBS_STATUS"]]
        if area != "KH" and row["SEX"] == "_T":
            found[code, area] = reader.written(code, state, row["OBS_VALUE"]), {}
        elif area != "KH":
            text = reader.written(code, state, row["OBS_VALUE"], with_unit=False)
            found[code, area][1][SDMX_SEX[row["SEX"]]] = text
    return found


PLACE_FORMS: dict[str, Callable[[Reader], Told]] = {
    "page": from_pages,
    "CSV": from_csv,
    "XLSX": from_xlsx,
    "API": from_api,
    "SDMX": from_sdmx,
}
