"""The entry grid: what is typed becomes a draft, what is wrong says so beside its cell, and nothing is lost."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from indicators.models import Observation
from tests.indicator_factories import (
    make_indicator,
    make_observation,
    make_period,
    make_program_indicator,
    make_round,
)

HTMX = {"HX-Request": "true"}


@pytest.fixture
def report(db):
    return make_program_indicator()


def grid_url(report, period="2024-Q3"):
    return f"{reverse('indicators:entry')}?program={report.program.slug}&period={period}"


def post(client, report, period="2024-Q3", *, htmx=True, take="", **fields):
    """Post one row of the grid, as the page does."""
    about = {"program": report.program.slug, "period": period, "indicator": report.indicator.pk}
    prefix = f"i{report.indicator.pk}"
    typed = {f"{prefix}-{name.replace('__', ':')}": value for name, value in fields.items()}
    chosen = {"take": take} if take else {}
    return client.post(
        reverse("indicators:entry"),
        about | {f"{prefix}-state": "value"} | typed | chosen,
        headers=HTMX if htmx else {},
    )


def report_of(**fields):
    return make_program_indicator(indicator=make_indicator(**fields))


def percent():
    return report_of(unit_en="%", over_periods="latest", over_places="none")


def value_of(report, period="2024-Q3"):
    return Observation.objects.get(indicator=report.indicator, program=report.program, period__code=period)


def before(report, *values, **fields):
    """Make earlier reported values, oldest first, that end in the quarter before 2024-Q3."""
    quarters = ["2022-Q4", "2023-Q1", "2023-Q2", "2023-Q3", "2023-Q4", "2024-Q1", "2024-Q2"][-len(values) :]
    about = {"indicator": report.indicator, "program": report.program, "status": "verified"}
    return [
        make_observation(value, period=make_period(quarter), **about | fields)
        for value, quarter in zip(values, quarters, strict=True)
    ]


def text(response):
    return " ".join(response.content.decode().split())


# The page


def test_grid_shows_what_a_program_reports(staff_client, report):
    before(report, 12, 19)
    make_program_indicator(
        program=report.program, indicator=make_indicator(kind="derived", derivation="workshops-held")
    )

    page = text(staff_client.get(grid_url(report)))

    assert str(report.indicator) in page
    assert "19 <small>Q2 2024" in page
    assert "derived from records" in page


def test_grid_opens_at_the_newest_open_round(staff_client, report):
    make_program_indicator()
    make_round(program=report.program, period=make_period("2024-Q1"))

    page = text(staff_client.get(reverse("indicators:entry")))

    assert "Enter values: Q1 2024" in page
    assert str(report.indicator) in page


def test_grid_without_reports_says_so(staff_client):
    assert "No program reports an indicator yet" in text(staff_client.get(reverse("indicators:entry")))


@pytest.mark.parametrize("period", ["2024-Q5", "2024-", "1800", "Q3", "2024-Q3-Q3"])
def test_grid_of_no_period_is_not_found(staff_client, report, period):
    assert staff_client.get(grid_url(report, period)).status_code == 404


def test_grid_of_no_program_is_not_found(staff_client, report):
    assert staff_client.get(f"{reverse('indicators:entry')}?program=none").status_code == 404


@pytest.mark.parametrize("role", ["officer", "admin"])
def test_only_the_ministry_enters(client_for, role, report):
    client = client_for(role)

    assert client.get(grid_url(report)).status_code == 403
    assert post(client, report, value="4").status_code == 403
    assert not Observation.objects.exists()


def test_grid_refuses_other_verbs(staff_client, report):
    assert staff_client.put(grid_url(report)).status_code == 405
    assert staff_client.get(reverse("indicators:entry_steps")).status_code == 405


def test_yearly_indicators_are_entered_by_year(staff_client):
    report = report_of(frequency="year")

    assert str(report.indicator) not in text(staff_client.get(grid_url(report)))
    assert str(report.indicator) in text(staff_client.get(grid_url(report, "2024")))


# Saving


def test_a_cell_is_saved_as_a_draft(staff_client, staff, report):
    response = post(staff_client, report, value="1,234.5", note="Counted at the gate")

    saved = value_of(report)
    assert (saved.value, saved.status, saved.entered_by) == (Decimal("1234.5"), "draft", staff)
    assert saved.note == "Counted at the gate"
    assert response.status_code == 200
    assert text(response).startswith(f'<tbody id="cell-{report.indicator.pk}"')
    assert ">saved<" in text(response)


def test_without_javascript_a_row_leads_back_to_the_grid(staff_client, report):
    response = post(staff_client, report, htmx=False, value="12")

    assert response.status_code == 302
    assert response.url.endswith(f"#cell-{report.indicator.pk}")
    assert value_of(report).value == 12


def test_without_javascript_a_refused_row_keeps_what_was_typed(staff_client, report):
    response = post(staff_client, report, htmx=False, value="many")

    assert response.status_code == 422
    assert 'value="many"' in text(response)
    assert "is not a number" in text(response)


def test_an_untouched_row_saves_nothing(staff_client, report):
    post(staff_client, report)

    assert not Observation.objects.exists()


@pytest.mark.parametrize(("typed", "value"), [("១២៣", "123"), ("១,២៣៤.៥", "1234.5"), ("0", "0"), ("1234", "1234")])
def test_numbers_of_both_kinds_are_read(staff_client, report, typed, value):
    post(staff_client, report, value=typed)

    assert value_of(report).value == Decimal(value)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("twelve", "“twelve” is not a number"),
        ("1.234,5", "Write a comma for thousands, a point for decimals: 1,234.5"),
        ("45%", "is a percentage, but this is reported in firms"),
        ("4 5", "is not clear"),
        ("=2+3", "is a formula"),
    ],
)
def test_what_is_no_number_says_how_to_write_it(staff_client, report, typed, words):
    response = post(staff_client, report, value=typed)

    assert words in text(response)
    assert "not saved" in text(response)
    assert not Observation.objects.exists()


def test_no_value_is_a_state_of_its_own(staff_client, report):
    post(staff_client, report, state="missing")

    saved = value_of(report)
    assert (saved.state, saved.value) == ("missing", None)


def test_a_saved_row_shows_what_was_chosen_and_noted(staff_client, report):
    page = text(post(staff_client, report, state="missing", note="No <list>"))

    assert '<option value="missing" selected>Not available</option>' in page
    assert page.count(" selected>") == 1
    assert "No &lt;list&gt;</textarea>" in page


def test_what_is_wrong_stands_where_its_field_says(staff_client, report):
    page = text(post(staff_client, report, value="12", evidence_link="no address"))

    name = f"id_i{report.indicator.pk}-evidence_link-said"
    assert f'aria-describedby="{name}"' in page
    assert "Enter a valid URL" in page.split(f'<div id="{name}"')[1].split("</div>")[0]


def test_a_state_and_a_number_contradict_each_other(staff_client, report):
    response = post(staff_client, report, state="na", value="4")

    assert "not both" in text(response)
    assert not Observation.objects.exists()


def test_a_draft_is_not_emptied_without_saying_why(staff_client, staff, report):
    draft = make_observation(4, indicator=report.indicator, program=report.program, by=staff)

    response = post(staff_client, report, value="", expected=f"{draft.pk}.1")

    assert "Write the value, or say that it is not available" in text(response)
    assert value_of(report).value == 4


# Percentages


def test_a_share_is_asked_about_and_saved_when_confirmed(staff_client):
    report = percent()
    before(report, 20, 60)

    asked = post(staff_client, report, value="0.45")
    assert "Did you mean 45%? Write 45%, or 0.45% if it is that little." in text(asked)
    assert not Observation.objects.filter(period__code="2024-Q3").exists()

    post(staff_client, report, value="0.45", confirmed="on")
    assert value_of(report).value == Decimal("0.45")


@pytest.mark.parametrize(
    ("typed", "value"), [("45%", "45"), ("45 %", "45"), ("៤៥%", "45"), ("0.45%", "0.45"), ("45", "45")]
)
def test_a_percentage_may_carry_its_sign(staff_client, typed, value):
    report = percent()
    before(report, 20, 60)

    post(staff_client, report, value=typed)

    assert value_of(report).value == Decimal(value)


def test_a_share_where_small_numbers_are_usual_is_not_asked_about(staff_client):
    report = percent()
    before(report, "0.3", "0.5")

    post(staff_client, report, value="0.45")

    assert value_of(report).value == Decimal("0.45")


# Ratios and weights


def test_a_ratio_is_computed_from_its_two_numbers(staff_client):
    report = report_of(unit_en="%", over_periods="ratio", over_places="ratio")

    post(staff_client, report, numerator="30", denominator="120")

    saved = value_of(report)
    assert (saved.value, saved.numerator, saved.denominator) == (25, 30, 120)


def test_half_a_ratio_is_refused(staff_client):
    report = report_of(unit_en="%", over_periods="ratio", over_places="ratio")

    response = post(staff_client, report, numerator="30")

    assert "Write the number counted and out of how many" in text(response)


def test_nothing_of_nothing_does_not_apply(staff_client):
    report = report_of(unit_en="%", over_periods="ratio", over_places="ratio")

    post(staff_client, report, numerator="0", denominator="0")

    saved = value_of(report)
    assert (saved.state, saved.value, saved.denominator) == ("na", None, 0)


def test_a_weighted_value_needs_its_weight(staff_client):
    report = report_of(over_periods="weighted average", over_places="weighted average")

    assert "Write the weight of this value" in text(post(staff_client, report, value="4"))
    post(staff_client, report, value="4", weight="120")

    assert value_of(report).weight == 120


# Parts


def test_parts_may_be_partial_and_the_rest_is_unknown(staff_client):
    report = report_of(breakdowns=["sex"])

    response = post(staff_client, report, value="12", **{"part-sex__f": "7"})

    assert value_of(report).parts == {"sex": {"f": "7"}}
    assert "Unknown: <strong>5</strong>" in text(response)


def test_parts_above_the_total_are_refused(staff_client):
    report = report_of(breakdowns=["sex"])

    response = post(staff_client, report, value="12", **{"part-sex__f": "7", "part-sex__m": "6"})

    assert "Sex: the parts come to 13, more than the total (12)." in text(response)
    assert not Observation.objects.exists()


# Unusual


def test_an_unusual_value_is_saved_and_asks_for_a_note(staff_client, report):
    before(report, 12, 15, 19)

    response = post(staff_client, report, value="60")

    assert value_of(report).value == 60
    assert "was 12 – 19" in text(response)
    assert "Say why in the note" in text(response)


@pytest.mark.parametrize("typed", ["57", "4", "12"])
def test_a_value_within_three_times_is_usual(staff_client, report, typed):
    before(report, 12, 15, 19)

    assert "unusual" not in text(post(staff_client, report, value=typed))


def test_an_unusual_value_is_submitted_only_with_a_note(staff_client, staff, report):
    before(report, 12, 15, 19)
    draft = make_observation(90, indicator=report.indicator, program=report.program, by=staff)
    steps = {"program": report.program.slug, "period": "2024-Q3", "do": "all"}

    page = text(staff_client.post(reverse("indicators:entry_steps"), steps, follow=True))
    assert "Say why in its note" in page
    assert value_of(report).status == "draft"

    post(staff_client, report, value="90", note="A fair in August", expected=f"{draft.pk}.1")
    staff_client.post(reverse("indicators:entry_steps"), steps)
    assert value_of(report).status == "submitted"


# Evidence


def test_a_link_or_a_file_is_kept_with_the_value(staff_client, report):
    post(staff_client, report, value="12", evidence_link="example.org/report")
    assert value_of(report).evidence.link == "https://example.org/report"

    saved = value_of(report)
    file = SimpleUploadedFile("list.pdf", b"%PDF-1.4")
    page = post(staff_client, report, value="12", evidence_file=file, expected=f"{saved.pk}.1")
    with value_of(report).evidence.file.open() as kept:
        assert kept.read() == b"%PDF-1.4"
    assert "list.pdf" in text(page)


def test_a_chosen_file_survives_a_refused_row(staff_client, report):
    page = text(post(staff_client, report, value="x", evidence_file=SimpleUploadedFile("list.pdf", b"%PDF-1.4")))

    assert "list.pdf is kept" in page


def test_a_confirmed_share_is_not_asked_about_again(staff_client):
    report = percent()
    before(report, 20, 60)
    post(staff_client, report, value="0.45", confirmed="on")

    page = post(staff_client, report, value="0.45", note="Checked", expected=f"{value_of(report).pk}.1")

    assert "Did you mean" not in text(page)
    assert value_of(report).note == "Checked"


def test_numbers_are_shown_without_empty_decimals(staff_client, report):
    before(report, "12.5")
    make_observation("7.25", indicator=report.indicator, program=report.program, status="submitted")

    page = text(staff_client.get(grid_url(report)))

    assert "12.5 <small>Q2 2024" in page
    assert "<strong> 7.25 </strong>" in page
