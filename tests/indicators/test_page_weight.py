"""The heaviest pages at the size of the demonstration: each opens on a slow line, in both languages, for two roles."""

import re

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from capred_portal.demo import make_rows, make_users
from capred_portal.facts import write_facts
from capred_portal.models import User
from tests.factories import PASSWORD
from tests.indicators.program_reports import LONG_EN, about, busy_program, make_value

LIMIT = 100 * 1024  # of HTML as it is sent, DESIGN.md: first view of any page
PAGES = {
    "backward_linkages:index": ("", "sort=sensitivity", "measure=total&sector=C10-C12", "page=2"),
    "competitiveness": ("",),
    "import_dependency:index": ("",),
    "clusters_where": ("", "section=all&by=jobs"),
    "scenarios:desk": ("shift=C13-C15:C13-C15:25",),
    "indicators:list": ("",),
    "wording": ("",),
}
HTMX = {"HX-Request": "true"}


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """Facts and demonstration rows, written once and rolled back after the last test here."""
    with django_db_blocker.unblock(), transaction.atomic():
        write_facts()
        make_users(PASSWORD)
        make_rows()
        yield
        transaction.set_rollback(True)


def client_of(role, language="en"):
    client = Client()
    client.force_login(User.objects.get(username=role), "django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = language
    return client


@pytest.mark.parametrize("role", ["staff", "officer"])
@pytest.mark.parametrize("language", ["en", "km"])
def test_first_view_stays_below_the_limit(role, language, db, demo):
    client = client_of(role, language)

    pages = {
        (name, asked): client.get(f"{reverse(name)}?{asked}") for name, several in PAGES.items() for asked in several
    }

    assert {page.status_code for page in pages.values()} == {200}
    sizes = {place: len(page.content) for place, page in pages.items()}
    assert min(sizes.values()) > 20_000, sizes
    assert {place: size for place, size in sizes.items() if size >= LIMIT} == {}


@pytest.mark.parametrize(
    "name", ["backward_linkages:index", "competitiveness", "import_dependency:index", "clusters_where"]
)
def test_every_table_that_stays_behind_comes_when_it_is_asked_for(name, db, demo):
    client = client_of("staff")
    asked = re.findall(r'hx-get="([^"]+numbers=[^"]+)"', client.get(reverse(name)).content.decode())

    answers = [client.get(address.replace("&amp;", "&"), headers=HTMX) for address in asked]

    assert len(answers) >= 2
    assert {(answer.status_code, answer.content.count(b"<table")) for answer in answers} == {(200, 1)}


def test_what_is_withheld_from_a_role_is_withheld_from_the_table_that_comes_later(db, demo):
    address = f"{reverse('clusters_where')}?numbers=where"

    staff, officer = (client_of(role).get(address, headers=HTMX).content.decode() for role in ("staff", "officer"))

    assert "withheld" in officer
    assert "withheld" not in staff


@pytest.mark.parametrize("language", ["en", "km"])
def test_a_quarter_of_many_indicators_with_the_longest_titles_stays_below_the_limit(language, db, officer_client):
    program = busy_program()
    for number in range(60):
        make_value(program, 5, title_en=f"{number} {LONG_EN} {LONG_EN} {LONG_EN}"[:240])

    page = officer_client.get(reverse("reports:report", args=["quarterly"]), {**about(program), "language": language})

    assert page.content.count(b"/indicators/") >= 60
    assert 40_000 < len(page.content) < LIMIT
