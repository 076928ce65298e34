"""What is easily lost where there is little room: answers in a grid, filters on a phone, the head of each page."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from programs.check_in import open_check_in
from tests.factories import make_user, make_workshop

CUT = """(choices) => choices.filter((each) => {
  const copy = document.createElement("span");
  copy.textContent = each.selectedOptions[0].textContent;
  copy.style.font = getComputedStyle(each).font;
  each.after(copy);
  const width = copy.offsetWidth;
  copy.remove();
  const { paddingLeft, paddingRight } = getComputedStyle(each);
  return width + parseFloat(paddingLeft) + parseFloat(paddingRight) + 20 > each.clientWidth;
}).map((each) => each.name)"""


@pytest.mark.parametrize("language", ["en", "km"])
def test_answers_in_the_attendance_grid_are_read_in_full(language, page_for, live_server):
    page = page_for("staff", language=language, width=1280)
    page.goto(reverse("workshops:attendance", args=[make_workshop().pk]))

    assert page.locator(".grid-entry select").evaluate_all(CUT) == []
    assert page.locator(".grid-entry").evaluate("(grid) => grid.offsetWidth <= grid.parentElement.clientWidth")


def test_filters_behind_the_line_open_without_script_and_are_counted_on_a_phone(page_for, live_server):
    page = page_for("staff", width=390, java_script_enabled=False)
    page.goto(reverse("links:list"))
    page.locator("#filters-button").click()
    page.locator("#filters-more").click()
    page.locator("#filters [name=verified]").select_option("yes")
    page.locator("#filters").get_by_role("button", name="Filter").click()

    assert "1 set" in page.locator("#filters-button").inner_text()
    page.locator("#filters-button").click()
    assert page.locator("#filters [name=verified]").is_visible()


def test_filter_that_is_changed_is_counted_at_once(page_for, live_server):
    page = page_for("staff", width=1280)
    page.goto(reverse("links:list"))
    page.locator("#filters-more").click()
    page.locator("#filters [name=verified]").select_option("yes")
    page.locator("#filters-more", has_text="1 set").wait_for()
    page.locator("#filters-more").click()

    assert not page.locator("#filters [name=verified]").is_visible()
    assert "1 set" in page.locator("#filters-more").inner_text()


@pytest.mark.parametrize("language", ["en", "km"])
def test_menu_language_and_account_stand_in_one_row_on_a_small_phone(language, page_for, live_server):
    user = make_user("officer", language=language, full_name_en="Alexandra Hill", full_name_km="សុខ ពិសី")
    page = page_for(user=user, language=language, width=360)
    page.goto(reverse("account"))

    menu, tools = (page.locator(part).bounding_box() for part in (".menu-button", ".header-tools"))
    assert abs(menu["y"] + menu["height"] / 2 - tools["y"] - tools["height"] / 2) < 10


def test_button_at_the_door_is_as_large_as_a_thumb(page_for, live_server):
    door = open_check_in(workshop=make_workshop(), closes_at=timezone.now() + dt.timedelta(hours=1), by=None)
    page = page_for("anonymous", width=360)
    page.goto(reverse("check_in:door", args=[door.code]))

    assert page.locator(".door-button").bounding_box()["height"] >= 56
