"""Which filters of a list are in sight: those used most; the others behind one line that says how many are set."""

import re
from collections.abc import Iterator
from typing import Any

import django_filters
import pytest
from django.test import Client
from django.urls import reverse

from capred_portal.filters import MOST_SHOWN, fields_of
from indicators.filters.trade import FlowFilter
from tests.register_factories import make_link

pytestmark = pytest.mark.django_db

LISTS = ["links:list", "enterprises:list", "workshops:list", "outcomes:list", "actions:list", "indicators:list"]


def filter_sets(base: type = django_filters.FilterSet) -> Iterator[Any]:
    """Yield every set of filters of ours."""
    each: Any
    for each in base.__subclasses__():
        yield from filter_sets(each)
        if each.__module__.partition(".")[0] in {"capred_portal", "enterprises", "programs", "indicators"}:
            yield each


def names(fields: list[Any]) -> list[str]:
    return [field.name for field in fields]


def parts(html: str) -> tuple[str, str, str]:
    """Return what stands in a form of filters before its line "More filters", on that line, and under it."""
    form = re.search(r'<form class="filters".*?</form>', html, re.DOTALL)
    assert form
    found = re.search(r"(.*)<details(.*?</summary>)(.*)</details>", form[0], re.DOTALL)
    assert found
    return found[1], found[2], found[3]


def test_list_with_many_filters_names_those_shown_first() -> None:
    many = [each for each in filter_sets() if len(each({}, request=None).form.visible_fields()) > MOST_SHOWN]

    wrong = {each.__name__ for each in many if not 4 <= len(fields_of(each({})).shown) <= MOST_SHOWN}

    assert len(many) >= 8
    assert not wrong


@pytest.mark.parametrize("role", ["staff", "officer"])
@pytest.mark.parametrize("name", LISTS)
def test_list_shows_few_filters_and_keeps_the_others_closed(name: str, role: str, client_for: Any) -> None:
    shown, line, others = parts(client_for(role).get(reverse(name)).content.decode())

    assert len(re.findall(r'<div class="field', shown)) <= MOST_SHOWN
    assert re.search(r'<div class="field', others)
    assert not re.match("[^>]* open", line)
    assert "tag" not in line


def test_filter_that_is_set_opens_the_others_and_is_counted(staff_client: Client) -> None:
    address = reverse("links:list")

    one = parts(staff_client.get(address, {"verified": "yes", "q": "box"}).content.decode())[1]
    two = parts(staff_client.get(address, {"verified": "yes", "year": "never"}).content.decode())[1]

    assert re.match("[^>]* open", one)
    assert re.search(r">\s*1 set\s*<", one)
    assert re.match("[^>]* open", two)
    assert re.search(r">\s*2 set\s*<", two)


def test_order_that_nobody_chose_is_not_counted() -> None:
    assert fields_of(FlowFilter({"sort": "value"})).count_of_others == 0
    assert fields_of(FlowFilter({"sort": "code", "teller": "mirror"})).count_of_others == 2


def test_list_with_few_filters_shows_them_all(staff_client: Client) -> None:
    html = staff_client.get(reverse("programs:list"), {"status": "active"}).content.decode()

    assert 'name="goal"' in html
    assert "<details" not in html[html.index('<form class="filters"') : html.index('id="rows"')]


def test_rows_that_htmx_asks_for_bring_the_number_of_filters_set(staff_client: Client) -> None:
    make_link()
    address = reverse("links:list")

    rows = staff_client.get(address, {"verified": "no"}, headers={"HX-Request": "true"}).content.decode()
    page = staff_client.get(address, {"verified": "no"}).content.decode()
    few = staff_client.get(reverse("programs:list"), headers={"HX-Request": "true"}).content.decode()

    assert re.search(r'<summary id="filters-more" hx-swap-oob="true">.*1 set', rows, re.DOTALL)
    assert page.count('id="filters-more"') == 1
    assert "hx-swap-oob" not in page
    assert "filters-more" not in few


def test_button_that_opens_the_filters_on_a_phone_says_how_many_are_set(staff_client: Client) -> None:
    """There the form is folded away, and nothing else tells that the list is a part."""
    address = reverse("questions:list")

    def said(query: dict[str, str], **headers: str) -> str:
        html = staff_client.get(address, query, headers=headers).content.decode()
        button = re.search(r'<button[^>]*id="filters-button".*?</button>', html, re.DOTALL)
        assert button
        return button[0]

    assert "set" not in said({})
    assert "2 set" in said({"year": "2026", "state": "answered"})
    assert "1 set" in said({"year": "2026"}, **{"HX-Request": "true"})
    assert "hx-swap-oob" in said({"year": "2026"}, **{"HX-Request": "true"})


@pytest.mark.parametrize("name", ["links:list", "actions:list", "enterprises:list"])
def test_list_that_a_link_narrowed_out_of_sight_says_so(name: str, staff_client: Client) -> None:
    """As the links of figures do: by a quarter, or by who owns the firm."""
    told = "The link you followed shows a part of this list."
    address = reverse(name)

    assert told in staff_client.get(address, {"quarter": "2026-Q1", "women": "yes"}).content.decode()
    assert told not in staff_client.get(address, {"view": "table", "measure": "jobs", "women": ""}).content.decode()
