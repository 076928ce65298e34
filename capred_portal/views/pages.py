"""Pages all apps share: language, about, methods, a figure's permanent page, documents, errors."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers
from django.views.i18n import set_language

from capred_portal import access, facts, uploads
from capred_portal.access import requires, role_of
from capred_portal.caching import cached_part
from capred_portal.figure_files import figure_response, narrowed_by
from capred_portal.figures import BREAKDOWNS, REGISTRY, TOTAL, Definition, Scope
from capred_portal.htmx import PortalRequest, wants_fragment
from capred_portal.methods import CHAPTERS, method_parts
from capred_portal.models import Document, Organisation, User


@require_POST
def switch_language(request: PortalRequest) -> HttpResponse:
    """Switch the language of the session and remember it for the account."""
    response = set_language(request)
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in User.Language.values:
        User.objects.filter(pk=request.user.pk).update(language=language)
    return response


@require_safe
def about(request: PortalRequest) -> HttpResponse:
    """What the portal is, where its facts come from, and whom to ask."""
    contacts = Organisation.objects.active().exclude(media_email="")
    return render(request, "about.html", {"contacts": contacts})


@require_safe
@requires("page.read")
def methods(request: PortalRequest) -> HttpResponse:
    """Every rule in use, from the figures' own explanations and what each app adds to them."""
    return render(request, "methods.html", {"body": cached_part(request, "_methods.html", method_parts)})


@require_safe
@requires("page.read")
def method(request: PortalRequest, anchor: str) -> HttpResponse:
    """One chapter of the methods that stands apart because it is long."""
    found = CHAPTERS.get(anchor)
    if found is None or not found.apart:
        raise Http404(anchor)
    return render(request, "method.html", {"chapter": found, **found.context()})


@require_safe
@requires("page.read")
def wording(request: PortalRequest) -> HttpResponse:
    """The Khmer terms that are our own, beside the English, for MISTI to confirm, by source."""
    terms = [term for term in facts.read(facts.__file__, "glossary_km") if term["confidence"] == "general"]
    groups: dict[tuple[str, str], list[dict[str, str]]] = {}
    for term in sorted(terms, key=lambda term: term["en"].lower()):
        groups.setdefault((term["source"], term["edition"]), []).append(term)
    return render(request, "wording.html", {"groups": sorted(groups.items()), "count": len(terms)})


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def figure(request: PortalRequest, code: str) -> HttpResponse:
    """The permanent page of a figure; as a fragment, the "why this number?" panel."""
    definition, scope = asked_figure(request, code)
    about = (code, sorted(scope.params.items()))
    why = cached_part(request, "_why.html", lambda: explanation(definition, scope), *about)
    if wants_fragment(request):
        return HttpResponse(why)
    breakdowns = [(dimension, BREAKDOWNS[dimension]) for dimension in definition.by]
    context = {"definition": definition, "scope": scope, "breakdowns": breakdowns, "why": why}
    return render(request, "figure.html", context)


@require_safe
@requires("page.read")
def figure_file(request: PortalRequest, code: str, format_name: str) -> HttpResponseBase:
    """What the page of a figure shows, as a file: its total, then its parts."""
    definition, scope = asked_figure(request, code)
    return figure_response(definition, scope, format_name)


def asked_figure(request: PortalRequest, code: str) -> tuple[Definition, Scope]:
    """Return the figure an address names and the scope its parameters ask for, or raise Http404."""
    definition = REGISTRY.get(code)
    if definition is None:
        raise Http404(code)
    scope = definition.asked(role_of(request.user), request.GET)
    if scope.by and scope.by not in definition.by:
        raise Http404(scope.by)
    return definition, scope


def explanation(definition: Definition, scope: Scope) -> dict[str, Any]:
    """Return what the "why this number?" panel shows."""
    figures = definition.figures(scope)
    parts = [part for key, part in figures.items() if key != TOTAL]
    withholds = any(each.state == "withheld" for each in figures.values())
    return {
        "definition": definition,
        "narrowed_by": narrowed_by(definition, scope),
        "figure": figures[TOTAL],
        "parts": parts,
        "withholds": withholds,
    }


@require_safe
@requires("page.read")
def document(request: PortalRequest, pk: int) -> HttpResponseBase:
    """Send a kept file as a download, or go to the linked page, for those who see the record it belongs to."""
    found = get_object_or_404(Document.objects.active(), pk=pk)
    access.check(request.user, uploads.action_for(found))
    if found.link:
        return HttpResponseRedirect(found.link)
    try:
        return uploads.download(found)
    except FileNotFoundError:
        raise Http404(pk) from None


@require_safe
@requires("record.write")
def organisation_choices(request: PortalRequest) -> HttpResponse:
    """The names that match what is being typed, as options."""
    found = Organisation.objects.active().search(request.GET.get("q", ""))[:20]
    return render(request, "_choices.html", {"choices": [str(organisation) for organisation in found]})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request we cannot read."""
    return render(request, "400.html", status=400)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The wrong role: say so, and say who can."""
    roles = access.roles_for(exception.action) if isinstance(exception, access.Forbidden) else []
    names = [label for role, label in User.Role.choices if role in roles]
    return render(request, "403.html", {"roles": names}, status=403)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such page or record."""
    return render(request, "404.html", status=404)
