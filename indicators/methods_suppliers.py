"""What the page of suppliers explains on the page of methods: groups, points, and what is never guessed."""

from django.utils.translation import gettext_lazy as _

from capred_portal.figures import Words
from capred_portal.methods import Rule, chapter
from indicators.inputs.suppliers_ranking import POINTS

REASONS: dict[str, Words] = {
    "item": _("makes the same item: six digits alike"),
    "heading": _("makes the heading: four digits alike"),
    "chapter": _("makes goods of the chapter, where only a chapter is asked for"),
    "class": _("is of the one ISIC class that makes the heading"),
    "class-of-several": _("is of one of several ISIC classes that make the heading"),
    "certificate-met": _("holds the certificate asked for"),
    "certificate-expired": _("held it until it expired"),
    "capacity-met": _("has the yearly capacity asked for"),
    "capacity-half": _("has half of it or more"),
    "capacity-less": _("has less than half of it"),
    "cluster": _("is a member of a cluster"),
}


def supplier_rules() -> list[Rule]:
    """Return how firms are found for an input, grouped and ranked."""
    each = tuple(
        _("%(points)s: %(reason)s.") % {"points": gained, "reason": REASONS[code]} for code, gained in POINTS.items()
    )
    return [
        Rule(
            "suppliers",
            _("Who makes an input, and who nearly makes it"),
            (
                _(
                    "A firm makes an input when one of its recorded products has the same HS heading, and it holds the"
                    " certificate and has the yearly capacity where the buyer needs them."
                ),
                _(
                    "It nearly makes it when it has the heading but lacks the certificate or the capacity, or when"
                    " either is not known. A certificate that has expired counts as missing."
                ),
                _(
                    "It nearly makes it too when it is of an ISIC class that makes the heading, by the correspondence"
                    " of HS and ISIC that is loaded, and its products have other headings or none is recorded."
                ),
                _(
                    "Codes are compared as finely as both are known. A capacity in another unit is named and not"
                    " converted. Without a correspondence no class is guessed."
                ),
            ),
        ),
        Rule(
            "supplier-points",
            _("Points of a supplier"),
            (
                *each,
                _("The groups come first, then the points, then the name. Of several products the nearest one counts."),
                _("For those who may not read capacity, it is neither asked nor used."),
            ),
            "Σ p",
        ),
    ]


chapter(72, "suppliers-of-inputs", _("Suppliers of an input"), rules=supplier_rules, apart=True)
