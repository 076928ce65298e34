"""What the columns and codes of our SDMX files mean, as a structure message in SDMX-JSON 2.0."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from enterprises.models import Province
from indicators.dimensions import DIMENSIONS as BREAKDOWNS
from indicators.models import Source
from indicators.program_values import real_indicators
from indicators.standards.narratives import Texts, in_both, texts_of
from indicators.standards.sdmx import (
    AGENCY,
    ATTRIBUTES,
    COUNTRY,
    DIMENSION_IDS,
    DIMENSIONS,
    FLOW,
    NOT_APPLICABLE,
    NOT_KNOWN,
    STRUCTURE,
    TOTAL,
    VERSION,
    code_of,
    edition_code,
)
from programs.models import Program

SCHEMA = (
    "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/structure-message/tools/schemas/"
    "2.0.0/sdmx-json-structure-schema.json"
)
URN = "urn:sdmx:org.sdmx.infomodel"
CONCEPTS = "CS_INDICATORS"
CODED = {
    "FREQ": "CL_FREQ",
    "REF_AREA": "CL_AREA",
    "PROGRAM": "CL_PROGRAM",
    "INDICATOR": "CL_INDICATOR",
    "EDITION": "CL_EDITION",
    **{name: f"CL_{name}" for name in DIMENSION_IDS.values()},
    "OBS_STATUS": "CL_OBS_STATUS",
    "SIGNATURES": "CL_SIGNATURES",
}
FORMATS = {"TIME_PERIOD": "ObservationalTimePeriod", "OBS_VALUE": "Decimal", "UNIT_MULT": "Integer"} | {
    "DECIMALS": "Integer"
}

Codes = dict[str, Texts]


def concepts() -> Codes:
    """Return what each column holds, in both languages."""
    words = {
        "FREQ": lambda _l: _("Frequency"),
        "REF_AREA": lambda _l: _("Area"),
        "PROGRAM": lambda _l: _("Program"),
        "INDICATOR": lambda _l: _("Indicator"),
        "EDITION": lambda _l: _("Edition"),
        "TIME_PERIOD": lambda _l: _("Period"),
        "OBS_VALUE": lambda _l: _("Value"),
        "OBS_STATUS": lambda _l: _("State of the value"),
        "UNIT_MEASURE": lambda _l: _("Unit"),
        "UNIT_MULT": lambda _l: _("Power of ten of the unit"),
        "DECIMALS": lambda _l: _("Decimals shown"),
        "SIGNATURES": lambda _l: _("Signatures"),
        "SOURCE": lambda _l: _("Source"),
    }
    found = {name: in_both(told) for name, told in words.items()}
    for code, name in DIMENSION_IDS.items():
        found[name] = in_both(lambda _l, code=code: str(BREAKDOWNS[code].title))  # type: ignore[misc]
    return found


def code_lists() -> dict[str, Codes]:
    """Return the codes of every list; those of programs, indicators and editions are of real ones."""
    total = {TOTAL: in_both(lambda _l: _("Total"))}
    programs = Program.objects.active().filter(is_demo=False)
    sources = Source.objects.active().filter(is_demo=False)
    lists = {
        "CL_FREQ": {"A": in_both(lambda _l: _("Every year")), "Q": in_both(lambda _l: _("Every quarter"))},
        "CL_AREA": {COUNTRY: in_both(lambda _l: _("Cambodia"))}
        | {each.iso_code: texts_of(each, "name") for each in Province.objects.all()},
        "CL_PROGRAM": total | {each.slug: texts_of(each, "title") for each in programs},
        "CL_INDICATOR": {each.code: texts_of(each, "title") for each in real_indicators()},
        "CL_EDITION": {NOT_APPLICABLE: in_both(lambda _l: _("Does not apply"))}
        | {edition_code(each): {"en": f"{each.title_en}, {each.edition}"} for each in sources},
        "CL_OBS_STATUS": _statuses(),
        "CL_SIGNATURES": {
            "VERIFIED": in_both(lambda _l: _("Signed by the ministry")),
            "ACCEPTED": in_both(lambda _l: _("Signed by the ministry and accepted by the embassy")),
            "PUBLISHED": in_both(lambda _l: _("Published elsewhere")),
        },
    }
    unknown = {NOT_KNOWN: in_both(lambda _l: _("Unknown"))}
    for code, name in DIMENSION_IDS.items():
        parts = {
            code_of(code, key): in_both(lambda _l, words=words: str(words))  # type: ignore[misc]
            for key, words in BREAKDOWNS[code].parts.items()
        }
        lists[f"CL_{name}"] = total | parts | unknown
    return lists


def _statuses() -> Codes:
    return {
        "A": in_both(lambda _l: _("Value")),
        "E": in_both(lambda _l: _("Estimated or modelled value")),
        "M": in_both(lambda _l: _("Does not apply")),
        "O": in_both(lambda _l: _("Not available")),
        "Q": in_both(lambda _l: _("Withheld: small group")),
    }


def structure_message(made_at: dt.datetime) -> dict[str, Any]:
    """Return the message: concepts, lists of codes, the structure, and the dataflow that uses it."""
    moment = made_at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    meta = {"schema": SCHEMA, "id": FLOW, "prepared": moment, "sender": {"id": AGENCY}, "test": False}
    lists = [_kept(name, {"en": name}, codes=_items(codes)) for name, codes in code_lists().items()]
    name = in_both(lambda _l: _("Indicators of the portal"))
    structure = f"{URN}.datastructure.DataStructure={AGENCY}:{STRUCTURE}({VERSION})"
    return {
        "meta": meta,
        "data": {
            "dataflows": [_kept(FLOW, name, structure=structure)],
            "dataStructures": [_kept(STRUCTURE, name, dataStructureComponents=_components())],
            "conceptSchemes": [_kept(CONCEPTS, name, concepts=_items(concepts()))],
            "codelists": lists,
        },
    }


def _kept(identity: str, names: Texts, **more: Any) -> dict[str, Any]:
    return {"id": identity, "agencyID": AGENCY, "version": VERSION, **_named(names), **more}


def _named(names: Texts) -> dict[str, Any]:
    return {"name": next(iter(names.values()), ""), "names": names}


def _items(codes: Codes) -> list[dict[str, Any]]:
    return [{"id": code, **_named(names)} for code, names in codes.items()]


def _components() -> dict[str, Any]:
    """Return dimensions, measure and attributes; every attribute is of one value."""
    *dimensions, time = (_component(name) for name in DIMENSIONS)
    return {
        "dimensionList": {
            "id": "DimensionDescriptor",
            "dimensions": [each | {"position": at} for at, each in enumerate(dimensions)],
            "timeDimension": time,
        },
        "measureList": {"id": "MeasureDescriptor", "measures": [_component("OBS_VALUE") | {"usage": "optional"}]},
        "attributeList": {"id": "AttributeDescriptor", "attributes": list(_attributes(ATTRIBUTES))},
    }


def _attributes(names: Iterable[str]) -> Iterable[dict[str, Any]]:
    for name in names:
        usage = "optional" if name == "SOURCE" else "mandatory"
        yield _component(name) | {
            "usage": usage,
            "attributeRelationship": {"observation": {}},
            "measureRelationship": ["OBS_VALUE"],
        }


def _component(name: str) -> dict[str, Any]:
    """Return a column with its concept, and the list of its codes or the format of its text."""
    if name in CODED:
        held: dict[str, Any] = {"enumeration": f"{URN}.codelist.Codelist={AGENCY}:{CODED[name]}({VERSION})"}
    else:
        held = {"format": {"dataType": FORMATS.get(name, "String")}}
    concept = f"{URN}.conceptscheme.Concept={AGENCY}:{CONCEPTS}({VERSION}).{name}"
    return {"id": name, "conceptIdentity": concept, "localRepresentation": held}
