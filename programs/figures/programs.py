"""Figures over what programs give and spend: support, who was supported, budgets per currency."""

from typing import Any

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from capred_portal.figures import TOTAL, Exclusion, Figure, Scope, figure
from capred_portal.filters import filtered
from programs.filters.programs import RECEIVERS, BudgetFilter, SupportFilter
from programs.models import Currency, ProgramBudget, Support

STANDING = Q(archived_at=None, program__archived_at=None)
DEMO = STANDING & Q(is_demo=True)
ARCHIVED = _("records that are archived, or of archived programs")


def left_out(count: int) -> tuple[Exclusion, ...]:
    """Return the archived rows as an exclusion, when there are any."""
    return (Exclusion(ARCHIVED, count),) if count else ()


@figure(
    "support-given",
    title=_("Support given"),
    rule=_(
        "Every training, advice, grant, test, certification or introduction a program gave to one enterprise or "
        "organisation counts as one, whatever its size and duration; its year is the year of its first day."
    ),
    unit=_("times"),
    filters=SupportFilter,
    scopes=("program", "kind", "year", "quarter"),
    by=("kind",),
)
def support_given(scope: Scope) -> dict[str, Figure]:
    """Count support records, by kind when asked; the parts add up to the total."""
    rows = filtered(SupportFilter, Support.objects.all(), scope).values_list("kind")
    counts = {
        kind: numbers
        for kind, *numbers in rows.annotate(
            given=Count("pk", filter=STANDING), demo=Count("pk", filter=DEMO), archived=Count("pk", filter=~STANDING)
        )
    }

    def one(name: Any, numbers: list[list[int]], **extra: str) -> Figure:
        given, demo, archived = (sum(column) for column in zip([0, 0, 0], *numbers, strict=True))
        return Figure(
            code="support-given",
            label=name,
            value=given,
            unit=_("times"),
            rows_url=reverse("programs:support_list") + scope.query(**extra),
            has_demo=demo > 0,
            excluded=() if extra else left_out(archived),
            scope=scope,
        )

    figures = {TOTAL: one(_("Support given"), list(counts.values()))}
    if scope.by == "kind":
        for kind, label in Support.Kind.choices:
            figures[kind] = one(label, [counts[kind]] if kind in counts else [], kind=kind)
    return figures


@figure(
    "organisations-supported",
    title=_("Enterprises and organizations supported"),
    rule=_(
        "Enterprises of the register, and groups and organizations that are none, which received support at least once;"
        " each counts once, however often it was supported and by however many programs. An organization that is known"
        " to be an enterprise of the register counts as that enterprise."
    ),
    unit=_("enterprises and organizations"),
    filters=SupportFilter,
    scopes=("program", "kind", "year", "quarter", "receiver"),
    by=("receiver",),
)
def organisations_supported(scope: Scope) -> dict[str, Figure]:
    """Count the distinct receivers behind the support records, enterprises and organisations apart when asked."""
    rows = filtered(SupportFilter, Support.objects.all(), scope).with_receiver()
    found = rows.aggregate(
        enterprise=Count("firm", filter=STANDING, distinct=True),
        organisation=Count("group", filter=STANDING, distinct=True),
        demo_enterprise=Count("pk", filter=DEMO & Q(firm__isnull=False)),
        demo_organisation=Count("pk", filter=DEMO & Q(firm=None)),
        archived=Count("pk", filter=~STANDING),
    )

    def one(label: Any, names: tuple[str, ...], **extra: str) -> Figure:
        return Figure(
            code="organisations-supported",
            label=label,
            value=sum(found[name] for name in names),
            unit=_("enterprises and organizations"),
            rows_url=reverse("programs:supported_list") + scope.query(**extra),
            has_demo=any(found[f"demo_{name}"] for name in names),
            excluded=() if extra else left_out(found["archived"]),
            scope=scope,
        )

    total = one(_("Enterprises and organizations supported"), ("enterprise", "organisation"))
    parts = {name: one(label, (name,), receiver=name) for name, label in RECEIVERS} if scope.by else {}
    return {TOTAL: total, **parts}


@figure(
    "program-budget",
    title=_("Budget of programs"),
    rule=_(
        "The budgets programs state, added within one currency. In one currency a program states either one budget for"
        " its whole time or budgets by year whose days do not overlap, so none is added twice; years it does not"
        " state are not in the sum. Currencies are never added or converted; with several currencies there is no"
        " total."
    ),
    unit=_("the currency of each budget"),
    filters=BudgetFilter,
    scopes=("program", "currency"),
    by=("currency",),
)
def program_budget(scope: Scope) -> dict[str, Figure]:
    """Add up budgets within each currency."""
    return money("program-budget", "budget", _("Budget of programs"), scope)


@figure(
    "program-spent",
    title=_("Spent by programs"),
    rule=_(
        "What programs state to have spent, added within one currency. In one currency a program states it either for"
        " its whole time or by year, so nothing is added twice. Currencies are never added or converted; with several"
        " currencies there is no total."
    ),
    unit=_("the currency of each budget"),
    filters=BudgetFilter,
    scopes=("program", "currency"),
    by=("currency",),
)
def program_spent(scope: Scope) -> dict[str, Figure]:
    """Add up what was spent within each currency."""
    return money("program-spent", "spent", _("Spent by programs"), scope)


def money(code: str, column: str, title: Any, scope: Scope) -> dict[str, Figure]:
    """Return the sum of a column per currency, and as total the only currency's sum or "not applicable"."""
    rows = filtered(BudgetFilter, ProgramBudget.objects.all(), scope).values_list("currency")
    stated = STANDING & Q(**{f"{column}__isnull": False})
    sums = rows.annotate(
        amount=Sum(column, filter=STANDING),
        demo=Count("pk", filter=DEMO),
        silent=Count("pk", filter=STANDING & ~stated),
        archived=Count("pk", filter=~STANDING),
    ).order_by("currency")
    figures = {}
    for currency, amount, demo, silent, archived in sums:
        notes = (Exclusion(_("lines that do not state it"), silent),) if silent else ()
        figures[currency] = Figure(
            code=code,
            label=dict(Currency.choices)[currency],
            value=amount,
            unit=currency,
            state="missing" if amount is None else "value",
            rows_url=reverse("programs:budget_list") + scope.query(currency=currency, measure=column),
            has_demo=demo > 0,
            excluded=notes + left_out(archived),
            scope=scope,
        )
    return {TOTAL: money_total(code, title, scope, list(figures.values()))} | (figures if scope.by else {})


def money_total(code: str, title: Any, scope: Scope, parts: list[Figure]) -> Figure:
    """Return the one currency's figure under the figure's own title; several currencies have no total."""
    stated = [part for part in parts if part.state == "value"]
    only = stated[0] if len(stated) == 1 else None
    return Figure(
        code=code,
        label=title,
        value=only.value if only else None,
        unit=only.unit if only else "",
        state="value" if only else "not applicable" if stated else "missing",
        rows_url=only.rows_url if only else "",
        has_demo=any(part.has_demo for part in parts),
        excluded=only.excluded if only else (),
        scope=scope,
    )
