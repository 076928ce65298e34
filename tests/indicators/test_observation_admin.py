"""Observations in the admin: to look at only; values move through the review."""

import pytest

from tests.admin_rows import address
from tests.indicator_factories import make_observation

pytestmark = pytest.mark.django_db


def test_observation_can_be_read_but_not_written_in_the_admin(client_for):
    observation = make_observation(12)
    admin = client_for("admin")

    page = admin.get(address(type(observation), "change", observation.pk))
    written = admin.post(address(type(observation), "change", observation.pk), {"value": "13"})
    archived = admin.post(address(type(observation), "archive", observation.pk), {"reason": "No", "version": 1})

    assert page.status_code == 200
    assert (written.status_code, archived.status_code) == (403, 403)
    observation.refresh_from_db()
    assert observation.value == 12
    assert observation.archived_at is None
