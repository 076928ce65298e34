"""Which two records are one: on a labelled set, by rules that always hold, and among many without comparing all."""

import csv
import dataclasses
import random
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capred_portal.matching.blocks import (
    WINDOW,
    candidate_pairs,
    candidates_for,
    find_pairs,
)
from capred_portal.matching.pairs import (
    ASK,
    COMPARED,
    NEVER_SURE,
    SURE,
    WEIGHTS,
    Known,
    Match,
    compare,
    match_or_none,
    prepare,
)
from tests.benchmarks import words

FIELDS = [field.name for field in dataclasses.fields(Known) if field.name not in {"id", "kind"}]

NAMES = ["Sok Dara", "Dara Sok", "Sok Dara Vuth", "Sok Darith", "S. Dara", "Chan Sophea", "Chhan Sophea", "Ly"]
KHMER_NAMES = ["", "សុខ ដារ៉ា", "សុខដារ៉ា", "ចាន់ សុភា", "ឆាន់ សុភា"]
FIRM_NAMES = ["Sok Dara Garment 2", "Sok Dara Garment 3", "Angkor Rice Mill", "Angkor", "Garment Factory", "2"]

people = st.builds(
    Known,
    id=st.integers(1, 9),
    kind=st.just("person"),
    name_en=st.sampled_from(NAMES) | st.text("abdhiknorsty .", max_size=12),
    name_km=st.sampled_from(KHMER_NAMES),
    phone=st.sampled_from(["", "+85512000001", "+85512000002"]),
    email=st.sampled_from(["", "a@example.org", "b@example.org"]),
    organisation=st.integers(0, 2),
    sex=st.sampled_from(["", "f", "m"]),
)
firms = st.builds(
    Known,
    id=st.integers(1, 9),
    kind=st.just("firm"),
    name_en=st.sampled_from(FIRM_NAMES) | st.text("abdhiknorsty 123", max_size=12),
    name_km=st.sampled_from(["", "សុខ ដារ៉ា កាត់ដេរ ២", "អង្គរ", "រោងចក្រកាត់ដេរ"]),
    phone=st.sampled_from(["", "+85512000001", "+85512000002"]),
    registration_number=st.sampled_from(["", "00001", "00002"]),
    place=st.sampled_from(["", "Kandal", "Takeo"]),
)
pairs = st.tuples(people, people) | st.tuples(firms, firms)


@dataclasses.dataclass(frozen=True)
class Labelled:
    """Two records somebody looked at, and whether they are one."""

    category: str
    first: Known
    second: Known
    same: bool


@cache
def labelled() -> list[Labelled]:
    text = Path(__file__).with_name("labelled_pairs.csv").read_text(encoding="utf-8")
    return [
        Labelled(f"{row['kind']}: {row['category']}", known(row, 1), known(row, 2), row["same"] == "yes")
        for row in csv.DictReader(text.splitlines())
    ]


def known(row: dict[str, str], side: int) -> Known:
    values = {field: row.get(f"{field}_{side}", "") for field in FIELDS}
    return Known(side, row["kind"], **values | {"organisation": int(values["organisation"] or 0)})


def person(number: int, name: str, **known_facts) -> Known:
    field = "name_en" if name.isascii() else "name_km"
    return Known(number, "person", **{field: name}, **known_facts)


def firm(number: int, name: str, **known_facts) -> Known:
    field = "name_en" if name.isascii() else "name_km"
    return Known(number, "firm", **{field: name}, **known_facts)


def codes(match: Match) -> set[str]:
    return {reason.code for reason in match.reasons}


def many_people(number: int) -> list[Known]:
    """Return invented people; every fiftieth is there twice, once without one of the two names."""
    draw = random.Random(20240814)
    rows = []
    for place in range(number):
        name_en, name_km, sex = words.person(draw)
        phone = f"+85512{draw.randrange(10**6):06}" if draw.random() < 0.7 else ""
        organisation = draw.randrange(1, 2 + number // 600) if draw.random() < 0.8 else 0
        rows.append(Known(place + 1, "person", name_en, name_km, phone, organisation=organisation, sex=sex))
    twice = [row for row in rows[::50] if row.phone]
    return rows + [dataclasses.replace(row, id=row.id + 10 * number, name_en="") for row in twice]


# The labelled set


def test_labelled_set_is_large_and_balanced():
    kinds = [pair.first.kind for pair in labelled()]

    assert len(kinds) >= 700
    assert kinds.count("firm") >= 200
    assert 0.3 < sum(pair.same for pair in labelled()) / len(kinds) < 0.7


def test_labelled_pairs_are_found_with_recall_and_precision():
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])  # found, missed, false, rightly left
    for pair in labelled():
        is_found = compare(pair.first, pair.second).grade != "new"
        counts[pair.category][(0 if is_found else 1) if pair.same else (2 if is_found else 3)] += 1

    found, missed, false, left = (sum(column) for column in zip(*counts.values(), strict=True))
    recall, precision = found / (found + missed), found / (found + false)
    for category, numbers in sorted(counts.items()):
        print(f"{category:32} found {numbers[0]:3} missed {numbers[1]:3} false {numbers[2]:3} left {numbers[3]:3}")
    print(f"recall {recall:.3f} precision {precision:.3f}, rightly left {left}")

    assert recall >= 0.9
    assert precision >= 0.8


def test_labelled_pairs_that_are_two_are_never_sure():
    wrong = [pair for pair in labelled() if not pair.same and compare(pair.first, pair.second).grade == "sure"]

    assert not wrong


def test_pairs_among_the_labelled_people_are_found_by_blocks():
    pairs_found = [
        list(find_pairs([pair.first, pair.second]))
        for pair in labelled()
        if pair.same and compare(pair.first, pair.second).grade != "new"
    ]

    assert sum(map(bool, pairs_found)) / len(pairs_found) > 0.9


# Rules that always hold


@given(pairs)
def test_compare_is_the_same_both_ways_round(pair):
    there, back = compare(*pair), compare(*reversed(pair))

    assert (there.grade, there.score, there.reasons) == (back.grade, back.score, back.reasons)
    assert (there.first, there.second) == (back.second, back.first)


@given(pairs)
def test_compare_explains_its_grade(pair):
    match = compare(*pair)

    assert 0 <= match.score <= 100
    assert match.grade == ("sure" if match.score >= SURE else "ask" if match.score >= ASK else "new")
    assert codes(match) <= WEIGHTS.keys()
    assert not (match.grade == "sure" and codes(match) & NEVER_SURE)


@given(pairs)
def test_quick_comparison_finds_what_the_whole_one_finds(pair):
    first, second = pair
    whole = compare(first, second)

    assert match_or_none(prepare(first), prepare(second)) == (None if whole.grade == "new" else whole)


def test_quick_comparison_of_labelled_pairs_finds_what_the_whole_one_finds():
    for pair in labelled():
        whole = compare(pair.first, pair.second)
        assert match_or_none(prepare(pair.first), prepare(pair.second)) == (None if whole.grade == "new" else whole)


@given(people, people, st.sampled_from(["Mr. ", "H.E. ", "Lok Chumteav ", "Dr. "]))
def test_compare_takes_no_notice_of_honorifics(one, other, honorific):
    if not one.name_en[:1].isalpha():
        return
    titled = dataclasses.replace(one, name_en=honorific + one.name_en)

    assert compare(titled, other) == compare(one, other)


@given(st.lists(people, max_size=12, unique_by=lambda row: row.id), st.randoms())
def test_find_pairs_takes_no_notice_of_the_order_of_rows(rows, draw):
    mixed = draw.sample(rows, len(rows))

    assert set(find_pairs(mixed)) == set(find_pairs(rows))


@given(st.lists(people, max_size=9, unique_by=lambda row: row.id))
def test_find_pairs_yields_each_pair_once(rows):
    found = [(match.first, match.second) for match in find_pairs(rows)]

    assert len(found) == len(set(found))
    assert all(first < second for first, second in found)


def test_every_field_that_is_compared_has_its_weights():
    named = {code for fields in COMPARED.values() for _, *found in fields for code in found if code}

    assert named <= WEIGHTS.keys()
    assert all(weight.label and not weight.label.endswith(".") for weight in WEIGHTS.values())


# People


@pytest.mark.parametrize(
    ("one", "other"),
    [("Sok Dara", "Dara Sok"), ("Sok Dara", "សុខ ដារ៉ា"), ("Ung Srey Mom", "អ៊ុង ស្រីមុំ"), ("Heng Vuthy", "Heng Wuthy")],
)
def test_one_name_alone_is_asked_for_and_with_a_phone_sure(one, other):
    assert compare(person(1, one), person(2, other)).grade == "ask"
    assert compare(person(1, one, phone="1"), person(2, other, phone="1")).grade == "sure"


@pytest.mark.parametrize(
    ("one", "other"),
    [("Sok Dara", "Sok Dina"), ("Keo Bopha", "Keo Nary"), ("Khim Sothea", "Khim Sothy"), ("Khim Sothea", "ឃឹម សុធារ៉ា")],
)
def test_twins_are_two(one, other):
    shared = {"phone": "+85512345678", "organisation": 7}

    assert compare(person(1, one, **shared), person(2, other, **shared)).grade == "new"


def test_namesakes_are_two():
    one, other = (person(number, "Sok Dara", phone=f"{number}", organisation=number) for number in (1, 2))

    assert compare(one, other).grade == "new"


def test_a_woman_and_a_man_are_never_surely_one():
    one, other = (person(number, "Sok Dara", phone="1", email="a", sex=sex) for number, sex in ((1, "f"), (2, "m")))

    assert compare(one, other).grade == "ask"


def test_a_missing_name_needs_more_evidence():
    assert compare(person(1, "Sok Dara Vuth"), person(2, "Sok Dara")).grade == "new"
    assert compare(person(1, "Sok Dara Vuth", phone="1"), person(2, "Sok Dara", phone="1")).grade == "ask"


def test_both_scripts_count_where_both_have_both():
    one = Known(1, "person", "Sok Dara", "សុខ ដារ៉ា")

    assert compare(one, Known(2, "person", "Sok Dara", "សុខ ដារា")).grade == "ask"
    assert compare(one, Known(2, "person", "Sok Dara", "សុន ធារី")).grade == "new"


def test_reasons_name_the_evidence():
    match = compare(person(1, "Sok Dara", phone="1", organisation=1), person(2, "Dara Sok", phone="1", organisation=2))

    assert codes(match) == {"same_name", "same_phone", "other_organisation"}


# Firms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sok Dara Garment Co., Ltd.", "ក្រុមហ៊ុន សុខ ដារ៉ា កាត់ដេរ ឯ.ក"),
        ("Sok Dara Garment Co., Ltd.", "SOK DARA GARMENT ENTERPRISE"),
        ("Angkor Rice Mill", "រោងម៉ាស៊ីនកិនស្រូវ អង្គរ"),
        ("Lucky Factory 2", "Lucky Factory II"),
    ],
)
def test_one_firm_is_asked_for_and_with_its_number_sure(one, other):
    number = {"registration_number": "00012345"}

    assert compare(firm(1, one), firm(2, other)).grade == "ask"
    assert compare(firm(1, one, **number), firm(2, other, **number)).grade == "sure"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lucky Factory 2", "Lucky Factory 3"),
        ("Lucky Factory 2", "រោងចក្រ Lucky ៣"),
        ("Sok Dara Garment", "Chan Dara Garment"),
        ("Sok Dara Garment", "Sok Dara Rice Mill"),
        ("Kim Seng Noodle", "Kim San Noodle"),
    ],
)
def test_branches_and_other_firms_of_one_trade_are_two(one, other):
    shared = {"place": "Kandal"}

    assert compare(firm(1, one, **shared), firm(2, other, **shared)).grade == "new"


def test_another_name_with_the_same_registration_number_is_asked_for():
    one, other = firm(1, "Angkor", registration_number="1"), firm(2, "Golden Star", registration_number="1")

    assert compare(one, other).grade == "ask"


def test_other_registration_numbers_are_never_surely_one():
    one, other = (firm(number, "Angkor", registration_number=f"{number}", phone="1", email="a") for number in (1, 2))

    assert compare(one, other).grade == "ask"


# Many records


def test_candidate_pairs_are_a_stated_number():
    rows = many_people(20_000)

    assert sum(1 for _ in candidate_pairs([prepare(row) for row in rows])) < WINDOW * len(rows)


def test_find_pairs_finds_records_that_are_there_twice():
    rows = many_people(20_000)

    found = {(match.first, match.second) for match in find_pairs(rows)}

    assert {(row.id - 200_000, row.id) for row in rows[20_000:]} <= found


def test_find_pairs_does_not_compare_all_who_share_a_phone():
    rows = [person(number, f"Sok {name}", phone="1") for number, name in enumerate(["Dara", "Bopha"] * 300)]

    assert len(list(find_pairs(rows))) <= WINDOW * len(rows)


def test_candidates_are_the_likeliest_first_and_never_itself():
    rows = [person(1, "Sok Dara"), person(2, "Sok Dara", phone="1"), person(3, "Chan Sophea", phone="1")]

    matches = candidates_for(person(2, "Sok Dara", phone="1"), [*rows, person(4, "សុខ ដារ៉ា", phone="1")])

    assert [match.second for match in matches] == [4, 1]
