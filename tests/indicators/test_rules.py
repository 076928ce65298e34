"""The rule of an indicator changes as a new version, after a look at what that does."""

import pytest
from django.urls import reverse

from capred_portal.access import Forbidden
from capred_portal.records import StaleRecord
from indicators.detail import Detail
from indicators.history_charts import pieces_of
from indicators.models import IndicatorRule, Target
from indicators.rules import RuleRefused, change_rule, effect_of
from tests.factories import make_user
from tests.indicator_factories import make_indicator, make_observation, make_period, make_target
from tests.page import form_values
from tests.tables import table_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def indicator():
    """An indicator summed over its four quarters of 2024: 10, 20, 30, 40."""
    made = make_indicator(signatures="ministry")
    for number in (1, 2, 3, 4):
        about = {"indicator": made, "program": None, "period": make_period(f"2024-Q{number}")}
        make_observation(10 * number, status="verified", **about)
    return made


def change(indicator, by, why="Counted so far, not per quarter", **values):
    change_rule(indicator=indicator, values=values, why=why, by=by, expected=indicator.version)
    indicator.refresh_from_db()


def address(indicator):
    return reverse("indicators:rule", args=[indicator.code])


# The service


def test_change_is_a_new_version_beside_the_old_one(indicator, admin):
    change(indicator, admin, over_periods="latest")

    rules = list(IndicatorRule.objects.filter(indicator=indicator))
    assert [(rule.number, rule.rule["over_periods"]) for rule in rules] == [(1, "sum"), (2, "latest")]
    assert (rules[1].why, rules[1].made_by) == ("Counted so far, not per quarter", admin)
    assert (indicator.over_periods, indicator.rule_version, indicator.version) == ("latest", 2, 2)


def test_values_keep_the_version_they_were_made_under(indicator, admin):
    change(indicator, admin, over_periods="latest")

    assert set(indicator.observations.values_list("rule_version", flat=True)) == {1}


def test_second_change_is_version_three(indicator, admin):
    change(indicator, admin, over_periods="latest")
    change(indicator, admin, over_periods="none")

    assert list(indicator.rules.values_list("number", flat=True)) == [1, 2, 3]


def test_change_wants_a_reason_and_a_difference(indicator, admin):
    with pytest.raises(RuleRefused, match="Say why"):
        change(indicator, admin, why=" ", over_periods="latest")
    with pytest.raises(RuleRefused, match="nothing would change"):
        change(indicator, admin, over_periods="sum")

    assert not IndicatorRule.objects.exists()


def test_stale_change_is_refused(indicator, admin):
    with pytest.raises(StaleRecord):
        change_rule(indicator=indicator, values={"over_periods": "latest"}, why="Why", by=admin, expected=7)


@pytest.mark.parametrize("role", ["staff", "verifier", "officer"])
def test_only_an_administrator_changes_a_rule(indicator, role):
    with pytest.raises(Forbidden):
        change(indicator, make_user(role), over_periods="latest")


def test_preview_compares_years_and_judgements_and_saves_nothing(indicator):
    make_target(0, "2023-Q4", indicator=indicator, kind=Target.Kind.BASELINE)
    make_target(100, "2024-Q4", indicator=indicator)

    effect = effect_of(indicator, {"over_periods": "latest"})

    (year,), (judgement,) = effect.years, effect.judgements
    assert (year.about, year.before, year.after) == ("2024", "100 firms", "40 firms")
    assert (judgement.before, judgement.after) == ("On track", "Far behind")
    assert not effect.breaks_lines
    indicator.refresh_from_db()
    assert indicator.over_periods == "sum"


@pytest.mark.parametrize(("values", "pieces"), [({"unit_en": "people"}, 2), ({"over_periods": "latest"}, 1)])
def test_lines_break_where_another_thing_is_measured(indicator, admin, values, pieces):
    change(indicator, admin, **values)
    about = {"indicator": indicator, "program": None, "period": make_period("2025-Q1")}
    make_observation(50, status="verified", rule_version=2, **about)

    history = Detail(indicator, None, "", False).history

    assert len(pieces_of(history)) == pieces


# The page


def test_page_previews_then_changes(indicator, admin_client):
    data = form_values(admin_client.get(address(indicator)).content.decode(), "over_periods")
    data |= {"over_periods": ["latest"], "why": ["Counted so far"]}

    preview = admin_client.post(address(indicator), data)
    assert table_of(preview, "Years")[1:] == [["2024", "100 firms", "40 firms changes"]]
    assert not IndicatorRule.objects.exists()

    response = admin_client.post(address(indicator), data | {"confirmed": ["1"]})

    assert response.status_code == 302
    indicator.refresh_from_db()
    assert (indicator.over_periods, indicator.rule_version) == ("latest", 2)
    page = admin_client.get(indicator.get_absolute_url()).content.decode()
    assert "Counted so far" in page


def test_page_says_when_somebody_changed_the_indicator_meanwhile(indicator, admin_client, admin):
    data = form_values(admin_client.get(address(indicator)).content.decode(), "over_periods")
    indicator.save_version(by=admin, expected=1)

    response = admin_client.post(
        address(indicator), data | {"over_periods": ["latest"], "why": ["Why"], "confirmed": ["1"]}
    )

    assert response.status_code == 422
    assert "Somebody changed this record" in response.content.decode()


def test_over_places_offers_no_latest(indicator, admin_client):
    choices = admin_client.get(address(indicator)).context["form"].fields["over_places"].choices

    assert "latest" not in dict(choices)


def test_without_values_the_administration_changes_the_rule(admin_client):
    page = admin_client.get(address(make_indicator())).content.decode()

    assert "No value exists yet" in page
    assert 'name="over_periods"' not in page


def test_administration_leads_to_the_page(indicator, admin_client):
    page = admin_client.get(reverse("admin:indicators_indicator_change", args=[indicator.pk])).content.decode()

    assert address(indicator) in page
    assert 'name="over_periods"' not in page


@pytest.mark.parametrize("role", ["staff", "verifier", "officer"])
def test_wrong_role_is_told_no(indicator, client_for, role):
    assert client_for(role).get(address(indicator)).status_code == 403


def test_unknown_indicator_and_wrong_verb(indicator, admin_client):
    assert admin_client.get(reverse("indicators:rule", args=["no-such-code"])).status_code == 404
    assert admin_client.put(address(indicator)).status_code == 405


def test_code_of_another_page_is_refused(admin_client):
    data = {"code": "entry", "title_en": "Entry", "definition_en": "None", "level": "output", "kind": "reported"}

    response = admin_client.post(reverse("admin:indicators_indicator_add"), data)

    assert "code" in response.context["adminform"].form.errors
