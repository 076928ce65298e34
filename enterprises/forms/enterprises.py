"""Forms of an enterprise and of its parts: years, products, certificates; and of declarations of completeness."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from capred_portal.forms import RecordForm
from capred_portal.languages import is_khmer
from capred_portal.matching import ascii_digits
from enterprises.forms.fields import SectorField
from enterprises.forms.links import HsCodeField
from enterprises.lookalikes import lookalikes
from enterprises.models import Certificate, Completeness, Enterprise, EnterpriseYear, Product, Sector
from enterprises.services import settle_latest

UNKNOWN = [("", _("Not stated")), ("true", _("Yes")), ("false", _("No"))]
ANSWERS = ("is_women_owned", "is_women_led", "owner_has_disability")


def check_place(form: forms.ModelForm, cleaned: dict[str, Any]) -> None:
    """Say beside the district when it is not in the province; a district alone tells the province."""
    district, province = cleaned.get("district"), cleaned.get("province")
    if district and province and district.province_id != province.pk:
        form.add_error("district", _("This district is not in this province."))
    elif district and not province and "province" not in form.errors:
        cleaned["province"] = district.province


class WithLookalikes(RecordForm):
    """A form of a firm that asks once whether a firm on the register is meant."""

    is_another = forms.BooleanField(label=_("It is another enterprise"), required=False, widget=forms.HiddenInput)

    candidates: tuple[Enterprise, ...] = ()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors or self.instance.pk or cleaned.get("is_another"):
            return cleaned
        self.candidates = tuple(lookalikes(self.as_known(cleaned)))
        if self.candidates:
            self.fields["is_another"].widget = forms.CheckboxInput()
            text = _("The register has enterprises like this one. Look at them, or tick the box below.")
            self.add_error(None, forms.ValidationError(text, code="alike"))
        return cleaned

    def as_known(self, cleaned: dict[str, Any]) -> Enterprise:
        """Return the firm that was typed, not saved."""
        names = ("name_en", "name_km", "sector", "province", "phone", "registration_number")
        told = {name: cleaned[name] for name in names if cleaned.get(name)}
        return Enterprise(**told)


class EnterpriseStartForm(WithLookalikes):
    """What makes an enterprise: its name, what it does, where it is. The rest follows."""

    name = forms.CharField(
        label=_("Name"), max_length=250, help_text=_("In Khmer or Latin script; the other can follow.")
    )
    sector = SectorField(required=False)

    field_order = ["name", "sector", "province", "phone"]

    class Meta(RecordForm.Meta):
        model = Enterprise
        fields = ["sector", "province", "phone"]

    def as_known(self, cleaned: dict[str, Any]) -> Enterprise:
        name = cleaned.get("name", "")
        return super().as_known(cleaned | {"name_km" if is_khmer(name) else "name_en": name})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if name := cleaned.get("name"):
            self.instance.name_km, self.instance.name_en = (name, "") if is_khmer(name) else ("", name)
        return cleaned


class EnterpriseForm(RecordForm):
    """All about an enterprise except its years, products and certificates."""

    pairs = ("name",)

    sector = SectorField(required=False)

    class Meta(RecordForm.Meta):
        model = Enterprise
        fields = [
            "name_en",
            "name_km",
            "registration_number",
            "sector",
            "province",
            "district",
            "address",
            "phone",
            "founded_year",
            "registered_on",
            "legal_form",
            *ANSWERS,
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ANSWERS:
            field: Any = self.fields[name]
            field.widget.choices = UNKNOWN

    def clean_registration_number(self) -> str:
        """Keep the number as text; Khmer digits become 0 to 9."""
        number = ascii_digits(self.cleaned_data["registration_number"]).strip()
        others = Enterprise.objects.active().exclude(pk=self.instance.pk)
        if number and (other := others.filter(registration_number=number).first()):
            raise forms.ValidationError(_("%(firm)s has this registration number.") % {"firm": other})
        return number

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        check_place(self, cleaned)
        return cleaned


class EnterpriseAdminForm(RecordForm):
    """The admin's form of an enterprise: the same check of its place."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        check_place(self, cleaned)
        return cleaned


class YearForm(RecordForm):
    """What a firm was in one year, and where that is known from."""

    class Meta(RecordForm.Meta):
        model = EnterpriseYear
        fields = [
            "year",
            "employees",
            "women",
            "men",
            "with_disability",
            "turnover_usd",
            "assets_usd",
            "export_share_pct",
            "imported_input_share_pct",
            "source",
        ]
        help_texts = {"employees": _("Blank: women and men together.")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        others = self.instance.enterprise.years.active().exclude(pk=self.instance.pk)
        if cleaned.get("year") and others.filter(year=cleaned["year"]).exists():
            self.add_error("year", _("This year is already there; correct that line instead."))
        women, men, total = (cleaned.get(name) for name in ("women", "men", "employees"))
        if total is None and women is not None and men is not None and "employees" not in self.errors:
            cleaned["employees"] = total = women + men
        if total is not None:
            self.check_parts(total, women, men, cleaned.get("with_disability"))
        return cleaned

    def check_parts(self, total: int, women: int | None, men: int | None, disabled: int | None) -> None:
        """Say beside the field when a part is more than all employees."""
        too_many = _("More than all %(total)s employees.") % {"total": total}
        for name, part in (("women", women), ("men", men), ("with_disability", disabled)):
            if part is not None and part > total:
                self.add_error(name, too_many)
        if women is not None and men is not None and max(women, men) <= total < women + men:
            self.add_error("men", _("Women and men together are more than all %(total)s employees.") % {"total": total})


class ProductForm(RecordForm):
    """Something the firm makes."""

    pairs = ("name",)

    hs_code = HsCodeField()

    class Meta(RecordForm.Meta):
        model = Product
        fields = ["name_en", "name_km", "hs_code", "capacity", "capacity_unit"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not {"capacity", "capacity_unit"} & set(self.errors):
            if cleaned.get("capacity") is not None and not cleaned.get("capacity_unit"):
                self.add_error("capacity_unit", _("In which unit?"))
            elif cleaned.get("capacity_unit") and cleaned.get("capacity") is None:
                self.add_error("capacity", _("There is a unit but no number. Give both or none."))
        return cleaned


class CertificateForm(RecordForm):
    """A certificate the firm holds."""

    class Meta(RecordForm.Meta):
        model = Certificate
        fields = ["standard", "issuer", "scope_en", "scope_km", "number", "issued_on", "expires_on"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("issued_on"), cleaned.get("expires_on")
        if first and last and last < first:
            self.add_error("expires_on", _("The last day is before the first day."))
        return cleaned


class CompletenessForm(RecordForm):
    """A verifier's word that the register is complete somewhere."""

    class Meta(RecordForm.Meta):
        model = Completeness
        fields = ["province", "sector", "declared_on", "source"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sector: Any = self.fields["sector"]
        sector.queryset = Sector.objects.divisions()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        province, sector = cleaned.get("province"), cleaned.get("sector")
        if not province and not sector and not {"province", "sector"} & set(self.errors):
            self.add_error("province", _("Choose a province or a division, or both."))
        elif Completeness.objects.active().filter(province=province, sector=sector).exists():
            self.add_error("province", _("This is declared already."))
        return cleaned


def settle_year(year: EnterpriseYear) -> None:
    """Let the firm point to its newest year; called in the transaction that saves the year."""
    settle_latest([year.enterprise_id])
