"""Pages of input-output tables: who sees what, the files that are lacking, concordances, the facts that ship."""

import csv
import io
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from capred_portal import loads, spreadsheets
from capred_portal.models import Load
from enterprises.models import Sector
from indicators.facts import write_sources
from indicators.input_output_facts import titles_of, write_concordances, write_example_table
from indicators.inputs.tables import accounts_of, divisions_of, table_asked
from indicators.models import InputOutputTable, SectorConcordance, Source
from tests.enterprises.test_enterprise_load import carry_out, reasons
from tests.factories import make_user
from tests.indicator_factories import make_source
from tests.table_factories import make_table
from tests.table_files import PAIR, load_table

pytestmark = pytest.mark.django_db

COLUMNS = ["classification", "sector", "division", "weight"]


@pytest.fixture
def facts() -> None:
    """The editions, concordances and the example that ship."""
    write_sources()
    write_concordances()
    write_example_table()


def page_of(client, name: str, *args: object, language: str = "en") -> str:
    client.cookies["django_language"] = language
    response = client.get(reverse(f"input_output:{name}", args=args), headers={"Accept-Language": language})
    assert response.status_code == 200
    return str(response.content.decode())


# What ships


def test_the_example_that_ships_is_croatia_and_balances(facts: None) -> None:
    table = InputOutputTable.objects.get()

    accounts = accounts_of(table)

    assert (table.economy, table.year, table.is_example, table.residual_sector) == ("HRV", 2010, True, "C26")
    assert table_asked({}) == table
    assert accounts.imported is not None
    assert accounts.domestic is not None
    assert accounts.domestic.loc["A01", "A01"] == 3_255_373.328
    assert set(divisions_of(table)) == set(accounts.output.index)


def test_facts_written_twice_are_there_once_and_archived_ones_stay_away(facts: None) -> None:
    concordances = SectorConcordance.objects.count()
    table = InputOutputTable.objects.get()
    table.archive(by=make_user(), reason="Not needed any more")

    write_concordances()
    write_example_table()

    assert SectorConcordance.objects.count() == concordances
    assert not InputOutputTable.objects.active().exists()


def test_weights_of_every_sector_that_ships_make_up_the_whole(facts: None) -> None:
    sums: dict[tuple[str, str], Decimal] = {}
    for row in SectorConcordance.objects.all():
        sums[row.classification, row.sector] = sums.get((row.classification, row.sector), Decimal(0)) + row.weight

    assert {name for name, _sector in sums} == {"adb-35", "cpa-a64", "oecd-50"}
    assert set(sums.values()) == {Decimal(1)}
    for name, number in (("adb-35", 35), ("cpa-a64", 65), ("oecd-50", 50)):
        assert len(titles_of(name)) == number
        assert all(khmer for _english, khmer in titles_of(name).values())


def test_sectors_of_a_known_classification_get_its_titles(facts: None) -> None:
    codes = {"A": "D01", "M": "D13T15", "S": "D41T43"}
    files = dict(PAIR)
    for name, text in files.items():
        lines = text.replace("title,A,M,S", f"title,{','.join(codes.values())}").splitlines()
        files[name] = "\n".join(
            ",".join([codes[cells[0]], "", *cells[2:]]) if (cells := line.split(","))[0] in codes else line
            for line in lines
        )

    table = load_table(files)

    assert table.classification == "oecd-50"
    assert [str(sector) for sector in table.sectors.all()][1] == "Textiles, apparel, leather"
    assert divisions_of(table)["D13T15"][0] == ("13", Decimal("0.333334"))


# Pages


def test_the_list_says_which_file_to_load_and_links_to_its_page(client_for, facts: None) -> None:
    page = page_of(client_for("staff"), "list")

    assert "KHM2020dom.csv" in page
    assert reverse("loads:new_kind", args=["adb-mrio"]) in page
    assert "example country" in page
    assert "No table of Cambodia is loaded yet" in page


def test_officers_look_and_are_not_told_who_loaded(client_for) -> None:
    table = load_table(PAIR)
    assert table.load is not None

    officer, staff = page_of(client_for("officer"), "list"), page_of(client_for("staff"), "list")

    assert table.load.get_absolute_url() in staff
    assert table.load.get_absolute_url() not in officer
    assert reverse("loads:new_kind", args=["oecd-iot"]) not in officer


@pytest.mark.parametrize("language", ["en", "km"])
def test_a_table_has_a_page_in_both_languages(client_for, facts: None, language: str) -> None:
    table = InputOutputTable.objects.get()

    page = page_of(client_for("officer"), "detail", table.pk, language=language)

    assert "<code>C10-C12</code>" in page
    assert ("ម្ហូបអាហារ ភេសជ្ជៈ និងថ្នាំជក់" in page) == (language == "km")


def test_an_archived_table_has_no_page(client_for) -> None:
    table = make_table()
    table.archive(by=make_user(), reason="Loaded by mistake")

    assert client_for("staff").get(reverse("input_output:detail", args=[table.pk])).status_code == 404


def test_who_is_not_signed_in_sees_no_table(client_for) -> None:
    assert client_for("anonymous").get(reverse("input_output:list")).status_code == 302


def test_the_file_of_a_table_holds_its_numbers(client_for) -> None:
    table = make_table()

    response = client_for("staff").get(reverse("input_output:download", args=[table.pk]))

    rows = list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    assert rows[0] == ["block", "row", "column", "value"]
    assert ["zd", "A", "M", "30.0"] in rows


# Concordances


def check(source: Source, *rows: list[str]) -> Load:
    for code in ("13", "14", "15"):
        Sector.objects.get_or_create(code=code, defaults={"level": Sector.Level.DIVISION, "title_en": code})
    content, kind = spreadsheets.write_csv(COLUMNS, rows), loads.REGISTRY["sector-concordance"]
    scope = {"source": source.pk}
    load = loads.receive(
        kind=kind, content=content, file_name="sectors.csv", scope=scope, by=make_user(), enqueue=False
    )
    loads.check_load.func(load.pk)
    load.refresh_from_db()
    return load


def test_a_concordance_is_loaded_and_taken_back() -> None:
    source = make_source()
    load = check(source, ["my-list", "T", "13", "0.5"], ["my-list", "T", "14", "0.5"], ["my-list", "L", "15", "1"])

    assert carry_out(load).state == Load.State.DONE
    assert SectorConcordance.objects.filter(source=source).count() == 3
    again = check(source, ["my-list", "L", "15", "1"])
    assert again.counts["unchanged"] == 1
    assert loads.undo(load, by=make_user()) == []
    assert not SectorConcordance.objects.exists()


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["my-list", "T", "13", "0.5"], ["my-list", "T", "14", "0.4"]], "add up to 0.9"),
        ([["my-list", "T", "88", "1"]], "no division of ISIC"),
        ([["my-list", "T", "13", "0.5"], ["my-list", "T", "13", "0.5"]], "already in line 2"),
        ([["my list!", "T", "13", "1"]], "no name of a classification"),
        ([["my-list", "T", "13", "2"]], "1"),
        ([["my-list", "T", "", "1"]], "must be filled"),
    ],
)
def test_a_wrong_concordance_is_refused_in_words(rows: list[list[str]], words: str) -> None:
    load = check(make_source(), *rows)

    assert load.counts["wrong"]
    assert words in " ".join(reasons(load).values())


def test_other_weights_in_one_edition_are_refused() -> None:
    source = make_source()
    carry_out(check(source, ["my-list", "T", "13", "1"]))

    load = check(source, ["my-list", "T", "14", "1"])

    assert "another edition" in " ".join(reasons(load).values())


# What they cost


@pytest.mark.parametrize("role", ["staff", "officer"])
def test_pages_ask_few_questions_however_many_tables_are_held(client_for, role: str) -> None:
    client = client_for(role)
    table = make_table()

    def questions() -> list[int]:
        counts = []
        for url in (reverse("input_output:list"), reverse("input_output:detail", args=[table.pk])):
            cache.clear()
            with CaptureQueriesContext(connection) as asked:
                assert client.get(url).status_code == 200
            counts.append(len(asked))
        return counts

    first = questions()
    for year in range(2010, 2020):
        make_table(year=year)

    assert questions() == first
    assert max(first) <= 15
