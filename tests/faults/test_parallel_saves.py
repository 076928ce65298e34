"""Two people at once: no change is lost without a word, no record is made twice."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.urls import reverse

from capred_portal.models import Comment, Organisation, Thread
from programs.models import Workshop
from tests.factories import make_workshop
from tests.page import form_values

pytestmark = pytest.mark.django_db(transaction=True)

SAVES = 200
DOUBLE_CLICKS = 50


@pytest.fixture
def two_people(client_for):
    return client_for("staff"), client_for("verifier")


def together(*jobs):
    """Run the jobs at the same moment, each in a thread with its own connection; return what they return."""
    start = Barrier(len(jobs))

    def run(job):
        try:
            start.wait(timeout=30)
            return job()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result() for future in [pool.submit(run, job) for job in jobs]]


def test_two_people_save_one_record_again_and_again(two_people):
    """Each changes a field of their own in every round; who comes second gets both sides and saves them together."""
    workshop = make_workshop(title_en="Both at once")
    url, fields = reverse("workshops:edit", args=[workshop.pk]), ("summary_en", "venue_en")
    conflicts = 0

    def save(person, data):
        return lambda: person.post(url, data)

    for number in range(SAVES):
        opened = form_values(two_people[0].get(url).content.decode(), "title_en")
        texts = [f"{field} {number}" for field in fields]
        typed = [opened | {field: [text]} for field, text in zip(fields, texts, strict=True)]

        answers = together(*(save(person, data) for person, data in zip(two_people, typed, strict=True)))

        assert sorted(answer.status_code for answer in answers) in ([302, 302], [302, 409])
        for person, answer in zip(two_people, answers, strict=True):
            if answer.status_code == 409:
                conflicts += 1
                assert person.post(url, form_values(answer.content.decode(), "title_en")).status_code == 302
        workshop.refresh_from_db()
        assert [workshop.summary_en, workshop.venue_en] == texts

    assert conflicts == SAVES, "two saves of one version: the second is always asked"
    assert workshop.version == 1 + 2 * SAVES
    versions = workshop.history.order_by("history_id").values_list("version", flat=True)
    assert list(versions) == list(range(1, 2 + 2 * SAVES))
    assert Workshop.objects.count() == 1


def test_two_people_change_the_same_field(two_people):
    """The second is asked; what the first saved stays until the second has chosen."""
    workshop = make_workshop(title_en="Before")
    url = reverse("workshops:edit", args=[workshop.pk])
    opened = form_values(two_people[0].get(url).content.decode(), "title_en")

    answers = together(
        lambda: two_people[0].post(url, opened | {"title_en": ["One"]}),
        lambda: two_people[1].post(url, opened | {"title_en": ["Two"]}),
    )

    winner = next(index for index, answer in enumerate(answers) if answer.status_code == 302)
    assert answers[1 - winner].status_code == 409
    workshop.refresh_from_db()
    assert workshop.title_en == ["One", "Two"][winner]
    assert workshop.version == 2


def test_one_form_sent_twice_at_once_makes_one_record(two_people):
    """With its host created in place, so that two tables are at stake."""
    url, staff = reverse("workshops:new"), two_people[0]
    addresses = []

    for number in range(DOUBLE_CLICKS):
        data = {
            "title": f"Workshop {number}",
            "date": "2024-08-14",
            "host": f"New host {number}",
            "create_organisation": "on",
            "creation_token": str(uuid.uuid4()),
        }
        answers = together(*[lambda data=data: staff.post(url, data)] * 2)
        assert [answer.status_code for answer in answers] == [302, 302]
        addresses.append({answer.url for answer in answers})

    assert {len(pair) for pair in addresses} == {1}
    assert Workshop.objects.count() == Organisation.objects.count() == DOUBLE_CLICKS
    assert {workshop.hosts.count() for workshop in Workshop.objects.all()} == {1}


def test_two_first_comments_share_one_thread(two_people):
    workshops = [make_workshop() for _number in range(20)]

    for workshop in workshops:
        url = reverse("workshops:comment", args=[workshop.pk])
        answers = together(*(comment(person, url) for person in two_people))
        assert [answer.status_code for answer in answers] == [302, 302]

    assert Thread.objects.count() == len(workshops)
    assert Comment.objects.count() == 2 * len(workshops)
    for workshop in workshops:
        workshop.refresh_from_db()
        assert workshop.thread.comments.count() == 2


def comment(person, url):
    return lambda: person.post(url, {"text": "First!", "creation_token": str(uuid.uuid4())})
