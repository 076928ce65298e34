"""Comments: who asks and who answers, once per click, one thread for two first comments; the list of questions."""

import threading
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from capred_portal.comments import add_comment
from capred_portal.models import Comment, Thread
from capred_portal.records import writing
from programs.models import Action, Workshop
from tests.factories import ROLES, make_action, make_outcome, make_program, make_user, make_workshop

pytestmark = pytest.mark.django_db

LIST = reverse("questions:list")
RECORDS: dict[str, Any] = {"workshops": make_workshop, "outcomes": make_outcome, "actions": make_action}


def comment_url(record):
    return reverse(f"{record._meta.model_name}s:comment", args=[record.pk])


def comment_data(**changes):
    return {"text": "Who pays for it?", "creation_token": str(uuid.uuid4())} | changes


def ask(record, by, text="Who pays?"):
    return add_comment(record=record, text=text, kind=Comment.Kind.QUESTION, by=by)


# Writing


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("noun", RECORDS)
def test_every_reader_asks_on_every_kind_of_record(client_for, role, noun):
    record, client = RECORDS[noun](), client_for(role)

    response = client.post(comment_url(record), comment_data(is_question="on"))
    page = client.get(record.get_absolute_url()).content.decode()

    question = Comment.objects.get()
    record.refresh_from_db()
    assert response.url == f"{record.get_absolute_url()}#comment-{question.pk}"
    assert (question.kind, question.thread, question.created_by.role) == ("question", record.thread, role)
    assert f'id="comment-{question.pk}"' in page
    assert "1 open question" in page


def test_a_remark_is_no_question(officer_client):
    workshop = make_workshop()

    officer_client.post(comment_url(workshop), comment_data(text="Well done"))

    assert Comment.objects.get().kind == "remark"
    assert officer_client.get(LIST).context["rows_count"] == 0


def test_staff_answer_and_the_question_is_closed(staff_client, officer):
    workshop = make_workshop()
    question = ask(workshop, officer)

    staff_client.post(comment_url(workshop), comment_data(text="The program", answers=question.pk))
    page = staff_client.get(workshop.get_absolute_url()).content.decode()

    answer = Comment.objects.get(kind="answer")
    assert (answer.answers, answer.thread) == (question, question.thread)
    assert "open question" not in page
    assert "answered" in page
    assert staff_client.get(LIST).context["rows_count"] == 0


def test_officers_do_not_answer(officer_client, officer):
    workshop = make_workshop()
    question = ask(workshop, officer)

    response = officer_client.post(comment_url(workshop), comment_data(answers=question.pk))

    assert response.status_code == 403
    assert "Answer this question" not in officer_client.get(workshop.get_absolute_url()).content.decode()


def test_an_answer_belongs_to_a_question_of_its_record(staff_client, officer):
    question, other = ask(make_workshop(), officer), make_workshop()

    for answers in (question.pk, 999, "x"):
        assert staff_client.post(comment_url(other), comment_data(answers=answers)).status_code == 404


def test_an_empty_comment_is_sent_back_with_what_it_answers(staff_client, officer):
    workshop = make_workshop()
    question = ask(workshop, officer)

    response = staff_client.post(comment_url(workshop), comment_data(text=" ", answers=question.pk))

    assert response.status_code == 422
    assert f'name="answers" value="{question.pk}"' in response.content.decode()


def test_a_double_click_writes_one_comment(staff_client):
    workshop, data = make_workshop(), comment_data()

    staff_client.post(comment_url(workshop), data)
    staff_client.post(comment_url(workshop), data)

    assert Comment.objects.count() == 1


def test_visitors_wrong_verbs_and_archived_records(anonymous_client, staff_client, staff):
    workshop = make_workshop()

    assert anonymous_client.post(comment_url(workshop), comment_data()).url.startswith("/accounts/login/")
    assert staff_client.get(comment_url(workshop)).status_code == 405
    assert staff_client.post(reverse("workshops:comment", args=[999]), comment_data()).status_code == 404
    workshop.archive(by=staff, reason="Twice")
    assert staff_client.post(comment_url(workshop), comment_data()).status_code == 404


def test_a_first_comment_does_not_make_an_open_form_stale(staff):
    action = make_action()
    opened = Action.objects.get(pk=action.pk)
    ask(action, staff)

    with writing("programs"):
        opened.text_en = "Changed"
        opened.save_version(by=staff, expected=1)

    action.refresh_from_db()
    assert (action.text_en, action.thread.comments.count()) == ("Changed", 1)


def test_an_answer_to_another_record_is_refused_by_the_service(staff):
    question = ask(make_workshop(), staff)

    with pytest.raises(ValueError, match="another record"):
        add_comment(record=make_workshop(), text="Yes", kind=Comment.Kind.ANSWER, answers=question, by=staff)


@pytest.mark.django_db(transaction=True)
def test_two_first_comments_at_once_share_one_thread():
    workshop, people = make_workshop(), [make_user("officer") for _number in range(4)]
    start = threading.Barrier(len(people))

    def say(user):
        mine = Workshop.objects.get(pk=workshop.pk)
        start.wait()
        with writing("capred_portal", "programs"):
            ask(mine, user)
        connection.close()

    threads = [threading.Thread(target=say, args=[user]) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    workshop.refresh_from_db()
    assert Thread.objects.count() == 1
    assert workshop.thread.comments.count() == len(people)


# The list of questions


def test_open_questions_stand_with_their_records_oldest_first(officer_client, officer, staff):
    outcome = make_outcome()
    first, second = ask(outcome, officer), ask(make_action(outcome=outcome), officer)
    answered = ask(outcome.workshop, officer)
    add_comment(record=outcome.workshop, text="Yes", kind=Comment.Kind.ANSWER, answers=answered, by=staff)

    response = officer_client.get(LIST)

    assert list(response.context["page_obj"]) == [first, second]
    assert f'href="{outcome.get_absolute_url()}#comment-{first.pk}"' in response.content.decode()
    assert officer_client.get(LIST, {"state": "answered"}).context["rows_count"] == 1
    assert officer_client.get(LIST, {"state": "all"}).context["rows_count"] == 3


def test_questions_are_filtered(officer_client, officer, staff):
    program = make_program()
    workshop = make_workshop(program=program)
    ask(make_outcome(workshop=workshop), officer, "តើអ្នកណាបង់?")
    ask(make_workshop(), staff)
    filters = [
        {"who": "me"},
        {"place": "outcome"},
        {"program": program.slug},
        {"workshop": workshop.pk},
        {"q": "អ្នកណា"},
    ]

    for params in filters:
        assert officer_client.get(LIST, params).context["rows_count"] == 1, params


def test_questions_on_archived_records_do_not_wait(officer_client, officer, staff):
    action = make_action()
    ask(action, officer)
    action.workshop.archive(by=staff, reason="Twice")

    assert officer_client.get(LIST, {"state": "all"}).context["rows_count"] == 0


def test_htmx_gets_the_questions_as_a_fragment(staff_client):
    fragment = staff_client.get(LIST, headers={"HX-Request": "true"})
    restored = staff_client.get(LIST, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})

    assert "<html" not in fragment.content.decode()
    assert "<html" in restored.content.decode()
    assert staff_client.post(LIST).status_code == 405


@pytest.mark.parametrize("role", ROLES)
def test_queries_do_not_grow_with_questions(client_for, officer, role):
    client, outcome, workshop = client_for(role), make_outcome(), make_workshop()
    counts = []

    for _twice in range(2):
        for _number in range(40):
            for record in (outcome, workshop, make_action(outcome=outcome)):
                ask(record, officer)
        pages = []
        for address in (LIST, workshop.get_absolute_url()):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            pages.append(len(queries))
        counts.append(pages)

    assert counts[0] == counts[1]
    assert max(counts[0]) <= 15
