"""Support goes to one enterprise or one group; who was supported and reached counts once."""

import datetime

import pytest
from django.urls import reverse

from capred_portal.figures import REGISTRY, TOTAL, Scope
from enterprises.models import SizeDefinition
from programs.models import Support
from tests.factories import make_attendance, make_organisation, make_program, make_workshop
from tests.register_factories import make_enterprise, make_enterprise_year

pytestmark = pytest.mark.django_db

DAY = datetime.date(2025, 3, 1)
SMES = reverse("programs:sme_list")


def make_support(**fields):
    return Support.objects.create(**{"program": make_program(), "kind": "training", "starts_on": DAY} | fields)


def posted(client, path):
    form = client.get(path).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, False)}


def figures(code, role="staff", **params):
    return REGISTRY[code].figures(Scope(role, params))


@pytest.fixture
def definition(db):
    """Up to 100 employees a firm is small."""
    shared = {"edition": "2021", "valid_from": datetime.date(2021, 1, 1), "branch": "all", "source": "Test"}
    for size_class, most in (("micro", 10), ("small", 50), ("medium", 100)):
        SizeDefinition.objects.create(size_class=size_class, employees_max=most, **shared)


def make_firm(employees, **fields):
    firm = make_enterprise(**fields)
    make_enterprise_year(enterprise=firm, employees=employees)
    return firm


# Who receives


def test_support_of_an_enterprise_is_entered_by_its_name(staff_client):
    program, firm = make_program(), make_enterprise(name_en="Small Mill")
    new = reverse("programs:part_new", args=[program.slug, "support"])

    staff_client.post(new, posted(staff_client, new) | {"enterprise": "small mill", "kind": "grant", "starts_on": DAY})

    given = program.support.get()
    assert (given.enterprise, given.organisation, given.receiver) == (firm, None, firm)


@pytest.mark.parametrize("receivers", [{}, {"enterprise": "Small Mill", "organisation": "Rice Federation"}])
def test_one_of_the_two_receives(staff_client, receivers):
    make_enterprise(name_en="Small Mill")
    make_organisation(name_en="Rice Federation")
    new = reverse("programs:part_new", args=[make_program().slug, "support"])

    response = staff_client.post(new, posted(staff_client, new) | {"kind": "grant", "starts_on": DAY} | receivers)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["enterprise"]


def test_receivers_count_once_and_apart(staff_client):
    firm = make_enterprise(organisation=make_organisation(name_en="The same mill"))
    make_support(enterprise=firm)
    make_support(organisation=firm.organisation)
    make_support(organisation=make_organisation(name_en="Rice Federation"))

    found = figures("organisations-supported", by="receiver")
    page = staff_client.get(reverse("programs:supported_list"))

    assert {key: one.value for key, one in found.items()} == {TOTAL: 2, "enterprise": 1, "organisation": 1}
    assert page.context["rows_count"] == 2
    assert "Rice Federation" in page.content.decode()
    for one in found.values():
        assert staff_client.get(one.rows_url).context["rows_count"] == one.value
    assert figures("support-given")[TOTAL].value == 3
    assert staff_client.get(reverse("programs:support_list"), {"receiver": "organisation"}).context["rows_count"] == 1
    assert staff_client.get(reverse("programs:support_list"), {"q": "federation"}).context["rows_count"] == 1


# What an enterprise received


def test_enterprise_shows_support_and_workshops_without_money_for_officers(client_for):
    firm = make_enterprise(organisation=make_organisation())
    make_support(enterprise=firm, value=12345, currency="USD")
    make_attendance(workshop=make_workshop(title_en="Clinic"), organisation=firm.organisation)
    url = reverse("programs:enterprise_support", args=[firm.pk])

    officer = client_for("officer").get(url).content.decode()
    fragment = client_for("staff").get(url, headers={"HX-Request": "true"}).content.decode()

    assert "Clinic" in officer
    assert "Training" in officer
    assert "12,345" not in officer
    assert "12,345" in fragment
    assert "<html" not in fragment
    assert client_for("staff").post(url).status_code == 405
    assert client_for("staff").get(reverse("programs:enterprise_support", args=[10**9])).status_code == 404


# SMEs


def test_smes_are_reached_by_support_or_a_workshop(definition, staff_client):
    program = make_program()
    came = make_firm(20, organisation=make_organisation())
    make_attendance(workshop=make_workshop(program=program), organisation=came.organisation)
    make_attendance(workshop=make_workshop(), organisation=came.organisation)
    both = make_firm(5, organisation=make_organisation())
    make_attendance(workshop=make_workshop(), organisation=both.organisation)
    make_support(enterprise=both, program=program)
    make_support(enterprise=both)
    make_support(enterprise=make_firm(500))
    make_support(enterprise=make_enterprise())
    make_support(organisation=make_organisation())
    absent = make_firm(5, organisation=make_organisation())
    make_attendance(organisation=absent.organisation, attended=False)

    reached = figures("smes-reached", by="way")

    assert {key: one.value for key, one in reached.items()} == {TOTAL: 2, "support": 1, "workshop": 2, "both": 1}
    assert figures("smes-supported")[TOTAL].value == 1
    assert figures("smes-reached", program=program.slug, by="way")["workshop"].value == 1
    assert figures("smes-reached", year="2025")[TOTAL].value == 1
    for one in reached.values():
        assert staff_client.get(one.rows_url).context["rows_count"] == one.value


def test_list_of_smes_and_its_edges(definition, client_for):
    make_support(enterprise=make_firm(5, name_en="Small Mill"))
    staff = client_for("staff")

    text = client_for("officer").get(SMES).content.decode()

    assert "Small Mill" in text
    assert "By support" in text
    assert "<html" not in staff.get(SMES, headers={"HX-Request": "true"}).content.decode()
    assert staff.post(SMES).status_code == 405
    assert client_for("anonymous").get(SMES).status_code == 302
    assert staff.get(f"{reverse('figure', args=['smes-reached'])}?year=abc").status_code == 404
