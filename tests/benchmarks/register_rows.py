"""What hangs on the firms of a register at national scale, the same each time: years, products, clusters, links."""

import datetime
import random
from collections.abc import Iterator
from typing import Any

from capred_portal.matching import search_key
from capred_portal.models import Organisation
from capred_portal.records import writing
from enterprises.models import (
    Accreditation,
    Certificate,
    Cluster,
    ClusterMembership,
    Completeness,
    Enterprise,
    EnterpriseYear,
    LinkStage,
    Product,
    Province,
    Sector,
    SupplyLink,
)
from tests.benchmarks.bulk import finish, first_free, write_rows
from tests.benchmarks.firms import PLACES, TRADES
from tests.benchmarks.register import FIRMS

SEED = 20250109
SIZES = {"years": 150_000, "products": 60_000, "certificates": 15_000, "buyers": 400, "links": 20_000}
CLUSTERS, BODIES, MOST_MEMBERS = 200, 40, 400
FIRST_DAY = datetime.date(2019, 1, 1)
WRITTEN = [Accreditation, Certificate, Cluster, ClusterMembership, Completeness, EnterpriseYear, LinkStage, Product]
COMPLETE = {"provinces": ("12", "02"), "division": "14"}
GOODS = [
    ("4819", "Carton boxes", "កេសក្រដាស"),
    ("3923", "Plastic bags", "ថង់ប្លាស្ទិក"),
    ("1006", "Milled rice", "អង្ករ"),
    ("6109", "T-shirts", "អាវយឺត"),
    ("5205", "Cotton yarn", "អំបោះកប្បាស"),
    ("7308", "Metal frames", "គ្រោងដែក"),
    ("2201", "Drinking water", "ទឹកបរិសុទ្ធ"),
    ("0305", "Dried fish", "ត្រីងៀត"),
]
STANDARDS = ("ISO 9001", "ISO 9001", "ISO 22000", "ISO 14001", "GMP", "HACCP", "CamGAP")
STAGES = ("introduced", "sample", "trial", "contract", "repeat")
STAFF = (1, 1, 2, 2, 3, 4, 5, 8, 12, 20, 45, 130)


def build_rows(count: int) -> dict[str, int]:
    """Write the rows unless they are there; return how many of each noun there are."""
    counted = (EnterpriseYear, Product, Certificate, Cluster, ClusterMembership, SupplyLink, LinkStage, Accreditation)
    if not Cluster.objects.exists():
        with writing("enterprises"):
            RowsOfFirms(count / FIRMS).build()
        finish([*WRITTEN, SupplyLink, Organisation, Enterprise])
    return {model.__name__: model._base_manager.count() for model in counted}


class RowsOfFirms:
    """Writes one noun after the other on firms that have a registration number, in the order they were loaded."""

    def __init__(self, scale: float) -> None:
        self.random = random.Random(SEED)
        self.firms = list(
            Enterprise.objects.exclude(registration_number="").order_by("pk").values_list("pk", flat=True)
        )
        self.sizes = {noun: max(round(size * scale), 12) for noun, size in SIZES.items()}
        self.clusters = max(round(CLUSTERS * scale), 12)
        self.buyers = self.random.sample(self.firms, self.sizes["buyers"])
        self.members: list[int] = []

    def build(self) -> None:
        self.write_years()
        self.write_products()
        self.write_certificates()
        self.write_clusters()
        self.write_links()
        self.write_bodies()
        self.declare_complete()

    def some(self, noun: str) -> list[int]:
        """Return the firms that have something, in order."""
        return sorted(self.random.sample(self.firms, min(self.sizes[noun], len(self.firms))))

    def day(self, days: int = 2_200) -> datetime.date:
        return FIRST_DAY + datetime.timedelta(days=self.random.randrange(days))

    def write_years(self) -> None:
        """Write two years of a part of the firms, the newer one as what is known of them now."""
        draw = self.random

        def rows() -> Iterator[tuple[Any, ...]]:
            for firm in self.some("years"):
                staff, imported = draw.choice(STAFF), draw.randrange(101)
                for year in (2023, 2024):
                    staff = max(1, round(staff * draw.uniform(0.9, 1.2)))
                    women = round(staff * draw.random())
                    money = staff * draw.randint(2_000, 14_000), staff * draw.randint(1_000, 9_000)
                    shares = draw.choice((0, 0, 0, 0, 20, 60)), imported
                    yield firm, year, staff, women, staff - women, *money, *shares, "Benchmark"

        columns = "enterprise_id year employees women men turnover_usd assets_usd export_share_pct"
        write_rows(EnterpriseYear, [*columns.split(), "imported_input_share_pct", "source"], rows())
        Enterprise.objects.filter(pk__in=EnterpriseYear.objects.order_by().values("enterprise")).settle_latest()

    def write_products(self) -> None:
        draw = self.random

        def rows() -> Iterator[tuple[Any, ...]]:
            for firm in self.some("products"):
                code, name_en, name_km = draw.choice(GOODS)
                yield firm, code, name_en, name_km, draw.randint(1, 900), "tonnes", search_key(name_en, name_km, code)

        columns = ("enterprise_id", "hs_code", "name_en", "name_km", "capacity", "capacity_unit", "search_key")
        write_rows(Product, columns, rows())

    def write_certificates(self) -> None:
        draw = self.random

        def rows() -> Iterator[tuple[Any, ...]]:
            for firm in self.some("certificates"):
                standard, issued = draw.choice(STANDARDS), self.day()
                expires = issued + datetime.timedelta(days=draw.choice((365, 1_095, 2_190, 3_650)))
                about = standard, search_key(standard), "Certification body", "Production", "ផលិតកម្ម"
                yield firm, *about, issued.isoformat(), expires.isoformat()

        columns = "enterprise_id standard standard_key issuer scope_en scope_km issued_on expires_on"
        write_rows(Certificate, columns.split(), rows())

    def write_clusters(self) -> None:
        """Write clusters of a place and a trade, their members, anchor buyers and a provider of services each."""
        draw, first = self.random, first_free(Cluster)
        ids = range(first, first + self.clusters)
        provinces = list(Province.objects.order_by("pk").values_list("pk", flat=True))
        places = [(draw.choice(provinces), draw.choice(TRADES)) for _ in ids]
        stages = [str(stage) for stage in Cluster.Stage.values]

        def rows() -> Iterator[tuple[Any, ...]]:
            for pk, (_province, (trade, trade_km, _sector)) in zip(ids, places, strict=True):
                place, place_km = draw.choice(PLACES)
                names = f"{trade} of {place} {pk}", f"ចង្កោម{trade_km}{place_km} {pk}"
                needs = "A shared store and one certificate for all."
                yield pk, f"cluster-{pk}", *names, draw.choice(stages), needs, search_key(*names, needs, "")

        write_rows(Cluster, ("id", "slug", "name_en", "name_km", "stage", "needs_en", "search_key"), rows())
        where = [(pk, province) for pk, (province, _trade) in zip(ids, places, strict=True)]
        write_rows(Cluster.provinces.through, ("cluster_id", "province_id"), where)
        what = [(pk, trade[2][:2]) for pk, (_province, trade) in zip(ids, places, strict=True)]
        write_rows(Cluster.sectors.through, ("cluster_id", "sector_id"), what)
        members = [
            row for pk, place in zip(ids, places, strict=True) for row in self.members_of(pk, place, pk == first)
        ]
        self.members = [firm for _cluster, firm, role, *_days in members if role == "member"]
        write_rows(ClusterMembership, ("cluster_id", "enterprise_id", "role", "joined_on", "left_on"), members)

    def members_of(self, cluster: int, place: tuple[str, Any], is_largest: bool) -> Iterator[tuple[Any, ...]]:
        """Yield the memberships of a cluster: firms of its place and trade, one in twelve has left; two buyers."""
        province, (_trade, _trade_km, sector) = place
        wanted = MOST_MEMBERS if is_largest else self.random.randint(15, 120)
        near = Enterprise.objects.filter(province=province, sector__code__startswith=sector[:2]).order_by("pk")
        firms = list(near.values_list("pk", flat=True)[:wanted])
        for firm in firms:
            joined = self.day(1_800)
            left = joined + datetime.timedelta(days=300) if self.random.random() < 1 / 12 else None
            yield cluster, firm, "member", joined.isoformat(), left and left.isoformat()
        buyers = [firm for firm in self.random.sample(self.buyers, 3) if firm not in firms]
        for firm, role in zip(buyers, ("anchor", "anchor", "service"), strict=False):
            yield cluster, firm, role, self.day().isoformat(), None

    def write_links(self) -> None:
        """Write links from firms, mostly of clusters, to the buyers, each with the stages it has come through."""
        stages: list[tuple[Any, ...]] = []
        first = first_free(SupplyLink)
        rows = [self.link(first + place, pair, stages) for place, pair in enumerate(self.pairs())]
        columns = "id buyer_id supplier_id hs_code product_en product_km search_key replaces_import"
        write_rows(SupplyLink, [*columns.split(), "stage", "stage_since", "value_usd"], rows)
        write_rows(LinkStage, ("link_id", "stage", "reached_on", "value_usd"), stages)

    def pairs(self) -> list[tuple[int, int, tuple[str, str, str]]]:
        """Return who buys what from whom, none twice."""
        draw = self.random
        found: dict[tuple[int, int, str], tuple[int, int, tuple[str, str, str]]] = {}
        while len(found) < self.sizes["links"]:
            buyer = self.buyers[int(len(self.buyers) * draw.random() ** 1.6)]
            supplier = draw.choice(self.members if draw.random() < 0.6 and self.members else self.firms)
            if buyer != supplier:
                goods = draw.choice(GOODS)
                found[buyer, supplier, goods[0]] = (buyer, supplier, goods)
        return [*found.values()]

    def link(
        self, pk: int, pair: tuple[int, int, tuple[str, str, str]], stages: list[tuple[Any, ...]]
    ) -> tuple[Any, ...]:
        """Return one link, and add its stages: one in eight has ended."""
        draw, (buyer, supplier, (code, name_en, name_km)) = self.random, pair
        reached = [*STAGES[: draw.randint(1, 5)], *(["ended"] if draw.random() < 1 / 8 else [])]
        day, value, stage = self.day(1_500), None, ""
        for stage in reached:
            day += datetime.timedelta(days=draw.randint(20, 120))
            value = draw.randint(1, 90) * 1_000 if stage in SupplyLink.ALIVE else value
            stages.append((pk, stage, day.isoformat(), value if stage in SupplyLink.ALIVE else None))
        about = code, name_en, name_km, search_key(name_en, name_km, code), draw.choice((True, False, None))
        return pk, buyer, supplier, *about, stage, day.isoformat(), value

    def write_bodies(self) -> None:
        first = first_free(Organisation)
        ids = range(first, first + BODIES)
        named = [(pk, f"Laboratory {pk}", "other", *[search_key(f"Laboratory {pk}")] * 2) for pk in ids]
        write_rows(Organisation, ("id", "name_en", "kind", "search_key", "name_en_key"), named)
        scopes = [(pk, "Testing of food", self.day().isoformat(), "2028-01-01") for pk in ids]
        write_rows(Accreditation, ("organisation_id", "scope_en", "issued_on", "expires_on"), scopes)

    def declare_complete(self) -> None:
        """Declare some provinces complete, and one division in the whole country."""
        assert Sector.objects.divisions().filter(pk=COMPLETE["division"]).exists()
        rows = [(province, None) for province in COMPLETE["provinces"]] + [(None, COMPLETE["division"])]
        declared = [(*row, "2026-01-01", "Benchmark") for row in rows]
        write_rows(Completeness, ("province_id", "sector_id", "declared_on", "source"), declared)
