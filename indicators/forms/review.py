"""Forms of the review and of reporting rounds: which version was on the screen, why a value goes back, a new round."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from capred_portal.form_fields import KhmerDateField
from indicators.models import Period
from indicators.shown import period_text
from programs.models import Program

QUARTERS = 12  # that a round can be opened for


class VersionForm(forms.Form):
    """One click: which version was on the screen."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def renew(self, version: int) -> None:
        """Let the form be sent again with all that was typed, over the version that is stored now."""
        typed: Any = self.data.copy()  # type: ignore[attr-defined]
        typed["version"] = str(version)
        self.data = typed


class ReturnForm(VersionForm):
    """Why a value goes back to its author."""

    reason = forms.CharField(
        label=_("Why does it go back?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody who sees the value can read this."),
    )


class CloseForm(VersionForm):
    """Whether a round is closed without some of its figures: how many were missing on the screen."""

    missing = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10_000)
    agreed = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("missing") and not cleaned.get("agreed"):
            self.add_error("agreed", _("Tick the box to close the round without them."))
        return cleaned


def recent_quarters() -> list[tuple[str, str]]:
    """Return this quarter and those before it, newest first, as a form offers them."""
    quarters = reversed(Period.quarters_until(timezone.localdate(), QUARTERS))
    return [(each.code, period_text(each.code)) for each in quarters]


class RoundForm(forms.Form):
    """Which program reports on which quarter, and by when."""

    program = forms.ModelChoiceField(Program.objects.active(), label=_("Program"), to_field_name="slug")
    period = forms.ChoiceField(label=_("Period"), choices=recent_quarters)
    due_on = KhmerDateField(label=_("Values due on"))

    def clean_period(self) -> Period:
        return Period.objects.stored(Period.of_code(self.cleaned_data["period"]))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        period, due_on = cleaned.get("period"), cleaned.get("due_on")
        if period and due_on and due_on <= period.last_day:
            self.add_error("due_on", _("The values are due after the period is over."))
        return cleaned
