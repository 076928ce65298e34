"""The form of a new version of an indicator's rule."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from capred_portal.forms import RecordForm
from indicators.forms.indicators import derivation_field
from indicators.models import Indicator


class RuleForm(RecordForm):
    """What an indicator counts and how it adds up; and why that changes."""

    derivation = derivation_field()
    why = forms.CharField(label=_("Why does the rule change?"), max_length=300)

    field_order = [*Indicator.RULE_FIELDS, "why"]

    class Meta(RecordForm.Meta):
        model = Indicator
        fields = list(Indicator.RULE_FIELDS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.kind != Indicator.Kind.DERIVED:
            del self.fields["derivation"]
        if self.instance.kind != Indicator.Kind.EXTERNAL:
            del self.fields["series"]
        if "series" in self.fields:
            self.fields["series"].required = True
        places: Any = self.fields["over_places"]
        places.choices = [choice for choice in places.choices if choice[0] != Indicator.Rule.LATEST]

    @property
    def rule(self) -> dict[str, str]:
        """The changed rule of a valid form."""
        return {name: self.cleaned_data[name] for name in Indicator.RULE_FIELDS if name in self.cleaned_data}
