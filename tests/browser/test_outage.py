"""A save that the database refuses for a while: what was typed stays, and is sent again from the page that says so."""

import pytest
from django.db import connection

from programs.models import Workshop
from tests.factories import make_organisation, make_user
from tests.machines import large_load

TITLE = "Typed with care"


@pytest.fixture
def refused(page_for, transactional_db, console, monkeypatch):
    """The page that somebody sees who saves a new workshop while SQLite is locked for longer than anybody waits."""
    if connection.vendor != "sqlite":
        pytest.skip("skipped: because a lock of SQLite stands for every outage here")
    make_organisation(name_en="MISTI")
    page = page_for(user=make_user("staff"))
    page.goto("/workshops/new/")
    page.locator("[name=title]").press_sequentially(TITLE)
    page.locator("[name=date]").press_sequentially("2024-08-14")
    page.locator("[name=host]").press_sequentially("MISTI")
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.1)
    with large_load():
        page.get_by_role("button", name="Save", exact=True).click()
        page.get_by_role("heading", name="The portal is busy").wait_for()
        page.wait_for_load_state()  # the scripts have run
    console.clear()
    assert not Workshop.objects.exists()
    return page


def test_it_is_sent_again_from_there(refused):
    refused.get_by_role("button", name="Send it again").click()

    refused.locator("h1", has_text=TITLE).wait_for()
    refused.wait_for_load_state()  # the scripts have run
    assert Workshop.objects.get().title_en == TITLE
    assert refused.evaluate("localStorage.length") == 0


def test_it_waits_in_its_form_for_who_looks_elsewhere_first(refused):
    refused.goto("/workshops/")
    refused.goto("/workshops/new/")

    assert refused.locator("[name=title]").input_value() == TITLE
