"""Forms of an outcome and of the stages of its life."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from capred_portal.forms import RecordForm
from programs.forms.fields import GoalsField
from programs.models import Outcome, OutcomeStage, Program


class OutcomeForm(RecordForm):
    """What came out: its kind, theme, words and the goals it serves."""

    pairs = ("text",)

    goals = GoalsField()

    class Meta(RecordForm.Meta):
        model = Outcome
        fields = ["kind", "theme", "text_en", "text_km", "goals", "goals_confirmed", "became"]
        widgets = {"text_en": forms.Textarea(attrs={"rows": 3}), "text_km": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["became"].queryset = Program.objects.active()  # type: ignore[attr-defined]
        self.fields["became"].help_text = _("When this outcome has become a program of its own.")

    def clean_kind(self) -> str:
        kind: str = self.cleaned_data["kind"]
        if self.instance.stage and kind not in Outcome.LIVING:
            raise forms.ValidationError(
                _("This outcome already has a stage; only tools, policies and programs have stages.")
            )
        return kind


class OutcomeStageForm(RecordForm):
    """The day a tool, policy or program reached a stage."""

    class Meta(RecordForm.Meta):
        model = OutcomeStage
        fields = ["stage", "reached_on", "note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 2})}

    def clean_stage(self) -> str:
        stage: str = self.cleaned_data["stage"]
        if self.instance.outcome.stages.active().filter(stage=stage).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("This stage was already reached; correct its date instead."))
        return stage
