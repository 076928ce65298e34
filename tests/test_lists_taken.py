"""Each list that people work with has a line to its file, and the file has as many rows as the list says."""

import csv
import re
from html import unescape

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from capred_portal.models import User
from capred_portal.tables import TABLES
from enterprises.models import Enterprise
from indicators.models import Observation
from programs.models import Attendance, Support
from tests.factories import make_organisation, make_program
from tests.indicator_factories import make_observation
from tests.routes import make_sample
from tests.test_tables_defined import count_on_page

LINE = re.compile(r'href="(/[^"]*tables/[^"]+\.csv[^"]*)"')
LISTS = {
    "quality:uncertified_list": [""],
    "programs:certificate_list": ["", "expiry=valid"],
    "programs:link_list": ["", "alive=yes"],
    "programs:sme_list": ["", "way=support"],
    "programs:supported_list": ["", "receiver=enterprise", "receiver=organisation"],
}


@pytest.fixture(scope="module")
def sample(django_db_setup, django_db_blocker):
    """Facts and demonstration rows, written once and rolled back after the last test."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_sample()
        transaction.set_rollback(True)


def client_of(role):
    client = Client()
    client.force_login(User.objects.get(username=role), "django.contrib.auth.backends.ModelBackend")
    return client


def file_behind(client, url):
    """Return the rows of the CSV file that a page leads to; None where it leads to none."""
    found = LINE.search(client.get(url).content.decode())
    if found is None:
        return None
    content = b"".join(client.get(unescape(found[1])).streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(content.splitlines()))


@pytest.mark.parametrize("role", ["staff", "officer"])
@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_list_leads_to_a_file_of_its_rows(db, sample, name, role):
    client = client_of(role)
    for query in LISTS[name]:
        params = dict(part.split("=") for part in query.split("&") if part)
        count = count_on_page(client, reverse(name), params)
        rows = file_behind(client, f"{reverse(name)}?{query}")

        assert count, (name, query)
        assert len(rows or []) == count, (name, query)


def test_the_attendance_list_of_a_workshop_leads_to_its_file(db, sample):
    workshop = Attendance.objects.listed().earliest("pk").workshop
    url = reverse("workshops:attendance", args=[workshop.pk])

    rows = file_behind(client_of("staff"), url)

    assert rows is not None
    assert len(rows) == workshop.attendances.active().count() < Attendance.objects.listed().count()
    assert file_behind(client_of("officer"), url) is None


@pytest.mark.parametrize(
    ("role", "status", "query"),
    [("verifier", "submitted", ""), ("verifier", "submitted", "show=waiting"), ("staff", "draft", "show=mine")],
)
def test_what_waits_for_a_reader_leads_to_its_file(db, sample, role, status, query):
    author = User.objects.get(username="staff")
    one = make_observation(status=status, entered_by=author, changed_by=author)
    url = f"{reverse('review:list')}?{query}"

    rows = file_behind(client_of(role), url)

    assert rows is not None
    assert str(one.pk) in {next(iter(row.values())) for row in rows}
    assert len(rows) == count_on_page(client_of(role), reverse("review:list"), {"show": query.partition("=")[2]})


def test_nobody_takes_away_the_drafts_of_another(db, sample):
    author = User.objects.get(username="staff")
    draft = make_observation(status=Observation.Status.DRAFT, entered_by=author, changed_by=author)

    for role in ("verifier", "officer", "admin"):
        content = b"".join(
            client_of(role).get(reverse("table_file", args=["values-to-review", "csv"]), {"show": "mine"})
        ).decode()
        assert f"\n{draft.pk}," not in content, role


def test_who_was_supported_is_told_once_with_how_often_and_when_last(db, staff_client):
    firm = Enterprise.objects.create(name_en="A mill", organisation=make_organisation())
    program, group = make_program(), make_organisation()
    for day, receiver in [
        ("2025-02-01", {"enterprise": firm}),
        ("2025-03-01", {"organisation": firm.organisation}),
        ("2024-01-01", {"enterprise": firm}),
        ("2023-01-01", {"organisation": group}),
    ]:
        Support.objects.create(program=program, kind="advice", starts_on=day, **receiver)

    def told(query):
        rows = file_behind(staff_client, f"{reverse('programs:supported_list')}?program={program.slug}&{query}")
        return sorted((row["Times"], row["Last started"]) for row in rows)

    assert told("") == [("1", "2023-01-01"), ("3", "2025-03-01")]
    assert told("year=2025") == [("2", "2025-03-01")]
    assert told("receiver=organisation") == [("1", "2023-01-01")]


def test_the_files_of_these_lists_are_known():
    routes = {table.list_url for table in TABLES.values()}

    assert {*LISTS, "review:list"} <= routes
