"""Forms of loads: a file or pasted cells, and which column of the file holds what."""

import io
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capred_portal import spreadsheets
from capred_portal.loads import PASTED, LoadKind, open_rows
from capred_portal.models import Load


class LoadForm(forms.Form):
    """A file, or cells copied from a spreadsheet: one of the two."""

    file = forms.FileField(
        label=gettext_lazy("File"), required=False, widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt"})
    )
    cells = forms.CharField(
        label=gettext_lazy("Or cells copied from a spreadsheet"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy(
            "Copy the rows in your spreadsheet, best with the row of titles, and paste them here. "
            "Without titles the columns must stand in the order of the template."
        ),
    )

    def __init__(self, *args: Any, kind: LoadKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.content = b""
        self.file_name = ""
        self.fields["file"].help_text = _("CSV or Excel (.xlsx), at most %(limit)s MB.") % {"limit": kind.limit_mb}

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > self.kind.limit_mb * 1_000_000:
            size = f"{file.size / 1_000_000:,.1f}"
            message = _("This file has %(size)s MB. At most %(limit)s MB can be loaded: split it and load the parts.")
            raise ValidationError(message, params={"size": size, "limit": self.kind.limit_mb})
        if file:
            self.content, self.file_name = file.read(), file.name[-200:]
            self.check_readable("file")
        return file

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        pasted = cleaned.get("cells", "")
        if not self.content and pasted.strip():
            self.content, self.file_name = pasted.encode(), PASTED
            if len(self.content) > self.kind.limit_mb * 1_000_000:
                self.add_error("cells", _("This is too much to paste. Load it as a file."))
                return cleaned
            try:
                self.check_readable("cells")
            except ValidationError as error:
                self.add_error("cells", error)
        elif not self.content and not self.errors:
            self.add_error("file", _("Choose a file, or paste cells below."))
        return cleaned

    def check_readable(self, name: str) -> None:
        """Refuse at once what is no table, beside its field."""
        try:
            open_rows(self.kind, io.BytesIO(self.content), self.file_name)
        except spreadsheets.SpreadsheetError as error:
            raise ValidationError(spreadsheets.message(error), code=error.code) from error


class MappingForm(forms.Form):
    """Which column of the file holds what; each column of the file at most once."""

    def __init__(self, *args: Any, kind: LoadKind, load: Load, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        header = load.mapping["header"]
        choices = [("", _("not in this file")), *((str(place), title) for place, title in enumerate(header) if title)]
        for column in kind.columns:
            initial = load.mapping["columns"].get(column.name, "")
            self.fields[column.name] = forms.ChoiceField(
                label=str(column), choices=choices, required=False, initial=str(initial)
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        seen: dict[str, str] = {}
        for name, place in cleaned.items():
            if place and place in seen:
                self.add_error(name, _("This column of the file is already chosen above."))
            elif place:
                seen[place] = name
        return cleaned

    @property
    def chosen(self) -> dict[str, int]:
        """Return column -> place in the file."""
        return {name: int(place) for name, place in self.cleaned_data.items() if place}
