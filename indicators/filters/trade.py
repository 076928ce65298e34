"""Filters of the list of trade flows; what they keep may be added up only when it holds no goods twice."""

import re
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from capred_portal.matching import ascii_digits
from capred_portal.periods import FIRST_YEAR, LAST_YEAR
from indicators import economies
from indicators.models import Source, TradeFlow
from indicators.models.trade import ALL_GOODS, CAMBODIA, WORLD

YEAR, MONTH = "year", "month"
REPORTED, MIRROR, OTHERS = "reported", "mirror", "others"
EACH = "each"  # every partner, without the world
PERIODS = [(YEAR, _("whole years")), (MONTH, _("months"))]
TELLERS = [
    (REPORTED, _("Cambodia reports")),
    (MIRROR, _("partners report of Cambodia")),
    (OTHERS, _("others report of the world")),
]
LEVELS = [("0", _("all goods")), ("2", _("2 digits")), ("4", _("4 digits")), ("6", _("6 digits"))]
SORTS = [("value", _("Largest value first")), ("code", _("HS code"))]
ADDS_UP = ("source", "year", "period", "flow", "teller")  # with a level or a code, and a partner where Cambodia reports


def partner_choices() -> list[tuple[str, Any]]:
    """Return the world, each partner, and all economies by name."""
    named = sorted((title, str(code)) for code, title in economies.titles().items() if code != WORLD)
    everyone = [(str(WORLD), economies.title(WORLD)), (EACH, _("each partner, without the world"))]
    return [*everyone, *((code, title) for title, code in named)]


class CodeField(forms.CharField):
    """The beginning of an HS code, 2 to 6 digits in any script, or TOTAL."""

    default_error_messages = {"invalid": _("Write the first digits of an HS code, such as 52 or 5208.")}

    def to_python(self, value: Any) -> str:
        code = re.sub("[. ]", "", ascii_digits(str(super().to_python(value) or ""))).upper()
        if code and code != ALL_GOODS and not re.fullmatch("[0-9]{1,6}", code):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return code


class CodeFilter(django_filters.Filter):
    """Flows whose HS code begins so."""

    field_class = CodeField


class FlowFilter(django_filters.FilterSet):
    """Flows by edition, period, direction, who tells them, partner, level and code."""

    FIRST = ("source", "year", "flow", "partner", "code")

    source = django_filters.ModelChoiceFilter(
        queryset=Source.objects.active().filter(Exists(TradeFlow.objects.filter(source=OuterRef("pk")))),
        label=_("Edition"),
        empty_label=_("Any"),
    )
    year = django_filters.NumberFilter(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    period = django_filters.ChoiceFilter(choices=PERIODS, label=_("Period"), empty_label=_("Any"), method="of_period")
    flow = django_filters.ChoiceFilter(choices=TradeFlow.Flow, label=_("Flow"), empty_label=_("Any"))
    teller = django_filters.ChoiceFilter(choices=TELLERS, label=_("Told by"), empty_label=_("Any"), method="as_given")
    partner = django_filters.ChoiceFilter(
        choices=partner_choices, label=_("Partner"), empty_label=_("Any"), method="as_given"
    )
    level = django_filters.ChoiceFilter(
        field_name="digits", choices=LEVELS, label=_("Level of the codes"), empty_label=_("Any")
    )
    code = CodeFilter(
        field_name="hs_code", lookup_expr="startswith", label=_("HS code begins with"), widget=forms.TextInput
    )
    sort = django_filters.ChoiceFilter(choices=SORTS, label=_("Order"), empty_label=None, method="as_given")

    class Meta:
        model = TradeFlow
        fields: list[str] = []

    @property
    def asked(self) -> dict[str, Any]:
        """What the address asks for, as far as it makes sense."""
        return self.form.cleaned_data if self.form.is_valid() else {}

    @property
    def order(self) -> str:
        return self.asked.get("sort") or "value"

    @property
    def adds_up(self) -> bool:
        """Whether the rows may be added up: one edition, year, direction, teller and level, partners or the world."""
        asked = self.asked
        if not all(asked.get(name) for name in ADDS_UP) or asked.get("teller") == OTHERS:
            return False
        return bool(asked.get("level")) and bool(asked.get("partner") or asked.get("teller") == MIRROR)

    def filter_queryset(self, queryset: Any) -> Any:
        """Narrow the rows; who the partner is depends on who tells."""
        rows, asked = super().filter_queryset(queryset), self.form.cleaned_data
        teller, partner = asked.get("teller"), asked.get("partner")
        if teller == REPORTED:
            rows = rows.told_by(CAMBODIA)
        elif teller == MIRROR:
            rows = rows.mirrored(CAMBODIA).exclude(reporter__in=economies.AGGREGATES)
        elif teller == OTHERS:
            rows = rows.exclude(reporter=CAMBODIA).exclude(partner=CAMBODIA)
        if partner == EACH:
            return rows.exclude(partner__in=economies.AGGREGATES)
        return rows.filter(**{"reporter" if teller == MIRROR else "partner": partner}) if partner else rows

    def of_period(self, rows: Any, name: str, value: str) -> Any:
        return rows.annual() if value == YEAR else rows.filter(month__gt=0)

    def as_given(self, rows: Any, name: str, value: Any) -> Any:
        """Leave the rows: `filter_queryset` or the view reads this one."""
        return rows
