"""Numbers of records and versions as forms and addresses tell them, and choices among records by their numbers."""

from typing import Any

from django import forms

MOST_DIGITS = 18  # a longer number no database holds


def key_in(text: str) -> int:
    """Return the number a text is; 0, which no record and no version has, for anything else."""
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else 0


class RecordsField(forms.ModelMultipleChoiceField):
    """Several records by their numbers; one that no database holds is as wrong as one that no record has."""

    def _check_values(self, value: Any) -> Any:
        for pk in value:
            if len(str(pk)) > MOST_DIGITS:
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": str(pk)[:20]}
                )
        return super()._check_values(value)
