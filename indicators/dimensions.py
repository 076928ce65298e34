"""The breakdowns a value may come with: each dimension with its parts; what is in no part is unknown."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from capred_portal.figures import Words
from programs.models import Attendance, Outcome, Person

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Dimension:
    """One way to break a value down: its name, and its parts in order."""

    code: str
    title: Words
    parts: Mapping[str, Words]


DIMENSIONS: dict[str, Dimension] = {
    dimension.code: dimension
    for dimension in (
        Dimension("sex", _("Sex"), {key: label for key, label in Person.Sex.choices if key}),
        Dimension("disability", _("Disability"), {"yes": _("With disability"), "no": _("Without disability")}),
        Dimension("age", _("Age"), {key: label for key, label in Attendance.AgeBand.choices if key}),
        Dimension(
            "size",
            _("Size class"),
            {"micro": _("Micro"), "small": _("Small"), "medium": _("Medium"), "large": _("Large")},
        ),
        Dimension("kind", _("Kind of outcome"), dict(Outcome.Kind.choices)),
        Dimension("stage", _("Stage"), dict(Outcome.Stage.choices)),
        Dimension("ownership", _("Ownership"), {"women": _("Owned or led by women"), "others": _("Others")}),
    )
}


def part_title(part: str) -> Words:
    """Return the words for a part written as dimension:key, such as sex:female."""
    dimension, _colon, key = part.partition(":")
    return DIMENSIONS[dimension].parts[key] if key != UNKNOWN else _("Unknown")
