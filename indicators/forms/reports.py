"""Forms of reports: what may be chosen, and for whom and how long a link to a frozen one is."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from indicators.models import Period
from programs.models import Program, Workshop

DAYS = (7, 30, 90)
MOST_PERIODS, MOST_WORKSHOPS = 24, 50


def choices_of_program() -> list[Program]:
    """Return the programs a report may be about."""
    return list(Program.objects.active().only("slug", "title_en", "title_km", "is_demo"))


def choices_of_period() -> list[Period]:
    """Return the quarters that have begun and that anybody asked for before, newest first."""
    begun = Period.objects.quarters().filter(first_day__lte=timezone.localdate())
    return list(begun.order_by("-first_day")[:MOST_PERIODS])


def recent_workshops() -> list[Workshop]:
    """Return the workshops held last; the report on another is reached from its page."""
    return list(Workshop.objects.held().only("title_en", "title_km", "date", "is_demo")[:MOST_WORKSHOPS])


class ShareForm(forms.Form):
    """For whom a link to a frozen report is, and until when it opens."""

    note = forms.CharField(
        label=_("For whom"),
        max_length=100,
        help_text=_("An office rather than a name; you see it in the list of links."),
    )
    days = forms.TypedChoiceField(label=_("The link opens for"), coerce=int, initial=DAYS[1])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["days"]
        field.choices = [(days, _("%(days)s days") % {"days": days}) for days in DAYS]
