"""What brought a link about: shares of programs and workshops, never more than 100 % together."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from capred_portal.figures import REGISTRY, TOTAL, Scope
from programs.models import LinkAttribution, settle_attribution
from tests.factories import make_program, make_workshop
from tests.register_factories import make_enterprise, make_link

pytestmark = pytest.mark.django_db


def page(name, link, *args):
    return reverse(f"attributions:{name}", args=[link.pk, *args])


def posted(client, path):
    form = client.get(path).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value is not None}


def share(link, pct, **giver):
    """Write a share as a page would, the sum with the link included."""
    made = LinkAttribution.objects.create(link=link, share_pct=pct, **giver)
    settle_attribution(link.pk)
    return made


def figures(code, role="staff", **params):
    return REGISTRY[code].figures(Scope(role, params))


def values(found):
    return {key: one.value for key, one in found.items() if key != TOTAL}


# The part of the link's page


def test_part_is_a_fragment_and_a_page(officer_client):
    link = make_link()
    share(link, 60, program=make_program(title_en="Local inputs"))

    fragment = officer_client.get(page("shares", link), headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in fragment
    assert "Local inputs" in fragment
    assert "60 %" in fragment
    assert "40 %" in fragment
    assert "/new/" not in fragment
    assert "<html" in officer_client.get(page("shares", link)).content.decode()
    assert officer_client.post(page("shares", link)).status_code == 405
    assert officer_client.get(reverse("attributions:shares", args=[10**9])).status_code == 404
    assert page("shares", link) in officer_client.get(link.get_absolute_url()).content.decode()


@pytest.mark.parametrize("role", ["officer", "admin"])
def test_others_cannot_write(client_for, role):
    link, client = make_link(), client_for(role)
    given = share(link, 60, program=make_program())
    paths = [page("new", link), page("edit", link, given.pk), page("archive", link, given.pk)]

    assert {client.get(path).status_code for path in paths} == {403}
    assert {client.post(path).status_code for path in paths} == {403}


def test_share_is_added_changed_and_archived(staff_client, staff):
    link, program = make_link(), make_program()
    workshop = make_workshop(title_en="Buyers meet suppliers")

    new = page("new", link)
    staff_client.post(new, posted(staff_client, new) | {"program": program.pk, "share_pct": "៦០"})
    staff_client.post(new, posted(staff_client, new) | {"workshop": "buyers meet  suppliers", "share_pct": "40"})
    first, second = link.attributions.order_by("pk")
    edit = page("edit", link, second.pk)
    edited = staff_client.post(edit, posted(staff_client, edit) | {"share_pct": "25.5"})
    link.refresh_from_db()
    after_edit = link.attributed_pct
    staff_client.post(page("archive", link, first.pk), {"version": 1, "reason": "Not so"})
    link.refresh_from_db()

    assert (first.program, first.created_by, second.workshop) == (program, staff, workshop)
    assert edited["Location"] == f"{link.get_absolute_url()}#attribution"
    assert after_edit == Decimal("85.5")
    assert link.attributed_pct == Decimal("25.5")
    assert link.version == 1, "shares take no verification back"


def test_double_click_makes_one_share(staff_client):
    link = make_link()
    new = page("new", link)
    values = posted(staff_client, new) | {"program": make_program().pk, "share_pct": "60"}

    answers = [staff_client.post(new, values).status_code for _click in range(2)]

    assert answers == [302, 302]
    assert link.attributions.count() == 1


@pytest.mark.parametrize("pct", ["40.01", "100"])
def test_more_than_is_left_is_said_beside_the_share(staff_client, pct):
    link = make_link()
    share(link, 60, program=make_program())
    new = page("new", link)

    response = staff_client.post(new, posted(staff_client, new) | {"program": make_program().pk, "share_pct": pct})

    assert response.status_code == 422
    assert "60 % are taken, 40 % are left" in str(response.context["form"].errors["share_pct"])
    assert link.attributions.count() == 1


def test_share_can_be_edited_within_what_the_others_leave(staff_client):
    link = make_link()
    share(link, 60, program=make_program())
    second = share(link, 40, program=make_program())
    edit = page("edit", link, second.pk)

    same = staff_client.post(edit, posted(staff_client, edit) | {"share_pct": "40"})
    more = staff_client.post(edit, posted(staff_client, edit) | {"share_pct": "41"})

    assert [same.status_code, more.status_code] == [302, 422]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"program": "", "workshop": ""}, "program"),
        ({"workshop": "Clinic"}, "program"),
        ({"program": "", "workshop": "No such workshop"}, "workshop"),
        ({"share_pct": "0"}, "share_pct"),
        ({"share_pct": "101"}, "share_pct"),
    ],
)
def test_one_giver_and_a_share(staff_client, wrong, field):
    link = make_link()
    make_workshop(title_en="Clinic")
    new = page("new", link)
    right = {"program": make_program().pk, "share_pct": "10"}

    response = staff_client.post(new, posted(staff_client, new) | right | wrong)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]


def test_same_giver_twice_is_said(staff_client):
    link, program = make_link(), make_program()
    share(link, 10, program=program)
    new = page("new", link)

    response = staff_client.post(new, posted(staff_client, new) | {"program": program.pk, "share_pct": "10"})

    assert list(response.context["form"].errors) == ["program"]


def test_invented_program_is_not_offered_for_a_real_link(staff_client):
    link = make_link()
    demo = make_program(is_demo=True)
    new = page("new", link)

    response = staff_client.post(new, posted(staff_client, new) | {"program": demo.pk, "share_pct": "10"})

    assert list(response.context["form"].errors) == ["program"]


# The administration


def test_admin_says_what_is_left(admin_client):
    link = make_link()
    share(link, 60, program=make_program())
    second = share(link, 40, program=make_program())
    change = reverse("admin:programs_linkattribution_change", args=[second.pk])
    values = {"program": second.program_id, "workshop": "", "share_pct": "50", "version": 1}

    response = admin_client.post(change, values)

    assert response.status_code == 200
    assert "60 % are taken, 40 % are left" in response.content.decode()
    second.refresh_from_db()
    assert second.share_pct == 40


def test_archived_share_comes_back_only_where_there_is_room(admin_client, admin):
    link = make_link()
    first = share(link, 60, program=make_program())
    first.archive(by=admin, reason="Doubt")
    second = share(link, 50, program=make_program())
    restore = reverse("admin:programs_linkattribution_restore", args=[first.pk])

    refused = admin_client.post(restore, {"version": 2})
    second.archive(by=admin, reason="Wrong")
    brought_back = admin_client.post(restore, {"version": 2})

    link.refresh_from_db()
    assert refused.status_code == 422
    assert "more than 100 %" in refused.content.decode()
    assert brought_back.status_code == 302
    assert link.attributed_pct == 60


# Figures by program


@pytest.fixture
def shared(db):
    """Three links: one of two programs, one of a workshop and nobody, one of nobody; and one of a lone workshop."""
    program, other = make_program(slug="first"), make_program(slug="second")
    links = [make_link(stage="contract", value_usd=value) for value in (1000, 300, 70, 5)]
    share(links[0], 60, program=program)
    share(links[0], 40, program=other)
    share(links[1], 25, workshop=make_workshop(program=program))
    share(links[3], 100, workshop=make_workshop())
    return links


def test_each_link_counts_once_among_programs(shared):
    made, value = figures("links-made-attributed", by="program"), figures("links-value-attributed", by="program")

    assert made[TOTAL].value == 4
    assert values(made) == {
        "first": Decimal("0.85"),
        "second": Decimal("0.4"),
        "none": 1,
        "unattributed": Decimal("1.75"),
    }
    assert sum(values(made).values()) == 4
    assert values(value) == {"first": 675, "second": 400, "none": 5, "unattributed": 295}
    assert sum(values(value).values()) == value[TOTAL].value == 1375
    assert values(figures("links-alive-attributed", by="program")) == values(made)
    assert figures("links-value-attributed", program="second")[TOTAL].value == 400


def test_figures_leave_archived_shares_to_nobody(shared, admin):
    LinkAttribution.objects.get(program__slug="second").archive(by=admin, reason="Not so")

    assert values(figures("links-made-attributed", by="program"))["unattributed"] == Decimal("2.15")


@pytest.mark.parametrize("code", ["links-made-attributed", "links-alive-attributed", "links-value-attributed"])
@pytest.mark.parametrize("params", [{}, {"by": "program"}, {"program": "first"}, {"year": "2024", "by": "program"}])
def test_rows_behind_add_up(shared, staff_client, code, params):
    for key, one in figures(code, **params).items():
        context = staff_client.get(one.rows_url, headers={"HX-Request": "true"}).context
        assert context.get("rows_sum", context["rows_count"]) == one.value, (key, one.rows_url)


def test_officers_see_no_value_of_few_links(shared, officer_client):
    value = figures("links-value-attributed", "officer", by="program")
    text = officer_client.get(reverse("programs:link_list"), {"measure": "value", "program": "first"}).content.decode()

    assert value[TOTAL].value == 1375
    assert {key: one.state for key, one in value.items() if key != TOTAL} == dict.fromkeys(
        ["first", "second", "none", "unattributed"], "withheld"
    )
    assert not any(one.rows_url for one in value.values())
    assert figures("links-value-attributed", "officer", program="first")[TOTAL].state == "withheld"
    assert "1,000" not in text
    assert not re.search(r"\b675\b", text)


def test_list_by_program_and_its_edges(client_for, shared):
    url, staff = reverse("programs:link_list"), client_for("staff")

    assert staff.get(url).context["rows_count"] == 4
    assert staff.get(url, {"program": "unattributed"}).context["rows_count"] == 2
    assert "60 %" in staff.get(url, {"program": "first"}).content.decode()
    assert "<html" not in staff.get(url, headers={"HX-Request": "true"}).content.decode()
    assert staff.post(url).status_code == 405
    assert client_for("anonymous").get(url).status_code == 302
    assert staff.get(f"{reverse('figure', args=['links-made-attributed'])}?program=nothing").status_code == 404


@pytest.mark.parametrize("role", ["staff", "officer"])
def test_pages_ask_as_many_queries_for_many_shares(client_for, role):
    client, link = client_for(role), make_link(stage="contract")
    paths = [page("shares", link), reverse("programs:link_list"), f"{reverse('programs:link_list')}?program=p"]
    make_program(slug="p")
    counts = []
    for rows in (2, 40):
        for _row in range(rows):
            share(make_link(stage="contract", buyer=make_enterprise()), 20, program=make_program())
        share(link, 1, workshop=make_workshop(program=make_program()))
        for path in paths:
            client.get(path)
            with CaptureQueriesContext(connection) as queries:
                client.get(path)
            counts.append(len(queries))

    assert counts[:3] == counts[3:]
    assert max(counts) <= 15
