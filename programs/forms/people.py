"""Forms of people and attendances, the entry grid among them."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from capred_portal.form_fields import PhoneField
from capred_portal.forms import OrganisationField, RecordForm, WithOrganisation
from capred_portal.languages import reading_language
from capred_portal.matching import name_key, split_honorific
from programs.consent import WithConsent
from programs.models import Attendance, Person
from programs.models.people import DIFFICULTY_DOMAINS, disability_from

SOMEBODY_ELSE = "new"


class PersonForm(WithOrganisation, RecordForm):
    """A person's names, sex, organisation and contacts."""

    pairs = ("name",)

    organisation = OrganisationField(required=False)

    class Meta(RecordForm.Meta):
        model = Person
        fields = ["honorific", "name_en", "name_km", "sex", "organisation", "phone", "email"]

    field_order = [*Meta.fields[:5], "create_organisation", *Meta.fields[5:]]


class AttendanceForm(WithConsent, WithOrganisation, RecordForm):
    """What is kept of one person at one workshop, beside the person."""

    organisation = OrganisationField(required=False)

    class Meta(RecordForm.Meta):
        model = Attendance
        fields = [
            "organisation", "role", "age_band", "disability", *DIFFICULTY_DOMAINS,
            "days", "registered", "attended", "consent",
        ]  # fmt: skip

    field_order = ["organisation", "create_organisation", *Meta.fields[1:]]

    def clean(self) -> dict[str, Any]:
        """Let the six answers about difficulties decide about disability."""
        cleaned = super().clean()
        difficulties = [cleaned.get(name) for name in DIFFICULTY_DOMAINS]
        cleaned["disability"] = disability_from(difficulties, cleaned.get("disability", ""))
        return cleaned


class AttendanceRowForm(WithConsent, WithOrganisation, RecordForm):
    """One row of the entry grid: a person, known or new, and the attendance."""

    name_en = forms.CharField(label=_("Name (Latin)"), max_length=150, required=False)
    name_km = forms.CharField(label=_("Name (Khmer)"), max_length=150, required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=Person.Sex.choices, required=False)
    organisation = OrganisationField(required=False)
    phone = PhoneField(label=_("Phone"), required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    known = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta(RecordForm.Meta):
        model = Attendance
        fields = ["organisation", "role", "age_band", "disability", "attended", "consent"]

    shown = (
        "name_en", "name_km", "sex", "organisation", "phone", "email",
        "role", "age_band", "disability", "attended", "consent",
    )  # fmt: skip
    typed = ("name_en", "name_km", "sex", "organisation", "phone", "email")

    def __init__(self, *args: Any, workshop: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.workshop = workshop
        self.person: Person | None = None
        self.candidates: list[Person] = []
        self.is_double = False
        for name in self.shown:
            self.fields[name].widget.attrs["aria-label"] = self.fields[name].label
        other = self.fields["name_km" if reading_language() == "en" else "name_en"]
        other.widget.attrs["autocomplete"] = self.fields["name_en"].widget.attrs["autocomplete"] = "off"

    @property
    def cells(self) -> list[Any]:
        """The fields in the order of the grid's columns."""
        return [self[name] for name in self.shown]

    def has_changed(self) -> bool:
        """A row is filled when somebody typed into it; its preset answers do not count."""
        return any(str(self[name].data or "").strip() for name in self.typed)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not (cleaned.get("name_en") or cleaned.get("name_km")) and not {"name_en", "name_km"} & set(self.errors):
            self.add_error("name_en", _("Write the name in Latin or in Khmer script, or both."))
        honorifics = [split_honorific(cleaned.get(name) or "") for name in ("name_en", "name_km")]
        cleaned["honorific"] = next((honorific for honorific, _name in honorifics if honorific), "")
        cleaned["name_en"], cleaned["name_km"] = (name for _honorific, name in honorifics)
        if not self.errors and not self.is_repeated():
            self.choose_person(cleaned)
        return cleaned

    def is_repeated(self) -> bool:
        """Tell whether this very row was saved before: a double click or Back."""
        token = self.cleaned_data.get("creation_token")
        saved = Attendance.objects.filter(creation_token=token, creation_digest=self.digest())
        return bool(token) and saved.exists()

    def choose_person(self, cleaned: dict[str, Any]) -> None:
        """Settle who it is: the known person that was chosen, a new one, or ask."""
        self.candidates = known_people(cleaned)
        chosen = cleaned.get("known", "")
        self.person = next((person for person in self.candidates if str(person.pk) == chosen), None)
        if self.person is None and self.candidates and chosen != SOMEBODY_ELSE:
            self.add_error(
                "known", _("Somebody with this name and organisation, or this phone, is known. Choose below.")
            )
        elif self.person is None:
            self.is_double = bool(self.candidates) or resembles(cleaned)
        elif Attendance.objects.active().filter(workshop=self.instance.workshop, person=self.person).exists():
            self.add_error("name_en", _("This person is already on the list."))

    def before_save(self, by: Any) -> None:
        """Create a new organisation and a new person first; fill what is not yet known of a known one."""
        super().before_save(by)
        cleaned = self.cleaned_data
        names = ("honorific", "name_en", "name_km", "sex", "phone", "email")
        told = {name: cleaned.get(name) or "" for name in names}
        if cleaned.get("consent") is False:
            told |= {"phone": "", "email": ""}
        if self.person is None:
            organisation = self.instance.organisation
            self.person = Person.objects.create(
                **told, organisation=organisation, is_possible_duplicate=self.is_double, created_by=by, updated_by=by
            )
        elif missing := {name: value for name, value in told.items() if value and not getattr(self.person, name)}:
            for name, value in missing.items():
                setattr(self.person, name, value)
            self.person.save_version(by=by, expected=self.person.version)
        self.instance.person = self.person
        self.obey_refusal(by)


def keys_of(told: dict[str, Any]) -> list[str]:
    return [key for key in (name_key(told.get(name) or "") for name in ("name_en", "name_km")) if key]


def known_people(told: dict[str, Any]) -> list[Person]:
    """Return people with exactly this phone, or exactly this name and organisation."""
    organisation, phone = told.get("organisation"), told.get("phone") or ""
    found: dict[int, Person] = {}
    is_new = organisation is not None and organisation.pk is None
    for key in [""] if is_new else keys_of(told) or [""]:
        people = Person.objects.known_as(name_key=key, organisation=None if is_new else organisation, phone=phone)
        found |= {person.pk: person for person in people.select_related("organisation").order_by("pk")[:5]}
    return list(found.values())


def resembles(told: dict[str, Any]) -> bool:
    """Tell whether somebody known has the same name at another organisation."""
    active, keys = Person.objects.identified(), keys_of(told)
    return active.filter(name_en_key__in=keys).exists() or active.filter(name_km_key__in=keys).exists()


# The entry grid: rows with the prefixes row-0, row-1, ...

BLANK_ROWS, MOST_ROWS = 4, 60
_PREFIX = re.compile(r"row-(\d{1,4})-name_en")


def blank_rows(workshop: Any, start: int = 0) -> list[AttendanceRowForm]:
    """Return fresh rows for the grid."""
    return [AttendanceRowForm(prefix=f"row-{start + place}", workshop=workshop) for place in range(BLANK_ROWS)]


def filled_rows(posted: Any, workshop: Any) -> list[AttendanceRowForm]:
    """Return the rows of the grid into which somebody typed."""
    places = sorted(int(found[1]) for found in map(_PREFIX.fullmatch, posted) if found)[:MOST_ROWS]
    rows = [AttendanceRowForm(posted, prefix=f"row-{place}", workshop=workshop) for place in places]
    return [row for row in rows if row.has_changed()]


def kept_rows(refused: list[AttendanceRowForm], workshop: Any) -> list[AttendanceRowForm]:
    """Return refused rows, numbered anew and checked once more, with fresh ones below; the first has the focus."""
    rows = []
    for place, form in enumerate(refused):
        posted = {
            f"row-{place}-{name}": form[name].data for name in form.fields if form[name].data not in (None, False)
        }
        rows.append(AttendanceRowForm(posted, prefix=f"row-{place}", workshop=workshop))
        rows[-1].is_valid()
    rows += blank_rows(workshop, len(rows))
    rows[0].fields["name_en"].widget.attrs["data-focus"] = "yes"
    return rows
