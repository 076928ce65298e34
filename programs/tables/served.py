"""What tables of programs, workshops and outcomes share: their parts, and which of them serves which goal."""

from collections.abc import Callable
from typing import Any

from capred_portal.table_columns import by_number, coded, columns_of, demo_column_of, filters_of, one, plural, titled
from capred_portal.tables import Table, number, register
from programs.filters.choices import program_filter
from programs.models import Framework, Goal


def parts(model: Any, whole: str) -> Callable[[], Any]:
    """Return the function that finds the active parts of what is active itself."""
    return lambda: model.objects.active().filter(**{f"{whole}__archived_at": None})


def register_goals(model: Any, *, program: str, **standing: Any) -> Table:
    """Register the table of the goals that rows of a model serve; `program` is the path from a row to its program."""
    pairs, name = model.goals.through, str(model._meta.model_name)
    active = {f"{name}__archived_at": None, "goal__archived_at": None, **standing}
    filters: dict[str, Any] = {name: by_number(name, titled(model._meta.verbose_name))}
    filters |= {"program": program_filter(program)} if program != name else {}
    return register(
        Table(
            name=f"{name}-goals",
            title=titled(plural(model), plural(Goal)),
            row=one(model, Goal),
            rows=lambda: pairs.objects.filter(**active),
            filters=filters_of(pairs, **filters),
            demo=f"{name}__is_demo",
            columns=(
                number(),
                *columns_of(pairs, name, "goal"),
                coded(Framework, "code", "goal__framework"),
                coded(Goal, "code", "goal"),
                *columns_of(model, "goals_confirmed", at=name),
                demo_column_of(name),
            ),
        )
    )
