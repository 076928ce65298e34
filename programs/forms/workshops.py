"""Forms of a workshop and of its parts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from capred_portal.form_fields import KhmerDateField
from capred_portal.forms import OrganisationField, RecordForm, WithOrganisation
from capred_portal.languages import is_khmer
from programs.forms.fields import GoalsField, PeopleField
from programs.models import AgendaItem, Program, Theme, Workshop, WorkshopHost


class WorkshopStartForm(WithOrganisation, RecordForm):
    """The four things that make a workshop: title, date, host, program. The rest follows when there is time."""

    organisation_name = "host"

    title = forms.CharField(label=_("Title"), max_length=250, help_text=_("In Khmer or English; the other can follow."))
    date = KhmerDateField(label=_("Date"), help_text=_("Day first, for example 14/08/2024."))
    host = OrganisationField(label=_("Host"))
    program = forms.ModelChoiceField(
        Program.objects.active(), label=_("Program"), required=False, empty_label=_("None, or not known yet")
    )
    summary = forms.CharField(
        label=_("Summary"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 6})
    )

    field_order = ["title", "date", "host", "program", "summary"]

    class Meta(RecordForm.Meta):
        model = Workshop
        fields = ["date", "program"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.initial.get("summary") and self.add_prefix("summary") not in self.data:
            del self.fields["summary"]  # asked only where the page before has begun one

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in ("title", "summary"):
            if text := cleaned.get(name):
                setattr(self.instance, f"{name}_km" if is_khmer(text) else f"{name}_en", text)
        return cleaned

    def before_save(self, by: Any) -> None:
        """Create a new host organisation first; the link to it follows the workshop."""
        if self.pending is not None:
            self.pending.created_by = self.pending.updated_by = by
            self.pending.save()


class WorkshopForm(RecordForm):
    """All about a workshop except its lists."""

    pairs = ("title",)

    goals = GoalsField()

    class Meta(RecordForm.Meta):
        model = Workshop
        fields = [
            "title_en",
            "title_km",
            "date",
            "end_date",
            "starts_at",
            "ends_at",
            "program",
            "province",
            "venue_en",
            "venue_km",
            "head_count",
            "summary_en",
            "summary_km",
            "topics",
            "goals",
            "goals_confirmed",
        ]
        widgets = {
            "topics": forms.CheckboxSelectMultiple,
            "summary_en": forms.Textarea(attrs={"rows": 6}),
            "summary_km": forms.Textarea(attrs={"rows": 6}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["program"].queryset = Program.objects.active()  # type: ignore[attr-defined]
        self.fields["topics"].queryset = Theme.objects.all()  # type: ignore[attr-defined]
        for name in ("program", "province"):
            self.fields[name].empty_label = _("Not stated")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("date"), cleaned.get("end_date")
        if first and last and last < first:
            self.add_error("end_date", _("The last day is before the first day."))
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts and ends and ends <= starts and not (first and last and last > first):
            self.add_error("ends_at", _("The workshop ends before it starts."))
        return cleaned


class HostForm(WithOrganisation, RecordForm):
    """An organisation that hosted the workshop, and as what."""

    organisation = OrganisationField()

    class Meta(RecordForm.Meta):
        model = WorkshopHost
        fields = ["organisation", "role"]


class AgendaItemForm(RecordForm):
    """A point of the agenda with its speakers."""

    pairs = ("title",)

    speakers = PeopleField(label=_("Speakers"), required=False, help_text=_("One name per line."))

    class Meta(RecordForm.Meta):
        model = AgendaItem
        fields = ["starts_at", "title_en", "title_km", "speakers"]

    def before_save(self, by: Any) -> None:
        """Create speakers who are new to the portal."""
        for person in self.cleaned_data["speakers"]:
            if person.pk is None:
                person.created_by = person.updated_by = by
                person.save()
