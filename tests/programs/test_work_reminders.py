"""What people hear of actions and questions: who, when, and who else as time passes."""

import datetime as dt

import pytest
from django.utils import timezone

from capred_portal import reminders
from capred_portal.comments import add_comment
from capred_portal.models import Comment
from programs.models import Action
from tests.factories import make_action, make_organisation, make_outcome, make_program, make_user, make_workshop

DAY = dt.timedelta(days=1)
TODAY = timezone.localdate


def told(kind, *people):
    """Return for each of some people what is due now of a kind: words and keys."""
    named = {user.pk: user for user in people}
    found = [due for each, due in reminders.due_for(named, timezone.now()) if each.name == kind]
    return [[(due.words(), due.keys[0]) for due in found if due.user == user.pk] for user in people]


def late(days, **fields):
    return make_action(due_on=TODAY() - days * DAY, **fields)


# Actions


@pytest.mark.parametrize(
    ("days", "hears"),
    [(0, ""), (1, "owner"), (6, "owner"), (7, "owner author"), (29, "owner author"), (30, "owner author verifier")],
)
def test_what_is_overdue_reaches_ever_more_people(db, days, hears):
    people = {"owner": make_user("staff"), "author": make_user("staff"), "verifier": make_user("verifier")}
    late(days, owner_user=people["owner"], created_by=people["author"])

    found = told("overdue", *people.values(), make_user("staff"))

    assert [name for name, lines in zip(people, found, strict=False) if lines] == hears.split()
    assert found[-1] == []


def test_each_step_of_being_late_is_told_anew_and_so_is_a_new_date(staff):
    keys = []
    action = late(1, owner_user=staff)
    for days in (1, 6, 7, 29, 30, 90):
        action.due_on = TODAY() - days * DAY
        action.save()
        keys.append(told("overdue", staff)[0][0][1].rpartition("-late-")[2])

    assert keys == ["1", "1", "7", "7", "30", "30"]
    assert f"{action.due_on:%Y%m%d}" in told("overdue", staff)[0][0][1]


def test_an_action_without_an_account_as_owner_is_told_to_who_entered_it(staff):
    author = make_user("staff", organisation=make_organisation())
    late(1, owner_organisation=author.organisation, created_by=author)

    mine, others = told("overdue", author, staff)

    assert len(mine) == 1
    assert others == []


@pytest.mark.parametrize("status", ["done", "dropped", "to-verify"])
def test_closed_actions_are_not_overdue(staff, status):
    late(40, owner_user=staff, status=status, done_en="Signed", closed_on=TODAY())

    assert told("overdue", staff) == [[]]


def test_archived_actions_are_nobodys(staff, verifier):
    late(40, owner_user=staff).archive(by=verifier, reason="Entered twice")

    assert told("overdue", staff, verifier) == [[], []]


def test_due_soon_is_today_to_a_week_from_now(staff):
    for days in (-1, 0, 7, 8):
        late(-days, owner_user=staff, text_en=f"In {days}")

    assert [words.partition(" · ")[0] for words, _key in told("due-soon", staff)[0]] == ["In 0", "In 7"]


def test_officers_hear_of_actions_they_own(officer):
    late(1, owner_user=officer, text_en="Send the report", workshop=make_workshop(title_en="Rivers"))

    ((words, _key),) = told("overdue", officer)[0]

    assert words == "Send the report · 1 day overdue · Rivers"


@pytest.mark.parametrize("kind", ["overdue", "due-soon", "to-verify"])
def test_actions_of_the_same_words_are_told_apart(staff, verifier, kind):
    days = 40 if kind == "overdue" else -2
    closed = {"done_en": "Yes", "closed_on": TODAY(), "closed_by": staff, "status": "to-verify", "priority": 3}
    more = closed if kind == "to-verify" else {}
    outcome = make_outcome(workshop=make_workshop(title_en="Rivers"))
    late(days, text_en="Agree", outcome=outcome, owner_organisation=make_organisation(name_en="Angkor Box"), **more)
    late(days, text_en="Agree", program=make_program(title_en="Lakes"), owner_user=staff, created_by=verifier, **more)

    lines = [words for words, _key in told(kind, verifier)[0]]

    ends = {words.split(" · ", 2)[2] for words in lines}
    assert ends == {"Rivers · Angkor Box", f"Lakes · {staff}"} - ({f"Lakes · {staff}"} if kind == "due-soon" else set())


@pytest.mark.parametrize("kind", ["overdue", "due-soon"])
def test_an_action_of_who_left_is_told_to_who_is_still_there(staff, verifier, kind):
    left = make_user("staff", is_active=False)
    days = 1 if kind == "overdue" else -2
    late(days, owner_user=left, created_by=staff, text_en="Sign")
    late(days, owner_user=left, created_by=left, text_en="Print")

    found = [[words.partition(" · ")[0] for words, _key in lines] for lines in told(kind, staff, verifier)]

    assert found == [["Sign"], ["Print"]]


def test_who_closed_an_action_is_not_asked_to_verify_it(db):
    closer, author, verifier = make_user("verifier"), make_user("staff"), make_user("verifier")
    closed = {"done_en": "Signed", "closed_on": TODAY(), "closed_by": closer}
    make_action(status=Action.Status.TO_VERIFY, priority=3, created_by=author, **closed)

    assert [len(lines) for lines in told("to-verify", closer, author, verifier)] == [0, 1, 1]


# Questions


def ask(record, by):
    return add_comment(record=record, text="Who pays?", by=by, kind=Comment.Kind.QUESTION)


def test_a_question_on_an_action_is_for_its_owner(officer, staff):
    author = make_user("staff")
    ask(make_action(owner_user=staff, created_by=author, text_en="Sign"), officer)

    assert [[words for words, _key in lines] for lines in told("question", staff, author)] == [["Sign · Who pays?"], []]


@pytest.mark.parametrize("make", [make_workshop, make_outcome])
def test_a_question_on_another_record_is_for_its_author(officer, staff, make):
    ask(make(created_by=staff), officer)

    assert len(told("question", staff)[0]) == 1


@pytest.mark.parametrize("author", [None, "inactive"])
def test_a_question_nobody_can_answer_is_for_the_verifiers(officer, staff, verifier, author):
    left = make_user("staff", is_active=False) if author else None
    ask(make_workshop(created_by=left), officer)

    assert [len(lines) for lines in told("question", staff, verifier)] == [0, 1]


def test_answered_questions_wait_for_nobody_and_nobody_asks_oneself(officer, staff):
    workshop = make_workshop(created_by=staff)
    question = ask(workshop, officer)
    ask(make_workshop(created_by=staff), staff)

    assert len(told("question", staff)[0]) == 1

    add_comment(record=workshop, text="The program", by=staff, kind=Comment.Kind.ANSWER, answers=question)

    assert told("question", staff) == [[]]


def test_a_program_of_its_own_needs_no_workshop(staff):
    late(2, program=make_program(), owner_user=staff)

    assert len(told("overdue", staff)[0]) == 1
