"""Tables to take away: enterprises and what is known of them, clusters, links, places, sectors, sizes, bodies."""

from enterprises.tables import clusters as _clusters
from enterprises.tables import enterprises as _enterprises
from enterprises.tables import links as _links
from enterprises.tables import places as _places
from enterprises.tables import quality as _quality

__all__ = ["_clusters", "_enterprises", "_links", "_places", "_quality"]  # registered by being imported
