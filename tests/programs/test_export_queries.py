"""An export about a person asks for what its rows point to in bulk, however many rows there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from capred_portal.personal_export import sections_of
from capred_portal.subjects import SUBJECTS
from tests.factories import make_attendance, make_organisation, make_person, make_workshop

pytestmark = pytest.mark.django_db


def queries_with(attendances: int) -> int:
    person = make_person(organisation=make_organisation())
    for _number in range(attendances):
        make_attendance(person=person, workshop=make_workshop(), organisation=make_organisation())
    with CaptureQueriesContext(connection) as queries:
        sections = sections_of(SUBJECTS["person"], person.pk)
    assert any(len(section.rows) == attendances for section in sections)
    return len(queries)


def test_more_rows_ask_no_more_queries():
    queries_with(2)  # what is looked up once, such as the kinds of records

    assert queries_with(3) == queries_with(12)
