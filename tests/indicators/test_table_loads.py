"""Loading input-output tables: published files, the layouts they come in, several files at once, taking back."""

import io
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from capred_portal import loads, spreadsheets
from capred_portal.models import Load
from indicators.analytics.input_output import backward_linkages, leontief_inverse, technical_coefficients
from indicators.inputs.tables import accounts_of
from indicators.loaders.input_output_scope import facts_of
from indicators.models import InputOutputTable, Source
from tests.factories import make_user
from tests.indicator_factories import make_source
from tests.multi_regional import multi_regional_rows
from tests.table_factories import make_scenario
from tests.table_files import (
    DOMESTIC,
    IMPORTED,
    LAYOUTS,
    PAIR,
    TOTAL,
    assert_example,
    check,
    load_table,
    published,
    workbook,
)

pytestmark = pytest.mark.django_db

# Published files


def test_germany_is_loaded_with_its_imports_as_one_row_and_its_jobs() -> None:
    table = load_table(published("germany_1995_6sector_beutel.csv"))

    accounts = accounts_of(table)

    assert (table.economy, table.year, table.is_example, table.has_imported) == ("DEU", 1995, True, False)
    assert table.has_jobs
    assert accounts.imports is not None
    assert accounts.imports.tolist() == [2927, 156703, 13427, 21943, 13371, 13772]
    assert accounts.jobs is not None
    assert accounts.jobs.tolist() == [1096, 8381, 3236, 9251, 4258, 10206]
    assert accounts.taxes.tolist() == [1084, 6505, 1548, 8349, 8473, 12551]
    assert accounts.domestic is not None
    inverse = leontief_inverse(technical_coefficients(accounts.domestic, accounts.output))
    assert backward_linkages(inverse).round(4).tolist() == [1.7048, 1.8413, 1.8136, 1.6035, 1.5951, 1.3782]


def test_germany_tells_that_its_column_of_output_is_not_its_row() -> None:
    load = check(published("germany_1995_6sector_beutel.csv"))

    assert load.counts["table"]["twice"] == [["manufacturing_group", 1_079_446.0, 1_079_400.0]]
    assert load.counts["table"]["largest_sector"] == "manufacturing_group"
    assert load.counts["table"]["largest_pct"] == pytest.approx(100 * 46 / 1_079_446, abs=1e-4)


def test_croatia_is_loaded_from_three_files_and_sums_are_counted_once() -> None:
    names = ("domestic", "imports", "total")
    table = load_table(published(*(f"croatia_2010_{name}_thousandHRK.csv" for name in names)))

    accounts = accounts_of(table)

    assert (table.economy, table.year, table.unit, table.has_jobs) == ("HRV", 2010, "thousand HRK", False)
    assert (table.residual_sector, table.has_imported) == ("C26", True)
    assert len(accounts.output) == 65
    assert accounts.output["U"] == 0
    assert list(accounts.final_domestic) == [
        *("P3_S14", "P3_S15", "P3_S13", "P51", "P52", "P53", "P6_S22", "P6_S2111", "P6_S2112")
    ]
    costs = accounts.total.sum() + accounts.taxes + accounts.value_added
    assert (costs - accounts.output).abs().max() < 0.01


def test_the_total_of_croatia_alone_tells_no_imports_apart() -> None:
    table = load_table(published("croatia_2010_total_thousandHRK.csv"))

    accounts = accounts_of(table)

    assert not table.has_imported
    assert accounts.domestic is None
    assert accounts.final_domestic["IMPO"].sum() == pytest.approx(-125_911_797, rel=1)


def test_a_national_file_of_the_oecd_is_loaded_with_both_taxes() -> None:
    table = load_table(published("oecd_iot_layout_sample_BEL2020ttl.csv"), "oecd-iot")

    accounts = accounts_of(table)

    assert (table.economy, table.year, table.layout, table.unit) == ("BEL", 2020, "oecd-iot", "million US$")
    assert accounts.taxes["D20"] == pytest.approx(302.7 + 1049.3)
    assert accounts.export_categories == ("CONS_NONRES", "EXPO")
    assert accounts.final_domestic["IMPO"].sum() == pytest.approx(-259_063.3)


# Layouts


def test_a_pair_of_files_is_loaded() -> None:
    table = load_table(PAIR)

    assert_example(table)
    assert (table.economy, table.year, table.is_example, table.has_jobs) == ("KHM", 2022, False, True)
    assert str(table.sectors.first()) == "Agriculture"


def test_final_demand_may_be_one_column() -> None:
    table = load_table(
        {
            "dom 2022.csv": DOMESTIC.replace("households,exports", "final demand,exports"),
            "imp 2022.csv": IMPORTED.replace("households,exports", "final demand,exports"),
        },
        economy="KHM",
    )

    assert_example(table)


@pytest.mark.parametrize("files", LAYOUTS.values(), ids=list(LAYOUTS))
def test_layouts_lead_to_the_same_table(files: dict[str, str]) -> None:
    assert_example(load_table(files, economy="KHM"))


def test_sheets_of_a_workbook_are_told_apart_by_their_names() -> None:
    book = workbook({"Notes": "About this table\n", "Domestic": DOMESTIC, "Imported": IMPORTED})

    assert_example(load_table({"Cambodia 2022.xlsx": book}))


def test_a_zip_of_files_is_loaded() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, text in PAIR.items():
            archive.writestr(f"tables/{name}", text)

    assert_example(load_table({"files.zip": target.getvalue()}))


def test_national_files_of_the_oecd_are_three() -> None:
    codes = {"A": "01", "M": "10T12", "S": "41T43"}

    def oecd(text: str, prefix: str) -> str:
        lines = text.replace("code,title,A,M,S,households,exports", ",,D01,D10T12,D41T43,HFCE,EXPO").splitlines()
        lines[0] = lines[0].replace("imports", "IMPO")
        named = [f"{prefix}_{codes[line[0]]}{line[1:]}" if line[:2] in ("A,", "M,", "S,") else line for line in lines]
        return "\n".join(named).replace("value added", "VALU").replace("output", "OUTPUT")

    files = {"dom": oecd(DOMESTIC, "DOM"), "imp": oecd(IMPORTED, "IMP"), "ttl": oecd(TOTAL, "TTL")}
    table = load_table({f"KHM2022{name}.csv": text for name, text in files.items()}, "oecd-iot")

    accounts = accounts_of(table)

    assert (table.economy, table.year, table.has_imported) == ("KHM", 2022, True)
    assert accounts.imported is not None
    assert accounts.imported.loc["D10T12", "D01"] == 15


def test_the_block_of_one_economy_is_taken_out_of_the_table_of_all() -> None:
    rows = list(multi_regional_rows(["AUS", "CAM", "RoW"], 3))
    content = spreadsheets.write_csv([str(cell) for cell in rows[0]], rows[1:])

    table = load_table({"ADB MRIO 2022.csv": content}, "adb-mrio")

    accounts = accounts_of(table)
    assert (table.economy, table.year, table.has_imported) == ("KHM", 2022, True)
    assert table.largest_residual_pct == 0
    columns = [row[3:] for row in rows[7:16]]
    home = slice(3, 6)
    assert accounts.domestic is not None
    assert accounts.domestic.to_numpy().tolist() == [[cell or 0 for cell in row[home]] for row in columns[3:6]]
    assert accounts.imported is not None
    bought_abroad = columns[0][3] + columns[6][3]
    assert accounts.imported.loc["c1", "c1"] == pytest.approx(bought_abroad)
    sold_abroad = sum(columns[3][:3]) + sum(columns[3][6:14]) + sum(columns[3][19:24])
    assert accounts.exports["c1"] == pytest.approx(sold_abroad)


def test_the_sheet_of_the_year_is_taken_where_a_workbook_holds_several() -> None:
    sheets = {
        f"ADB MRIO {year}": "\n".join(
            ",".join(str(cell).replace(",", "") for cell in row) for row in multi_regional_rows(["CAM", "RoW"], sectors)
        )
        for year, sectors in ((2021, 2), (2022, 3))
    }
    book = workbook(sheets)

    table = load_table({"tables.xlsx": book}, "adb-mrio", year="2022")

    assert (table.year, table.sectors.count(), table.source.is_modelled) == (2022, 3, True)
    assert "which year" in loads.problem_message(check({"tables.xlsx": book}, "adb-mrio"))


# Editions and taking back


def test_a_later_edition_keeps_the_earlier_one() -> None:
    old, new = make_source(), make_source()

    load_table(PAIR, source=str(old.pk))
    load_table(PAIR, source=f"{new.code}:{new.edition}")

    assert set(InputOutputTable.objects.active().values_list("source", flat=True)) == {old.pk, new.pk}


def test_the_same_table_of_one_edition_is_nothing_new() -> None:
    source = make_source()
    load_table(PAIR, source=str(source.pk))

    load = check(PAIR, source=str(source.pk))

    assert (load.counts["new"], load.counts["wrong"]) == (0, 0)
    assert load.counts["unchanged"] == 9


def test_other_numbers_for_one_edition_are_refused() -> None:
    source = make_source()
    table = load_table(PAIR, source=str(source.pk))
    other = {name: text.replace("10,30,5,35,20", "10,30,5,34,21") for name, text in PAIR.items()}

    load = check(other, source=str(source.pk))

    row = load.rows.get(outcome="wrong")
    assert f"table {table.pk}" in loads.reasons(loads.kind_of(load), row)


def test_undo_archives_the_table_and_its_own_edition() -> None:
    table = load_table(PAIR)
    assert table.load is not None

    assert loads.undo(table.load, by=make_user()) == []

    assert not InputOutputTable.objects.active().exists()
    assert not Source.objects.active().filter(code="own-file").exists()


def test_undo_waits_for_scenarios() -> None:
    table = load_table(PAIR)
    scenario = make_scenario(table=table)
    assert table.load is not None

    assert [count for _reason, count in loads.undo(table.load, by=make_user())] == [1]
    scenario.archive(by=make_user(), reason="No longer asked")
    assert loads.undo(table.load, by=make_user()) == []


# The page and the command


def test_the_page_takes_several_files_and_says_which_is_which(client_for, django_capture_on_commit_callbacks) -> None:
    client = client_for("staff")
    files = [SimpleUploadedFile(name, text.encode()) for name, text in PAIR.items()]

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(reverse("loads:new_kind", args=["labelled-iot"]), {"file": files, "tolerance": "1"})

    load = Load.objects.get()
    assert response.url == load.get_absolute_url()
    page = client.get(load.get_absolute_url()).content.decode()
    assert "KHM_2022_imports.csv" in page
    assert "Every sector balances" in page
    assert client.get(load.get_absolute_url(), headers={"Accept-Language": "km"}).status_code == 200


def test_the_page_refuses_a_tolerance_that_is_too_wide(client_for) -> None:
    files = [SimpleUploadedFile(name, text.encode()) for name, text in PAIR.items()]

    response = client_for("staff").post(
        reverse("loads:new_kind", args=["labelled-iot"]), {"file": files, "tolerance": "6"}
    )

    assert response.status_code == 422
    assert not Load.objects.exists()


def test_the_command_loads_several_files_at_once(tmp_path: Path) -> None:
    user = make_user(role="staff")
    paths = [tmp_path / name for name in PAIR]
    for path, text in zip(paths, PAIR.values(), strict=True):
        path.write_text(text)

    call_command("load", "labelled-iot", *map(str, paths), "--user", user.username, "--unit", "million US$")

    table = InputOutputTable.objects.get()
    assert_example(table)
    assert table.unit == "million US$"


def test_the_command_asks_for_what_the_files_do_not_tell(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(DOMESTIC)

    with pytest.raises(CommandError, match=r"--economy and --year"):
        call_command("load", "labelled-iot", str(path), "--dry-run")
    assert not Load.objects.exists()


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (
            ["croatia_2010_domestic_thousandHRK.csv", "croatia_2010_imports_thousandHRK.csv"],
            ("HRV", 2010, "thousand HRK"),
        ),
        (["KHM2020ttl.csv"], ("KHM", 2020, "million US$")),
        (["South Korea 2019 mn US$.xlsx · Domestic"], ("KOR", 2019, "million US$")),
        (["DOM.csv", "KHM 2021.csv"], ("KHM", 2021, "not stated")),
        (["czech_republic_2015_domestic.csv"], ("CZE", 2015, "not stated")),
    ],
)
def test_names_of_files_tell_economy_year_and_unit(names: list[str], told: tuple[str, int, str]) -> None:
    layout = "oecd-iot" if "ttl" in names[0] else "labelled-iot"

    facts = facts_of(Load(scope={}), layout, names)

    assert (facts.economy, facts.year, facts.unit) == told
