"""What the tables of enterprises tell: size classes by the official definition, and links as they stood on a day."""

import datetime as dt
from typing import Any

from capred_portal.facts import write_facts
from capred_portal.tables import TABLES, Requester, TableExport
from enterprises.models import Enterprise, LinkStage
from tests.register_factories import (
    make_cluster,
    make_enterprise,
    make_enterprise_year,
    make_link,
    make_membership,
    make_sector,
)


def rows_of(name, user, **params):
    return list(TableExport(TABLES[name], Requester(user), params).for_machines())


def test_the_size_class_is_the_one_of_pages(officer):
    write_facts()
    for employees in (3, 40, 150, 900, None):
        make_enterprise_year(enterprise=make_enterprise(sector="1061"), employees=employees)
    by_rank = {1: "micro", 2: "small", 3: "medium", 4: "large", 0: ""}
    sized: Any = Enterprise.objects.with_size()
    pages = {firm.pk: by_rank[firm.size_rank] for firm in sized}

    rows = rows_of("enterprises", officer)

    assert {row["id"]: row["size_class"] for row in rows} == pages
    assert len(set(pages.values())) > 3
    assert rows[0].keys() & {"latest_employees", "registration_number", "phone"} == set()


def test_a_size_class_is_a_word_for_people(staff):
    write_facts()
    make_enterprise_year(enterprise=make_enterprise(sector="1061"), employees=3)
    taken = TableExport(TABLES["enterprises"], Requester(staff))

    [row] = taken.for_people()

    assert "Micro" in row


def test_links_are_told_as_they_stood_on_a_day(staff, officer):
    link = make_link(stage="introduced", stage_since=dt.date(2024, 1, 5))
    LinkStage.objects.create(link=link, stage="trial", reached_on=dt.date(2024, 9, 1), value_usd=500)
    link.stage, link.stage_since, link.value_usd = "trial", dt.date(2024, 9, 1), 500
    link.save()

    [now], [then] = rows_of("links", staff), rows_of("links", staff, on="2024-06-30")

    assert (now["stage"], now["value_usd"]) == ("trial", 500)
    assert (then["stage"], then["stage_since"], then["value_usd"]) == ("introduced", dt.date(2024, 1, 5), None)
    assert "value_usd" not in rows_of("links", officer)[0]


def test_memberships_of_a_cluster_in_several_sectors_are_told_once(officer):
    make_sector("10")
    cluster = make_cluster(sectors=[make_sector("1061"), make_sector("1062")])
    make_membership(cluster=cluster)

    assert len(rows_of("clusters", officer, sector="10")) == len(rows_of("cluster-members", officer)) == 1
    assert len(rows_of("cluster-sectors", officer)) == 2
