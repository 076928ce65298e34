"""Input-output tables as pages take them: which is asked for, its numbers, titles, divisions and what is left over."""

from decimal import Decimal

import pytest
from django.utils.translation import override

from indicators.inputs.balance import residuals
from indicators.inputs.tables import accounts_of, cells_of, divisions_of, sector_titles, table_asked, tables_offered
from indicators.models import SectorConcordance
from tests.indicator_factories import make_source
from tests.table_factories import SECTORS, make_table

pytestmark = pytest.mark.django_db


def test_accounts_hold_the_numbers_of_a_table(django_assert_num_queries) -> None:
    table = make_table()

    with django_assert_num_queries(2):
        accounts = accounts_of(table)

    assert list(accounts.output.index) == list(SECTORS)
    assert accounts.output.tolist() == [100, 200, 150]
    assert accounts.domestic is not None
    assert accounts.domestic.loc["A", "M"] == 30
    assert accounts.imported is not None
    assert accounts.imported.loc["M", "A"] == 15
    assert accounts.value_added.tolist() == [40, 40, 95]
    assert accounts.export_categories == ("EXPO",)


def test_a_table_of_tests_balances() -> None:
    table = make_table()

    assert [(row.costs, row.sales) for row in residuals(cells_of(table), SECTORS)] == [(0, 0)] * 3


def test_table_asked_for_is_cambodian_and_tells_imports_apart() -> None:
    example = make_table(economy="HRV", is_example=True, year=2023)
    old = make_table(year=2019)
    newest = make_table(year=2022, has_imported=False)

    assert tables_offered() == [newest, old, example]
    assert table_asked({}) == old
    assert table_asked({"table": str(example.pk)}) == example
    assert table_asked({"table": "no number"}) == old


def test_table_asked_for_is_the_example_where_no_other_is_held() -> None:
    example = make_table(economy="HRV", is_example=True)

    assert table_asked({}) == example


def test_no_table_is_asked_for_where_none_is_held() -> None:
    assert table_asked({}) is None


def test_titles_of_sectors_are_in_the_language_of_the_reader() -> None:
    table = make_table()
    table.sectors.update(title_km="")
    table.sectors.filter(code="A").update(title_km="កសិកម្ម")

    with override("km"):
        assert sector_titles(table) == {"A": "កសិកម្ម", "M": "Manufacturing", "S": "Services"}


@pytest.mark.parametrize(
    ("unit", "words"), [("million US$", "million US$"), ("not stated", "unit not stated"), ("kip", "kip")]
)
def test_a_unit_is_in_words(unit: str, words: str) -> None:
    assert make_table(unit=unit).unit_words == words


def test_divisions_come_from_the_newest_edition_of_a_concordance_alone() -> None:
    table = make_table()
    old, new = make_source(), make_source()
    for source, sector, division, weight in ((old, "S", "45", "1"), (new, "M", "10", "0.5"), (new, "M", "11", "0.5")):
        SectorConcordance.objects.create(
            source=source, classification="three", sector=sector, division=division, weight=Decimal(weight)
        )

    assert divisions_of(table) == {"M": [("10", Decimal("0.5")), ("11", Decimal("0.5"))]}
