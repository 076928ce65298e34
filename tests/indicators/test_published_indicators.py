"""The page of an indicator that is published elsewhere: editions apart, where they come from, nothing to sign."""

from typing import Any

import pytest
from django.urls import reverse

from indicators.detail import Detail
from indicators.models import Target
from tests.indicator_factories import make_indicator, make_series_value, make_source, make_target
from tests.tables import table_of, text_of

pytestmark = pytest.mark.django_db


def published_indicator() -> Any:
    """Return an indicator over a series in two editions that tell of 2021 differently."""
    old, new = make_source(edition="2022", is_superseded=True), make_source(edition="2024", confidence="V2")
    for source, year, value in ((old, 2020, 15.0), (old, 2021, 16.0), (new, 2021, 17.5), (new, 2022, 18.0)):
        make_series_value(value, year, source=source, code="OWN")
    about = {"kind": "external", "series": "OWN", "signatures": "none", "frequency": "year", "over_periods": "latest"}
    return make_indicator(unit_en="%", decimals=1, **about)


def test_published_indicator_shows_editions_apart_and_where_they_come_from(officer_client):
    indicator = published_indicator()

    response = officer_client.get(indicator.get_absolute_url())

    page, rows = text_of(response), table_of(response, "Values")
    assert [row[:2] for row in rows[1:]] == [["2022", "18.0"], ["2021", "17.5"], ["2021", "16.0"], ["2020", "15.0"]]
    assert "Editions are drawn apart" in page
    assert "Read in a secondary source (V2)" in page
    file = officer_client.get(reverse("indicators:download", args=[indicator.code, "csv"]))
    assert file.getvalue().decode("utf-8-sig").splitlines()[0].split(",") == rows[0]
    lines = Detail(indicator, None, "", True).trends[0].picture.lines
    assert [str(line.name) for line in lines] == ["older edition", "edition in force"]


def test_years_say_from_what_to_what_they_moved(officer_client):
    trend, *_none = Detail(published_indicator(), None, "", True).trends

    assert trend.title == "No clear change: 17.5 % (2021), 18.0 % (2022)"


def test_path_of_another_edition_is_not_drawn_beside_the_values():
    indicator = published_indicator()
    make_target(16, "2020", indicator=indicator, kind=Target.Kind.BASELINE)
    make_target(20, "2025", indicator=indicator)

    detail = Detail(indicator, None, "", True)

    assert detail.standing.judgement.reason == "not comparable"
    assert detail.trends[0].picture.target == ""
    assert "Expected by then" not in detail.table.header


def test_published_indicator_has_no_versions_to_sign(officer_client):
    page = text_of(officer_client.get(published_indicator().get_absolute_url()))

    assert "Versions and signatures" not in page
    assert "None: published elsewhere" in page
