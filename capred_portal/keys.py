"""Numbers of records and versions as forms and addresses tell them, and choices among records by their numbers."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

MOST_DIGITS = 18  # a longer number no database holds


def key_in(text: str) -> int:
    """Return the number a text is; 0, which no record and no version has, for anything else."""
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else 0


class Keys:
    """A choice among records by number: what can be no number of one is not looked up, nor shown again."""

    queryset: Any
    to_field_name: Any

    def can_be_key(self, value: Any) -> bool:
        meta = self.queryset.model._meta
        field = meta.get_field(self.to_field_name) if self.to_field_name else meta.pk
        try:
            number = field.to_python(value)
        except (ValidationError, ValueError):
            return False
        return len(str(value)) <= MOST_DIGITS if isinstance(number, int) else "\0" not in str(value)


class RecordField(Keys, forms.ModelChoiceField):
    """One record by its number."""

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values or self.can_be_key(value):
            return super().to_python(value)
        raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": ""})

    def bound_data(self, data: Any, initial: Any) -> Any:
        return data if data in self.empty_values or self.can_be_key(data) else None


class RecordsField(Keys, forms.ModelMultipleChoiceField):
    """Several records by their numbers."""

    def _check_values(self, value: Any) -> Any:
        if all(map(self.can_be_key, value)):
            return super()._check_values(value)  # type: ignore[misc]
        raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": ""})

    def bound_data(self, data: Any, initial: Any) -> Any:
        return [value for value in data or () if self.can_be_key(value)]
