"""One value for its page: its versions, what rounds reported of it, its parts, its steps, and what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from capred_portal import access
from capred_portal.models import User
from indicators.analytics.aggregation import Aggregate
from indicators.breakdowns import Breakdown, breakdown, is_one_of_several
from indicators.cells import flat
from indicators.changes import Change, change_between
from indicators.completeness import with_people
from indicators.dimensions import DIMENSIONS
from indicators.models import Observation, ReviewEvent, RoundEntry
from indicators.readings import Reading, measured
from indicators.review import wrote

Status = Observation.Status
SIGNED = (Status.VERIFIED, Status.ACCEPTED)


@dataclass(frozen=True)
class Version:
    """One version of a value, and how it moved from the one before; what is worked on is not the embassy's to see."""

    observation: Observation
    change: Change | None
    is_hidden: bool


def versions_of(observation: Observation, reader: User) -> list[Version]:
    """Return all versions of a value, oldest first."""
    rows = with_people(Observation.objects.active().filter(slot=observation.slot))
    rows = rows.select_related("submitted_by", "verified_by", "accepted_by", "evidence")
    versions: list[Version] = []
    before: Observation | None = None
    for row in rows.order_by("number"):
        hidden = row.status == Status.DRAFT and not access.may(reader, "people.read")
        versions.append(Version(row, None if hidden else change_between(before, row), hidden))
        before = row
    return versions


def entries_of(observation: Observation) -> list[RoundEntry]:
    """Return what rounds reported of a value, oldest first."""
    entries = RoundEntry.objects.filter(observation__slot=observation.slot, round__archived_at=None)
    related = ("round__program", "round__period", "observation__indicator")
    return list(entries.select_related(*related).order_by("pk"))


def events_of(observation: Observation) -> list[ReviewEvent]:
    """Return the steps of all versions of a value, oldest first."""
    events = ReviewEvent.objects.filter(observation__slot=observation.slot, observation__archived_at=None)
    return list(events.select_related("by", "observation").order_by("pk"))


def parts_of(observation: Observation, *, hides_small_cells: bool) -> list[Breakdown]:
    """Return the parts of one value by each dimension it tells, with what is unknown.

    Who may not see small cells gets the parts of a place only where it is the only one its program tells.
    """
    if observation.value is None:
        return []
    indicator, told = observation.indicator, flat(observation.parts)
    fields = {name: getattr(observation, name) for name in ("state", "value", "numerator", "denominator", "weight")}
    period = observation.period
    said = Aggregate(measured(indicator, fields), 1, 0)
    reading = Reading(period.code, period.first_day, period.last_day, said)
    dimensions = [code for code in observation.parts if code in DIMENSIONS]
    several = hides_small_cells and Observation.objects.filter(is_one_of_several(), pk=observation.pk).exists()
    return [
        breakdown(indicator, code, reading, told, {}, hides_small_cells, is_one_of_several=several)
        for code in dimensions
    ]


# What the reader may do now


def steps_for(observation: Observation, versions: Sequence[Version], user: User) -> dict[str, bool]:
    """Return which steps a person may take with a version now, as review.py would let them."""
    status, newest = observation.status, versions[-1].observation.pk == observation.pk
    writes, verifies = access.may(user, "observation.write"), access.may(user, "observation.verify")
    embassy = access.may(user, "observation.accept") and observation.indicator.needs_embassy
    accepts = embassy and status == Status.VERIFIED
    returns = accepts or (verifies and status in (Status.SUBMITTED, Status.VERIFIED))
    own = verifies and status == Status.SUBMITTED and wrote(observation, user)
    return {
        "edit": writes and status == Status.DRAFT,
        "submit": writes and status == Status.DRAFT,
        "withdraw": writes and status == Status.SUBMITTED and observation.submitted_by_id == user.pk,
        "verify": verifies and status == Status.SUBMITTED and not own,
        "wait": own,
        "accept": accepts,
        "return": newest and returns,
        "correct": newest and writes and status in SIGNED,
    }


def next_words(observation: Observation) -> dict[str, Any]:
    """Return whose signature is still to come."""
    both = observation.indicator.needs_embassy
    return {
        "ministry": observation.status in (Status.DRAFT, Status.SUBMITTED),
        "embassy": both and observation.status != Status.ACCEPTED,
    }
