"""From an input that is bought abroad to the local firms that make it, or nearly make it."""

from functools import cache

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from capred_portal.access import requires
from capred_portal.caching import cached_part
from capred_portal.exports import export_response
from capred_portal.file_notes import notes_for
from capred_portal.htmx import PortalRequest, wants_fragment
from enterprises.models import SizeDefinition
from indicators.forms.suppliers import GROUPS, SupplierForm, code_asked
from indicators.inputs.suppliers_imports import imports_parts
from indicators.inputs.suppliers_page import exported, supplier_parts


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def supplier_list(request: PortalRequest) -> HttpResponse:
    """Who makes an input here, who nearly does and why; without an input, where to take one from."""
    parts = cache(lambda: supplier_parts(request.GET, request.user))
    asked = sorted(request.GET.lists())
    rows = cached_part(request, "suppliers/_rows.html", parts, asked)
    if wants_fragment(request):
        return HttpResponse(rows)
    question = cached_part(request, "suppliers/_question.html", parts, asked)
    return render(request, "suppliers/list.html", {"question": question, "rows": rows})


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def supplier_imports(request: PortalRequest) -> HttpResponse:
    """What is bought abroad of an HS code: a page of its own, and the fragment the page of suppliers asks for."""
    code = code_asked(request.GET.get("hs", ""))
    imports = cached_part(request, "suppliers/_imports.html", lambda: imports_parts(code), code)
    if wants_fragment(request):
        return HttpResponse(imports)
    return render(request, "suppliers/imports.html", {"code": code, "imports": imports})


@require_safe
@requires("page.read")
def supplier_export(request: PortalRequest, format_name: str) -> HttpResponseBase:
    """The firms found as a file, all that are ranked, with their reasons; nothing is found without an input."""
    form = SupplierForm(request.GET, user=request.user)
    names = [
        *(_("Group"), _("Enterprise"), _("Sector"), _("Province"), _("Size class"), _("Why"), _("Points")),
        *(_("Links already"), _("Demonstration row")),
    ]
    groups = {group: str(words) for group, words in GROUPS}
    sizes = {value: str(label) for value, label in SizeDefinition.SizeClass.choices}
    rows = list(exported(form, groups, sizes))  # while the reader's language holds
    notes = notes_for(request.user, _("Suppliers of an input"), filters=form)
    return export_response(format_name, "suppliers", names, rows, notes=notes)
