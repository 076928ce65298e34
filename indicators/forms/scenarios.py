"""Forms of the scenario desk: its lines, its uncertainty, and the words under which a scenario is kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from capred_portal.form_fields import KhmerDecimalField
from capred_portal.forms import RecordForm
from indicators.inputs.scenario_questions import (
    EVERY,
    FIELDS,
    FINAL,
    MOST_LINES,
    SPREAD,
    Demand,
    Question,
    Shift,
    lines_in,
)
from indicators.inputs.scenarios import problems_of
from indicators.inputs.tables import sector_titles, table_asked
from indicators.models import InputOutputTable, Scenario

UNKNOWN = {"invalid_choice": _("“%(value)s” is no sector of this table. Choose one from the list.")}
CHOOSE = ("", _("Choose"))
MORE_THAN_ALL = _("More than all of it: the lines for this input and buyer add up to %(sum)s %%.")


class ShiftForm(forms.Form):
    """How much of which imported input, bought by whom, is to be made at home."""

    bought = forms.ChoiceField(label=_("Imported input"), error_messages=UNKNOWN)
    buyer = forms.ChoiceField(label=_("Bought by"), error_messages=UNKNOWN)
    share = KhmerDecimalField(label=_("Share made at home, %"), max_digits=5, min_value=0, max_value=100)

    def __init__(self, *args: Any, titles: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sectors = list(titles.items())
        everybody = [(EVERY, _("All sectors")), (FINAL, _("Final demand"))]
        put_choices(self.fields["bought"], [CHOOSE, *sectors])
        put_choices(self.fields["buyer"], [CHOOSE, *everybody, *sectors])

    @property
    def line(self) -> Shift | None:
        """The line of a valid form."""
        return Shift(**self.cleaned_data) if self.is_valid() else None


class DemandForm(forms.Form):
    """How much more, or with a minus less, of the products of a sector is wanted."""

    sector = forms.ChoiceField(label=_("Sector"), error_messages=UNKNOWN)
    change = KhmerDecimalField(label=_("Change of final demand"), max_digits=18)

    def __init__(self, *args: Any, titles: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put_choices(self.fields["sector"], [CHOOSE, *titles.items()])

    @property
    def line(self) -> Demand | None:
        """The line of a valid form."""
        return Demand(**self.cleaned_data) if self.is_valid() else None


class SpreadForm(forms.Form):
    """The one stated uncertainty."""

    spread = KhmerDecimalField(
        label=_("Uncertainty, ± %"),
        help_text=_("Of every share and change above: the low and the high case."),
        max_digits=5,
        min_value=0,
        max_value=100,
    )


def put_choices(field: Any, choices: Sequence[tuple[str, Any]]) -> None:
    field.choices = choices


class DeskForm:
    """The lines of the desk as the address has them, each checked beside its fields; blank lines ask nothing."""

    def __init__(self, given: QueryDict, titles: Mapping[str, str]) -> None:
        lines = lines_in(given)
        shifts = lines["shift"] or [("", "", "")]  # a first line to fill in
        self.shifts = [self.line_form(ShiftForm, "shift", *line, titles) for line in enumerate(shifts)]
        self.demand = [self.line_form(DemandForm, "demand", *line, titles) for line in enumerate(lines["demand"])]
        self.spread = SpreadForm({"spread": given.get("spread") or str(SPREAD)})
        self.has_too_many = any(len(given.getlist(kind)) > MOST_LINES for kind in FIELDS)
        self.check_sums(titles)

    @staticmethod
    def line_form(form: type[Any], kind: str, place: int, texts: Sequence[str], titles: Mapping[str, str]) -> Any:
        """Return the form of one line; a blank one is not bound, so that nothing is wrong with it yet."""
        prefix = f"{kind}-{place}"
        typed = {f"{prefix}-{field}": text for field, text in zip(FIELDS[kind], texts, strict=True)}
        return form(typed if any(texts) else None, prefix=prefix, titles=titles)

    @property
    def forms(self) -> list[Any]:
        """The forms of all lines and of the uncertainty."""
        return [*self.shifts, *self.demand, self.spread]

    @property
    def is_valid(self) -> bool:
        """Whether nothing that was typed is wrong."""
        return not self.has_too_many and not any(form.is_bound and form.errors for form in self.forms)

    @property
    def question(self) -> Question | None:
        """What is asked, where nothing is wrong with it."""
        if not self.is_valid:
            return None
        shifts, demand = ([form.line for form in forms if form.is_bound] for forms in (self.shifts, self.demand))
        return Question.of(shifts, demand, self.spread.cleaned_data["spread"])

    @property
    def state(self) -> tuple[Any, ...]:
        """What a form with nothing wrong in it shows, line by line; None stands for a blank line."""
        lines = [[form.line if form.is_bound else None for form in forms] for forms in (self.shifts, self.demand)]
        return (*lines, self.spread.cleaned_data["spread"])

    def check_sums(self, titles: Mapping[str, str]) -> None:
        """Refuse the line with which the shares of one input and buyer come to more than 100 %."""
        moved: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for form in self.shifts:
            line = form.line if form.is_bound else None
            if line is None:
                continue
            buyers = titles if line.buyer == EVERY else [line.buyer]
            for buyer in buyers:
                moved[line.bought, buyer] += line.share
            most = max(moved[line.bought, buyer] for buyer in buyers)
            if most > 100:
                form.add_error("share", MORE_THAN_ALL % {"sum": format(most.normalize(), "f")})

    def refuse(self, problems: Mapping[Shift | Demand, tuple[str, Any]]) -> None:
        """Write what the table itself has against a line beside its field."""
        for form in [*self.shifts, *self.demand]:
            if form.is_bound and form.line in problems:
                form.add_error(*problems[form.line])


class QuestionField(forms.CharField):
    """What a scenario asks, as the parameters of its address."""

    widget = forms.HiddenInput

    def from_history(self, base: Any) -> str:
        """Return what an earlier version of a scenario asked."""
        return Question.kept(base).query(base.table_id)


class ScenarioForm(RecordForm):
    """The title and the note under which a scenario is kept; what it asks comes with it."""

    pairs = ("title",)

    question = QuestionField(label=_("What is asked"), max_length=8_000)

    field_order = ["title_en", "title_km", "note_en", "note_km", "question"]

    class Meta(RecordForm.Meta):
        model = Scenario
        fields = ["title_en", "title_km", "note_en", "note_km"]
        widgets = {"note_en": forms.Textarea(attrs={"rows": 3}), "note_km": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial.setdefault("question", Question.kept(self.instance).query(self.instance.table_id))

    def clean_question(self) -> str:
        """Read what is asked into the scenario; refuse what the desk would refuse."""
        given = QueryDict(self.cleaned_data["question"])
        table = table_asked(given)
        question = question_of(table, given) if table and given.get("table") == str(table.pk) else None
        if not table or not question or problems_of(table, question):
            raise forms.ValidationError(_("Nothing can be kept of this. Go back to the desk and compute it first."))
        self.instance.table, self.instance.is_demo = table, table.is_demo
        question.keep_in(self.instance)
        return question.query(table.pk)


def question_of(table: InputOutputTable, given: QueryDict) -> Question | None:
    """Return the question in the parameters of an address, or None where something is wrong with it."""
    return DeskForm(given, sector_titles(table)).question
