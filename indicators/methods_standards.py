"""What the page of methods explains of IATI and SDMX: what goes out, and by which codes."""

from django.utils.translation import gettext_lazy as _

from capred_portal.methods import Rule, chapter
from indicators.standards.sdmx import HEADER, STRUCTURE_ID


def standards_rules() -> list[Rule]:
    """Return what the files hold, and the choices that the standards leave open."""
    return [values_rule(), *iati_rules(), *sdmx_rules()]


def values_rule() -> Rule:
    """Return which values go out."""
    return Rule(
        "standards-values",
        _("Which values leave the portal"),
        (
            _("Values that the ministry has signed, marked where the embassy accepted them, and published ones."),
            _("A value of several parts goes out when all its parts are signed. Drafts and what waits stay here."),
            _("In SDMX a province's own value goes out once it is signed itself."),
            _("Invented rows never go out, and no total with such rows in it. Small groups are withheld for all."),
            _("Values have the six decimals that are kept, and are not rounded further."),
            _("How many decimals the pages show is told beside them."),
            _("What archived programs told counts in no total, on pages and in files."),
        ),
    )


def iati_rules() -> list[Rule]:
    """Return what a program and its indicators are in IATI."""
    return [
        Rule(
            "standards-iati",
            _("A program as an IATI activity"),
            (
                _(
                    "The organization that reports is the partner whose IATI identifier the program's begins with, as"
                    " IATI asks. Who funds has role 1, who leads 2, who carries out or works with it 4. Advisers have"
                    " no role in IATI."
                ),
                _(
                    "Type by kind: government and development partner 10, agencies of several countries (XM-DAC-4 and"
                    " four digits) 40, non-governmental 24, private 70, university 80, all others 90."
                ),
                _(
                    "Status: planned 1, running 2, closed 4, on hold 6. A day that has come is an actual one, else it"
                    " is planned."
                ),
                _(
                    "Places are the provinces of its workshops, of the firms it supported and of its values. Each has"
                    " its ISO 3166-2 code as reference, since no code list of IATI holds provinces, and no coordinates."
                ),
                _(
                    "IATI takes budgets of a year at most: each year a program states goes out with its own days. A"
                    " budget of the whole program goes out with the program's days where they are no longer than a"
                    " year; otherwise, or without a last day, it stays here."
                ),
                _(
                    "What was spent in a year is one expenditure (transaction type 4) with the day it was counted by,"
                    " or the last day of the year where that is earlier; so all of them together are what was spent so"
                    " far. Without that day, or over more than a year, it stays here: no single day would be true."
                ),
            ),
        ),
        results_rule(),
    ]


def results_rule() -> Rule:
    """Return how indicators become results."""
    return Rule(
        "standards-results",
        _("Indicators as IATI results"),
        (
            _("Each indicator is one result: output 1, outcome 2, impact 3; percentages have measure 2, others 1."),
            _("Of an indicator that is summed, a target counts from the day after the baseline."),
            _(
                "Every actual has a number, as IATI asks. What is missing, n/a or withheld stands in a second indicator"
                " of the same result with measure 5, in words: the reason is its comment."
            ),
            _("A text is there in a language only if somebody wrote it in that language."),
        ),
    )


def sdmx_rules() -> list[Rule]:
    """Return what the columns and codes of SDMX mean."""
    return [
        Rule(
            "standards-sdmx",
            _("Columns and codes of SDMX"),
            (
                _("One row for each value. A part has its code in one column of a breakdown, and _T in all others."),
                _(
                    "State of the value: A there is one, E modelled or estimated, O missing, M does not apply,"
                    " Q withheld."
                ),
                _("_T is the total, _U unknown, _Z does not apply. PROGRAM _T is the whole country."),
                _(
                    "REF_AREA is KH for all places together. A value that was told of one province has a row of its own"
                    " with the ISO 3166-2 code of the province, also where the whole was told too."
                ),
                _(
                    "Where the parts of several places add up, each province's parts are withheld, small or not: what"
                    " is withheld of one could be reckoned from the others and the total."
                ),
                _("A country's total that is a sum of programs has no parts here: each program's rows have its own."),
                _("EDITION names the edition of a published value: two editions are two rows."),
                _("Quarters are written 2024-Q3, years 2024."),
            ),
            ", ".join(HEADER),
        ),
        Rule("standards-name", _("Name of the SDMX table"), (_("To be confirmed by MISTI."),), STRUCTURE_ID),
    ]


chapter(97, "standards", _("Files for IATI and SDMX"), rules=standards_rules, apart=True)
