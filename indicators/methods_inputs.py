"""What the pages on inputs explain on the page of methods: linkages, imports, multipliers, scenarios."""

from django.utils.translation import gettext_lazy as _

from capred_portal.figures import Words
from capred_portal.methods import Rule, chapter

MILLER_BLAIR = "Miller, Blair 2009"


def rule(anchor: str, title: Words, source: str, formula: str, *words: Words) -> Rule:
    """Return a rule whose last words name who published it."""
    return Rule(anchor, title, (*words, _("Source: %(source)s.") % {"source": source}), formula)


def table_rules() -> list[Rule]:
    """Return what is made of an input-output table before anything is measured."""
    return [
        Rule(
            "inputs-letters",
            _("Letters in the formulas"),
            (
                _("z: inputs, sellers in rows and buyers in columns. x: output. v: value added. t: taxes on inputs."),
                _("f: final demand. e: exports. ε: jobs per unit of output. u: a row of ones."),
                _("ᵈ is made at home, ᵐ is imported. Without a mark, A is of inputs made at home."),
            ),
        ),
        rule(
            "technical-coefficients",
            _("Technical coefficients"),
            MILLER_BLAIR,
            "aᵢⱼ = zᵢⱼ / xⱼ",
            _("What a sector buys of each input per unit of its output."),
            _("Where a sector makes nothing, or no more than rounding leaves, its coefficients are 0."),
            _("Negative entries, such as stocks that were run down or subsidies, are kept as they stand."),
        ),
        rule(
            "leontief",
            _("Leontief inverse"),
            f"Leontief 1936; {MILLER_BLAIR}",
            "L = (I − A)⁻¹ = I + A + A² + …",
            _("The output of every sector that one unit of final demand needs: its inputs, their inputs, and so on."),
            _("A table in which this has no end is refused, and the sectors that buy too much are named."),
        ),
    ]


def linkage_rules() -> list[Rule]:
    """Return how sectors hang together."""
    return [
        rule(
            "backward-linkages",
            _("Backward linkages, power and sensitivity of dispersion"),
            "Rasmussen 1956; Hirschman 1958",
            "bⱼ = Σᵢ lᵢⱼ ; Uⱼ = bⱼ / b̄ ; Uᵢ = Σⱼ lᵢⱼ / b̄",
            _("The output of all sectors that one unit of final demand for a sector calls forth."),
            _("Power of dispersion is this over the average: above 1, a sector pulls its suppliers more than most."),
            _(
                "Sensitivity of dispersion is how much a sector must make when final demand for every sector rises by"
                " one unit, over the average: above 1, the others need it more."
            ),
            _("A key sector has both above 1 on domestic inputs. Sectors that make nothing are not in the average."),
        ),
        rule(
            "forward-linkages",
            _("Forward linkages"),
            "Ghosh 1958; Jones 1976",
            "G = (I − x̂⁻¹ Z)⁻¹ ; Σⱼ gᵢⱼ",
            _("The output of all sectors that one unit of value added or imports, put into a sector, reaches."),
        ),
        rule(
            "localisation-gap",
            _("Localisation gap"),
            "Rasmussen 1956",
            "Σᵢ lᵢⱼ(Aᵈ + Aᵐ) − Σᵢ lᵢⱼ(Aᵈ)",
            _("The backward linkage as if all inputs were made at home, less that of domestic inputs: what leaks out."),
            _("Derived from a published measure: it tells what is bought abroad, not what could be made here."),
        ),
        rule(
            "extraction",
            _("A sector taken out"),
            "Dietzenbacher, Lahr 2013",
            "u x − u (I − A′)⁻¹ f′",
            _("The output that the economy would lose if a sector neither bought, nor sold, nor met final demand."),
            _("By its column only, it buys nothing at home. By its row only, it sells no inputs at home."),
        ),
    ]


def import_rules() -> list[Rule]:
    """Return what a table says of imports."""
    return [
        rule(
            "imported-share",
            _("Imported share of inputs"),
            MILLER_BLAIR,
            "Σ zᵐ / Σ (zᵐ + zᵈ)",
            _("Imported inputs over the inputs of both origins: of a buying sector, of an input, or of the economy."),
            _("Taxes on inputs are in neither. Where nothing is bought there is no share."),
        ),
        rule(
            "import-coefficients",
            _("Import coefficients, direct and total"),
            MILLER_BLAIR,
            "μⱼ = Σᵢ zᵐᵢⱼ / xⱼ ; m = μ L",
            _("Direct: the imported inputs a sector buys per unit of output."),
            _("Total: with those of its domestic suppliers, and of theirs, per unit of final demand."),
        ),
    ]


def trade_rules() -> list[Rule]:
    """Return what is said of trade, with or without a table."""
    return [
        rule(
            "import-penetration",
            _("Import penetration and dependency ratio"),
            "OECD; FAO 2001",
            "M / (Q − X + M)",
            _("Imports over what is used at home: output less exports plus imports."),
            _(
                "The dependency ratio is the same for one product, in quantities. Both pass 1 where imports are"
                " exported again."
            ),
        ),
        rule(
            "concentration",
            _("Concentration of sources"),
            "Hirschman 1945; Herfindahl 1950",
            "HHI = Σ sᵢ²",
            _("The sum of the squared shares of all sources: 1 where there is one, 1/n where n are equal."),
            _("It is not computed unless the shares add up to the whole: the largest sources alone do not tell it."),
        ),
        rule(
            "comparative-advantage",
            _("Revealed comparative advantage"),
            "Balassa 1965; Laursen 2015",
            "RCA = (xᵢ / x) / (wᵢ / w) ; (RCA − 1) / (RCA + 1)",
            _("The share of a product in a country's exports over its share in the exports of the world."),
            _("Above 1, the country exports more of it than the world on average. The symmetric form is from −1 to 1."),
        ),
    ]


def export_rules() -> list[Rule]:
    """Return what exports and final demand hold."""
    return [
        rule(
            "import-content-of-exports",
            _("Import content of exports"),
            "Hummels, Ishii, Yi 2001",
            "μ L e / u e",
            _("The share of exports that is imported inputs, those of domestic suppliers included."),
            _("Imports that are exported again unchanged are not in it. Without exports there is none."),
        ),
        rule(
            "value-added-in-exports",
            _("Domestic value added in exports"),
            "Koopman, Wang, Wei 2014",
            "v L e / u e ; v L + μ L + t L = u",
            _("The share of exports that is value added at home."),
            _("Value added, imported inputs and taxes on inputs add up to the whole where the table balances."),
        ),
        rule(
            "multipliers",
            _("Multipliers of value added and jobs"),
            MILLER_BLAIR,
            "v L ; ε L ; (ε L)ⱼ / εⱼ",
            _("Value added, or jobs, at home in all sectors per unit of final demand for a sector."),
            _("The type I ratio is the jobs in all sectors per job in the sector itself."),
            _("A table without jobs says nothing of them: “not in this table”, never 0."),
        ),
    ]


def scenario_rules() -> list[Rule]:
    """Return how a scenario is computed, and what it takes for granted."""
    return [
        rule(
            "substitution",
            _("Imports moved to domestic supply"),
            MILLER_BLAIR,
            "Aᵈ′ = Aᵈ + S∘Aᵐ ; Aᵐ′ = Aᵐ − S∘Aᵐ ; fᵈ′ = fᵈ + s∘fᵐ + Δ ; x′ = (I − Aᵈ′)⁻¹ fᵈ′",
            _("A share of an imported input is bought at home instead. Nothing else changes per unit of output."),
            _("Prices stay as they are, and every sector can make what is asked of it: there is no limit of capacity."),
            _("Before and after are computed the same way, so that a share of 0 changes nothing."),
            _("A sector that makes nothing gains output, but neither value added nor jobs: the table has none."),
            _(
                "Imports are those of a sector's products. They can rise elsewhere: who makes more buys more inputs"
                " abroad."
            ),
            _(
                "Low and high make all shares and the change of final demand smaller and larger by one stated"
                " uncertainty; a share stays between 0 and 1."
            ),
        ),
    ]


def input_rules() -> list[Rule]:
    """Return all rules on inputs, in the order in which one builds on another."""
    return [*table_rules(), *linkage_rules(), *import_rules(), *trade_rules(), *export_rules(), *scenario_rules()]


chapter(71, "inputs", _("Inputs, imports and linkages"), rules=input_rules, apart=True)
