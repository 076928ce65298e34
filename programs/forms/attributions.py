"""Forms of the shares of a link that programs and workshops brought about."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from capred_portal.forms import RecordForm
from capred_portal.matching import search_key
from enterprises.forms.fields import MARK, ChosenField
from programs.models import LinkAttribution, Program, Workshop


def workshop_text(workshop: Workshop) -> str:
    """Return what stands for a workshop in a form: its title, first day and number."""
    return f"{workshop}{MARK}{date_format(workshop.date, 'Y-m-d')}{MARK}#{workshop.pk}"


class WorkshopField(ChosenField):
    """A workshop by its title; where several have that title, by its number as well."""

    default_error_messages = {
        "unknown": _("No workshop has this title. Choose one from the list."),
        "several": _("Several workshops have this title. Choose one from the list, with its number."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Workshop"))
        kwargs.setdefault("max_length", 320)
        super().__init__(Workshop.objects.active(), "attributions:workshops", **kwargs)

    def text_of(self, record: Workshop) -> str:
        return workshop_text(record)

    def find(self, text: str) -> Workshop:
        found = list(self.found(text)[:2])
        if len(found) != 1:
            code = "several" if found else "unknown"
            raise forms.ValidationError(self.error_messages[code], code=code)
        return found[0]

    def found(self, text: str) -> QuerySet[Workshop]:
        """Return the workshops the text can mean: by number behind the mark, by exact title."""
        number = text.rpartition(MARK.strip())[2].strip().removeprefix("#")
        if MARK.strip() in text and number.isdecimal() and len(number) < 19:
            by_number: QuerySet[Workshop] = self.queryset.filter(pk=int(number))
            return by_number
        key = search_key(text)
        keys = [workshop.pk for workshop in self.queryset.search(text)[:50] if key in titles_of(workshop)]
        by_title: QuerySet[Workshop] = self.queryset.filter(pk__in=keys)
        return by_title


def titles_of(workshop: Workshop) -> set[str]:
    """Return a workshop's titles as search compares them."""
    return {search_key(title) for title in (workshop.title_en, workshop.title_km) if title}


class AttributionForm(RecordForm):
    """The share of a link that a program, or one workshop, brought about."""

    workshop = WorkshopField(required=False, help_text=_("In place of the program, when one workshop did it."))

    field_order = ["program", "workshop", "share_pct"]

    class Meta(RecordForm.Meta):
        model = LinkAttribution
        fields = ["program", "workshop", "share_pct"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_demo = self.instance.is_demo
        program: Any = self.fields["program"]
        program.queryset = Program.objects.active().filter(is_demo=is_demo)
        program.empty_label = _("None: a workshop")
        workshop: Any = self.fields["workshop"]
        workshop.queryset = workshop.queryset.filter(is_demo=is_demo)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.instance.creation_token = cleaned.get("creation_token") or self.instance.creation_token
        if {"program", "workshop"} & set(self.errors):
            return cleaned
        program, workshop = cleaned.get("program"), cleaned.get("workshop")
        if bool(program) == bool(workshop):
            self.add_error("program", _("Choose a program or a workshop, one of the two."))
        elif self.others().filter(program=program, workshop=workshop).exists():
            self.add_error("program" if program else "workshop", _("It has a share here already. Correct that one."))
        return cleaned

    def others(self) -> QuerySet[LinkAttribution]:
        """Return the other active shares of the link, without the one this very form has made."""
        shares = LinkAttribution.objects.active().filter(link=self.instance.link_id).exclude(pk=self.instance.pk)
        token = self.cleaned_data.get("creation_token")
        return shares.exclude(creation_token=token, creation_digest=self.digest()) if token else shares
