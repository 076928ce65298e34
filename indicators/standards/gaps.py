"""What the IATI file of a program lacks: what IATI requires, and what a reader of the file would miss."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from capred_portal.exports import number_text
from capred_portal.figures import Words
from indicators.standards.activity import Activity
from indicators.standards.iati_money import days_of, is_too_long, spent_on
from programs.models import ProgramBudget

FORBIDDEN = re.compile(r"[/&|?\s]")  # what an IATI identifier never holds
WHOLE = 100


@dataclass(frozen=True)
class Gap:
    """Something the file lacks, and where who may do it types it in."""

    words: Words
    url: str = ""
    action: str = "record.write"
    blocks: bool = False  # without it the file would not be valid


def gaps_of(activity: Activity) -> list[Gap]:
    """Return what the file lacks, first what keeps it from being sent."""
    return [*_required(activity), *_wished(activity)]


def is_sendable(gaps: list[Gap]) -> bool:
    return not any(gap.blocks for gap in gaps)


def _edit(activity: Activity, field: str) -> str:
    return f"{reverse('programs:edit', args=[activity.program.slug])}#id_{field}"


def _part(activity: Activity, part: str) -> str:
    return f"{activity.program.get_absolute_url()}#{part}"


def _new(activity: Activity, part: str) -> str:
    return reverse("programs:part_new", args=[activity.program.slug, part])


def _required(activity: Activity) -> Iterator[Gap]:
    program = activity.program
    if not program.iati_identifier:
        yield Gap(_("The program has no IATI identifier."), _edit(activity, "iati_identifier"), blocks=True)
    elif FORBIDDEN.search(program.iati_identifier):
        words = _("The IATI identifier of the program holds a space or one of the signs / & | ?.")
        yield Gap(words, _edit(activity, "iati_identifier"), blocks=True)
    if not activity.participants:
        words = _("No partner organization is named that leads, funds, carries out or works with the program.")
        yield Gap(words, _new(activity, "partners"), blocks=True)
    if activity.reporter is None:
        yield from _no_reporter(activity)
    elif not (activity.reporter.name_en or activity.reporter.name_km):
        yield Gap(_("The organization that reports has no name."), blocks=True)
    if not (program.summary_en or program.summary_km):
        yield Gap(
            _("The program has no summary: IATI asks for a description."), _edit(activity, "summary_en"), blocks=True
        )
    if program.starts_on is None:
        yield Gap(_("The first day of the program is not stated."), _edit(activity, "starts_on"), blocks=True)
    yield from _sectors(activity)


def _no_reporter(activity: Activity) -> Iterator[Gap]:
    """Yield why nobody reports: no partner has an identifier, or the program's begins with none of theirs."""
    if any(partner.organisation.iati_identifier for partner in activity.partners):
        words = _("The IATI identifier of the program begins with that of no partner: so nobody reports it.")
        yield Gap(words, _edit(activity, "iati_identifier"), blocks=True)
    else:
        words = _(
            "No partner organization has an IATI identifier: so nobody reports the program. That of Australia's DFAT is"
            " said to be AU-5, to be confirmed."
        )
        yield Gap(words, _organisation(activity), "admin.use", blocks=True)


def _organisation(activity: Activity) -> str:
    """Return where the identifier of the first partner without one is typed in."""
    for partner in activity.partners:
        if not partner.organisation.iati_identifier:
            return reverse("admin:capred_portal_organisation_change", args=[partner.organisation_id])
    return ""


def _wished(activity: Activity) -> Iterator[Gap]:
    yield from _languages(activity)
    yield from _money(activity)
    yield from _organisations(activity)
    if not activity.provinces:
        yield Gap(_("No province is known: the file names Cambodia alone."))
    yield from _results(activity)


def _languages(activity: Activity) -> Iterator[Gap]:
    for (name, language), words in UNTRANSLATED.items():
        other = "km" if language == "en" else "en"
        if getattr(activity.program, f"{name}_{other}") and not getattr(activity.program, f"{name}_{language}"):
            yield Gap(words, _edit(activity, f"{name}_{language}"))


def in_words(words: Any, params: dict[str, Any]) -> str:
    """Return a sentence with what it mentions."""
    return str(words % params)


def _sectors(activity: Activity) -> Iterator[Gap]:
    """Yield why the sectors are not those IATI asks for, which its schema does not know but its rules do."""
    if not activity.sectors:
        yield Gap(_("No sector is stated."), _new(activity, "sectors"), blocks=True)
    for vocabulary in sorted({sector.vocabulary for sector in activity.sectors}):
        shares = (sector.share_pct for sector in activity.sectors if sector.vocabulary == vocabulary)
        share = sum(shares, Decimal(0))
        if share != WHOLE:
            words = in_words(
                _("The sectors of one code list come to %(share)s %%, not 100 %%."), {"share": number_text(share)}
            )
            yield Gap(words, _part(activity, "sectors"), blocks=True)


def _money(activity: Activity) -> Iterator[Gap]:
    """Yield what a reader of the file would miss of the program's money, and where its years are typed in."""
    stated = [line for line in activity.budgets if line.budget is not None]
    if activity.program.ends_on is None:
        words = NO_END if stated and not any(line.is_whole for line in stated) else NO_END_NO_BUDGET
        yield Gap(words, _edit(activity, "ends_on"))
    if not stated:
        yield Gap(_("No budget is stated."), _new(activity, "budgets"))
    for line in stated:
        days = days_of(activity.program, line)
        if days and is_too_long(days):
            yield Gap(in_words(TOO_LONG, {"currency": line.currency}), _line(activity, line, "starts_on"))
    for line in activity.budgets:
        if line.spent and spent_on(activity.program, line, dt.date.max) is None:
            about = {"currency": line.currency, "period": line.period}
            field = "starts_on" if line.is_whole else "as_of"
            yield Gap(in_words(SPENT_UNDATED, about), _line(activity, line, field))


def _line(activity: Activity, line: ProgramBudget, field: str) -> str:
    return f"{reverse('programs:part_edit', args=[activity.program.slug, 'budgets', line.pk])}#id_{field}"


def _organisations(activity: Activity) -> Iterator[Gap]:
    without = list({p.organisation: None for p in activity.participants if not p.organisation.iati_identifier})
    if without and activity.reporter is not None:
        names = ", ".join(map(str, without))
        words = in_words(_("No IATI identifier is recorded of: %(names)s"), {"names": names})
        yield Gap(words, _organisation(activity), "admin.use")
    if activity.advisers:
        names = ", ".join(str(partner.organisation) for partner in activity.advisers)
        yield Gap(in_words(_("IATI has no role for advisers; they are left out: %(names)s"), {"names": names}))


def _results(activity: Activity) -> Iterator[Gap]:
    slug = urlencode({"program": activity.program.slug})
    entry = f"{reverse('indicators:entry')}?{slug}"
    if not activity.series:
        words = _("The program reports no indicator: the file has no results.")
        yield Gap(words, reverse("admin:indicators_programindicator_add"), "admin.use")
    counts = (
        (sum(not each.readings for each in activity.series), UNSIGNED, entry, "observation.write"),
        (
            sum(each.path.baseline is None for each in activity.series),
            NO_BASELINE,
            reverse("targets:new"),
            "target.propose",
        ),
        (
            sum(each.path.target is None for each in activity.series),
            NO_TARGET,
            reverse("targets:new"),
            "target.propose",
        ),
    )
    for count, words, url, action in counts:
        if count:
            yield Gap(in_words(words, {"count": count}), url, action)


NO_END = _("The last day of the program is not stated: the file has no end date.")
NO_END_NO_BUDGET = _("The last day of the program is not stated: the file has no end date and no budget.")
TOO_LONG = _(
    "The budget in %(currency)s is not in the file: it is of the whole program, and IATI takes budgets of one year at"
    " most. Give it the days of its first year, and every other year a line of its own."
)
SPENT_UNDATED = _(
    "What was spent is not in the file (%(currency)s, %(period)s). IATI asks for a date: state it by year, each with"
    " the day it was counted by."
)
UNTRANSLATED = {
    ("title", "en"): _("The title is missing in English."),
    ("title", "km"): _("The title is missing in Khmer."),
    ("summary", "en"): _("The summary is missing in English."),
    ("summary", "km"): _("The summary is missing in Khmer."),
}
UNSIGNED = ngettext_lazy(
    "%(count)s indicator has no value that the ministry has signed.",
    "%(count)s indicators have no value that the ministry has signed.",
    "count",
)
NO_BASELINE = ngettext_lazy(
    "%(count)s indicator has no approved baseline.", "%(count)s indicators have no approved baseline.", "count"
)
NO_TARGET = ngettext_lazy(
    "%(count)s indicator has no approved target.", "%(count)s indicators have no approved target.", "count"
)
