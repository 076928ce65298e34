"""Pages of enterprises that may be the same: the pairs, a decision, a merge, and who may see them."""

import pytest
from django.urls import reverse

from capred_portal import duplicates
from capred_portal.duplicates import KINDS
from capred_portal.models import Match, Merge
from enterprises.models import Enterprise, EnterpriseYear
from tests.factories import ROLES
from tests.page import form_values
from tests.register_factories import make_enterprise, make_enterprise_year, make_link, make_province

pytestmark = pytest.mark.django_db

KIND = KINDS["enterprise"]
LIST, FIND = reverse("enterprises:duplicates"), reverse("enterprises:duplicates_find")
HTMX = {"HX-Request": "true"}


def address(name, pk):
    return reverse(f"enterprises:{name}", args=[pk])


@pytest.fixture
def pair():
    """A pair of one firm with and without its legal form, found; years on both."""
    province = make_province("02")
    first = make_enterprise(name_en="Angkor Rice Mill", phone="+85512345678", registration_number="", province=province)
    second = make_enterprise(
        name_en="Angkor Rice Mill Co., Ltd.", phone="+85512345678", registration_number="K-7", province=province
    )
    make_enterprise_year(enterprise=first, year=2023)
    make_enterprise_year(enterprise=second, year=2023)
    make_enterprise_year(enterprise=second, year=2024)
    duplicates.find(KIND)
    return Match.objects.get()


def test_list_shows_the_pair_with_its_reasons(staff_client, pair):
    html = staff_client.get(LIST).content.decode()

    assert all(words in html for words in ("Angkor Rice Mill Co., Ltd.", "The same phone number", "K-7", "Province 02"))


def test_merge_page_says_what_hangs_on_the_two_and_what_both_have(staff_client, pair):
    response = staff_client.get(address("duplicate_merge", pair.pk))

    counts = [(row.kept, row.taken_in, row.clashing) for row in response.context["hanging"]]
    assert counts == [(1, 2, 1)]
    assert {choice.name: choice.takes_in for choice in response.context["choices"]}["registration_number"]


def test_merge_moves_years_and_can_be_taken_apart(staff_client, pair):
    page = address("duplicate_merge", pair.pk)

    staff_client.post(page, form_values(staff_client.get(page).content.decode(), "keep"))
    keep = Enterprise.objects.active().get()
    years = list(EnterpriseYear.objects.active().filter(enterprise=keep).values_list("year", flat=True))
    staff_client.post(address("merge_undo", Merge.objects.get().pk))

    assert (keep.pk, keep.registration_number, keep.latest.year, years) == (pair.first, "K-7", 2024, [2024, 2023])
    assert Enterprise.objects.active().count() == 2
    assert EnterpriseYear.objects.active().filter(enterprise=pair.second).count() == 2


def test_two_sides_of_a_link_are_refused_in_words(staff_client, pair):
    make_link(buyer=Enterprise.objects.get(pk=pair.first), supplier=Enterprise.objects.get(pk=pair.second))
    page = address("duplicate_merge", pair.pk)
    shown = staff_client.get(page)

    answer = staff_client.post(page, form_values(shown.content.decode(), "keep"))

    assert not shown.context["can_merge"]
    assert answer.status_code == 409
    assert "both sides of the same record" in answer.content.decode()
    assert Enterprise.objects.active().count() == 2


def test_list_answers_htmx_with_rows_and_history_with_the_page(staff_client, pair):
    assert "<html" not in staff_client.get(LIST, headers=HTMX).content.decode()
    assert "<html" in staff_client.get(LIST, headers=HTMX | {"HX-History-Restore-Request": "true"}).content.decode()


def test_list_asks_few_queries_and_no_more_for_more_pairs(staff_client, django_assert_max_num_queries):
    counts = []
    for _time in range(2):
        firms = [make_enterprise(province=make_province()) for _number in range(20)]
        Match.objects.bulk_create(
            Match(kind="enterprise", first=first.pk, second=second.pk, grade="ask", score=60, reasons=[])
            for first, second in zip(firms[::2], firms[1::2], strict=True)
        )
        with django_assert_max_num_queries(12) as queries:
            assert staff_client.get(LIST).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_page_of_a_firm_names_its_pairs_to_those_who_read_firms(client_for, pair):
    page = Enterprise.objects.get(pk=pair.first).get_absolute_url()

    shown = {role: address("duplicate", pair.pk) in client_for(role).get(page).content.decode() for role in ROLES}

    assert shown == {"staff": True, "verifier": True, "officer": False, "admin": True}


@pytest.mark.parametrize("name", ["duplicate", "duplicate_merge"])
def test_pages_are_for_those_who_keep_the_register(client_for, name, pair):
    expected = {"officer": 403, "admin": 200 if name == "duplicate" else 403, "anonymous": 302, "verifier": 200}

    assert {role: client_for(role).get(address(name, pair.pk)).status_code for role in expected} == expected
    assert client_for("staff").get(address(name, 10**6)).status_code == 404


def test_pair_of_another_kind_is_not_found(staff_client, pair):
    assert staff_client.get(reverse("people:duplicate", args=[pair.pk])).status_code == 404


def test_list_and_posts_are_refused_where_they_must_be(client_for, staff_client, pair):
    decide = address("duplicate_decide", pair.pk)

    assert [client_for(role).get(LIST).status_code for role in ("officer", "admin", "anonymous")] == [403, 200, 302]
    assert [client_for("officer").post(url).status_code for url in (FIND, decide)] == [403, 403]
    assert [staff_client.get(url).status_code for url in (FIND, decide)] == [405, 405]
    assert staff_client.post(LIST).status_code == 405
