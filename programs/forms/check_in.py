"""Forms at the door of a workshop: how long it is open, and what people tell who sign in on their own phone."""

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from capred_portal.form_fields import KhmerDateField, KhmerTimeField, PhoneField
from capred_portal.languages import is_khmer, reading_language
from capred_portal.matching import split_honorific
from capred_portal.records import new_token
from programs.models import Attendance, Person

NAMES = ("name_km", "name_en")
YES, NO = "yes", "no"


class OpenForm(forms.Form):
    """Until when people can sign in."""

    day = KhmerDateField(label=_("Open until (day)"))
    time = KhmerTimeField(label=_("Time"))

    def __init__(self, *args: Any, closes_at: dt.datetime, latest: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.latest, until = latest, timezone.localtime(closes_at)
        self.initial = {"day": until.date(), "time": until.time()}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("day") and cleaned.get("time"):
            until = timezone.make_aware(dt.datetime.combine(cleaned["day"], cleaned["time"]))
            if until <= timezone.now():
                self.add_error("time", _("This time is over. Choose one that is still to come."))
            elif until > self.latest:
                self.add_error("day", _("A check-in is open until a day after the workshop, or for a month, at most."))
            cleaned["closes_at"] = until
        return cleaned


class SignInForm(forms.Form):
    """Who somebody is, in one script at least; every other question may be left out, but not that of consent."""

    name_km = forms.CharField(label=_("Name (Khmer)"), max_length=150, required=False)
    name_en = forms.CharField(label=_("Name (Latin)"), max_length=150, required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=Person.Sex.choices[:3], required=False, widget=forms.RadioSelect)
    organisation = forms.CharField(label=_("Organisation"), max_length=250, required=False)
    phone = PhoneField(label=_("Phone"), required=False)
    age_band = forms.ChoiceField(
        label=_("Age"), choices=Attendance.AgeBand.choices[:4], required=False, widget=forms.RadioSelect
    )
    disability = forms.ChoiceField(
        label=_("Do you have a disability?"),
        choices=[
            (Attendance.Disability.YES, _("Yes")),
            (Attendance.Disability.NO, _("No")),
            (Attendance.Disability.REFUSED, _("I do not want to say")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    consent = forms.ChoiceField(
        label=_("May the ministry keep these details?"),
        choices=[(YES, _("Yes, I agree")), (NO, _("No: count me, but keep no phone number"))],
        help_text=_("After a no, the staff of the ministry also remove a number of yours that they had before."),
        widget=forms.RadioSelect,
        error_messages={"required": _("Please answer yes or no.")},
    )
    token = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=new_token)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        order = NAMES if reading_language() == "km" else NAMES[::-1]
        self.order_fields([*order])
        self.fields[order[0]].help_text = _("Family name first. A name in one script is enough.")
        for name in NAMES:
            field: Any = self.fields[name]
            field.one_is_enough = True  # so neither is called optional
            field.widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}
        self.fields["name_km"].widget.attrs["lang"] = "km"
        self.fields["name_en"].widget.attrs["lang"] = "en"
        self.fields["organisation"].widget.attrs["autocomplete"] = "organization"
        self.fields["phone"].widget.attrs["autocomplete"] = "tel"

    def clean(self) -> dict[str, Any]:
        """Part honorifics from names, and put a name into the field of its script."""
        cleaned = super().clean() or self.cleaned_data
        honorifics = [split_honorific(cleaned.get(name) or "") for name in NAMES]
        cleaned["honorific"] = next((honorific for honorific, _name in honorifics if honorific), "")
        cleaned["name_km"], cleaned["name_en"] = (name for _honorific, name in honorifics)
        if is_khmer(cleaned["name_en"]) != is_khmer(cleaned["name_km"]) and is_khmer(cleaned["name_en"]):
            cleaned["name_km"], cleaned["name_en"] = cleaned["name_en"], cleaned["name_km"]
        if not any(map(str.isalpha, "".join(cleaned[name] for name in NAMES))) and not {*NAMES} & {*self.errors}:
            self.add_error(next(iter(self.fields)), _("Write your name in Khmer or in Latin letters."))
        return cleaned

    @property
    def told(self) -> dict[str, Any]:
        """What a valid form says of a person."""
        told = {name: value for name, value in self.cleaned_data.items() if name != "token"}
        return told | {"consent": told["consent"] == YES}

    @property
    def token_sent(self) -> uuid.UUID:
        """The mark of this form; one without, which no page makes, is a form of its own."""
        return self.cleaned_data.get("token") or new_token()
