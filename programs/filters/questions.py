"""Filters of the list of questions, and which questions stand."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from capred_portal.figures import Words
from capred_portal.filters import LONGEST_SEARCH, YearFilter, quarter_in
from capred_portal.models import Comment, User
from programs.filters.choices import WorkshopNumberFilter, program_filter
from programs.models import Action, Outcome, Program, Workshop

STATES = [("open", _("Open")), ("answered", _("Answered")), ("all", _("Open and answered"))]


def nothing(_value: Any) -> Q:
    return Q(pk__in=[])


def author(record: Any) -> list[User | None]:
    return [record.created_by]


@dataclass(frozen=True)
class Place:
    """A kind of record that questions hang on: its name on the thread, which stand, and which belong to what.

    An app further up adds its own in `questions.py`. `related` are paths to what the words for such a record need.
    `asked` returns who is to answer, and `people` are the paths to them.
    """

    name: str
    words: Words
    rows: Callable[[], QuerySet]
    of_program: Callable[[Program], Q]
    of_workshop: Callable[[int], Q] = nothing
    related: tuple[str, ...] = ()
    asked: Callable[[Any], Sequence[User | None]] = author
    people: tuple[str, ...] = ("created_by",)


PLACES: dict[str, Place] = {}


def add_place(place: Place) -> None:
    """Make a kind of record known to the list of questions."""
    PLACES[place.name] = place


add_place(
    Place(
        "workshop",
        _("A workshop"),
        Workshop.objects.active,
        of_program=lambda program: Q(program=program),
        of_workshop=lambda pk: Q(pk=pk),
    )
)
add_place(
    Place(
        "outcome",
        _("An outcome"),
        Outcome.objects.active,
        of_program=lambda program: Q(workshop__program=program),
        of_workshop=lambda pk: Q(workshop=pk),
    )
)
add_place(
    Place(
        "action",
        _("An action"),
        Action.objects.active,
        of_program=lambda program: (
            Q(program=program) | Q(workshop__program=program) | Q(outcome__workshop__program=program)
        ),
        of_workshop=lambda pk: Q(workshop=pk) | Q(outcome__workshop=pk),
        asked=lambda action: [action.owner_user or action.created_by],
        people=("owner_user", "created_by"),
    )
)


def on_records(conditions: Mapping[str, Q]) -> Q:
    """Return the condition that a comment hangs on a record that stands and meets the condition of its place.

    Said as "not on none of them": of alternatives SQLite would collect the comments thread by thread, and sort all.
    """
    on_none = Q()
    for name, condition in conditions.items():
        rows = PLACES[name].rows().filter(condition, thread__isnull=False).order_by()
        on_none &= ~Q(thread__in=rows.values("thread"))
    return ~on_none


def place_choices() -> list[tuple[str, Words]]:
    return [(place.name, place.words) for place in PLACES.values()]


def standing_questions() -> QuerySet[Comment]:
    """Return the questions on records that stand: of an archived record nobody waits for an answer."""
    return Comment.objects.questions().filter(on_records(dict.fromkeys(PLACES, Q())))


def related() -> list[str]:
    """Return the records questions may hang on, with what their words need, as paths from a question."""
    return [f"thread__{path}" for place in PLACES.values() for path in (place.name, *place.related)]


def answering() -> list[str]:
    """Return who is to answer questions, as paths from a question."""
    return [f"thread__{place.name}__{path}" for place in PLACES.values() for path in place.people]


def place_of(question: Comment) -> tuple[Place, Any]:
    """Return the kind of record a question hangs on, and that record."""
    found = ((place, getattr(question.thread, name, None)) for name, place in PLACES.items())
    return next((place, record) for place, record in found if record is not None)


class QuestionFilter(django_filters.FilterSet):
    """Questions by words, state, place, program and year; only open ones unless asked otherwise."""

    q = django_filters.CharFilter(
        field_name="text",
        lookup_expr="icontains",
        label=_("Search"),
        max_length=LONGEST_SEARCH,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    state = django_filters.ChoiceFilter(choices=STATES, label=_("State"), empty_label=None, method="in_state")
    place = django_filters.ChoiceFilter(
        choices=place_choices, label=_("Asked about"), empty_label=_("Any"), method="about"
    )
    who = django_filters.ChoiceFilter(
        choices=[("me", _("My questions"))], label=_("Asked by"), empty_label=_("Anybody"), method="asked_by"
    )
    program = program_filter(method="of_program")
    workshop = WorkshopNumberFilter(widget=forms.HiddenInput, method="of_workshop")
    year = YearFilter(field_name="created_at__date")
    quarter = quarter_in("created_at__date")

    class Meta:
        model = Comment
        fields: list[str] = []

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        data = data.copy() if data is not None else {}
        if not data.get("state"):
            data["state"] = "open"
        super().__init__(data, *args, **kwargs)

    def about(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(on_records({value: Q()}))

    def asked_by(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(created_by=self.request.user) if self.request else rows

    def in_state(self, rows: Any, name: str, value: str) -> Any:
        answered = Exists(Comment.objects.active().filter(answers=OuterRef("pk")))
        if value == "open":
            return rows.exclude(answered)
        return rows.filter(answered) if value == "answered" else rows

    def of_program(self, rows: Any, name: str, value: Program) -> Any:
        """Keep questions about a program's workshops, what came out of them, and what it reports."""
        return rows.filter(on_records({name: place.of_program(value) for name, place in PLACES.items()}))

    def of_workshop(self, rows: Any, name: str, value: Any) -> Any:
        """Keep questions about one workshop, and about what came out of it."""
        return rows.filter(on_records({name: place.of_workshop(int(value)) for name, place in PLACES.items()}))
