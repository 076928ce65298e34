"""Files that are no input-output table, or a broken one: what is said, where, and that nothing is half loaded."""

from typing import Any

import pytest
from django.utils.translation import override

from capred_portal import loads
from capred_portal.languages import is_khmer
from capred_portal.models import Load
from capred_portal.spreadsheets import SpreadsheetError
from indicators.models import InputOutputCell, InputOutputTable
from tests.table_files import DOMESTIC, IMPORTED, TOTAL, check, packed

pytestmark = pytest.mark.django_db

DOM, IMP, TTL = "dom 2022.csv", "imp 2022.csv", "total 2022.csv"


def said(load: Load) -> list[str]:
    """Return what is wrong with a file, in the language of now."""
    kind = loads.kind_of(load)
    if load.state == Load.State.FAILED:
        return [loads.problem_message(load)]
    return [loads.reasons(kind, row) for row in load.rows.filter(outcome="wrong").order_by("line")]


def without(text: str, start: str) -> str:
    """Return a file without the rows that begin like this."""
    return "".join(f"{line}\n" for line in text.splitlines() if not line.startswith(start))


def without_column(text: str, title: str) -> str:
    rows = [line.split(",") for line in text.splitlines()]
    place = rows[0].index(title)
    return "".join(",".join(row[:place] + row[place + 1 :]) + "\n" for row in rows)


BAD: dict[str, tuple[dict[str, Any], list[str]]] = {
    "wrong layout": (
        {DOM: "year,value\n2020,1\n2021,2\n"},
        ["dom 2022.csv: no table is found"],
    ),
    "one of two files is no table": (
        {DOM: DOMESTIC, IMP: "year,value\n2020,1\n"},
        ["imp 2022.csv: no table is found"],
    ),
    "a row without its column": (
        {DOM: without_column(DOMESTIC, "M"), IMP: IMPORTED},
        ["dom 2022.csv, row 3: M has no column"],
    ),
    "a column without its row": (
        {DOM: without(DOMESTIC, "M,"), IMP: IMPORTED},
        ["dom 2022.csv, row 1: the sector M has a column but no row"],
    ),
    "text in a cell": (
        {DOM: DOMESTIC, IMP: IMPORTED.replace("15,40,10", "15,abc,10")},
        ["imp 2022.csv, row 3 (M), column M: “abc” is not a number"],
    ),
    "text in several cells": (
        {DOM: DOMESTIC.replace("100,200,150", "x,200,?"), IMP: IMPORTED},
        ["row 6 (output), column A: “x” is not a number", "column S: “?” is not a number"],
    ),
    "a decimal comma": (
        {DOM: DOMESTIC, IMP: IMPORTED.replace("15,40,10", '15,"40,5",10')},
        ["imp 2022.csv, row 3 (M), column M: “40,5” can be read in two ways"],
    ),
    "a duplicate row": (
        {DOM: DOMESTIC.replace("value added", "A,Again,1,1,1,1,1\nvalue added"), IMP: IMPORTED},
        ["dom 2022.csv, row 5: A stands in row 2 already"],
    ),
    "a duplicate column": (
        {DOM: DOMESTIC.replace("exports", "households"), IMP: IMPORTED},
        ["dom 2022.csv, row 1: two columns are called households"],
    ),
    "the last row is short": (
        {DOM: DOMESTIC.replace(",,100,200,150,,", ",,100,200"), IMP: IMPORTED},
        ["dom 2022.csv, row 6 (output) breaks off at column M: it has 4 of 7 cells"],
    ),
    "cut off within the imports": (
        {DOM: DOMESTIC, IMP: IMPORTED.partition("\nS,")[0] + "\nS,Services,0"},
        ["imp 2022.csv, row 4 (S) breaks off at column A"],
    ),
    "no row of output": (
        {DOM: without(without(DOMESTIC, "jobs"), "output"), IMP: IMPORTED},
        ["there is no row of output"],
    ),
    "no row of value added": (
        {DOM: without(DOMESTIC, "value added"), IMP: IMPORTED},
        ["dom 2022.csv, row 1: below these titles there is no row of value added"],
    ),
    "domestic and imported are not the total": (
        {DOM: DOMESTIC, IMP: IMPORTED, TTL: TOTAL.replace("35,80,25", "35,70,25")},
        ["total 2022.csv, row 3 (M), column M: the total is 70, but domestic and imported together are 80"],
    ),
    "other sectors": (
        {DOM: DOMESTIC, IMP: without_column(without(IMPORTED, "S,"), "S")},
        ["imp 2022.csv, row 1: its sectors are not those of dom 2022.csv. In one of both only: S"],
    ),
    "a negative output": (
        {DOM: DOMESTIC.replace("100,200,150", "-100,200,150"), IMP: IMPORTED},
        ["dom 2022.csv, row 6 (output), column A: an output of -100 cannot be"],
    ),
    "a table that does not balance": (
        {DOM: DOMESTIC.replace("100,200,150", "100,210,150"), IMP: IMPORTED},
        ["dom 2022.csv, row 3: the sector M does not balance", "-4.76 % of its output. Sales less output: -4.76 %"],
    ),
    "a sector that earns and has no output": (
        {DOM: DOMESTIC.replace("100,200,150", "100,200,0"), IMP: IMPORTED},
        ["dom 2022.csv, row 4: the sector S does not balance", "less output: – % of its output"],
    ),
    "imports alone": ({IMP: IMPORTED}, ["there is no row of output"]),
}


@pytest.mark.parametrize(("files", "words"), BAD.values(), ids=list(BAD))
def test_a_bad_file_is_refused_in_words(files: dict[str, Any], words: list[str]) -> None:
    load = check(files, economy="KHM")

    told = " ".join(said(load))

    assert all(word in told for word in words), told
    assert not loads.may_write(load) or load.state == Load.State.FAILED
    assert not loads.confirm(load)
    assert not InputOutputTable.objects.exists()
    assert not InputOutputCell.objects.exists()


def test_only_what_is_wrong_is_listed_as_wrong() -> None:
    load = check({DOM: DOMESTIC, IMP: IMPORTED.replace("15,40,10", "15,abc,10")}, economy="KHM")

    assert (load.counts["wrong"], load.counts["new"], load.counts["unchanged"]) == (1, 0, 8)


def test_reasons_are_in_khmer_too() -> None:
    load = check({DOM: DOMESTIC, IMP: IMPORTED.replace("15,40,10", "15,abc,10")}, economy="KHM")

    with override("km"):
        told = said(load)[0]

    assert "abc" in told
    assert "imp 2022.csv" in told
    assert is_khmer(told)


def test_within_a_wider_tolerance_a_table_is_loaded_with_its_warning() -> None:
    files = {DOM: DOMESTIC.replace("100,200,150", "100,204,150"), IMP: IMPORTED}

    assert said(check(files, economy="KHM"))
    load = check(files, economy="KHM", tolerance="2.5")

    assert not said(load)
    assert (load.counts["table"]["largest_sector"], load.counts["table"]["largest_pct"]) == ("M", 1.9608)


def test_a_sector_without_output_is_allowed_and_said() -> None:
    zero = {DOM: DOMESTIC, IMP: IMPORTED}
    zero[DOM] = zero[DOM].replace("households", "U,households").replace("\nvalue", "\nU,Abroad,0,0,0,0,0,0\nvalue")
    rows = [line.split(",") for line in zero[DOM].splitlines()]
    zero[DOM] = "\n".join(",".join(row if len(row) == 8 else [*row[:5], "0", *row[5:]]) for row in rows)
    zero[IMP] = zero[IMP].replace("households", "U,households") + "U,Abroad,0,0,0,0,0,0\n"
    rows = [line.split(",") for line in zero[IMP].splitlines()]
    zero[IMP] = "\n".join(",".join(row if len(row) == 8 else [*row[:5], "0", *row[5:]]) for row in rows)

    load = check(zero, economy="KHM")

    assert not said(load)
    assert load.counts["table"]["without_output"] == ["U"]


def test_the_wrong_rows_are_a_list_and_the_page_says_that_nothing_was_loaded(client_for) -> None:
    load = check({DOM: DOMESTIC, IMP: IMPORTED.replace("15,40,10", "15,abc,10")}, economy="KHM")
    client = client_for("staff")

    page = client.get(load.get_absolute_url()).content.decode()

    assert "Nothing was loaded" in page
    assert "whole or not at all" in page
    assert "column M: “abc” is not a number" in page


def test_a_workbook_that_is_none_is_refused_at_once() -> None:
    with pytest.raises(SpreadsheetError):
        check({"table 2022.xlsx": b"no workbook"}, economy="KHM")


def test_the_economies_of_a_multi_regional_table_are_named() -> None:
    rows = "a,,\n,,,AUS,AUS,AUS,AUS\n,,,c1,c2,F1,F2\nSector,AUS,c1,1,1,1,1\n"

    load = check({"ADB MRIO 2022.csv": rows}, "adb-mrio")

    assert "Known are: AUS" in said(load)[0]


def test_text_in_a_cell_of_a_multi_regional_table_is_named() -> None:
    rows = "a,,\n,,,CAM,CAM,CAM,CAM\n,,,c1,c2,F1,F2\nSector one,CAM,c1,1,oops,1,1\n"

    load = check({"ADB MRIO 2022.csv": rows}, "adb-mrio")

    assert "“oops” is not a number" in said(load)[0]
    assert "Sector one" in said(load)[0]


def test_files_are_kept_as_one() -> None:
    assert packed({DOM: DOMESTIC, IMP: IMPORTED})[1] == f"{DOM} + {IMP}.zip"
