"""The base of every form over a record, and form fields that several apps share."""

import datetime as dt
import hashlib
from typing import Any

from django import forms
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    PasswordChangeForm,
    PasswordResetForm,
    SetPasswordForm,
)
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.forms.renderers import TemplatesSetting
from django.template.loader import render_to_string
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from capred_portal.comments import thread_of
from capred_portal.form_fields import (
    KhmerDateField,
    KhmerDecimalField,
    KhmerIntegerField,
    KhmerTimeField,
    PhoneField,
)
from capred_portal.keys import RecordField, RecordsField
from capred_portal.languages import is_khmer
from capred_portal.mails import post
from capred_portal.matching import search_key
from capred_portal.models import Comment, Document, Mail, Organisation
from capred_portal.records import Record, new_token
from capred_portal.uploads import DocumentField

MAILS_AN_HOUR = 3  # to one account, about a new password


class PortalRenderer(TemplatesSetting):
    """Renders forms with the templates in templates/django/forms/."""

    field_template_name = "django/forms/field.html"


FORM_FIELDS: dict[type[models.Field], type[forms.Field]] = {
    models.DateField: KhmerDateField,
    models.ForeignKey: RecordField,
    models.ManyToManyField: RecordsField,
    models.TimeField: KhmerTimeField,
    models.DecimalField: KhmerDecimalField,
    models.PositiveIntegerField: KhmerIntegerField,
}


def formfield_for(field: models.Field, **kwargs: Any) -> forms.Field | None:
    """Return the form field of a model field: dates and numbers accept Khmer digits everywhere."""
    if isinstance(field, models.URLField):
        kwargs["assume_scheme"] = "https"
    form_class = FORM_FIELDS.get(type(field))
    if form_class is None or field.choices:
        if field.name == "phone":
            return field.formfield(form_class=PhoneField, **kwargs)
        return field.formfield(**kwargs)
    return field.formfield(form_class=form_class, **kwargs)


class RecordForm(forms.ModelForm):
    """A form over a record: carries its creation token or its version, and wants a name in one language at least."""

    creation_token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    pairs: tuple[str, ...] = ()  # names of which the _en or the _km field must be filled

    class Meta:
        formfield_callback = formfield_for

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["creation_token"]
            self.fields["version"].initial = self.instance.version
        else:
            del self.fields["version"]
            self.fields["creation_token"].initial = new_token
        for name, field in self.fields.items():
            if name.endswith("_km"):
                field.widget.attrs["lang"] = "km"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.pairs:
            both = {f"{name}_en", f"{name}_km"}
            if not any(cleaned.get(field) for field in both) and not both & set(self.errors):
                self.add_error(f"{name}_en", _("Fill this in English or in Khmer, or both."))
        return cleaned

    def digest(self) -> str:
        """Return a checksum of what was typed and chosen, to tell a double click from a second record."""
        digest = hashlib.sha256()
        for name in sorted(self.fields):
            if name == "creation_token":
                continue
            key = self.add_prefix(name)
            values = self.data.getlist(key) if hasattr(self.data, "getlist") else [self.data.get(key)]
            if isinstance(file := self.files.get(key), UploadedFile):
                values = [file.name, file.size]
            digest.update(f"{name}={values!r};".encode())
        return digest.hexdigest()


class NamedRecordField(forms.CharField):
    """Choose a record by typing its name; a list of choices follows the typing when scripts run."""

    def __init__(self, queryset: Any, choices_url: str, **kwargs: Any) -> None:
        self.queryset = queryset
        self.choices_url = reverse_lazy(choices_url)
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"autocomplete": "off", "data-choices": self.choices_url}

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            value = self.queryset.filter(pk=value).first()
        return str(value) if isinstance(value, models.Model) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return search_key(str(self.prepare_value(initial) or "")) != search_key(str(self.prepare_value(data) or ""))

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return self.find(text) if text else None

    def find(self, text: str) -> Record:
        """Return the one active record of that name, or say why there is none."""
        raise NotImplementedError


class OrganisationField(NamedRecordField):
    """An organisation by name; an unknown name may be created in place by ticking a box that then appears."""

    default_error_messages = {
        "unknown": _("No organisation has this name. Choose one from the list, or tick the box below to create it."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Organisation"))
        kwargs.setdefault("max_length", 250)
        super().__init__(Organisation.objects.active(), "organisations:choices", **kwargs)

    def find(self, text: str) -> Organisation:
        key = search_key(text)
        by_name = models.Q(name_en_key=key) | models.Q(name_km_key=key)
        found = self.queryset.filter(by_name).first() or self.queryset.filter(acronym__iexact=text).first()
        if found is None:
            raise forms.ValidationError(self.error_messages["unknown"], code="unknown")
        organisation: Organisation = found
        return organisation


class WithOrganisation(forms.ModelForm):
    """A form with an organisation that can be created in place: the second try offers to create it."""

    create_organisation = forms.BooleanField(
        label=_("Create this organisation"), required=False, widget=forms.HiddenInput
    )

    organisation_name = "organisation"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        name = self.organisation_name
        if self.has_error(name, code="unknown"):
            self.fields["create_organisation"].widget = forms.CheckboxInput()
            if cleaned.get("create_organisation"):
                del self.errors[name]
                cleaned[name] = self.new_organisation(str(self[name].data))
        return cleaned

    def new_organisation(self, text: str) -> Organisation:
        """Return the organisation to create; `save` writes it in the transaction of the record."""
        return Organisation(name_km=text) if is_khmer(text) else Organisation(name_en=text)

    def _get_validation_exclusions(self) -> set[str]:
        """Do not ask a model field to hold an organisation that `before_save` is still to create."""
        exclude: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return exclude | {self.organisation_name} if self.pending is not None else exclude

    def _post_clean(self) -> None:
        """Leave an organisation that is still to be created out of the model's own checks."""
        organisation = self.cleaned_data.get(self.organisation_name)
        self.pending = organisation if organisation is not None and organisation.pk is None else None
        if self.pending is not None:
            del self.cleaned_data[self.organisation_name]
        super()._post_clean()  # type: ignore[misc]
        if self.pending is not None:
            self.cleaned_data[self.organisation_name] = self.pending

    def before_save(self, by: Any) -> None:
        """Create the pending organisation; called inside the transaction that saves the record."""
        if self.pending is not None:
            self.pending.created_by = self.pending.updated_by = by
            self.pending.save()
            setattr(self.instance, self.organisation_name, self.pending)


class OrganisationForm(RecordForm):
    """An organisation's names, kind and public contact."""

    pairs = ("name",)

    class Meta(RecordForm.Meta):
        model = Organisation
        fields = ["name_en", "name_km", "acronym", "kind", "website"]


class CommentForm(RecordForm):
    """A question or a remark on a record."""

    is_question = forms.BooleanField(label=_("This is a question that wants an answer"), required=False)

    field_order = ["text", "is_question"]
    record: Any = None  # what the comment is about; a view sets it before saving

    class Meta(RecordForm.Meta):
        model = Comment
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        asks = Comment.Kind.QUESTION if cleaned.get("is_question") else Comment.Kind.REMARK
        self.instance.kind = Comment.Kind.ANSWER if self.instance.answers_id else asks
        return cleaned

    def before_save(self, by: Any) -> None:
        """Put the comment in its record's thread; called inside the transaction that saves it."""
        self.instance.thread = thread_of(self.record)


class DocumentForm(RecordForm):
    """A file to keep here, or a link to one elsewhere."""

    pairs = ("title",)

    class Meta(RecordForm.Meta):
        model = Document
        fields = ["title_en", "title_km", "file", "link"]
        field_classes = {"file": DocumentField}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if bool(cleaned.get("file")) == bool(cleaned.get("link")) and not {"file", "link"} & set(self.errors):
            self.add_error("file", _("Choose a file or give a link, one of the two."))
        return cleaned


class ArchiveForm(forms.Form):
    """Why a record is taken out of lists and figures."""

    reason = forms.CharField(label=_("Why is it archived?"), max_length=300)
    version = forms.IntegerField(widget=forms.HiddenInput)


class PasswordOnly:
    """Saves a new password and nothing else: role and standing may have changed since the account was read."""

    def set_password_and_save(self, user: Any, *args: Any, commit: bool = True, **kwargs: Any) -> Any:
        super().set_password_and_save(user, *args, commit=False, **kwargs)  # type: ignore[misc]
        if commit:
            user.save(update_fields=["password"])
        return user


class NewPasswordForm(PasswordOnly, PasswordChangeForm):
    """A new password in the place of the old one."""


class ForgottenPasswordForm(PasswordOnly, SetPasswordForm):
    """A new password in the place of one that is forgotten."""


class GivenPasswordForm(PasswordOnly, AdminPasswordChangeForm):
    """A new password that an administrator gives somebody."""


class PasswordMailForm(PasswordResetForm):
    """Asks for the mail that leads to a new password; it is written in the language of the account.

    The worker sends it; a few an hour are enough, whoever asks.
    """

    def send_mail(
        self,
        subject_template_name: str,
        email_template_name: str,
        context: dict[str, Any],
        from_email: str | None,
        to_email: str,
        html_email_template_name: str | None = None,
    ) -> None:
        hour_ago = timezone.now() - dt.timedelta(hours=1)
        lately = Mail.objects.filter(kind="password", person=context["user"], created_at__gt=hour_ago)
        if lately.count() >= MAILS_AN_HOUR:
            return
        with override(context["user"].language):
            subject = render_to_string(subject_template_name, context).strip()
            body = render_to_string(email_template_name, context)
        post("password", to_email, subject, body, person=context["user"])
