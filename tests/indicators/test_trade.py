"""What trade flows say: one level, teller and edition at a time; unknown is not 0; ambiguity is a part of its own."""

from decimal import Decimal

import pytest

from capred_portal.facts import read
from enterprises.facts import write_sectors
from indicators import economies
from indicators.inputs import trade
from indicators.inputs.comparative_advantage import comparative_advantage
from indicators.inputs.trade_links import flow_links, supplier_concentration
from indicators.models import Source
from tests.indicator_factories import make_source
from tests.trade_factories import CHINA, THAILAND, make_flow, make_trade

pytestmark = pytest.mark.django_db


def parts(found):
    return {part.code: part.value for part in found.parts}


def newest(**about):
    held = trade.newest(**about)
    assert held is not None
    return held


def test_nothing_held_is_unknown():
    assert trade.editions_held() == []
    assert trade.newest() is None
    assert trade.imports_of("5208") is None
    assert comparative_advantage() is None


def test_a_slice_says_what_is_held():
    source = make_trade()

    (held,) = trade.editions_held()

    assert (held.source, held.year, held.flow, held.is_mirror, held.months) == (source, 2022, "M", False, 0)
    assert held.levels == held.world_levels == {0, 2, 4, 6}
    assert held.has_partners
    assert held.total == 1000


def test_chapters_add_up_one_level_and_the_world_once():
    make_trade()

    found = trade.imports_by_chapter(newest())

    assert (found.total, found.rest, parts(found)) == (1000, 0, {"52": 700, "84": 300})
    assert found.parts[0].title == "Cotton"
    assert found.share(found.parts[0]) == Decimal("0.7")


def test_partners_add_up_to_the_world_of_all_goods_and_of_a_heading():
    make_trade()

    assert parts(trade.imports_by_partner(newest())) == {str(CHINA): 600, str(THAILAND): 400}
    heading = trade.imports_by_partner(newest(), "8452")
    assert (heading.total, parts(heading)) == (300, {str(THAILAND): 200, str(CHINA): 100})
    assert trade.imports_by_partner(newest(), "01") is None


def test_what_partners_do_not_tell_is_the_rest():
    source = make_trade()
    source.trade_flows.filter(partner=THAILAND).delete()

    found = trade.imports_by_partner(newest())

    assert (found.total, found.rest) == (1000, 400)


def test_end_uses_keep_what_is_ambiguous_and_unknown_apart():
    make_trade()

    found = trade.imports_by_end_use(newest())

    assert parts(found) == {"intermediate": 400, "several": 300, "unclassified": 200, "capital": 100}
    assert found.rest == 0


def test_end_uses_need_six_digits_and_a_correspondence():
    source = make_source()
    make_flow(source, "52", 5)
    assert trade.imports_by_end_use(newest()) is None

    make_flow(source, "520811", 5)
    assert trade.imports_by_end_use(newest()) is None


def test_without_chapters_the_headings_are_rolled_up():
    source = make_source()
    for code, value in (("5208", 5), ("5209", 6), ("8452", 7)):
        make_flow(source, code, value, partner=CHINA)

    found = trade.imports_by_chapter(newest())

    assert (found.total, parts(found)) == (18, {"52": 11, "84": 7})


def test_mirror_reported_months_and_editions_are_never_added_up():
    source = make_trade()
    make_flow(source, "TOTAL", 550, reporter=CHINA, partner=116, flow="X")
    make_flow(source, "TOTAL", 9, reporter=97, partner=116, flow="X")  # the European Union tells its members' trade
    make_flow(source, "TOTAL", 80, month=1)
    make_flow(source, "TOTAL", 90, month=2)
    other = make_source()
    make_flow(other, "TOTAL", 2000)
    make_flow(other, "TOTAL", 7, flow="X")

    held = trade.editions_held()

    told = [(each.source, each.flow, each.is_mirror, each.months, int(each.total)) for each in held if each.flow == "M"]
    assert told == [
        (other, "M", False, 0, 2000),
        (source, "M", False, 0, 1000),
        (source, "M", False, 2, 170),
        (source, "M", True, 0, 550),
    ]
    assert trade.totals_of(held) == {each: each.total for each in held}
    mirror = newest(is_mirror=True)
    assert parts(trade.imports_by_partner(mirror)) == {str(CHINA): 550}


def test_an_edition_in_force_comes_first():
    make_trade(make_source(is_superseded=True))
    make_trade(Source.objects.create(code="a", edition="1", title_en="A", publisher="P", confidence="V"))

    assert newest().source.code == "a"


@pytest.mark.parametrize(
    ("code", "total", "first"), [("52", 700, CHINA), ("8452", 300, THAILAND), ("520812", 300, CHINA)]
)
def test_imports_of_a_heading_of_any_level(code, total, first):
    make_trade()

    found = trade.imports_of(code)

    assert found is not None
    (year,) = found
    assert (year.held.year, year.total, year.classification) == (2022, total, "H6")
    assert year.partners[0].code == str(first)
    assert sum(part.value for part in year.partners) == total


def test_a_heading_without_rows_is_nothing_where_its_level_is_held():
    make_trade()

    found = trade.imports_of("0101")

    assert found is not None
    (year,) = found
    assert not year.total
    assert not year.partners


def test_imports_of_a_heading_by_year_prefer_the_report():
    source = make_trade()
    make_flow(source, "5208", 50, reporter=THAILAND, partner=116, flow="X", year=2022)
    make_flow(source, "5208", 60, reporter=THAILAND, partner=116, flow="X", year=2023)

    found = trade.imports_of("5208")

    assert [(each.held.year, each.held.is_mirror, each.total) for each in found] == [
        (2023, True, 60),
        (2022, False, 700),
    ]


def test_links_go_from_partner_to_goods_to_the_division_that_makes_them():
    write_sectors()
    make_trade()

    found = flow_links(newest())

    told = {(link.start.code, link.end.code): link.value for link in found}
    assert told == {
        ("156", "52"): 500,
        ("156", "84"): 100,
        ("764", "52"): 200,
        ("764", "84"): 200,
        ("52", "13"): 400,
        ("52", "several"): 300,
        ("84", "28"): 100,
        ("84", "unknown"): 200,
    }
    assert {link.end.title for link in found} >= {"several divisions may make it", "no division is known"}


def test_links_may_end_in_end_uses_and_put_the_small_together():
    make_trade()

    found = flow_links(newest(), end="end use", most=1)

    told = {(link.start.code, link.end.code): link.value for link in found}
    assert told[("156", "52")] == 500
    assert told[("others", "others")] == 200
    assert told[("52", "intermediate")] == 400
    assert told[("others", "capital")] == 100


def test_concentration_has_the_world_beneath_it():
    source = make_trade()

    found = supplier_concentration(newest())

    assert found.index == pytest.approx(0.6**2 + 0.4**2)
    assert (found.suppliers, found.total, found.is_whole) == (2, 1000, True)
    assert supplier_concentration(newest(), "8452").index == pytest.approx((1 / 3) ** 2 + (2 / 3) ** 2)
    source.trade_flows.filter(partner=THAILAND).delete()
    assert supplier_concentration(newest()).index is None


def make_world(source):
    """Cambodia: 60 of 100 in clothing; the world: 100 of 1000. The European Union would tell its members twice."""
    for reporter, clothing, machines in ((116, 60, 40), (704, 30, 270), (842, 10, 590), (97, 500, 500)):
        make_flow(source, "61", clothing, reporter=reporter, flow="X")
        make_flow(source, "84", machines, reporter=reporter, flow="X")


def test_comparative_advantage_is_balassas():
    source = make_source()
    make_world(source)

    found = comparative_advantage()

    assert (found.source, found.year, found.reporters, found.strong) == (source, 2022, 3, 1)
    clothing, machines = found.rows
    assert (clothing.code, clothing.exports, clothing.world) == ("61", 60, 100)
    assert clothing.index == pytest.approx((60 / 100) / (100 / 1000))
    assert clothing.symmetric == pytest.approx((6 - 1) / (6 + 1))
    assert machines.index == pytest.approx((40 / 100) / (900 / 1000))


def test_comparative_advantage_needs_others_exports():
    make_flow(make_source(), "61", 5, flow="X")

    assert comparative_advantage() is None
    assert comparative_advantage(2021) is None


def test_questions_are_few_however_many_years(django_assert_num_queries):
    write_sectors()
    source = make_trade()
    for year in range(2000, 2022):
        make_flow(source, "TOTAL", year, year=year)
        make_flow(source, "5208", year, year=year)

    with django_assert_num_queries(2):
        slices = trade.editions_held()
    with django_assert_num_queries(1):
        trade.imports_of("5208", slices)
    with django_assert_num_queries(1):
        trade.totals_of(slices)
    with django_assert_num_queries(3):  # the codes, their correspondence, the total
        trade.imports_by_end_use(slices[0])
    with django_assert_num_queries(4):
        flow_links(slices[0])


def test_every_economy_has_a_khmer_name_without_invisible_marks():
    rows = list(read(economies.__file__, "economies"))

    assert len({row["code"] for row in rows}) == len(rows) > 250
    assert all(any("\u1780" <= letter <= "\u17ff" for letter in row["title_km"]) for row in rows)
    assert not any("\u200b" in row["title_km"] for row in rows)
    assert (economies.names("en")[116], economies.names("km")[116]) == ("Cambodia", "កម្ពុជា")
    assert (economies.letters()[842], economies.title(12345)) == ("USA", "12345")
