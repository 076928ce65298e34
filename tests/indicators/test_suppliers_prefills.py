"""What a page has begun is there in the forms of a workshop, an action and a link, and is saved with them."""

import pytest
from django.urls import reverse

from enterprises.models import SupplyLink
from programs.models import Action, Workshop
from tests.factories import make_organisation, make_program, make_workshop
from tests.page import form_values
from tests.register_factories import make_enterprise

WORKSHOP, ACTION, LINK = (reverse(f"{noun}:new") for noun in ("workshops", "actions", "links"))


def test_a_workshop_begins_with_a_title_and_the_firms_to_invite(client_for):
    firms = [make_enterprise(name_en=f"Maker {letter}") for letter in "AB"]
    host = make_organisation(name_en="Host")
    gone = make_enterprise(name_en="Left out")
    client = client_for("staff")
    asked = {"title": "Suppliers of HS 4819", "summary": "Input: HS 4819", "firm": [firm.pk for firm in firms]}

    values = form_values(client.get(WORKSHOP, asked).content.decode(), "title")
    client.post(WORKSHOP, values | {"date": "2026-03-01", "host": str(host)})

    workshop = Workshop.objects.get()
    assert workshop.title_en == "Suppliers of HS 4819"
    assert workshop.summary_en.split() == "Input: HS 4819 Firms to invite: – Maker A – Maker B".split()
    assert str(gone) not in workshop.summary_en


def test_a_workshop_in_khmer_keeps_its_summary_in_khmer(client_for):
    host = make_organisation(name_en="Host")
    typed = {"title": "កេសក្រដាស", "summary": "ធាតុចូលនាំចូល", "date": "2026-03-01", "host": str(host)}

    client_for("staff").post(WORKSHOP, typed)

    workshop = Workshop.objects.get()
    assert (workshop.summary_km, workshop.summary_en) == ("ធាតុចូលនាំចូល", "")


@pytest.mark.parametrize("query", ["", "?firm=0&firm=x&firm=99999999999999999999"])
def test_a_workshop_that_nothing_begins_asks_its_four_questions(client_for, query):
    form = client_for("staff").get(WORKSHOP + query).context["form"]

    assert [field.name for field in form.visible_fields()] == ["title", "date", "host", "program"]


def test_an_action_keeps_its_text_while_one_chooses_what_it_hangs_on(client_for):
    workshop, program = make_workshop(), make_program()
    client = client_for("staff")

    choose = client.get(ACTION, {"text": "Help <Maker>"}).content.decode()
    begun = client.get(ACTION, {"text": "Help <Maker>", "workshop": workshop.pk}).context["form"]
    khmer = client.get(ACTION, {"text": "ជួយ", "program": program.slug}).context["form"]

    assert f"?text=Help+%3CMaker%3E&amp;workshop={workshop.pk}" in choose
    assert form_values(choose, "text")["text"] == ["Help <Maker>"]
    assert begun.initial["text_en"] == "Help <Maker>"
    assert khmer.initial["text_km"] == "ជួយ"


def test_an_action_that_is_begun_is_saved(client_for, staff):
    workshop = make_workshop()
    client = client_for("staff")
    asked = {"text": "Help Maker", "workshop": workshop.pk}

    values = form_values(client.get(ACTION, asked).content.decode(), "text_en")
    typed = values | {"owner": make_organisation(name_en="Office").name_en, "due_on": "2026-06-01"}
    client.post(f"{ACTION}?workshop={workshop.pk}", typed)

    assert Action.objects.get().text_en == "Help Maker"


def test_a_link_begins_with_supplier_product_and_stage(client_for):
    supplier, buyer = make_enterprise(name_en="Maker"), make_enterprise(name_en="Buyer")
    client = client_for("staff")
    asked = {"supplier": supplier.pk, "hs_code": "4819", "product_en": "Cartons", "stage": "introduced"}

    values = form_values(client.get(LINK, asked).content.decode(), "supplier")
    client.post(LINK, values | {"buyer": str(buyer), "reached_on": "2026-03-01"})

    link = SupplyLink.objects.get()
    assert (link.supplier, link.hs_code, link.product_en, link.stage) == (supplier, "4819", "Cartons", "introduced")


def test_a_link_is_not_begun_with_a_stage_or_a_firm_that_is_none(client_for):
    form = client_for("staff").get(LINK, {"supplier": "x", "stage": "married"})

    assert form.status_code == 200
