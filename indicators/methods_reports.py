"""What reports explain on the page of methods: what they hold, how they are frozen, shared and printed."""

from django.utils.translation import gettext_lazy as _

from capred_portal.methods import Rule, chapter


def report_rules() -> list[Rule]:
    """Return what holds for every report."""
    return [
        Rule(
            "reports-held",
            _("What a report holds"),
            (
                _("Page, PDF and frozen report are one text, made from the figures that the pages show."),
                _(
                    "Whoever opens it, it shows what an embassy officer may see: small groups are withheld, and people"
                    " are named only as speakers and owners of actions."
                ),
                _("At its foot stand day and time, release and data version: the number of changes in each part."),
            ),
        ),
        Rule(
            "reports-frozen",
            _("Frozen reports and their links"),
            (
                _("Sharing keeps the report as it stands; later changes of the data do not change it."),
                _(
                    "The link opens that one report, without an account, until it expires or is revoked by whoever made"
                    " it or by a verifier. How often it was opened is counted, by whom is not."
                ),
                _("When personal data is erased, the name is replaced in frozen reports too, wherever it stands so."),
            ),
        ),
        Rule(
            "reports-pdf",
            _("PDF files"),
            (
                _(
                    "They are drawn with one font for Khmer and Latin, and lines of Khmer break between words. They are"
                    " tagged for screen readers, and Khmer is copied, found and read aloud as it is written."
                ),
            ),
        ),
    ]


chapter(98, "reports", _("Reports"), rules=report_rules, apart=True)
