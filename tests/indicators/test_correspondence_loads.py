"""Loading what HS codes are for and who makes such goods: rows put together, ambiguity kept, wrong rows, undoing."""

from pathlib import Path

import pytest

from capred_portal import loads, spreadsheets
from capred_portal.models import Load, LoadRow
from enterprises.facts import write_sectors
from indicators.facts import write_sources
from indicators.models import Correspondence
from indicators.trade_facts import write_correspondences
from tests.factories import make_user
from tests.indicator_factories import make_source
from tests.machine import IN_CI
from tests.trade_factories import load_file

pytestmark = pytest.mark.django_db
HEADER = ["hs6", "bec4_code", "sna_end_use", "isic4_divisions", "isic4_classes", "description"]
COTTON = ["520812", "121", "intermediate", "13", "1312", "Woven cotton"]
REFERENCE = Path(__file__).parents[3] / "shared" / "reference" / "hs2022_hs6_bec4_isic4.csv"


@pytest.fixture(autouse=True)
def _sectors(db):
    write_sectors()


def load(*rows, source=None):
    return load_file(spreadsheets.write_csv(HEADER, rows), kind="correspondence", source=source)


def reasons(found):
    kind = loads.REGISTRY[found.kind]
    return {row.line: loads.reasons(kind, row) for row in found.rows.filter(outcome=LoadRow.Outcome.WRONG)}


def test_rows_of_one_code_are_put_together_and_differences_kept():
    both = ["520812", "112", "consumption", "14", "1410|1312", ""]

    found = load(COTTON, [*both[:3], "13|14", *both[4:]], ["845210", "41", "capital", "28", "2826", "Sewing machines"])

    cotton, machines = Correspondence.objects.order_by("hs_code")
    assert (found.state, found.counts["new"], found.counts["unchanged"]) == (Load.State.DONE, 2, 1)
    assert (cotton.bec_codes, cotton.end_use, cotton.isic_classes) == ("112|121", "several", "1312|1410")
    assert (cotton.is_ambiguous, cotton.classes, cotton.title_en) == (True, ["1312", "1410"], "Woven cotton")
    assert (machines.end_use, machines.is_ambiguous) == ("capital", False)


WRONG = [
    (["5208", "121", "intermediate", "", "1312", ""], "has not six digits"),
    (["", "121", "intermediate", "", "1312", ""], "HS code: This cell must be filled."),
    (["845210", "ab", "capital", "", "2826", ""], "“ab” is no broad economic category"),
    (["845210", "41", "luxury", "", "2826", ""], "“luxury” is no end use"),
    (["845210", "41", "", "", "2826", ""], "End use: This cell must be filled."),
    (["845210", "41", "capital", "", "9999", ""], "ISIC Rev.4 has no such class: 9999"),
    (["845210", "41", "capital", "", "28", ""], "ISIC Rev.4 has no such class: 28"),
    (["845210", "41", "capital", "27", "2826", ""], "These are not the divisions of the classes: 27"),
]


@pytest.mark.parametrize(("row", "reason"), WRONG)
def test_a_wrong_row_is_told_with_its_reason(row, reason):
    found = load(COTTON, row)

    assert list(reasons(found)) == [3]
    assert reason in reasons(found)[3]
    assert Correspondence.objects.count() == 1


def test_a_code_is_left_out_when_one_of_its_rows_is_wrong():
    found = load(COTTON, ["520812", "112", "nothing", "", "", ""])

    assert "is no end use" in reasons(found)[3]
    assert reasons(found)[2] == "Another row of this code is wrong: line 3. Correct it first."


def test_the_same_row_again_names_the_first():
    assert reasons(load(COTTON, COTTON))[3] == "This is already in line 2 of this file."


def test_a_later_load_changes_and_undoing_gives_back():
    source, by = make_source(), make_user()
    first = load(COTTON, source=source)
    before = Correspondence.objects.values().get()
    later = load(
        ["520812", "112", "consumption", "", "1410", ""], ["845210", "41", "capital", "", "2826", ""], source=source
    )
    changed = Correspondence.objects.get(hs_code="520812")
    assert (changed.end_use, changed.isic_classes, changed.title_en) == ("consumption", "1410", "Woven cotton")

    assert [count for _reason, count in loads.undo(first, by=by)] == [1]
    assert loads.undo(later, by=by) == []

    assert Correspondence.objects.values().get() == before


def test_the_published_file_loads_as_the_portal_ships_it():
    if not REFERENCE.exists() and not IN_CI:
        pytest.skip(f"skipped: because {REFERENCE} is missing")

    found = load_file(REFERENCE.read_bytes(), kind="correspondence")

    assert reasons(found) == {}
    names = ("hs_code", "title_en", "bec_codes", "end_use", "isic_classes")
    loaded = set(Correspondence.objects.values_list(*names))
    write_sources()
    write_correspondences()
    shipped = Correspondence.objects.filter(source__code="unsd-hs-bec-isic")
    assert set(shipped.values_list(*names)) == loaded
    assert (len(loaded), shipped.filter(bec_codes__contains="|").count()) == (5_611, 143)


def test_facts_write_the_correspondence_once():
    write_sources()
    write_correspondences()
    count = Correspondence.objects.count()
    Correspondence.objects.filter(hs_code="010129").update(title_km="សេះ")

    write_correspondences()

    assert Correspondence.objects.count() == count == 5_611
    assert Correspondence.objects.get(hs_code="010129").title_km == "សេះ"
