"""Form fields over goals and people, shared by several forms."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from capred_portal.keys import RecordsField
from capred_portal.matching import name_key, split_honorific
from capred_portal.templatetags.portal import bilingual
from programs.models import Goal, Person


class GoalChoiceIterator(forms.models.ModelChoiceIterator):
    """Goals grouped by strategy and pentagon, with their working titles for those who must choose."""

    def __iter__(self) -> Iterator[Any]:
        groups: dict[str, list[Any]] = {}
        for goal in self.queryset:
            head = goal.parent or goal
            name = str(goal.framework) if goal.kind == Goal.Kind.TARGET else f"{head.code} · {head.title}"
            groups.setdefault(name, []).append(self.choice(goal))
        yield from groups.items()


class GoalsField(RecordsField):
    """Tick the goals a workshop, program or outcome serves."""

    iterator = GoalChoiceIterator
    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        goals = Goal.objects.servable().select_related("framework", "parent", "parent__framework")
        super().__init__(goals, required=False, label=_("Goals served"), **kwargs)

    def label_from_instance(self, goal: Goal) -> str:
        """Show the working title of a goal nobody has verified, for it cannot be chosen by its number alone."""
        if not goal.working_title:
            return format_html("{} {}", goal.code, bilingual(goal, "title") if goal.is_confirmed else goal.title)
        return format_html(
            '{} <span lang="{}">{}</span> ({})',
            goal.code,
            "km" if goal.working_title == goal.title_km else "en",
            goal.working_title,
            _("to be confirmed"),
        )


class PeopleField(forms.CharField):
    """People by name, one per line: a known name is that person, a new name becomes a new person."""

    widget = forms.Textarea(attrs={"rows": 2})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) or value is None:
            return value
        people = Person.objects.filter(pk__in=[getattr(person, "pk", person) for person in value])
        return "\n".join(str(person) for person in people)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (self.prepare_value(initial) or "").split("\n") != (self.prepare_value(data) or "").split("\n")

    def clean(self, value: Any) -> list[Person]:
        lines = [line.strip() for line in (super().clean(value) or "").splitlines() if line.strip()]
        return [self.person(line) for line in lines]

    def person(self, line: str) -> Person:
        """Return the person of that name, or a new one that is not saved yet."""
        key = name_key(line)
        people = Person.objects.identified()
        known = people.filter(name_en_key=key) or people.filter(name_km_key=key)
        if known:
            return known[0]
        honorific, name = split_honorific(line)
        script = "name_km" if any("\u1780" <= letter <= "\u17ff" for letter in name) else "name_en"
        return Person(honorific=honorific, **{script: name})
