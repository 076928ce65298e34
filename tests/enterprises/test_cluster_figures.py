"""Figures of clusters: what they count, what officers are not told, and the rows behind them."""

import datetime

import pytest
from django.http import Http404

from capred_portal.figures import REGISTRY, TOTAL, Scope
from tests.register_factories import (
    make_certificate,
    make_cluster,
    make_enterprise,
    make_enterprise_year,
    make_link,
    make_membership,
)

pytestmark = pytest.mark.django_db

CODES = (
    "cluster-firms",
    "cluster-jobs",
    "cluster-women",
    "cluster-certificates",
    "cluster-links",
    "cluster-link-value",
)
DAY = datetime.date(2020, 3, 1)


def total(code, role="staff", **params):
    return REGISTRY[code].figures(Scope(role, params))[TOTAL]


def make_members(count, *, cluster=None, employees=10, **fields):
    """Return a cluster with so many members, each with a year on record."""
    cluster = cluster or make_cluster()
    for _row in range(count):
        firm = make_enterprise(**fields)
        make_enterprise_year(enterprise=firm, employees=employees)
        make_membership(cluster=cluster, enterprise=firm)
    return cluster


def test_members_count_once_and_only_while_they_belong(admin):
    cluster, other = make_members(2), make_cluster()
    shared = make_enterprise()
    make_membership(cluster=cluster, enterprise=shared)
    make_membership(cluster=other, enterprise=shared)
    make_membership(cluster=cluster, role="anchor")
    make_membership(cluster=cluster, left_on=DAY)
    make_membership(cluster=cluster).enterprise.archive(by=admin, reason="Entered twice")

    assert total("cluster-firms", cluster=cluster.slug).value == 3
    assert total("cluster-firms").value == 3


def test_jobs_are_those_of_the_latest_year_and_say_what_is_unknown():
    cluster = make_members(3, employees=20)
    firm = make_enterprise()
    make_enterprise_year(enterprise=firm, year=2023, employees=99)
    make_enterprise_year(enterprise=firm, year=2024)
    make_membership(cluster=cluster, enterprise=firm)

    jobs = total("cluster-jobs", cluster=cluster.slug)

    assert jobs.value == 60
    assert [exclusion.count for exclusion in jobs.excluded] == [1]
    assert total("cluster-jobs", cluster=make_cluster().slug).state == "missing"


def test_officers_are_not_told_the_jobs_of_two_firms():
    few, enough = make_members(2), make_members(3)

    assert total("cluster-jobs", "staff", cluster=few.slug).value == 20
    assert total("cluster-jobs", "officer", cluster=few.slug).state == "withheld"
    assert total("cluster-jobs", "officer", cluster=enough.slug).value == 30
    assert total("cluster-jobs", "officer", cluster=enough.slug).rows_url == ""


def test_officers_are_not_told_of_a_few_firms_that_women_run_or_do_not():
    cluster = make_members(5, is_women_led=True)
    make_members(4, cluster=cluster, is_women_owned=False)

    assert total("cluster-women", cluster=cluster.slug).value == 5
    assert total("cluster-women", "officer", cluster=cluster.slug).state == "withheld"
    make_members(1, cluster=cluster, is_women_owned=False)
    assert total("cluster-women", "officer", cluster=cluster.slug).value == 5


def test_certificates_of_members_are_those_that_hold_today():
    cluster = make_members(1)
    firm = cluster.memberships.get().enterprise
    make_certificate(enterprise=firm)
    make_certificate(enterprise=firm, expires_on=DAY)
    make_certificate()

    assert total("cluster-certificates", cluster=cluster.slug).value == 1


def link_up(cluster, *, suppliers, buyers):
    """Let members sell to anchor buyers of the cluster, each to one."""
    anchors = [make_enterprise() for _row in range(buyers)]
    for anchor in anchors:
        make_membership(cluster=cluster, enterprise=anchor, role="anchor")
    firms = [row.enterprise for row in cluster.memberships.filter(role="member")[:suppliers]]
    for number, firm in enumerate(firms):
        make_link(supplier=firm, buyer=anchors[number % buyers], stage="contract", value_usd=100)


def test_links_count_once_while_they_live():
    cluster = make_members(3)
    link_up(cluster, suppliers=3, buyers=1)
    firm = cluster.memberships.filter(role="member").first().enterprise
    make_link(supplier=firm, stage="introduced")
    make_link(supplier=firm, stage="ended")
    make_link(stage="repeat")

    assert total("cluster-links", cluster=cluster.slug).value == 3
    assert total("cluster-link-value", cluster=cluster.slug).value == 300


def test_officers_are_not_told_what_one_buyer_spends():
    one_buyer, many = make_members(4), make_members(4)
    link_up(one_buyer, suppliers=4, buyers=1)
    link_up(many, suppliers=4, buyers=3)

    assert total("cluster-link-value", "officer", cluster=one_buyer.slug).state == "withheld"
    assert total("cluster-link-value", "officer", cluster=many.slug).value == 400
    assert total("cluster-link-value", "officer", cluster=many.slug).rows_url == ""


@pytest.mark.parametrize("role", ["staff", "officer"])
def test_rows_are_as_many_as_the_figure_says(client_for, role):
    cluster, client = make_members(6, is_women_owned=True), client_for(role)
    make_certificate(enterprise=cluster.memberships.first().enterprise)
    link_up(cluster, suppliers=5, buyers=3)
    make_members(6, is_women_led=True)
    make_link(stage="trial", value_usd=7)
    followed = 0

    for code in CODES:
        for params in ({}, {"cluster": cluster.slug}):
            figure = total(code, role, **params)
            assert figure.state == "value", code
            if figure.rows_url:
                context = client.get(figure.rows_url).context
                assert context.get("rows_sum", context["rows_count"]) == figure.value, figure.rows_url
                followed += 1

    assert followed == (12 if role == "staff" else 6)


def test_unknown_cluster_is_not_found():
    for code in CODES:
        with pytest.raises(Http404):
            total(code, cluster="nothing")
