"""Rows of the register for tests: places and sectors by code, firms, their parts, clusters and links."""

import csv
import datetime
from itertools import count
from typing import Any

from django.conf import settings

from enterprises.models import (
    Certificate,
    Cluster,
    ClusterMembership,
    Enterprise,
    EnterpriseYear,
    LinkStage,
    Product,
    Province,
    Sector,
    SupplyLink,
)

_number = count(1)


def make_certificate(**fields: Any) -> Certificate:
    """Return a saved certificate without a last day, of a new firm unless told."""
    if "enterprise" not in fields:
        fields["enterprise"] = make_enterprise()
    return Certificate.objects.create(**{"standard": "ISO 9001"} | fields)


def make_cluster(**fields: Any) -> Cluster:
    """Return a saved cluster; `sectors` and `provinces` may be given as lists."""
    number = next(_number)
    sectors, provinces = fields.pop("sectors", ()), fields.pop("provinces", ())
    cluster = Cluster.objects.create(**{"slug": f"cluster-{number}", "name_en": f"Cluster {number}"} | fields)
    cluster.sectors.add(*sectors)
    cluster.provinces.add(*provinces)
    return cluster


def make_enterprise(**fields: Any) -> Enterprise:
    """Return a saved firm; `sector` and `province` may be given by code: "1061", "02"."""
    for name, make in (("sector", make_sector), ("province", make_province)):
        if isinstance(fields.get(name), str):
            fields[name] = make(fields[name])
    if "name_km" not in fields:
        fields.setdefault("name_en", f"Firm {next(_number)}")
    return Enterprise.objects.create(**fields)


def make_enterprise_year(**fields: Any) -> EnterpriseYear:
    """Return a saved year, 2024 unless told, of a new firm unless told; the firm's latest year follows."""
    if "enterprise" not in fields:
        fields["enterprise"] = make_enterprise()
    year = EnterpriseYear.objects.create(**{"year": 2024} | fields)
    newest = EnterpriseYear.objects.active().filter(enterprise=year.enterprise).order_by("-year").first()
    Enterprise.objects.filter(pk=year.enterprise_id).update(latest=newest)
    year.enterprise.latest = newest
    return year


def make_link(**fields: Any) -> SupplyLink:
    """Return a saved link of two new firms unless told, with the first stage of its history."""
    for side in ("buyer", "supplier"):
        if side not in fields:
            fields[side] = make_enterprise()
    day = fields.pop("stage_since", datetime.date(2024, 8, 14))
    fields = {"hs_code": "1006", "product_en": "Rice"} | fields
    link = SupplyLink.objects.create(stage_since=day, **fields)
    LinkStage.objects.create(link=link, stage=link.stage, reached_on=day, value_usd=link.value_usd)
    return link


def make_membership(**fields: Any) -> ClusterMembership:
    """Return a saved membership of a new firm in a new cluster unless told."""
    if "cluster" not in fields:
        fields["cluster"] = make_cluster()
    if "enterprise" not in fields:
        fields["enterprise"] = make_enterprise()
    return ClusterMembership.objects.create(**fields)


def make_product(**fields: Any) -> Product:
    """Return a saved product of a new firm unless told."""
    if "enterprise" not in fields:
        fields["enterprise"] = make_enterprise()
    return Product.objects.create(**{"hs_code": "1006", "name_en": "Rice"} | fields)


def make_province(code: str = "02", **fields: Any) -> Province:
    """Return the province with this code, made once."""
    number = int(code)
    defaults = {
        "iso_code": f"KH-{number}",
        "name_en": f"Province {code}",
        "name_km": f"ខេត្ត {code}",
        "tile_row": number // 5,
        "tile_column": number % 5,
        "source": "Test",
    } | fields
    return Province.objects.get_or_create(code=code, defaults=defaults)[0]


def make_provinces() -> None:
    """Make the provinces of the country, each with its names and its place on the grid."""
    with (settings.BASE_DIR / "enterprises" / "reference" / "provinces.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            names = ("name_en", "name_km", "tile_row", "tile_column")
            make_province(row["code"], **{name: row[name] for name in names})


def make_sector(code: str = "1061", **fields: Any) -> Sector:
    """Return the sector with this ISIC code, made once; a division of manufacturing unless told."""
    levels = {1: Sector.Level.SECTION, 2: Sector.Level.DIVISION, 3: Sector.Level.GROUP, 4: Sector.Level.CLASS}
    section = code if len(code) == 1 else "C"
    defaults = {"level": levels[len(code)], "section": section, "title_en": f"Sector {code}", "source": "Test"} | fields
    return Sector.objects.get_or_create(code=code, defaults=defaults)[0]
