"""What firms say of their owners: run by women, with disability; for those alone who read firms."""

from typing import Any

import django_filters
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext_lazy as _

from capred_portal.figures import Words

YES, NO, SILENT = "yes", "no", "none"
CHOICES = [(YES, _("Yes")), (NO, _("No")), (SILENT, _("Not stated"))]
COLUMNS = {"women": ("is_women_owned", "is_women_led"), "disability": ("owner_has_disability",)}
TITLES: dict[str, Words] = {"women": _("Owned or led by women"), "disability": _("Owner with disability")}
LABELS: dict[str, dict[str, Words]] = {
    "women": {
        YES: _("Owned or led by women"),
        NO: _("Neither owned nor led by women"),
        SILENT: _("Not stated"),
    },
    "disability": {YES: _("Owner with disability"), NO: _("Owner without disability"), SILENT: _("Not stated")},
}


def any_of(question: str, firm: str, **answer: Any) -> Q:
    """Return the condition that one of the columns of a question has this answer."""
    condition = Q()
    for column in COLUMNS[question]:
        for lookup, value in answer.items():
            condition |= Q(**{f"{firm}{column}__{lookup}": value})
    return condition


def answer_of(question: str, firm: str = "") -> Case:
    """Return what a firm says, as yes, no or none; `firm` is the path to it from the rows, with its underscores.

    A firm that answers one of two columns with no and leaves the other blank says no.
    """
    return Case(
        When(any_of(question, firm, exact=True), then=Value(YES)),
        When(any_of(question, firm, exact=False), then=Value(NO)),
        default=Value(SILENT),
    )


class OwnerFilter(django_filters.ChoiceFilter):
    """Rows by what a firm says of its owners; `none` keeps those that do not say."""

    def __init__(self, question: str, firm: str = "", **kwargs: Any) -> None:
        self.question, self.firm = question, firm
        super().__init__(**{"choices": CHOICES, "label": TITLES[question], "empty_label": _("Any")} | kwargs)

    def filter(self, qs: Any, value: str) -> Any:
        if not value:
            return qs
        if value == YES:
            return qs.filter(any_of(self.question, self.firm, exact=True))
        return qs.alias(owners_say=answer_of(self.question, self.firm)).filter(owners_say=value)
