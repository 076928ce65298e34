"""Forms of an action and of the steps of its life."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from capred_portal.form_fields import KhmerDateField
from capred_portal.forms import RecordForm
from capred_portal.languages import is_khmer
from capred_portal.models import Document, Organisation
from capred_portal.uploads import DocumentField
from programs.forms.fields import PeopleField
from programs.forms.owners import COLUMNS, OwnerField
from programs.models import Action

NEW_OWNERS = [("organisation", _("A new organisation")), ("person", _("A new person without an account"))]


class ActionForm(RecordForm):
    """What is to be done, by whom, by when, and how much it matters."""

    pairs = ("text",)

    owner = OwnerField()
    create_owner = forms.ChoiceField(
        label=_("Create this owner as"), choices=NEW_OWNERS, required=False, widget=forms.HiddenInput
    )

    field_order = ["text_en", "text_km", "owner", "create_owner", "due_on", "priority"]

    class Meta(RecordForm.Meta):
        model = Action
        fields = ["text_en", "text_km", "due_on", "priority"]
        widgets = {"text_en": forms.Textarea(attrs={"rows": 3}), "text_km": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"priority": _("High: closing it takes evidence, and a second person verifies it.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pending: Any = None
        if self.instance.pk:
            self.initial["owner"] = self.fields["owner"].current = self.instance.owner  # type: ignore[attr-defined]

    def clean_priority(self) -> int:
        priority: int = self.cleaned_data["priority"]
        action = self.instance
        if action.status == Action.Status.DONE and priority == Action.Priority.HIGH and not action.verified_by_id:
            raise forms.ValidationError(_("This action is closed. Reopen it before you give it high priority."))
        return priority

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.has_error("owner", code="unknown"):
            field = self.fields["create_owner"]
            field.widget = forms.RadioSelect(choices=NEW_OWNERS)
            if kind := cleaned.get("create_owner"):
                del self.errors["owner"]
                self.pending = new_owner(kind, str(self["owner"].data))
        if owner := cleaned.get("owner"):
            self.put_owner(owner)
        return cleaned

    def before_save(self, by: Any) -> None:
        """Create the owner who is new to the portal; called inside the transaction that saves the action."""
        if self.pending is not None:
            if self.pending.pk is None:
                self.pending.created_by = self.pending.updated_by = by
                self.pending.save()
            self.put_owner(self.pending)

    def put_owner(self, owner: Any) -> None:
        """Make the user, organisation or person the one owner."""
        for kind, column in COLUMNS.items():
            setattr(self.instance, column, owner if isinstance(owner, kind) else None)


def new_owner(kind: str, name: str) -> Organisation | Any:
    """Return an organisation or a person of this name that is not saved yet."""
    if kind == "person":
        return PeopleField().person(name)
    return Organisation(name_km=name) if is_khmer(name) else Organisation(name_en=name)


class VersionForm(forms.Form):
    """One click on an action: which version of it was on the screen."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def renew(self, version: int) -> None:
        """Let the form be sent again with all that was typed, over the version that is stored now."""
        typed: Any = self.data.copy()  # type: ignore[attr-defined]
        typed["version"] = str(version)
        self.data = typed


class MoveForm(VersionForm):
    """One click to another open status."""

    to = forms.ChoiceField(choices=[(status.value, status.label) for status in Action.MOVES])


class ReasonForm(VersionForm):
    """Why an action is open again; everybody can read it among the comments."""

    reason = forms.CharField(label=_("Why?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class CloseForm(VersionForm):
    """What was done, when, and the evidence of it."""

    done_en = forms.CharField(
        label=_("What was done, in English"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    done_km = forms.CharField(
        label=_("What was done, in Khmer"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "lang": "km"}),
    )
    closed_on = KhmerDateField(label=_("Done on"))
    evidence_title = forms.CharField(
        label=_("Name of the evidence"), required=False, max_length=250, help_text=_("Such as “Signed agreement”.")
    )
    evidence_file = DocumentField(label=_("Evidence: file"), required=False)
    evidence_link = forms.URLField(
        label=_("Evidence: link"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("Instead of a file."),
    )

    def __init__(self, *args: Any, action: Action, has_evidence: bool, **kwargs: Any) -> None:
        start = {"done_en": action.done_en, "done_km": action.done_km, "version": action.version}
        kwargs["initial"] = start | {"closed_on": timezone.localdate()}
        super().__init__(*args, **kwargs)
        self.needs_evidence = action.is_high and not has_evidence
        self.evidence: Document | None = None

    def clean_closed_on(self) -> Any:
        day = self.cleaned_data["closed_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("done_en") and not cleaned.get("done_km") and not {"done_en", "done_km"} & set(self.errors):
            self.add_error("done_en", _("Say what was done, in English or in Khmer."))
        if not {"evidence_title", "evidence_file", "evidence_link"} & set(self.errors):
            self.clean_evidence(cleaned)
        return cleaned

    def clean_evidence(self, cleaned: dict[str, Any]) -> None:
        """Accept a file or a link, not both, and demand one when the priority is high."""
        file, link, title = (cleaned.get(f"evidence_{name}") for name in ("file", "link", "title"))
        if file and link:
            self.add_error("evidence_file", _("Choose a file or give a link, one of the two."))
        elif file or link:
            name = title or str(file.name if file else link)[:250]
            script = "title_km" if is_khmer(name) else "title_en"
            self.evidence = Document(file=file or "", link=link or "", **{script: name})
        elif title or self.needs_evidence:
            self.add_error("evidence_file", _("Choose a file, or give a link below."))
