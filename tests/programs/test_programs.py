"""The list of programs, a program's page, and the forms that write it and its parts."""

import datetime
import re
from typing import Any

import pytest
from django.db import connection
from django.forms import FileField
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from capred_portal.models import Document, Organisation
from programs.models import (
    Component,
    Program,
    ProgramBudget,
    ProgramPartner,
    Risk,
    Support,
    Workshop,
)
from tests.factories import (
    make_action,
    make_goal,
    make_organisation,
    make_outcome,
    make_program,
    make_user,
    make_workshop,
)

pytestmark = pytest.mark.django_db

LIST = reverse("programs:list")
NEW = reverse("programs:new")
DAY = datetime.date(2025, 3, 1)
LISTS = [LIST, *(reverse(f"programs:{name}") for name in ("support_list", "supported_list", "budget_list"))]


def page(name, program, *args):
    return reverse(f"programs:{name}", args=[program.slug, *args])


def posted(client, path):
    """Return what a browser would post back from a form that nobody touched."""
    form = client.get(path).context["form"]
    values = {name: form[name].value() for name, field in form.fields.items() if not isinstance(field, FileField)}
    return {name: value for name, value in values.items() if value is not None and value is not False}


def make_support(**fields):
    program = fields.pop("program", None) or make_program()
    organisation = fields.pop("organisation", None) or make_organisation()
    defaults = {"kind": "training", "starts_on": DAY}
    return Support.objects.create(program=program, organisation=organisation, **(defaults | fields))


def fill(program, rows):
    """Give a program so many of everything that hangs on it."""
    for number in range(rows):
        workshop = make_workshop(program=program)
        outcome = make_outcome(workshop=workshop)
        make_action(outcome=outcome, owner_user=make_user())
        make_support(program=program)
        Component.objects.create(program=program, title_en=f"Component {number}")
        ProgramPartner.objects.create(program=program, organisation=make_organisation(), role="partner")
        Risk.objects.create(program=program, text_en="Rain", likelihood=2, effect=2, owner=make_user())
        program.documents.add(Document.objects.create(title_en="Slides", link="https://example.org/"))
        program.goals.add(make_goal(f"9.{program.pk}{number}"))


# Lists


def test_list_shows_programs_in_use(officer_client, admin):
    make_program(title_en="In use")
    make_program(title_en="Away").archive(by=admin, reason="Entered twice")

    response = officer_client.get(LIST)

    assert [program.title_en for program in response.context["page_obj"]] == ["In use"]
    assert response.context["rows_count"] == 1


def test_list_counts_workshops_held(staff_client):
    program = make_program()
    make_workshop(program=program)
    make_workshop(program=program, date=datetime.date(2099, 1, 1))

    assert staff_client.get(LIST).context["workshop_counts"] == {program.pk: 1}


@pytest.mark.parametrize(
    ("query", "found"),
    [("q=CLUSTERS", 1), ("q=ចង្កោម", 1), ("q=nothing", 0), ("status=closed", 0), ("status=planned", 1)],
)
def test_list_filters(staff_client, query, found):
    make_program(title_en="SME clusters", title_km="ចង្កោមសហគ្រាស")

    assert staff_client.get(f"{LIST}?{query}").context["rows_count"] == found


@pytest.mark.parametrize("path", LISTS)
def test_lists_want_a_reader_a_read_and_know_htmx(client_for, path):
    staff, anonymous = client_for("staff"), client_for("anonymous")

    fragment = staff.get(path, headers={"HX-Request": "true"})
    restored = staff.get(path, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})

    assert anonymous.get(path)["Location"].startswith("/accounts/login/")
    assert staff.post(path).status_code == 405
    assert "<html" not in fragment.content.decode()
    assert "HX-Request" in fragment.headers["Vary"]
    assert "<html" in restored.content.decode()


def three_pages(first):
    """Write 90 programs, each with a workshop, a partner, support and a budget."""
    numbers = range(first, first + 90)
    programs = Program.objects.bulk_create(Program(slug=f"p-{n}", title_en=f"Program {n}") for n in numbers)
    firms = Organisation.objects.bulk_create(Organisation(name_en=f"Firm {n}") for n in numbers)
    models: list[tuple[Any, dict[str, Any]]] = [
        (Support, {"kind": "training", "starts_on": DAY}),
        (ProgramPartner, {"role": "lead"}),
    ]
    for model, fields in models:
        pairs = zip(programs, firms, strict=True)
        model.objects.bulk_create(model(program=program, organisation=firm, **fields) for program, firm in pairs)
    ProgramBudget.objects.bulk_create(ProgramBudget(program=program, currency="AUD", budget=1) for program in programs)
    Workshop.objects.bulk_create(Workshop(program=program, title_en="Workshop", date=DAY) for program in programs)


@pytest.mark.parametrize("role", ["staff", "officer"])
def test_list_queries_do_not_grow_with_rows(client_for, role):
    client = client_for(role)

    def queries(path):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).context["page_obj"].paginator.num_pages >= 3
        return len(captured)

    three_pages(0)
    few = [queries(path) for path in LISTS]
    three_pages(100)

    assert [queries(path) for path in LISTS] == few
    assert max(few) <= 15


# A program's page


@pytest.mark.parametrize("role", ["staff", "verifier", "officer", "admin"])
def test_page_shows_everything_in_bounded_queries(client_for, role):
    client, program = client_for(role), make_program(starts_on=DAY)
    ProgramBudget.objects.create(program=program, currency="AUD", budget=200, spent=50)
    paths = [page("detail", program), page("figures", program)]

    def queries(path):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    fill(program, 10)
    few = [queries(path) for path in paths]
    fill(program, 10)

    assert [queries(path) for path in paths] == few
    assert max(few) <= 15


def test_page_never_adds_currencies_and_says_the_share_spent(officer_client):
    program = make_program()
    ProgramBudget.objects.create(program=program, currency="AUD", budget=200, spent=50)
    ProgramBudget.objects.create(program=program, currency="USD", budget=100)

    text = officer_client.get(page("detail", program)).content.decode()

    assert "200 AUD" in text
    assert "100 USD" in text
    assert "25 % of the budget is spent" in text
    assert not re.search(r"\b300\b", text)


def test_page_marks_goals_that_are_not_confirmed(officer_client):
    program = make_program()
    program.goals.add(make_goal())

    assert "to be confirmed by MISTI" in officer_client.get(page("detail", program)).content.decode()


def test_risk_matrix_says_where_each_risk_stands(officer_client):
    program = make_program()
    worst = Risk.objects.create(program=program, text_en="Flood", likelihood=3, effect=3)
    Risk.objects.create(program=program, text_en="Delay", likelihood=1, effect=2)

    response = officer_client.get(page("detail", program))

    matrix = {
        (int(likelihood), effect): [risk for _number, risk in cell["risks"]]
        for likelihood, cells in response.context["risk_matrix"]
        for effect, cell in enumerate(cells, 1)
    }
    assert matrix[3, 3] == [worst]
    assert sum(len(risks) for risks in matrix.values()) == 2
    assert worst.severity == Risk.Level.HIGH
    assert f"#risk-{worst.pk}" in response.content.decode()


def test_what_one_organisation_received_is_not_for_officers(client_for):
    given = make_support(value=12345, currency="USD")
    paths = [page("detail", given.program), reverse("programs:support_list")]

    for path in paths:
        assert "12,345" in client_for("staff").get(path).content.decode()
        assert "12,345" not in client_for("officer").get(path).content.decode()


def test_officer_sees_no_button_that_would_be_refused(officer_client):
    text = officer_client.get(page("detail", make_program())).content.decode()

    assert "/edit/" not in text
    assert "/new/" not in text


def test_archived_page_says_so_and_offers_no_form(staff_client, admin):
    program = make_program()
    program.archive(by=admin, reason="Entered twice")

    response = staff_client.get(page("detail", program))

    assert "Entered twice" in response.content.decode()
    assert "/edit/" not in response.content.decode()
    assert staff_client.get(page("edit", program)).status_code == 404


def test_unknown_program_is_not_found(staff_client):
    assert staff_client.get("/programs/nothing/").status_code == 404
    assert staff_client.get("/programs/nothing/figures/").status_code == 404


def test_figures_are_a_page_and_a_fragment(officer_client):
    path = page("figures", make_program())

    assert "<html" in officer_client.get(path).content.decode()
    assert "<html" not in officer_client.get(path, headers={"HX-Request": "true"}).content.decode()


# Writing


@pytest.mark.parametrize("role", ["officer", "admin"])
def test_others_cannot_write(client_for, role):
    program, client = make_program(), client_for(role)
    paths = [NEW, page("edit", program), page("archive", program), page("part_new", program, "risks")]

    for path in paths:
        assert client.get(path).status_code == 403
        assert client.post(path, {"title": "Mine"}).status_code == 403


def test_new_program_needs_a_title_alone(staff_client, staff):
    response = staff_client.post(
        NEW, posted(staff_client, NEW) | {"title": "Cluster fund", "lead": "", "starts_on": ""}
    )

    program = Program.objects.get()
    assert response["Location"] == "/programs/cluster-fund/"
    assert (program.title_en, program.created_by, program.partners.count()) == ("Cluster fund", staff, 0)


def test_new_program_creates_its_lead_in_place(staff_client):
    values = posted(staff_client, NEW) | {"title": "Cluster fund", "lead": "New Institute", "starts_on": "១/៣/២០២៥"}

    asked = staff_client.post(NEW, values)
    staff_client.post(NEW, values | {"create_organisation": "on"})

    assert asked.status_code == 422
    assert "Create this organisation" in asked.content.decode()
    partner = ProgramPartner.objects.get()
    assert (partner.organisation.name_en, partner.role) == ("New Institute", "lead")
    assert partner.program.starts_on == DAY


def test_addresses_are_unique_in_any_script_and_never_another_page(staff_client):
    titles = ["Cluster fund", "Cluster fund", "កម្មវិធី", "កម្មវិធី ២", "Support", "New"]

    for title in titles:
        staff_client.post(NEW, posted(staff_client, NEW) | {"title": title})

    slugs = list(Program.objects.order_by("pk").values_list("slug", flat=True))
    assert slugs == ["cluster-fund", "cluster-fund-2", "program-1", "program-2", "support-2", "new-2"]
    assert Program.objects.get(slug="program-1").title_km == "កម្មវិធី"


def test_double_click_makes_one_program(staff_client):
    values = posted(staff_client, NEW) | {"title": "Cluster fund"}

    staff_client.post(NEW, values)
    response = staff_client.post(NEW, values)

    assert Program.objects.count() == 1
    assert response["Location"] == "/programs/cluster-fund/"


def test_edit_saves_the_next_version_and_keeps_the_address(staff_client):
    program, goal = make_program(slug="fund"), make_goal()
    path = page("edit", program)

    response = staff_client.post(path, posted(staff_client, path) | {"title_en": "Renamed", "goals": [goal.pk]})

    program.refresh_from_db()
    assert response["Location"] == "/programs/fund/"
    assert (program.title_en, program.version, list(program.goals.all())) == ("Renamed", 2, [goal])


def test_end_before_start_is_said_beside_the_field(staff_client):
    path = page("edit", make_program())

    response = staff_client.post(
        path, posted(staff_client, path) | {"starts_on": "2025-03-02", "ends_on": "2025-03-01"}
    )

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["ends_on"]


def test_stale_edit_shows_both_sides(staff_client, verifier):
    program = make_program(title_en="First")
    path = page("edit", program)
    values = posted(staff_client, path) | {"title_en": "Mine"}
    program.title_en = "Theirs"
    program.save_version(by=verifier, expected=1)

    response = staff_client.post(path, values)

    assert response.status_code == 409
    assert "Mine" in response.content.decode()
    assert "Theirs" in response.content.decode()


def test_archive_asks_why_and_leaves_the_list(staff_client):
    program = make_program()
    path = page("archive", program)

    refused = staff_client.post(path, {"version": 1, "reason": ""})
    staff_client.post(path, {"version": 1, "reason": "Entered twice"})

    assert refused.status_code == 422
    assert staff_client.get(LIST).context["rows_count"] == 0
