"""What is printed for the door of a workshop: one poster, and a sheet whose signers read first what they agree to."""

import datetime as dt

import pytest
from django.utils import timezone

from programs import check_in
from tests.factories import make_workshop

PAGE = b"/Type /Page\n"
LONGEST = 250


@pytest.fixture
def workshop(live_server):
    titles = {"title_km": "សិក្ខាសាលាស្តីពីការវេចខ្ចប់ " * 20, "title_en": "Packaging for small makers " * 20}
    workshop = make_workshop(
        date=timezone.localdate(), is_demo=True, **{name: title[:LONGEST].strip() for name, title in titles.items()}
    )
    check_in.open_check_in(workshop=workshop, closes_at=timezone.now() + dt.timedelta(hours=1), by=None)
    return workshop


def test_poster_is_one_page_however_long_the_titles_are(page_for, workshop):
    keeper = page_for("staff")
    keeper.goto(f"/workshops/{workshop.pk}/check-in/poster/")

    assert keeper.pdf(format="A4").count(PAGE) == 1
    keeper.emulate_media(media="print")
    assert keeper.locator(".poster .qr").bounding_box()["height"] > 250
    keeper.locator(".poster h1 > span").evaluate_all("(all) => all.forEach((each) => { each.textContent = 'Short' })")
    assert keeper.locator(".poster .qr").bounding_box()["height"] > 500


def test_sheet_tells_of_consent_above_the_names_and_has_no_empty_page(page_for, workshop):
    keeper = page_for("staff")
    keeper.goto(f"/workshops/{workshop.pk}/attendance/sheet/")

    told = keeper.locator(".sheet-notes").bounding_box()
    assert told["y"] + told["height"] <= keeper.locator(".sheet table").bounding_box()["y"]
    assert keeper.pdf(format="A4", landscape=True).count(PAGE) == 2
    keeper.emulate_media(media="print")
    widths = keeper.locator(".sheet thead th").evaluate_all("(all) => all.map((each) => each.offsetWidth)")
    assert min(widths[1], widths[2], widths[-1]) > 2 * widths[3]
