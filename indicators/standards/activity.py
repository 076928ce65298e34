"""What the IATI file of a program is made of, read from a constant number of queries; nothing invented is in it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Max, Q

from capred_portal.models import Organisation
from enterprises.models import Province
from indicators.models import Observation
from indicators.program_values import SignedSeries, signed_series
from indicators.versions import SIGNED
from programs.models import Program, ProgramBudget, ProgramPartner, ProgramSector, Support, Workshop

Role = ProgramPartner.Role

# Codes of OrganisationRole. IATI has none for advice: an adviser is not named.
ROLES = {Role.FUNDER: "1", Role.LEAD: "2", Role.IMPLEMENTER: "4", Role.PARTNER: "4"}


@dataclass(frozen=True)
class Activity:
    """A program with all its file says of it."""

    program: Program
    partners: Sequence[ProgramPartner]
    sectors: Sequence[ProgramSector]
    budgets: list[ProgramBudget]
    provinces: Sequence[Province]
    series: Sequence[SignedSeries]
    changed_at: dt.datetime

    @property
    def advisers(self) -> list[ProgramPartner]:
        """Partners whose role IATI has no code for."""
        return [partner for partner in self.partners if partner.role not in ROLES]

    @property
    def participants(self) -> list[ProgramPartner]:
        return [partner for partner in self.partners if partner.role in ROLES]

    @property
    def reporter(self) -> Organisation | None:
        """The partner whose identifier the program's begins with, as IATI asks; of several the longest."""
        found = [
            partner.organisation
            for partner in self.partners
            if (ref := partner.organisation.iati_identifier) and self.program.iati_identifier.startswith(f"{ref}-")
        ]
        return max(found, key=lambda organisation: len(organisation.iati_identifier), default=None)


def activity_of(program: Program) -> Activity:
    """Return what the file of a program says, with its rows that are active and not invented."""
    real = {"program": program, "is_demo": False}
    latest = Observation.objects.shown().filter(program=program, is_demo=False).aggregate(at=Max("updated_at"))["at"]
    partners = ProgramPartner.objects.active().filter(**real, organisation__is_demo=False)
    budgets = list(ProgramBudget.objects.active().filter(**real))
    return Activity(
        program=program,
        partners=list(partners.select_related("organisation").order_by("pk")),
        sectors=list(ProgramSector.objects.active().filter(**real)),
        budgets=budgets,
        provinces=provinces_of(program),
        series=signed_series(program),
        changed_at=max(filter(None, (program.updated_at, latest, *(line.updated_at for line in budgets)))),
    )


def provinces_of(program: Program) -> Sequence[Province]:
    """Return the provinces of its workshops, of the firms it supported, and of its values."""
    real = {"program": program, "is_demo": False}
    places = (
        Workshop.objects.active().filter(**real).values("province"),
        Support.objects.active().filter(**real, enterprise__is_demo=False).values("enterprise__province"),
        Observation.objects.shown().filter(**real, status__in=SIGNED).values("province"),
    )
    anywhere = Q()
    for place in places:
        anywhere |= Q(pk__in=place)
    return list(Province.objects.filter(anywhere))
