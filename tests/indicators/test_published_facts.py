"""Published facts: our tables say what the sources say, policies keep their targets, writing twice adds nothing."""

import csv
import re
from decimal import Decimal

import pytest

from capred_portal import facts as shipped
from capred_portal.facts import write_facts
from indicators import facts
from indicators.models import Indicator, SeriesValue, Source, Target
from indicators.standing import paths_of
from tests.indicators.test_series_loads import FILES, published

TABLES = {
    "series-wdi": "series_wdi",
    "series-wits": "series_wits",
    "series-unsdg": "series_unsdg",
    "adb-sectors": "series_adb_sectors",
    "adb-gvc": "series_adb_gvc",
}
WHOLE = {"series-wdi", "series-unsdg"}


@pytest.mark.parametrize(("kind", "name", "expected"), FILES, ids=[kind for kind, *_rest in FILES])
def test_our_table_says_what_the_source_says(kind, name, expected):
    rows = csv.DictReader(published(name).decode("utf-8-sig").splitlines())
    told = {value[1:8]: value[8] for row in rows for value in expected(row)}
    if kind == "series-wdi":  # two editions: the commit tells them apart
        rows = csv.DictReader(published(name).decode("utf-8-sig").splitlines())
        told = {value[:8]: value[8] for row in rows for value in expected(row)}

    ours = {}
    for row in shipped.read(facts.__file__, TABLES[kind]):
        key = tuple(row[name] for name in ("code", "economy", "sector", "partner", "product", "dimensions"))
        edition = (row["edition"].rpartition(" ")[2],) if kind == "series-wdi" else ()
        ours[*edition, *key, int(row["year"])] = repr(float(row["value"]))

    assert ours
    assert {key: told.get(key) for key in ours} == ours
    assert kind not in WHOLE or len(ours) == len(told)


@pytest.mark.django_db
def test_writing_facts_again_adds_nothing_and_keeps_what_people_changed():
    write_facts()
    Source.objects.filter(code="wits").update(publisher="Corrected")
    Indicator.objects.filter(code="gdp-growth").update(title_en="Corrected")
    models = (Source, SeriesValue, Indicator, Target)
    before = [model.objects.count() for model in models]

    write_facts()

    assert [model.objects.count() for model in models] == before
    assert Source.objects.get(code="wits").publisher == "Corrected"
    assert Indicator.objects.get(code="gdp-growth").title_en == "Corrected"


@pytest.mark.django_db
def test_the_policy_rows_are_targets_with_source_and_confidence():
    rows = list(csv.DictReader(published("policy_idp_2015_2025_targets.csv").decode("utf-8-sig").splitlines()))
    write_facts()

    targets = Target.objects.approved().filter(source__code="idp").select_related("indicator", "period")
    told = {
        (goal, each.kind): each
        for each in targets
        for goal in each.indicator.goals.filter(framework__code="idp-2015-2025").values_list("title_en", flat=True)
    }
    for row in rows:
        baseline, target = told[row["indicator"], "baseline"], told[row["indicator"], "target"]
        assert (baseline.value, baseline.period.code) == (Decimal(row["baseline"]), row["baseline_year"])
        assert (target.value, target.period.code) == (Decimal(row["target"]), row["target_year"])
        assert row["confidence_note"] in baseline.why
        milestone = re.search(r"(\d{4}) milestone (\d+)", row["confidence_note"])
        if milestone:
            found = told[row["indicator"], "milestone"]
            assert (found.period.code, found.value) == (milestone[1], Decimal(milestone[2]))


@pytest.mark.django_db
def test_a_target_is_of_another_edition_than_the_values():
    write_facts()
    indicator = Indicator.objects.get(code="manufacturing-share-gdp")

    editions = paths_of([indicator])[indicator.pk].editions

    assert editions == {str(Source.objects.get(code="idp", edition="targets of 2015"))}
    assert not Source.objects.filter(code="wdi", values__code="NV.IND.MANF.ZS", targets__isnull=False).exists()


@pytest.mark.django_db
def test_external_indicators_speak_both_languages_and_name_a_series():
    write_facts()

    for indicator in Indicator.objects.filter(kind="external"):
        told = (
            indicator.title_km,
            indicator.definition_en,
            indicator.definition_km,
            indicator.unit_km,
            indicator.source_km,
        )
        assert all(told), indicator.code
        assert indicator.series.count("|") == 5
        assert indicator.signatures == "none"
