"""Pairs that may be the same: found, remembered, merged, taken apart, and refused with a reason."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from capred_portal import duplicates, merging
from capred_portal.demo import remove_rows
from capred_portal.duplicates import KINDS, REASONS
from capred_portal.matching.pairs import WEIGHTS
from capred_portal.models import DuplicateSearch, Match, Merge
from capred_portal.records import DataVersion, StaleRecord
from capred_portal.relations import relations_of
from enterprises.models import Enterprise, EnterpriseYear, SupplyLink
from programs.models import Attendance, Person, Statement
from tests.factories import make_agenda_item, make_attendance, make_organisation, make_person, make_workshop
from tests.register_factories import make_enterprise, make_enterprise_year, make_link, make_membership, make_province

pytestmark = pytest.mark.django_db

PERSON, FIRM = KINDS["person"], KINDS["enterprise"]
PHONE = "+85512345678"


def make_twins(**fields):
    """Return two records of one person in two spellings."""
    first = make_person(name_en="Sok Dara", phone=PHONE)
    return first, make_person(
        **{"name_en": "", "name_km": "សុខ ដារ៉ា", "phone": PHONE, "email": "dara@example.org"} | fields
    )


def make_twin_firms(**fields):
    first = make_enterprise(name_en="Angkor Rice Mill", phone=PHONE, registration_number="")
    second = make_enterprise(name_en="Angkor Rice Mill Co., Ltd.", phone=PHONE, registration_number="", **fields)
    return first, second


def merge(kind, keep, take_in, by, choices=()):
    return merging.merge_records(kind=kind, keep=keep, take_in=take_in, choices=choices, by=by)


def only_match(kind):
    duplicates.find(kind)
    return Match.objects.get(kind=kind.name)


# Finding


def test_reasons_say_what_the_weights_say():
    assert {code: str(text) for code, text in REASONS.items()} == {code: w.label for code, w in WEIGHTS.items()}


@pytest.mark.parametrize(("kind", "make"), [(PERSON, make_twins), (FIRM, make_twin_firms)])
def test_pair_is_found_once_with_its_reasons(kind, make):
    first, second = make()

    match = only_match(kind)

    assert (match.first, match.second, match.decision) == (first.pk, second.pk, "open")
    assert match.grade == "sure"
    assert "same_phone" in {reason[0] for reason in match.reasons}
    search = DuplicateSearch.objects.get(kind=kind.name)
    assert (search.records, search.pairs, search.is_under_way) == (2, 1, False)


def test_second_search_keeps_decisions_and_forgets_what_is_gone(staff):
    make_twins()
    match = only_match(PERSON)
    duplicates.decide(PERSON, match, "different", by=staff)
    gone = make_person(name_en="Chan Bopha", phone="+85512999999")
    make_person(name_en="Chan Bopha", phone="+85512999999")
    duplicates.find(PERSON)
    Person.objects.filter(pk=gone.pk).update(name_en="Keo Vanna", phone="")

    duplicates.find(PERSON)

    assert list(Match.objects.values_list("pk", "decision", "decided_by")) == [(match.pk, "different", staff.pk)]


def test_search_tells_changed_scores(staff):
    first, _second = make_twins()
    before = only_match(PERSON)
    Person.objects.filter(pk=first.pk).update(phone="")

    after = only_match(PERSON)

    assert after.pk == before.pk
    assert after.score < before.score


def test_invented_and_real_records_are_not_compared():
    make_twins(is_demo=True)

    duplicates.find(PERSON)

    assert not Match.objects.exists()


def test_older_search_does_not_overwrite_a_newer_one():
    make_twins()
    older = duplicates.begin(PERSON)
    duplicates.find(PERSON)

    duplicates.keep(PERSON, older, {}, 0)

    assert Match.objects.count() == 1


def test_search_that_fails_is_not_under_way():
    duplicates.begin(PERSON)

    duplicates.search_failed("person")

    assert not DuplicateSearch.objects.get().is_under_way


def test_search_is_started_once_until_it_is_forgotten():
    first, second = duplicates.start_search(PERSON), duplicates.start_search(PERSON)
    DuplicateSearch.objects.update(started_at=timezone.now() - 2 * DuplicateSearch.LONGEST)

    third = duplicates.start_search(PERSON)

    assert (first, second, third) == (True, False, True)


def test_methods_speak_of_the_labelled_pairs_there_are():
    lines = (Path(__file__).parent / "labelled_pairs.csv").read_text(encoding="utf-8").splitlines()

    assert len(lines) - 1 >= 1000


def test_command_says_what_it_found(capsys):
    make_twins()

    call_command("find_duplicates", "person", "--json")

    result = json.loads(capsys.readouterr().out)
    assert (result["records"], result["pairs"]) == (2, 1)


def test_mark_goes_when_nothing_is_left_to_decide(staff):
    _first, second = make_twins(is_possible_duplicate=True)
    match = only_match(PERSON)

    duplicates.decide(PERSON, match, "different", by=staff)

    second.refresh_from_db()
    assert not second.is_possible_duplicate


# Merging


def test_merge_moves_everything_and_keeps_what_was_chosen(staff):
    keep, other = make_twins()
    moved = make_attendance(person=other)
    said = Statement.objects.create(person=other, workshop=moved.workshop, text_en="Yes")
    item = make_agenda_item(speakers=[other])
    before = DataVersion.current()

    done = merge(PERSON, keep, other, staff, ["name_km", "email"])

    keep.refresh_from_db()
    other.refresh_from_db()
    moved.refresh_from_db()
    said.refresh_from_db()
    assert (keep.name_en, keep.name_km, keep.email, keep.version) == ("Sok Dara", "សុខ ដារ៉ា", "dara@example.org", 2)
    assert "សុខ" in keep.search_key
    assert (other.is_archived, other.archive_reason) == (True, f"taken into #{keep.pk}")
    assert (moved.person, moved.version, said.person) == (keep, 2, keep)
    assert moved.history.first().version == 2
    assert list(item.speakers.all()) == [keep]
    item.refresh_from_db()
    assert item.version == 2
    assert [row.person_id for row in item.history.first().speakers.all()] == [keep.pk]
    assert done.before["kept"]["name_km"] == ""
    assert DataVersion.current() != before


def test_clashing_rows_are_archived_and_the_one_who_came_counts(staff):
    keep, other = make_twins()
    first, second = make_workshop(), make_workshop()
    stays = make_attendance(person=keep, workshop=first)
    goes = make_attendance(person=other, workshop=first)
    absent = make_attendance(person=keep, workshop=second, attended=False)
    came = make_attendance(person=other, workshop=second)

    merge(PERSON, keep, other, staff)

    assert set(Attendance.objects.active().values_list("pk", "person")) == {(stays.pk, keep.pk), (came.pk, keep.pk)}
    assert set(Attendance.objects.exclude(archived_at=None).values_list("pk", flat=True)) == {goes.pk, absent.pk}


def test_taking_apart_gives_everything_back(staff):
    keep, other = make_twins()
    workshop = make_workshop()
    stays, clash = make_attendance(person=keep, workshop=workshop), make_attendance(person=other, workshop=workshop)
    moved = make_attendance(person=other)
    item = make_agenda_item(speakers=[keep, other])
    done = merge(PERSON, keep, other, staff, ["name_km", "email"])

    result = merging.unmerge(done, kind=PERSON, by=staff)

    keep.refresh_from_db()
    other.refresh_from_db()
    assert (keep.name_km, keep.email, other.is_archived) == ("", "", False)
    owners = dict(Attendance.objects.active().values_list("pk", "person"))
    assert owners == {stays.pk: keep.pk, clash.pk: other.pk, moved.pk: other.pk}
    assert set(item.speakers.all()) == {keep, other}
    assert (result.left, result.fields_left) == (0, [])
    assert Match.objects.get().decision == "open"


def test_taking_apart_leaves_what_was_changed_since(staff):
    keep, other = make_twins()
    moved = make_attendance(person=other)
    done = merge(PERSON, keep, other, staff, ["email"])
    third = make_person()
    Attendance.objects.filter(pk=moved.pk).update(person=third)
    Person.objects.filter(pk=keep.pk).update(email="new@example.org")

    result = merging.unmerge(done, kind=PERSON, by=staff)

    keep.refresh_from_db()
    moved.refresh_from_db()
    assert (keep.email, moved.person) == ("new@example.org", third)
    assert (result.left, result.fields_left) == (1, ["email address"])


def test_decisions_about_the_one_taken_in_are_carried_over_and_forgotten_again(staff):
    keep, other = make_twins()
    namesake = make_person(name_en="Sok Dara")
    first, second = sorted([other.pk, namesake.pk])
    Match.objects.create(kind="person", first=first, second=second, grade="ask", score=60, decision="different")

    done = merge(PERSON, keep, other, staff)
    carried = Match.objects.filter(first=keep.pk, second=namesake.pk, decision="different")
    was_carried = carried.exists()
    merging.unmerge(done, kind=PERSON, by=staff)

    assert was_carried
    assert not carried.exists()


@pytest.mark.parametrize("place", [0, 1])
def test_stale_copies_are_refused(staff, place):
    twins = make_twins()
    Person.objects.get(pk=twins[place].pk).save_version(by=staff, expected=1)

    with pytest.raises(StaleRecord):
        merge(PERSON, twins[0], twins[1], staff)

    assert Person.objects.active().count() == 2


def test_second_of_two_merges_at_once_is_refused(staff):
    keep, other = make_twins()
    merge(PERSON, Person.objects.get(pk=keep.pk), Person.objects.get(pk=other.pk), staff)

    with pytest.raises(StaleRecord):
        merge(PERSON, keep, other, staff)


def test_merge_of_an_invented_and_a_real_record_is_refused(staff):
    real, invented = make_twins(is_demo=True)

    with pytest.raises(merging.CannotMerge):
        merge(PERSON, real, invented, staff)


def test_merges_are_taken_apart_last_first_and_once(staff):
    keep, other = make_twins()
    third = make_person(name_en="Sok Darra")
    first = merge(PERSON, keep, other, staff)
    keep.refresh_from_db()
    second = merge(PERSON, keep, third, staff)

    refused = merging.why_not_apart(PERSON, first)
    merging.unmerge(second, kind=PERSON, by=staff)
    second.refresh_from_db()

    assert f"#{third.pk}" in refused
    assert merging.why_not_apart(PERSON, first) == ""
    with pytest.raises(merging.CannotMerge):
        merging.unmerge(second, kind=PERSON, by=staff)


def test_merge_into_an_archived_record_cannot_be_taken_apart(staff):
    keep, other = make_twins()
    done = merge(PERSON, keep, other, staff)
    keep.refresh_from_db()
    keep.archive(by=staff, reason="gone")

    with pytest.raises(merging.CannotMerge):
        merging.unmerge(done, kind=PERSON, by=staff)


# Firms


def test_firm_keeps_one_row_a_year_and_points_to_the_newest(staff):
    keep, other = make_twin_firms()
    make_enterprise_year(enterprise=keep, year=2023)
    make_enterprise_year(enterprise=other, year=2023)
    newest = make_enterprise_year(enterprise=other, year=2024)
    member, link = make_membership(enterprise=other), make_link(supplier=other)

    merge(FIRM, keep, other, staff)

    keep.refresh_from_db()
    member.refresh_from_db()
    link.refresh_from_db()
    assert list(EnterpriseYear.objects.active().filter(enterprise=keep).values_list("year", flat=True)) == [2024, 2023]
    assert (keep.latest, member.enterprise, link.supplier) == (newest, keep, keep)


def test_firm_gives_its_number_and_organisation_and_gets_them_back(staff):
    keep, other = make_twin_firms(organisation=make_organisation())
    Enterprise.objects.filter(pk=other.pk).update(registration_number="KH-1")
    other.refresh_from_db()

    done = merge(FIRM, keep, other, staff, ["registration_number", "organisation"])
    keep.refresh_from_db()
    given = (keep.registration_number, keep.organisation_id)
    merging.unmerge(done, kind=FIRM, by=staff)

    keep.refresh_from_db()
    assert given == ("KH-1", other.organisation_id)
    other.refresh_from_db()
    assert (keep.registration_number, keep.organisation_id) == ("", None)
    assert (other.registration_number, other.organisation_id) == given


def test_district_comes_with_its_province(staff):
    keep, other = make_twin_firms(province=make_province("02"))

    names = merging.chosen_fields(FIRM, keep, other, {"district"})

    assert "district" not in names


def test_buyer_and_supplier_of_one_link_cannot_be_one(staff):
    keep, other = make_twin_firms()
    link = make_link(buyer=keep, supplier=other)

    with pytest.raises(merging.CannotMerge, match="Archive that one first"):
        merge(FIRM, keep, other, staff)
    link.archive(by=staff, reason="mistake")
    merge(FIRM, keep, other, staff)

    assert SupplyLink.objects.get().supplier == other


def test_link_that_both_have_is_archived(staff):
    keep, other = make_twin_firms()
    buyer = make_enterprise()
    stays = make_link(buyer=buyer, supplier=keep)
    make_link(buyer=buyer, supplier=other)

    merge(FIRM, keep, other, staff)

    assert list(SupplyLink.objects.active()) == [stays]


@pytest.mark.parametrize("kind", [PERSON, FIRM])
def test_every_foreign_key_is_moved_and_no_history(kind):
    labels = {relation.label for relation in relations_of(kind.model)}

    assert not [label for label in labels if ".historical" in label]
    assert labels >= ({"programs.attendance.person"} if kind is PERSON else {"enterprises.supplylink.buyer"})


def test_invented_pairs_and_merges_go_with_the_demonstration(staff):
    Match.objects.create(kind="person", first=1, second=2, grade="ask", score=60, is_demo=True)
    Merge.objects.create(kind="person", kept=1, merged=2, merged_by=staff, is_demo=True)

    remove_rows()

    assert not Match.objects.exists()
    assert not Merge.objects.exists()
