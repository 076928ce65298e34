"""What indicators explain on the page of methods: deriving, adding up, progress, published series."""

from django.utils.translation import gettext_lazy as _

from capred_portal.figures import REGISTRY, Words, number
from capred_portal.languages import localized
from capred_portal.methods import Rule, chapter, figure_chapter
from indicators import (  # noqa: F401  they register their chapters
    methods_inputs,
    methods_reports,
    methods_standards,
    methods_suppliers,
)
from indicators.analytics.progress import AMBER_FROM, GREEN_FROM
from indicators.derived import DERIVATIONS
from indicators.models import Indicator

RULES = Indicator.Rule
ADDING: dict[str, tuple[tuple[Words, ...], str]] = {
    RULES.SUM: ((_("For what is counted in each period or place anew."),), "Σ v"),
    RULES.LATEST: (
        (_("For levels and for what is counted since the start: the newest value, which is never added to others."),),
        "v(t max)",
    ),
    RULES.WEIGHTED: ((_("Each value counts by its weight. Without weights there is no average."),), "Σ w·v / Σ w"),
    RULES.RATIO: (
        (_("The sum of the numerators over the sum of the denominators, never the mean of the ratios."),),
        "Σ a / Σ b",
    ),
    RULES.DISTINCT: (
        (
            _("One person or firm can be in several periods and programs. They are counted again from the records."),
            _("The true number lies between the largest part and the sum of all parts."),
        ),
        "max n ≤ N ≤ Σ n",
    ),
    RULES.NONE: ((_("Values of several periods or places stand side by side."),), ""),
}


def derived_rules() -> list[Rule]:
    """Return the derived indicators in use, with what they read and how they add up: one query."""
    return [derived_rule(each) for each in Indicator.objects.current().filter(kind=Indicator.Kind.DERIVED)]


def derived_rule(indicator: Indicator) -> Rule:
    """Explain one derived indicator."""
    derivation = DERIVATIONS.get(indicator.derivation)
    read = ", ".join(str(REGISTRY[code].title) for code in derivation.reads) if derivation else "–"
    words: list[Words] = [localized(indicator, "definition")]
    if derivation and derivation.note:
        words.append(derivation.note)
    words.append(_("Read from: %(figures)s.") % {"figures": read})
    periods, places = indicator.get_over_periods_display(), indicator.get_over_places_display()
    words.append(_("Over periods: %(periods)s. Over programs: %(places)s.") % {"periods": periods, "places": places})
    return Rule(
        f"indicator-{indicator.code}",
        str(indicator),
        tuple(words),
        url=indicator.get_absolute_url(),
        code=indicator.code,
        unit=indicator.unit,
    )


def adding_rules() -> list[Rule]:
    """Return how values add up, under each rule an indicator can have."""
    missing = Rule(
        "adding-missing",
        _("What is missing"),
        (
            _("A value that nobody reported is never taken for 0. It is left out, counted, and said."),
            _("The total is told first. What no part of it accounts for is shown as unknown."),
        ),
    )
    return [*(Rule(f"adding-{slug(rule)}", rule.label, *ADDING[rule]) for rule in RULES), missing]


def slug(rule: Indicator.Rule) -> str:
    return str(rule.value).replace(" ", "-")


def progress_rules() -> list[Rule]:
    """Return how progress is judged, with the thresholds unless an indicator has its own."""
    colors = _(
        "Green from %(green)s of the progress expected by now, amber from %(amber)s, red below. An indicator may have"
        " thresholds of its own, which its page shows."
    )
    return [
        Rule(
            "progress",
            _("Progress to a target"),
            (
                _("The share of the way from baseline to target that is done, in the direction of the indicator."),
                _("Within a range it is 1. Outside, it is measured to the nearer edge."),
                _("Where the target equals the baseline, it is 1 while the value is held, and 0 otherwise."),
            ),
            "p = (v − b) / (t − b)",
        ),
        Rule(
            "progress-expected",
            _("What is expected by now"),
            (_("Straight lines between baseline, milestones and target, on the last day of the period."),),
            "v = v₀ + (v₁ − v₀) · (d − d₀) / (d₁ − d₀)",
        ),
        Rule(
            "progress-colors",
            _("Green, amber, red and grey"),
            (
                colors % {"green": number(GREEN_FROM), "amber": number(AMBER_FROM)},
                _(
                    "Grey where there is nothing to judge: no target, no baseline or value, another edition, a target"
                    " on the wrong side, values missing, or too early."
                ),
            ),
            "p / p expected",
        ),
    ]


def series_rules() -> list[Rule]:
    """Return how published values are used."""
    return [
        Rule(
            "series",
            _("Values that others publish"),
            (
                _("Each value is shown as its source prints it, with the edition and the day it was retrieved."),
                _("Two editions are never joined into one line, and no change is computed from one to the other."),
                _("Where a source warns of a break, the line stops there. A modelled value says so."),
                _("Nobody here signs them, and no target of another edition is compared with them."),
            ),
        ),
        Rule(
            "signatures",
            _("Two signatures"),
            (
                _("A value is entered, verified by a second person, and accepted by the embassy where it must be."),
                _("A round keeps what was reported. Later corrections are new versions beside it."),
            ),
        ),
    ]


chapter(70, "derived-indicators", _("Derived indicators"), rules=derived_rules, apart=True)
figure_chapter(86, "rules-published", _("Figures over published values"), "indicators.figures.published")
figure_chapter(87, "rules-trade", _("Trade in goods"), "indicators.figures.trade")
chapter(75, "adding-up", _("How values add up"), rules=adding_rules)
chapter(80, "progress-rules", _("Progress"), rules=progress_rules)
chapter(85, "published", _("Published values and signatures"), rules=series_rules)
