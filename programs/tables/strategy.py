"""The tables of strategies and their goals; a title that nobody verified is not told."""

import django_filters
from django.utils.translation import gettext_lazy as _

from capred_portal.table_columns import coded, columns_of, filters_of, plural, titled
from capred_portal.tables import Column, Table, demo_column, number, register
from programs.models import Framework, Goal

KIND = django_filters.ChoiceFilter(choices=Goal.Kind, label=_("Kind"), empty_label=_("Any"))
STRATEGY = django_filters.ModelChoiceFilter(
    queryset=Framework.objects.active(),
    field_name="framework",
    to_field_name="code",
    label=_("Strategy"),
    empty_label=_("Any"),
)


def confirmed(title: str, confidence: str) -> str:
    """Return a title that somebody read in a source; another is to be confirmed and does not stand as official."""
    return "" if confidence == Goal.Confidence.GENERAL else title


register(
    Table(
        name="strategies",
        title=plural(Framework),
        list_url="strategy:index",
        rows=Framework.objects.active,
        filters=filters_of(Framework),
        columns=(
            number(),
            *columns_of(Framework, "code", "title_en", "title_km", "full_title_en", "full_title_km"),
            *columns_of(Framework, "first_year", "last_year", "source", "updated_at"),
            demo_column(),
        ),
    )
)

register(
    Table(
        name="goals",
        title=plural(Goal),
        rows=lambda: Goal.objects.active().filter(framework__archived_at=None),
        filters=filters_of(Goal, framework=STRATEGY, kind=KIND),
        columns=(
            number(),
            coded(Framework, "code", "framework"),
            *columns_of(Goal, "parent", "kind", "code"),
            Column("title_en", titled(_("title in English")), ("title_en", "confidence"), made=confirmed),
            Column("title_km", titled(_("title in Khmer")), ("title_km", "confidence"), made=confirmed),
            *columns_of(Goal, "confidence", "source", "updated_at"),
            demo_column(),
        ),
    )
)
