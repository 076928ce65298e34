"""Filter of the links that programs and workshops brought about."""

from typing import Any

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from enterprises.filters.links import LinkFilter
from enterprises.models import SupplyLink
from programs.models import LinkAttribution, Program

NO_PROGRAM = ("none", _("Workshops of no program"))
UNATTRIBUTED = ("unattributed", _("Not attributed"))


def program_choices() -> list[tuple[str, Any]]:
    """Return the programs, then what belongs to none."""
    return [*((one.slug, str(one)) for one in Program.objects.active()), NO_PROGRAM, UNATTRIBUTED]


def shares_of(program: str) -> Any:
    """Return the shares of a program and of its workshops; "none": of workshops without a program."""
    shares = LinkAttribution.objects.standing()
    if program == NO_PROGRAM[0]:
        return shares.filter(program=None, workshop__program=None)
    return shares.filter(Q(program__slug=program) | Q(workshop__program__slug=program))


class AttributedLinkFilter(LinkFilter):
    """The ledger by what brought its links about; a workshop's share is its program's."""

    FIRST = ("program", *LinkFilter.FIRST)

    program = django_filters.ChoiceFilter(
        choices=program_choices, label=_("Brought about by"), empty_label=_("Anybody"), method="brought_about_by"
    )

    class Meta:
        model = SupplyLink
        fields: list[str] = []

    def brought_about_by(self, rows: Any, name: str, value: str) -> Any:
        """Keep links of which this program has a share, or of which a part is nobody's."""
        if value == UNATTRIBUTED[0]:
            return rows.filter(attributed_pct__lt=100)
        return rows.filter(pk__in=shares_of(value).order_by().values("link"))
