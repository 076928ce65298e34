"""The tables of questions, and of all that was asked, answered and remarked on records that stand."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from capred_portal.models import Comment
from capred_portal.table_columns import and_since, columns_of, filters_of, one, plural, titled
from capred_portal.tables import Column, Table, demo_column, number, register
from indicators.models import Observation
from programs.filters.questions import PLACES, QuestionFilter, on_records, standing_questions
from programs.models import Action, Outcome, Workshop

KIND = django_filters.ChoiceFilter(choices=Comment.Kind, label=_("Kind"), empty_label=_("Any"))
HANGS_ON = {"workshop": Workshop, "outcome": Outcome, "action": Action, "observation": Observation}


def standing() -> QuerySet[Any]:
    """Return what was said on records that stand."""
    return Comment.objects.active().filter(on_records(dict.fromkeys(PLACES, Q())))


def author(name_en: str | None, name_km: str | None, username: str | None) -> str:
    """Return the name of who wrote it as pages have it."""
    return name_en or name_km or username or ""


def is_answered() -> Any:
    return Exists(Comment.objects.active().filter(answers=OuterRef("pk")))


WRITTEN = (
    *columns_of(Comment, "text"),
    Column(
        "author",
        _("Written by"),
        ("created_by__full_name_en", "created_by__full_name_km", "created_by__username"),
        made=author,
    ),
    *columns_of(Comment, "created_at"),
    *(
        Column(f"{place}_id", titled(one(model), _("Number")), (f"thread__{place}__id",), kind="integer")
        for place, model in HANGS_ON.items()
    ),
)

register(
    Table(
        name="questions",
        title=_("Questions"),
        row=_("Question"),
        list_url="questions:list",
        rows=standing_questions,
        filters=and_since(QuestionFilter),
        columns=(
            number(),
            *WRITTEN,
            Column("is_answered", _("Answered"), (is_answered(),), kind="yes or no"),
            *columns_of(Comment, "updated_at"),
            demo_column(),
        ),
    )
)

register(
    Table(
        name="comments",
        title=plural(Comment),
        rows=standing,
        filters=filters_of(Comment, kind=KIND),
        columns=(
            number(),
            *columns_of(Comment, "kind"),
            Column("answers_id", titled(_("Question"), _("Number")), ("answers_id",), kind="integer"),
            *WRITTEN,
            *columns_of(Comment, "updated_at"),
            demo_column(),
        ),
    )
)
