"""PortalAdmin, the base of every admin class, and the admin of people, organisations and comments."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from capred_portal.forms import formfield_for
from capred_portal.models import Comment, Document, Load, Organisation, Thread, User
from capred_portal.records import StaleRecord, writing

admin.site.unregister(Group)

RECORD_FIELDS = ("created_at", "created_by", "updated_at", "updated_by", "version", "is_demo", "archived_at")


class PortalAdmin(SimpleHistoryAdmin):
    """Admin of a record: history, versions, search instead of long drop-downs, archiving instead of deleting."""

    list_per_page = 50
    show_full_result_count = False
    actions = None
    save_on_top = True

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        """Use the portal's fields for plain values, so that Khmer digits are understood here too."""
        if db_field.is_relation or db_field.choices:
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        return formfield_for(db_field, **kwargs)

    def get_autocomplete_fields(self, request: HttpRequest) -> Any:
        """Search instead of a drop-down for every relation to a registered model that can be searched."""
        named = [*super().get_autocomplete_fields(request)]
        for field in self.model._meta.get_fields():
            if getattr(field, "editable", False) and (field.many_to_one or field.many_to_many):
                related = self.admin_site._registry.get(field.related_model)
                if related is not None and related.search_fields:
                    named.append(field.name)
        return tuple(dict.fromkeys(named))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        known = {field.name for field in self.model._meta.get_fields()}
        return [
            *super().get_readonly_fields(request, obj),
            *(name for name in RECORD_FIELDS if name in known),
        ]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """Raise the data version with every save, and refuse to write over somebody else's change."""
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        try:
            with writing(self.opts.app_label):
                return super().changeform_view(request, object_id, form_url, extra_context)
        except StaleRecord:
            messages.error(
                request,
                _(
                    "Somebody saved this record after you opened it. "
                    "Look at the new version and make your change again."
                ),
            )
            request.method = "GET"
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        if not hasattr(obj, "save_version"):
            super().save_model(request, obj, form, change)
        elif change:
            obj.save_version(by=request.user, expected=int(form.data.get("version", obj.version)))
        else:
            obj.created_by = obj.updated_by = request.user
            super().save_model(request, obj, form, change)


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """Accounts: the role says everything; there are no other flags."""

    form = UserChangeForm
    add_form = AdminUserCreationForm
    list_display = [
        "username",
        "full_name_en",
        "full_name_km",
        "role",
        "organisation",
        "is_active",
        "last_login",
    ]
    list_filter = ["role", "is_active", "language"]
    search_fields = ["username", "full_name_en", "full_name_km", "email"]
    autocomplete_fields = ["organisation"]
    ordering = ["username"]
    filter_horizontal = ()
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["full_name_en", "full_name_km", "email", "organisation", "language"]}),
        (_("Access"), {"fields": ["role", "is_active", "last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"fields": ["username", "usable_password", "password1", "password2", "role", "email"]})]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Organisation)
class OrganisationAdmin(PortalAdmin):
    """Organisations by name and kind."""

    list_display = ["name_en", "name_km", "acronym", "kind", "is_demo"]
    list_filter = ["kind", "is_demo"]
    search_fields = ["search_key", "name_en", "name_km", "acronym"]


@admin.register(Document)
class DocumentAdmin(PortalAdmin):
    """Files and links."""

    list_display = ["__str__", "file", "link", "created_at"]
    search_fields = ["title_en", "title_km", "link"]


class CommentInline(admin.TabularInline):
    """The comments of a thread."""

    model = Comment
    fields = ["kind", "text", "created_by", "created_at"]
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Thread)
class ThreadAdmin(PortalAdmin):
    """Threads with their comments."""

    list_display = ["__str__", "created_at"]
    inlines = [CommentInline]


@admin.register(Comment)
class CommentAdmin(PortalAdmin):
    """Questions, answers and remarks."""

    list_display = ["__str__", "kind", "created_by", "created_at"]
    list_filter = ["kind"]
    search_fields = ["text"]


@admin.register(Load)
class LoadAdmin(PortalAdmin):
    """Spreadsheets that were loaded."""

    list_display = ["file_name", "kind", "state", "created_by", "created_at"]
    list_filter = ["kind", "state"]
    search_fields = ["file_name"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
