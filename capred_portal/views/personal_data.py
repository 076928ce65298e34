"""Pages on personal data: the notice in force, what is kept about somebody, its export and its erasure."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from capred_portal.form_fields import KhmerIntegerField
from capred_portal.htmx import PortalRequest
from capred_portal.personal_export import archive, sections_of
from capred_portal.privacy import notice_in_force, rules
from capred_portal.subjects import SUBJECTS, erase, erasure_of, mentions


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What everybody is told of the data that is kept about people."""
    return render(request, "privacy.html", {"notice": notice_in_force(), "privacy_rules": rules()})


class ErasureForm(forms.Form):
    """Why somebody is erased, and the number of the record as a second thought."""

    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        max_length=300,
        help_text=gettext_lazy("Without the name: this stays. For example: asked for it by letter, number 123."),
    )
    number = KhmerIntegerField(label=gettext_lazy("Number of the record"), min_value=1)

    def __init__(self, *args: Any, wanted: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = wanted

    def clean_number(self) -> int:
        number: int = self.cleaned_data["number"]
        if number != self.wanted:
            raise forms.ValidationError(_("This is another number. The page says which one is meant."))
        return number


def somebody(kind: str, pk: int) -> dict[str, Any]:
    """Return whom a page is about, or raise the 404 page."""
    subject = SUBJECTS[kind]
    record = get_object_or_404(subject.model._base_manager, pk=pk)
    return {"subject": subject, "record": record, "erasure": erasure_of(subject, pk), "back": page_of(kind, record)}


def page_of(kind: str, record: Any) -> str:
    """Return the page of a person, or of an account in the administration."""
    if hasattr(record, "get_absolute_url"):
        return str(record.get_absolute_url())
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])


@never_cache
def personal_data(request: PortalRequest, kind: str, pk: int) -> HttpResponse:
    """How much is kept about somebody, table by table."""
    context = somebody(kind, pk)
    return render(request, "personal_data/detail.html", context | {"sections": sections_of(context["subject"], pk)})


@never_cache
def personal_data_export(request: PortalRequest, kind: str, pk: int) -> HttpResponse:
    """Everything kept about somebody as files; the log says who took it away."""
    context = somebody(kind, pk)
    record = context["record"]
    content = archive(context["subject"], pk)
    LogEntry.objects.create(
        user=request.user,
        content_type=ContentType.objects.get_for_model(record),
        object_id=str(pk),
        object_repr=str(record)[:200],
        action_flag=CHANGE,
        change_message="personal data exported",
    )
    disposition = f'attachment; filename="{kind}-{pk}.zip"'
    return HttpResponse(content, content_type="application/zip", headers={"Content-Disposition": disposition})


@never_cache
def personal_data_erase(request: PortalRequest, kind: str, pk: int) -> HttpResponse:
    """Say what erasing does and where the name stands in texts; then erase."""
    context = somebody(kind, pk)
    subject, why_not = context["subject"], context["subject"].why_not(context["record"])
    form = ErasureForm(request.POST or None, wanted=pk)
    if request.method == "POST" and not why_not and form.is_valid():
        erase(subject, pk, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("Erased. Backups restored from now on are erased again."))
        return HttpResponseRedirect(reverse(f"{subject.namespace}:personal_data", args=[pk]))
    numbers = subject.numbers(pk)
    told = {"sections": sections_of(subject, pk), "mentions": mentions(subject.names(numbers)), "others": numbers[1:]}
    status = 422 if form.errors or (request.method == "POST" and why_not) else 200
    return render(
        request, "personal_data/erase.html", context | told | {"form": form, "why_not": why_not}, status=status
    )
