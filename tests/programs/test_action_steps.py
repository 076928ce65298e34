"""The steps of an action: moving, closing with evidence, the second person, returning, reopening; stale clicks."""

import datetime
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from capred_portal.models import Comment, Document
from capred_portal.records import StaleRecord, writing
from programs import services
from programs.models import Action
from tests.factories import make_action, make_user

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate


def url(name, action):
    return reverse(f"actions:{name}", args=[action.pk])


def close_data(action, **changes):
    return {"version": action.version, "done_en": "Sent to all", "closed_on": TODAY().isoformat()} | changes


def closed_by(user, **fields):
    closed = {"status": "to-verify", "priority": 3, "done_en": "Sent", "closed_on": TODAY(), "closed_by": user}
    return make_action(**closed | fields)


def fresh(action):
    return Action.objects.get(pk=action.pk)


# Moving


def test_one_click_moves_an_action_and_comes_back_to_the_board(staff_client, staff):
    action = make_action()

    response = staff_client.post(url("move", action), {"to": "started", "version": 1, "next": "/actions/?q=x"})

    assert (response.url, fresh(action).status, fresh(action).updated_by) == ("/actions/?q=x", "started", staff)
    assert [version.status for version in action.history.order_by("history_id")] == ["planned", "started"]


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)"])
def test_a_click_never_leads_to_another_site(staff_client, elsewhere):
    action = make_action()

    response = staff_client.post(url("move", action), {"to": "started", "version": 1, "next": elsewhere})

    assert response.url == action.get_absolute_url()


def test_a_double_click_moves_once(staff_client):
    action = make_action()

    staff_client.post(url("move", action), {"to": "started", "version": 1})
    response = staff_client.post(url("move", action), {"to": "started", "version": 1}, follow=True)

    assert fresh(action).version == 2
    assert "already" in response.content.decode()


def test_a_stale_click_says_who_was_faster_and_changes_nothing(client_for, verifier):
    action = make_action()
    client_for("verifier").post(url("move", action), {"to": "blocked", "version": 1})

    response = client_for("staff").post(url("move", action), {"to": "started", "version": 1}, follow=True)

    assert fresh(action).status == "blocked"
    assert verifier.username in response.content.decode()
    assert "Nothing of yours was applied" in response.content.decode()


def test_moves_need_a_version_and_an_open_status(staff_client):
    action = make_action()

    assert staff_client.post(url("move", action), {"to": "started"}).status_code == 400
    assert staff_client.post(url("move", action), {"to": "done", "version": 1}).status_code == 400
    assert staff_client.get(url("move", action)).status_code == 405
    assert staff_client.post(reverse("actions:move", args=[999]), {"to": "started"}).status_code == 404
    assert fresh(action).status == "planned"


def test_a_dropped_action_is_not_moved_but_reopened(staff_client):
    action = make_action(status="dropped")

    staff_client.post(url("move", action), {"to": "started", "version": 1})
    assert fresh(action).status == "dropped"
    staff_client.post(url("reopen", action), {"reason": "Needed after all", "version": 1})

    assert fresh(action).status == "planned"
    assert Comment.objects.get().text == "Needed after all"


# Closing


def test_closing_says_what_was_done(staff_client, staff):
    action = make_action()

    refused = staff_client.post(url("close", action), close_data(action, done_en=""))
    response = staff_client.post(url("close", action), close_data(action, done_en="", done_km="បានផ្ញើ"))

    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"done_en"}
    assert response.url == action.get_absolute_url()
    closed = fresh(action)
    assert (closed.status, closed.done_km, closed.closed_by, closed.closed_on) == ("done", "បានផ្ញើ", staff, TODAY())


def test_closing_on_a_day_to_come_is_refused(staff_client):
    action, tomorrow = make_action(), TODAY() + datetime.timedelta(days=1)

    response = staff_client.post(url("close", action), close_data(action, closed_on=tomorrow.isoformat()))

    assert set(response.context["form"].errors) == {"closed_on"}


def test_high_priority_needs_evidence_and_waits_for_a_second_person(staff_client):
    action = make_action(priority=3)

    refused = staff_client.post(url("close", action), close_data(action))
    staff_client.post(url("close", action), close_data(action, evidence_link="https://example.org/minutes"))

    assert set(refused.context["form"].errors) == {"evidence_file"}
    assert fresh(action).status == "to-verify"
    assert fresh(action).evidence.get().link == "https://example.org/minutes"


def test_evidence_given_before_is_enough(staff_client):
    action = make_action(priority=3)
    staff_client.post(url("evidence_new", action), {"title_en": "Minutes", "link": "https://example.org/minutes"})

    staff_client.post(url("close", action), close_data(action))

    assert fresh(action).status == "to-verify"


def test_a_file_is_evidence_and_survives_a_refused_form(staff_client):
    action = make_action(priority=3)
    file = SimpleUploadedFile("minutes.txt", b"agreed")

    refused = staff_client.post(url("close", action), close_data(action, done_en="", evidence_file=file))
    kept = refused.context["form"].fields["evidence_file"].widget.token
    staff_client.post(url("close", action), close_data(action, **{"evidence_file-kept": kept}))

    with fresh(action).evidence.get().file as stored:
        assert stored.read() == b"agreed"


def test_file_and_link_together_are_refused(staff_client):
    action, file = make_action(), SimpleUploadedFile("minutes.txt", b"agreed")

    response = staff_client.post(
        url("close", action), close_data(action, evidence_file=file, evidence_link="https://example.org/")
    )

    assert set(response.context["form"].errors) == {"evidence_file"}


def test_a_double_clicked_close_closes_once(staff_client):
    action = make_action(priority=3)
    data = close_data(action, evidence_link="https://example.org/minutes")

    staff_client.post(url("close", action), data)
    response = staff_client.post(url("close", action), data)

    assert response.url == action.get_absolute_url()
    assert (fresh(action).version, Document.objects.count()) == (2, 1)


def test_a_stale_close_keeps_what_was_typed(client_for):
    action = make_action()
    client_for("verifier").post(url("move", action), {"to": "blocked", "version": 1})

    response = client_for("staff").post(url("close", action), close_data(action, done_en="All sent"))
    again = close_data(action, done_en="All sent", version=response.context["form"]["version"].value())

    assert response.status_code == 422
    assert "All sent" in response.content.decode()
    assert fresh(action).status == "blocked"
    assert client_for("staff").post(url("close", action), again).status_code == 302
    assert fresh(action).status == "done"


def test_a_closed_action_is_not_closed_again(staff_client, verifier):
    action = closed_by(verifier, status="done", priority=2)

    response = staff_client.post(url("close", action), close_data(action))

    assert response.status_code == 422
    assert fresh(action).closed_by == verifier


# The second person


def test_a_second_person_verifies(verifier_client, verifier):
    action = closed_by(make_user("staff"))

    verifier_client.post(url("verify", action), {"version": 1})

    done = fresh(action)
    assert (done.status, done.verified_by) == ("done", verifier)
    assert done.verified_at


def test_who_closed_it_does_not_verify_or_return_it(staff_client, staff):
    action = closed_by(staff)

    verified = staff_client.post(url("verify", action), {"version": 1}, follow=True)
    returned = staff_client.post(url("return", action), {"version": 1, "reason": "No"})

    assert "somebody else must verify it" in verified.content.decode()
    assert returned.status_code == 422
    assert (fresh(action).status, fresh(action).version) == ("to-verify", 1)


def test_the_database_refuses_one_person_in_both_parts(staff):
    action = closed_by(staff)

    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.filter(pk=action.pk).update(status="done", verified_by=staff)


def test_the_database_refuses_a_second_person_without_a_first(staff, verifier):
    action = closed_by(staff)

    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.filter(pk=action.pk).update(status="done", verified_by=verifier, closed_by=None)


def test_a_second_person_returns_it_with_a_reason(verifier_client, verifier):
    action = closed_by(make_user("staff"))

    asked = verifier_client.post(url("return", action), {"version": 1, "reason": ""})
    verifier_client.post(url("return", action), {"version": 1, "reason": "The minutes are not signed"})

    returned = fresh(action)
    assert set(asked.context["form"].errors) == {"reason"}
    assert (returned.status, returned.closed_on, returned.closed_by, returned.done_en) == (
        "started",
        None,
        None,
        "Sent",
    )
    assert (returned.thread.comments.get().text, returned.thread.comments.get().created_by) == (
        "The minutes are not signed",
        verifier,
    )


def test_a_stale_verification_changes_nothing(verifier_client):
    action = closed_by(make_user("staff"))
    Action.objects.get(pk=action.pk).save_version(by=None, expected=1)

    verifier_client.post(url("verify", action), {"version": 1})

    assert fresh(action).status == "to-verify"


def test_a_done_action_is_reopened_with_a_reason(staff_client, verifier):
    action = closed_by(verifier, status="done", priority=2)

    staff_client.post(url("reopen", action), {"version": 1, "reason": "It broke"})

    assert (fresh(action).status, fresh(action).closed_on) == ("started", None)


def test_an_open_action_is_not_reopened_and_a_stale_reason_is_kept(staff_client):
    action = make_action()

    wrong = staff_client.post(url("reopen", action), {"version": 1, "reason": "Why not"})
    stale = staff_client.post(url("reopen", action), {"version": 7, "reason": "Why not"})

    for response in (wrong, stale):
        assert response.status_code == 422
        assert "Why not" in response.content.decode()
    assert not Comment.objects.exists()


def test_detail_tells_the_closer_and_the_second_person_what_they_may_do(client_for, staff):
    action = closed_by(staff)

    assert "A second person must verify it" in client_for("staff").get(action.get_absolute_url()).content.decode()
    assert url("verify", action) in client_for("verifier").get(action.get_absolute_url()).content.decode()
    assert url("verify", action) not in client_for("officer").get(action.get_absolute_url()).content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_two_people_at_once_one_moves_and_one_is_told():
    action, people = make_action(), [make_user("staff"), make_user("verifier")]
    ends, start = [], threading.Barrier(2)

    def move(user, to):
        mine = Action.objects.get(pk=action.pk)
        start.wait()
        try:
            with writing("programs"):
                services.move_action(action=mine, to=to, by=user, expected=1)
            ends.append("moved")
        except StaleRecord:
            ends.append("stale")
        finally:
            connection.close()

    threads = [threading.Thread(target=move, args=pair) for pair in zip(people, ("started", "blocked"), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(ends) == ["moved", "stale"]
    assert fresh(action).version == 2
