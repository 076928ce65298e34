"""A program that reports, works and is late, for the tests of the brief and the quarterly report."""

import datetime
import re
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import override

from indicators.reports import brief, quarterly
from indicators.reports.kinds import ReportKind
from programs.models import Outcome, Program, Risk, Support
from tests.factories import (
    make_action,
    make_attendance,
    make_goal,
    make_organisation,
    make_outcome,
    make_person,
    make_program,
    make_workshop,
)
from tests.indicator_factories import make_indicator, make_observation, make_period, make_program_indicator, make_target

BRIEF, QUARTERLY = brief.BRIEF, quarterly.QUARTERLY
QUARTER, BEFORE, AFTER = "2024-Q3", "2024-Q2", "2024-Q4"
LATE, CLOSED = datetime.date(2024, 9, 1), datetime.date(2024, 9, 20)
LONG_EN = (
    "Strengthening local supply chains for small and medium enterprises in garments, packaging and food processing"
)
LONG_KM = "ការពង្រឹងខ្សែសង្វាក់ផ្គត់ផ្គង់ក្នុងស្រុកសម្រាប់សហគ្រាសធុនតូចនិងមធ្យមក្នុងវិស័យកម្មន្តសាលកាត់ដេរនិងវេចខ្ចប់"


def about(program: Program, period: str = QUARTER) -> dict[str, str]:
    return {"program": program.slug, "period": period}


def content_of(kind: ReportKind, program: Program, period: str = QUARTER) -> dict[str, Any]:
    """Return what a report shows of a program in a quarter."""
    return kind.content(kind.subject(about(program, period)))


def told(kind: ReportKind, program: Program, period: str = QUARTER, language: str = "en") -> str:
    """Return a report in a language as HTML."""
    with override(language):
        return render_to_string(kind.template, content_of(kind, program, period))


def words(html: str) -> str:
    """Return HTML as a reader has it: words with one space between them."""
    return re.sub(r"\s+([,.:])", r"\1", " ".join(re.sub(r"<[^>]*>", " ", html).split()))


def make_value(program: Program, value: Any, before: Any = None, **fields: Any) -> Any:
    """Let a program report a new indicator: a value in the quarter and, if told, in the one before."""
    status = fields.pop("status", "submitted")
    indicator = make_indicator(**fields)
    make_program_indicator(program=program, indicator=indicator)
    for number, code in ((before, BEFORE), (value, QUARTER)):
        if number is not None:
            row = {"program": program, "indicator": indicator, "status": status}
            make_observation(number, period=make_period(code), **row)
    return indicator


def make_path(program: Program, indicator: Any, start: Any = 0, end: Any = 100) -> None:
    """Set a baseline before the first value and a target at the end of 2026."""
    make_target(start, "2024-Q1", indicator=indicator, program=program, kind="baseline")
    make_target(end, "2026-Q4", indicator=indicator, program=program)


def make_work(program: Program, **fields: Any) -> None:
    """Add a workshop of the quarter with a guest and an outcome, a late and a closed action, support and a risk."""
    workshop = make_workshop(program=program, date=datetime.date(2024, 8, 14), **fields)
    make_attendance(workshop=workshop, person=make_person(sex="f"))
    make_outcome(workshop=workshop, kind=Outcome.Kind.TOOL)
    make_action(workshop=workshop, due_on=LATE)
    make_action(program=program, status="done", closed_on=CLOSED, done_en="Printed.", due_on=LATE)
    Support.objects.create(
        program=program, organisation=make_organisation(), kind="grant", starts_on=LATE, value=98765, currency="USD"
    )
    Risk.objects.create(program=program, text_en="Orders are late.", likelihood=2, effect=3)


def busy_program(**fields: Any) -> Program:
    """Return a program with two values, on the way to a target for a goal, and some work."""
    program = make_program(**fields)
    indicator = make_value(program, 60, 40, title_en="Firms trained")
    indicator.goals.add(make_goal("9.1"))
    make_path(program, indicator)
    make_value(program, 7, 9, title_en="Days lost", direction="down")
    make_work(program)
    return program


def long_program(*, is_demo: bool = True, has_khmer: bool = True) -> Program:
    """Return a program with more of everything than a page holds, every text long.

    Where the program is real its rows are invented all the same, so that each carries its mark.
    """
    both = {"title_en": LONG_EN, "title_km": LONG_KM}
    program = make_program(is_demo=is_demo, **both)
    text: dict[str, Any] = {"text_en": LONG_EN * 2, "text_km": LONG_KM * 2 if has_khmer else "", "is_demo": not is_demo}
    owner = make_organisation(name_en=LONG_EN, name_km=LONG_KM)
    titles = {"title_en": LONG_EN[:60], "title_km": LONG_KM[:60]}
    heads = [make_goal(str(number), **titles) for number in range(1, 8)]
    for _number in range(8):
        make_value(program, 1500, 1234, unit_en="enterprises", unit_km="សហគ្រាស", **both).goals.set(heads)
    workshop = make_workshop(program=program, date=datetime.date(2024, 8, 14), **both)
    for _number in range(5):
        Risk.objects.create(program=program, likelihood=3, effect=3, **text)
        make_outcome(workshop=workshop, kind="recommendation", **text)
        make_action(workshop=workshop, due_on=LATE, owner_organisation=owner, **text)
        make_action(workshop=workshop, status="done", closed_on=CLOSED, done_en="Done.", due_on=LATE, **text)
    for indicator in program.indicators.all():
        make_target(0, "2024-Q1", indicator=indicator, program=program, kind="baseline")
        make_target(99_999, "2026-Q4", indicator=indicator, program=program)
    return program
