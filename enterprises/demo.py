"""Demonstration rows of the register: firms of a few provinces, their years and links, all invented."""

import datetime
import random
from typing import Any

from django.utils import timezone

from capred_portal.demo import makes, remove, removes
from capred_portal.models import Match, Merge
from enterprises import demo_clusters  # noqa: F401  its rows are made after the firms
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
    SupplyLink,
)
from enterprises.services import settle_latest

DEMO = {"is_demo": True}
FIRMS = 120
# Names of places and plants that no firm is called after here, with the sound of each in both scripts.
WORDS = [
    ("Chamkar", "ចម្ការ"),
    ("Romduol", "រំដួល"),
    ("Krasang", "ក្រសាំង"),
    ("Svay", "ស្វាយ"),
    ("Thnaot", "ត្នោត"),
    ("Kralanh", "ក្រឡាញ់"),
    ("Phka Chhouk", "ផ្កាឈូក"),
    ("Mlob Por", "ម្លប់ពោធិ៍"),
    ("Tonle Toch", "ទន្លេតូច"),
    ("Angkrong", "អង្ក្រង"),
]
# ISIC class, name in both languages, HS code and product, unit, how many, share of inputs that is imported.
TRADES: list[tuple[Any, ...]] = [
    ("1061", "Rice Mill", "រោងម៉ាស៊ីនកិនស្រូវ", "1006", "Milled rice", "អង្ករ", "tonnes", 22, 8),
    ("1079", "Food Works", "កែច្នៃអាហារ", "2103", "Sauces", "ទឹកជ្រលក់", "tonnes", 16, 30),
    ("1410", "Garment Works", "រោងចក្រកាត់ដេរ", "6109", "T-shirts", "អាវយឺត", "pieces", 18, 85),
    ("1702", "Packaging", "វេចខ្ចប់", "4819", "Carton boxes", "កេសក្រដាស", "pieces", 16, 70),
    ("2220", "Plastic Works", "រោងចក្រប្លាស្ទិក", "3923", "Plastic bags", "ថង់ប្លាស្ទិក", "tonnes", 14, 80),
    ("2392", "Brick Kiln", "ឡឥដ្ឋ", "6904", "Bricks", "ឥដ្ឋ", "pieces", 18, 5),
    ("2511", "Metal Works", "រោងជាងដែក", "7308", "Metal frames", "គ្រោងដែក", "tonnes", 16, 60),
]
PROVINCES = ["02", "08", "12", "17", "03"]  # the last is declared complete for the demonstration
STANDARDS = [("ISO 9001", 3), ("ISO 22000", 2), ("GMP", 2), ("ISO 14001", 1)]
# Firms by number that nearly make cartons: no longer certified, maker of something else, without a product.
LAPSED, OTHER, BARE = 70, 47, 8
TRAYS = ("4823", "Paper trays", "ថាសក្រដាស")
STAGES = ["introduced", "sample", "trial", "contract", "repeat"]


@makes(order=5)
def make_firms(generator: random.Random) -> None:
    """Make firms with their years, products and certificates, and declare one province complete."""
    made = [make_firm(generator, number) for number in range(FIRMS)]
    settle_latest([firm.pk for firm in made])
    expired = timezone.localdate() - datetime.timedelta(days=120)
    Certificate.objects.create(enterprise=made[LAPSED], standard="ISO 9001", expires_on=expired, **DEMO)
    Completeness.objects.create(
        province_id=PROVINCES[-1],
        declared_on=timezone.localdate() - datetime.timedelta(days=90),
        source="Invented for the demonstration",
        **DEMO,
    )


def make_firm(generator: random.Random, number: int) -> Enterprise:
    """Make one firm of a trade."""
    sector, trade, trade_km, hs_code, product_en, product_km, unit, _share, _imported = trade_of(number)
    word, word_km = WORDS[number % len(WORDS)]
    province = generator.choice(PROVINCES) if number % 3 else PROVINCES[-1]
    firm = Enterprise.objects.create(
        registration_number=f"DEMO{number:05}" if number % 7 else "",
        name_en=f"Demo {word} {trade} {number + 1}",
        name_km=f"{trade_km}{word_km} គំរូ {number + 1}" if number % 6 else "",
        sector_id=sector,
        province_id=province,
        founded_year=generator.randint(1995, 2022),
        registered_on=datetime.date(generator.randint(2012, 2024), generator.randint(1, 12), generator.randint(1, 28)),
        legal_form=generator.choice(["sole", "sole", "private-limited", "single-member", ""]),
        is_women_owned=generator.choice([True, True, False, False, None]),
        is_women_led=generator.choice([True, False, False, None]),
        owner_has_disability=generator.choice([False, False, False, False, True, None]),
        **DEMO,
    )
    make_years(generator, firm, number)
    if number == OTHER:
        hs_code, product_en, product_km = TRAYS
    product = Product(
        enterprise=firm,
        hs_code=hs_code,
        name_en=product_en,
        name_km=product_km,
        capacity=generator.randint(2, 90) * 100,
        capacity_unit=unit,
        **DEMO,
    )
    if number != BARE:
        product.save()
    if number % 4 == 0:
        make_certificate(generator, firm)
    return firm


def trade_of(number: int) -> tuple[Any, ...]:
    """Return the trade of the firm of that number; each trade has its share of all firms."""
    place = number * 37 % FIRMS
    for trade in TRADES:
        if place < trade[7]:
            return trade
        place -= trade[7]
    return TRADES[-1]


def make_years(generator: random.Random, firm: Enterprise, number: int) -> None:
    """Make three years in which the firm grows or shrinks a little; one firm in nine states nothing."""
    if number % 9 == 8:
        return
    imported = trade_of(number)[8]
    staff = generator.choice([3, 4, 8, 12, 20, 35, 60, 140, 260])
    for year in (2022, 2023, 2024):
        staff = max(1, round(staff * generator.uniform(0.92, 1.18)))
        women = round(staff * generator.uniform(0.2, 0.8))
        EnterpriseYear.objects.create(
            enterprise=firm,
            year=year,
            employees=staff,
            women=women,
            men=staff - women,
            with_disability=generator.choice([0, 0, 0, 1]) if staff > 5 else None,
            turnover_usd=staff * generator.randint(4_000, 14_000),
            assets_usd=staff * generator.randint(2_000, 9_000),
            export_share_pct=generator.choice([0, 0, 0, 20, 60]),
            imported_input_share_pct=min(100, max(0, imported + generator.randint(-8, 8))),
            source="Invented for the demonstration",
            **DEMO,
        )


def make_certificate(generator: random.Random, firm: Enterprise) -> None:
    """Make a certificate that holds for a while, or has just expired."""
    issued = timezone.localdate() - datetime.timedelta(days=generator.randint(100, 1_200))
    names = [name for name, weight in STANDARDS for _ in range(weight)]
    Certificate.objects.create(
        enterprise=firm,
        standard=generator.choice(names),
        issuer="Demo Certification Body",
        scope_en="Production",
        scope_km="ផលិតកម្ម",
        issued_on=issued,
        expires_on=issued + datetime.timedelta(days=3 * 365),
        **DEMO,
    )


@makes(order=7)
def make_links(generator: random.Random) -> None:
    """Make links from makers of packaging and plastics to rice mills, food works and garment factories."""
    firms = Enterprise.objects.filter(is_demo=True).order_by("pk")
    buyers = list(firms.filter(sector_id__in=["1061", "1079", "1410"]))
    suppliers = list(firms.filter(sector_id__in=["1702", "2220"]))
    for number in range(26):
        supplier = suppliers[number % len(suppliers)]
        product = supplier.products.first()
        link = SupplyLink.objects.create(
            buyer=buyers[number * 7 % len(buyers)],
            supplier=supplier,
            hs_code=product.hs_code if product else "4819",
            product_en=product.name_en if product else "Carton boxes",
            product_km=product.name_km if product else "",
            replaces_import=generator.choice([True, True, False, None]),
            **DEMO,
        )
        make_stages(generator, link)


def make_stages(generator: random.Random, link: SupplyLink) -> None:
    """Let a link come as far as it has come; a few have ended."""
    reached = STAGES[: generator.randint(1, len(STAGES))] + (["ended"] if generator.random() < 0.12 else [])
    day = timezone.localdate() - datetime.timedelta(days=70 * len(reached) + generator.randint(10, 200))
    value = generator.randint(4, 60) * 1_000
    for stage in reached:
        stated = value if stage in SupplyLink.ALIVE else None
        LinkStage.objects.create(link=link, stage=stage, reached_on=day, value_usd=stated, **DEMO)
        link.stage, link.stage_since = stage, day
        link.value_usd = stated if stated is not None else link.value_usd
        day += datetime.timedelta(days=generator.randint(20, 65))
    link.save()


CHILDREN_FIRST: list[Any] = [
    LinkStage,
    SupplyLink,
    ClusterMembership,
    Cluster,
    Accreditation,
    Completeness,
    Certificate,
    Product,
    EnterpriseYear,
    Enterprise,
]


@removes(order=20)
def remove_rows() -> int:
    """Delete the register's demonstration rows, history included, after what hangs on them in other apps."""
    Match.objects.filter(is_demo=True).delete()
    Merge.objects.filter(is_demo=True).delete()
    Enterprise.objects.filter(is_demo=True).update(latest=None)
    return sum(remove(model.objects.filter(is_demo=True)) for model in CHILDREN_FIRST)
