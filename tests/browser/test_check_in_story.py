"""The day of a workshop on three phones: the door opens, people sign in, a code is scanned, and the counts agree."""

import datetime as dt
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from django.utils.translation import gettext, override

from programs import check_in
from programs.models import Arrival, Attendance
from tests.factories import make_attendance, make_person, make_workshop

PHONE = 390


def said(text, language):
    with override(language):
        return gettext(text)


def press(page, text, language):
    page.get_by_role("button", name=said(text, language)).click()


def fits(page):
    """Whether nothing is wider than the phone."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.fixture
def workshop(live_server):
    titles = {"title_km": "សិក្ខាសាលាស្តីពីការវេចខ្ចប់", "title_en": "Packaging for small makers"}
    return make_workshop(date=timezone.localdate(), venue_km="សាល ក", venue_en="Hall A", **titles)


@pytest.mark.parametrize("language", ["en", "km"])
def test_a_day_at_the_door(language, page_for, workshop, console):
    other = "km" if language == "en" else "en"
    guest = make_attendance(
        workshop=workshop,
        person=make_person(name_en="Chan Bopha", name_km="ចាន់ បុប្ផា", email="bopha@example.org"),
        registered=True,
        attended=False,
    )

    # Staff open the door and send the codes.
    keeper = page_for("staff", language=language, width=PHONE)
    keeper.goto(f"/workshops/{workshop.pk}/check-in/")
    press(keeper, "Open the check-in", language)
    address = keeper.locator(".door-address a").get_attribute("href")
    press(keeper, "Send codes", language)
    keeper.locator(".message.success").wait_for()
    assert Arrival.objects.get(attendance=guest).invited_at
    assert fits(keeper)

    # Somebody scans the picture, switches the language, and signs in.
    visitor = page_for("anonymous", language=other, width=PHONE)
    visitor.goto(urlsplit(address).path)
    visitor.locator(f".language [value={language}]").click()
    visitor.locator(f"html[lang={language}]").wait_for()
    visitor.wait_for_load_state()  # the scripts have run
    visitor.locator("[name=name_km]").fill("លោក សុខ ដារ៉ា")
    visitor.locator("[name=sex][value=m]").check()
    visitor.locator("[name=organisation]").fill("Angkor Box")
    visitor.locator("[name=phone]").fill("០១២ ៣៤៥ ៦៧៨")
    visitor.locator("[name=disability][value=refused]").check()
    assert fits(visitor)
    press(visitor, "I am here", language)
    visitor.locator("#form-errors").wait_for()
    visitor.locator("[name=consent][value=yes]").check()
    assert visitor.locator("[name=organisation]").input_value() == "Angkor Box"
    console.clear()  # the browser logs that the form was refused
    press(visitor, "I am here", language)
    visitor.locator(".door-mark").wait_for()
    assert said("Welcome, you are signed in", language) in visitor.content()
    assert fits(visitor)
    row = Attendance.objects.get(person__name_km="សុខ ដារ៉ា")
    assert (row.attended, row.consent, row.person.phone) == (True, True, "+85512345678")

    # Once more is the same person.
    visitor.goto(urlsplit(address).path)
    visitor.locator("[name=name_km]").fill("សុខ ដារ៉ា")
    visitor.locator("[name=phone]").fill("012345678")
    visitor.locator("[name=consent][value=yes]").check()
    press(visitor, "I am here", language)
    visitor.locator(".door-mark").wait_for()
    assert Attendance.objects.count() == 2

    # Who registered shows a code, and a helper who is signed in scans it.
    owner = page_for("anonymous", language=language, width=PHONE)
    owner.goto(f"/check-in/mine/{check_in.personal_code(guest)}/")
    assert owner.locator("img.qr").is_visible()
    helper = page_for("verifier", language=language, width=PHONE)
    helper.goto(f"/check-in/arrive/{check_in.personal_code(guest)}/")
    press(helper, "Arrived", language)
    helper.locator(".door-mark").wait_for()
    assert fits(helper)
    owner.reload()
    assert owner.locator(".door-mark").is_visible()

    # Both are counted, on the page of the door and on the list; one is undone and ticked again.
    keeper.reload()
    assert keeper.locator("#check-in-now .figure-value").first.inner_text() == "2"
    keeper.locator("#check-in-name").fill("Chan")
    keeper.locator("#check-in-rows tbody tr").nth(1).wait_for(state="detached")
    press(keeper, "Undo", language)
    press(keeper, "Tick as arrived", language)
    keeper.locator(f"#row-{guest.pk}", has_text=said("Undo", language)).wait_for()
    arrival = Arrival.objects.get(attendance=guest)
    assert (arrival.way, arrival.noted_by.role) == (Arrival.Way.LIST, "staff")
    keeper.goto(f"/workshops/{workshop.pk}/attendance/")
    assert Attendance.objects.attended().count() == 2

    # The door closes, and the address says so.
    keeper.goto(f"/workshops/{workshop.pk}/check-in/")
    press(keeper, "Close the check-in now", language)
    keeper.locator(".message.success").wait_for()
    assert console == []
    visitor.goto(urlsplit(address).path)
    assert said("This check-in is closed", language) in visitor.content()
    console.clear()  # the browser logs that the page is not found


def test_without_scripts_all_of_it_works(page_for, workshop):
    keeper = page_for("staff", width=PHONE, java_script_enabled=False)
    row = make_attendance(workshop=workshop, registered=True, attended=False)
    keeper.goto(f"/workshops/{workshop.pk}/check-in/?q=sok")
    press(keeper, "Open the check-in", "en")
    address = keeper.locator(".door-address a").get_attribute("href")
    keeper.goto(f"/workshops/{workshop.pk}/check-in/?q=sok")
    press(keeper, "Tick as arrived", "en")
    keeper.locator(f"#row-{row.pk}", has_text="Undo").wait_for()

    visitor = page_for("anonymous", width=PHONE, java_script_enabled=False)
    visitor.goto(urlsplit(address).path)
    visitor.locator("[name=name_en]").fill("Keo Vuthy")
    visitor.locator("[name=consent][value=no]").check()
    press(visitor, "I am here", "en")
    visitor.locator(".door-mark").wait_for()

    assert Attendance.objects.attended().count() == 2
    assert Arrival.objects.filter(arrived_at__lte=timezone.now() + dt.timedelta(seconds=1)).count() == 2


def test_what_is_typed_at_the_door_outlives_the_language_and_a_broken_line(page_for, workshop, console):
    door = check_in.open_check_in(workshop=workshop, closes_at=timezone.now() + dt.timedelta(hours=1), by=None)
    visitor = page_for("anonymous", language="en", width=PHONE)
    visitor.goto(f"/check-in/{door.code}/")
    visitor.locator("[name=name_km]").fill("កែវ វុទ្ធី")
    visitor.locator("[name=sex][value=m]").check()
    token = visitor.locator("[name=token]").input_value()

    visitor.locator(".language [value=km]").click()
    visitor.locator("html[lang=km]").wait_for()
    visitor.wait_for_load_state()  # the scripts have run
    assert visitor.locator("[name=name_km]").input_value() == "កែវ វុទ្ធី"
    assert visitor.locator("[name=sex][value=m]").is_checked()
    assert visitor.locator("[name=token]").input_value() == token

    visitor.locator("[name=consent][value=yes]").check()
    visitor.route("**/check-in/**", lambda route: route.abort())
    press(visitor, "I am here", "km")
    visitor.locator("#line-broken").wait_for()
    assert visitor.locator("#line-broken").evaluate("(note) => note.getBoundingClientRect().top >= 0")
    visitor.unroute_all()
    console.clear()  # that the line was broken
    press(visitor, "I am here", "km")
    visitor.locator(".door-mark").wait_for()

    assert Attendance.objects.attended().count() == 1
    assert not visitor.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('door:')).length")
    visitor.goto(f"/check-in/{door.code}/")
    assert visitor.locator("[name=name_km]").input_value() == ""


def test_what_is_typed_while_the_answer_is_on_its_way_stays(page_for, workshop, console):
    door = check_in.open_check_in(workshop=workshop, closes_at=timezone.now() + dt.timedelta(hours=1), by=None)
    visitor = page_for("anonymous", width=PHONE)
    visitor.goto(f"/check-in/{door.code}/")
    visitor.locator("[name=name_en]").fill("Keo Vuthy")
    waiting = []
    visitor.route("**/check-in/**", lambda route: waiting.append(route))  # noqa: PLW0108 - it marks a function
    press(visitor, "I am here", "en")
    visitor.locator("[name=organisation]").fill("Angkor Box")
    visitor.locator("[name=consent][value=yes]").check()
    waiting[0].continue_()
    visitor.locator("#form-errors").wait_for()

    assert visitor.locator("[name=consent][value=yes]").is_checked()
    assert visitor.locator("[name=organisation]").input_value() == "Angkor Box"
    visitor.unroute_all()
    console.clear()  # the browser logs that the form was refused
    press(visitor, "I am here", "en")
    visitor.locator(".door-mark").wait_for()
    assert Attendance.objects.get().consent


def test_a_tick_that_did_not_arrive_says_so_where_the_keeper_looks(page_for, workshop, console):
    row = [make_attendance(workshop=workshop, registered=True, attended=False) for _number in range(20)][-1]
    check_in.open_check_in(workshop=workshop, closes_at=timezone.now() + dt.timedelta(hours=1), by=None)
    keeper = page_for("staff", width=PHONE)
    keeper.goto(f"/workshops/{workshop.pk}/check-in/")
    first = keeper.locator("#check-in-rows tbody tr").first
    assert first.evaluate("(row) => row.getBoundingClientRect().top") < 1000
    keeper.route("**/arrived/**", lambda route: route.abort())

    keeper.locator(f"#row-{row.pk}").click()

    note = keeper.locator("#line-broken")
    note.wait_for()
    assert keeper.evaluate("window.scrollY") > 500
    assert 0 <= note.evaluate("(note) => note.getBoundingClientRect().top") < 900
    console.clear()  # that the line was broken


def test_the_poster_is_one_sheet_that_is_read_from_afar(page_for, workshop):
    check_in.open_check_in(workshop=workshop, closes_at=timezone.now() + dt.timedelta(hours=1), by=None)
    keeper = page_for("staff")
    keeper.goto(f"/workshops/{workshop.pk}/check-in/poster/")
    keeper.emulate_media(media="print")

    sizes = keeper.locator(".poster-call, .poster-address").evaluate_all(
        "(all) => all.map((each) => parseFloat(getComputedStyle(each).fontSize))"
    )
    assert min(sizes) >= 24
    assert max(sizes) >= 34
    assert keeper.pdf(format="A4").count(b"/Type /Page\n") == 1
