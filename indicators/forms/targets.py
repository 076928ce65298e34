"""Forms of targets: to propose one, and to return one with a reason."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from capred_portal.forms import RecordForm
from indicators.dimensions import DIMENSIONS
from indicators.forms.fields import PeriodField
from indicators.models import Indicator, ProgramIndicator, Source, Target
from indicators.targets import problems_of
from programs.models import Program


def part_choices(indicator: Indicator | None) -> list[Any]:
    """Return the parts of the breakdowns of an indicator, or of all where none is chosen yet."""
    codes = [code for code in DIMENSIONS if indicator is None or code in indicator.breakdowns]
    groups = [
        (DIMENSIONS[code].title, [(f"{code}:{key}", words) for key, words in DIMENSIONS[code].parts.items()])
        for code in codes
    ]
    return [("", _("The whole")), *groups]


class TargetForm(RecordForm):
    """Where an indicator started, should be on the way, or should end; a verifier decides about it."""

    indicator = forms.ModelChoiceField(Indicator.objects.current(), label=_("Indicator"), to_field_name="code")
    program = forms.ModelChoiceField(
        Program.objects.active(),
        label=_("Program"),
        to_field_name="slug",
        required=False,
        empty_label=_("The country"),
    )
    period = PeriodField(label=_("Period"))
    part = forms.ChoiceField(label=_("Part of a breakdown"), required=False)
    source = forms.ModelChoiceField(
        Source.objects.active(), label=_("Source"), required=False, empty_label=_("Records of this portal")
    )

    field_order = ["indicator", "program", "kind", "period", "value", "value_high", "part", "source", "why"]

    class Meta(RecordForm.Meta):
        model = Target
        fields = ["indicator", "program", "kind", "period", "value", "value_high", "part", "source", "why"]
        help_texts = {"value_high": _("Only for the target of an indicator that is best within a range.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.initial.get("indicator")
        chosen = Indicator.objects.filter(code=code).first() if code and not self.is_bound else None
        part: Any = self.fields["part"]
        part.choices = part_choices(chosen)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        indicator, program = cleaned.get("indicator"), cleaned.get("program")
        if indicator is None or any(cleaned.get(name) is None for name in ("kind", "period", "value")):
            return cleaned
        if program and not ProgramIndicator.objects.active().filter(program=program, indicator=indicator).exists():
            self.add_error("program", _("This program does not report the indicator."))
        asked = {name: cleaned.get(name) for name in self.Meta.fields}
        for name, words in problems_of(Target(**asked | {"part": cleaned.get("part") or ""})).items():
            self.add_error(name, str(words))
        self.instance.is_demo = indicator.is_demo or bool(program and program.is_demo)
        return cleaned


class ReturnForm(forms.Form):
    """Why a proposal goes back."""

    reason = forms.CharField(label=_("Why does it go back?"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
