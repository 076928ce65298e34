"""The IATI 2.03 activity file of a program, element by element in the order of the schema."""

import datetime as dt
import re
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from capred_portal.models import Organisation
from indicators.program_values import exact_text
from indicators.standards.activity import ROLES, Activity
from indicators.standards.iati_money import add_budgets, add_spending
from indicators.standards.iati_results import add_result
from indicators.standards.narratives import LANG, clean, narrated, texts_of
from programs.models import Program

VERSION = "2.03"
COUNTRY = "KH"
ISO_COUNTRY = "A4"  # GeographicVocabulary: ISO 3166-1
GENERAL = "1"  # of descriptions
HERE, APPROXIMATE, REGION, FIRST_ORDER = "1", "2", "1", "ADM1"  # of a location: a province as a whole

STATUS = {
    Program.Status.PLANNED: "1",
    Program.Status.RUNNING: "2",
    Program.Status.CLOSED: "4",
    Program.Status.PAUSED: "6",
}
Kind = Organisation.Kind
# Codes of OrganisationType. A development partner is a government here, unless its identifier says otherwise.
TYPES = {
    Kind.GOVERNMENT: "10",
    Kind.DEVELOPMENT_PARTNER: "10",
    Kind.PRIVATE: "70",
    Kind.ASSOCIATION: "90",
    Kind.ACADEMIA: "80",
    Kind.NGO: "24",
    Kind.OTHER: "90",
    Kind.UNKNOWN: "90",
}
MULTILATERAL, OF_MULTILATERALS = "40", re.compile(r"XM-DAC-4\d{4}$")


def type_of(organisation: Organisation) -> str:
    """Return the code of the kind of organisation; the identifiers of multilateral ones are of a range of their own."""
    if OF_MULTILATERALS.match(organisation.iati_identifier):
        return MULTILATERAL
    return TYPES[Kind(organisation.kind)]


def iati_file(activity: Activity, *, made_at: dt.datetime, today: dt.date) -> bytes:
    """Return the file of one program; whatever it lacks is left out, so ask first whether it can be sent."""
    root = Element("iati-activities", {"version": VERSION, "generated-datetime": _moment(made_at)})
    about = {LANG: "en", "last-updated-datetime": _moment(activity.changed_at)}
    if activity.budgets:
        about["default-currency"] = activity.budgets[0].currency
    top = SubElement(root, "iati-activity", about)
    _add_names(top, activity)
    _add_dates(top, activity.program, today)
    _add_places(top, activity)
    for sector in activity.sectors:
        told = {"vocabulary": sector.vocabulary, "code": sector.code, "percentage": exact_text(sector.share_pct)}
        SubElement(top, "sector", told)
    add_budgets(top, activity.program, activity.budgets, today)
    add_spending(top, activity.program, activity.budgets, today)
    for series in activity.series:
        add_result(top, series)
    indent(root)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _moment(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _add_names(top: Element, activity: Activity) -> None:
    """Add who reports, what it is, and who takes part."""
    program, reporter = activity.program, activity.reporter
    SubElement(top, "iati-identifier").text = clean(program.iati_identifier)
    if reporter is not None:
        about = {"ref": reporter.iati_identifier, "type": type_of(reporter), "secondary_reporter": "0"}
        narrated(top, "reporting-org", texts_of(reporter, "name"), **about)
    narrated(top, "title", texts_of(program, "title"))
    if summary := texts_of(program, "summary"):
        narrated(top, "description", summary, type=GENERAL)
    for partner in activity.participants:
        organisation = partner.organisation
        about = {"role": ROLES[partner.Role(partner.role)], "type": type_of(organisation)}
        about |= {"ref": organisation.iati_identifier} if organisation.iati_identifier else {}
        narrated(top, "participating-org", texts_of(organisation, "name"), **about)


def _add_dates(top: Element, program: Program, today: dt.date) -> None:
    """Add the status and the days: planned ones, or actual ones where they have come."""
    SubElement(top, "activity-status", {"code": STATUS[program.Status(program.status)]})
    if program.starts_on:
        has_begun = program.status != Program.Status.PLANNED and program.starts_on <= today
        SubElement(top, "activity-date", {"type": "2" if has_begun else "1", "iso-date": str(program.starts_on)})
    if program.ends_on:
        has_ended = program.status == Program.Status.CLOSED and program.ends_on <= today
        SubElement(top, "activity-date", {"type": "4" if has_ended else "3", "iso-date": str(program.ends_on)})


def _add_places(top: Element, activity: Activity) -> None:
    """Add the country, and each province by its ISO 3166-2 code; no vocabulary of IATI holds those of provinces."""
    SubElement(top, "recipient-country", {"code": COUNTRY, "percentage": "100"})
    for province in activity.provinces:
        place = SubElement(top, "location", {"ref": province.iso_code})
        SubElement(place, "location-reach", {"code": HERE})
        narrated(place, "name", texts_of(province, "name"))
        SubElement(place, "administrative", {"vocabulary": ISO_COUNTRY, "level": "0", "code": COUNTRY})
        SubElement(place, "exactness", {"code": APPROXIMATE})
        SubElement(place, "location-class", {"code": REGION})
        SubElement(place, "feature-designation", {"code": FIRST_ORDER})
