"""Figures over the register: firms, who runs them, their jobs, certificates and exports, and what it covers."""

from decimal import Decimal

from django.db.models import Count, FloatField, Q, Sum, Value
from django.db.models.functions import Cast, NullIf
from django.utils.translation import gettext_lazy as _

from capred_portal.figures import TOTAL, Figure, Scope, State, Words, figure
from enterprises.coverage import coverage, declared
from enterprises.figures.measures import SILENT, Measure, figures_of, in_tenths, place_of
from enterprises.figures.parts import BY, SCOPES, firms_in
from enterprises.filters.enterprises import MEASURES, EnterpriseFilter
from enterprises.models import Certificate, Completeness, Province

OWNERS_STATED = Q(is_women_owned__isnull=False) | Q(is_women_led__isnull=False)
RUN_BY_WOMEN = Q(is_women_owned=True) | Q(is_women_led=True)
JOBS_RULE = _(
    "The employees each firm had in the latest year on record, whichever year that is, added up over all firms. Firms"
    " that do not state the number are left out."
)


@figure(
    "enterprises",
    title=_("Enterprises on the register"),
    rule=_("Firms and establishments on the register, without archived ones. Each counts once."),
    unit=_("enterprises"),
    filters=EnterpriseFilter,
    scopes=SCOPES,
    by=BY,
)
def enterprises(scope: Scope) -> dict[str, Figure]:
    """Count firms."""
    title = _("Enterprises on the register")
    return figures_of(Measure("enterprises", title, _("enterprises"), Count("pk"), is_open=True), scope)


@figure(
    "enterprises-women",
    title=_("Enterprises owned or led by women"),
    rule=_("Firms that women own, or that a woman leads, or both. A firm that states neither is not counted."),
    unit=_("enterprises"),
    filters=EnterpriseFilter,
    scopes=SCOPES,
    by=BY,
)
def enterprises_women(scope: Scope) -> dict[str, Figure]:
    """Count firms that women own or lead."""
    measure = Measure(
        "enterprises-women",
        _("Enterprises owned or led by women"),
        _("enterprises"),
        Count("pk", filter=RUN_BY_WOMEN),
        counted=RUN_BY_WOMEN,
        stated=OWNERS_STATED,
        rows=(("women", "yes"),),
        silent=SILENT,
        beside=(Count("pk", filter=OWNERS_STATED & ~RUN_BY_WOMEN),),
    )
    return figures_of(measure, scope)


@figure(
    "enterprises-women-share",
    title=_("Share of enterprises owned by women"),
    rule=_("Firms owned by women, of all firms that state who owns them. Firms that do not state it are left out."),
    unit="%",
    filters=EnterpriseFilter,
    scopes=SCOPES,
    by=BY,
)
def enterprises_women_share(scope: Scope) -> dict[str, Figure]:
    """Divide firms owned by women by firms that state their owner."""
    owned, stated = Q(is_women_owned=True), Q(is_women_owned__isnull=False)
    share = Cast(Count("pk", filter=owned) * Value(100.0), FloatField()) / NullIf(
        Cast(Count("pk", filter=stated), FloatField()), Value(0.0)
    )
    measure = Measure(
        "enterprises-women-share",
        _("Share owned by women"),
        "%",
        share,
        counted=owned,
        stated=stated,
        rows=None,
        silent=SILENT,
        empty=None,
        beside=(Count("pk", filter=Q(is_women_owned=False)),),
    )
    return in_tenths(figures_of(measure, scope))


@figure(
    "enterprises-certified",
    title=_("Enterprises with a valid certificate"),
    rule=_("Firms that hold at least one certificate that has not expired today. A firm with several counts once."),
    unit=_("enterprises"),
    filters=EnterpriseFilter,
    scopes=SCOPES,
    by=BY,
)
def enterprises_certified(scope: Scope) -> dict[str, Figure]:
    """Count firms with a valid certificate."""
    holders = Q(pk__in=Certificate.objects.valid().order_by().values("enterprise"))
    measure = Measure(
        "enterprises-certified",
        _("Enterprises with a valid certificate"),
        _("enterprises"),
        Count("pk", filter=holders),
        counted=holders,
        rows=(("certified", "yes"),),
        is_open=True,
    )
    return figures_of(measure, scope)


@figure(
    "enterprises-exporting",
    title=_("Enterprises that export"),
    rule=_("Firms that sold a part of their output abroad in the latest year on record, whichever year that is."),
    unit=_("enterprises"),
    filters=EnterpriseFilter,
    scopes=SCOPES,
    by=BY,
)
def enterprises_exporting(scope: Scope) -> dict[str, Figure]:
    """Count firms that export."""
    exports, stated = Q(latest__export_share_pct__gt=0), Q(latest__export_share_pct__isnull=False)
    measure = Measure(
        "enterprises-exporting",
        _("Enterprises that export"),
        _("enterprises"),
        Count("pk", filter=exports),
        counted=exports,
        stated=stated,
        rows=(("exporting", "yes"),),
        silent=SILENT,
        beside=(Count("pk", filter=stated & ~exports),),
    )
    return figures_of(measure, scope)


def jobs_measure(code: str, title: Words, name: str) -> Measure:
    """Return how a number of employees of the latest year is added up."""
    column = f"latest__{MEASURES[name]}"
    stated = Q(**{f"{column}__isnull": False})
    return Measure(
        code,
        title,
        _("employees"),
        Sum(column),
        counted=stated,
        stated=stated,
        rows=(("measure", name),),
        silent=SILENT,
        empty=None,
        beside=(Sum(column),),
    )


def register_jobs(code: str, title: Words, name: str) -> None:
    """Register the sum of one number of employees as a figure."""

    def jobs(scope: Scope) -> dict[str, Figure]:
        return figures_of(jobs_measure(code, title, name), scope)

    figure(code, title=title, rule=JOBS_RULE, unit=_("employees"), filters=EnterpriseFilter, scopes=SCOPES, by=BY)(jobs)


register_jobs("jobs", _("Jobs"), "jobs")
register_jobs("jobs-women", _("Jobs of women"), "women")
register_jobs("jobs-men", _("Jobs of men"), "men")
register_jobs("jobs-disability", _("Jobs of people with disability"), "disability")


@figure(
    "register-coverage",
    title=_("Coverage of the register"),
    rule=_(
        "Enterprises on the register, of the establishments the newest Economic Census counted in the country. For a"
        " province or sector there is no such number: it is 100 % where a verifier has declared the register complete,"
        " and not applicable elsewhere."
    ),
    unit="%",
    filters=EnterpriseFilter,
    scopes=("province", "sector"),
    by=("province",),
)
def register_coverage(scope: Scope) -> dict[str, Figure]:
    """Divide the register by the census, or say that there is no denominator."""
    rows = firms_in(scope)
    firms, demo = rows.aggregate(all=Count("pk"), demo=Count("pk", filter=Q(is_demo=True))).values()
    whole = coverage(firms, **place_of(scope))

    def covered(label: Words, share: Decimal | None, *, has_demo: bool, source: str) -> Figure:
        state: State = "not applicable" if share is None else "value"
        return Figure("register-coverage", label, share, "%", state, "", has_demo, (), source, scope)

    title = _("Coverage of the register")
    figures = {TOTAL: covered(title, whole.share_pct, has_demo=demo > 0 or whole.is_demo, source=whole.words)}
    if scope.by:
        known = list(Completeness.objects.active())
        for province in Province.objects.all():
            word = declared(known, province.code, scope.get("sector"))
            share, is_demo = (Decimal(100), word.is_demo) if word else (None, False)
            figures[province.code] = covered(str(province), share, has_demo=is_demo, source=word.source if word else "")
    return figures
