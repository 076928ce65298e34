"""The page of inclusion: shares of those whose answer is known, and nothing that reveals a person or a firm."""

import datetime
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.urls import reverse

from capred_portal.demo import make_rows
from capred_portal.facts import write_facts
from capred_portal.figures import REGISTRY, TOTAL, Scope
from indicators.inclusion import AREAS, DISABILITY, FIRMS, GROUPS, WOMEN, YOUTH, InclusionForm, chart_of, lines_of
from programs.models import Support
from tests.factories import ROLES, analyze, make_action, make_attendance, make_person, make_program, make_workshop
from tests.register_factories import make_enterprise, make_enterprise_year, make_link, make_province

pytestmark = pytest.mark.django_db

D = datetime.date
INCLUSION = reverse("inclusion")


def line(code, role="staff", **params):
    return next(each for each in lines_of(role, params) if each.area.code == code)


def shares(code, role="staff", **params):
    """Return group -> number, known, per cent of one row."""
    found = line(code, role, **params).shares
    return {group: (each.figure.value, each.known, each.percent) for group, each in found.items()}


# What it counts


@pytest.fixture
def workshop():
    """Six came: two women, three men, one unknown; one of four who answered has a disability, two are young."""
    workshop = make_workshop(date=D(2025, 2, 10), program=make_program())
    answers = [
        ("f", "yes", "18-35"),
        ("f", "no", "36-59"),
        ("m", "no", "18-35"),
        ("m", "no", ""),
        ("m", "refused", ""),
        ("", "", ""),
    ]
    for sex, disability, age in answers:
        make_attendance(workshop=workshop, person=make_person(sex=sex), disability=disability, age_band=age)
    return workshop


def test_shares_are_of_those_whose_answer_is_known(workshop):
    expected = {WOMEN: (2, 5, 40), DISABILITY: (1, 4, 25), YOUTH: (2, 3, pytest.approx(66.7, abs=0.1))}

    for code in ("attendances", "unique-people"):
        assert line(code).total.value == 6
        assert {group: (a, b, float(c)) for group, (a, b, c) in shares(code).items()} == expected


def test_firms_jobs_and_links_by_who_runs_them():
    program = make_program()
    owned, led, neither, silent = (
        make_enterprise(is_women_owned=own, is_women_led=lead, owner_has_disability=disability)
        for own, lead, disability in ((True, None, True), (False, True, False), (False, None, None), (None, None, None))
    )
    make_enterprise_year(enterprise=owned, employees=30, women=20, men=8, with_disability=3)
    make_enterprise_year(enterprise=led, employees=10, women=None, with_disability=None)
    for firm in (owned, owned, led, silent):
        Support.objects.create(program=program, enterprise=firm, kind="training", starts_on=D(2025, 2, 1))
    for firm in (owned, neither, silent):
        make_link(supplier=firm, buyer=neither if firm is owned else owned, stage="contract")

    assert shares("enterprises-owners") == {FIRMS: (2, 3, Decimal("66.7")), DISABILITY: (1, 2, 50)}
    assert shares("enterprises-supported") == {FIRMS: (2, 2, 100), DISABILITY: (1, 2, 50)}
    assert shares("jobs-supported") == {WOMEN: (20, 28, Decimal("71.4")), DISABILITY: (3, 30, 10)}
    assert shares("links-alive-owners")[FIRMS] == (1, 2, 50)


def test_few_people_with_disability_in_many_firms_are_withheld_from_officers():
    program = make_program()
    for number in range(6):
        firm = make_enterprise()
        make_enterprise_year(enterprise=firm, employees=100, women=40, men=60, with_disability=int(number == 0))
        Support.objects.create(program=program, enterprise=firm, kind="training", starts_on=D(2025, 2, 1))

    officer, staff = shares("jobs-supported", "officer"), shares("jobs-supported")

    assert officer[DISABILITY][0] is None
    assert officer[WOMEN][0] == 240
    assert staff[DISABILITY] == (1, 600, Decimal("0.2"))


def test_actions_by_the_sex_of_the_person_who_owns_them(workshop, staff):
    for sex in ("f", "m", "m", ""):
        make_action(workshop=workshop, outcome=None, owner_user=None, owner_person=make_person(sex=sex))
    make_action(workshop=workshop, outcome=None, owner_user=staff)

    assert line("actions-owned").total.value == 4
    assert shares("actions-owned") == {WOMEN: (1, 3, Decimal("33.3"))}


def test_filters_narrow_what_they_can_and_the_rest_says_so(workshop):
    make_attendance(workshop=make_workshop(date=D(2025, 8, 1)), person=make_person(sex="f"))
    make_enterprise()
    asked = {"program": workshop.program.slug, "year": "2024-25"}

    assert line("attendances", **asked).total.value == 6
    assert line("attendances", year="2025").total.value == 7
    register = line("enterprises-owners", **asked)
    assert register.total.value == 1
    assert [str(words) for words in register.whatever] == ["whatever the program", "as of today"]
    assert line("attendances", **asked).whatever == ()


def test_province_narrows_the_register():
    here = make_province("02")
    make_enterprise(province=here, is_women_owned=True)
    make_enterprise(is_women_owned=True)

    assert line("enterprises-owners", province="02").total.value == 1


def test_nothing_recorded_is_no_share_and_no_picture():
    lines = lines_of("staff", {})

    assert all(share.percent is None for each in lines for share in each.shares.values())
    assert chart_of(WOMEN, lines) is None


def test_what_makes_no_sense_is_left_out_and_said():
    form = InclusionForm({"year": "2024-26", "province": "99", "program": "nothing"})

    assert form.params() == {}
    assert set(form.errors) == {"year", "province", "program"}


# Each number is a figure


@pytest.mark.parametrize("role", ROLES)
def test_every_number_is_the_figure_of_its_page_with_its_rows(client_for, role):
    write_facts()
    make_rows()
    analyze()
    client = client_for(role)

    for each in lines_of(role, {"year": "2025"}):
        registered = REGISTRY[each.area.code].figures(Scope(role, each.total.scope.params))
        assert registered[TOTAL].value == each.total.value
        for figure in (each.total, *(share.figure for share in each.shares.values())):
            if figure.rows_url and figure.state == "value":
                cache.clear()
                context = client.get(figure.rows_url, headers={"HX-Request": "true"}).context
                assert context.get("rows_sum", context["rows_count"]) == figure.value


def test_officers_see_no_small_group_and_no_rows_behind_a_group(workshop):
    for owned in (True, True, False, False, False, False, False):
        make_enterprise(is_women_owned=owned)

    for each in lines_of("officer", {}):
        for share in each.shares.values():
            assert share.figure.rows_url == ""
            shown = share.figure.value or 0
            assert shown == 0 or shown >= 5
            assert share.percent is None or shown == 0 or shown >= 5
    assert line("unique-people", "officer").total.value == 6
    assert line("enterprises-owners", "officer").shares[FIRMS].figure.state == "withheld"


def test_lists_of_officers_do_not_know_these_questions(officer_client, staff_client):
    firm = make_enterprise(is_women_owned=True)
    make_enterprise()
    Support.objects.create(program=make_program(), enterprise=firm, kind="training", starts_on=D(2025, 2, 1))
    make_link(supplier=make_enterprise(is_women_owned=False), buyer=firm, stage="contract")

    for name, for_staff in (("enterprises:list", 1), ("links:list", 0)):
        assert rows(staff_client, f"{reverse(name)}?women=yes") == for_staff
        assert rows(officer_client, f"{reverse(name)}?women=yes") == rows(officer_client, reverse(name))
    for query in ("women=no", "measure=jobs", "year=2025"):
        assert rows(officer_client, f"{reverse('enterprises:list')}?{query}") == 3
    assert rows(staff_client, f"{reverse('programs:supported_list')}?women=no") == 0
    assert rows(officer_client, f"{reverse('programs:supported_list')}?women=no") == 1


def rows(client, url):
    cache.clear()
    return client.get(url, headers={"HX-Request": "true"}).context["rows_count"]


# The page


@pytest.mark.parametrize("role", ROLES)
def test_page_shows_every_area_and_what_cannot_be_known(client_for, role, workshop):
    page = client_for(role).get(INCLUSION).content.decode()

    for area in AREAS:
        assert str(area.title) in page
    for group in GROUPS.values():
        assert str(group) in page
    assert "not asked" in page
    assert "What cannot be known" in page


def test_fragment_is_the_table_alone(staff_client, workshop):
    page = staff_client.get(INCLUSION, {"year": "2025"}, headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in page
    assert '<div id="rows"' in page


def test_history_restore_gets_the_whole_page(staff_client):
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}

    assert "<html" in staff_client.get(INCLUSION, headers=headers).content.decode()


def test_visitors_sign_in_first_and_wrong_verbs_are_refused(anonymous_client, staff_client):
    assert anonymous_client.get(INCLUSION).url.startswith(reverse("login"))
    assert staff_client.post(INCLUSION).status_code == 405


def test_a_wrong_year_is_said_at_its_field(staff_client):
    page = staff_client.get(INCLUSION, {"year": "2024-26"}).content.decode()

    assert "Write a year as 2024" in page


def test_queries_do_not_grow_with_rows(staff_client, workshop, django_assert_max_num_queries):
    for _number in range(30):
        make_attendance(workshop=workshop, person=make_person(sex="f"))
        make_enterprise(is_women_owned=True)

    with django_assert_max_num_queries(28):
        staff_client.get(INCLUSION, {"year": "2025"})
