"""Pages of people who may be the same: the pairs, a decision, a merge and taking it apart; figures count once."""

import pytest
from django.urls import reverse

from capred_portal import duplicates
from capred_portal.duplicates import KINDS
from capred_portal.figures import REGISTRY, TOTAL, Scope
from capred_portal.models import DuplicateSearch, Match, Merge
from programs.models import Attendance, Person
from tests.factories import make_attendance, make_person
from tests.page import form_values

pytestmark = pytest.mark.django_db

KIND = KINDS["person"]
LIST, FIND = reverse("people:duplicates"), reverse("people:duplicates_find")
HTMX = {"HX-Request": "true"}


def address(name, pk):
    return reverse(f"people:{name}", args=[pk])


@pytest.fixture
def pair():
    """A pair of one person in two spellings, found."""
    make_person(name_en="Sok Dara", phone="+85512345678")
    make_person(name_en="Sokh Darra", name_km="សុខ ដារ៉ា", phone="+85512345678")
    duplicates.find(KIND)
    return Match.objects.get()


def make_pairs(count):
    """Store pairs of new people, the later the surer."""
    people = [make_person() for _number in range(2 * count)]
    Match.objects.bulk_create(
        Match(kind="person", first=first.pk, second=second.pk, grade="ask", score=50 + place % 40, reasons=[])
        for place, (first, second) in enumerate(zip(people[::2], people[1::2], strict=True))
    )


def test_list_shows_open_pairs_the_surest_first_with_reasons(staff_client, pair):
    make_pairs(1)

    response = staff_client.get(LIST)

    html = response.content.decode()
    assert [shown.match.score for shown in response.context["pairs"]] == [pair.score, 50]
    assert all(words in html for words in ("Sok Dara", "Sokh Darra", "The same phone number", "Last searched"))


def test_list_can_be_filtered_by_grade_and_decision(staff_client, staff, pair):
    make_pairs(1)
    duplicates.decide(KIND, pair, "different", by=staff)

    undecided = staff_client.get(LIST).context["pairs"]
    different = staff_client.get(LIST, {"decision": "different"}).context["pairs"]
    sure = staff_client.get(LIST, {"grade": "sure"}).context["pairs"]

    assert [len(undecided), len(different), len(sure)] == [1, 1, 0]
    assert different[0].match == pair


def test_list_leaves_out_pairs_of_archived_people(staff_client, staff, pair):
    Person.objects.get(pk=pair.first).archive(by=staff, reason="gone")

    assert staff_client.get(LIST).context["rows_count"] == 0
    assert "nothing to decide" in staff_client.get(address("duplicate", pair.pk)).content.decode()


def test_list_answers_htmx_with_rows_and_history_with_the_page(staff_client, pair):
    assert "<html" not in staff_client.get(LIST, headers=HTMX).content.decode()
    assert "<html" in staff_client.get(LIST, headers=HTMX | {"HX-History-Restore-Request": "true"}).content.decode()


def test_list_asks_few_queries_and_no_more_for_more_pairs(staff_client, django_assert_max_num_queries):
    counts = []
    for _time in range(2):
        make_pairs(10)
        with django_assert_max_num_queries(12) as queries:
            assert staff_client.get(LIST).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_search_is_started_from_the_page(staff_client, django_capture_on_commit_callbacks):
    make_person(name_en="Sok Dara", phone="+85512345678")
    make_person(name_en="Sok Dara", phone="+85512345678")

    with django_capture_on_commit_callbacks(execute=True):
        response = staff_client.post(FIND, follow=True)

    assert len(response.context["messages"]) == 1
    assert DuplicateSearch.objects.get().pairs == Match.objects.count() == 1


def test_pair_is_remembered_as_different_and_asked_again(staff_client, staff, pair):
    decide = address("duplicate_decide", pair.pk)

    answer = staff_client.post(decide, {"decision": "different", "back": f"{LIST}?page=2"})
    pair.refresh_from_db()
    decided = (pair.decision, pair.decided_by)
    staff_client.post(decide, {"decision": "open", "back": "https://elsewhere.example/"})
    pair.refresh_from_db()

    assert answer.url == f"{LIST}?page=2"
    assert decided == ("different", staff)
    assert (pair.decision, pair.decided_by) == ("open", None)


@pytest.mark.parametrize("decision", ["same", "", "nonsense"])
def test_no_other_decision_is_taken(staff_client, pair, decision):
    staff_client.post(address("duplicate_decide", pair.pk), {"decision": decision})

    pair.refresh_from_db()
    assert pair.decision == "open"


def test_merge_page_proposes_the_fuller_values_and_merges(staff_client, pair):
    make_attendance(person_id=pair.second)
    page = address("duplicate_merge", pair.pk)
    form = form_values(staff_client.get(page).content.decode(), "keep")

    answer = staff_client.post(page, form)

    keep, other = Person.objects.get(pk=pair.first), Person.objects.get(pk=pair.second)
    assert answer.url == keep.get_absolute_url()
    assert (keep.name_en, keep.name_km, other.is_archived) == ("Sokh Darra", "សុខ ដារ៉ា", True)
    assert Attendance.objects.get().person == keep


def test_merge_page_lets_the_other_be_kept_and_fields_be_chosen(staff_client, pair):
    page = address("duplicate_merge", pair.pk)
    form = form_values(staff_client.get(page, {"keep": pair.second}).content.decode(), "keep")

    staff_client.post(page, form | {"field-name_en": [str(pair.first)]})

    assert Person.objects.active().get().pk == pair.second
    assert Person.objects.active().get().name_en == "Sok Dara"


def test_merge_says_that_somebody_was_quicker(staff_client, staff, pair):
    page = address("duplicate_merge", pair.pk)
    form = form_values(staff_client.get(page).content.decode(), "keep")
    Person.objects.get(pk=pair.second).save_version(by=staff, expected=1)

    answer = staff_client.post(page, form)

    assert answer.status_code == 409
    assert "Look at both once more" in answer.content.decode()
    assert not Merge.objects.exists()


def merged(client, pair):
    """Merge a pair through the page and return the merge."""
    page = address("duplicate_merge", pair.pk)
    client.post(page, form_values(client.get(page).content.decode(), "keep"))
    return Merge.objects.get()


def test_merged_pair_is_not_decided_again(staff_client, pair):
    merged(staff_client, pair)

    staff_client.post(address("duplicate_decide", pair.pk), {"decision": "different"})
    again = staff_client.get(address("duplicate_merge", pair.pk))

    pair.refresh_from_db()
    assert pair.decision == "same"
    assert again.status_code == 302
    assert "Take apart" in staff_client.get(LIST, {"decision": "same"}).content.decode()


def test_pages_of_both_people_say_what_became_of_them(staff_client, admin_client, pair):
    keep, other = Person.objects.get(pk=pair.first), Person.objects.get(pk=pair.second)
    before = staff_client.get(keep.get_absolute_url()).content.decode()
    merge = merged(staff_client, pair)

    assert address("duplicate", pair.pk) in before
    assert address("merge_undo", merge.pk) in staff_client.get(keep.get_absolute_url()).content.decode()
    assert address("merge_undo", merge.pk) not in admin_client.get(keep.get_absolute_url()).content.decode()
    assert f'href="{keep.get_absolute_url()}"' in staff_client.get(other.get_absolute_url()).content.decode()


def test_merge_is_taken_apart_on_its_page_once(staff_client, pair):
    undo = address("merge_undo", merged(staff_client, pair).pk)

    asked, done, again = staff_client.get(undo), staff_client.post(undo), staff_client.post(undo)

    assert (asked.status_code, done.status_code, again.status_code) == (200, 302, 409)
    assert Person.objects.active().count() == 2


def test_figures_count_a_merged_person_once(staff_client, pair):
    make_attendance(person_id=pair.first)
    make_attendance(person_id=pair.second)
    figures = [REGISTRY[code] for code in ("unique-people", "first-timers")]

    before = [figure.figures(Scope("staff", {}))[TOTAL].value for figure in figures]
    merge = merged(staff_client, pair)
    after = [figure.figures(Scope("staff", {}))[TOTAL].value for figure in figures]
    staff_client.post(address("merge_undo", merge.pk))
    apart = [figure.figures(Scope("staff", {}))[TOTAL].value for figure in figures]

    assert (before, after, apart) == ([2, 2], [1, 1], [2, 2])


@pytest.mark.parametrize("name", ["duplicate", "duplicate_merge", "merge_undo"])
def test_pages_are_for_those_who_keep_the_lists(client_for, name, pair):
    pk = merged(client_for("staff"), pair).pk if name == "merge_undo" else pair.pk
    reads = name == "duplicate"
    expected = {"officer": 403, "admin": 200 if reads else 403, "anonymous": 302}

    assert {role: client_for(role).get(address(name, pk)).status_code for role in expected} == expected
    assert client_for("staff").get(address(name, 10**6)).status_code == 404


def test_list_and_posts_are_refused_where_they_must_be(client_for, staff_client, pair):
    decide = address("duplicate_decide", pair.pk)

    assert [client_for(role).get(LIST).status_code for role in ("officer", "admin", "anonymous")] == [403, 200, 302]
    assert [client_for(role).post(url).status_code for role in ("officer", "admin") for url in (FIND, decide)] == [
        403
    ] * 4
    assert [staff_client.get(url).status_code for url in (FIND, decide)] == [405, 405]
    assert staff_client.post(LIST).status_code == 405
    assert staff_client.post(address("duplicate_decide", 10**6)).status_code == 404
