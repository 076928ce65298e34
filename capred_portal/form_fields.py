"""Form fields that read what loaders read: Khmer digits, many ways to write a date, the same messages."""

from decimal import Decimal
from typing import Any

from django import forms

from capred_portal import columns


class CellField(forms.Field):
    """A field whose text is read by a function of `columns`; a subclass says which in `read`."""

    widget: type[forms.Widget] | forms.Widget = forms.TextInput
    empty: str | None = None  # what a blank becomes
    messages: dict[str, Any] = columns.MESSAGES  # a field with codes of its own adds their words

    def read(self, cell: str) -> object:
        """Return the value of the text, None for a blank, or raise CellError."""
        raise NotImplementedError

    def to_python(self, value: Any) -> Any:
        """Return the value; what is one already stays, and CLEAR empties a form's field as a cell's."""
        if not isinstance(value, str):
            return self.empty if value is None else value
        try:
            found = self.read(value)
        except columns.CellError as error:
            raise forms.ValidationError(self.messages[error.code], code=error.code, params=error.params) from error
        return self.empty if found in (None, columns.CLEAR) else found


class KhmerDateField(CellField):
    """A day, shown as 2024-08-14."""

    widget = forms.DateInput(format="%Y-%m-%d")

    def read(self, cell: str) -> object:
        return columns.date(cell)


class KhmerDecimalField(CellField):
    """A number with decimals."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def __init__(
        self,
        *,
        max_digits: int = 18,
        decimal_places: int = 2,
        min_value: Decimal | int | None = None,
        max_value: Decimal | int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.max_digits, self.decimal_places = max_digits, decimal_places
        self.min_value, self.max_value = min_value, max_value

    def read(self, cell: str) -> object:
        return columns.decimal(
            cell,
            max_digits=self.max_digits,
            decimal_places=self.decimal_places,
            minimum=self.min_value,
            maximum=self.max_value,
        )


class KhmerIntegerField(CellField):
    """A whole number."""

    widget = forms.TextInput(attrs={"inputmode": "numeric"})

    def __init__(self, *, min_value: int = 0, max_value: int = 2**31 - 1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.min_value, self.max_value = min_value, max_value

    def read(self, cell: str) -> object:
        return columns.integer(cell, self.min_value, self.max_value)


class KhmerTimeField(CellField):
    """A time of day, shown as 08:30."""

    widget = forms.TimeInput(format="%H:%M")

    def read(self, cell: str) -> object:
        return columns.time(cell)


class PhoneField(CellField):
    """One phone number, kept as E.164 text; without a country code it is a number of `region`."""

    widget = forms.TelInput
    empty = ""

    def __init__(self, *, region: str = "KH", max_length: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.region = region
        self.max_length = max_length  # a model field states one; E.164 has 16 characters at most

    def read(self, cell: str) -> object:
        return columns.phone(cell, self.region)
