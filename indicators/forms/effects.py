"""The form of an expected effect."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from capred_portal.forms import RecordForm
from indicators.forms.fields import PeriodField
from indicators.models import ExpectedEffect, Indicator


class EffectForm(RecordForm):
    """What an outcome should move, which way, by how much, from when until when."""

    indicator = forms.ModelChoiceField(Indicator.objects.current(), label=_("Indicator"))
    since = PeriodField(label=_("Compared with"), help_text=_("The period before the effect."))
    by = PeriodField(label=_("By when"))

    field_order = ["indicator", "direction", "amount", "since", "by", "reasoning"]

    class Meta(RecordForm.Meta):
        model = ExpectedEffect
        fields = ["indicator", "direction", "amount", "since", "by", "reasoning"]
        widgets = {"reasoning": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"amount": _("In the unit of the indicator; of a percentage, in points.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:  # what it moves stays, even where it is retired since
            indicator: Any = self.fields["indicator"]
            indicator.queryset = Indicator.objects.filter(pk=self.instance.indicator_id)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        since, by, amount = (cleaned.get(name) for name in ("since", "by", "amount"))
        if since and by and by.first_day <= since.last_day:
            self.add_error("by", _("This must lie after the period it is compared with."))
        if since and by and since.kind != by.kind:
            self.add_error("by", _("Compare a quarter with a quarter, or a year with a year."))
        if amount is not None and amount <= 0:
            self.add_error("amount", _("Write how much, above 0; the direction says which way."))
        self._check_indicator(cleaned.get("indicator"))
        return cleaned

    def _check_indicator(self, indicator: Indicator | None) -> None:
        if indicator is None:
            return
        self.instance.is_demo = self.instance.outcome.is_demo or indicator.is_demo
        others = ExpectedEffect.objects.active().filter(outcome=self.instance.outcome, indicator=indicator)
        if others.exclude(pk=self.instance.pk).exists():
            self.add_error("indicator", _("This effect is already there; change it instead."))
