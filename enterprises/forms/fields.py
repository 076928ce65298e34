"""Form fields over firms and sectors: chosen by typing, with a list that follows the typing when scripts run."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from capred_portal.forms import NamedRecordField
from capred_portal.languages import localized
from capred_portal.matching import firm_key
from enterprises.models import Enterprise, Sector

MARK = " · "  # between a firm's name and what tells it from its namesakes


def enterprise_text(enterprise: Enterprise) -> str:
    """Return what stands for a firm in a form: its name with its registration number, or with its number here."""
    return f"{enterprise}{MARK}{enterprise.registration_number or f'#{enterprise.pk}'}"


def sector_text(sector: Sector) -> str:
    """Return what stands for a sector in a form: its code and title."""
    return f"{sector.code} {localized(sector, 'title')}"


def find_sectors(text: str) -> QuerySet[Sector]:
    """Return the sectors whose code begins with the text or whose title holds it."""
    text = text.strip()
    return Sector.objects.filter(
        Q(code__istartswith=text) | Q(title_en__icontains=text) | Q(title_km__icontains=text)
    ).order_by("code")


class ChosenField(NamedRecordField):
    """A record chosen by a text that names it; the same record under another text is no change."""

    def text_of(self, record: Any) -> str:
        """Return the text that stands for the record."""
        raise NotImplementedError

    def prepare_value(self, value: Any) -> Any:
        record = self.stored(value)
        return self.text_of(record) if record is not None else value

    def stored(self, value: Any) -> Any:
        """Return the record behind a stored value, a record or its key; None for a typed text."""
        model = self.queryset.model
        if isinstance(value, model):
            return value
        is_key = isinstance(value, int) or (isinstance(value, str) and model is Sector and value.isalnum())
        return model._default_manager.filter(pk=value).first() if is_key else None

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = self.stored(initial)
        try:
            after = self.find(str(data).strip()) if data else None
        except forms.ValidationError:
            return True
        return getattr(before, "pk", None) != getattr(after, "pk", None)


class EnterpriseField(ChosenField):
    """A firm by its name; where several have that name, by its number as well."""

    default_error_messages = {
        "unknown": _("No enterprise in the register has this name. Choose one from the list."),
        "several": _("Several enterprises have this name. Choose one from the list, with its number."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Enterprise"))
        kwargs.setdefault("max_length", 320)
        super().__init__(Enterprise.objects.active(), "enterprises:choices", **kwargs)

    def text_of(self, record: Enterprise) -> str:
        return enterprise_text(record)

    def find(self, text: str) -> Any:
        found = list(self.found(text)[:2])
        if len(found) != 1:
            code = "several" if found else "unknown"
            raise forms.ValidationError(self.error_messages[code], code=code)
        return found[0]

    def found(self, text: str) -> Any:
        """Return the firms the text can mean: by number behind the mark, by registration number, by exact name."""
        number = text.rpartition(MARK.strip())[2].strip()
        own = number.removeprefix("#")
        if number.startswith("#") and own.isdecimal() and len(own) < 19:
            return self.queryset.filter(pk=int(own))
        by_number = self.queryset.filter(registration_number=number)
        if not number or not by_number.exists():
            key = firm_key(text)
            return self.queryset.filter(Q(name_en_key=key) | Q(name_km_key=key)) if key else self.queryset.none()
        return by_number


class SectorField(ChosenField):
    """A sector of ISIC by its code or by words of its title."""

    default_error_messages = {
        "unknown": _("No sector has this code or title. Type a code such as 1061, or choose one from the list."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Sector (ISIC)"))
        kwargs.setdefault("max_length", 300)
        super().__init__(Sector.objects.all(), "enterprises:sector_choices", **kwargs)

    def text_of(self, record: Sector) -> str:
        return sector_text(record)

    def find(self, text: str) -> Any:
        code = text.split(maxsplit=1)[0]
        sector = self.queryset.filter(pk=code).first()
        if sector is None:
            titled = list(find_sectors(text)[:2])
            if len(titled) != 1:
                raise forms.ValidationError(self.error_messages["unknown"], code="unknown")
            sector = titled[0]
        return sector
