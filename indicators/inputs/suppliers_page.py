"""What the page of suppliers shows: the firms found, group by group; or where to take an input from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.functional import Promise

from capred_portal.access import may
from capred_portal.listing import ROWS_PER_PAGE
from enterprises import hs
from enterprises.models import SizeDefinition
from indicators.forms.suppliers import GROUPS, SupplierForm
from indicators.inputs.suppliers import Finding, find
from indicators.inputs.suppliers_imports import largest_parts
from indicators.inputs.suppliers_inputs import goods_of
from indicators.inputs.suppliers_ranking import CHAPTER, Candidate, Group
from indicators.inputs.suppliers_rows import Row, exported_row, rows_of
from indicators.inputs.suppliers_words import ambiguity
from indicators.inputs.tables import table_asked, tables_offered
from indicators.models import TradeFlow

FORMATS = ("csv", "xlsx")
FIRST_ROWS = 10  # of each group, where all groups are shown
BATCH = 500


@dataclass(frozen=True)
class Section:
    """One group of firms as the page shows it: how many they are, and the rows that are shown."""

    group: Group
    title: str | Promise
    total: int
    is_more: bool  # than were read
    rows: list[Row]
    page: Page[Candidate] | None = None
    is_closed: bool = False  # nothing tells who belongs to it

    @property
    def has_others(self) -> bool:
        """Whether the group has firms that are not shown here."""
        return self.page is None and self.total > len(self.rows)


def supplier_parts(given: Mapping[str, Any], user: Any) -> dict[str, Any]:
    """Return what the page shows for what the address asks."""
    form = SupplierForm(given, user=user)
    question = form.question()
    context = {
        "form": form,
        "asked": question,
        "writes": may(user, "record.write"),
        "reads_firms": form.reads_firms,
        "loads": may(user, "load.write"),
        "formats": FORMATS,
        "is_trade_held": TradeFlow.objects.exists(),
    }
    if question is None:
        return context | start_parts(given)
    finding = find(question)
    chosen = form.cleaned_data.get("group", "")
    return context | {
        "chapter": hs.chapters().get(question.need.hs_code[:CHAPTER], ""),
        "meaning": finding.meaning,
        "ambiguity": ambiguity(finding.meaning.classes),
        "chosen": chosen,
        "sections": sections_of(finding, form, chosen, given.get("page")),
        "size_names": dict(SizeDefinition.SizeClass.choices),
    }


def sections_of(finding: Finding, form: SupplierForm, chosen: str, page_number: Any) -> list[Section]:
    """Return the groups with their first rows, or one group page by page."""
    groups = {group: found for group, found in finding.groups.items() if chosen in ("", group)}
    pages = {group: Paginator(found, ROWS_PER_PAGE).get_page(page_number) for group, found in groups.items() if chosen}
    shown = {group: list(pages[group]) if chosen else found[:FIRST_ROWS] for group, found in groups.items()}
    standard = form.standards.get(finding.question.need.standard, "")
    rows = rows_of(finding.question, [one for firms in shown.values() for one in firms], standard)
    return [
        Section(
            group=group,
            title=dict(GROUPS)[group],
            total=len(found),
            is_more=group in finding.cut,
            rows=[rows[one.firm] for one in shown[group] if one.firm in rows],
            page=pages.get(group),
            is_closed=group == Group.CLASS and not finding.meaning.classes,
        )
        for group, found in groups.items()
    ]


def start_parts(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return where an input can be taken from: the sector of a table that the address names, or the largest imports."""
    sector = given.get("sector", "")
    if not sector:
        return {"goods": None, **largest_parts()}
    table = table_asked(given, tables_offered())
    goods = goods_of(table, sector) if table else None
    return {"goods": goods} if goods else {"goods": None, **largest_parts()}


def exported(form: SupplierForm, groups: dict[str, str], sizes: dict[str, str]) -> Iterator[list[object]]:
    """Yield a line of the file for each firm found, in the order of the page."""
    question = form.question()
    if question is None:
        return
    finding = find(question)
    chosen, standard = form.cleaned_data.get("group", ""), form.standards.get(question.need.standard, "")
    found = [one for group, firms in finding.groups.items() if chosen in ("", group) for one in firms]
    for start in range(0, len(found), BATCH):
        batch = found[start : start + BATCH]
        rows = rows_of(question, batch, standard)
        yield from (exported_row(rows[one.firm], sizes, groups) for one in batch if one.firm in rows)
