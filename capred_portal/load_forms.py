"""Forms of loads: a file or pasted cells, and which column of the file holds what."""

import io
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capred_portal import bundles, loads, spreadsheets
from capred_portal.load_kinds import LoadKind
from capred_portal.loads import PASTED
from capred_portal.models import Load

MOST_PASTED = 2_000_000  # bytes


class FilesInput(forms.FileInput):
    """Takes several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or several of them: a list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = data if isinstance(data, list | tuple) else [data]
        return [file for file in (super(FilesField, self).clean(one, initial) for one in given) if file]


class LoadForm(forms.Form):
    """A file, or cells copied from a spreadsheet: one of the two; several files where their kind reads them itself."""

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
        if kind.ask:
            self.fields = {"scope": scope_field(kind.ask())} | self.fields
        said = _("CSV or Excel (.xlsx), at most %(limit)s MB.")
        if kind.read:
            said = _(
                "CSV or Excel (.xlsx), or a ZIP of them; several files of one table together. At most %(limit)s MB."
            )
            several = FilesInput(attrs={"accept": ".csv,.xlsx,.txt,.zip", "multiple": True})
            self.fields["file"] = FilesField(label=_("Files"), required=False, widget=several)
            self.fields["cells"].help_text = _(
                "Copy the whole table in your spreadsheet, with its titles, and paste it here."
            )
        if kind.fields:
            self.fields = kind.fields() | self.fields
        self.fields["file"].help_text = said % {"limit": kind.limit_mb}

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        total = sum(one.size for one in file) if isinstance(file, list) else file.size if file else 0
        if total > self.kind.limit_mb * 1_000_000:
            size = f"{total / 1_000_000:,.1f}"
            message = _("This file has %(size)s MB. At most %(limit)s MB can be loaded: split it and load the parts.")
            raise ValidationError(message, params={"size": size, "limit": self.kind.limit_mb})
        return file

    def clean_cells(self) -> Any:
        cells = self.cleaned_data["cells"]
        if len(cells.encode()) > MOST_PASTED:
            raise ValidationError(_("This is too much to paste. Load it as a file."))
        return cells

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned["file"] and not cleaned["cells"].strip():
            self.add_error("file", _("Choose a file, or paste cells below."))
        if not self.errors and self.kind.fields and (problem := self.kind.check_scope(self.scope)):
            self.add_error(None, problem)
        return cleaned

    @property
    def scope(self) -> dict[str, Any]:
        """Return what the load belongs to, as it was chosen."""
        told = {self.kind.scope[0]: self.cleaned_data["scope"]} if self.kind.ask else {}
        return told | {name: self.cleaned_data[name] for name in (self.kind.fields() if self.kind.fields else ())}

    def receive(self, *, scope: dict[str, Any], by: Any) -> Load | None:
        """Keep what was given and set its checking going; None, with the reason beside its field, for what is no table.

        A file goes to the storage as it comes, a piece at a time.
        """
        file, cells = self.cleaned_data["file"], self.cleaned_data["cells"]
        chosen = file if isinstance(file, list) else [file] if file else []
        files = [(one.name[-200:], one.file) for one in chosen] or [(PASTED, io.BytesIO(cells.encode()))]
        try:
            with bundles.packed(files) as (content, file_name):
                return loads.receive(kind=self.kind, content=content, file_name=file_name, scope=scope, by=by)
        except spreadsheets.SpreadsheetError as error:
            reason = ValidationError(spreadsheets.message(error), code=error.code)
            self.add_error("file" if file else "cells", reason)
            return None


def scope_field(choices: Sequence[tuple[str, str]]) -> forms.ChoiceField:
    """Return the question what a load belongs to."""
    return forms.ChoiceField(label=_("Edition of the source"), choices=[("", _("Choose one")), *choices])


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
        for name, place in [*cleaned.items()]:  # an error takes its field out
            if place and place in seen:
                self.add_error(name, _("This column of the file is already chosen above."))
            elif place:
                seen[place] = name
        return cleaned

    @property
    def chosen(self) -> dict[str, int]:
        """Return column -> place in the file."""
        return {name: int(place) for name, place in self.cleaned_data.items() if place}
