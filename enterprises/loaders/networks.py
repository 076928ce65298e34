"""Loading who works with whom: memberships of clusters and buyer-supplier links."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from capred_portal import columns
from capred_portal.bulk import bulk_load, defaults
from capred_portal.load_kinds import Column, Line, as_json
from capred_portal.load_tables import NEW, Known, LoadTable, archive_created, batches
from capred_portal.loads import token_of
from capred_portal.matching import search_key
from capred_portal.models import Load, LoadRow
from capred_portal.periods import FIRST_YEAR
from enterprises.hs import hs_code
from enterprises.loaders.cells import choice, money, number_of_register, resolve_enterprises, words
from enterprises.loaders.parts import FIRM, PART_MESSAGES, FirmPartTable, register_table
from enterprises.models import Cluster, ClusterMembership, LinkStage, SupplyLink

CHUNK = 5_000
Outcome = LoadRow.Outcome

NETWORK_MESSAGES: dict[str, Any] = PART_MESSAGES | {
    "left_before": _("The firm would leave before it joined."),
    "no_cluster": _("There is no cluster of this name: “%(value)s”."),
    "same_firm": _("Buyer and supplier are the same firm."),
    "stage_needs_date": _("A stage needs the day it was reached."),
}


# Memberships


class MembershipTable(FirmPartTable):
    """Firms in clusters."""

    model = ClusterMembership
    fields = {"enterprise": "enterprise_id", "cluster_id": "cluster_id"} | {
        name: name for name in ("role", "joined_on", "left_on")
    }
    cannot_clear = frozenset({"role"})
    parts = ("cluster_id",)

    def __init__(self) -> None:
        self.clusters: dict[str, int] = {}
        for pk, slug, *names in Cluster.objects.active().values_list("pk", "slug", "name_en", "name_km"):
            self.clusters |= dict.fromkeys([search_key(slug), *map(search_key, filter(None, names))], pk)

    def prepare(self, lines: list[Line]) -> None:
        super().prepare(lines)
        for line in lines:
            told = line.text("cluster")
            if found := self.clusters.get(search_key(told)):
                line.values["cluster_id"] = found
            elif told:
                line.wrong("cluster", "no_cluster", value=told)
            elif not line.errors:
                line.wrong("cluster", "missing")

    def check_values(self, line: Line, values: Mapping[str, Any]) -> None:
        if values.get("joined_on") and values.get("left_on") and values["left_on"] < values["joined_on"]:
            line.wrong("left_on", "left_before")


MEMBERSHIP_COLUMNS = (
    Column("cluster", "Cluster", "ចង្កោម", words(250), ("cluster name", "name of the cluster"), "", repeats=True),
    *FIRM,
    Column(
        "role", "Role", "តួនាទី", partial(choice, choices=ClusterMembership.Role), ("member as",), "member", repeats=True
    ),
    Column("joined_on", "Joined on", "ថ្ងៃចូល", columns.date, ("joined", "member since"), "2024-01-15", repeats=True),
    Column("left_on", "Left on", "ថ្ងៃចាកចេញ", columns.date, ("left", "member until"), "", repeats=True),
)


# Links


class LinkTable(LoadTable):
    """Who supplies what to whom; a row states the stage a link has reached."""

    model = SupplyLink
    fields = {"buyer_id": "buyer_id", "supplier_id": "supplier_id"} | {
        name: name
        for name in ("hs_code", "product_en", "product_km", "replaces_import", "stage", "stage_since", "value_usd")
    }
    computed = ("search_key",)
    needed = ("hs_code", "stage", "stage_since")
    cannot_clear = frozenset({"hs_code", "stage", "stage_since"})
    reached = ("stage", "stage_since", "value_usd")  # one row of the link's history

    def prepare(self, lines: list[Line]) -> None:
        resolve_enterprises(lines, "buyer_number", "buyer", "buyer_id")
        resolve_enterprises(lines, "supplier_number", "supplier", "supplier_id")
        for line in lines:
            buyer = line.values.get("buyer_id")
            if buyer and buyer == line.values.get("supplier_id"):
                line.wrong("supplier", "same_firm")
            if line.text("stage") and not line.values.get("stage_since"):
                line.wrong("stage_since", "stage_needs_date")

    def key_of(self, line: Line) -> str:
        told = [line.values.get(name) for name in ("buyer_id", "supplier_id", "hs_code")]
        return "|".join(map(str, told)) if all(told) else ""

    def find(self, lines: list[Line], keys: Sequence[str]) -> dict[str, Known]:
        wanted, names, found = set(keys), [*self.fields], {}
        buyers = sorted({line.values["buyer_id"] for line in lines})
        for start in range(0, len(buyers), CHUNK):
            chunk = SupplyLink.objects.active().filter(buyer__in=buyers[start : start + CHUNK]).order_by()
            for pk, version, *stored in chunk.values_list("pk", "version", *self.fields.values()):
                values = dict(zip(names, map(as_json, stored), strict=True))
                key = f"{values['buyer_id']}|{values['supplier_id']}|{values['hs_code']}"
                if key in wanted:
                    found[key] = Known(pk, version, values)
        return found

    def keys_of_records(self, records: QuerySet) -> Iterator[str]:
        for parts in records.order_by().values_list("buyer_id", "supplier_id", "hs_code").iterator():
            yield "|".join(map(str, parts))

    def complete(self, values: dict[str, Any]) -> dict[str, Any]:
        told = (values.get(name) or "" for name in ("product_en", "product_km", "hs_code"))
        return values | {"search_key": search_key(*told)}

    def settle(self, load: Load) -> None:
        """Write the stages that links have reached, and take back the word of whoever verified them before."""
        if load.state != Load.State.CONFIRMED:
            archive_created(LinkStage, load, load.created_by, str(_("The load was undone")))
            return
        made = dict(SupplyLink.objects.filter(creation_token=token_of(load)).values_list("creation_digest", "pk"))
        shared = {"creation_token": token_of(load), "created_by_id": load.created_by_id, "is_demo": load.is_demo}
        names = ("link_id", "creation_digest", "stage", "reached_on", "value_usd")
        constants = defaults(LinkStage, {*names, *shared}) | shared
        for outcome in (*NEW, Outcome.CHANGED):
            for batch in batches(load, outcome):
                stages = [
                    (pk or made[str(line)], str(line), *(values.get(name) for name in self.reached))
                    for line, pk, _version, values, before in batch
                    if outcome != Outcome.CHANGED or {*self.reached} & {*before}
                ]
                bulk_load(LinkStage, names, stages, constants=constants)
        changed = load.rows.filter(outcome=Outcome.CHANGED).values("target")
        SupplyLink.objects.filter(pk__in=changed).update(verified_by=None, verified_at=None)


def day(cell: str) -> Any:
    """Read the day a stage was reached; it cannot be in the future."""
    value = columns.date(cell)
    if isinstance(value, dt.date) and value > timezone.localdate():
        raise columns.CellError("date_range", cell, minimum=FIRST_YEAR, maximum=timezone.localdate().isoformat())
    return value


def firm(name: str, english: str, khmer: str) -> tuple[Column, Column]:
    """Return the two columns that say which firm is meant."""
    return (
        Column(f"{name}_number", f"{english} (registration number)", f"{khmer} (លេខចុះបញ្ជី)", number_of_register,
               (f"{name} number", f"{name} registration number", f"{name} no"), "00012345"),
        Column(name, english, khmer, words(250), (f"{name} name", f"name of the {name}"), ""),
    )  # fmt: skip


LINK_COLUMNS = (
    *firm("buyer", "Buyer", "អ្នកទិញ"),
    *firm("supplier", "Supplier", "អ្នកផ្គត់ផ្គង់"),
    Column("hs_code", "HS code", "កូដ HS", hs_code, ("hs", "hs 2022"), "4819.10", repeats=True),
    Column("product_en", "Product (English)", "ផលិតផល (អង់គ្លេស)", words(200), ("product",), "Carton boxes"),
    Column("product_km", "Product (Khmer)", "ផលិតផល (ខ្មែរ)", words(200), ("ផលិតផល",), "កេសក្រដាស"),
    Column("stage", "Stage", "ដំណាក់កាល", partial(choice, choices=SupplyLink.Stage), ("status",), "trial", repeats=True),
    Column("stage_since", "Reached on", "ថ្ងៃឈានដល់", day, ("date", "since", "stage date"), "2024-05-01", repeats=True),
    Column("value_usd", "Yearly value in US$", "តម្លៃប្រចាំឆ្នាំ (ដុល្លារ)", money, ("value", "yearly value"), "24,000"),
    Column(
        "replaces_import",
        "Replaces an import",
        "ជំនួសការនាំចូល",
        columns.yes_no,
        ("import replaced", "replaces import"),
        "yes",
        repeats=True,
    ),
)

register_table(
    "memberships",
    _("Memberships of clusters"),
    _("Which firms belong to which cluster, as what, since when."),
    MembershipTable,
    MEMBERSHIP_COLUMNS,
    messages=NETWORK_MESSAGES,
    shown=(("registration_number", "firm"), ("cluster",)),
)
register_table(
    "links",
    _("Buyer-supplier links"),
    _("Who supplies what to whom, and which stage that has reached on which day."),
    LinkTable,
    LINK_COLUMNS,
    messages=NETWORK_MESSAGES,
    needs_one_of=("buyer_number", "buyer"),
    shown=(("supplier_number", "supplier"), ("buyer_number", "buyer")),
)
