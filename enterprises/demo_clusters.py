"""Demonstration rows of clusters: firms enough to compare places, declarations, members, accredited bodies."""

import datetime
import random

from django.utils import timezone

from capred_portal.demo import makes
from capred_portal.models import Organisation
from enterprises.models import (
    Accreditation,
    Cluster,
    ClusterMembership,
    Completeness,
    Enterprise,
    EnterpriseYear,
    Province,
    Sector,
)

DEMO = {"is_demo": True}
SOURCE = "Invented for the demonstration"
PLACES = ("02", "03", "08", "12", "17")  # Battambang, Kampong Cham, Kandal, Phnom Penh, Siem Reap

# ISIC class, name in both scripts, and how many firms each of PLACES gets.
TRADES = [
    ("1061", "Demo Rice Mill", "រោងម៉ាស៊ីនស្រូវ គំរូ", (34, 12, 6, 4, 8)),
    ("1030", "Demo Fruit Dryer", "រោងសម្ងួតផ្លែឈើ គំរូ", (12, 6, 5, 7, 6)),
    ("1104", "Demo Bottled Water", "រោងទឹកបរិសុទ្ធ គំរូ", (10, 4, 11, 13, 4)),
    ("1312", "Demo Silk Weavers", "រោងត្បាញសូត្រ គំរូ", (0, 2, 3, 0, 22)),
    ("1410", "Demo Garment Workshop", "រោងកាត់ដេរ គំរូ", (4, 5, 30, 46, 3)),
    ("1512", "Demo Leather Goods", "រោងផលិតទំនិញស្បែក គំរូ", (0, 0, 12, 7, 0)),
    ("1702", "Demo Packaging", "រោងវេចខ្ចប់ គំរូ", (2, 3, 13, 16, 2)),
    ("2219", "Demo Rubber Products", "រោងផលិតផលកៅស៊ូ គំរូ", (1, 19, 3, 4, 0)),
    ("2511", "Demo Metal Works", "រោងជាងដែក គំរូ", (11, 8, 12, 18, 5)),
]

EXPORTERS = ("1312", "1512")  # whose divisions have no certificate

CLUSTERS = [
    {
        "slug": "demo-rice",
        "name_en": "Demonstration cluster: rice and food of Battambang",
        "name_km": "ចង្កោមគំរូ៖ ស្រូវ និងម្ហូបអាហារបាត់ដំបង",
        "stage": Cluster.Stage.ACTIVE,
        "needs_en": "A shared dryer and a shared store.\nOne food safety certificate for all mills.",
        "needs_km": "ម៉ាស៊ីនសម្ងួត និងឃ្លាំងរួម។\nវិញ្ញាបនបត្រសុវត្ថិភាពម្ហូបអាហារសម្រាប់រោងម៉ាស៊ីនទាំងអស់។",
    },
    {
        "slug": "demo-packaging",
        "name_en": "Demonstration cluster: packaging for garments",
        "name_km": "ចង្កោមគំរូ៖ វេចខ្ចប់សម្រាប់សម្លៀកបំពាក់",
        "stage": Cluster.Stage.FORMING,
        "needs_en": "Orders large enough to buy paper together.",
        "needs_km": "",
    },
    {
        "slug": "demo-silk",
        "name_en": "Demonstration cluster: silk of Siem Reap",
        "name_km": "ចង្កោមគំរូ៖ សូត្រសៀមរាប",
        "stage": Cluster.Stage.IDEA,
        "needs_en": "",
        "needs_km": "",
    },
]

# slug -> provinces, divisions, classes and number of members, class and number of anchor buyers.
COMPOSITION: dict[str, tuple[list[str], list[str], tuple[str, ...], int, str, int]] = {
    "demo-rice": (["02"], ["10"], ("1061", "1030"), 16, "1104", 4),
    "demo-packaging": (["08", "12"], ["17"], ("1702",), 11, "1410", 5),
    "demo-silk": (["17"], ["13"], ("1312",), 6, "1410", 1),
}
BODIES = [
    ("Demo Food Testing Laboratory", "មន្ទីរពិសោធន៍ម្ហូបអាហារ គំរូ", "Microbiology of food", "មីក្រូជីវសាស្ត្រនៃម្ហូបអាហារ", 500),
    ("Demo Calibration Service", "សេវាក្រិតខ្នាត គំរូ", "Scales up to 50 kg", "ជញ្ជីងរហូតដល់ 50 គីឡូក្រាម", 120),
    ("Demo Certification Body", "ស្ថាប័នបញ្ជាក់ គំរូ", "Quality management systems", "", -30),
]


@makes(order=6)
def make_clusters(generator: random.Random) -> None:
    """Make more firms of five provinces, declare these complete, and let some of the firms join clusters."""
    make_firms(generator)
    today = timezone.localdate()
    declared = {"declared_on": today - datetime.timedelta(days=60), "source": SOURCE}
    for code in PLACES:
        Completeness.objects.get_or_create(province_id=code, **DEMO, defaults=declared)
    lead = Organisation.objects.create(
        name_en="Demo Federation of Producers", name_km="សហព័ន្ធអ្នកផលិត គំរូ", kind="association", **DEMO
    )
    for fields in CLUSTERS:
        cluster = Cluster.objects.create(
            lead=lead if fields["stage"] == Cluster.Stage.ACTIVE else None, **fields, **DEMO
        )
        provinces, divisions, *_members = COMPOSITION[cluster.slug]
        cluster.provinces.set(Province.objects.filter(pk__in=provinces))
        cluster.sectors.set(Sector.objects.filter(pk__in=divisions))
        make_members(generator, cluster)
    make_bodies(today)


def make_firms(generator: random.Random) -> None:
    """Make firms with owners and one year on record; the jobs of some are not known."""
    firms = [
        Enterprise(
            name_en=f"{name_en} {province}-{number}",
            name_km=f"{name_km} {province}-{number}" if number % 3 else "",
            sector_id=sector,
            province_id=province,
            is_women_owned=generator.choice([True, True, False, False, None]),
            is_women_led=generator.choice([True, False, False, None]),
            **DEMO,
        )
        for sector, name_en, name_km, counts in TRADES
        for province, count in zip(PLACES, counts, strict=True)
        for number in range(1, count + 1)
    ]
    Enterprise.objects.bulk_create(firms)
    years = EnterpriseYear.objects.bulk_create(
        EnterpriseYear(
            enterprise=firm,
            year=2024,
            employees=generator.randint(3, 120),
            export_share_pct=generator.choice([0, 20, 60]) if firm.sector_id in EXPORTERS else None,
            source=SOURCE,
            **DEMO,
        )
        for firm in firms
        if generator.random() > 0.12
    )
    for year in years:
        year.enterprise.latest = year
    Enterprise.objects.bulk_update([year.enterprise for year in years], ["latest"], batch_size=200)


def make_members(generator: random.Random, cluster: Cluster) -> None:
    """Let firms of the cluster's places join: members, anchor buyers from anywhere, and one that has left."""
    provinces, _divisions, classes, count, buyers, anchors = COMPOSITION[cluster.slug]
    demo = Enterprise.objects.filter(is_demo=True).order_by("pk")
    firms = list(demo.filter(province__in=provinces, sector__in=classes)[: count + 1])
    first = datetime.date(2024, 9, 1)
    for number, firm in enumerate(firms):
        joined = first + datetime.timedelta(days=generator.randint(0, 300))
        left = joined + datetime.timedelta(days=150) if number == count else None
        ClusterMembership.objects.create(cluster=cluster, enterprise=firm, joined_on=joined, left_on=left, **DEMO)
    for firm in demo.filter(sector=buyers).exclude(memberships__cluster=cluster)[:anchors]:
        role = ClusterMembership.Role.ANCHOR
        ClusterMembership.objects.create(cluster=cluster, enterprise=firm, role=role, joined_on=first, **DEMO)


def make_bodies(today: datetime.date) -> None:
    """Make organisations that may test, calibrate and certify; the accreditation of one has ended."""
    for name_en, name_km, scope_en, scope_km, days in BODIES:
        body = Organisation.objects.create(name_en=name_en, name_km=name_km, kind="other", **DEMO)
        Accreditation.objects.create(
            organisation=body,
            scope_en=scope_en,
            scope_km=scope_km,
            accredited_by="Demo Accreditation Office",
            issued_on=today - datetime.timedelta(days=600),
            expires_on=today + datetime.timedelta(days=days),
            source=SOURCE,
            **DEMO,
        )
