"""The forms of a program's components, budgets, partners, sectors, support, risks and documents."""

import datetime

import pytest
from django.forms import FileField
from django.urls import reverse

from capred_portal.models import Organisation
from programs.models import Support
from tests.factories import make_organisation, make_program

pytestmark = pytest.mark.django_db

DAY = datetime.date(2025, 3, 1)
PARTS = {
    "components": {"title_en": "Quality", "title_km": "", "description_en": "", "description_km": ""},
    "budgets": {"currency": "AUD", "budget": "៨៧,០០០", "spent": "", "as_of": "", "source": "Agreement"},
    "partners": {"organisation": "Metal Works", "role": "lead"},
    "sectors": {"vocabulary": "1", "code": "32110", "share_pct": "60"},
    "support": {"organisation": "Metal Works", "kind": "grant", "starts_on": "2025-03-01", "value": "", "currency": ""},
    "risks": {"text_en": "Flood", "likelihood": "3", "effect": "2", "owner": ""},
    "documents": {"title_en": "Plan", "link": "https://example.org/plan"},
}


def page(name, program, *args):
    return reverse(f"programs:{name}", args=[program.slug, *args])


def posted(client, path):
    """Return what a browser would post back from a form that nobody touched."""
    form = client.get(path).context["form"]
    values = {name: form[name].value() for name, field in form.fields.items() if not isinstance(field, FileField)}
    return {name: value for name, value in values.items() if value is not None and value is not False}


@pytest.mark.parametrize("part", PARTS)
def test_part_is_added_changed_and_archived(staff_client, staff, part):
    program = make_program()
    make_organisation(name_en="Metal Works")
    new = page("part_new", program, part)

    added = staff_client.post(new, posted(staff_client, new) | PARTS[part])
    row = getattr(program, part).get()
    edit = page("part_edit", program, part, row.pk)
    changed = staff_client.post(edit, posted(staff_client, edit))
    archived = staff_client.post(page("part_archive", program, part, row.pk), {"version": 2, "reason": "Wrong"})

    assert [response.status_code for response in (added, changed, archived)] == [302, 302, 302]
    assert added["Location"] == f"{program.get_absolute_url()}#{part}"
    row.refresh_from_db()
    assert (row.created_by, row.version, row.archive_reason) == (staff, 3, "Wrong")
    assert staff_client.get(program.get_absolute_url()).status_code == 200


def test_part_of_another_program_or_kind_is_not_found(staff_client):
    other = make_program()
    given = Support.objects.create(
        program=make_program(), organisation=make_organisation(), kind="grant", starts_on=DAY
    )

    assert staff_client.get(page("part_edit", other, "support", given.pk)).status_code == 404
    assert staff_client.get(page("part_new", other, "nothing")).status_code == 404


@pytest.mark.parametrize(
    ("value", "currency", "field"), [("10", "", "currency"), ("", "USD", "value"), ("-1", "USD", "value")]
)
def test_value_and_currency_come_together(staff_client, value, currency, field):
    make_organisation(name_en="Metal Works")
    new = page("part_new", make_program(), "support")
    values = posted(staff_client, new) | PARTS["support"] | {"value": value, "currency": currency}

    response = staff_client.post(new, values)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]


@pytest.mark.parametrize("part", ["partners", "support"])
def test_organisation_is_created_in_place(staff_client, part):
    program = make_program()
    new = page("part_new", program, part)
    values = posted(staff_client, new) | PARTS[part] | {"organisation": "សហគ្រាសថ្មី"}

    asked = staff_client.post(new, values)
    staff_client.post(new, values | {"create_organisation": "on"})

    assert asked.status_code == 422
    assert getattr(program, part).get().organisation == Organisation.objects.get(name_km="សហគ្រាសថ្មី")


def test_same_currency_or_role_twice_is_said_beside_the_field(staff_client):
    program = make_program()
    make_organisation(name_en="Metal Works")
    budgets, partners = (page("part_new", program, part) for part in ("budgets", "partners"))
    for path, part in ((budgets, "budgets"), (partners, "partners")):
        staff_client.post(path, posted(staff_client, path) | PARTS[part])

    again = [
        staff_client.post(path, posted(staff_client, path) | PARTS[part]).context["form"].errors
        for path, part in ((budgets, "budgets"), (partners, "partners"))
    ]

    assert [list(errors) for errors in again] == [["currency"], ["role"]]


def test_save_and_add_another_comes_straight_back(staff_client):
    new = page("part_new", make_program(), "risks")

    response = staff_client.post(new, posted(staff_client, new) | PARTS["risks"] | {"another": "1"})

    assert response["Location"] == new


@pytest.mark.parametrize(
    ("vocabulary", "code", "said"), [("1", "321", "5 digits"), ("2", "32110", "3 digits"), ("1", "32110", "already")]
)
def test_sector_has_the_digits_of_its_list_and_is_there_once(staff_client, vocabulary, code, said):
    program = make_program()
    new = page("part_new", program, "sectors")
    staff_client.post(new, posted(staff_client, new) | PARTS["sectors"])
    values = posted(staff_client, new) | {"vocabulary": vocabulary, "code": code, "share_pct": "10"}

    response = staff_client.post(new, values)

    assert response.status_code == 422
    assert said in str(response.context["form"].errors["code"])
