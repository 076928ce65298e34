"""Examples of the addresses of indicators, made of their demonstration rows; tests/routes.py walks them."""

from typing import Any

from indicators.models import ExpectedEffect, Indicator, Observation, ReportingRound, Source, Target

Arguments = dict[str, list[dict[str, Any]]]


def for_effects() -> Arguments:
    """Return arguments for what an outcome should move."""
    effect = ExpectedEffect.objects.filter(is_demo=True).earliest("pk")
    outcome, pk = {"pk": effect.outcome_id}, {"pk": effect.pk}
    return {
        "effects:of_outcome": [outcome],
        "effects:new": [{"outcome_pk": effect.outcome_id}],
        "effects:edit": [pk],
        "effects:archive": [pk],
    }


def for_entry() -> Arguments:
    """Return arguments for the entry grid of the invented program: a quarter with values at each status, and a year."""
    program = Indicator.objects.get(code="demo-suppliers-trained").programs.earliest("pk").slug
    latest = Observation.objects.filter(is_demo=True, status="submitted").earliest("pk").period.code
    grid = {"?": {"program": program, "period": latest}}
    return {
        "indicators:entry": [{}, grid, {"?": {"program": program, "period": "2024"}}],
        "indicators:entry_file": [grid],
        "indicators:entry_load": [{"kind": kind, "?": {"program": program}} for kind in ("observations", "targets")],
    }


def for_inclusion() -> Arguments:
    """Return arguments for the page of inclusion: everything, and one Australian year of a program."""
    return {"inclusion": [{}, {"?": {"program": "demo", "year": "2024-25"}}]}


def for_indicators() -> Arguments:
    """Return arguments for a summed indicator with parts, a ratio, and the scorecard of their program."""
    summed, ratio = (Indicator.objects.get(code=code) for code in ("demo-suppliers-trained", "demo-local-inputs"))
    program = summed.programs.earliest("pk").slug
    code, files = {"code": summed.code}, [{"format_name": name} for name in ("csv", "xlsx")]
    return {
        "indicators:list": [
            {},
            {"?": {"q": "no such indicator"}},
            {"?": {"program": program}},
            {"?": {"status": "grey", "sort": "status"}},
        ],
        "indicators:export": files,
        "indicators:source_new": [{}, {"?": {"of": Source.objects.earliest("pk").pk}}],
        "indicators:of_program": [{"slug": program}],
        "indicators:detail": [
            code | {"?": {"program": program}},
            code | {"?": {"years": "calendar"}},
            {"code": ratio.code, "?": {"years": "australian", "program": program}},
        ],
        "indicators:download": [code | file for file in files],
        "indicators:rule": [code],
    }


def for_observations() -> Arguments:
    """Return arguments for values at each status, and one that was corrected."""
    demo = Observation.objects.filter(is_demo=True)
    draft, submitted, verified, accepted = (
        {"pk": demo.filter(status=status, number=1).earliest("pk").pk}
        for status in ("draft", "submitted", "verified", "accepted")
    )
    return {
        "observations:detail": [draft, submitted, verified, accepted, {"pk": demo.get(number=2).pk}],
        "observations:comment": [accepted],
        "observations:submit": [draft],
        "observations:withdraw": [submitted],
        "observations:verify": [submitted],
        "observations:accept": [verified],
        "observations:return": [submitted, verified],
        "observations:correct": [verified],
    }


def for_rounds() -> Arguments:
    """Return arguments for rounds that are open, signed and accepted."""
    opened, signed, accepted = (
        {"pk": ReportingRound.objects.get(is_demo=True, status=status).pk} for status in ("open", "signed", "accepted")
    )
    return {
        "rounds:list": [{}, {"?": {"status": "closed"}}],
        "rounds:detail": [opened, signed, accepted],
        "rounds:compare": [signed, accepted | {"?": {"with": signed["pk"]}}],
        "rounds:remind": [opened],
        "rounds:close": [opened],
        "rounds:sign": [signed],
        "rounds:accept": [signed],
    }


def for_targets() -> Arguments:
    """Return arguments for a target that waits and one that is approved."""
    waiting, approved = (
        {"pk": Target.objects.filter(is_demo=True, status=status).earliest("pk").pk}
        for status in (Target.Status.PROPOSED, Target.Status.APPROVED)
    )
    return {
        "targets:new": [{}, {"?": {"indicator": "demo-suppliers-trained"}}],
        "targets:detail": [waiting, approved],
        "targets:approve": [waiting],
        "targets:return": [waiting],
    }
