"""Lists of very many rows: people counted by their latest workshop, and questions found in their order."""

import datetime
import random

import pytest
from django.db import connection

from capred_portal.models import Comment, Thread
from programs.filters.questions import QuestionFilter, standing_questions
from programs.models import Attendance, Workshop
from tests.factories import analyze, make_attendance, make_person, make_workshop

pytestmark = pytest.mark.django_db

DAY, MANY = datetime.date(2024, 8, 14), 500


@pytest.mark.parametrize("seed", range(4))
def test_latest_of_each_person_is_of_the_last_day_and_then_the_last_row(seed):
    draw = random.Random(seed)
    days = [datetime.date(1999, 12, 31), datetime.date(2024, 8, 14), datetime.date(2024, 8, 15)]
    workshops = [make_workshop(date=draw.choice(days)) for _each in range(6)]
    people = [make_person() for _each in range(5)]
    for workshop in draw.sample(workshops, 6):
        for person in draw.sample(people, 3):
            make_attendance(workshop=workshop, person=person, attended=draw.random() < 0.8)
    Workshop.objects.filter(pk=workshops[0].pk).update(archived_at="2024-01-01T00:00Z", archive_reason="Twice")
    scope = Attendance.objects.listed().filter(workshop__in=workshops[:5])

    latest = {}
    for row in sorted(scope.filter(attended=True), key=lambda row: (row.workshop.date, row.pk)):
        latest[row.person_id] = row.pk
    found = scope.latest_each()

    assert sorted(found.values_list("pk", flat=True)) == sorted(latest.values())
    assert found.count() == len(latest)


@pytest.mark.skipif("config.getoption('pg')", reason="PostgreSQL decides by how many rows there are")
@pytest.mark.parametrize("state", ["open", "answered", "all"])
def test_questions_are_found_in_order_without_sorting_them(state):
    threads = Thread.objects.bulk_create([Thread() for _each in range(MANY)])
    Workshop.objects.bulk_create(Workshop(title_en="W", date=DAY, thread=thread) for thread in threads)
    Comment.objects.bulk_create(Comment(thread=thread, kind="question", text="Why?") for thread in threads)
    analyze()
    rows = QuestionFilter({"state": state}, standing_questions()).qs

    sql, params = rows[:40].query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        plan = " ".join(str(row[-1]) for row in cursor.fetchall())

    assert "comment_by_kind" in plan
    assert "ORDER BY" not in plan
