"""The list of clusters, a cluster's page, the firms in clusters, and the forms that write them."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from capred_portal.models import Organisation
from enterprises.forms.fields import enterprise_text
from enterprises.models import Cluster, ClusterMembership
from tests.factories import make_organisation
from tests.register_factories import (
    make_cluster,
    make_enterprise,
    make_enterprise_year,
    make_link,
    make_membership,
    make_province,
    make_sector,
)

pytestmark = pytest.mark.django_db

LIST = reverse("clusters:list")
MEMBERS = reverse("clusters:member_list")
NEW = reverse("clusters:new")
DAY = datetime.date(2025, 3, 1)


def page(name, cluster, *args):
    return reverse(f"clusters:{name}", args=[cluster.slug, *args])


def posted(client, path):
    """Return what a browser would post back from a form that nobody touched."""
    form = client.get(path).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value is not None and value is not False}


def queries(client, path):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200, path
    return len(captured)


def fill(cluster, rows):
    """Give a cluster members, an anchor buyer that buys from each, and firms that have left."""
    anchor = make_enterprise(sector="1410", province="12")
    make_membership(cluster=cluster, enterprise=anchor, role="anchor")
    for _row in range(rows):
        firm = make_enterprise(sector="1061", province="02", is_women_owned=True)
        make_enterprise_year(enterprise=firm, employees=10)
        make_membership(cluster=cluster, enterprise=firm, joined_on=DAY)
        make_membership(cluster=cluster, enterprise=make_enterprise(sector="1062"), left_on=DAY)
        make_link(supplier=firm, buyer=anchor, stage="contract", value_usd=1000)


# Lists


def test_list_shows_clusters_in_use_with_their_members(officer_client, admin):
    cluster = make_cluster(name_en="Rice", provinces=[make_province("02")], sectors=[make_sector("10")])
    make_membership(cluster=cluster)
    make_membership(cluster=cluster, role="anchor")
    make_membership(cluster=cluster, left_on=DAY)
    make_cluster(name_en="Away").archive(by=admin, reason="Entered twice")

    response = officer_client.get(LIST)

    assert [row.name_en for row in response.context["page_obj"]] == ["Rice"]
    assert response.context["member_counts"] == {cluster.pk: 1}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=RICE", 1),
        ("q=ស្រូវ", 1),
        ("q=nothing", 0),
        ("stage=forming", 1),
        ("stage=mature", 0),
        ("province=02", 1),
        ("province=12", 0),
        ("sector=10", 1),
        ("sector=C", 1),
        ("sector=14", 0),
    ],
)
def test_list_filters(staff_client, query, found):
    sectors = [make_sector(code) for code in ("C", "10", "11")]
    make_sector("14")
    make_province("12")
    provinces = [make_province("02"), make_province("03")]
    make_cluster(name_en="Rice", name_km="ស្រូវ", stage="forming", provinces=provinces, sectors=sectors)

    assert staff_client.get(f"{LIST}?{query}").context["rows_count"] == found


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("", ["Apples", "Boats", "Cloth"]),
        ("newest", ["Boats", "Apples", "Cloth"]),
        ("members", ["Boats", "Apples", "Cloth"]),
        ("stage", ["Cloth", "Boats", "Apples"]),
    ],
)
def test_list_is_sorted_as_asked(staff_client, sort, names):
    make_cluster(name_en="Cloth", stage="idea")
    make_cluster(name_en="Apples", stage="active")
    boats = make_cluster(name_en="Boats", stage="forming")
    make_membership(cluster=boats)

    rows = staff_client.get(f"{LIST}?sort={sort}").context["page_obj"]

    assert [row.name_en for row in rows] == names


def test_firms_of_two_clusters_stand_once_in_the_list_of_members(staff_client):
    firm, one, other = make_enterprise(), make_cluster(), make_cluster()
    make_enterprise_year(enterprise=firm, employees=30)
    make_membership(enterprise=firm, cluster=one)
    make_membership(enterprise=firm, cluster=other)
    make_membership(cluster=one, left_on=DAY)

    response = staff_client.get(f"{MEMBERS}?role=member&measure=jobs")

    assert response.context["rows_count"] == 1
    assert response.context["rows_sum"] == 30
    assert staff_client.get(f"{MEMBERS}?time=past").context["rows_count"] == 1
    assert staff_client.get(f"{MEMBERS}?cluster={one.slug}").context["rows_count"] == 1


def test_officers_see_no_staff_of_a_firm_and_cannot_ask_who_runs_it(officer_client):
    firm = make_enterprise(is_women_owned=True)
    make_enterprise_year(enterprise=firm, employees=4321)
    make_membership(enterprise=firm)
    make_membership()

    response = officer_client.get(f"{MEMBERS}?role=member&women=yes&measure=jobs")

    assert response.context["rows_count"] == 2
    assert "rows_sum" not in response.context
    assert "4,321" not in response.content.decode()
    assert "women" not in response.context["filter"].form.fields


@pytest.mark.parametrize("path", [LIST, MEMBERS])
def test_lists_want_a_reader_a_read_and_know_htmx(client_for, path):
    staff, anonymous = client_for("staff"), client_for("anonymous")

    fragment = staff.get(path, headers={"HX-Request": "true"})
    restored = staff.get(path, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})

    assert anonymous.get(path)["Location"].startswith("/accounts/login/")
    assert staff.post(path).status_code == 405
    assert "<html" not in fragment.content.decode()
    assert "HX-Request" in fragment.headers["Vary"]
    assert "<html" in restored.content.decode()


@pytest.mark.parametrize("role", ["staff", "officer"])
def test_list_queries_do_not_grow_with_rows(client_for, role):
    client = client_for(role)

    def more():
        for _row in range(8):
            fill(make_cluster(lead=make_organisation(), provinces=[make_province("02")]), 3)

    more()
    few = [queries(client, path) for path in (LIST, MEMBERS, f"{LIST}?sort=members")]
    more()

    assert [queries(client, path) for path in (LIST, MEMBERS, f"{LIST}?sort=members")] == few
    assert max(few) <= 15


# A cluster's page


@pytest.mark.parametrize("role", ["staff", "verifier", "officer", "admin"])
def test_page_shows_everything_in_bounded_queries(client_for, role):
    client, cluster = client_for(role), make_cluster(needs_en="A shared dryer", lead=make_organisation())
    paths = [page("detail", cluster), page("figures", cluster)]

    fill(cluster, 10)
    few = [queries(client, path) for path in paths]
    fill(cluster, 10)

    assert [queries(client, path) for path in paths] == few
    assert max(few) <= 15


def test_page_tells_members_from_buyers_and_from_those_who_left(staff_client):
    cluster = make_cluster()
    names = {"member": "Proper", "anchor": "Buyer", "service": "Laboratory"}
    for role, name in names.items():
        make_membership(cluster=cluster, enterprise=make_enterprise(name_en=name), role=role)
    make_membership(cluster=cluster, enterprise=make_enterprise(name_en="Gone"), left_on=DAY)

    context = staff_client.get(page("detail", cluster)).context

    assert [str(row.enterprise) for row in context["members"]] == ["Proper"]
    assert [str(row.enterprise) for row in context["others"]] == ["Buyer", "Laboratory"]
    assert [str(row.enterprise) for row in context["past"]] == ["Gone"]


def test_page_draws_the_links_of_its_firms_and_lists_them(officer_client):
    cluster = make_cluster()
    fill(cluster, 2)
    make_link()

    response = officer_client.get(page("detail", cluster))

    assert len(response.context["picture"].curves) == len(response.context["links"]) == 2
    assert "1,000" not in response.content.decode()


def test_officer_sees_no_button_that_would_be_refused(officer_client):
    cluster = make_cluster()
    fill(cluster, 1)

    text = officer_client.get(page("detail", cluster)).content.decode()

    assert "/edit/" not in text
    assert "/new/" not in text
    assert "/archive/" not in text


def test_archived_page_says_so_and_offers_no_form(staff_client, admin):
    cluster = make_cluster()
    cluster.archive(by=admin, reason="Entered twice")

    response = staff_client.get(page("detail", cluster))

    assert "Entered twice" in response.content.decode()
    assert "/edit/" not in response.content.decode()
    assert staff_client.get(page("edit", cluster)).status_code == 404
    assert staff_client.get(page("figures", cluster)).status_code == 404


def test_unknown_cluster_is_not_found(staff_client):
    cluster = make_cluster()

    assert staff_client.get("/clusters/nothing/").status_code == 404
    assert staff_client.get(page("member_edit", cluster, 10**12)).status_code == 404


def test_figures_are_a_page_and_a_fragment(officer_client):
    path = page("figures", make_cluster())

    assert "<html" in officer_client.get(path).content.decode()
    assert "<html" not in officer_client.get(path, headers={"HX-Request": "true"}).content.decode()


# Writing


def test_cluster_starts_with_a_name_and_the_place_of_the_address(staff_client):
    province, division = make_province("02"), make_sector("10")
    values = posted(staff_client, f"{NEW}?province=02&sector=10")

    response = staff_client.post(NEW, values | {"name": "Rice of Battambang"})

    cluster = Cluster.objects.get()
    assert response["Location"] == "/clusters/rice-of-battambang/"
    assert (list(cluster.provinces.all()), list(cluster.sectors.all())) == ([province], [division])


def test_reserved_and_taken_addresses_get_a_number(staff_client):
    for name in ("Where", "Rice", "Rice", "ស្រូវ"):
        staff_client.post(NEW, posted(staff_client, NEW) | {"name": name})

    slugs = list(Cluster.objects.order_by("pk").values_list("slug", flat=True))
    assert slugs == ["where-2", "rice", "rice-2", "cluster-1"]


def test_double_click_makes_one_cluster_and_one_lead(staff_client):
    values = posted(staff_client, NEW) | {"name": "Rice", "lead": "Rice Federation", "create_organisation": "on"}

    staff_client.post(NEW, values)
    staff_client.post(NEW, values)

    assert Cluster.objects.get().lead == Organisation.objects.get(name_en="Rice Federation")


def test_edit_saves_the_next_version_and_keeps_a_finer_sector(staff_client):
    finer, division, province = make_sector("1061"), make_sector("14"), make_province("02")
    cluster = make_cluster(slug="rice", sectors=[finer])
    path = page("edit", cluster)
    values = posted(staff_client, path)
    changes = {"name_en": "Renamed", "stage": "active", "sectors": ["1061", "14"], "provinces": ["02"]}

    response = staff_client.post(path, values | changes)

    cluster.refresh_from_db()
    assert response["Location"] == "/clusters/rice/"
    assert values["sectors"] == ["1061"]
    assert (cluster.name_en, cluster.stage, cluster.version) == ("Renamed", "active", 2)
    assert (set(cluster.sectors.all()), list(cluster.provinces.all())) == ({finer, division}, [province])


def test_stale_edit_shows_both_sides(staff_client, verifier):
    cluster = make_cluster(name_en="First")
    path = page("edit", cluster)
    values = posted(staff_client, path) | {"name_en": "Mine"}
    cluster.name_en = "Theirs"
    cluster.save_version(by=verifier, expected=1)

    response = staff_client.post(path, values)

    assert response.status_code == 409
    assert "Mine" in response.content.decode()
    assert "Theirs" in response.content.decode()


def test_firm_joins_by_name_and_leaves_on_a_day(staff_client):
    cluster, firm = make_cluster(), make_enterprise(name_en="Angkor Rice")
    new = page("member_new", cluster)

    staff_client.post(new, posted(staff_client, new) | {"enterprise": "Angkor Rice", "joined_on": "2025-03-01"})
    membership = ClusterMembership.objects.get(enterprise=firm)
    edit = page("member_edit", cluster, membership.pk)
    response = staff_client.post(edit, posted(staff_client, edit) | {"left_on": "2025-04-01"})

    membership.refresh_from_db()
    assert response["Location"] == f"{cluster.get_absolute_url()}#members"
    assert (membership.joined_on, membership.left_on) == (DAY, datetime.date(2025, 4, 1))
    assert not ClusterMembership.objects.members().exists()


def test_membership_says_what_is_wrong_beside_the_field(staff_client):
    cluster = make_cluster()
    firm = make_membership(cluster=cluster).enterprise
    path = page("member_new", cluster)
    dates = {"joined_on": "2025-03-02", "left_on": "2025-03-01"}

    twice = staff_client.post(path, posted(staff_client, path) | {"enterprise": enterprise_text(firm)})
    wrong = staff_client.post(path, posted(staff_client, path) | {"enterprise": "Nobody"} | dates)

    assert (twice.status_code, list(twice.context["form"].errors)) == (422, ["enterprise"])
    assert (wrong.status_code, set(wrong.context["form"].errors)) == (422, {"enterprise", "left_on"})


def test_archiving_asks_why(staff_client):
    membership = make_membership()
    cluster = membership.cluster
    paths = [page("member_archive", cluster, membership.pk), page("archive", cluster)]

    refused = [staff_client.post(path, {"version": 1, "reason": ""}).status_code for path in paths]
    for path in paths:
        staff_client.post(path, {"version": 1, "reason": "Entered twice"})

    assert refused == [422, 422]
    assert staff_client.get(LIST).context["rows_count"] == 0
    assert not ClusterMembership.objects.active().exists()


@pytest.mark.parametrize("role", ["officer", "admin"])
def test_only_the_ministry_writes(client_for, role):
    client, membership = client_for(role), make_membership()
    cluster = membership.cluster
    paths = [NEW, *(page(name, cluster) for name in ("edit", "archive", "member_new"))]
    paths += [page(name, cluster, membership.pk) for name in ("member_edit", "member_archive")]

    assert {client.post(path).status_code for path in paths} == {403}
