"""Forms of a program and of its parts: components, money, partners, sectors, support and risks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from capred_portal.access import KEEPERS
from capred_portal.form_fields import KhmerDateField
from capred_portal.forms import OrganisationField, RecordForm, WithOrganisation
from capred_portal.languages import is_khmer
from capred_portal.models import User
from capred_portal.slugs import free_slug
from enterprises.forms.fields import EnterpriseField
from programs.forms.fields import GoalsField
from programs.models import (
    Component,
    Program,
    ProgramBudget,
    ProgramPartner,
    ProgramSector,
    Risk,
    Support,
    lock_budgets,
)

RESERVED = frozenset({"new", "support", "budgets", "links", "enterprises"})  # addresses of other pages under /programs/
DIGITS = {ProgramSector.Vocabulary.PURPOSE: 5, ProgramSector.Vocabulary.CATEGORY: 3}  # of the codes of a list


def check_period(form: forms.ModelForm, cleaned: dict[str, Any]) -> None:
    """Say beside the last day when it lies before the first."""
    first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
    if first and last and last < first:
        form.add_error("ends_on", _("The last day is before the first day."))


class ProgramStartForm(WithOrganisation, RecordForm):
    """What makes a program: its title, who leads it, when it starts, how it stands. The rest follows."""

    organisation_name = "lead"

    title = forms.CharField(label=_("Title"), max_length=250, help_text=_("In Khmer or English; the other can follow."))
    lead = OrganisationField(label=_("Led by"), required=False)
    starts_on = KhmerDateField(label=_("Starts"), required=False)

    field_order = ["title", "lead", "starts_on", "status"]

    class Meta(RecordForm.Meta):
        model = Program
        fields = ["starts_on", "status"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if title := cleaned.get("title"):
            self.instance.title_km, self.instance.title_en = (title, "") if is_khmer(title) else ("", title)
        return cleaned

    def before_save(self, by: Any) -> None:
        """Give the program its address; create a new lead organisation, the link to it follows the program."""
        self.instance.slug = free_slug(Program.objects.all(), self.instance.title_en, noun="program", reserved=RESERVED)
        if self.pending is not None:
            self.pending.created_by = self.pending.updated_by = by
            self.pending.save()


class ProgramForm(RecordForm):
    """All about a program except its lists."""

    pairs = ("title",)

    goals = GoalsField()

    class Meta(RecordForm.Meta):
        model = Program
        fields = [
            "title_en",
            "title_km",
            "starts_on",
            "ends_on",
            "status",
            "status_note_en",
            "status_note_km",
            "summary_en",
            "summary_km",
            "goals",
            "goals_confirmed",
            "iati_identifier",
            "source",
        ]
        widgets = {
            "status_note_en": forms.Textarea(attrs={"rows": 2}),
            "status_note_km": forms.Textarea(attrs={"rows": 2}),
            "summary_en": forms.Textarea(attrs={"rows": 5}),
            "summary_km": forms.Textarea(attrs={"rows": 5}),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        check_period(self, cleaned)
        return cleaned


class ComponentForm(RecordForm):
    """One part of the program's work."""

    pairs = ("title",)

    class Meta(RecordForm.Meta):
        model = Component
        fields = ["title_en", "title_km", "description_en", "description_km"]
        widgets = {
            "description_en": forms.Textarea(attrs={"rows": 3}),
            "description_km": forms.Textarea(attrs={"rows": 3}),
        }

    def before_save(self, by: Any) -> None:
        """Put a new component last."""
        if self.instance.pk is None:
            self.instance.order = self.instance.program.components.count()


class BudgetForm(RecordForm):
    """What the program may spend and has spent in one currency: as a whole, or in one year."""

    class Meta(RecordForm.Meta):
        model = ProgramBudget
        fields = ["currency", "budget", "starts_on", "ends_on", "spent", "as_of", "source"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.instance.creation_token = cleaned.get("creation_token") or self.instance.creation_token
        if (
            cleaned.get("budget") is None
            and cleaned.get("spent") is None
            and not {"budget", "spent"} & set(self.errors)
        ):
            self.add_error("budget", _("State the budget or what was spent, or both."))
        return cleaned

    def before_save(self, by: Any) -> None:
        """Let no two new lines say the same money, when two people save at once."""
        if self.instance.pk is None:
            lock_budgets(self.instance.program_id)
            self.instance.refuse_twice()


class PartnerForm(WithOrganisation, RecordForm):
    """An organisation of the program, and as what."""

    organisation = OrganisationField()

    class Meta(RecordForm.Meta):
        model = ProgramPartner
        fields = ["organisation", "role"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        organisation = cleaned.get("organisation")
        if organisation is not None and organisation.pk:
            others = self.instance.program.partners.active().exclude(pk=self.instance.pk)
            if others.filter(organisation=organisation, role=cleaned.get("role")).exists():
                self.add_error("role", _("This organisation already has this role here."))
        return cleaned


class SectorForm(RecordForm):
    """A sector of aid reporting, by its code, and the share of the program that is of it."""

    class Meta(RecordForm.Meta):
        model = ProgramSector
        fields = ["vocabulary", "code", "share_pct"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        vocabulary, code = cleaned.get("vocabulary"), cleaned.get("code")
        if not vocabulary or not code:
            return cleaned
        if len(code) != DIGITS[vocabulary]:
            self.add_error("code", _("Codes of this list have %(count)s digits.") % {"count": DIGITS[vocabulary]})
        others = self.instance.program.sectors.active().exclude(pk=self.instance.pk).filter(vocabulary=vocabulary)
        if others.filter(code=code).exists():
            self.add_error("code", _("This sector is already there; correct that line instead."))
        return cleaned


class SupportForm(WithOrganisation, RecordForm):
    """What the program did for an enterprise or a group: kind, days, value with its currency, result."""

    enterprise = EnterpriseField(
        label=_("Enterprise supported"), required=False, help_text=_("A firm of the register, by its name or number.")
    )
    organisation = OrganisationField(
        label=_("Or a group or organisation"),
        required=False,
        help_text=_("A cooperative, an association, an office: what is no firm of the register."),
    )

    field_order = ["enterprise", "organisation", "create_organisation", "kind"]

    class Meta(RecordForm.Meta):
        model = Support
        fields = [
            *("enterprise", "organisation", "kind", "starts_on", "ends_on"),
            *("value", "currency", "result_en", "result_km"),
        ]
        help_texts = {"value": _("With its currency, or leave both blank.")}
        widgets = {
            "result_en": forms.Textarea(attrs={"rows": 3}),
            "result_km": forms.Textarea(attrs={"rows": 3}),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        check_period(self, cleaned)
        receivers = [bool(cleaned.get(name)) for name in ("enterprise", "organisation")]
        if sum(receivers) != 1 and not {"enterprise", "organisation"} & set(self.errors):
            self.add_error("enterprise", _("Name an enterprise, or else a group or organisation: one of the two."))
        if not {"value", "currency"} & set(self.errors):
            if cleaned.get("value") is not None and not cleaned.get("currency"):
                self.add_error("currency", _("In which currency is this value?"))
            elif cleaned.get("currency") and cleaned.get("value") is None:
                self.add_error("value", _("There is a currency but no value. Give both or none."))
        return cleaned


class RiskForm(RecordForm):
    """What could go wrong, how likely, how bad, who watches it and what we do about it."""

    pairs = ("text",)

    class Meta(RecordForm.Meta):
        model = Risk
        fields = ["text_en", "text_km", "likelihood", "effect", "owner", "response_en", "response_km"]
        widgets = {
            name: forms.Textarea(attrs={"rows": 2}) for name in ("text_en", "text_km", "response_en", "response_km")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset = User.objects.filter(is_active=True, role__in=KEEPERS)
        owner.empty_label = _("Nobody yet")
