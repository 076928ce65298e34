"""Form fields that read what loaders read: Khmer digits, many ways to write a date, the same messages."""

from decimal import Decimal
from html import escape
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from capred_portal import columns


def written(attributes: dict[str, Any]) -> SafeString:
    """Return attributes as a tag has them; what is None or False is left out."""
    told = {name: value for name, value in attributes.items() if value is not None and value is not False}
    pairs = (f" {name}" if value is True else f' {name}="{escape(str(value))}"' for name, value in told.items())
    return SafeString("".join(pairs))


class DirectInput(forms.TextInput):
    """An input written without templates, which take ten times as long: a grid has hundreds of inputs."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        told = {"type": self.input_type, "name": name, "value": self.format_value(value)}
        return format_html("<input{}>", written(told | self.build_attrs(self.attrs, attrs)))


class DirectHiddenInput(DirectInput):
    """A hidden input, written the same way."""

    input_type = "hidden"


class DirectURLInput(DirectInput):
    """An input for an address, written the same way."""

    input_type = "url"


class DirectTextarea(forms.Textarea):
    """A text of several lines, written the same way."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        told = written({"name": name} | self.build_attrs(self.attrs, attrs))
        return format_html("<textarea{}>\n{}</textarea>", told, self.format_value(value) or "")


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
    """A day, shown as it is asked for and as pages show it: 14/08/2024."""

    widget = forms.DateInput(format="%d/%m/%Y")

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
