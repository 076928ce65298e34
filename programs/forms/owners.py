"""The owner of an action, typed by name: a user, or an organisation or person without an account."""

import re
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from capred_portal.forms import NamedRecordField
from capred_portal.matching import name_key, search_key
from capred_portal.models import Organisation, User
from programs.models import Person

KINDS: dict[type, Any] = {User: _("user"), Organisation: _("organisation"), Person: _("person")}
COLUMNS: dict[type, str] = {User: "owner_user", Organisation: "owner_organisation", Person: "owner_person"}
LABEL = re.compile(r"(?P<name>.+?)(?: #(?P<number>\d{1,9}))?(?: \((?P<kind>[^()]+)\))?")
CHOICES_PER_KIND = 8


def owner_label(owner: Any, *, numbered: bool = False) -> str:
    """Return name and kind, such as "MISTI (organisation)"; the number tells namesakes apart."""
    number = f" #{owner.pk}" if numbered else ""
    return f"{owner}{number} ({KINDS[type(owner)]})"


def owner_labels(owners: list[Any]) -> list[str]:
    """Return the labels of owners; those that would be the same carry their numbers."""
    plain = [owner_label(owner) for owner in owners]
    return [
        owner_label(owner, numbered=True) if plain.count(label) > 1 else label
        for owner, label in zip(owners, plain, strict=True)
    ]


def owners_like(text: str) -> list[Any]:
    """Return users, organisations and people whose names hold the words typed so far."""
    words = text.split()
    users = User.objects.filter(is_active=True)
    for word in words:
        names = Q(full_name_en__icontains=word) | Q(full_name_km__icontains=word) | Q(username__icontains=word)
        users = users.filter(names)
    found: list[Any] = [*users[:CHOICES_PER_KIND], *Organisation.objects.active().search(text)[:CHOICES_PER_KIND]]
    return found + (list(Person.objects.identified().search(text)[:CHOICES_PER_KIND]) if words else [])


def owners_named(text: str, kinds: list[type]) -> list[Any]:
    """Return the active owners of exactly this name, in either script, among the kinds."""
    key, person_key = search_key(text), name_key(text)
    user = Q(full_name_en__iexact=text) | Q(full_name_km__iexact=text) | Q(username__iexact=text)
    organisation = Q(name_en_key=key) | Q(name_km_key=key) | Q(acronym__iexact=text)
    person = Q(name_en_key=person_key) | Q(name_km_key=person_key)
    rows: dict[type, Any] = {
        User: User.objects.filter(user, is_active=True),
        Organisation: Organisation.objects.active().filter(organisation),
        Person: Person.objects.identified().filter(person),
    }
    return [owner for kind in kinds for owner in rows[kind][:CHOICES_PER_KIND]] if key else []


def kinds_called(word: str | None) -> list[type]:
    """Return the kind a label ends with, in either language; all kinds when it names none."""
    for language in ("en", "km"):
        with override(language):
            if found := [kind for kind, name in KINDS.items() if str(name) == word]:
                return found
    return list(KINDS)


class OwnerField(NamedRecordField):
    """Choose who promised it by typing a name."""

    default_error_messages = {
        "unknown": _(
            "No user, organisation or person has this name. Choose one from the list, or say below what to create."
        ),
        "ambiguous": _("Several have this name: %(names)s. Write one of these."),
    }
    current: Any = None  # the owner the record has now: its label always means that one

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Owner"))
        kwargs.setdefault("help_text", _("Who will do it: a user, an organisation, or a person without an account."))
        super().__init__(Organisation.objects.none(), "actions:owners", max_length=300, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return owner_label(value) if type(value) in KINDS else value

    def from_history(self, base: Any) -> Any:
        """Return the owner an earlier version had."""
        return base.owner_user or base.owner_organisation or base.owner_person

    def find(self, text: str) -> Any:
        if self.current is not None and search_key(text) == search_key(owner_label(self.current)):
            return self.current
        parts = LABEL.fullmatch(text)
        whole = owners_named(text, list(KINDS))
        found = whole or (owners_named(parts["name"], kinds_called(parts["kind"])) if parts else [])
        if parts and parts["number"]:
            found = [owner for owner in found if owner.pk == int(parts["number"])]
        if not found:
            raise forms.ValidationError(self.error_messages["unknown"], code="unknown")
        if len(found) > 1:
            names = gettext(" or ").join(f"“{label}”" for label in owner_labels(found))
            raise forms.ValidationError(self.error_messages["ambiguous"], code="ambiguous", params={"names": names})
        return found[0]
