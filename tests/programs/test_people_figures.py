"""Figures over people: their rules, their parts, what roles may see, and that every link leads to as many rows."""

import datetime

import pytest
from django.urls import reverse

from capred_portal.figures import REGISTRY, TOTAL, Scope
from programs.figures.people import PARTS, breakdowns
from tests.factories import make_attendance, make_organisation, make_person, make_program, make_workshop

pytestmark = pytest.mark.django_db

COUNTED = ("people-on-list", "attendances", "unique-people", "first-timers")


@pytest.fixture
def two_workshops():
    """Two workshops: Sok came to both, Chan only to the second, Keo registered for the second and did not come."""
    program = make_program(slug="capred")
    first = make_workshop(date=datetime.date(2024, 8, 14), program=program, head_count=3)
    second = make_workshop(date=datetime.date(2025, 3, 1), program=program)
    sok, chan, keo = make_person(sex="f"), make_person(sex="m"), make_person()
    ngo = make_organisation(kind="ngo")
    make_attendance(workshop=first, person=sok, age_band="18-35")
    make_attendance(workshop=second, person=sok, age_band="36-59", disability="yes", organisation=ngo)
    make_attendance(workshop=second, person=chan, is_demo=True)
    make_attendance(workshop=second, person=keo, registered=True, attended=False)
    gone = make_attendance(workshop=second)
    gone.archive(by=None, reason="Entered twice")
    return first, second


def values(code, role="staff", **params):
    figures = REGISTRY[code].figures(Scope(role, {name: str(value) for name, value in params.items()}))
    return {key: figure.value for key, figure in figures.items()}


def total(code, role="staff", **params):
    return REGISTRY[code].figures(Scope(role, {name: str(value) for name, value in params.items()}))[TOTAL]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, (4, 3, 2, 2)),
        ({"year": 2024}, (1, 1, 1, 1)),
        ({"year": 2025}, (3, 2, 2, 1)),
        ({"program": "capred"}, (4, 3, 2, 2)),
        ({"workshop": 10**6}, (0, 0, 0, 0)),
    ],
)
def test_each_rule_counts_what_it_says(two_workshops, params, expected):
    assert tuple(total(code, **params).value for code in COUNTED) == expected


def test_what_is_left_out_is_said_with_its_reason(two_workshops):
    _first, second = two_workshops

    left_out = total("attendances", workshop=second.pk).excluded()

    found = {str(exclusion.reason): exclusion.count for exclusion in left_out}
    assert found == {"archived rows, or rows of archived workshops": 1, "registered but did not come": 1}
    assert total("attendances").has_demo
    assert not total("attendances", year=2024).has_demo


def test_head_count_and_gap_are_missing_and_not_applicable_when_nobody_typed_one(two_workshops):
    first, second = two_workshops

    assert total("head-count", workshop=first.pk).value == 3
    assert total("head-count-gap", workshop=first.pk).value == 2
    assert total("head-count", workshop=second.pk).state == "missing"
    assert total("head-count-gap", workshop=second.pk).state == "not applicable"
    assert total("head-count", program="capred").value == 3


@pytest.mark.parametrize("code", COUNTED)
@pytest.mark.parametrize("by", PARTS)
def test_parts_add_up_for_who_sees_all(two_workshops, code, by):
    parts = values(code, by=by)

    assert parts.pop(TOTAL) == sum(parts.values())


def test_unique_people_have_the_answers_of_their_latest_workshop(two_workshops):
    assert values("unique-people", by="age")["36-59"] == 1
    assert values("unique-people", by="age")["18-35"] == 0
    assert values("unique-people", by="age", year=2024)["18-35"] == 1
    assert values("unique-people", by="organisation-kind")["ngo"] == 1


def test_officers_see_no_small_cell_and_no_link_behind_a_part():
    workshop = make_workshop()
    for sex, count in (("f", 9), ("m", 7), ("o", 2)):
        for _number in range(count):
            make_attendance(workshop=workshop, person=make_person(sex=sex))

    parts = REGISTRY["attendances"].figures(Scope("officer", {"by": "sex"}))

    assert {key: part.state for key, part in parts.items() if key} == {
        "f": "value", "m": "withheld", "o": "withheld", "unknown": "value",
    }  # fmt: skip
    assert not any(part.rows_url for key, part in parts.items() if key)
    assert parts[TOTAL].value == 18


@pytest.mark.parametrize("role", ["staff", "verifier", "officer", "admin"])
@pytest.mark.parametrize("params", [{}, {"program": "capred"}, {"year": "2025"}, {"workshop": "second"}])
def test_every_link_leads_to_as_many_rows(client_for, two_workshops, role, params):
    if "workshop" in params:
        params = {"workshop": str(two_workshops[1].pk)}
    client, followed = client_for(role), {}
    for code in COUNTED:
        for by in ("", *PARTS):
            for figure in REGISTRY[code].figures(Scope(role, params | {"by": by})).values():
                if (url := figure.rows_url) and url not in followed:
                    followed[url] = client.get(url, headers={"HX-Request": "true"}).context["rows_count"]
                assert not url or followed[url] == figure.value, figure


def test_a_figure_takes_one_query_however_many_rows(two_workshops, django_assert_num_queries):
    for code in COUNTED:
        with django_assert_num_queries(1):
            REGISTRY[code].figures(Scope("staff", {"by": "age"}))
    with django_assert_num_queries(1):
        assert set(breakdowns(Scope("staff", {}))) == set(PARTS)


@pytest.mark.parametrize("role", ["staff", "officer"])
@pytest.mark.parametrize("code", [*COUNTED, "head-count", "head-count-gap"])
def test_permanent_page_and_panel_open(client_for, two_workshops, role, code):
    url, client = reverse("figure", args=[code]), client_for(role)
    scope = f"?workshop={two_workshops[0].pk}"
    by = "&by=sex" if code in COUNTED else ""

    assert client.get(url + scope + by).status_code == 200
    assert 'id="why"' in client.get(url + scope, headers={"HX-Request": "true"}).content.decode()
    assert client.get(url + "?workshop=nonsense").status_code == 200
