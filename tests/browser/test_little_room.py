"""What is easily lost where there is little room: answers in a grid, filters on a phone."""

import pytest
from django.urls import reverse

from tests.factories import make_workshop

CUT = """(choices) => choices.filter((each) => {
  const copy = document.createElement("span");
  copy.textContent = each.selectedOptions[0].textContent;
  copy.style.font = getComputedStyle(each).font;
  each.after(copy);
  const width = copy.offsetWidth;
  copy.remove();
  return width + 20 > each.clientWidth;
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
