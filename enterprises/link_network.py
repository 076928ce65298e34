"""Links around firms -> a chart: the picture of who supplies whom, its title and its table."""

from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capred_portal.plotting import Cell, SvgChart, Table
from enterprises.models import SupplyLink
from enterprises.networks import MOST_LINKS, picture_of_links

SOURCE = gettext_lazy("Records of this portal")


def links_around(firms: Collection[int]) -> list[SupplyLink]:
    """Return the links in which one of these firms buys or supplies, the latest first."""
    rows = SupplyLink.objects.standing().of_firms(firms).select_related("buyer", "supplier")
    return list(rows[:MOST_LINKS])


def link_network(links: Iterable[SupplyLink], title: str, centers: Collection[int] = ()) -> SvgChart:
    """Draw links between firms; those the picture is about are marked. The table names every link."""
    links = list(links)
    return SvgChart(
        title=title,
        source=str(SOURCE),
        picture=picture_of_links(links, centers=centers),
        table=Table(
            corner=_("Supplier"),
            columns=[_("Buyer"), _("Product"), _("Stage")],
            rows=[row_of(link) for link in links],
        ),
        has_demo=any(link.is_demo for link in links),
    )


def row_of(link: SupplyLink) -> tuple[str, list[Cell]]:
    """Return a link as a row of the table."""
    product = Cell(f"{link.hs_code} {link.product}".strip(), link.get_absolute_url())
    return str(link.supplier), [Cell(str(link.buyer)), product, Cell(link.get_stage_display())]
