"""The main job, typed and clicked by two people: log a workshop, see it counted, follow it, ask, answer."""

import re
from dataclasses import dataclass

import pytest
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext, ngettext, override

from capred_portal.facts import WRITERS
from capred_portal.figures import REGISTRY
from programs.facts import write_workshop
from programs.models import Action, Attendance, Goal, Outcome, Person, Workshop
from tests.factories import PASSWORD, make_user


@dataclass(frozen=True)
class Story:
    """What is typed in one language."""

    language: str
    title: str
    other_title: str
    day: str
    host: str
    heads: str
    summary: str
    outcomes: tuple[str, str, str]
    stage_day: str
    action: str
    people: tuple[str, str]
    pasted: str
    document: str
    question: str
    answer: str

    @property
    def other(self):
        return "km" if self.language == "en" else "en"


ENGLISH = Story(
    language="en",
    title="Backward linkages and SME clusters",
    other_title="ខ្សែតភ្ជាប់ថយក្រោយ និងចង្កោមសហគ្រាស",
    day="14 August 2024",
    host="Federation of Small Makers",
    heads="៤២",
    summary="Makers and buyers met for one day.",
    outcomes=(
        "Makers depend on imported inputs.",
        "A guideline on buying from small makers.",
        "Buyers will visit three workshops.",
    ),
    stage_day="2024-10-01",
    action="Draft the guideline",
    people=("Sok Dara", "Chan Bopha"),
    pasted="Name (Latin)\tSex\nKeo Vuthy\tm\nLy Srey Mom\tf",
    document="Program of the day",
    question="Who drafts the guideline, and by when?",
    answer="Our department, by the end of next year.",
)
KHMER = Story(
    language="km",
    title="ខ្សែតភ្ជាប់ថយក្រោយ និងចង្កោមសហគ្រាស",
    other_title="Backward linkages and SME clusters",
    day="១៤ សីហា ២០២៤",
    host="សហព័ន្ធអ្នកផលិតតូច",
    heads="៤២",
    summary="អ្នកផលិត និងអ្នកទិញបានជួបគ្នាមួយថ្ងៃ។",
    outcomes=(
        "អ្នកផលិតពឹងផ្អែកលើធាតុចូលនាំចូល។",
        "គោលការណ៍ណែនាំស្តីពីការទិញពីអ្នកផលិតតូច។",
        "អ្នកទិញនឹងទស្សនារោងជាងបី។",
    ),
    stage_day="១/១០/២០២៤",
    action="ព្រាងគោលការណ៍ណែនាំ",
    people=("សុខ ដារ៉ា", "ចាន់ បុប្ផា"),
    pasted="ឈ្មោះខ្មែរ\tភេទ\nកែវ វុទ្ធី\tប្រុស\nលី ស្រីមុំ\tស្រី",
    document="កម្មវិធីនៃថ្ងៃ",
    question="តើអ្នកណាព្រាងគោលការណ៍ណែនាំ ហើយនៅពេលណា?",
    answer="នាយកដ្ឋានយើង មុនចុងឆ្នាំក្រោយ។",
)


@pytest.mark.parametrize("story", [ENGLISH, KHMER], ids=["en", "km"])
def test_a_workshop_is_logged_counted_followed_asked_about_and_answered(story, page_for, console):
    write_everything_but_the_workshop()
    keeper = make_user("staff", language=story.language, full_name_en="Pisey Sok", full_name_km="សុខ ពិសី")
    reader = make_user("officer", language=story.language, full_name_en="Alex Morgan")

    with override(story.language):
        staff = sign_in(page_for, keeper, story, width=1280)
        workshop = log_workshop(staff, story, console)
        complete_workshop(staff, story)
        add_outcomes(staff, story, workshop)
        add_stage_and_action(staff, story)
        add_people(staff, story, workshop)
        add_link(staff, story, workshop)

        officer = sign_in(page_for, reader, story, width=390)
        see_it_counted(officer)
        follow_the_chain(officer, story)
        ask_why_and_see_the_rows(officer, story)
        ask(officer, story)

        answer(staff, story, reader)
        officer.reload()
        officer.get_by_text(story.answer).wait_for()


# What both do


def write_everything_but_the_workshop():
    """Write strategies, provinces and CAPRED; the workshop is what the story is about."""
    autodiscover_modules("facts")
    for _order, writer in sorted(WRITERS, key=lambda pair: pair[0]):
        if writer is not write_workshop:
            writer()


def sign_in(page_for, user, story, *, width):
    page = page_for("anonymous", language=story.language, width=width)
    page.goto("/")
    fill(page, username=user.username, password=PASSWORD)
    press(page, "Sign in")
    page.get_by_role("heading", name=gettext("What came of it?")).wait_for()
    assert page.locator("html").get_attribute("lang") == story.language
    return page


def fill(page, **values):
    """Type texts, choose from lists, tick the boxes of a list of values."""
    for name, value in values.items():
        field = page.locator(f"[name='{name}']")
        if isinstance(value, list):
            for choice in value:
                page.locator(f"[name='{name}'][value='{choice}']").check()
        elif field.evaluate("(field) => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.press_sequentially(value)


def press(page, text):
    page.get_by_role("button", name=gettext(text), exact=True).filter(visible=True).first.click()


def click(page, text, within="main"):
    page.locator(within).get_by_role("link", name=text, exact=True).first.click()


def texts(story, name, value):
    """Return a field in the language of the story with its value."""
    return {f"{name}_{story.language}": value}


def pks_of(*codes):
    goals = Goal.objects.filter(framework__code="pentagonal-1", code__in=codes)
    assert len(goals) == len(codes)
    return [goal.pk for goal in goals]


# Staff


def log_workshop(page, story, console):
    """Answer the four questions; the host is new, so the form asks once more."""
    click(page, gettext("Log a workshop"))
    page.locator("[name=program]").select_option(index=1)
    fill(page, title=story.title, date=story.day, host=story.host)
    press(page, "Save")
    page.locator("[name=create_organisation]").check()
    console[:] = [line for line in console if "422" not in line]  # Chromium's own note that the form was refused
    press(page, "Save")
    page.get_by_role("heading", name=story.title).wait_for()

    workshop = Workshop.objects.get()
    assert str(workshop.date) == "2024-08-14"
    assert workshop.program.slug == "capred"
    assert page.locator("#hosts").get_by_text(story.host).is_visible()
    return workshop


def complete_workshop(page, story):
    click(page, gettext("Edit"))
    fill(
        page,
        **{f"title_{story.other}": story.other_title, f"summary_{story.language}": story.summary},
        head_count=story.heads,
        topics=["supply-chains", "sme-integration"],
        goals=pks_of("2.1", "3.2"),
    )
    press(page, "Save")
    page.get_by_text(story.summary).wait_for()

    workshop = Workshop.objects.get()
    assert workshop.head_count == 42
    assert {workshop.title_en, workshop.title_km} == {story.title, story.other_title}
    assert page.get_by_text(gettext("Saved.")).is_visible()
    assert page.locator("#people").get_by_text("42").is_visible()


def add_outcomes(page, story, workshop):
    """Row by row: after each "save and add another" the form is empty again."""
    click(page, gettext("Add an outcome"))
    for kind, text in zip(("finding", "policy"), story.outcomes, strict=False):
        fill(page, kind=kind, theme="supply-chains", goals=pks_of("2.1"), **texts(story, "text", text))
        press(page, "Save and add another")
        page.get_by_text(gettext("Saved.")).wait_for()
        assert page.locator(f"[name=text_{story.language}]").input_value() == ""
    fill(page, kind="commitment", goals=pks_of("2.1"), **texts(story, "text", story.outcomes[2]))
    press(page, "Save")

    page.wait_for_url(re.compile(rf"/workshops/{workshop.pk}/#outcomes"))
    for text in story.outcomes:
        assert page.locator("#outcomes").get_by_text(text, exact=True).first.is_visible()
    kinds = Outcome.objects.order_by("pk").values_list("kind", f"text_{story.language}")
    assert list(kinds) == list(zip(("finding", "policy", "commitment"), story.outcomes, strict=True))


def add_stage_and_action(page, story):
    page.locator("#outcomes article", has_text=story.outcomes[1]).get_by_role("link").click()
    click(page, gettext("Record a stage"))
    fill(page, stage="drafted", reached_on=story.stage_day)
    press(page, "Save")
    page.locator("#life").get_by_text(gettext("Drafted"), exact=True).wait_for()
    click(page, gettext("Add an action"))
    owner = "Pisey Sok" if story.language == "en" else "សុខ ពិសី"
    fill(page, owner=owner, due_on="2027-12-31", priority="3", **texts(story, "text", story.action))
    press(page, "Save")
    page.locator("#actions").get_by_role("link", name=story.action).wait_for()

    action, outcome = Action.objects.get(), Outcome.objects.get(kind="policy")
    assert (action.outcome, action.owner_user.role, str(action.due_on)) == (outcome, "staff", "2027-12-31")
    assert outcome.stage == "drafted"


def add_people(page, story, workshop):
    """Two in the grid, two pasted from a spreadsheet."""
    click(page, story.title)
    click(page, gettext("Attendance"))
    for place, name in enumerate(story.people):
        fill(page, **{f"row-{place}-name_{story.language}": name, f"row-{place}-sex": "mf"[place]})
    press(page, "Save these rows")
    page.get_by_role(
        "heading", name=ngettext("%(total)s person on the list", "%(total)s people on the list", 2) % {"total": 2}
    ).wait_for()
    click(page, gettext("Paste or load a list"))
    page.locator("[name=cells]").fill(story.pasted)
    press(page, "Check the list")
    page.get_by_role("button", name=ngettext("Load %(total)s row", "Load %(total)s rows", 2) % {"total": 2}).click()
    page.get_by_text(gettext("Undo this load")).wait_for()

    names = Person.objects.filter(attendances__workshop=workshop).values_list(f"name_{story.language}", flat=True)
    assert {*story.people} < {*names}
    assert Attendance.objects.filter(workshop=workshop, attended=True).count() == 4


def add_link(page, story, workshop):
    page.goto(workshop.get_absolute_url())
    click(page, gettext("Add a document or link"))
    fill(page, link="https://example.org/program.pdf", **texts(story, "title", story.document))
    press(page, "Save")

    page.locator("#documents").get_by_role("link", name=story.document).wait_for()


# Officer, on a phone


def see_it_counted(page):
    """One workshop, three outcomes, four people, one open action."""
    for code, value in (("workshops-held", 1), ("outcomes-recorded", 3), ("unique-people", 4), ("actions-open", 1)):
        tile = page.locator(".figure", has_text=str(REGISTRY[code].title)).first
        assert tile.locator(".figure-value").inner_text().split()[0] == str(value), code


def follow_the_chain(page, story):
    """Goal, workshop, outcome, action, and back to the goal by links alone."""
    page.locator("main a[href$='/strategy/pentagonal-1/2.1/']").first.click()
    page.locator("main").get_by_role("link", name=story.title).first.click()
    page.get_by_role("heading", name=story.title).wait_for()
    page.locator("#outcomes article", has_text=story.outcomes[1]).get_by_role("link").click()
    page.get_by_role("heading", name=story.outcomes[1]).wait_for()
    page.locator("#actions").get_by_role("link", name=story.action).click()
    page.get_by_role("heading", name=story.action).wait_for()
    click(page, story.outcomes[1], within="main nav")
    click(page, story.title, within="main nav")
    page.get_by_role("heading", name=story.title).wait_for()
    page.locator("main a[href$='/strategy/pentagonal-1/2.1/']").first.click()
    page.wait_for_url(re.compile(r"/strategy/pentagonal-1/2\.1/$"))
    assert page.locator("main").get_by_role("link", name=story.title).first.is_visible()


def ask_why_and_see_the_rows(page, story):
    """Open the panel of the first figure, then the rows behind it: as many as the figure says."""
    page.locator("a.brand").click()
    tile = page.locator(".figure", has_text=str(REGISTRY["workshops-held"].title)).first
    tile.get_by_role("link", name=gettext("Why this number?")).click()
    panel = page.locator("section#why")
    panel.get_by_text(str(REGISTRY["workshops-held"].rule)).wait_for()
    panel.get_by_role("link", name=gettext("Show the rows")).click()
    page.wait_for_url(re.compile(r"/workshops/\?"))
    assert page.locator("#rows").get_by_role("link", name=story.title).count() == 1
    page.locator("#rows").get_by_role("link", name=story.title).click()


def ask(page, story):
    fill(page, text=story.question)
    page.locator("[name=is_question]").check()
    press(page, "Send")

    question = page.locator(".comment.question", has_text=story.question)
    question.get_by_text(gettext("open question")).wait_for()


# Staff again


def answer(page, story, reader):
    """Find the open question from the menu and answer it where it was asked."""
    page.locator("a.brand").click()
    click(page, gettext("Questions"), within="#site-nav")
    question = page.locator(".comment.question", has_text=story.question)
    question.get_by_text(str(reader)).wait_for()
    question.get_by_role("link").last.click()
    page.get_by_text(gettext("Answer this question")).click()
    page.locator(".comment.answer [name=text]").press_sequentially(story.answer)
    press(page, "Send the answer")

    page.locator(".comment.answer", has_text=story.answer).wait_for()
    page.get_by_text(gettext("answered"), exact=True).wait_for()
