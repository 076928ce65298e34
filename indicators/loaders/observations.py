"""Loading what a program reports: values by indicator, period, province and part, as drafts to be submitted."""

from functools import cache, partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from capred_portal import columns
from capred_portal.load_kinds import Column, LoadKind, register
from enterprises.loaders.cells import choice, words
from indicators.dimensions import DIMENSIONS, part_title
from indicators.loaders import observation_check as steps
from indicators.loaders import observation_records as records
from indicators.loaders.observation_lines import MESSAGES, part, period_code
from indicators.models import Observation

state = partial(choice, choices=Observation.State)


def number(name: str, english: str, khmer: str, *spellings: str, example: str = "") -> Column:
    """Return a column of numbers; they are read when the unit of the indicator is known."""
    return Column(name, english, khmer, words(60), spellings, example)


INDICATOR = Column(
    "indicator",
    "Indicator",
    "សូចនាករ",
    words(250),
    ("code", "indicator code", "កូដ", "កូដសូចនាករ"),
    "demo-suppliers-trained",
)
PERIOD = Column("period", "Period", "រយៈពេល", period_code, ("quarter", "ត្រីមាស"), "2024-Q3", repeats=True)
PART = Column("part", "Part", "ផ្នែក", part, ("breakdown", "disaggregation"), "", repeats=True)
NOTE = Column("note", "Note", "កំណត់សម្គាល់", partial(columns.prose, max_length=1000), ("comment", "remarks"), "")


@cache
def part_labels() -> dict[str, Any]:
    """Return the words for each part, by its code."""
    names = [f"{dimension.code}:{key}" for dimension in DIMENSIONS.values() for key in dimension.parts]
    return {name: part_title(name) for name in names}


def labels() -> dict[str, dict[Any, Any]]:
    return {"state": dict(Observation.State.choices), "part": part_labels()}


def url_of(pk: int) -> str:
    return Observation(pk=pk).get_absolute_url()


register(
    LoadKind(
        name="observations",
        title=_("Values of indicators"),
        about=_("What a program reports, one row for each value and each part of it. Values become drafts."),
        columns=(
            INDICATOR,
            PERIOD,
            Column("province", "Province", "ខេត្ត", words(100), ("place", "រាជធានី-ខេត្ត"), "", repeats=True),
            PART,
            Column("state", "Kind of value", "ប្រភេទតម្លៃ", state, ("state", "status"), "", repeats=True),
            number("value", "Value", "តម្លៃ", "actual", "result", example="412"),
            number("numerator", "Number counted", "ចំនួនរាប់បាន", "numerator", "ភាគយក"),
            number("denominator", "Out of", "ក្នុងចំណោម", "denominator", "ភាគបែង"),
            number("weight", "Weight", "ទម្ងន់"),
            NOTE,
        ),
        needs_one_of=("indicator",),
        start=steps.ObservationChecker,
        write=records.write,
        undo_blockers=records.undo_blockers,
        undo=records.undo,
        messages=MESSAGES,
        apps=("indicators",),
        scope=("program",),
        check_scope=steps.check_scope,
        max_rows=50_000,
        max_rows_xlsx=50_000,
        places=steps.places,
        labels=labels,
        shown=(("indicator",), ("period", "province"), ("part",)),
        url_of=url_of,
    )
)
