"""Demonstration rows: what the invented program reports, with targets, and two years of values; all marked."""

import datetime
import random
from decimal import Decimal
from typing import Any

from django.utils import timezone

from capred_portal.demo import makes, remove, removes
from capred_portal.models import User
from indicators import demo_rounds, demo_scenarios  # noqa: F401  their rows are made after the values
from indicators.derived import DERIVATIONS
from indicators.models import ExpectedEffect, Indicator, Observation, Period, ProgramIndicator, ReviewEvent, Target
from programs.models import Goal, Outcome, Program

DEMO = {"is_demo": True}
QUARTERS = 8  # that lie behind us and were reported
SUM, LATEST, RATIO = Indicator.Rule.SUM, Indicator.Rule.LATEST, Indicator.Rule.RATIO

# Code, title and definition in both languages, unit in both, level, over periods, over places, goal.
INDICATORS: list[tuple[Any, ...]] = [
    (
        "demo-suppliers-trained",
        ("Suppliers trained", "អ្នកផ្គត់ផ្គង់ដែលបានបណ្តុះបណ្តាល"),
        ("People from local suppliers who finished a course.", "មនុស្សពីអ្នកផ្គត់ផ្គង់ក្នុងស្រុកដែលបានបញ្ចប់វគ្គមួយ។"),
        ("people", "នាក់"),
        ("output", SUM, SUM),
        "2.1",
    ),
    (
        "demo-firms-with-standard",
        ("Firms that meet a quality standard", "សហគ្រាសដែលបំពេញតាមស្តង់ដាគុណភាព"),
        (
            "Supported firms that hold a certificate at the end of the quarter.",
            "សហគ្រាសដែលបានគាំទ្រ និងមានវិញ្ញាបនបត្រនៅចុងត្រីមាស។",
        ),
        ("firms", "សហគ្រាស"),
        ("outcome", LATEST, SUM),
        "2.3",
    ),
    (
        "demo-local-inputs",
        ("Inputs bought in Cambodia", "ធាតុចូលទិញក្នុងប្រទេសកម្ពុជា"),
        (
            "What supported firms spend on Cambodian inputs, of all they spend on inputs.",
            "អ្វីដែលសហគ្រាសដែលបានគាំទ្រចំណាយលើធាតុចូលកម្ពុជា ធៀបនឹងការចំណាយលើធាតុចូលទាំងអស់។",
        ),
        ("%", "%"),
        ("outcome", RATIO, RATIO),
        "2.1",
    ),
    (
        "demo-days-to-certificate",
        ("Days until a certificate", "ចំនួនថ្ងៃរហូតបានវិញ្ញាបនបត្រ"),
        (
            "Days from the application to the certificate, at the end of the quarter.",
            "ចំនួនថ្ងៃពីពាក្យស្នើសុំរហូតបានវិញ្ញាបនបត្រ នៅចុងត្រីមាស។",
        ),
        ("days", "ថ្ងៃ"),
        ("outcome", LATEST, Indicator.Rule.NONE),
        "2.3",
    ),
]


def past_quarters(count: int) -> list[Period]:
    """Return the last quarters that are over, oldest first."""
    return [Period.objects.stored(each) for each in Period.quarters_until(timezone.localdate(), count + 1)[:-1]]


@makes(order=40)
def make_indicators(generator: random.Random) -> None:
    """Make four indicators of the invented program, their targets, and the values of two years."""
    program = Program.objects.filter(is_demo=True).earliest("pk")
    goals = {goal.code: goal for goal in Goal.objects.filter(framework__code="pentagonal-1")}
    for order, row in enumerate(INDICATORS):
        indicator = make_indicator(order, row)
        if row[5] in goals:
            indicator.goals.add(goals[row[5]])
        ProgramIndicator.objects.create(program=program, indicator=indicator, **DEMO)
        make_targets(indicator, program)
        make_values(generator, indicator, program)
    make_effect()
    report_derived(program)


def report_derived(program: Program) -> None:
    """Let the invented program report every derived indicator that programs can have."""
    for indicator in Indicator.objects.current().filter(kind=Indicator.Kind.DERIVED):
        if indicator.derivation in DERIVATIONS and DERIVATIONS[indicator.derivation].of_programs:
            ProgramIndicator.objects.create(program=program, indicator=indicator, **DEMO)


def make_indicator(order: int, row: tuple[Any, ...]) -> Indicator:
    code, title, definition, unit, (level, over_periods, over_places), _goal = row
    return Indicator.objects.create(
        code=code,
        title_en=title[0],
        title_km=title[1],
        definition_en=definition[0],
        definition_km=definition[1],
        unit_en=unit[0],
        unit_km=unit[1],
        level=level,
        kind=Indicator.Kind.REPORTED,
        over_periods=over_periods,
        over_places=over_places,
        decimals=1 if over_periods == RATIO else 0,
        direction=Indicator.Direction.DOWN if code == "demo-days-to-certificate" else Indicator.Direction.UP,
        breakdowns=["sex", "disability"] if code == "demo-suppliers-trained" else [],
        signatures=Indicator.Signatures.BOTH,
        order=900 + order,
        **DEMO,
    )


# What an indicator starts from and should end at.
PATHS = {
    "demo-suppliers-trained": (0, 600),
    "demo-firms-with-standard": (4, 30),
    "demo-local-inputs": (22, 35),
    "demo-days-to-certificate": (180, 90),
}


def make_targets(indicator: Indicator, program: Program) -> None:
    """Make an approved baseline and end target, and a milestone that waits for approval."""
    people = {"created_by": staff(), "decided_by": verifier(), "decided_at": timezone.now()}
    first, last = past_quarters(QUARTERS + 1)[0], Period.objects.quarter(timezone.localdate().year + 2, 4)
    baseline, target = PATHS[indicator.code]
    about = {"indicator": indicator, "program": program, **DEMO}
    approved = {"status": Target.Status.APPROVED, "why": "Invented for the demonstration", **people}
    Target.objects.create(kind=Target.Kind.BASELINE, period=first, value=baseline, **about, **approved)
    Target.objects.create(kind=Target.Kind.TARGET, period=last, value=target, **about, **approved)
    if indicator.code == "demo-firms-with-standard":
        middle = Period.objects.quarter(timezone.localdate().year, 4)
        Target.objects.create(kind=Target.Kind.MILESTONE, period=middle, value=15, created_by=staff(), **about)


def make_values(generator: random.Random, indicator: Indicator, program: Program) -> None:
    """Make one value for each past quarter: the older ones accepted, then verified, submitted, and a draft."""
    statuses = ["accepted"] * (QUARTERS - 3) + ["verified", "submitted", "draft"]
    for number, (period, status) in enumerate(zip(past_quarters(QUARTERS), statuses, strict=True)):
        values = invented_value(generator, indicator.code, number)
        people = {"entered_by": staff(), "changed_by": staff(), "created_by": staff(), "updated_by": staff()}
        signed = signatures(status, period.last_day + datetime.timedelta(days=12))
        shown = status != "draft"
        observation = Observation.objects.create(
            indicator=indicator,
            program=program,
            period=period,
            status=status,
            is_shown=shown,
            **values,
            **people,
            **signed,
            **DEMO,
        )
        if shown:
            ReviewEvent.objects.create(
                observation=observation, kind="submit", from_status="draft", to_status="submitted", by=staff()
            )


def invented_value(generator: random.Random, code: str, number: int) -> dict[str, Any]:
    """Return the invented value of the quarter of that number."""
    if code == "demo-suppliers-trained":
        women, men = generator.randint(18, 34), generator.randint(14, 30)
        disabled = generator.randint(5, 8)
        sexes = {"f": str(women), "m": str(men)}
        return {"value": women + men + 2, "parts": {"sex": sexes, "disability": {"yes": str(disabled)}}}
    if code == "demo-local-inputs":
        spent = Decimal(generator.randint(900, 1_400) * 1_000)
        local = spent * Decimal(22 + number + generator.randint(-1, 1)) / 100
        return {"value": 100 * local / spent, "numerator": local, "denominator": spent}
    if code == "demo-days-to-certificate":
        return {"value": 180 - 9 * number + generator.randint(-4, 4)}
    return {"value": 4 + 2 * number}


def signatures(status: str, on: datetime.date) -> dict[str, Any]:
    """Return who signed when, for a value that came as far as that status."""
    at = timezone.make_aware(datetime.datetime.combine(on, datetime.time(9)))
    steps = ["draft", "submitted", "verified", "accepted"]
    signed: dict[str, Any] = {}
    for step, (name, person) in enumerate((("submitted", staff), ("verified", verifier), ("accepted", officer)), 1):
        if steps.index(status) >= step:
            signed |= {f"{name}_by": person(), f"{name}_at": at + datetime.timedelta(days=step)}
    return signed


def make_effect() -> None:
    """Say what an invented outcome should move."""
    outcome = Outcome.objects.filter(is_demo=True, kind__in=Outcome.LIVING).earliest("pk")
    quarters = past_quarters(QUARTERS)
    ExpectedEffect.objects.create(
        outcome=outcome,
        indicator=Indicator.objects.get(code="demo-firms-with-standard"),
        direction=ExpectedEffect.Direction.RAISE,
        amount=6,
        since=quarters[0],
        by=quarters[-2],
        reasoning="Invented for the demonstration.",
        **DEMO,
    )


def person(role: str) -> User:
    """Return the demonstration user of a role; made without a password when the demo has none yet."""
    return User.objects.get_or_create(username=role, defaults={"role": role, "is_demo": True, "is_active": False})[0]


def staff() -> User:
    return person("staff")


def verifier() -> User:
    return person("verifier")


def officer() -> User:
    return person("officer")


@removes(order=1)
def remove_indicators() -> int:
    """Delete what was invented here; real indicators that the invented program reported lose only its values."""
    demo = Observation.objects.filter(is_demo=True)
    ReviewEvent.objects.filter(observation__in=demo).delete()
    models: tuple[Any, ...] = (ExpectedEffect, Observation, Target, ProgramIndicator, Indicator)
    return sum(remove(model.objects.filter(is_demo=True)) for model in models)
