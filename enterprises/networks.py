"""Links of the ledger -> the picture of who supplies whom."""

from collections.abc import Collection, Iterable

from capred_portal.networks import Firm, Link, NetworkPicture, Style, network_picture
from enterprises.models import SupplyLink

MOST_LINKS = 400  # more than a picture can show; the newest are drawn
STYLES: dict[str, Style] = {
    SupplyLink.Stage.INTRODUCED: "dotted",
    SupplyLink.Stage.SAMPLE: "dashed",
    SupplyLink.Stage.TRIAL: "dashed",
    SupplyLink.Stage.CONTRACT: "solid",
    SupplyLink.Stage.REPEAT: "solid",
    SupplyLink.Stage.ENDED: "faint",
}


def picture_of_links(links: Iterable[SupplyLink], *, centers: Collection[int] = ()) -> NetworkPicture:
    """Draw links with their buyers and suppliers loaded; `centers` are the ids of the firms the picture is about."""
    shown = list(links)
    firms = {
        str(firm.pk): Firm(str(firm), firm.get_absolute_url(), is_center=firm.pk in centers)
        for link in shown
        for firm in (link.supplier, link.buyer)
    }
    stages = {str(stage): (STYLES[stage], label) for stage, label in SupplyLink.Stage.choices}
    earliest_first = [SupplyLink.Stage.ENDED, *(stage for stage in SupplyLink.Stage.values if stage != "ended")]
    return network_picture(
        [Link(str(link.supplier_id), str(link.buyer_id), link.stage) for link in shown],
        firms,
        {stage: stages[stage] for stage in map(str, earliest_first)},
    )
