"""A slow line: what somebody types or ticks while an answer is on its way is neither lost nor shown wrongly."""

import datetime as dt

import pytest
from django.utils import timezone

from indicators.models import Observation
from programs import check_in
from programs.models import Attendance, Outcome
from tests.factories import (
    make_attendance,
    make_organisation,
    make_outcome,
    make_person,
    make_program,
    make_user,
    make_workshop,
)
from tests.indicator_factories import make_indicator, make_program_indicator

TITLE = "Packaging for small makers"
LATE = "Typed while it was on its way"


class Line:
    """Holds back what a page asks for under an address, until it is let through."""

    def __init__(self, page, pattern, method="POST"):
        self.page, self.method, self.held = page, method, []
        page.route(pattern, self.hold)

    def hold(self, route):
        if route.request.method == self.method:
            self.held.append(route)
        else:
            route.continue_()

    def wait_for(self, number):
        """Wait until so many requests are held."""
        for _look in range(500):
            if len(self.held) >= number:
                return
            self.page.wait_for_timeout(20)
        raise AssertionError(f"{len(self.held)} requests instead of {number}")

    def let_through(self, place=0):
        self.held[place].continue_()

    def clear(self):
        """Hold nothing from now on."""
        self.page.unroute_all()


def send_and_go_on(page, line, button, field, text):
    """Send the form, and type into a field of it before the answer comes.

    With the keyboard alone: anything else would wait for the page to which the form leads.
    """
    page.locator(f"[name={field}]").focus()
    page.get_by_role("button", name=button, exact=True).evaluate("(button) => button.form.requestSubmit(button)")
    line.wait_for(1)
    page.keyboard.type(text)
    line.let_through()


# Forms that lead to another page


def test_what_is_typed_late_stands_in_the_form_that_was_refused(page_for, console):
    page = page_for()
    page.goto("/workshops/new/")
    page.locator("[name=title]").fill(TITLE)
    line = Line(page, "**/workshops/new/")

    send_and_go_on(page, line, "Save", "host", LATE)
    page.locator("#form-errors").wait_for()
    page.wait_for_load_state()  # the scripts have run
    console.clear()  # Chromium's own note that the form was refused

    assert page.locator("[name=title]").input_value() == TITLE
    assert page.locator("[name=host]").input_value() == LATE


def test_what_is_typed_late_into_a_form_that_was_saved_is_offered_there(page_for):
    outcome = make_outcome(text_en="Before")
    page = page_for()
    page.goto(f"/outcomes/{outcome.pk}/edit/")
    page.locator("[name=text_en]").fill("After")
    line = Line(page, f"**/outcomes/{outcome.pk}/edit/")

    send_and_go_on(page, line, "Save", "text_km", "ក្រោយ")
    page.get_by_role("heading", name="After").wait_for()
    page.wait_for_load_state()  # the scripts have run
    Outcome.objects.update(text_en="Somebody else's")
    page.goto(f"/outcomes/{outcome.pk}/edit/")

    page.locator("#record-form time").wait_for()
    assert page.locator("[name=text_km]").input_value() == "ក្រោយ"
    assert page.locator("[name=text_en]").input_value() == "Somebody else's"


def test_what_is_typed_late_before_another_starts_empty_but_for_that(page_for):
    workshop = make_workshop()
    page = page_for()
    page.goto(f"/workshops/{workshop.pk}/outcomes/new/")
    page.locator("[name=kind]").select_option("finding")
    page.locator("[name=text_en]").fill("The first one")
    line = Line(page, "**/outcomes/new/")

    send_and_go_on(page, line, "Save and add another", "text_km", "ក្រោយ")
    page.get_by_text("Saved.").wait_for()

    page.locator("#record-form time").wait_for()
    assert page.locator("[name=text_en]").input_value() == ""
    assert page.locator("[name=text_km]").input_value() == "ក្រោយ"


def test_a_draft_does_not_write_over_what_is_typed_before_it_comes(page_for):
    page = page_for()
    page.goto("/workshops/new/")
    page.locator("[name=title]").fill("A draft")
    page.locator("[name=host]").fill("MISTI")
    page.goto("/workshops/")
    line = Line(page, "**/js/portal.*", "GET")

    page.goto("/workshops/new/", wait_until="commit")
    page.locator("[name=title]").fill(TITLE)
    line.let_through()
    page.locator("#record-form time").wait_for()

    assert page.locator("[name=title]").input_value() == TITLE
    assert page.locator("[name=host]").input_value() == "MISTI"
    line.clear()
    page.reload()
    assert page.locator("[name=title]").input_value() == TITLE, "it is in the draft now"


def test_names_that_come_late_do_not_replace_those_that_fit(page_for):
    for name in ("MISTI", "Mekong Board"):
        make_organisation(name_en=name)
    page = page_for()
    page.goto("/workshops/new/")
    line = Line(page, "**?q=*", "GET")
    host = page.locator("[name=host]")

    host.fill("MISTI")
    line.wait_for(1)
    host.fill("Mekong")
    line.wait_for(2)
    line.let_through(1)
    page.locator("datalist option[value='Mekong Board']").wait_for(state="attached")
    with page.expect_response("**?q=MISTI") as answer:
        line.let_through(0)
    answer.value.finished()

    assert page.evaluate("new Promise((done) => setTimeout(done))") is None
    assert page.locator("datalist option").evaluate_all("(all) => all.map((each) => each.value)") == ["Mekong Board"]


# The grid of people


@pytest.fixture
def grid(page_for):
    """The grid of a workshop with one row typed, whose answer is held back."""
    page = page_for()
    page.goto(f"/workshops/{make_workshop().pk}/attendance/")
    page.locator("[name=row-0-name_en]").fill("Sok Dara")
    return page


def test_a_row_typed_while_others_are_saved_stands_in_the_fresh_grid(grid):
    line = Line(grid, "**/attendance/")

    grid.locator("[name=row-0-name_en]").press("Enter")
    line.wait_for(1)
    grid.locator("[name=row-1-name_en]").fill("Chan Bop")
    grid.locator("[name=row-1-sex]").select_option("f")
    grid.locator("[name=row-1-name_en]").press("End")
    line.let_through()
    grid.get_by_role("heading", name="1 person on the list").wait_for()
    grid.keyboard.type("ha")

    assert grid.locator("[name=row-0-name_en]").input_value() == "Chan Bopha"
    assert grid.locator("[name=row-0-sex]").input_value() == "f"
    assert grid.locator("[name=row-1-name_en]").input_value() == ""
    line.clear()
    grid.locator("[name=row-0-name_en]").press("Enter")
    grid.get_by_role("heading", name="2 people on the list").wait_for()
    assert set(Attendance.objects.values_list("person__name_en", flat=True)) == {"Sok Dara", "Chan Bopha"}
    grid.reload()
    assert grid.locator("[name=row-0-name_en]").input_value() == ""


def test_a_refused_row_keeps_what_is_typed_into_it_meanwhile(grid):
    grid.locator("[name=row-1-name_en]").fill("Chan Bopha")
    grid.locator("[name=row-1-phone]").fill("12")
    line = Line(grid, "**/attendance/")

    grid.get_by_role("button", name="Save these rows").click()
    line.wait_for(1)
    grid.locator("[name=row-1-phone]").fill("012345678")
    line.let_through()
    grid.locator(".form-errors").wait_for()

    assert grid.locator("[name=row-0-name_en]").input_value() == "Chan Bopha"
    assert grid.locator("[name=row-0-phone]").input_value() == "012345678"
    assert grid.locator("[name=row-1-name_en]").input_value() == ""
    line.clear()
    grid.reload()
    assert grid.locator("[name=row-0-phone]").input_value() == "012345678", "it is kept as a draft"


# The list at the door


@pytest.fixture
def door(page_for):
    """The list of those who keep the door, with two people on it."""
    workshop = make_workshop(date=timezone.localdate())
    people = [make_person(name_en=name) for name in ("Chan Bopha", "Sok Dara")]
    rows = [make_attendance(workshop=workshop, person=each, registered=True, attended=False) for each in people]
    check_in.open_check_in(workshop=workshop, closes_at=timezone.now() + dt.timedelta(hours=1), by=None)
    page = page_for(width=390)
    page.goto(f"/workshops/{workshop.pk}/check-in/")
    return page, rows


def shows_arrived(page, row):
    page.locator(f"#row-{row.pk}", has_text="Undo").wait_for()


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["in turn", "the second first"])
def test_two_people_ticked_at_once_are_both_shown_as_arrived(door, order):
    page, rows = door
    line = Line(page, "**/arrived/*")

    for number, row in enumerate(rows, 1):
        page.locator(f"#row-{row.pk}").click()
        line.wait_for(number)
    for place in order:
        line.let_through(place)
        shows_arrived(page, rows[place])

    for row in rows:
        shows_arrived(page, row)
    assert Attendance.objects.attended().count() == 2


def test_a_tick_is_shown_in_the_list_that_a_search_brought_meanwhile(door):
    page, (bopha, dara) = door
    line = Line(page, "**/arrived/*")

    page.locator(f"#row-{dara.pk}").click()
    line.wait_for(1)
    page.locator("#check-in-name").fill("Dara")
    page.locator(f"#row-{bopha.pk}").wait_for(state="detached")
    line.let_through()

    shows_arrived(page, dara)
    assert page.locator("#check-in-rows tbody tr").count() == 1
    assert page.locator("#check-in-list").inner_text() == "1 person on the list"


# The grid of values


@pytest.fixture
def values(page_for):
    """The grid in which somebody of the ministry enters values of two indicators of a program."""
    program = make_program()
    for title in ("Firms trained", "Jobs created"):
        make_program_indicator(program=program, indicator=make_indicator(title_en=title))
    page = page_for(user=make_user("staff"))
    page.goto("/indicators/entry/")
    return page


def test_a_number_typed_while_the_one_before_is_saved_is_saved_too(values):
    line = Line(values, "**/entry/")
    cell = values.locator("input.cell").first

    cell.fill("12")
    cell.press("Enter")
    line.wait_for(1)
    cell.fill("34")
    line.let_through()
    values.locator("tbody.unsaved").wait_for()
    assert cell.input_value() == "34"
    line.clear()
    values.locator("input.cell").last.focus()
    values.locator("tbody.unsaved").wait_for(state="detached")

    assert Observation.objects.get().value == 34


def test_a_file_and_a_tick_outlast_the_saving_of_their_row(values):
    cell = values.locator("input.cell").first
    cell.fill("12")
    cell.press("Enter")
    values.locator("td.state .tag.good").wait_for()
    values.locator("[name=observation]").check()
    values.locator("tbody.entry-row details summary").first.click()
    line = Line(values, "**/entry/")

    cell.fill("34")
    cell.press("Enter")
    line.wait_for(1)
    values.locator("input[type=file]").first.set_input_files(
        {"name": "evidence.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 %%EOF"}
    )
    line.let_through()
    values.locator("tbody.unsaved").wait_for()

    assert values.locator("input[type=file]").first.evaluate("(field) => field.files[0].name") == "evidence.pdf"
    assert values.locator("[name=observation]").is_checked()


@pytest.mark.parametrize("why", ["broken", "refused"])
def test_nothing_is_handed_in_behind_a_row_that_was_not_saved(values, console, why):
    """It had been asked for before the row failed; it is not done later, when the row is saved by itself."""
    first, second = values.locator("input.cell").all()
    second.fill("5")
    second.press("Enter")
    values.locator("td.state .tag.good").wait_for()
    first.fill("12" if why == "broken" else "twelve")
    if why == "broken":
        values.route("**/entry/", lambda route: route.abort())
    values.get_by_role("button", name="Submit all drafts").click()
    values.locator("#line-broken" if why == "broken" else "td.state .tag.bad").wait_for()
    values.unroute_all()
    console.clear()  # that the line was broken

    values.locator("input.cell").first.fill("13")
    values.locator("input.cell").first.press("Enter")
    values.locator("td.state .tag.good").first.wait_for()
    values.locator("tbody.unsaved").wait_for(state="detached")

    assert {each.status for each in Observation.objects.all()} == {"draft"}
    assert values.get_by_text("waits for a signature").count() == 0
