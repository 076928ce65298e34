"""Forms of a cluster and of its members."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from capred_portal.forms import OrganisationField, RecordForm, WithOrganisation
from capred_portal.languages import is_khmer, localized
from capred_portal.slugs import free_slug
from enterprises.forms.fields import EnterpriseField
from enterprises.models import Cluster, ClusterMembership, Province, Sector

RESERVED = frozenset({"new", "members", "links", "where"})  # addresses of other pages under /clusters/


class SectorChoiceIterator(forms.models.ModelChoiceIterator):
    """Divisions, and what else is chosen already, grouped by section."""

    def __iter__(self) -> Iterator[Any]:
        field: Any = self.field
        if field.empty_label is not None:
            yield ("", field.empty_label)
        sections = Sector.objects.filter(level=Sector.Level.SECTION)
        names = {section.code: f"{section.code} · {localized(section, 'title')}" for section in sections}
        groups: dict[str, list[Any]] = {}
        for sector in self.queryset:
            groups.setdefault(names.get(sector.section, sector.section), []).append(self.choice(sector))
        yield from groups.items()


class DivisionField(forms.ModelChoiceField):
    """Choose one division of ISIC."""

    iterator = SectorChoiceIterator

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Sector.objects.divisions(), **{"label": _("Sector"), "empty_label": _("Not stated")} | kwargs)


class DivisionsField(forms.ModelMultipleChoiceField):
    """Tick divisions of ISIC."""

    iterator = SectorChoiceIterator
    widget = forms.CheckboxSelectMultiple(attrs={"class": "scroll"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Sector.objects.divisions(), **{"label": _("Sectors"), "required": False} | kwargs)


class ClusterStartForm(WithOrganisation, RecordForm):
    """What makes a cluster: its name, who leads it, where it is and what it makes. The rest follows."""

    organisation_name = "lead"

    name = forms.CharField(label=_("Name"), max_length=250, help_text=_("In Khmer or English; the other can follow."))
    lead = OrganisationField(label=_("Led by"), required=False)
    province = forms.ModelChoiceField(
        Province.objects.all(), label=_("Province"), required=False, empty_label=_("Not stated")
    )
    sector = DivisionField(required=False)

    field_order = ["name", "lead", "province", "sector"]

    class Meta(RecordForm.Meta):
        model = Cluster
        fields = ["lead"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if name := cleaned.get("name"):
            self.instance.name_km, self.instance.name_en = (name, "") if is_khmer(name) else ("", name)
        return cleaned

    def before_save(self, by: Any) -> None:
        """Give the cluster its address, and create a new lead organisation."""
        super().before_save(by)
        self.instance.slug = free_slug(Cluster.objects.all(), self.instance.name_en, noun="cluster", reserved=RESERVED)


class ClusterForm(WithOrganisation, RecordForm):
    """All about a cluster except its members."""

    pairs = ("name",)
    organisation_name = "lead"

    lead = OrganisationField(label=_("Led by"), required=False)
    sectors = DivisionsField()

    field_order = ["name_en", "name_km", "lead", "stage"]

    class Meta(RecordForm.Meta):
        model = Cluster
        fields = ["name_en", "name_km", "lead", "stage", "needs_en", "needs_km", "provinces", "sectors"]
        widgets = {
            "needs_en": forms.Textarea(attrs={"rows": 4}),
            "needs_km": forms.Textarea(attrs={"rows": 4}),
            "provinces": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = Q(level=Sector.Level.DIVISION) | Q(pk__in=self.instance.sectors.order_by().values("pk"))
        sectors: Any = self.fields["sectors"]
        sectors.queryset = Sector.objects.filter(chosen)


class MembershipForm(RecordForm):
    """A firm in the cluster: as what, since when, until when."""

    enterprise = EnterpriseField()

    field_order = ["enterprise", "role"]

    class Meta(RecordForm.Meta):
        model = ClusterMembership
        fields = ["enterprise", "role", "joined_on", "left_on"]
        help_texts = {"left_on": _("Blank as long as the firm belongs to the cluster.")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        joined, left = cleaned.get("joined_on"), cleaned.get("left_on")
        if joined and left and left < joined:
            self.add_error("left_on", _("The last day is before the first day."))
        if enterprise := cleaned.get("enterprise"):
            self.instance.is_demo = self.instance.cluster.is_demo or enterprise.is_demo
            others = self.instance.cluster.memberships.active().exclude(pk=self.instance.pk)
            if others.filter(enterprise=enterprise).exists():
                self.add_error("enterprise", _("This firm is already there; correct its membership instead."))
        return cleaned
