"""Mails of the review: one for each person and round, in the person's language, kept with the writes they tell of."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from capred_portal import access
from capred_portal.mails import post
from capred_portal.models import User
from capred_portal.reminder_mails import foot
from capred_portal.reminders import REGISTRY, tell_now
from indicators.completeness import Line
from indicators.models import Observation, ProgramIndicator, ReportingRound
from indicators.reminders import KINDS, event_keys


def tell(
    people: Iterable[User | None],
    template: str,
    context: Mapping[str, Any],
    *,
    site: str,
    rows: Iterable[Observation] = (),
    always: bool = False,
) -> int:
    """Write one mail to each person who has an address, within the transaction; return to how many.

    Who wants to hear of this kind of thing later, or never, gets none of these mails; for all others what it tells, of
    `rows` or of the round, counts as told. `always` where somebody asked for the mail by hand. The first line of the
    template is the subject. `site` is the address of the portal, for the links.
    """
    reached = {person.pk: person for person in people if person and person.is_active and person.email}
    with transaction.atomic():
        keys = event_keys(template, rows, context.get("report"))
        eager = tell_now(KINDS[template], reached, keys, everybody=always)
        written = [person for person in reached.values() if always or person.pk in eager]
        for person in written:
            subject, body = mail_text(person, template, {**context, "person": person, "site": site})
            post(template, person.email, subject, body, person=person)
    return len(written)


def mail_text(person: User, template: str, context: Mapping[str, Any]) -> tuple[str, str]:
    """Return subject and text of a mail in the language of its reader."""
    with override(person.language):
        text = render_to_string(f"review/mail/{template}.txt", dict(context)).strip()
        subject, _line, body = text.partition("\n")
        ending = foot(person, [REGISTRY[KINDS[template]]], context["site"])
    return subject.strip(), f"{body.strip()}\n\n{ending}"


def tell_authors(done: Sequence[Observation], step: str, *, by: User, site: str, reason: str = "") -> int:
    """Tell the authors of values what a bulk step did to them: one mail for each author, program and period."""
    groups: dict[tuple[Any, Any, Any], list[Observation]] = defaultdict(list)
    authors: dict[int, User] = {}
    for observation in done:
        for author in {observation.entered_by, observation.changed_by}:
            if author is not None and author != by:
                authors[author.pk] = author
                groups[author.pk, observation.program_id, observation.period_id].append(observation)
    sent = 0
    for (author, _program, _period), group in groups.items():
        sent += tell([authors[author]], step, about(group) | {"by": by, "reason": reason}, site=site, rows=group)
    return sent


def about(group: Sequence[Observation]) -> dict[str, Any]:
    """Return what a mail says of values of one program and period."""
    return {"lines": group, "program": group[0].program or _("Cambodia"), "period": group[0].period}


def tell_round(
    report: ReportingRound, template: str, people: Iterable[User], *, by: User, site: str, **more: Any
) -> int:
    """Tell people that a round moved; not the one who moved it."""
    others = [person for person in people if person.pk != by.pk]
    rows = Observation.objects.filter(rounds__round=report)
    return tell(others, template, {"report": report, "by": by, **more}, site=site, rows=rows)


def reporters_of(report: ReportingRound) -> list[User]:
    """Return who reports figures of a round's program."""
    items = ProgramIndicator.objects.active().filter(program=report.program_id, reporter__isnull=False)
    return [item.reporter for item in items.select_related("reporter") if item.reporter]


def in_role(role: str) -> list[User]:
    """Return everybody active in a role."""
    return list(User.objects.filter(role=role, is_active=True))


def everybody_of(report: ReportingRound, figures: Iterable[Observation] = ()) -> list[User]:
    """Return those who reported and those who verify a round, and the authors of some of its figures."""
    authors = {person for row in figures for person in (row.entered_by, row.changed_by) if person}
    return [*reporters_of(report), *in_role(access.VERIFIER), *authors]


def remind_of(report: ReportingRound, person: User, lines: Sequence[Line], *, site: str) -> int:
    """Write to somebody who owes values because a verifier asked for it, however often that person wants mails."""
    return tell([person], "round_reminder", {"report": report, "owed": lines}, site=site, always=True)
