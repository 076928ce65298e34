"""Rows and questions that tests of suppliers share: what a code means, firms that make it, who is in which group."""

from decimal import Decimal

from django.core.cache import cache
from django.urls import reverse

from indicators.models import Correspondence
from tests.indicator_factories import make_source
from tests.register_factories import make_enterprise, make_product, make_sector

PAGE = reverse("suppliers:list")


def make_meaning(hs_code="481910", classes="1702", source=None, end_use="intermediate"):
    """Let an item of the Harmonized System be made by ISIC classes."""
    for code in classes.split("|"):
        make_sector(code)
    return Correspondence.objects.create(
        source=source or make_source(), hs_code=hs_code, isic_classes=classes, end_use=end_use, title_en="Cartons"
    )


def maker(name, *, capacity=None, unit="t", hs_code="4819", **fields):
    """Return a firm with one product of the heading."""
    firm = make_enterprise(name_en=name, **fields)
    about = {} if capacity is None else {"capacity": Decimal(capacity), "capacity_unit": unit}
    make_product(enterprise=firm, hs_code=hs_code, name_en="Carton boxes", **about)
    return firm


def groups_on(client, **asked):
    """Return the rows of the page by group: name and reason of each firm."""
    cache.clear()
    sections = client.get(PAGE, asked).context["sections"]
    return {section.group.value: [(str(row.firm), row.reason) for row in section.rows] for section in sections}


def names_on(client, **asked):
    return {group: [name for name, _reason in rows] for group, rows in groups_on(client, **asked).items()}
