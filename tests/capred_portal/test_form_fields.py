"""Form fields: they accept what a loaded cell accepts, and say the same about the rest."""

import datetime as dt
from decimal import Decimal

import pytest
from django import forms
from django.test.html import parse_html

from capred_portal import form_fields

WORKSHOP_DAY = dt.date(2024, 8, 14)


class VisitForm(forms.Form):
    day = form_fields.KhmerDateField()
    start = form_fields.KhmerTimeField(required=False)
    people = form_fields.KhmerIntegerField(max_value=500)
    cost = form_fields.KhmerDecimalField(required=False, decimal_places=1)
    phone = form_fields.PhoneField(required=False)


def test_form_fields_read_khmer_digits():
    form = VisitForm({"day": "១៤/០៨/២០២៤", "start": "៨:៣០", "people": "២១២", "cost": "១,០០០.៥", "phone": "០១២៣៤៥៦៧៨"})

    assert form.is_valid()
    assert form.cleaned_data == {
        "day": WORKSHOP_DAY,
        "start": dt.time(8, 30),
        "people": 212,
        "cost": Decimal("1000.5"),
        "phone": "+85512345678",
    }


def test_form_fields_say_what_columns_say():
    form = VisitForm({"day": "31/02/2024", "start": "25:00", "people": "501", "cost": "1,5", "phone": "1"})

    codes = {name: errors[0]["code"] for name, errors in form.errors.get_json_data().items()}

    assert codes == {
        "day": "date_not_in_calendar",
        "start": "time",
        "people": "too_large",
        "cost": "number_format",
        "phone": "phone",
    }
    assert form.errors["people"] == ["“501” is too large: the most is 500."]


def test_form_fields_tell_blank_from_missing():
    form = VisitForm({"day": "", "start": " ", "people": "1", "cost": "CLEAR", "phone": ""})

    assert form.errors == {"day": ["This field is required."]}
    assert form.cleaned_data == {"start": None, "people": 1, "cost": None, "phone": ""}


def test_form_fields_show_values_as_they_can_be_typed():
    form = VisitForm(initial={"day": WORKSHOP_DAY, "start": dt.time(8, 30), "people": 1234, "cost": Decimal("0.5")})

    html = form.as_p()

    assert [f'value="{value}"' in html for value in ("14/08/2024", "08:30", "1234", "0.5")] == [True] * 4
    assert 'type="number"' not in html


def test_form_fields_see_no_change_in_the_same_value_typed_otherwise():
    initial = {
        "day": WORKSHOP_DAY,
        "start": dt.time(8, 30),
        "people": 12,
        "cost": None,
        "phone": "+85512345678",
    }
    typed = {"day": "14 August 2024", "start": "8.30", "people": "១២", "cost": "", "phone": "012 345 678"}

    form = VisitForm(typed, initial=initial)

    assert not form.has_changed()


@pytest.mark.parametrize(
    ("direct", "usual"),
    [
        (form_fields.DirectInput, forms.TextInput),
        (form_fields.DirectHiddenInput, forms.HiddenInput),
        (form_fields.DirectURLInput, forms.URLInput),
        (form_fields.DirectTextarea, forms.Textarea),
    ],
)
@pytest.mark.parametrize("value", [None, "", "0", 12.5, "ស្ត្រី", "</textarea>\"><b>&'"])
def test_inputs_without_templates_say_what_inputs_with_templates_say(direct, usual, value):
    attrs = {"id": "it", "class": 'a "b"', "data-no": 0, "required": True, "disabled": False, "form": "row-4"}

    written = direct(attrs={"autocomplete": "off"}).render("i4-<name>", value, attrs)

    assert parse_html(written) == parse_html(usual(attrs={"autocomplete": "off"}).render("i4-<name>", value, attrs))
    assert direct().is_hidden == usual().is_hidden
