"""The administration's form of an indicator."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from capred_portal.forms import RecordForm
from indicators.derived import DERIVATIONS
from indicators.dimensions import DIMENSIONS

RESERVED = frozenset({"entry", "sources"})  # addresses of other pages under /indicators/


def derivation_field(**kwargs: Any) -> forms.ChoiceField:
    """Return the choice of a figure an indicator is derived from."""
    choices = [("", "—"), *((code, code) for code in sorted(DERIVATIONS))]
    return forms.ChoiceField(label=_("Derived by"), choices=choices, **kwargs)


class IndicatorForm(RecordForm):
    """All about an indicator; its breakdowns are ticked."""

    breakdowns = forms.MultipleChoiceField(
        label=_("Breakdowns"),
        choices=[(code, dimension.title) for code, dimension in DIMENSIONS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    derivation = derivation_field(required=False)

    def clean_code(self) -> Any:
        code = self.cleaned_data["code"]
        if code in RESERVED:
            raise forms.ValidationError(_("This code is the address of another page. Choose another one."))
        return code
