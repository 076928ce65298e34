"""Reporting rounds: who owes what, reminders, closing, signing, accepting, corrections, and two rounds compared."""

import datetime
from decimal import Decimal

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from capred_portal.records import DataVersion
from indicators import review, rounds
from indicators.completeness import counts_of, lines_of, owing
from indicators.models import Indicator, Observation, ProgramIndicator, ReportingRound, RoundReminder
from indicators.review import NotAllowed
from tests.factories import make_program, make_user
from tests.indicator_factories import (
    make_period,
    make_program_indicator,
    make_round,
)
from tests.round_factories import closed_round, report_derived, report_on, signed_round, verify_all

pytestmark = pytest.mark.django_db

LIST, NEW = reverse("rounds:list"), reverse("rounds:new")


def text(response):
    return response.content.decode()


def page(name, report):
    return reverse(f"rounds:{name}", args=[report.pk])


def fresh(row):
    return type(row).objects.get(pk=row.pk)


# Who owes what


def test_a_round_asks_for_required_figures_and_says_who_owes_them():
    program, pisey = make_program(), make_user("staff", full_name_en="Sok Pisey")
    report = make_round(program=program)
    owed_by = report_on(program)
    ProgramIndicator.objects.filter(pk=owed_by.pk).update(reporter=pisey)
    report_on(program)
    report_on(program, value=1, status="draft")
    report_on(program, value=2)
    optional = report_on(program)
    ProgramIndicator.objects.filter(pk=optional.pk).update(is_required=False)
    report_derived(program)

    lines = lines_of(report)

    assert [line.standing for line in lines] == ["missing", "missing", "draft", "given", "missing", "derived"]
    assert owing(lines) == [(pisey, 1), (None, 2)]
    assert counts_of(lines) == {"asked": 4, "given": 1}


def test_yearly_figures_are_asked_for_in_the_last_quarter_and_published_ones_never():
    program = make_program()
    yearly = report_on(program, frequency="year")
    external = {"kind": "external", "series": "NV.IND", "signatures": "none"}
    report_on(program, **external)
    report_on(program, retired_on=datetime.date(2024, 1, 1))

    third, fourth = (make_round(program=program, period=make_period(f"2024-Q{number}")) for number in (3, 4))

    assert lines_of(third) == []
    assert [(line.item, line.period.code) for line in lines_of(fourth)] == [(yearly, "2024")]


def test_a_correction_on_its_way_does_not_make_a_figure_owed(staff):
    program = make_program()
    item = report_on(program, value=10, status="verified")
    first = Observation.objects.get(indicator=item.indicator)
    review.correct(observation=first, by=staff, values={"value": Decimal(12)}, reason="Late lists")

    line = lines_of(make_round(program=program))[0]

    assert (line.standing, line.is_owed) == ("given", False)


def test_the_page_of_an_open_round_names_who_owes_and_that_nobody_is_named(client_for):
    program, pisey = make_program(), make_user("staff", full_name_en="Sok Pisey")
    report, item = make_round(program=program), report_on(program)
    ProgramIndicator.objects.filter(pk=item.pk).update(reporter=pisey)
    report_on(program)

    shown = {role: text(client_for(role).get(page("detail", report))) for role in ("staff", "verifier", "officer")}

    assert "0 of 2 figures given" in shown["staff"]
    assert "Nobody is named" in shown["staff"]
    assert "Sok Pisey" in shown["staff"]
    assert "Sok Pisey" not in shown["officer"]
    assert page("close", report) in shown["verifier"]
    assert page("close", report) not in shown["staff"]


# Opening and reminding


def test_a_verifier_opens_a_round_and_those_named_get_one_mail(verifier_client, django_capture_on_commit_callbacks):
    program, reporter = make_program(), make_user("staff", language="km")
    for _number in range(2):
        make_program_indicator(program=program, reporter=reporter)
    today = timezone.localdate()
    code = f"{today.year}-Q{(today.month - 1) // 3 + 1}"
    data = {"program": program.slug, "period": code, "due_on": f"{today.year + 1}-02-01"}

    with django_capture_on_commit_callbacks(execute=True):
        response = verifier_client.post(NEW, data)
    again = verifier_client.post(NEW, data)
    early = verifier_client.post(NEW, data | {"due_on": f"{today.year - 1}-02-01"})

    report = ReportingRound.objects.get()
    assert (response.url, report.period.code) == (report.get_absolute_url(), code)
    assert [letter.to for letter in mail.outbox] == [[reporter.email]]
    assert "already has a round" in text(again)
    assert set(early.context["form"].errors) == {"due_on"}


def test_a_reminder_is_one_mail_for_each_person_once_a_day(verifier_client, django_capture_on_commit_callbacks):
    program, reporter = make_program(), make_user("staff")
    report = make_round(program=program)
    for _number in range(2):
        item = report_on(program)
        ProgramIndicator.objects.filter(pk=item.pk).update(reporter=reporter)
    report_on(program)

    with django_capture_on_commit_callbacks(execute=True):
        verifier_client.post(page("remind", report), {"version": 1})
        again = verifier_client.post(page("remind", report), {"version": 1}, follow=True)

    assert [(reminder.to, reminder.owed) for reminder in RoundReminder.objects.all()] == [(reporter, 2)]
    assert len(mail.outbox) == 1
    assert mail.outbox[0].body.count("* Indicator") == 2
    assert "Nobody to remind" in text(again)


# Closing


def test_closing_writes_derived_figures_with_rule_and_data_version_and_freezes_all(verifier):
    program = make_program()
    report_on(program, value=412)
    item = report_derived(program)
    Indicator.objects.filter(pk=item.indicator_id).update(rule_version=3)
    report = make_round(program=program)
    DataVersion.raise_for("programs")

    count = rounds.close_round(report=report, by=verifier, expected=1)

    made = Observation.objects.get(indicator=item.indicator)
    assert (count, report.status, report.closed_by) == (2, "closed", verifier)
    assert (made.origin, made.status, made.entered_by, made.rule_version) == ("derived", "submitted", None, 3)
    assert made.value == 0
    assert made.data_version == "p1"
    assert {entry.value for entry in report.entries.all()} == {412, made.value}
    with pytest.raises(NotAllowed):
        review.verify(observation=made, by=verifier)


def test_missing_figures_are_written_only_after_agreement(verifier_client):
    program = make_program()
    report_on(program, value=412)
    item = report_on(program)
    report = make_round(program=program)

    asked = verifier_client.get(page("close", report))
    refused = verifier_client.post(page("close", report), {"version": 1, "missing": 1})
    assert fresh(report).status == "open"
    verifier_client.post(page("close", report), {"version": 1, "missing": 1, "agreed": "on"})

    made = Observation.objects.get(indicator=item.indicator)
    assert "Close with 1 figure missing" in text(asked)
    assert (refused.status_code, set(refused.context["form"].errors)) == (422, {"agreed"})
    assert fresh(report).status == "closed"
    assert (made.state, made.value, made.status) == ("missing", None, "submitted")
    assert made.note
    assert report.entries.count() == 2


def test_another_number_of_missing_figures_than_agreed_is_refused(verifier):
    program = make_program()
    report_on(program)
    report_on(program)
    report = make_round(program=program)

    with pytest.raises(NotAllowed, match="2 figures are missing"):
        rounds.close_round(report=report, by=verifier, expected=1, missing=1)

    assert fresh(report).status == "open"
    assert not Observation.objects.exists()


def test_a_round_is_not_closed_over_a_draft(verifier_client):
    program = make_program()
    report_on(program, value=10, status="draft", title_en="Half done")
    report = make_round(program=program)

    response = verifier_client.post(page("close", report), {"version": 1, "missing": 0})

    assert response.status_code == 422
    assert "Not submitted yet: Half done." in text(response)
    with pytest.raises(NotAllowed, match="Half done"):
        rounds.close_round(report=report, by=make_user("verifier"), expected=1, missing=1)
    assert fresh(report).status == "open"


def test_a_round_is_closed_once(verifier):
    report = closed_round()

    with pytest.raises(NotAllowed, match="moved meanwhile"):
        rounds.close_round(report=fresh(report), by=verifier, expected=1)

    assert report.entries.count() == 1


def test_verifiers_are_told_of_a_closed_round_and_its_closer_is_not(
    verifier_client, verifier, django_capture_on_commit_callbacks
):
    program, other = make_program(), make_user("verifier")
    report_on(program, value=412)
    report = make_round(program=program)

    with django_capture_on_commit_callbacks(execute=True):
        verifier_client.post(page("close", report), {"version": 1, "missing": 0})

    assert [letter.to for letter in mail.outbox] == [[other.email]]


# Signing and accepting


def test_a_round_is_signed_only_when_every_figure_is_verified(verifier_client):
    report = closed_round()

    refused = verifier_client.post(page("sign", report), {"version": 2}, follow=True)
    verify_all(report)
    verifier_client.post(page("sign", report), {"version": 2})

    assert "1 figure is not verified yet." in text(refused)
    assert fresh(report).status == "signed"


def test_what_came_back_before_the_signature_is_reported_as_it_was_signed(staff):
    report = closed_round(value=412)
    observation = report.entries.get().observation
    review.send_back(observation=observation, by=make_user("verifier"), reason="Count again")
    with pytest.raises(NotAllowed):
        rounds.sign_round(report=report, by=make_user("verifier"), expected=report.version)
    about = {"indicator": observation.indicator, "program": observation.program, "period": observation.period}
    changed = review.enter(**about, values={"value": Decimal(415)}, by=staff, expected=observation.version)
    review.submit(observation=changed, by=staff)
    verify_all(report)

    rounds.sign_round(report=report, by=make_user("verifier"), expected=report.version)

    assert report.entries.get().value == 415


def test_the_officer_accepts_all_at_once_and_the_round_with_the_last(officer_client, officer):
    program = make_program()
    report_on(program, value=3, signatures=Indicator.Signatures.MINISTRY)
    report_on(program, value=5)
    report = signed_round(program)

    before = text(officer_client.get(page("detail", report)))
    officer_client.post(page("accept", report), {"version": report.version})

    accepted = fresh(report)
    assert "0 of 2 accepted" in before
    assert (accepted.status, accepted.accepted_by) == ("accepted", officer)
    assert sorted(entry.observation.status for entry in report.entries.all()) == ["accepted", "accepted", "verified"]
    assert "2 of 2 accepted" in text(officer_client.get(page("detail", report)))


def test_the_last_value_accepted_by_itself_accepts_the_round_with_one_mail_for_each(
    officer_client, django_capture_on_commit_callbacks
):
    report = signed_round()
    observation = report.entries.get().observation

    with django_capture_on_commit_callbacks(execute=True):
        data = {"pick": [f"{observation.pk}:{observation.version}"], "step": "sign"}
        officer_client.post(reverse("review:step"), data)

    assert fresh(report).status == "accepted"
    assert len(mail.outbox) == len({letter.to[0] for letter in mail.outbox})
    assert [observation.entered_by.email] in [letter.to for letter in mail.outbox]


def test_a_round_without_signature_is_not_accepted(officer_client):
    report = closed_round()

    response = officer_client.post(page("accept", report), {"version": 2}, follow=True)

    assert "moved meanwhile" in text(response)
    assert fresh(report).status == "closed"


def test_a_returned_figure_keeps_the_round_open_for_the_embassy(officer_client, officer):
    program = make_program()
    report_on(program, value=5)
    report = signed_round(program)
    returned = report.entries.earliest("pk").observation
    review.send_back(observation=fresh(returned), by=officer, reason="The list is missing")

    officer_client.post(page("accept", report), {"version": report.version})

    assert fresh(report).status == "signed"
    assert "1 of 2 verified" in text(officer_client.get(page("detail", report)))
