"""Places, sectors, enterprises, clusters and the ledger of buyer-supplier links, one file per noun."""

from enterprises.models.cluster import Cluster, ClusterMembership
from enterprises.models.enterprise import Certificate, Enterprise, EnterpriseYear, Product
from enterprises.models.link import LinkStage, SupplyLink
from enterprises.models.places import District, Province
from enterprises.models.register import Accreditation, Completeness
from enterprises.models.sector import Sector, SizeDefinition

__all__ = [
    "Accreditation",
    "Certificate",
    "Cluster",
    "ClusterMembership",
    "Completeness",
    "District",
    "Enterprise",
    "EnterpriseYear",
    "LinkStage",
    "Product",
    "Province",
    "Sector",
    "SizeDefinition",
    "SupplyLink",
]
