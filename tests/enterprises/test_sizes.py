"""The size class of a firm: by the edition of its year, the higher of two measures, the same in SQL."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from enterprises.models import Enterprise, SizeDefinition
from enterprises.sizes import RANKS, Size, Sizes
from tests.register_factories import make_enterprise, make_enterprise_year, make_sector

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped_facts")]

EDGES = (0, 4, 5, 10, 11, 49, 50, 51, 99, 100, 199, 200, 201)
MONEY = (0, 49_999, 50_000, 50_001, 62_500, 250_000, 250_001, 400_000, 400_001, 500_000, 500_001, 1_000_001, 2_000_001)


@pytest.fixture
def sizes():
    return Sizes(SizeDefinition.objects.all())


@pytest.mark.parametrize(
    ("section", "year", "numbers", "size_class"),
    [
        ("C", 2024, (4, None, None), "micro"),
        ("C", 2024, (5, None, None), "small"),
        ("C", 2024, (49, 400_000, None), "small"),
        ("C", 2024, (49, 400_001, None), "medium"),
        ("C", 2024, (49, 10, 600_000), "medium"),
        ("C", 2024, (200, None, None), "large"),
        ("G", 2024, (100, None, None), "large"),
        ("A", 2024, (100, None, None), "medium"),
        ("C", 2019, (10, None, None), "micro"),
        ("C", 2019, (11, 10**9, None), "small"),
        ("C", 2019, (11, None, 250_001), "medium"),
        ("", 2019, (201, None, None), "large"),
        ("", 2024, (201, None, None), ""),
        ("C", 2024, (None, None, None), ""),
        ("C", None, (5, None, None), ""),
        ("C", 1980, (5, None, None), ""),
    ],
)
def test_size_is_the_higher_class_by_the_definition_of_the_year(sizes, section, year, numbers, size_class):
    assert sizes.of(section, year, *numbers).size_class == size_class


def test_class_that_rests_on_unconfirmed_thresholds_alone_says_so(sizes):
    assert sizes.of("G", 2024, 20, None, None) == Size("small", "2021", is_unconfirmed=True)
    assert sizes.of("C", 2024, 20, None, 600_000) == Size("medium", "2021", is_unconfirmed=True)
    assert sizes.of("C", 2024, 60, None, 600_000) == Size("medium", "2021", is_unconfirmed=False)


def test_new_edition_ends_the_one_before(sizes):
    rows = list(SizeDefinition.objects.filter(edition="2021", branch="industry"))
    for row in rows:
        row.pk, row.edition, row.valid_from = None, "2024", "2024-01-01"
        row.employees_max = row.employees_max and row.employees_max * 2
        row.save()

    fresh = Sizes(SizeDefinition.objects.all())

    assert fresh.of("C", 2023, 60, None, None) == Size("medium", "2021")
    assert fresh.of("C", 2024, 60, None, None) == Size("small", "2024")


numbers = st.none() | st.sampled_from(EDGES) | st.integers(0, 300)
amounts = st.none() | st.sampled_from(MONEY) | st.integers(0, 3_000_000)


@hypothesis_settings(max_examples=8)
@given(st.lists(st.tuples(st.integers(1989, 2026), numbers, amounts, amounts), min_size=20, max_size=40))
def test_rule_and_sql_agree(rows):
    sizes = Sizes(SizeDefinition.objects.all())
    sectors = [make_sector(code) for code in ("A", "C", "G")] + [None]
    for place, (year, employees, turnover, assets) in enumerate(rows):
        firm = make_enterprise(sector=sectors[place % 4])
        figures = {"employees": employees, "turnover_usd": turnover, "assets_usd": assets}
        make_enterprise_year(enterprise=firm, year=year, **figures)

    firms: Any = Enterprise.objects.with_size().select_related("latest", "sector")

    assert {firm.pk: firm.size_rank for firm in firms} == {
        firm.pk: RANKS.get(sizes.of_enterprise(firm).size_class, 0) for firm in firms
    }


def test_firms_are_filtered_by_size(sizes):
    small, large = (
        make_enterprise_year(enterprise=make_enterprise(sector=make_sector("C")), employees=employees).enterprise
        for employees in (20, 500)
    )
    unknown = make_enterprise()

    assert [*Enterprise.objects.of_size("small")] == [small]
    assert [*Enterprise.objects.of_size("large")] == [large]
    assert [*Enterprise.objects.of_size("none")] == [unknown]
