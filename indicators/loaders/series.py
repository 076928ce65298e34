"""Loading series as the World Bank (WDI, WITS) and the United Nations (SDG) publish them: a value in each line."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from capred_portal.load_kinds import Column, Line
from capred_portal.models import Load
from indicators.loaders.published import ECONOMY, VALUE, YEAR, PublishedTable, register_series, words
from indicators.models import Source

OLD_EDITION = "__OLDVINTAGE"  # the mark of a code whose values are of a superseded edition
COMMIT = 8  # letters of a commit that the name of an edition shows
BRACKETS = re.compile(r"\(([^()]*)\)")


class DevelopmentTable(PublishedTable):
    """World Development Indicators; each line may name the edition it is of.

    A line whose commit stands in the name of an edition of the same source belongs there; the others belong to the
    chosen edition, and all of them must then be of one commit. The mark of superseded values is not part of a code.
    """

    key_columns = PublishedTable.key_columns | {"code": "indicator_code"}

    def __init__(self, load: Load) -> None:
        super().__init__(load)
        self.commit: str | None = None  # of the lines that no edition names

    def about(self, line: Line) -> dict[str, Any]:
        return {"code": line.text("indicator_code").removesuffix(OLD_EDITION), "unit": line.text("unit") or None}

    def source_of(self, line: Line) -> int | None:
        commit = line.text("source_commit")
        for source in self.editions:
            if commit and commit[:COMMIT] in source.edition:
                return int(source.pk)
        misplaced = line.text("indicator_code").endswith(OLD_EDITION) and not self.source.is_superseded
        if not misplaced and not line.errors and self.commit is None and not names_a_commit(self.source):
            self.commit = commit
        if misplaced or commit not in ("", self.commit):
            line.wrong("source_commit", "other_edition", edition=commit[:COMMIT] or OLD_EDITION)
        return int(self.source.pk)


def names_a_commit(source: Source) -> bool:
    """Tell whether the name of an edition ends in the letters of a commit."""
    return re.search(rf"\b[0-9a-f]{{{COMMIT}}}", source.edition) is not None


class TradeTable(PublishedTable):
    """The trade summary of WITS: the unit stands in the name of the indicator, its kind is a dimension."""

    key_columns = PublishedTable.key_columns | {"code": "indicator"}

    def about(self, line: Line) -> dict[str, Any]:
        unit = BRACKETS.search(line.text("indicator"))
        kind = line.text("indicator_type")
        return {
            "code": line.text("indicator"),
            "partner": line.text("partner"),
            "product": line.text("product_category"),
            "dimensions": f"type={kind}" if kind else "",
            "unit": unit[1] if unit else None,
        }


class GoalTable(PublishedTable):
    """The database of the Sustainable Development Goals: the unit is one of the dimensions."""

    key_columns = PublishedTable.key_columns | {"code": "series"}

    def about(self, line: Line) -> dict[str, Any]:
        parts = dict(part.partition("=")[::2] for part in line.text("dimensions").split(";"))
        return {"code": line.text("series"), "dimensions": line.text("dimensions"), "unit": parts.get("units")}


register_series(
    "series-wdi",
    _("Series of the World Development Indicators"),
    _("Values of one edition of the World Bank's World Development Indicators, one row for each series and year."),
    DevelopmentTable,
    (
        ECONOMY,
        Column("indicator_code", "Series", "កូដស៊េរី", words(80), ("series code",), "NV.IND.MANF.ZS", repeats=True),
        Column("indicator_name", "Title of the series", "ចំណងជើងស៊េរី", words(300), ("series name",), "", repeats=True),
        Column("unit", "Unit", "ឯកតា", words(60), (), "%", repeats=True),
        YEAR,
        VALUE,
        Column("source_commit", "Edition in the source", "ការបោះពុម្ពក្នុងប្រភព", words(64), ("commit",), "", repeats=True),
    ),
    shown=(("iso_a3",), ("indicator_code",), ("year",)),
)
register_series(
    "series-wits",
    _("Trade summary of WITS"),
    _("Values of one edition of the World Bank's trade summary, by partner and group of products."),
    TradeTable,
    (
        ECONOMY,
        Column("reporter", "Reporter", "អ្នករាយការណ៍", words(80), (), "Cambodia", repeats=True),
        Column("partner", "Partner", "ដៃគូ", words(80), (), "World", repeats=True),
        Column("product_category", "Group of products", "ក្រុមផលិតផល", words(80), ("product",), "", repeats=True),
        Column("indicator_type", "Kind of indicator", "ប្រភេទសូចនាករ", words(60), (), "Import", repeats=True),
        Column("indicator", "Indicator", "សូចនាករ", words(80), (), "Import Product share(%)", repeats=True),
        YEAR,
        VALUE,
    ),
    shown=(("iso_a3",), ("indicator",), ("product_category", "partner"), ("year",)),
)
register_series(
    "series-unsdg",
    _("Series of the Sustainable Development Goals"),
    _("Values of one release of the United Nations' database of the goals, with their dimensions."),
    GoalTable,
    (
        ECONOMY,
        Column("series", "Series", "កូដស៊េរី", words(80), ("series code",), "NV_IND_MANF", repeats=True),
        Column("description", "Title of the series", "ចំណងជើងស៊េរី", words(400), (), "", repeats=True),
        Column("goal", "Goal", "គោលដៅ", words(10), (), "9", repeats=True),
        Column("target", "Target of the goal", "ចំណុចដៅនៃគោលដៅ", words(10), ("target",), "9.2", repeats=True),
        Column("indicator", "Indicator", "សូចនាករ", words(20), (), "9.2.1", repeats=True),
        Column("dimensions", "Dimensions", "វិមាត្រ", words(200), (), "nature=m;units=percent", repeats=True),
        YEAR,
        VALUE,
    ),
    shown=(("iso_a3",), ("series",), ("dimensions",), ("year",)),
)
