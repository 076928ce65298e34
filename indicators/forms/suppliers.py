"""The question of the page of suppliers: the input, what the buyer needs, and which firms are looked at."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from capred_portal.access import may
from capred_portal.form_fields import KhmerDecimalField
from enterprises.filters.quality import standard_choices
from enterprises.forms.links import HsCodeField
from enterprises.models import Province
from indicators.inputs.suppliers import Question
from indicators.inputs.suppliers_ranking import Group, Need

YES = [("", _("Any")), ("yes", _("Yes"))]
GROUPS: list[tuple[str, Any]] = [
    (Group.MAKES, _("Makes it")),
    (Group.LACKS, _("Nearly: makes the heading, but lacks something")),
    (Group.CLASS, _("Nearly: the same ISIC class, another heading")),
]


def code_asked(text: str) -> str:
    """Return the HS code a text means; nothing where it means none."""
    try:
        return str(HsCodeField(required=False).clean(text) or "")
    except forms.ValidationError:
        return ""


class SupplierForm(forms.Form):
    """What is looked for; capacity and owners are for those who may read what firms told."""

    hs = HsCodeField(
        label=_("HS code of the input"), required=False, help_text=_("Two, four or six digits, like 4819 or 1006.30.")
    )
    standard = forms.ChoiceField(label=_("Certificate needed"), required=False)
    quantity = KhmerDecimalField(label=_("Quantity needed a year"), required=False, min_value=0, max_digits=16)
    unit = forms.CharField(label=_("Its unit"), required=False, max_length=40)
    province = forms.ChoiceField(label=_("Province"), required=False)
    members = forms.ChoiceField(label=_("Member of a cluster"), choices=YES, required=False)
    women = forms.ChoiceField(label=_("Owned or led by women"), choices=YES, required=False)
    group = forms.ChoiceField(choices=[("", ""), *GROUPS], required=False, widget=forms.HiddenInput)

    KEPT = ("quantity", "unit", "women")  # for those who read firms

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reads_firms = may(user, "firm.read")
        if not self.reads_firms:
            for name in self.KEPT:
                del self.fields[name]
        self.standards = dict(standard_choices())
        if (named := str(self.data.get("standard") or "")[:80]) and "\0" not in named:
            self.standards.setdefault(named, named)  # nobody holds it: then all lack it
        provinces = [(province.pk, str(province)) for province in Province.objects.all()]
        self.offer("standard", [("", _("None")), *self.standards.items()])
        self.offer("province", [("", _("Any")), *provinces, ("none", _("Not stated"))])

    def offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("quantity") is not None and not cleaned.get("unit"):
            self.add_error("unit", _("Say in which unit: capacities are compared only in the same unit."))
        return cleaned

    def question(self) -> Question | None:
        """Return what was asked, without what makes no sense; None where no code is given."""
        if not self.is_valid() and "hs" in self.errors:
            return None
        asked = self.cleaned_data
        if not asked.get("hs"):
            return None
        has_unit = bool(asked.get("unit"))
        need = Need(
            hs_code=asked["hs"],
            standard=asked.get("standard", ""),
            quantity=asked.get("quantity") if has_unit else None,
            unit=asked.get("unit", "") if has_unit else "",
        )
        return Question(
            need=need,
            province=asked.get("province", ""),
            members_only=bool(asked.get("members")),
            women_only=bool(asked.get("women")),
            reads_capacity=self.reads_firms,
        )
