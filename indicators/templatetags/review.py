"""Template tags of the review: what a version says, and names as far as the reader may see them."""

from typing import Any

from django import template

from capred_portal.access import may
from capred_portal.models import User
from indicators.changes import value_of
from indicators.models import Observation, ReviewEvent

SIGNING = frozenset({ReviewEvent.Kind.VERIFY, ReviewEvent.Kind.ACCEPT, ReviewEvent.Kind.RETURN})

register = template.Library()


@register.filter
def mark(observation: Observation) -> str:
    """Write a value with its version on the screen, as a checkbox sends it."""
    return f"{observation.pk}:{observation.version}"


@register.filter
def said(observation: Observation) -> str:
    """Write what a version or an entry of a round says, with its unit."""
    return value_of(observation)


@register.filter
def name_for(person: User | None, reader: Any) -> str:
    """Write the name of somebody who works on values; the embassy sees the role of the ministry's staff."""
    if person is None:
        return "–"
    if may(reader, "people.read") or person.pk == getattr(reader, "pk", None):
        return str(person)
    return str(person.get_role_display())


@register.filter
def step_name(event: ReviewEvent, reader: Any) -> str:
    """Write who took a step: who signs or returns a value stands for it by name."""
    return str(event.by) if event.kind in SIGNING else name_for(event.by, reader)
