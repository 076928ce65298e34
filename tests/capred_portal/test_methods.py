"""The page of methods explains every figure, indicator and rule in use, and every panel links to its place there."""

import re
from html import unescape

import pytest
from django.urls import reverse

from capred_portal.demo import make_rows
from capred_portal.facts import write_facts
from capred_portal.figures import REGISTRY
from capred_portal.methods import CHAPTERS, chapters, other_modules
from indicators.models import Indicator
from tests.factories import ROLES

pytestmark = pytest.mark.django_db

METHODS = reverse("methods")
DERIVED = reverse("method", args=["derived-indicators"])


def page(client, address=METHODS):
    return unescape(client.get(address).content.decode())


def anchors(text):
    return re.findall(r'\sid="([^"]+)"', text)


def in_khmer(client):
    client.post(reverse("set_language"), {"language": "km", "next": METHODS})


def test_every_figure_is_explained_once_with_its_rule(officer_client):
    text = page(officer_client)

    found = anchors(text)
    for definition in REGISTRY.values():
        assert found.count(definition.code) == 1, definition.code
        assert str(definition.rule) in text
        assert f'href="{reverse("figure", args=[definition.code])}"' in text


def test_every_chapter_stands_in_the_contents_and_no_anchor_comes_twice(staff_client):
    write_facts()
    text = page(staff_client)

    found = anchors(text)
    assert len(found) == len(set(found))
    for chapter, _rules in chapters():
        assert f'href="#{chapter.anchor}"' in text
        assert chapter.anchor in found
    assert {"small-cells", "periods", "progress", "series", "adding-ratio", "location-quotients"} <= set(found)


def test_every_module_with_figures_has_its_chapter():
    assert other_modules() == ()
    assert len(CHAPTERS) > 12


def test_every_derived_indicator_is_explained_with_how_it_adds_up(staff_client):
    write_facts()
    text = page(staff_client, DERIVED)

    for indicator in Indicator.objects.filter(kind="derived"):
        assert f'id="indicator-{indicator.code}"' in text
        assert indicator.definition_en in text
    assert text.count("Over periods: ") == Indicator.objects.filter(kind="derived").count()


def test_every_rule_of_adding_up_is_explained(staff_client):
    text = page(staff_client)

    for rule in Indicator.Rule:
        assert f'id="adding-{rule.value.replace(" ", "-")}"' in text
        assert str(rule.label) in text


def test_every_panel_links_to_its_anchor(staff_client):
    known = set(anchors(page(staff_client)))

    for code in REGISTRY:
        panel = staff_client.get(reverse("figure", args=[code]), headers={"HX-Request": "true"}).content.decode()
        link = re.search(rf'href="{METHODS}#([^"]+)"', panel)
        assert link, code
        assert link[1] == code
        assert link[1] in known


def test_links_of_other_pages_lead_to_anchors_that_are_there(staff_client):
    known = set(anchors(page(staff_client)))

    for name in ("inclusion", "clusters_where", "competitiveness"):
        for anchor in re.findall(rf'href="{METHODS}#([^"]+)"', staff_client.get(reverse(name)).content.decode()):
            assert anchor in known, (name, anchor)


def test_khmer_readers_read_khmer(staff_client):
    write_facts()
    in_khmer(staff_client)

    text = page(staff_client, DERIVED)

    for indicator in Indicator.objects.filter(kind="derived"):
        assert indicator.definition_km in text


def test_the_page_stays_small(staff_client):
    write_facts()
    make_rows()
    sizes = [len(staff_client.get(METHODS).content)]
    in_khmer(staff_client)
    sizes.append(len(staff_client.get(METHODS).content))

    assert min(sizes) > 20_000
    assert max(sizes) < 100 * 1024, sizes


def test_what_is_long_stands_on_a_page_of_its_own(officer_client):
    assert reverse("method", args=["matching"]) in page(officer_client)

    text = unescape(officer_client.get(reverse("method", args=["matching"])).content.decode())

    assert "Khmer in Latin letters" in text
    assert officer_client.get(reverse("method", args=["reading"])).status_code == 404
    assert officer_client.get(reverse("method", args=["nothing"])).status_code == 404


@pytest.mark.parametrize("role", ROLES)
def test_everybody_who_is_signed_in_reads_it(client_for, role):
    assert client_for(role).get(METHODS).status_code == 200


def test_visitors_sign_in_first_and_wrong_verbs_are_refused(anonymous_client, staff_client):
    assert anonymous_client.get(METHODS).url.startswith(reverse("login"))
    assert staff_client.post(METHODS).status_code == 405


def test_queries_do_not_grow_with_figures(staff_client, django_assert_max_num_queries):
    write_facts()

    with django_assert_max_num_queries(8):
        staff_client.get(METHODS)
