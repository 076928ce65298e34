"""What the register, clusters, quality and the ledger explain on the page of methods."""

from django.utils.translation import gettext_lazy as _

from capred_portal.methods import chapter, figure_chapter

REGISTER = tuple(f"enterprises.figures.{name}" for name in ("register", "imported_inputs", "owners", "new_firms"))

figure_chapter(30, "rules-register", _("Enterprises"), *REGISTER)
figure_chapter(31, "rules-clusters", _("Clusters"), "enterprises.figures.clusters")
figure_chapter(32, "rules-quality", _("Quality infrastructure"), "enterprises.figures.quality")
figure_chapter(33, "rules-links", _("Links"), "enterprises.figures.links")
chapter(90, "location-quotients", _("Where clusters could grow"), template="clusters/_method.html")
