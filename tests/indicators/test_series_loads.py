"""Loading published series: exactly the source's values, two editions apart, bad rows, taking back."""

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from capred_portal import loads, spreadsheets
from capred_portal.models import Load, LoadRow
from indicators.models import SeriesValue, Source
from tests.enterprises.test_enterprise_load import carry_out, outcomes, reasons
from tests.factories import make_user
from tests.indicator_factories import make_source
from tests.machine import IN_CI

pytestmark = pytest.mark.django_db

REFERENCE = Path(__file__).parents[3] / "shared" / "reference"
Outcome = LoadRow.Outcome
WDI = ["iso_a3", "indicator_code", "indicator_name", "unit", "year", "value", "source_commit"]
NEW, OLD = "01a34e8b54d76160a61b0325d74254e22db06b93", "00185452d20dc3f0c1cf7df9a95d417db6c69726"
SECTORS = ["iso_a3", "year", "sector", "sector_name", "gross_output", "exports", "domestic_sales_intermediate"]


def check(kind: str, content: bytes, source: Source, file_name: str = "series.csv") -> Load:
    """Return a load of an edition after its check, as the worker leaves it."""
    found = loads.REGISTRY[kind]
    scope = {"source": source.pk}
    load = loads.receive(kind=found, content=content, file_name=file_name, scope=scope, by=make_user(), enqueue=False)
    loads.check_load.func(load.pk)
    load.refresh_from_db()
    return load


def wdi(*rows: list[str]) -> bytes:
    return spreadsheets.write_csv(WDI, [[*row, *[""] * (len(WDI) - len(row))] for row in rows])


def share(year: str, value: str, commit: str = "", code: str = "NV.IND.MANF.ZS", economy: str = "KHM") -> list[str]:
    return [economy, code, "", "%", year, value, commit]


def values(**about: Any) -> list[tuple[int, float]]:
    return list(SeriesValue.objects.active().filter(**about).order_by("year").values_list("year", "value"))


# The published files


def published(name: str) -> bytes:
    path = REFERENCE / name
    if not path.exists() and not IN_CI:
        pytest.skip(f"skipped: because {path} is missing")
    return path.read_bytes()


def number(text: str) -> str:
    """Return the shortest text of the double a source printed; no database keeps the sign of a zero for sure."""
    return repr(float(text) + 0.0)


def wdi_rows(row: dict[str, str]) -> Iterator[tuple[Any, ...]]:
    code = row["indicator_code"].removesuffix("__OLDVINTAGE")
    yield (
        row["source_commit"][:8],
        code,
        row["iso_a3"],
        "",
        "",
        "",
        "",
        int(row["year"]),
        number(row["value"]),
        row["unit"],
    )


def wits_rows(row: dict[str, str]) -> Iterator[tuple[Any, ...]]:
    partner, product = (row[name].replace("...", "") for name in ("partner", "product_category"))
    _name, _bracket, rest = row["indicator"].partition("(")
    unit = rest.partition(")")[0]
    about = (row["indicator"], row["iso_a3"], "", partner, product, f"type={row['indicator_type']}")
    yield "", *about, int(row["year"]), number(row["value"]), unit


def unsdg_rows(row: dict[str, str]) -> Iterator[tuple[Any, ...]]:
    unit = row["dimensions"].partition("units=")[2]
    about = (row["series"], row["iso_a3"], "", "", "", row["dimensions"])
    yield "", *about, int(row["year"]), number(row["value"]), unit


def sector_rows(row: dict[str, str]) -> Iterator[tuple[Any, ...]]:
    for code in list(row)[7:]:
        yield "", code, row["iso_a3"], row["sector"], "", "", "", int(row["year"]), number(row[code]), "US$ m"


def chain_rows(row: dict[str, str]) -> Iterator[tuple[Any, ...]]:
    for code in filter(row.get, list(row)[5:]):
        unit = "share" if code.startswith("GVCP") else "US$ m"
        about = (code, row["iso_a3"], row["sector"], "", "", f"agg={row['agg']}")
        yield "", *about, int(row["year"]), number(row[code]), unit


Expected = Callable[[dict[str, str]], Iterator[tuple[Any, ...]]]
FILES: list[tuple[str, str, Expected]] = [
    ("series-wdi", "wdi_khm.csv", wdi_rows),
    ("series-wits", "wits_khm.csv", wits_rows),
    ("series-unsdg", "unsdg_khm.csv", unsdg_rows),
    ("adb-sectors", "adb_mrio62_sectors_current_khm_tha_bgd.csv", sector_rows),
    ("adb-gvc", "adb_mrio72_gvc_khm_tha_bgd.csv", chain_rows),
]


@pytest.mark.parametrize(("kind", "name", "expected"), FILES, ids=[kind for kind, *_rest in FILES])
def test_a_published_file_is_stored_value_by_value(kind, name, expected):
    content = published(name)
    source = make_source(code="test", edition="in force 01a34e8b")
    older = make_source(code="test", edition="older 00185452", is_superseded=True)
    commits = {source.pk: "01a34e8b", older.pk: "00185452"} if kind == "series-wdi" else {}

    load = carry_out(check(kind, content, source))
    again = check(kind, content, source)

    names = ("code", "economy", "sector", "partner", "product", "dimensions", "year", "value", "unit")
    stored = {
        (commits.get(pk, ""), *row[:-2], repr(row[-2]), row[-1])
        for pk, *row in SeriesValue.objects.values_list("source_id", *names)
    }
    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines()))
    told = [value for row in rows for value in expected(row)]
    assert (load.state, load.counts["new"], load.counts["wrong"]) == (Load.State.DONE, len(rows), 0)
    assert len(told) == SeriesValue.objects.count()
    assert {(*each[:-2], each[-2], each[-1]) for each in told} == stored
    assert again.counts["unchanged"] == len(rows)


# Editions


def test_superseded_rows_go_to_their_own_edition_without_the_mark():
    force = make_source(code="wdi", edition="revised, open-numbers 01a34e8b")
    older = make_source(code="wdi", edition="before, open-numbers 00185452", is_superseded=True)

    carry_out(
        check(
            "series-wdi",
            wdi(share("2022", "27.1", NEW), share("2022", "18.9", OLD, "NV.IND.MANF.ZS__OLDVINTAGE")),
            force,
        )
    )

    assert values(source=force, code="NV.IND.MANF.ZS") == [(2022, 27.1)]
    assert values(source=older, code="NV.IND.MANF.ZS") == [(2022, 18.9)]


def test_rows_of_two_editions_are_never_stored_as_one():
    source = make_source(code="other", edition="2030")

    load = check(
        "series-wdi",
        wdi(share("2021", "24", NEW), share("2022", "18.9", OLD), share("2023", "19", "", "X__OLDVINTAGE")),
        source,
    )

    assert outcomes(load) == [Outcome.NEW, Outcome.WRONG, Outcome.WRONG]
    assert "another edition (00185452)" in reasons(load)[3]


def test_another_economy_and_year_are_stored_under_their_edition():
    source = make_source(code="wdi", edition="2031")

    carry_out(
        check("series-wdi", wdi(share("2030", "30.25", economy="vnm"), share("2030", "1e-05", economy="LAO")), source)
    )

    assert values(economy="VNM") == [(2030, 30.25)]
    assert values(economy="LAO") == [(2030, 0.00001)]
    assert SeriesValue.objects.filter(confidence=source.confidence, source=source).count() == 2


# Bad rows


def test_every_wrong_row_says_what_is_wrong_with_it():
    load = check(
        "series-wdi",
        wdi(
            share("2020", "12.5"),
            share("2020", "12.6"),
            share("2021", "about 12"),
            share("2022", "1.234,5"),
            share("2023", ""),
            share("20x4", "12"),
            share("2024", "12", economy="Cambodia"),
            share("2024", "12", code=""),
            share("2025", "1.2E+05"),
            share("២០២៦", "១២.៥"),
        ),
        make_source(),
    )

    said = reasons(load)
    assert outcomes(load) == [Outcome.NEW, *[Outcome.WRONG] * 8, Outcome.NEW]
    assert "already in line 2" in said[3]
    assert "is not a number" in said[4]
    assert "is not clear" in said[5]
    assert "must be filled" in said[6]
    assert "is not a number" in said[7]
    assert "three letters" in said[8]
    assert "Series: This cell must be filled" in said[9]
    assert "shortened" in said[10]


def test_wide_rows_say_what_is_wrong_and_leave_blanks_as_they_are():
    source = make_source()
    table = spreadsheets.write_csv(
        SECTORS,
        [
            ["KHM", "2020", "3", "", "10.5", "", "2"],
            ["KHM", "2020", "4", "", "", "", ""],
            ["KHM", "2020", "", "", "1", "", ""],
            ["KHM", "2020", "5", "", "x", "", "1"],
            ["KHM", "2020", "3", "", "9", "", ""],
        ],
    )

    load = check("adb-sectors", table, source)

    said = reasons(load)
    assert outcomes(load) == [Outcome.NEW, *[Outcome.WRONG] * 4]
    assert "holds no value" in said[3]
    assert "Sector: This cell must be filled" in said[4]
    assert "Gross output: “x” is not a number" in said[5]
    assert "already in line 2" in said[6]


# Again, and back


def test_a_corrected_value_changes_and_undo_sets_it_back():
    source = make_source()
    carry_out(check("series-wdi", wdi(share("2020", "12.5")), source))
    again = carry_out(check("series-wdi", wdi(share("2020", "12.75"), share("2021", "13")), source))
    assert values() == [(2020, 12.75), (2021, 13.0)]

    assert loads.undo(again, by=make_user()) == []

    assert values() == [(2020, 12.5)]


def test_a_wide_table_adds_changes_and_is_taken_back():
    source = make_source()
    first = spreadsheets.write_csv(SECTORS, [["KHM", "2020", "3", "", "10.5", "", "2"]])
    second = spreadsheets.write_csv(
        SECTORS, [["KHM", "2020", "3", "", "11.5", "4", "2"], ["KHM", "2021", "3", "", "1", "", ""]]
    )
    carry_out(check("adb-sectors", first, source))
    again = check("adb-sectors", second, source)
    assert again.rows.get(line=2).before == {"gross_output": 10.5, "exports": None}

    carry_out(again)
    assert values(code="gross_output") == [(2020, 11.5), (2021, 1.0)]
    assert values(code="exports") == [(2020, 4.0)]
    changed = SeriesValue.objects.get(code="gross_output", year=2020)
    assert (changed.version, changed.history.count()) == (2, 1)
    assert loads.undo(again, by=make_user()) == []

    assert values() == [(2020, 2.0), (2020, 10.5)] or values() == [(2020, 10.5), (2020, 2.0)]


def test_a_wide_load_is_checked_again_when_its_values_have_changed_since():
    source = make_source()
    table = spreadsheets.write_csv(SECTORS, [["KHM", "2020", "3", "", "10.5", "", "2"]])
    waiting = check("adb-sectors", table, source)
    carry_out(check("adb-sectors", table, source))

    carry_out(waiting)

    assert (waiting.state, waiting.problem) == (Load.State.CHECKED, "changed")
    assert outcomes(waiting) == [Outcome.UNCHANGED]


def test_a_wide_load_does_not_overwrite_what_somebody_changed_since():
    source = make_source()
    carry_out(
        check("adb-sectors", spreadsheets.write_csv(SECTORS, [["KHM", "2020", "3", "", "10.5", "", "2"]]), source)
    )
    waiting = check("adb-sectors", spreadsheets.write_csv(SECTORS, [["KHM", "2020", "3", "", "11", "", ""]]), source)
    value = SeriesValue.objects.get(code="gross_output")
    value.value = 12
    value.save_version(by=make_user(), expected=1)

    carry_out(waiting)

    assert (waiting.state, waiting.problem) == (Load.State.CHECKED, "changed")
    assert values(code="gross_output") == [(2020, 12.0)]
    assert waiting.rows.get().before == {"gross_output": 12.0}


def test_a_value_changed_since_stands_against_undoing():
    source = make_source()
    table = spreadsheets.write_csv(SECTORS, [["KHM", "2020", "3", "", "10.5", "", ""]])
    done = carry_out(check("adb-sectors", table, source))
    value = SeriesValue.objects.get()
    value.value = 11
    value.save_version(by=make_user(), expected=1)

    blockers = loads.undo(done, by=make_user())

    assert [count for _reason, count in blockers] == [1]
    assert values() == [(2020, 11.0)]


# Page and command


def test_the_command_needs_an_edition_that_exists(tmp_path, capsys):
    path = tmp_path / "wdi.csv"
    path.write_bytes(wdi(share("2020", "12.5")))
    user, source = make_user(), make_source()
    with pytest.raises(CommandError, match=f"no such edition.*{source.pk} = {source}"):
        call_command("load", "series-wdi", path, user=user.username)

    call_command("load", "series-wdi", path, user=user.username, source=str(source.pk), json=True)

    assert json.loads(capsys.readouterr().out)["state"] == "done"
    assert values(source=source) == [(2020, 12.5)]


def test_the_page_asks_which_edition_a_load_belongs_to(staff_client, django_capture_on_commit_callbacks):
    url, source = reverse("loads:new_kind", args=["series-wdi"]), make_source(title_en="Indicators of the world")
    assert "Indicators of the world" in staff_client.get(url).content.decode()
    upload = {"file": SimpleUploadedFile("wdi.csv", wdi(share("2020", "12.5")))}

    with django_capture_on_commit_callbacks(execute=True):
        sent = staff_client.post(url, {**upload, "scope": str(source.pk)})
    page = staff_client.get(sent.url).content.decode()

    assert Load.objects.get().scope == {"source": str(source.pk)}
    assert f"{reverse('indicators:sources')}#source-{source.pk}" in page
    assert "12.5" in page


@pytest.mark.parametrize("scope", ["", "999999", "x"])
def test_a_load_without_an_edition_is_refused_beside_the_field(staff_client, scope):
    url = reverse("loads:new_kind", args=["adb-gvc"])

    response = staff_client.post(url, {"cells": "x\ty", "scope": scope})

    assert response.status_code == 422
    assert "scope" in response.context["form"].errors


@pytest.mark.parametrize("role", ["officer", "admin"])
def test_who_may_not_load_does_not_see_the_page(client_for, role):
    assert client_for(role).get(reverse("loads:new_kind", args=["series-wits"])).status_code == 403
