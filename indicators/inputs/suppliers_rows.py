"""The rows of the page of suppliers: firms with their reasons, what links them already, and where one click leads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from enterprises.models import Enterprise, Product, SizeDefinition, SupplyLink
from enterprises.sizes import Size, Sizes
from indicators.inputs.suppliers import Question
from indicators.inputs.suppliers_ranking import Candidate, points
from indicators.inputs.suppliers_words import reason

LONGEST_TEXT = 1_500


@dataclass(frozen=True)
class Row:
    """One firm as the page shows it."""

    firm: Enterprise
    size: Size
    candidate: Candidate
    reason: str
    products: Sequence[Product]
    links: Sequence[SupplyLink]
    hs_code: str

    @property
    def points(self) -> int:
        return points(self.candidate.fit)

    @property
    def product(self) -> Product | None:
        """The product that is nearest to what is asked."""
        offer = self.candidate.fit.offer
        return next((product for product in self.products if offer and product.hs_code == offer.hs_code), None)

    @property
    def link_url(self) -> str:
        """The form of a link that starts with an introduction of this firm."""
        made = self.product
        names = {"product_en": made.name_en, "product_km": made.name_km} if made else {}
        code = made.hs_code if made else self.hs_code
        asked = {"supplier": str(self.firm.pk), "hs_code": code, **names, "stage": "introduced"}
        return f"{reverse('links:new')}?{urlencode({name: value for name, value in asked.items() if value})}"

    @property
    def action_url(self) -> str:
        """The form of an action with the firm and its reason in its text."""
        words = _("Help %(firm)s to supply HS %(code)s. What is known: %(reason)s.")
        text = words % {"firm": self.firm, "code": self.hs_code, "reason": self.reason}
        return f"{reverse('actions:new')}?{urlencode({'text': text[:LONGEST_TEXT]})}"


def rows_of(question: Question, candidates: Sequence[Candidate], standard: str) -> dict[int, Row]:
    """Return the rows of these firms by key: four queries, however many firms."""
    need, keys = question.need, [one.firm for one in candidates]
    firms = Enterprise.objects.select_related("sector", "province", "latest").in_bulk(keys)
    products: dict[int, list[Product]] = defaultdict(list)
    made = Product.objects.active().filter(enterprise__in=keys).order_by("hs_code", "pk")
    for product in made.only("enterprise_id", "hs_code", "name_en", "name_km"):
        products[product.enterprise_id].append(product)
    links: dict[int, list[SupplyLink]] = defaultdict(list)
    held = SupplyLink.objects.standing().filter(supplier__in=keys, hs_code__range=need.codes)
    for link in held.select_related("buyer"):
        links[link.supplier_id].append(link)
    sizes = Sizes(SizeDefinition.objects.all())
    return {
        one.firm: Row(
            firm=firms[one.firm],
            size=sizes.of_enterprise(firms[one.firm]),
            candidate=one,
            reason=reason(
                need,
                one.fit,
                standard=standard,
                sector=firms[one.firm].sector,
                codes=[product.hs_code for product in products[one.firm]],
            ),
            products=products[one.firm],
            links=links[one.firm],
            hs_code=need.hs_code,
        )
        for one in candidates
        if one.firm in firms
    }


def exported_row(row: Row, sizes: dict[str, str], groups: dict[str, str]) -> list[object]:
    """Return the cells of a firm in the file."""
    links = [f"{link.buyer} ({link.get_stage_display()})" for link in row.links]
    return [
        *(str(groups[row.candidate.group]), str(row.firm), str(row.firm.sector or ""), str(row.firm.province or "")),
        *(sizes.get(row.size.size_class, ""), row.reason, row.points, "; ".join(links)),
        _("yes") if row.firm.is_demo else _("no"),
    ]
