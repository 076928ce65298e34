"""What officers are not told of the register: two ways at once, small sectors of any level, and the other group."""

import pytest

from capred_portal.figures import REGISTRY, TOTAL, Scope
from enterprises.figures.withheld import hidden_sectors
from tests.register_factories import make_enterprise, make_enterprise_year, make_sector

pytestmark = pytest.mark.django_db

TOLD = ("jobs", "enterprises-women", "enterprises-women-share", "enterprises-exporting", "imported-input-share")


def figures(code, role="officer", **params):
    return REGISTRY[code].figures(Scope(role, params))


def states(code, role="officer", **params):
    return {key: figure.state for key, figure in figures(code, role, **params).items()}


def make_firms(count, *, year=None, **fields):
    for _number in range(count):
        make_enterprise_year(enterprise=make_enterprise(**fields), **{"employees": 10} | (year or {}))


@pytest.fixture
def cross():
    """Two provinces with two sectors each: 3 firms of one, 7 to 9 of the others."""
    for code in ("10", "14"):
        make_sector(code)
    for province, sector, count in (("02", "1071", 3), ("02", "1410", 7), ("03", "1071", 8), ("03", "1410", 9)):
        year = {"export_share_pct": 50, "imported_input_share_pct": 40, "turnover_usd": 1000}
        make_firms(count, province=province, sector=sector, is_women_owned=bool(count % 2), year=year)


def test_what_firms_told_is_a_one_way_table_for_officers(cross):
    assert states("jobs", by="province") == {TOTAL: "value", "02": "value", "03": "value", "none": "missing"}
    assert states("jobs", by="sector") == {TOTAL: "value", "10": "value", "14": "value"}
    for code in TOLD:
        assert set(states(code, province="02", by="sector").values()) == {"withheld"}
        assert set(states(code, sector="14", by="province").values()) == {"withheld"}
        assert states(code, province="03", sector="14")[TOTAL] == "withheld"
    assert states("imported-input-share-by-turnover", province="03", sector="14")[TOTAL] == "withheld"
    assert states("enterprises-new", province="03", sector="14")[TOTAL] == "withheld"
    assert states("enterprises-owners", province="03", sector="14", by="women")["no"] == "withheld"


def test_staff_see_every_cell_and_officers_what_the_list_shows_them(cross):
    assert figures("jobs", "staff", province="02", by="sector")["10"].value == 30
    assert figures("enterprises", province="03", by="sector")["14"].value == 9
    assert figures("enterprises", province="02", sector="10")[TOTAL].value == 3


def test_a_class_is_withheld_where_its_sister_is_small():
    for code in ("10", "107"):
        make_sector(code)
    make_firms(6, sector="1071")
    make_firms(2, sector="1072")
    make_firms(5, sector="1074")
    make_firms(9, sector="1410")

    assert states("jobs", sector="107")[TOTAL] == "value"
    assert {code: states("jobs", sector=code)[TOTAL] for code in ("1071", "1072", "1074")} == {
        "1071": "value",
        "1072": "withheld",
        "1074": "withheld",
    }
    assert figures("jobs", "staff", sector="1072")[TOTAL].value == 20


def test_a_division_is_withheld_in_its_section_too():
    """Section C is shown: with all its other divisions it would tell of the smallest."""
    sizes = {("C", "10"): 3, ("C", "14"): 20, ("C", "15"): 9, ("G", "45"): 5, ("G", "46"): 30}

    assert hidden_sectors(sizes) == {"10", "15"}


def test_a_section_that_is_withheld_takes_all_below_it():
    sizes = {("B", "05", "051"): 2, ("C", "10"): 20, ("C", "14"): 6, ("G", "45"): 4, ("G", "46"): 2}

    assert hidden_sectors(sizes) == {"B", "05", "051", "G", "45", "46"}


def test_firms_that_name_no_more_than_a_section_are_a_part_of_it():
    sizes = {("C",): 2, ("C", "10"): 20, ("C", "14"): 7}

    assert hidden_sectors(sizes) == {"C-", "14"}


def test_few_firms_that_are_not_of_women_are_no_less_a_small_group():
    make_firms(12, province="02", is_women_owned=True, is_women_led=True)
    make_firms(2, province="02", is_women_owned=False, is_women_led=False)
    make_firms(8, province="03", is_women_owned=True, is_women_led=True)
    make_firms(7, province="03", is_women_owned=False, is_women_led=False)
    make_firms(9, province="12", is_women_owned=False, is_women_led=False)

    for code in ("enterprises-women", "enterprises-women-share"):
        found = states(code, by="province")
        assert [found[key] for key in (TOTAL, "02", "03", "12")] == ["value", "withheld", "withheld", "value"]
        assert states(code, province="02")[TOTAL] == "withheld"


def test_few_firms_that_do_not_export_are_one_too():
    for province, exporters, others in (("02", 12, 2), ("03", 8, 7), ("12", 9, 0)):
        make_firms(exporters, province=province, year={"export_share_pct": 50})
        make_firms(others, province=province, year={"export_share_pct": 0})

    found = states("enterprises-exporting", by="province")
    assert [found[key] for key in (TOTAL, "02", "03", "12")] == ["value", "withheld", "withheld", "value"]


def test_few_employees_are_withheld_however_many_firms_told_of_them():
    make_firms(9, province="02", year={"women": 5})
    make_firms(7, province="03", year={"women": 1})
    make_firms(6, province="12", year={"women": 0})

    assert figures("jobs-women", by="province")["12"].value == 0
    make_firms(1, province="12", year={"women": 2})
    found = states("jobs-women", by="province")
    assert [found[key] for key in ("02", "03", "12")] == ["value", "withheld", "withheld"]


def test_the_page_of_a_figure_leads_to_why_it_is_withheld(cross, client_for):
    page = client_for("officer").get("/figures/jobs/?province=02&by=sector").content.decode()

    assert "/methods/#small-cells" in page
    assert "Left out" not in page
    assert "/methods/#small-cells" not in client_for("officer").get("/figures/jobs/?by=province").content.decode()
