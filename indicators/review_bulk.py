"""Steps on several values at once: each in a transaction of its own, each with its own answer."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from capred_portal import access
from capred_portal.models import User
from capred_portal.records import StaleRecord
from indicators import mails, review, rounds
from indicators.completeness import with_people
from indicators.models import Observation

SIGN, RETURN = "sign", "return"


@dataclass(frozen=True)
class Pick:
    """A value somebody chose, and its version on the screen."""

    pk: int
    version: int

    @classmethod
    def read(cls, text: str) -> "Pick | None":
        """Return what a checkbox sent, such as 12:3; None for anything else."""
        pk, _colon, version = text.partition(":")
        if not (pk.isdecimal() and version.isdecimal() and len(text) < 40):
            return None
        return cls(int(pk), int(version))


@dataclass(frozen=True)
class Answer:
    """What became of one value: the value, and why not where the step was refused."""

    observation: Observation
    refusal: str = ""


def take_each(*, picks: Sequence[Pick], step: str, by: User, reason: str = "") -> list[Answer]:
    """Sign or return each value as the person's role may; return what became of each, in the order chosen."""
    rows = with_people(Observation.objects.active().filter(pk__in=[pick.pk for pick in picks])).in_bulk()
    chosen = {pick.pk: pick for pick in picks if pick.pk in rows}
    return [_take(rows[pk], pick.version, step, by, reason) for pk, pick in chosen.items()]


def _take(observation: Observation, version: int, step: str, by: User, reason: str) -> Answer:
    observation.version = version  # what was on the screen: the step is refused when it has moved since
    try:
        if step == RETURN:
            review.send_back(observation=observation, by=by, reason=reason)
        elif by.role == access.OFFICER:
            review.accept(observation=observation, by=by)
        else:
            review.verify(observation=observation, by=by)
    except review.NotAllowed as refusal:
        return Answer(observation, str(refusal))
    except StaleRecord:
        return Answer(observation, _("This value has moved meanwhile. Look at it again."))
    return Answer(observation)


def finish(answers: Sequence[Answer], *, step: str, by: User, site: str, reason: str = "") -> None:
    """Write to the authors, one mail for each of them and round, and mark rounds that are accepted now."""
    done = [answer.observation for answer in answers if not answer.refusal]
    moved = settle(done, by=by, site=site)
    rest = [row for row in done if (row.program_id, row.period.last_day) not in moved]
    if rest:
        mail = "returned" if step == RETURN else rest[0].status
        mails.tell_authors(rest, mail, by=by, site=site, reason=reason)


def settle(done: Sequence[Observation], *, by: User, site: str) -> set[tuple[int, datetime.date]]:
    """Mark rounds as accepted where these were the last values the embassy had to sign, and tell their people.

    Return the program and last day of each such round: its people need no other mail.
    """
    accepted = [row for row in done if row.status == Observation.Status.ACCEPTED]
    moved = rounds.settle_rounds(accepted, by=by) if accepted else []
    for report in moved:
        mails.tell_round(report, "round_accepted", mails.everybody_of(report, accepted), by=by, site=site)
    return {(report.program_id, report.period.last_day) for report in moved}
