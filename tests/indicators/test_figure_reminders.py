"""What people hear of figures; the mails of the review are the same telling, never a second one."""

import datetime as dt

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from capred_portal import reminders
from capred_portal.mails import send_mail
from capred_portal.models import Mail, ReminderChoice
from capred_portal.reminder_mails import remind
from indicators import review
from indicators.models import Observation, ProgramIndicator, ReportingRound
from tests.factories import make_program, make_user
from tests.indicator_factories import make_indicator, make_observation, make_period, make_round, make_target
from tests.round_factories import closed_round, report_on, signed_round, verify_all

STEP = reverse("review:step")
LATER = dt.timedelta(days=1)
DAY = dt.timedelta(days=1)


def told(kind, *people):
    named = {user.pk: user for user in people}
    found = [due for each, due in reminders.due_for(named, timezone.now()) if each.name == kind]
    return [[due.words() for due in found if due.user == user.pk] for user in people]


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def choose(user, kind, frequency):
    ReminderChoice.objects.update_or_create(user=user, kind=kind, defaults={"frequency": frequency})


def run(now=None):
    """Let the job run in the morning of tomorrow, when nothing waits for more of its kind, and send what it wrote."""
    remind(now or reminders.morning(timezone.now()) + LATER)
    for waiting in Mail.objects.waiting():
        send_mail.func(waiting.pk, waiting.attempts)


def letters_to(user):
    return [letter for letter in mail.outbox if letter.to == [user.email]]


# Signatures


def test_values_wait_in_one_line_for_verifiers_who_did_not_write_them(staff, officer):
    program, (author, other) = make_program(title_en="CAPRED"), (make_user("verifier"), make_user("verifier"))
    for by in (author, staff):
        make_observation(by=by, program=program, status="submitted")

    assert told("signature", author, other, staff, officer) == [
        ["CAPRED · Q3 2024 · 1 value to sign"],
        ["CAPRED · Q3 2024 · 2 values to sign"],
        [],
        [],
    ]


def test_who_wrote_the_same_earlier_does_not_sign_it_later(verifier):
    other = make_user("verifier")
    first = make_observation(5, by=verifier, status="verified")
    make_observation(
        5, indicator=first.indicator, program=first.program, status="submitted", number=2, why="Typo", is_shown=False
    )

    assert [len(lines) for lines in told("signature", verifier, other)] == [0, 1]


@pytest.mark.parametrize("signatures", ["ministry", "both"])
def test_the_embassy_hears_of_values_that_need_it(officer, signatures):
    make_observation(status="verified", indicator=make_indicator(signatures=signatures))

    assert len(told("signature", officer)[0]) == (signatures == "both")


def test_the_embassy_hears_of_a_round_when_the_ministry_has_signed_it(officer):
    report = closed_round()
    verify_all(report)
    before = told("signature", officer)
    ReportingRound.objects.filter(pk=report.pk).update(status="signed")

    assert before == [[]]
    assert len(told("signature", officer)[0]) == 1


def test_a_closed_round_whose_figures_are_verified_waits_to_be_signed(verifier, officer):
    report = closed_round()
    before = told("signature", make_user("verifier"))[0][0]
    verify_all(report)

    assert before.endswith("1 value to sign")
    assert told("signature", verifier) == [[f"{report} · every figure is verified: the round can be signed"]]


def test_proposed_targets_wait_in_one_line_for_verifiers_who_did_not_propose_them(verifier, staff):
    indicator, program = make_indicator(), make_program(title_en="CAPRED")
    for period in ("2026-Q4", "2027-Q4"):
        make_target(indicator=indicator, program=program, status="proposed", period=period, created_by=staff)
    make_target(program=program, status="proposed", created_by=verifier)

    assert told("signature", verifier, staff) == [["CAPRED · 2 proposed targets to decide"], []]


def test_values_handed_in_one_after_another_are_told_together(verifier, staff):
    now = reminders.morning(timezone.now()) + LATER
    program = make_program()
    for minutes in (40, 10):
        at = now - dt.timedelta(minutes=minutes)
        make_observation(program=program, by=staff, status="submitted", submitted_at=at)

    run(now)
    early = len(letters_to(verifier))
    run(now + dt.timedelta(minutes=21))

    assert early == 0
    assert [letter.subject for letter in letters_to(verifier)] == ["2 signatures asked of you"]


def test_a_value_that_comes_again_is_told_again(verifier, staff):
    observation = make_observation(by=staff, status="submitted")
    run()
    review.send_back(observation=fresh(observation), by=make_user("verifier"), reason="Lists are missing")
    review.submit(observation=fresh(observation), by=staff)
    run(reminders.morning(timezone.now()) + 2 * DAY)

    assert len([each for each in letters_to(verifier) if "signature" in each.subject]) == 2


def test_a_mail_to_an_officer_names_no_person_and_no_value(officer):
    report = signed_round(value=987654)
    author = report.entries.get().observation.entered_by

    run()

    (letter,) = letters_to(officer)
    assert "987" not in letter.body
    assert str(author) not in letter.body


# Returned and signed


def test_a_returned_value_is_told_with_its_reason_to_its_author(verifier, staff):
    observation = make_observation(by=staff, status="submitted", indicator=make_indicator(title_en="Firms"))
    review.send_back(observation=observation, by=verifier, reason="Lists are missing")

    (words,) = told("returned", staff)[0]

    assert words.startswith("Firms · ")
    assert words.endswith(f" · Q3 2024 · {verifier}: Lists are missing")


def test_a_value_that_was_handed_in_again_is_not_returned(verifier, staff):
    observation = make_observation(by=staff, status="submitted")
    review.send_back(observation=observation, by=verifier, reason="Lists are missing")
    review.submit(observation=fresh(observation), by=staff)

    assert told("returned", staff) == [[]]


def test_authors_hear_that_their_values_were_signed(staff, verifier, officer):
    program = make_program(title_en="CAPRED")
    first, second = (make_observation(by=staff, program=program, status="submitted") for _number in range(2))
    for each in (first, second):
        review.verify(observation=each, by=verifier)
    verified = told("signed", staff)
    for each in (first, second):
        review.accept(observation=fresh(each), by=officer)

    assert verified == [["CAPRED · Q3 2024 · 2 values verified"]]
    assert told("signed", staff, verifier) == [["CAPRED · Q3 2024 · 2 values accepted"], []]


# The mails of the steps


def give_back(client, *rows, commits):
    picks = [f"{row.pk}:{row.version}" for row in rows]
    with commits(execute=True):
        client.post(STEP, {"pick": picks, "step": "return", "reason": "Lists are missing"})


def test_the_mail_of_a_step_is_the_telling(verifier_client, staff, django_capture_on_commit_callbacks):
    give_back(
        verifier_client, make_observation(by=staff, status="submitted"), commits=django_capture_on_commit_callbacks
    )
    run()

    (letter,) = letters_to(staff)
    assert "1 value returned" in letter.subject
    assert reverse("account_reminders") in letter.body
    assert letter.extra_headers["List-Unsubscribe"]


@pytest.mark.parametrize(("frequency", "mails"), [("daily", 1), ("never", 0)])
def test_who_wants_to_hear_later_gets_no_mail_of_the_step(
    frequency, mails, verifier_client, staff, django_capture_on_commit_callbacks
):
    choose(staff, "returned", frequency)
    give_back(
        verifier_client, make_observation(by=staff, status="submitted"), commits=django_capture_on_commit_callbacks
    )
    remind()
    at_once = len(letters_to(staff))

    run()

    assert (at_once, len(letters_to(staff))) == (0, mails)


def test_a_value_returned_by_itself_is_still_told_after_others_went_back_together(
    verifier_client, verifier, staff, django_capture_on_commit_callbacks
):
    program = make_program()
    alone, other = (
        make_observation(program=program, by=staff, status="submitted", indicator=make_indicator(title_en=title))
        for title in ("Alone", "Other")
    )
    review.send_back(observation=alone, by=verifier, reason="Too high")
    give_back(verifier_client, other, commits=django_capture_on_commit_callbacks)

    run()

    assert ["Alone" in letter.body for letter in letters_to(staff)] == [False, True]
    assert ["Other" in letter.body for letter in letters_to(staff)] == [True, False]


def test_a_closed_round_is_told_once(verifier_client, django_capture_on_commit_callbacks):
    program, other = make_program(), make_user("verifier")
    report_on(program, value=412)
    report = make_round(program=program)
    with django_capture_on_commit_callbacks(execute=True):
        verifier_client.post(reverse("rounds:close", args=[report.pk]), {"version": 1, "missing": 0})

    run()

    assert [letter.subject.partition(":")[0] for letter in letters_to(other)] == ["Closed, to be verified"]


def test_a_signed_round_is_told_once_to_the_embassy(verifier_client, officer, django_capture_on_commit_callbacks):
    report = closed_round()
    verify_all(report)
    with django_capture_on_commit_callbacks(execute=True):
        verifier_client.post(reverse("rounds:sign", args=[report.pk]), {"version": report.version})

    run()

    assert len(letters_to(officer)) == 1


def test_an_accepted_round_is_told_once_to_authors(officer_client, django_capture_on_commit_callbacks):
    report = signed_round()
    author = report.entries.get().observation.entered_by
    run()
    before = len(letters_to(author))
    with django_capture_on_commit_callbacks(execute=True):
        officer_client.post(reverse("rounds:accept", args=[report.pk]), {"version": report.version})

    run(reminders.morning(timezone.now()) + 2 * DAY)

    assert [letter.subject.partition(":")[0] for letter in letters_to(author)[before:]] == ["Accepted by the embassy"]


# Rounds


def owing_round(reporter, due_on, values=2):
    report = make_round(program=make_program(title_en="CAPRED"), due_on=due_on)
    for _number in range(values):
        item = report_on(report.program)
        ProgramIndicator.objects.filter(pk=item.pk).update(reporter=reporter)
    return report


@pytest.mark.parametrize(
    ("days", "step", "words"),
    [
        (20, "open", "due on "),
        (7, "week", "due on "),
        (1, "day", "due on "),
        (0, "day", "due on "),
        (-2, "late", "2 days late"),
    ],
)
def test_a_round_is_told_of_as_its_day_comes_nearer(staff, days, step, words):
    owing_round(staff, timezone.localdate() + days * DAY)

    (found,) = [due for _kind, due in reminders.due_for({staff.pk: staff}, timezone.now())]

    assert found.keys[0].endswith(f"-{step}")
    assert f"CAPRED · Q3 2024 · 2 values owed · {words}" in found.words()
    assert (found.count, found.urgency) == (2, -days)


def test_who_gave_all_values_hears_nothing_and_neither_do_others(staff, verifier):
    report = owing_round(staff, timezone.localdate())
    for item in report.program.reports.all():
        make_observation(program=report.program, indicator=item.indicator, by=staff, status="submitted")

    assert told("round-closing", staff, verifier) == [[], []]


@pytest.mark.parametrize("named", ["nobody", "somebody who left"])
def test_values_nobody_is_there_to_give_are_told_to_the_verifiers(staff, verifier, named):
    left = make_user("staff", is_active=False)
    owing_round(left if named == "somebody who left" else None, timezone.localdate() - 2 * DAY)

    assert [len(lines) for lines in told("round-closing", staff, verifier)] == [0, 1]


def test_a_reminder_by_hand_goes_to_everybody_and_is_not_repeated(
    verifier_client, staff, django_capture_on_commit_callbacks
):
    choose(staff, "round-closing", "daily")
    report = owing_round(staff, timezone.localdate() - 3 * DAY)
    with django_capture_on_commit_callbacks(execute=True):
        verifier_client.post(reverse("rounds:remind", args=[report.pk]), {"version": 1})

    run()

    assert [letter.subject.partition(":")[0] for letter in letters_to(staff)] == ["A reminder"]


def test_a_year_is_owed_with_its_last_quarter(staff):
    report = make_round(period=make_period("2024-Q4"), due_on=timezone.localdate())
    item = report_on(report.program, frequency="year")
    ProgramIndicator.objects.filter(pk=item.pk).update(reporter=staff)

    assert len(told("round-closing", staff)[0]) == 1


# Queries


def test_more_rows_and_people_ask_no_more_queries(staff, verifier, officer):
    def fill(rows):
        for _number in range(rows):
            owing_round(staff, timezone.localdate())
            make_user("verifier")
            make_observation(by=staff, status="submitted")
            make_observation(by=staff, status="verified")
            make_target(status="proposed", created_by=staff)
            review.send_back(observation=make_observation(by=staff, status="submitted"), by=verifier, reason="No")
            review.verify(observation=make_observation(by=staff, status="submitted"), by=verifier)
            make_observation(2, by=staff, status="submitted", number=2, why="Typo", is_shown=False)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            found = reminders.due_for(reminders.reachable(), timezone.now())
            assert all(due.words() for _kind, due in found)
        return len(asked)

    fill(1)
    few = queries()
    fill(5)

    assert queries() == few
    assert Observation.objects.count() > 20


@pytest.mark.parametrize("role", ["staff", "verifier", "officer", "admin"])
def test_the_page_asks_few_queries(role, request):
    user = request.getfixturevalue(role)
    client = request.getfixturevalue(f"{role}_client")
    owing_round(user, timezone.localdate())
    make_observation(2, status="submitted", number=2, why="Typo", is_shown=False)
    make_observation(status="verified")
    url = reverse("account_reminders")

    with CaptureQueriesContext(connection) as asked:
        client.get(url)

    assert len(asked) <= 15, [query["sql"][:120] for query in asked]
