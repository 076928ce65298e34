"""The history of a link: its stages, its evidence, and the second person who verifies it."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from capred_portal.access import requires
from capred_portal.editing import archive_record, edit_record
from capred_portal.forms import DocumentForm
from capred_portal.htmx import PortalRequest
from capred_portal.keys import key_in
from capred_portal.models import Document
from capred_portal.records import StaleRecord, writing
from enterprises import services
from enterprises.forms.links import LinkStageForm
from enterprises.models import LinkStage, SupplyLink


@require_http_methods(["GET", "POST"])
@requires("record.write")
def stage_new(request: PortalRequest, pk: int) -> HttpResponse:
    """Record that a link reached a stage, or that its value changed."""
    link = get_object_or_404(SupplyLink.objects.active().select_related("buyer", "supplier"), pk=pk)
    return stage_page(request, link, LinkStage(link=link, is_demo=link.is_demo))


@require_http_methods(["GET", "POST"])
@requires("record.write")
def stage_edit(request: PortalRequest, pk: int, stage_pk: int) -> HttpResponse:
    """Correct a stage, its day or its value."""
    link = get_object_or_404(SupplyLink.objects.active().select_related("buyer", "supplier"), pk=pk)
    return stage_page(request, link, get_object_or_404(link.stages.active(), pk=stage_pk))


def stage_page(request: PortalRequest, link: SupplyLink, stage: LinkStage) -> HttpResponse:
    """Show and save the form of a stage; the link follows its latest one."""
    is_new = stage.pk is None
    form = LinkStageForm(request.POST or None, instance=stage)
    here = f"{link.get_absolute_url()}#history"
    context = {"record": link, "title": _("Stage reached"), "cancel_url": here}
    return edit_record(
        request,
        form,
        template="record_form.html",
        context=context,
        success_url=lambda _stage: here,
        after=(lambda _stage: services.settle_stage(link, by=request.user)) if is_new else None,
    )


@require_http_methods(["GET", "POST"])
@requires("record.write")
def stage_archive(request: PortalRequest, pk: int, stage_pk: int) -> HttpResponse:
    """Take a stage that never was out of the history, with a reason."""
    link = get_object_or_404(SupplyLink.objects.active(), pk=pk)
    stage = get_object_or_404(link.stages.active(), pk=stage_pk)
    return archive_record(request, stage, success_url=f"{link.get_absolute_url()}#history")


@require_http_methods(["GET", "POST"])
@requires("record.write")
def evidence_new(request: PortalRequest, pk: int) -> HttpResponse:
    """Add a file or a link that shows the link is real."""
    link = get_object_or_404(SupplyLink.objects.active().select_related("buyer", "supplier"), pk=pk)
    form = DocumentForm(request.POST or None, request.FILES or None, instance=Document(is_demo=link.is_demo))
    here = f"{link.get_absolute_url()}#evidence"
    context = {"record": link, "title": _("Add evidence"), "cancel_url": here}
    return edit_record(
        request,
        form,
        template="record_form.html",
        context=context,
        success_url=lambda _document: here,
        after=lambda document: services.add_evidence(link=link, document=document, by=request.user),
    )


@require_POST
@requires("link.verify")
def link_verify(request: PortalRequest, pk: int) -> HttpResponse:
    """Confirm as a second person that a link is as the ledger says."""
    link = get_object_or_404(SupplyLink.objects.active(), pk=pk)
    version = key_in(request.POST.get("version", ""))
    if not version:
        raise BadRequest("version")
    try:
        with writing("enterprises"):
            services.verify_link(link=link, by=request.user, expected=version)
        messages.success(request, _("Verified: the link is as the ledger says."))
    except StaleRecord:
        messages.warning(request, _("Somebody changed this link after you opened it. Look at it once more."))
    except services.NotSecond as refusal:
        messages.warning(request, str(refusal))
    return HttpResponseRedirect(link.get_absolute_url())
