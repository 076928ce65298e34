"""The history of a link: stages in order, what the link follows, and the second person who verifies it."""

import datetime
from decimal import Decimal

import pytest
from django.forms import FileField
from django.urls import reverse

from enterprises.services import settle_stage
from tests.register_factories import make_link

pytestmark = pytest.mark.django_db


def page(name, link, *args):
    return reverse(f"links:{name}", args=[link.pk, *args])


def posted(client, path):
    """Return what a browser would post back from a form that nobody touched."""
    form = client.get(path).context["form"]
    values = {name: form[name].value() for name, field in form.fields.items() if not isinstance(field, FileField)}
    return {name: value for name, value in values.items() if value is not None and value is not False}


# History


def test_link_follows_its_latest_stage(staff_client):
    link = make_link(stage="trial", value_usd=100)
    new = page("stage_new", link)

    staff_client.post(new, posted(staff_client, new) | {"stage": "contract", "reached_on": "2025-01-02"})
    link.refresh_from_db()
    followed = (link.stage, link.stage_since, link.value_usd)
    contract = link.stages.get(stage="contract")
    edit = page("stage_edit", link, contract.pk)
    staff_client.post(edit, posted(staff_client, edit) | {"value_usd": "250"})
    link.refresh_from_db()
    corrected = link.value_usd
    staff_client.post(page("stage_archive", link, contract.pk), {"version": 2, "reason": "Not signed"})
    link.refresh_from_db()

    assert followed == ("contract", datetime.date(2025, 1, 2), Decimal(100))
    assert corrected == 250
    assert (link.stage, link.value_usd) == ("trial", Decimal(100))


def test_stage_of_an_earlier_day_leaves_the_latest(staff_client):
    link = make_link(stage="contract", value_usd=100)
    new = page("stage_new", link)

    response = staff_client.post(new, posted(staff_client, new) | {"stage": "sample", "reached_on": "2024-01-02"})

    link.refresh_from_db()
    assert response.status_code == 302
    assert (link.stage, link.value_usd, link.stages.count()) == ("contract", Decimal(100), 2)


@pytest.mark.parametrize(
    ("stage", "day", "is_right"),
    [
        ("contract", "2024-09-01", True),
        ("trial", "2024-09-01", True),
        ("trial", "2024-08-14", False),
        ("introduced", "2024-08-13", True),
        ("introduced", "2024-09-01", False),
        ("repeat", "2024-08-01", False),
        ("ended", "2024-08-01", True),
        ("ended", "2024-09-01", True),
        ("contract", "2099-01-01", False),
    ],
)
def test_stages_go_forward(staff_client, stage, day, is_right):
    link = make_link(stage="trial")
    new = page("stage_new", link)

    response = staff_client.post(new, posted(staff_client, new) | {"stage": stage, "reached_on": day})

    assert response.status_code == (302 if is_right else 422)


def test_ended_link_may_begin_again_but_not_end_again(staff_client):
    link = make_link(stage="ended")
    new = page("stage_new", link)

    answers = [
        staff_client.post(new, posted(staff_client, new) | {"stage": stage, "reached_on": "2024-09-01"}).status_code
        for stage in ("ended", "introduced")
    ]

    assert answers == [422, 302]


def test_double_click_makes_one_stage(staff_client):
    link = make_link(stage="trial")
    new = page("stage_new", link)
    values = posted(staff_client, new) | {"stage": "contract", "reached_on": "2025-01-02"}

    answers = [staff_client.post(new, values).status_code for _click in range(2)]

    assert answers == [302, 302]
    assert link.stages.count() == 2


# The second person


def test_second_person_verifies_and_any_change_takes_it_back(client_for, staff, verifier):
    link = make_link(stage="trial", created_by=staff, updated_by=staff)
    first, second = client_for("staff"), client_for("verifier")

    refused = first.post(page("verify", link), {"version": 1})
    link.refresh_from_db()
    before = link.verified_by
    second.post(page("verify", link), {"version": 1})
    link.refresh_from_db()
    verified = link.verified_by
    new = page("stage_new", link)
    first.post(new, posted(first, new) | {"stage": "contract", "reached_on": "2025-01-02"})
    link.refresh_from_db()

    assert refused.status_code == 302
    assert before is None
    assert verified == verifier
    assert (link.verified_by, link.verified_at, link.updated_by) == (None, None, staff)


@pytest.mark.parametrize("change", ["edit", "stage", "evidence"])
def test_whoever_changed_it_last_cannot_verify_it(client_for, staff, verifier, change):
    link = make_link(stage="trial", created_by=staff, updated_by=staff)
    client = client_for("verifier")
    if change == "edit":
        client.post(page("edit", link), posted(client, page("edit", link)) | {"product_en": "Milled rice"})
    elif change == "stage":
        path = page("stage_edit", link, link.stages.get().pk)
        client.post(path, posted(client, path) | {"value_usd": "5"})
    else:
        client.post(page("evidence_new", link), {"title_en": "Contract", "link": "https://example.org/contract"})
    link.refresh_from_db()

    client.post(page("verify", link), {"version": link.version})

    link.refresh_from_db()
    assert link.version == 2
    assert link.updated_by == verifier
    assert link.verified_by is None
    assert "Verify: it is so" not in client.get(page("detail", link)).content.decode()


def test_version_on_the_screen_is_the_one_that_is_verified(client_for, staff):
    link = make_link(created_by=staff, updated_by=staff)
    settle_stage(link, by=staff)
    client = client_for("verifier")

    client.post(page("verify", link), {"version": 1})
    nonsense = client.post(page("verify", link), {"version": "x"})

    link.refresh_from_db()
    assert link.verified_by is None
    assert nonsense.status_code == 400
