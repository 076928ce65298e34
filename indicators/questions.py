"""Questions on values: they wait for an answer beside those on workshops, outcomes and actions."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from indicators.models import Observation
from programs.filters.questions import Place, add_place


def asked_about() -> Any:
    """Return the values that are not with their author: a draft is read by the ministry alone."""
    return Observation.objects.active().exclude(status=Observation.Status.DRAFT)


add_place(
    Place(
        "observation",
        _("A value"),
        asked_about,
        of_program=lambda program: Q(program=program),
        related=("observation__indicator", "observation__period"),
        asked=lambda value: [value.entered_by, value.changed_by],
        people=("entered_by", "changed_by"),
    )
)
