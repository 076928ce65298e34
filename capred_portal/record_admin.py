"""PortalAdmin and RecordAdmin, the bases of every admin class: the checks of the portal's own forms, in the admin."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import widgets
from django.contrib.admin.options import TO_FIELD_VAR
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from simple_history.admin import SimpleHistoryAdmin

from capred_portal.editing import Creation, archive_record, clash_message, create_record, show_conflict, update_record
from capred_portal.forms import RecordForm, formfield_for
from capred_portal.history import moment, timeline
from capred_portal.keys import RecordField, RecordsField
from capred_portal.records import Clash, Record, StaleRecord, writing
from capred_portal.restoring import Preview, erased_words, form_of_version, preview, restore_version, was_erased

RECORD_FIELDS = ("created_at", "created_by", "updated_at", "updated_by", "is_demo", "archived_at", "archive_reason")
WIDGETS: dict[type[models.Field], type[forms.Widget]] = {
    models.TextField: widgets.AdminTextareaWidget,
    models.URLField: widgets.AdminURLFieldWidget,
    models.EmailField: widgets.AdminEmailInputWidget,
    models.CharField: widgets.AdminTextInputWidget,
}
HIDDEN_FIELDS = ("creation_token", "version")


def number_in(text: str | None, otherwise: int) -> int:
    """Return the number a form sent; another where it sent none, and one that fits nothing where it makes no sense."""
    if text is None:
        return otherwise
    return int(text) if text.isdecimal() else 0


class AlreadySaved(Exception):
    """The same form was sent twice; carries the record the first one made."""

    def __init__(self, record: Record) -> None:
        super().__init__(record)
        self.record = record


class PortalAdmin(admin.ModelAdmin):
    """Search instead of long drop-downs, the portal's own form fields, the data version; nothing is deleted."""

    list_per_page = 50
    show_full_result_count = False
    save_on_top = True

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Raise the data version with every save."""
        if request.POST.get(TO_FIELD_VAR, request.GET.get(TO_FIELD_VAR)) == "":
            raise Http404(TO_FIELD_VAR)  # Django would look for a field without a name
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        with writing(self.opts.app_label):
            return super().changeform_view(request, object_id, form_url, extra_context)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Use the portal's fields for plain values, so that Khmer digits are understood here too."""
        if db_field.many_to_many or db_field.many_to_one:
            kwargs["form_class"] = RecordsField if db_field.many_to_many else RecordField
        if db_field.is_relation or db_field.choices or isinstance(db_field, models.FileField):
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        wide = [widget for kind, widget in WIDGETS.items() if isinstance(db_field, kind) and db_field.name != "phone"]
        if wide:
            kwargs["widget"] = wide[0]
        return formfield_for(db_field, **kwargs)

    def get_autocomplete_fields(self, request: HttpRequest) -> Any:
        """Search instead of a drop-down for every relation to a registered model that can be searched."""
        named = [*super().get_autocomplete_fields(request)]
        for field in self.opts.get_fields():
            if getattr(field, "editable", False) and (field.many_to_one or field.many_to_many):
                related: Any = self.admin_site._registry.get(field.related_model)  # type: ignore[arg-type]
                if related is not None and related.search_fields:
                    named.append(field.name)
        return tuple(dict.fromkeys(named))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show a code that is the primary key, but never let it change: that would make a second row."""
        named = [*super().get_readonly_fields(request, obj)]
        if obj is not None and not isinstance(self.opts.pk, models.AutoField):
            named.append(self.opts.pk.name)
        return named

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Search as the portal's lists do: whatever the script, case and spacing."""
        column = getattr(queryset, "search_field", "").split("__")[0]
        if column in {field.name for field in self.opts.get_fields()}:
            return queryset.search(search_term), False
        return super().get_search_results(request, queryset, search_term)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ArchivedFilter(admin.SimpleListFilter):
    """Rows in use, or archived ones."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("active", _("In use")), ("archived", _("Archived")), ("demo", _("Demonstration"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "active":
            return queryset.filter(archived_at=None)
        if self.value() == "archived":
            return queryset.exclude(archived_at=None)
        return queryset.filter(is_demo=True) if self.value() == "demo" else queryset


class RecordAdmin(PortalAdmin, SimpleHistoryAdmin):
    """Admin of a record: nothing is written over unseen, archiving asks why, history is read and not reverted."""

    form = RecordForm
    pairs: tuple[str, ...] = ()  # names of which the _en or the _km field must be filled
    parents: tuple[str, ...] = ()  # what the record hangs on: shown, set where it is made
    change_form_template = "admin/record_change_form.html"

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show both sides of a stale save, and lead a form sent twice to its record."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except StaleRecord as stale:
            return show_conflict(request, stale.form)  # type: ignore[arg-type, attr-defined]
        except AlreadySaved as already:
            messages.info(request, _("This was already saved; here it is."))
            return HttpResponseRedirect(self.page_of(already.record))
        except Clash as clash:
            messages.error(request, str(clash))
            return HttpResponseRedirect(request.get_full_path())

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Carry the hidden field of the form: the token of a new record, the version of an old one."""
        fieldsets: list[tuple[Any, Any]] = [(name, {**rest}) for name, rest in super().get_fieldsets(request, obj)]
        hidden = "version" if obj else "creation_token"
        for _name, options in fieldsets:
            options["fields"] = [field for field in options["fields"] if field not in HIDDEN_FIELDS]
        fieldsets[0][1]["fields"] = [*fieldsets[0][1]["fields"], hidden]
        return fieldsets

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Build the form without the hidden fields, which it declares itself."""
        fields = kwargs.pop("fields") if "fields" in kwargs else flatten_fieldsets(self.get_fieldsets(request, obj))
        if fields is not None:
            fields = [name for name in fields if name not in HIDDEN_FIELDS]
        form: Any = super().get_form(request, obj, change, fields=fields, **kwargs)
        form.pairs = self.pairs
        return form

    def get_list_display(self, request: HttpRequest) -> Any:
        return [*super().get_list_display(request), "standing"]

    def get_list_filter(self, request: HttpRequest) -> Any:
        return [ArchivedFilter, *super().get_list_filter(request)]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*self.parents, *super().get_readonly_fields(request, obj), *(RECORD_FIELDS if obj else ())]

    def get_urls(self) -> Any:
        """Add the pages that archive a record, bring it back, and restore a version of it."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        pages = [
            path("<int:pk>/archive/", self.admin_site.admin_view(self.archive_view), name=f"{name}_archive"),
            path("<int:pk>/restore/", self.admin_site.admin_view(self.restore_view), name=f"{name}_restore"),
            path(
                "<int:pk>/history/<int:version>/restore/",
                self.admin_site.admin_view(self.version_view),
                name=f"{name}_restore_version",
            ),
        ]
        return pages + super().get_urls()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Parts of something are added on its page, where it is clear what they belong to."""
        return not self.parents and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Keep an archived record as it is until it is brought back."""
        return not (obj and obj.is_archived) and super().has_change_permission(request, obj)

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Show an old version; a correction is a new version, so nothing is sent back from here."""
        if request.method == "POST":
            raise PermissionDenied
        response: HttpResponse = super().history_form_view(request, object_id, version_id, extra_context)
        return response

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Tell in plain words what happened, with the way to each version that can be restored."""
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404(object_id)
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %(record)s") % {"record": record},
            "module_name": capfirst(str(self.opts.verbose_name_plural)),
            "opts": self.opts,
            "object": record,
            "timeline": timeline(record, moment(request.GET.get("before", ""))),
            "why_kept": self.why_kept(request, record),
            **(extra_context or {}),
        }
        return render(request, "simple_history/object_history.html", context)

    def page_of(self, record: Record, page: str = "change") -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=[record.pk])

    def revert_disabled(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def save_model(self, request: Any, obj: Any, form: forms.ModelForm, change: bool) -> None:
        """Save through the portal's own two ways: once per token, never over somebody else's change."""
        if not change:
            record, creation = create_record(form, by=request.user)
            if creation is Creation.ALREADY:
                raise AlreadySaved(record)
            return
        try:
            update_record(form, by=request.user)
        except StaleRecord as stale:
            stale.form = form  # type: ignore[attr-defined]
            raise

    @admin.display(description=gettext_lazy("state"))
    def standing(self, record: Record) -> str:
        """Say what is not plain about a row."""
        if record.is_archived:
            return _("Archived")
        return _("Demonstration") if record.is_demo else ""

    # Earlier versions

    def why_not_restored(self, record: Any) -> str:
        """Return why no version of the record can be restored, such as a signature; for classes to say."""
        return ""

    def why_kept(self, request: HttpRequest, record: Any) -> str:
        """Return why the record stays as it is, or nothing where earlier versions can be restored."""
        if record.is_archived:
            return _("This record is archived. Bring it back first.")
        if was_erased(record):
            return erased_words()
        if words := self.why_not_restored(record):
            return words
        if not self.has_change_permission(request, record):
            return _("Records like this one change only through steps of their own: no version can be restored.")
        return ""

    def version_view(self, request: Any, pk: int, version: int) -> HttpResponse:
        """Show what restoring a version would change; then make it the next version."""
        rows = self.model._default_manager
        record: Any = get_object_or_404(rows, pk=pk)
        if (row := record.as_of_version(version)) is None:
            raise Http404(version)
        context: dict[str, Any] = {"version": version, "cancel_url": self.page_of(record, "history")}
        if words := self.why_kept(request, record):
            return render(request, "history/restore.html", context | {"record": record, "problem": words}, status=403)
        expected = number_in(request.POST.get("version"), record.version)
        form = form_of_version(self.get_form(request, record, change=True), record, row, expected=expected)
        found, problem, status = preview(form, rows.get(pk=pk), row), "", 200
        if request.method == "POST":
            problem, status = self.restore_posted(request, form, found, version)
            if not status:
                return HttpResponseRedirect(context["cancel_url"])
        stored = rows.get(pk=pk)  # the form has filled its own copy
        found = preview(form, stored, row) if status == 409 else found
        context |= {"record": stored, "problem": problem, "preview": found}
        return render(request, "history/restore.html", context, status=status)

    def restore_posted(self, request: Any, form: Any, found: Preview, version: int) -> tuple[str, int]:
        """Restore what was confirmed; return why not and the status of the answer, or nothing and 0."""
        if not found.is_possible or not form.is_valid():
            return "", 422
        try:
            saved = restore_version(form, version=version, by=request.user)
        except StaleRecord:
            return _("Somebody changed this record after you opened it. Look at it once more."), 409
        except IntegrityError as error:
            return clash_message(form.instance, error), 409
        said = _("Version %(old)s is restored, as version %(new)s.") % {"old": version, "new": saved.version}
        messages.success(request, said)
        return "", 0

    # Archiving and bringing back

    def archive_view(self, request: Any, pk: int) -> HttpResponse:
        """Ask why, then archive."""
        record = get_object_or_404(self.model._default_manager.filter(archived_at=None), pk=pk)
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        return archive_record(request, record, success_url=self.page_of(record))

    def restore_view(self, request: Any, pk: int) -> HttpResponse:
        """Show why it was archived, then bring it back."""
        record: Any = get_object_or_404(self.model._default_manager.exclude(archived_at=None), pk=pk)
        problem = ""
        if request.method == "POST":
            try:
                record.version = int(request.POST.get("version") or 0)
                with writing(self.opts.app_label):
                    record.restore(by=request.user)
                messages.success(request, _("Brought back."))
                return HttpResponseRedirect(self.page_of(record))
            except (StaleRecord, ValueError):
                problem = _("Somebody changed this record after you opened it. Look at it once more.")
            except IntegrityError as error:
                problem = clash_message(record, error)
            record.refresh_from_db()
        context = {"record": record, "problem": problem, "cancel_url": self.page_of(record)}
        return render(request, "record_restore.html", context, status=422 if problem else 200)
