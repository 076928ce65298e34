"""Forms of a buyer-supplier link and of the stages of its history."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from capred_portal import columns
from capred_portal.form_fields import CellField, KhmerDateField, KhmerDecimalField
from capred_portal.forms import RecordForm
from enterprises import hs
from enterprises.forms.fields import EnterpriseField
from enterprises.models import LinkStage, SupplyLink
from enterprises.services import stage_beside

VALUE_HELP = _("What the buyer spends on this product here in a year.")


class HsCodeField(CellField):
    """An HS code of two, four or six digits."""

    widget = forms.TextInput(attrs={"inputmode": "numeric"})
    empty = ""
    messages = columns.MESSAGES | hs.MESSAGES

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("HS code"))
        kwargs.setdefault("help_text", _("Two, four or six digits of HS 2022."))
        super().__init__(**kwargs)

    def read(self, cell: str) -> object:
        return hs.hs_code(cell)


def check_day(form: forms.ModelForm, cleaned: dict[str, Any]) -> None:
    """Say beside the day when it is still to come."""
    day = cleaned.get("reached_on")
    if day and day > timezone.localdate():
        form.add_error("reached_on", _("This day is still to come. Enter a stage once it is reached."))


class LinkForm(RecordForm):
    """Who supplies what to whom, and whether it takes the place of an import."""

    pairs = ("product",)

    buyer = EnterpriseField(label=_("Buyer"))
    supplier = EnterpriseField(label=_("Supplier"))
    hs_code = HsCodeField()

    field_order = ["buyer", "supplier", "product_en", "product_km", "hs_code", "replaces_import"]

    class Meta(RecordForm.Meta):
        model = SupplyLink
        fields = ["buyer", "supplier", "product_en", "product_km", "hs_code", "replaces_import"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        buyer, supplier = cleaned.get("buyer"), cleaned.get("supplier")
        if buyer and buyer == supplier:
            self.add_error("supplier", _("A firm cannot supply itself. Choose two firms."))
        elif buyer and supplier and (twin := self.twin(buyer, supplier, cleaned.get("hs_code", ""))):
            self.add_error(
                "hs_code",
                _("This link is there already, as number %(number)s. Add a stage there instead.") % {"number": twin.pk},
            )
        return cleaned

    def twin(self, buyer: Any, supplier: Any, hs_code: str) -> SupplyLink | None:
        """Return the other active link of the same firms and product, unless this very form has made it."""
        others = SupplyLink.objects.active().filter(buyer=buyer, supplier=supplier, hs_code=hs_code)
        if token := self.cleaned_data.get("creation_token"):
            others = others.exclude(Q(creation_token=token) & Q(creation_digest=self.digest()))
        return others.exclude(pk=self.instance.pk).first()


class LinkAdminForm(RecordForm):
    """A link in the administration: the same check of its HS code."""

    hs_code = HsCodeField()


class LinkStartForm(LinkForm):
    """A new link with its first stage; more stages follow on its page."""

    stage = forms.ChoiceField(
        label=_("First stage"), choices=[one for one in SupplyLink.Stage.choices if one[0] != SupplyLink.Stage.ENDED]
    )
    reached_on = KhmerDateField(label=_("Reached on"), help_text=_("Day first, for example 14/08/2024."))
    value_usd = KhmerDecimalField(
        label=_("Yearly value in US$"), required=False, min_value=0, max_digits=16, help_text=VALUE_HELP
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        check_day(self, cleaned)
        return cleaned

    def before_save(self, by: Any) -> None:
        """Let the link start with its first stage."""
        self.instance.stage = self.cleaned_data["stage"]
        self.instance.stage_since = self.cleaned_data["reached_on"]
        self.instance.value_usd = self.cleaned_data["value_usd"]

    def add_stage(self, link: SupplyLink) -> LinkStage:
        """Write the first stage of a new link; called in the transaction that saves the link."""
        return LinkStage.objects.create(
            link=link,
            stage=link.stage,
            reached_on=self.cleaned_data["reached_on"],
            value_usd=link.value_usd,
            is_demo=link.is_demo,
            created_by=link.created_by,
            updated_by=link.created_by,
        )


class LinkStageForm(RecordForm):
    """A stage a link reached, when, and what it is worth a year from then on."""

    class Meta(RecordForm.Meta):
        model = LinkStage
        fields = ["stage", "reached_on", "value_usd", "note_en", "note_km"]
        widgets = {"note_en": forms.Textarea(attrs={"rows": 2}), "note_km": forms.Textarea(attrs={"rows": 2})}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        check_day(self, cleaned)
        if self.errors:
            return cleaned
        self.instance.stage, self.instance.reached_on = cleaned["stage"], cleaned["reached_on"]
        same = self.instance.link.stages.active().exclude(pk=self.instance.pk)
        token = cleaned.get("creation_token")
        if token and same.filter(creation_token=token, creation_digest=self.digest()).exists():
            return cleaned  # a double click: the stage is this one
        if same.filter(stage=cleaned["stage"], reached_on=cleaned["reached_on"]).exists():
            self.add_error("reached_on", _("This stage of this day is there already. Correct it instead."))
        elif beside := stage_beside(self.instance):
            self.add_error("stage", self.out_of_order(beside))
        return cleaned

    def out_of_order(self, beside: LinkStage) -> Any:
        """Name the stage that this one contradicts."""
        words = _("On %(day)s the link stood at “%(stage)s”: this stage does not fit there. Check stage and day.")
        return words % {"day": date_format(beside.reached_on), "stage": beside.get_stage_display()}
