"""Form fields of indicators: a period as it is written, an indicator by its name."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from capred_portal.matching import ascii_digits
from indicators.entry import period_named, stored_period
from indicators.models import Period


class PeriodField(forms.CharField):
    """A quarter written 2024-Q3, or a calendar year written 2024, in any digits; made when nobody asked for it yet."""

    default_error_messages = {"invalid": _("Write a quarter as 2024-Q3, or a year as 2024.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"placeholder": "2024-Q3, 2024", "autocomplete": "off"}))
        super().__init__(max_length=9, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            value = Period.objects.filter(pk=value).first()
        return value.code if isinstance(value, Period) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial) or "") != self.read(str(self.prepare_value(data) or ""))

    def clean(self, value: Any) -> Any:
        text = self.read(super().clean(value) or "")
        if not text:
            return None
        if period_named(text) is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return stored_period(text)

    def read(self, text: str) -> str:
        return ascii_digits(text).strip().upper().replace(" ", "-")
