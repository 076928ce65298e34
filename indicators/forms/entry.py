"""The form of one value: number or ratio, parts, note, evidence; and what it asks before it is saved."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from capred_portal.form_fields import CellField, DirectHiddenInput, DirectInput, DirectTextarea, DirectURLInput
from capred_portal.keys import key_in
from capred_portal.models import Document
from capred_portal.uploads import DocumentField
from indicators import cells
from indicators.analytics.aggregation import UNKNOWN, with_unknown
from indicators.cells import Told
from indicators.dimensions import DIMENSIONS, part_title
from indicators.entry import Entry
from indicators.models import Observation, Period

NUMBERS = ("value", "numerator", "denominator", "weight")
REMARKS = ("note", "evidence_link", "evidence_file")
LABELS = {
    "value": _("Value"),
    "numerator": _("Number counted"),
    "denominator": _("Out of"),
    "weight": _("Weight"),
}


class NumberField(CellField):
    """A number in the unit of an indicator; percent only where that is the unit."""

    widget = DirectInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "cell"})
    messages = cells.MESSAGES

    def __init__(self, *, is_percent: bool = False, unit: Any = "", **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.is_percent, self.unit = is_percent, unit

    def read(self, cell: str) -> object:
        return cells.read_number(cell, is_percent=self.is_percent, unit=self.unit)


class CellForm(forms.Form):
    """What somebody says of one value; `entry` is its row of the grid."""

    expected = forms.CharField(widget=DirectHiddenInput, required=False)
    state = forms.ChoiceField(label=_("Kind of value"), choices=Observation.State.choices, required=False)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=1000, widget=DirectTextarea(attrs={"rows": 2, "cols": 30})
    )
    evidence_link = forms.URLField(
        label=_("Link to evidence"), required=False, max_length=500, assume_scheme="https", widget=DirectURLInput
    )
    evidence_file = DocumentField(label=_("Or a file"), required=False)
    confirmed = forms.BooleanField(label=_("Yes, it is that little"), required=False)

    def __init__(self, *args: Any, entry: Entry, period: Period, **kwargs: Any) -> None:
        self.entry, self.period, self.indicator = entry, period, entry.indicator
        row = f"row-{entry.indicator.pk}"
        kwargs.setdefault("prefix", f"i{entry.indicator.pk}")
        kwargs["initial"] = initial_of(entry.observation)
        super().__init__(*args, **kwargs)
        self.values: dict[str, Any] = {}
        unit: dict[str, Any] = {"is_percent": self.indicator.is_percent, "unit": self.indicator.unit}
        for name in self.number_names:
            own = unit if name == "value" else {}
            self.fields[name] = NumberField(label=LABELS[name], **own)
        for name in cells.part_names(self.indicator):
            own = {} if cells.has_additive_parts(self.indicator) else unit
            self.fields[f"part-{name}"] = NumberField(label=part_title(name), **own)
        for name, bound in ((name, self[name]) for name in self.fields):
            self.fields[name].widget.attrs |= {"form": row, "aria-describedby": f"{bound.auto_id}-said"}

    @property
    def number_names(self) -> list[str]:
        """The numbers this indicator is told in."""
        names = ["numerator", "denominator"] if cells.is_ratio(self.indicator) else ["value"]
        return [*names, *(["weight"] if cells.is_weighted(self.indicator) else [])]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        told = self.told(cleaned)
        self.values, problems = cells.settle(self.indicator, told)
        if not self.errors:
            for name, code, params in problems:
                self.refuse(name, code, params)
            self.ask_about_share(told.value)
        self.check_evidence(cleaned)
        self.values["note"] = cleaned.get("note", "")
        return cleaned

    def told(self, cleaned: dict[str, Any]) -> Told:
        numbers = {name: cleaned.get(name) for name in self.number_names}
        parts = {name: cleaned.get(f"part-{name}") for name in cells.part_names(self.indicator)}
        return Told(state=cleaned.get("state", ""), parts=parts, **numbers)

    def refuse(self, name: str, code: str, params: dict[str, Any]) -> None:
        """Put what is wrong beside its field; what is wrong with a whole breakdown beside its first part."""
        if name in DIMENSIONS:
            name = f"{name}:{next(iter(DIMENSIONS[name].parts))}"
        field = f"part-{name}" if ":" in name else name
        error = forms.ValidationError(cells.MESSAGES[code], code=code, params=params)
        self.add_error(field if field in self.fields else None, error)

    def ask_about_share(self, value: Decimal | None) -> None:
        typed = str(self["value"].data or "") if "value" in self.fields else ""
        asks = cells.maybe_share(value, typed, self.entry.history, is_percent=self.indicator.is_percent)
        stored = self.entry.observation.value if self.entry.observation else None
        if asks and value is not None and value != stored and not self.cleaned_data.get("confirmed"):
            self.refuse("value", "maybe_share", cells.share_params(value))

    def check_evidence(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("evidence_file") and cleaned.get("evidence_link"):
            self.add_error("evidence_file", _("Choose a file or give a link, one of the two."))

    @property
    def asks_share(self) -> bool:
        return self.has_error("value", "maybe_share") if "value" in self.fields else False

    @property
    def said(self) -> bool:
        """Whether anything was told: an untouched row of a value that is not there yet is nothing."""
        told = self.told(getattr(self, "cleaned_data", {}))
        return self.entry.observation is not None or not told.says_nothing or any(self[name].data for name in REMARKS)

    @property
    def expected_version(self) -> int | None:
        """The version of the draft that was on the screen: none where there was none, -1 where it is another's now."""
        key, _dot, version = str(self["expected"].data or "").partition(".")
        observation = self.entry.observation
        if not key.isdecimal() or not version.isdecimal():
            return None
        return key_in(version) if observation is not None and observation.pk == key_in(key) else -1

    def taken(self, take: str) -> int | None:
        """Return the version to write over: the one just compared where "mine" was chosen, else the one read."""
        mine, _space, version = take.partition(" ")
        return key_in(version) if mine == "mine" and version.isdecimal() else self.expected_version

    def evidence(self, by: Any) -> Document | None:
        """Return the document to keep with the value, not saved yet; None where none was given."""
        file, link = self.cleaned_data.get("evidence_file"), self.cleaned_data.get("evidence_link", "")
        if not file and not link:
            return None
        name = file.name if isinstance(file, UploadedFile) else link
        title = f"{self.indicator.code} {self.period.code}: {name}"[:250]
        return Document(title_en=title, file=file or "", link=link, created_by=by, updated_by=by)

    # What the template shows

    @property
    def opens_more(self) -> bool:
        """Whether something in the folded part is wrong."""
        return any(name.startswith(("part-", "evidence", "note")) for name in self.errors)

    @property
    def typed(self) -> str:
        """What was typed as the value, in the words of who typed it."""
        told = [str(self[name].data or "") for name in self.number_names]
        return " / ".join(told) if any(told) else str(dict(self.fields["state"].choices).get(self["state"].data, ""))  # type: ignore[attr-defined]

    @cached_property
    def numbers(self) -> list[Any]:
        return [self[name] for name in self.number_names]

    @property
    def remarks(self) -> list[Any]:
        """The fields of what may stand beside the numbers."""
        return [self[name] for name in REMARKS]

    @property
    def has_several(self) -> bool:
        return len(self.number_names) > 1

    @property
    def breakdowns(self) -> Iterator[tuple[Any, list[Any], str]]:
        """Yield each breakdown: its title, the fields of its parts, and how much of the total is in none of them."""
        observation = self.entry.observation
        for code in self.indicator.breakdowns:
            if code in DIMENSIONS:
                dimension = DIMENSIONS[code]
                fields = [self[f"part-{code}:{key}"] for key in dimension.parts]
                yield dimension.title, fields, unknown_in(observation, code, self.indicator)


def unknown_in(observation: Observation | None, dimension: str, indicator: Any) -> str:
    """Return what of a saved total no part accounts for, where the parts can be added up."""
    if observation is None or observation.value is None or not cells.has_additive_parts(indicator):
        return ""
    parts = {key: Decimal(part) for key, part in observation.parts.get(dimension, {}).items()}
    try:
        return cells.plain(with_unknown(observation.value, parts)[UNKNOWN])
    except ValueError:
        return ""


def initial_of(observation: Observation | None) -> dict[str, Any]:
    """Return what the fields of a value start with."""
    if observation is None:
        return {"state": Observation.State.VALUE}
    numbers = {name: cells.plain(getattr(observation, name)) for name in NUMBERS}
    parts = {f"part-{name}": cells.plain(part) for name, part in cells.flat(observation.parts).items()}
    known = {"state": observation.state, "note": observation.note, "expected": token_of(observation)}
    return known | numbers | parts


def token_of(observation: Observation) -> str:
    """Return which draft in which version is on the screen."""
    return f"{observation.pk}.{observation.version}"


class CorrectionForm(CellForm):
    """The form of a signed value's next version: the same, and why."""

    reason = forms.CharField(label=_("Why is it corrected?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
