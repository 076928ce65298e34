"""The derived indicators that ship with the portal: what each says, how it adds up, and what it cannot tell."""

from capred_portal.facts import facts, read
from capred_portal.records import writing
from indicators.models import Indicator
from programs.models import Goal

SHARED = {
    "kind": Indicator.Kind.DERIVED,
    "source_en": "Records of this portal",
    "source_km": "កំណត់ត្រានៃវិបផតថលនេះ",
}


@facts(order=35)
def write_derived_indicators() -> None:
    """Write the derived indicators that are not there yet, and the goals they serve by our own mapping."""
    known = set(Indicator.objects.values_list("code", flat=True))
    rows = [row for row in read(__file__, "derived_indicators") if row["code"] not in known]
    goals = {
        f"{framework}:{code}": pk for pk, framework, code in Goal.objects.values_list("pk", "framework__code", "code")
    }
    served = {row["code"]: [goals[goal] for goal in row.pop("goals").split(";") if goal in goals] for row in rows}
    with writing("indicators"):
        made = Indicator.objects.bulk_create(
            Indicator(**row | {"breakdowns": row["breakdowns"].split()}, **SHARED) for row in rows
        )
        Indicator.goals.through.objects.bulk_create(
            Indicator.goals.through(indicator_id=indicator.pk, goal_id=goal)
            for indicator in made
            for goal in served[indicator.code]
        )
