"""Pages of people and of everybody's attendances; without names for those who may not read them."""

from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from capred_portal import access
from capred_portal.access import requires
from capred_portal.caching import cached_part
from capred_portal.editing import archive_record, edit_record
from capred_portal.htmx import PortalRequest
from capred_portal.listing import list_page, list_response
from programs.filters.people import AttendanceFilter, AttendanceScopeFilter, PersonFilter
from programs.forms.people import PersonForm
from programs.models import Action, Attendance, Person, Workshop

HIDDEN = set(AttendanceFilter.base_filters) - set(AttendanceScopeFilter.base_filters) | set(PersonFilter.base_filters)


def counts_page(request: PortalRequest, title: Any, rows: Any, people: Any = None) -> HttpResponse:
    """Show how many of the rows each workshop has, newest first; and how many rows, or people, there are in all."""

    def counts_by_workshop() -> dict[str, Any]:
        page = list_page(request, Workshop.objects.filter(pk__in=rows.order_by().values("workshop")))
        shown = rows.filter(workshop__in=[workshop.pk for workshop in page["page_obj"]])
        counts = dict(shown.order_by().values_list("workshop").annotate(Count("pk")))
        return page | {"counts": counts, "rows_count": (rows if people is None else people).count(), "title": title}

    address = request.path, sorted(request.GET.lists())
    counts = cached_part(request, "people/_counts.html", counts_by_workshop, *address)
    return render(request, "people/counts.html", {"title": title, "counts": counts})


def check_no_hidden_filter(request: PortalRequest) -> None:
    """Refuse whoever may not read names but asks for people with certain answers."""
    if any(request.GET.get(name) for name in HIDDEN):
        access.check(request.user, "people.read")


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def people_list(request: PortalRequest) -> HttpResponse:
    """Everybody on record by name; as a number and counts by workshop for those who may not read names."""
    check_no_hidden_filter(request)
    people = Person.objects.active()
    if not access.may(request.user, "people.read"):
        return counts_page(request, _("People"), Attendance.objects.attended(), people)
    return list_response(request, "people/list.html", "people/_rows.html", people_rows, keep=False)


def people_rows(request: PortalRequest) -> dict[str, Any]:
    """Return one page of people with the number of workshops each came to."""
    filtered = PersonFilter(request.GET, Person.objects.active().select_related("organisation"))
    context = {"filter": filtered, **list_page(request, filtered.qs)}
    shown = Attendance.objects.attended().filter(person__in=[person.pk for person in context["page_obj"]])
    context["counts"] = dict(shown.order_by().values_list("person").annotate(Count("pk")))
    return context


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def attendance_list(request: PortalRequest) -> HttpResponse:
    """The attendances behind a figure; by workshop and without names for those who may not read them."""
    check_no_hidden_filter(request)
    if not access.may(request.user, "people.read"):
        rows = AttendanceScopeFilter(request.GET, Attendance.objects.listed()).qs
        return counts_page(request, _("Attendances"), rows)
    return list_response(request, "people/attendances.html", "people/_attendances.html", attendance_rows, keep=False)


def attendance_rows(request: PortalRequest) -> dict[str, Any]:
    """Return one page of attendances with names, those at the newest workshop first."""
    found = Attendance.objects.listed().select_related("person", "organisation", "workshop")
    filtered = AttendanceFilter(request.GET, found)
    rows = filtered.qs.order_by("-workshop__date", "-pk")
    return {"filter": filtered, **list_page(request, rows, keys_first=True)}


@require_safe
@requires("people.read")
def person_detail(request: PortalRequest, pk: int) -> HttpResponse:
    """One person: workshops, statements, actions."""
    person = get_object_or_404(Person.objects.select_related("organisation"), pk=pk)
    attendances = person.attendances.active().filter(workshop__archived_at=None)
    statements = person.statements.active().filter(workshop__archived_at=None)
    context = {
        "person": person,
        "attendances": attendances.select_related("workshop", "organisation").order_by("-workshop__date", "-pk"),
        "statements": statements.select_related("workshop").order_by("-workshop__date"),
        "actions": Action.objects.active().filter(owner_person=person),
    }
    return render(request, "people/detail.html", context)


@require_http_methods(["GET", "POST"])
@requires("record.write")
def person_edit(request: PortalRequest, pk: int) -> HttpResponse:
    """Change a person's names, organisation and contacts."""
    person = get_object_or_404(Person.objects.identified(), pk=pk)
    form = PersonForm(request.POST or None, instance=person)
    context = {"record": person, "title": _("Edit the person"), "cancel_url": person.get_absolute_url()}
    return edit_record(request, form, template="people/edit.html", context=context, success_url=Person.get_absolute_url)


@require_http_methods(["GET", "POST"])
@requires("record.write")
def person_archive(request: PortalRequest, pk: int) -> HttpResponse:
    """Take a person out of lists, with a reason; attendances stay."""
    person = get_object_or_404(Person.objects.identified(), pk=pk)
    return archive_record(request, person, success_url=person.get_absolute_url())
