"""What every page keeps: its weight, its language, its manners with strangers, wrong turns and odd input."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, override

from capred_portal import demo
from capred_portal.facts import write_facts
from capred_portal.models import User
from programs.models import Workshop
from tests.factories import PASSWORD, make_outcome, make_workshop
from tests.page import form_values

pytestmark = pytest.mark.django_db

LISTS = ["workshops:list", "outcomes:list", "actions:list", "programs:list", "people:list", "questions:list"]
LANGUAGES = pytest.mark.parametrize("language", ["en", "km"])
ODD_TEXTS = [
    "\x00",
    "\u200b",
    "%",
    "'\"><b>",
    "ក្រុម" * 2000,
    "😀",
]


def in_language(client, language):
    client.cookies["django_language"] = language
    return client


def text_of(response):
    return response.content.decode()


# Weight


@LANGUAGES
@pytest.mark.parametrize("role", ["staff", "officer"])
def test_first_view_of_the_overview_weighs_at_most_100_kb(role, language, client_for):
    """HTML as it is sent; style sheets, scripts and pictures gzipped, as they are served; fonts not counted."""
    write_facts()
    demo.make_users(PASSWORD)
    demo.make_rows()

    html = in_language(client_for(role), language).get(reverse("overview")).content

    linked = re.findall(rb'(?:src|href)="/static/([^"]+\.(?:css|js|svg|png))"', html)
    files = {name.decode(): finders.find(name.decode()) for name in linked}
    weights = {name: len(gzip.compress(Path(path).read_bytes(), 9)) for name, path in files.items()}
    assert len(weights) >= 3
    assert len(html) + sum(weights.values()) <= 100 * 1024, (len(html), weights)


# Fragments


@pytest.mark.parametrize("name", [*LISTS, "figure"])
def test_htmx_gets_a_fragment_and_history_gets_the_page(name, staff_client):
    make_outcome()
    url = reverse(name, args=["workshops-held"] if name == "figure" else [])

    page, fragment, restored, boosted = (
        staff_client.get(url, headers=headers)
        for headers in (
            {},
            {"HX-Request": "true"},
            {"HX-Request": "true", "HX-History-Restore-Request": "true"},
            {"HX-Request": "true", "HX-Boosted": "true"},
        )
    )

    assert [text_of(each).lstrip().lower().startswith("<!doctype") for each in (page, fragment, restored, boosted)] == [
        True,
        False,
        True,
        True,
    ]
    assert "HX-Request" in page.headers["Vary"]
    assert "HX-Request" in fragment.headers["Vary"]


# Strangers


def test_visitor_sees_what_the_portal_is_and_no_records(anonymous_client):
    make_workshop(title_en="Not for visitors")

    pages = [text_of(anonymous_client.get(reverse(name))) for name in ("about", "login", "password_reset")]

    for page in pages:
        assert "site-nav" not in page
        assert "Not for visitors" not in page
    assert reverse("login") in pages[0]


# Language


def test_switching_the_language_is_remembered_for_the_account(staff_client, staff):
    url = reverse("workshops:list")

    response = staff_client.post(reverse("set_language"), {"language": "km", "next": url}, follow=True)

    assert response.redirect_chain[-1][0] == url
    assert '<html lang="km">' in text_of(response)
    staff.refresh_from_db()
    assert staff.language == "km"


def test_visitor_switches_the_language_and_stays(anonymous_client):
    page = anonymous_client.post(reverse("set_language"), {"language": "km", "next": "/about/"}, follow=True)

    assert '<html lang="km">' in text_of(page)
    assert '<html lang="km">' in text_of(anonymous_client.get(reverse("login")))


@pytest.mark.parametrize("posted", [{"language": "fr"}, {}, {"language": "km", "next": "https://elsewhere.example/"}])
def test_odd_choices_of_language_do_no_harm(posted, staff_client, staff):
    response = staff_client.post(reverse("set_language"), posted)

    assert response.status_code == 302
    assert "elsewhere" not in response.url
    staff.refresh_from_db()
    assert staff.language == posted.get("language", "en").replace("fr", "en")


# Wrong turns


@LANGUAGES
def test_wrong_role_reads_who_may(language, officer_client):
    response = in_language(officer_client, language).get(reverse("workshops:new"))

    assert response.status_code == 403
    assert f'<html lang="{language}">' in text_of(response)
    with override(language):
        assert str(User.Role.STAFF.label) in text_of(response)


@LANGUAGES
@pytest.mark.parametrize("role", ["staff", "anonymous"])
def test_missing_page_says_so(role, language, client_for):
    response = in_language(client_for(role), language).get("/no/such/page/")

    assert response.status_code == 404
    assert f'<html lang="{language}">' in text_of(response)
    assert reverse("overview") in text_of(response)


@pytest.mark.parametrize("path", ["/", "/workshops/"])
def test_request_nobody_can_read_gets_both_languages(path, anonymous_client):
    response = anonymous_client.get(path, headers={"host": "elsewhere.example"})

    assert response.status_code == 400
    assert "We could not read this request" in text_of(response)
    assert 'lang="km"' in text_of(response)


def test_form_from_another_site_is_refused(staff):
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff, "django.contrib.auth.backends.ModelBackend")

    response = client.post(reverse("workshops:new"), {"title": "Forged"})

    assert response.status_code == 403
    assert not Workshop.objects.exists()


def test_every_page_carries_the_strict_policy(staff_client):
    policy = staff_client.get(reverse("overview")).headers["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


# Odd input


def test_too_long_a_search_is_said_and_not_tried(staff_client):
    page = staff_client.get(reverse("workshops:list"), {"q": "x" * 60_000})

    assert page.status_code == 200
    assert page.context["filter"].form.has_error("q", "max_length")


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("text", ODD_TEXTS, ids=range(len(ODD_TEXTS)))
def test_lists_stand_any_text_in_the_address(text, name, staff_client):
    answers = [staff_client.get(reverse(name), {field: text}) for field in ("q", "page", "province", "program", "goal")]

    assert {answer.status_code for answer in answers} <= {200, 404}


@pytest.mark.parametrize("role", ["staff", "officer"])
@pytest.mark.parametrize(
    "url",
    [
        "/strategy/%00/",
        "/strategy/pentagonal-1/%00/",
        "/figures/workshops-held/?by=%00",
        "/figures/cluster-jobs/?cluster=%00",
        "/indicators/sdmx.csv?program=%00",
        "/check-in/%00abcdef/",
        "/workshops/?%00=1",
    ],
)
def test_addresses_stand_a_null_character(url, role, client_for):
    assert client_for(role).get(url).status_code == 404


@LANGUAGES
def test_unknown_province_in_the_address_is_said(language, officer_client):
    """Above the list, where it is read on a phone too, and beside the field."""
    client = in_language(officer_client, language)

    response = client.get(reverse("workshops:list"), {"province": "no-such-place", "q": "rubber"})

    page, (error,) = text_of(response), response.context["filter"].form.errors["province"]
    assert page.count(str(error)) == 2
    assert form_values(page, "q")["q"] == ["rubber"]


def edit(client, workshop, **changes):
    """Open the form of a workshop, change some fields, send it."""
    url = reverse("workshops:edit", args=[workshop.pk])
    return client.post(url, form_values(text_of(client.get(url)), "title_en") | changes)


@LANGUAGES
def test_end_before_start_is_said_beside_its_field_and_nothing_is_lost(language, staff_client):
    workshop = make_workshop()
    changes = {"end_date": "2024-08-13", "summary_en": "Typed for an hour."}

    response = edit(in_language(staff_client, language), workshop, **changes)

    assert response.status_code == 422
    with override(language):
        assert response.context["form"].errors == {"end_date": [gettext("The last day is before the first day.")]}
    assert form_values(text_of(response), "title_en")["summary_en"] == ["Typed for an hour."]
    workshop.refresh_from_db()
    assert workshop.version == 1


def test_unknown_province_in_a_form_is_refused(staff_client):
    response = edit(staff_client, make_workshop(), province="99")

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"province"}


def test_khmer_digits_are_read_in_dates_times_and_numbers(staff_client):
    workshop = make_workshop()

    edit(staff_client, workshop, date="១៥/៨/២០២៤", starts_at="០៨:៣០", ends_at="១៧:០០", head_count="១,២៣៤")

    workshop.refresh_from_db()
    assert (str(workshop.date), str(workshop.starts_at), workshop.head_count) == ("2024-08-15", "08:30:00", 1234)


def test_zero_width_spaces_neither_hide_nor_split_a_record(staff_client):
    edit(staff_client, make_workshop(), title_km="ចង្កោម\u200bសហគ្រាស\u200b")

    found = staff_client.get(reverse("workshops:list"), {"q": "ចង្កោមសហ\u200bគ្រាស"})

    assert found.context["page_obj"].paginator.count == 1
    blank = edit(staff_client, Workshop.objects.get(), title_en="\u200b", title_km="\u200b \u200b")
    assert blank.status_code == 422, "nothing but invisible characters is no title"
