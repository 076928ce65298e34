"""The scenario desk: compute from the address, keep, compare, take away."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from capred_portal.access import requires
from capred_portal.caching import cached_part, cached_value
from capred_portal.editing import archive_record, edit_record
from capred_portal.exports import export_response
from capred_portal.file_notes import notes_for
from capred_portal.htmx import PortalRequest
from capred_portal.listing import list_page
from indicators.analytics.accounts import DoesNotConverge
from indicators.forms.scenarios import DeskForm, ScenarioForm, question_of
from indicators.inputs.scenario_desk import (
    asked_in,
    chosen,
    compared_parts,
    kept,
    kept_lines,
    keys_asked,
    result_parts,
    start_links,
)
from indicators.inputs.scenario_files import file_header, file_rows
from indicators.inputs.scenario_questions import MOST_LINES, Question, address_of_form, is_form
from indicators.inputs.scenarios import problems_of, result_of
from indicators.inputs.tables import sector_titles, table_asked
from indicators.inputs.tables_kept import tables_kept
from indicators.models import InputOutputTable, Scenario


@require_safe
@requires("page.read")
def desk(request: PortalRequest) -> HttpResponse:
    """Put a question to a table: everything is in the address; a form that is sent becomes one."""
    if is_form(request.GET):
        part = "desk" if {"add", "remove"} & set(request.GET) else "result"
        return HttpResponseRedirect(f"{request.path}?{address_of_form(request.GET)}#{part}")
    tables = tables_kept(request)
    table = table_asked(request.GET, tables)
    context: dict[str, Any] = {"tables": tables, "table": table}
    if table is not None:
        context |= desk_parts(request, table)
    return render(request, "scenarios/desk.html", context)


def desk_parts(request: PortalRequest, table: InputOutputTable) -> dict[str, Any]:
    """Return the form of the desk, and the result where nothing is wrong with the question."""
    form = DeskForm(request.GET, cached_value(request, lambda: sector_titles(table), "sectors of", table.pk))
    if question := form.question:
        asked = question
        form.refuse(cached_value(request, lambda: problems_of(table, asked), "problems", table.pk, asked))
    question = form.question
    kept_one = next(iter(chosen(keys_asked(request.GET.getlist("kept")))), None)
    return {
        "form": form,
        "asked": question_part(request, table, form, kept_one),
        "question": question,
        "query": question.query(table.pk) if question else "",
        "result": result_part(request, table, question) if question else "",
        "kept": kept_one,
    }


def question_part(request: PortalRequest, table: InputOutputTable, form: DeskForm, kept_one: Scenario | None) -> str:
    """Return the rendered form of the desk, kept only where nothing that was typed is wrong."""
    context = {"table": table, "form": form, "kept": kept_one, "most": MOST_LINES}
    template = "scenarios/_question.html"
    if not form.is_valid:
        return render_to_string(template, context, request)
    about = (table.pk, form.state, kept_one and kept_one.pk)
    return cached_part(request, template, lambda: context, "question", *about)


def result_part(request: PortalRequest, table: InputOutputTable, question: Question) -> str:
    """Return the rendered result of a question, kept under the checked question and nothing that was typed."""
    return cached_part(
        request, "scenarios/_result.html", lambda: result_parts(table, question), "scenario", table.pk, question
    )


@require_safe
@requires("page.read")
def desk_export(request: PortalRequest, format_name: str) -> HttpResponseBase:
    """The result as a file, with what it asks and what it rests on."""
    table = table_asked(request.GET)
    question = question_of(table, request.GET) if table else None
    if table is None or not question or problems_of(table, question):
        raise Http404
    try:
        result = result_of(table, question)
    except DoesNotConverge as error:
        raise Http404 from error
    name = f"scenario-{table.economy}-{table.year}"
    notes = notes_for(request.user, _("Scenario"), source=table)
    return export_response(format_name, name, file_header(result), file_rows(result), notes=notes)


# Kept scenarios


@require_safe
@requires("page.read")
def scenario_list(request: PortalRequest) -> HttpResponse:
    """The scenarios that are kept, to open or to compare."""

    def parts() -> dict[str, Any]:
        page = list_page(request, kept())
        return {**page, "rows": kept_lines(page["page_obj"])}

    rows = cached_part(request, "scenarios/_rows.html", parts, "scenarios", request.GET.get("page", "")[:9])
    return render(request, "scenarios/list.html", {"rows": rows})


@require_safe
@requires("page.read")
def scenario_detail(request: PortalRequest, key: str) -> HttpResponse:
    """One kept scenario: what it asks, what it brings, what it rests on."""
    scenario = get_object_or_404(kept(), key=key)
    question = Question.kept(scenario)
    context = {
        "scenario": scenario,
        "table": scenario.table,
        "query": question.query(scenario.table_id),
        "result": result_part(request, scenario.table, question),
        "links": start_links(scenario, request.build_absolute_uri(scenario.get_absolute_url())),
    }
    return render(request, "scenarios/detail.html", context)


@require_safe
@requires("page.read")
def scenario_compare(request: PortalRequest) -> HttpResponse:
    """Two to four kept scenarios of one table, side by side."""
    scenarios = chosen(keys_asked(request.GET.getlist("key")))
    about = [scenario.pk for scenario in scenarios]
    compared = cached_part(request, "scenarios/_compared.html", lambda: compared_parts(scenarios), "compared", *about)
    return render(request, "scenarios/compare.html", {"compared": compared})


def scenario_page(request: PortalRequest, scenario: Scenario, query: str, context: dict[str, Any]) -> HttpResponse:
    """Show and save the words under which a question is kept."""
    form = ScenarioForm(request.POST or None, instance=scenario, initial={"question": query} if query else {})
    context = context | {"asked": asked_in(str(form["question"].value() or ""))}
    return edit_record(
        request, form, template="scenarios/form.html", context=context, success_url=Scenario.get_absolute_url
    )


@require_http_methods(["GET", "POST"])
@requires("scenario.write")
def scenario_new(request: PortalRequest) -> HttpResponse:
    """Keep what the desk computed: a title, a note."""
    query = request.META["QUERY_STRING"]
    cancel = f"{reverse('scenarios:desk')}?{query}"
    context = {"title": _("Keep the scenario"), "record": _("Scenario desk"), "cancel_url": cancel}
    return scenario_page(request, Scenario(), query, context)


@require_http_methods(["GET", "POST"])
@requires("scenario.write")
def scenario_edit(request: PortalRequest, key: str) -> HttpResponse:
    """Change the words of a kept scenario, and what it asks where the address brings another question."""
    scenario = get_object_or_404(kept(), key=key)
    query = request.META["QUERY_STRING"]
    context = {"title": _("Edit the scenario"), "record": scenario, "cancel_url": scenario.get_absolute_url()}
    return scenario_page(request, scenario, query, context)


@require_http_methods(["GET", "POST"])
@requires("scenario.write")
def scenario_archive(request: PortalRequest, key: str) -> HttpResponse:
    """Take a kept scenario off the list, with a reason."""
    scenario = get_object_or_404(kept(), key=key)
    return archive_record(request, scenario, success_url=reverse("scenarios:list"))
