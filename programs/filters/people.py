"""Filters of the lists of people and attendances."""

from typing import Any

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from capred_portal.filters import LONGEST_SEARCH, SearchFilter, YearFilter, quarter_in
from capred_portal.models import Organisation
from enterprises.filters.choices import province_filter
from programs.filters.choices import GoalFilter, WorkshopNumberFilter, program_filter, serving
from programs.models import Attendance, Goal, Person, Workshop

UNKNOWN = "unknown"
COUNTED = [("came", _("Came")), ("people", _("People who came, each once")), ("first", _("Came for the first time"))]
YES = [("1", _("Yes"))]


def known_choices(choices: Any) -> list[tuple[str, Any]]:
    """Return the choices of a field with a word for the blank one, so that it can stand in an address."""
    return [(value or UNKNOWN, label) for value, label in choices.choices]


class WorkshopGoalFilter(GoalFilter):
    """Rows whose workshop serves a goal or one of its sides."""

    def filter(self, qs: Any, value: Goal | None) -> Any:
        return qs if value is None else qs.filter(workshop__in=serving(Workshop, value))


class AnswerFilter(django_filters.ChoiceFilter):
    """Rows with one answer; `unknown` keeps rows without one."""

    action = "people.read"  # who may ask by it

    def __init__(self, field_name: str, choices: Any, label: Any, **kwargs: Any) -> None:
        names = {"field_name": field_name, "label": label, "empty_label": _("Any")}
        super().__init__(choices=known_choices(choices), **names, **kwargs)

    def filter(self, qs: Any, value: str) -> Any:
        if not value:
            return qs
        return qs.filter(**{self.field_name: "" if value == UNKNOWN else value})


class AttendanceScopeFilter(django_filters.FilterSet):
    """Attendances by workshop, program, province, year and goal, and which of them count: open to every role."""

    workshop = WorkshopNumberFilter(field_name="workshop_id", label=_("Number of the workshop"))
    program = program_filter("workshop__program")
    province = province_filter("workshop__province")
    year = YearFilter(field_name="workshop__date")
    quarter = quarter_in("workshop__date")
    goal = WorkshopGoalFilter()
    of = django_filters.ChoiceFilter(
        choices=COUNTED, label=_("Count"), empty_label=_("Everybody on a list"), method="that_count"
    )

    class Meta:
        model = Attendance
        fields: list[str] = []

    def that_count(self, rows: Any, name: str, value: str) -> Any:
        """Keep the rows that count; it comes after the scope, for it looks at the rows in scope."""
        if value == "people":
            return rows.latest_each()
        return rows.first_times() if value == "first" else rows.filter(attended=True)


class AttendanceFilter(AttendanceScopeFilter):
    """The same, and by what people told about themselves: for those who keep the lists."""

    FIRST = ("q", "program", "province", "year", "sex")

    q = SearchFilter()
    sex = AnswerFilter("person__sex", Person.Sex, _("Sex"))
    age = AnswerFilter("age_band", Attendance.AgeBand, _("Age"))
    disability = AnswerFilter("disability", Attendance.Disability, _("Disability"))
    kind = django_filters.ChoiceFilter(
        choices=Organisation.Kind, label=_("Kind of organisation"), empty_label=_("Any"), method="of_kind"
    )

    def of_kind(self, rows: Any, name: str, value: str) -> Any:
        """Keep rows by kind of organisation; no organisation is a kind not stated."""
        same = Q(organisation__kind=value)
        return rows.filter(same | Q(organisation=None) if value == Organisation.Kind.UNKNOWN else same)


class PersonFilter(django_filters.FilterSet):
    """People by name, sex, and whether somebody should look for a double."""

    q = SearchFilter()
    sound = django_filters.CharFilter(label=_("Sounds like"), max_length=LONGEST_SEARCH, method="sounding_like")
    sex = AnswerFilter("sex", Person.Sex, _("Sex"))
    possible_duplicates = django_filters.ChoiceFilter(
        choices=YES, label=_("Possible duplicates"), empty_label=_("Any"), method="that_may_be_double"
    )

    class Meta:
        model = Person
        fields: list[str] = []

    def sounding_like(self, rows: Any, name: str, value: str) -> Any:
        """Keep people whose name sounds so, in whatever script it is written."""
        return rows.sounding_like(value)

    def that_may_be_double(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(is_possible_duplicate=True)
