"""Filters of the list of enterprises; what firms told is no filter for those who may not read it."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from capred_portal.access import may
from capred_portal.filters import LONGEST_SEARCH, SearchFilter, YearFilter, quarter_in
from enterprises.filters.choices import SectorFilter, province_filter, sector_choices
from enterprises.filters.clusters import ClusterFilter
from enterprises.filters.owners import OwnerFilter
from enterprises.models import Certificate, District, Enterprise, Sector, SizeDefinition

NOT_STATED = "none"
YES = [("yes", _("Yes"))]
STATED = [("stated", _("stated"))]
SORTS = [
    ("name", _("Name")),
    ("registered", _("Newest registered")),
    ("changed", _("Last changed")),
]
SIZES = [*SizeDefinition.SizeClass.choices, (NOT_STATED, _("Not stated"))]
LEGAL_FORMS = [(value or NOT_STATED, label) for value, label in Enterprise.LegalForm.choices]

# What a figure's link may ask the list to add up: the column of the latest year.
MEASURES = {
    "jobs": "employees",
    "women": "women",
    "men": "men",
    "disability": "with_disability",
}


def district_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the districts by province."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for district in District.objects.select_related("province"):
        groups.setdefault(str(district.province), []).append((district.code, str(district)))
    return list(groups.items())


class EnterpriseFilter(django_filters.FilterSet):
    """Enterprises by name, sound, place, sector, size and what they are, in the order that is asked for."""

    FIRST = ("q", "province", "sector", "size", "sort")

    q = SearchFilter()
    sound = django_filters.CharFilter(label=_("Sounds like"), max_length=LONGEST_SEARCH, method="sounding_like")
    province = province_filter()
    district = django_filters.ChoiceFilter(choices=district_choices, label=_("District"), empty_label=_("Any"))
    sector = SectorFilter(field_name="sector")
    size = django_filters.ChoiceFilter(choices=SIZES, label=_("Size class"), empty_label=_("Any"), method="of_size")
    legal_form = django_filters.ChoiceFilter(
        choices=LEGAL_FORMS, label=_("Legal form"), empty_label=_("Any"), method="of_form"
    )
    women = OwnerFilter("women")
    disability = OwnerFilter("disability")
    certified = django_filters.ChoiceFilter(
        choices=YES, label=_("With a valid certificate"), empty_label=_("Any"), method="with_certificate"
    )
    exporting = django_filters.ChoiceFilter(choices=YES, label=_("Exports"), empty_label=_("Any"), method="that_export")
    imports = django_filters.ChoiceFilter(choices=STATED, widget=forms.HiddenInput, method="that_state_imports")
    cluster = ClusterFilter()
    registered = django_filters.ChoiceFilter(choices=YES, widget=forms.HiddenInput, method="with_day_of_registration")
    year = YearFilter(field_name="registered_on", label=_("Registered in the year"), widget=forms.HiddenInput)
    quarter = quarter_in("registered_on")
    measure = django_filters.CharFilter(widget=forms.HiddenInput, method="measured")
    sort = django_filters.ChoiceFilter(choices=SORTS, label=_("Order"), empty_label=None, method="measured")

    # For those who read firms.
    KEPT = (
        *("district", "legal_form", "women", "disability", "exporting", "imports", "measure"),
        *("registered", "year", "quarter"),
    )

    class Meta:
        model = Enterprise
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reads_firms = self.request is None or may(self.request.user, "firm.read")
        if not self.reads_firms:
            for name in self.KEPT:
                del self.filters[name]
            self.filters["sort"].extra["choices"] = [sort for sort in SORTS if sort[0] != "registered"]
        self.offer_sector(str(self.data.get("sector") or ""))

    def offer_sector(self, code: str) -> None:
        """Let a group or class of ISIC be chosen by an address, though the list offers sections and divisions."""
        if len(code) > 2 and code != NOT_STATED and (sector := Sector.objects.filter(pk=code).first()):
            self.filters["sector"].extra["choices"] = lambda: [(sector.code, str(sector)), *sector_choices()]

    @property
    def order(self) -> str:
        """The order that was chosen, as far as it may be."""
        chosen = self.form.cleaned_data.get("sort") if self.is_valid() else ""
        return str(chosen or "name")

    def sounding_like(self, rows: Any, name: str, value: str) -> Any:
        return rows.sounding_like(value)

    def of_size(self, rows: Any, name: str, value: str) -> Any:
        return rows.of_size(value)

    def of_form(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(legal_form="" if value == NOT_STATED else value)

    def with_day_of_registration(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(registered_on__isnull=False)

    def with_certificate(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(Exists(Certificate.objects.valid().filter(enterprise=OuterRef("pk"))))

    def that_export(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(latest__export_share_pct__gt=0)

    def that_state_imports(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(latest__imported_input_share_pct__isnull=False)

    def measured(self, rows: Any, name: str, value: str) -> Any:
        return rows
