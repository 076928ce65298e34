"""The form of an accreditation."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from capred_portal.forms import OrganisationField, RecordForm, WithOrganisation
from enterprises.models import Accreditation


class AccreditationForm(WithOrganisation, RecordForm):
    """What an organisation is accredited for, by whom, from when to when."""

    pairs = ("scope",)

    organisation = OrganisationField(label=_("Accredited body"))

    field_order = ["organisation"]

    class Meta(RecordForm.Meta):
        model = Accreditation
        fields = ["organisation", "scope_en", "scope_km", "accredited_by", "issued_on", "expires_on", "source"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("issued_on"), cleaned.get("expires_on")
        if first and last and last < first:
            self.add_error("expires_on", _("The last day is before the first day."))
        return cleaned
