"""Workshops as a calendar that others subscribe to: moved ones move there too, archived ones are cancelled."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, vDuration

from capred_portal.languages import localized
from capred_portal.records import identity_of
from programs.models import Workshop, WorkshopHost

NAME = "manufacturing-competitiveness-portal"  # under whatever address it is read, an event stays one
BACK = dt.timedelta(days=366)  # how long a workshop that is over stays in the calendar
LOOK_AGAIN = dt.timedelta(hours=6)
PRODUCT = "-//MISTI and CAPRED//Manufacturing Competitiveness Portal//EN"
LONGEST_TEXT = 1_000


def workshops_shown() -> Any:
    """Return the workshops of a calendar, archived ones too: whoever has them must hear that they are cancelled."""
    since = timezone.localdate() - BACK
    lately = Q(date__gte=since) | Q(end_date__gte=since)
    hosts = Prefetch("hosts", WorkshopHost.objects.active().select_related("organisation"))
    found = Workshop.objects.filter(lately).select_related("province", "program")
    return found.prefetch_related("topics", hosts).order_by("date", "pk")


def calendar_of(workshops: Any, *, site: str) -> bytes:
    """Return workshops as an iCalendar file (RFC 5545) in the active language; `site` is the portal's address.

    The number of a workshop's version is its SEQUENCE, so a program that knows an older one takes the newer.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Workshops: MISTI and CAPRED"))
    calendar.add("x-wr-timezone", settings.TIME_ZONE)
    calendar.add("refresh-interval", vDuration(LOOK_AGAIN), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(LOOK_AGAIN))
    calendar.add_component(Timezone.from_tzinfo(ZoneInfo(settings.TIME_ZONE)))
    for workshop in workshops:
        calendar.add_component(event_of(workshop, site=site))
    return bytes(calendar.to_ical())


def event_of(workshop: Workshop, *, site: str) -> Event:
    """Return one workshop: at its hours where they are known, else the whole day."""
    event = Event()
    event.add("uid", f"workshop-{identity_of(workshop)}@{NAME}")
    event.add("sequence", workshop.version)
    event.add("dtstamp", workshop.updated_at.astimezone(dt.UTC))
    event.add("created", workshop.created_at.astimezone(dt.UTC))
    event.add("last-modified", workshop.updated_at.astimezone(dt.UTC))
    event.add("status", "CANCELLED" if workshop.archived_at else "CONFIRMED")
    title = str(workshop)
    title = _("%(title)s (demonstration)") % {"title": title} if workshop.is_demo else title
    # Some programs do not show the status of what they subscribe to.
    event.add("summary", _("Cancelled: %(title)s") % {"title": title} if workshop.archived_at else title)
    add_times(event, workshop)
    if place := place_of(workshop):
        event.add("location", place)
    event.add("url", site + workshop.get_absolute_url())
    if text := description_of(workshop):
        event.add("description", text)
    if topics := [str(topic) for topic in workshop.topics.all()]:
        event.add("categories", topics)
    return event


def add_times(event: Event, workshop: Workshop) -> None:
    """Add beginning and end; a whole day ends at the beginning of the next, as the format has it.

    Of several days whose end has no hour, the last is a whole one: without an end they would be the first day alone.
    """
    last = workshop.end_date or workshop.date
    if workshop.starts_at is None:
        event.add("dtstart", workshop.date)
        event.add("dtend", last + dt.timedelta(days=1))
        return
    zone = ZoneInfo(settings.TIME_ZONE)
    event.add("dtstart", dt.datetime.combine(workshop.date, workshop.starts_at, zone))
    if workshop.ends_at is not None:
        event.add("dtend", dt.datetime.combine(last, workshop.ends_at, zone))
    elif last > workshop.date:
        event.add("dtend", dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), zone))


def place_of(workshop: Workshop) -> str:
    """Return venue and province, as far as they are known."""
    return ", ".join(filter(None, [localized(workshop, "venue"), str(workshop.province or "")]))


def description_of(workshop: Workshop) -> str:
    """Return who hosts it, the program, and the beginning of the summary."""
    hosts = ", ".join(str(host.organisation) for host in workshop.hosts.all())
    summary = localized(workshop, "summary")
    lines = [
        _("Hosts: %(names)s") % {"names": hosts} if hosts else "",
        _("Program: %(name)s") % {"name": workshop.program} if workshop.program else "",
        summary if len(summary) <= LONGEST_TEXT else f"{summary[: LONGEST_TEXT - 1]}…",
    ]
    return "\n".join(filter(None, lines))
