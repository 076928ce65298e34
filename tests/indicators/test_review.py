"""The steps of a review: who may take which from where, what pages show after each, and two people at once."""

import threading
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from capred_portal.access import Forbidden
from capred_portal.records import StaleRecord
from indicators import review
from indicators.models import Indicator, Observation, ReviewEvent
from indicators.review import NotAllowed
from tests.factories import ROLES, make_program, make_user
from tests.indicator_factories import make_indicator, make_observation, make_period, make_round

pytestmark = pytest.mark.django_db

STATUSES = ("draft", "submitted", "verified", "accepted")
MINISTRY = ("staff", "verifier")

# Step -> role -> from where; DESIGN.md, section 3, the table of the review.
TABLE: dict[str, Any] = {
    "submit": dict.fromkeys(MINISTRY, ("draft",)),
    "withdraw": dict.fromkeys(MINISTRY, ("submitted",)),
    "verify": {"verifier": ("submitted",)},
    "accept": {"officer": ("verified",)},
    "return": {"verifier": ("submitted", "verified"), "officer": ("verified",)},
    "correct": dict.fromkeys(MINISTRY, ("verified", "accepted")),
}
ENDS = {
    "submit": "submitted",
    "withdraw": "draft",
    "verify": "verified",
    "accept": "accepted",
    "return": "draft",
}


def take(step, observation, by):
    """Take a step with a reason where it wants one; return the version it is about."""
    if step == "correct":
        return review.correct(observation=observation, by=by, values={"value": Decimal(99)}, reason="Counted again")
    if step == "return":
        review.send_back(observation=observation, by=by, reason="The list is missing")
    else:
        getattr(review, step)(observation=observation, by=by)
    return observation


def fresh(observation):
    return Observation.objects.get(pk=observation.pk)


def shown(observation):
    """Return the number of the version pages show of a value, or None."""
    rows = Observation.objects.shown().filter(slot=observation.slot)
    return rows.values_list("number", flat=True).first()


def entered(by, value=10, **fields):
    """Return the draft of a new value, entered by somebody through the review."""
    about = {"indicator": make_indicator(), "program": make_program(), "period": make_period()} | fields
    return review.enter(**about, values={"value": Decimal(value)}, by=by)


def verified(value=10, **fields):
    """Return a value that came to its first signature step by step."""
    author = make_user("staff")
    observation = entered(author, value, **fields)
    review.submit(observation=observation, by=author)
    review.verify(observation=observation, by=make_user("verifier"))
    return observation


# The table


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("step", TABLE)
def test_each_role_takes_its_steps_from_where_they_start_and_no_other(step, role, status):
    by = make_user(role)
    mine = {"submitted_by": by} if step == "withdraw" else {}
    observation = make_observation(status=status, **mine)

    if status in TABLE[step].get(role, ()):
        about = take(step, observation, by)
        event = ReviewEvent.objects.get(observation=about)
        assert fresh(about).status == ENDS.get(step, "draft")
        assert (event.kind, event.from_status, event.to_status, event.by) == (step, status, about.status, by)
    else:
        with pytest.raises((NotAllowed, Forbidden)):
            take(step, observation, by)
        assert (fresh(observation).status, ReviewEvent.objects.count()) == (status, 0)
        assert Observation.objects.count() == 1


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("status", STATUSES)
def test_a_value_is_written_by_the_ministry_and_only_in_draft(role, status):
    observation = make_observation(10, status=status)
    about = {"indicator": observation.indicator, "program": observation.program, "period": observation.period}

    if role in MINISTRY and status == "draft":
        review.enter(**about, values={"value": Decimal(12)}, by=make_user(role), expected=1)
        assert fresh(observation).value == 12
    else:
        with pytest.raises((NotAllowed, Forbidden)):
            review.enter(**about, values={"value": Decimal(12)}, by=make_user(role), expected=1)
        assert fresh(observation).value == 10


def test_signatures_say_who_and_when_and_going_back_takes_them_away(officer):
    observation = verified()
    signed = fresh(observation)

    review.send_back(observation=observation, by=officer, reason="The list is missing")

    assert (bool(signed.submitted_by), bool(signed.verified_by)) == (True, True)
    assert signed.submitted_at <= signed.verified_at
    back = fresh(observation)
    assert (back.submitted_by, back.submitted_at, back.verified_by, back.verified_at) == (None, None, None, None)


def test_only_who_submitted_withdraws(staff):
    observation = make_observation(status="submitted")

    with pytest.raises(NotAllowed, match="Only who submitted"):
        review.withdraw(observation=observation, by=staff)


@pytest.mark.parametrize("reason", ["", "  "])
def test_returning_and_correcting_want_a_reason(verifier, reason):
    waiting, signed = make_observation(status="submitted"), make_observation(status="verified")

    with pytest.raises(NotAllowed):
        review.send_back(observation=waiting, by=verifier, reason=reason)
    with pytest.raises(NotAllowed):
        review.correct(observation=signed, by=verifier, values={}, reason=reason)


def test_a_step_from_an_old_screen_is_refused(verifier):
    observation = make_observation(status="submitted")
    old = fresh(observation)
    review.send_back(observation=observation, by=verifier, reason="Look again")
    review.submit(observation=observation, by=make_user("staff"))

    with pytest.raises(NotAllowed, match="moved meanwhile"):
        review.verify(observation=old, by=make_user("verifier"))


# The second person


@pytest.mark.parametrize("part", ["entered_by", "changed_by"])
def test_who_entered_or_last_changed_a_value_does_not_verify_it(verifier, part):
    observation = make_observation(status="submitted", **{part: verifier})

    with pytest.raises(NotAllowed, match="Another verifier"):
        review.verify(observation=observation, by=verifier)

    review.verify(observation=observation, by=make_user("verifier"))
    assert fresh(observation).status == "verified"


def test_who_derived_a_value_does_not_verify_it(verifier):
    about = {"indicator": make_indicator(), "program": make_program(), "period": make_period()}
    values = {"value": Decimal(7)}

    observation = review.hand_in(**about, values=values, by=verifier, origin=Observation.Origin.DERIVED)

    assert (observation.status, observation.entered_by, shown(observation)) == ("submitted", None, 1)
    with pytest.raises(NotAllowed, match="You closed the round"):
        review.verify(observation=observation, by=verifier)
    review.verify(observation=observation, by=make_user("verifier"))


def test_the_embassy_signs_only_where_the_indicator_needs_it(officer):
    indicator = make_indicator(signatures=Indicator.Signatures.MINISTRY)
    observation = make_observation(status="verified", indicator=indicator)

    with pytest.raises(NotAllowed, match="needs no signature"):
        review.accept(observation=observation, by=officer)
    with pytest.raises(NotAllowed, match="wait for the embassy"):
        review.send_back(observation=observation, by=officer, reason="Why")

    assert fresh(observation).status == "verified"


# What pages show


def test_a_first_version_shows_from_submission_on_and_not_while_it_is_worked_on(staff, verifier):
    observation = entered(staff)
    seen = [shown(observation)]

    for step, by in (("submit", staff), ("withdraw", staff), ("submit", staff), ("return", verifier)):
        take(step, observation, by)
        seen.append(shown(observation))

    assert seen == [None, 1, None, 1, None]


def test_the_signed_version_stays_shown_until_its_correction_is_signed(staff, officer):
    first = verified()
    review.accept(observation=first, by=officer)
    seen = [shown(first)]

    second = take("correct", first, staff)
    seen.append(shown(first))
    review.submit(observation=second, by=staff)
    seen.append(shown(first))
    review.verify(observation=second, by=make_user("verifier"))
    seen.append(shown(first))

    assert seen == [1, 1, 1, 2]
    assert (fresh(first).status, fresh(first).value, fresh(second).value) == ("accepted", 10, 99)
    assert (second.number, second.why) == (2, "Counted again")


def test_returning_a_verified_correction_shows_the_earlier_version_again(staff, officer):
    first = verified()
    second = take("correct", first, staff)
    review.submit(observation=second, by=staff)
    review.verify(observation=second, by=make_user("verifier"))

    review.send_back(observation=second, by=officer, reason="The list is missing")

    assert shown(first) == 1


def test_a_version_with_a_later_one_goes_not_back_and_is_not_corrected_again(staff, officer):
    first = verified()
    take("correct", first, staff)

    with pytest.raises(NotAllowed, match="later version"):
        review.send_back(observation=first, by=officer, reason="Look again")
    with pytest.raises(NotAllowed, match="later version"):
        take("correct", first, staff)

    assert (fresh(first).status, Observation.objects.count()) == ("verified", 2)


def test_a_correction_starts_from_what_was_signed(staff):
    first = verified(12)
    Observation.objects.filter(pk=first.pk).update(note="Counted at the gate", parts={"sex": {"f": "5"}})

    second = review.correct(observation=first, by=staff, values={"value": Decimal(15)}, reason="Late lists")

    assert second.value == 15
    assert (second.note, second.parts) == ("Counted at the gate", {"sex": {"f": "5"}})
    assert (second.status, second.entered_by, second.verified_by, second.is_shown) == ("draft", staff, None, False)


# Entering


def test_a_first_value_of_a_closed_round_is_refused_and_a_returned_one_is_still_changed(staff, verifier):
    period = make_period("2024-Q4")
    report = make_round(period=period)
    observation = make_observation(10, status="submitted", program=report.program, period=period)
    review.send_back(observation=observation, by=verifier, reason="Look again")
    report.status, report.closed_by, report.closed_at = "closed", verifier, timezone.now()
    report.save()

    for closed in (period, make_period("2024")):
        with pytest.raises(NotAllowed, match="closed"):
            entered(staff, program=report.program, period=closed)
    about = {"indicator": observation.indicator, "program": report.program, "period": period}
    review.enter(**about, values={"value": Decimal(11)}, by=staff, expected=2)

    assert fresh(observation).value == 11
    assert entered(staff, program=report.program, period=make_period("2024-Q3")).value == 10


def test_a_draft_that_was_not_on_the_screen_is_not_overwritten(staff):
    observation = make_observation(10)
    about = {"indicator": observation.indicator, "program": observation.program, "period": observation.period}

    with pytest.raises(StaleRecord):
        review.enter(**about, values={"value": Decimal(12)}, by=staff, expected=0)

    assert fresh(observation).value == 10


def test_a_value_is_entered_again_after_its_versions_were_archived(staff, admin):
    first = make_observation(10, status="verified")
    first.archive(by=admin, reason="A test of the form")
    about = {"indicator": first.indicator, "program": first.program, "period": first.period}

    again = review.enter(**about, values={"value": Decimal(12)}, by=staff)

    assert (again.number, again.why, again.status) == (2, "A test of the form", "draft")


# At once


def at_once(first, second):
    """Run two steps at the same moment; return how they ended, in no order."""
    ends, start = [], threading.Barrier(2)

    def run(step):
        start.wait()
        try:
            step()
            ends.append("done")
        except (NotAllowed, StaleRecord) as error:
            ends.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(step,)) for step in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(ends)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_verify_at_once_one_signs():
    observation = make_observation(status="submitted")
    copies, people = [fresh(observation), fresh(observation)], [make_user("verifier"), make_user("verifier")]

    ends = at_once(
        lambda: review.verify(observation=copies[0], by=people[0]),
        lambda: review.verify(observation=copies[1], by=people[1]),
    )

    assert ends == ["NotAllowed", "done"]
    assert fresh(observation).verified_by in people
    assert ReviewEvent.objects.filter(kind="verify").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_correction_and_a_return_at_once_leave_one_way_on():
    observation, staff, officer = make_observation(status="verified"), make_user("staff"), make_user("officer")
    copies = [fresh(observation), fresh(observation)]

    ends = at_once(lambda: take("correct", copies[0], staff), lambda: take("return", copies[1], officer))

    assert ends == ["NotAllowed", "done"]
    assert Observation.objects.open().count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_enter_a_first_value_at_once_one_is_told():
    about = {"indicator": make_indicator(), "program": make_program(), "period": make_period()}
    people = [make_user("staff"), make_user("staff")]

    ends = at_once(
        lambda: review.enter(**about, values={"value": Decimal(1)}, by=people[0], expected=0),
        lambda: review.enter(**about, values={"value": Decimal(2)}, by=people[1], expected=0),
    )

    assert ends[1] == "done"
    assert Observation.objects.count() == 1
