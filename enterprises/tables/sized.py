"""The size class of a firm as a column: by the official definition of its latest year, asked for when a table is."""

from typing import Any

from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _

from capred_portal.tables import Column
from enterprises.models import SizeDefinition
from enterprises.sizes import ORDER, Sizes


class SizeRank(Combinable):
    """The place of a firm's size class, from 1 for micro; 0 for none. The definitions are read when it is used."""

    default_alias = "size_rank"

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
        return Sizes(SizeDefinition.objects.all()).rank().resolve_expression(*args, **kwargs)


def class_of(rank: int) -> str:
    return ORDER[rank - 1] if rank else ""


SIZE_CLASS = Column(
    "size_class", _("Size class"), (SizeRank(),), made=class_of, choices=SizeDefinition.SizeClass.choices
)
