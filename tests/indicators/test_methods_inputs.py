"""The page of methods explains every rule on inputs, under the anchors that other pages link to."""

import re
from html import unescape

import pytest

from indicators.methods_inputs import input_rules

ANCHORS = (
    "technical-coefficients leontief backward-linkages forward-linkages localisation-gap import-coefficients"
    " import-content-of-exports value-added-in-exports imported-share import-penetration concentration"
    " comparative-advantage multipliers extraction substitution"
).split()


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "km"])
def test_every_rule_on_inputs_is_explained(client_for, language):
    client = client_for("officer")
    client.cookies["django_language"] = language

    for address in ("/methods/", "/methods/inputs/"):
        page = client.get(address).content.decode()

        assert f'lang="{language}"' in page
        found = re.findall(r'id="([a-z0-9-]+)"', page)
        assert [anchor for anchor in ANCHORS if found.count(anchor) != 1] == []


@pytest.mark.django_db
def test_rules_on_inputs_stand_on_a_page_of_their_own(officer_client):
    contents, own = (unescape(officer_client.get(url).content.decode()) for url in ("/methods/", "/methods/inputs/"))

    for rule in input_rules():
        assert f'href="/methods/inputs/#{rule.anchor}"' in contents
        assert rule.formula in own


def test_every_rule_has_words_a_formula_and_a_source():
    rules = {rule.anchor: rule for rule in input_rules()}

    assert set(rules) == {*ANCHORS, "inputs-letters"}
    for anchor in ANCHORS:
        assert rules[anchor].formula, anchor
        assert len(rules[anchor].words) >= 2, anchor
        assert re.search(r"(19|20)\d\d", str(rules[anchor].words[-1])), anchor
