"""Writes that span several models of this app; callers wrap them in `writing("enterprises")`."""

from typing import Any

from django.utils.translation import gettext

from capred_portal.models import Document, User
from capred_portal.records import StaleRecord
from enterprises.models import Enterprise, LinkStage, SupplyLink
from enterprises.models.link import settle_stage

__all__ = ["NotSecond", "add_evidence", "may_verify", "settle_latest", "settle_stage", "stage_beside", "verify_link"]

# How far each stage is. It never falls from one day to the next, except that an ended link may begin again.
PLACES = {
    SupplyLink.Stage.INTRODUCED: 0,
    SupplyLink.Stage.SAMPLE: 1,
    SupplyLink.Stage.TRIAL: 2,
    SupplyLink.Stage.CONTRACT: 3,
    SupplyLink.Stage.REPEAT: 3,  # orders and contracts follow each other in any order
    SupplyLink.Stage.ENDED: 4,
}


class NotSecond(Exception):
    """Whoever wrote the link cannot verify it; the message says so in the reader's language."""


def may_verify(link: SupplyLink, user: User) -> bool:
    """Tell whether the user is a second person: one who neither entered nor last changed the link."""
    return user.pk not in (link.created_by_id, link.updated_by_id)


def verify_link(*, link: SupplyLink, by: User, expected: int) -> SupplyLink:
    """Confirm as a second person that the link, its stages and its evidence are right."""
    if link.version != expected:
        raise StaleRecord(link)
    if not may_verify(link, by):
        raise NotSecond(gettext("You entered or last changed this link; somebody else must verify it."))
    link.verify(by=by, expected=expected)
    return link


def add_evidence(*, link: SupplyLink, document: Document, by: User) -> SupplyLink:
    """Put a document with the link; what was verified did not have it, so somebody must look again."""
    stored = SupplyLink.objects.select_for_update(no_key=True).get(pk=link.pk)
    stored.evidence.add(document)
    stored.save_version(by=by, expected=stored.version)
    return stored


def stage_beside(stage: LinkStage) -> LinkStage | None:
    """Return the stage before or after this one that it contradicts: nothing goes back, except after an end."""
    others = stage.link.stages.active().exclude(pk=stage.pk) if stage.link.pk else LinkStage.objects.none()
    in_order = sorted([*others, stage], key=lambda one: (one.reached_on, one.pk or float("inf")))
    place = in_order.index(stage)
    before = in_order[place - 1] if place else None
    after = in_order[place + 1] if place + 1 < len(in_order) else None
    if before is not None and not follows(before, stage):
        return before
    if after is not None and not follows(stage, after):
        return after
    return None


def follows(before: LinkStage, after: LinkStage) -> bool:
    """Tell whether one stage can come after another."""
    if before.stage == SupplyLink.Stage.ENDED:
        return after.stage != SupplyLink.Stage.ENDED
    return PLACES[SupplyLink.Stage(before.stage)] <= PLACES[SupplyLink.Stage(after.stage)]


def settle_latest(enterprises: Any) -> None:
    """Let each of these firms point to its newest year on record, with one statement; no new version."""
    Enterprise.objects.filter(pk__in=enterprises).settle_latest()
