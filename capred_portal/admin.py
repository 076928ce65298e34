"""The admin of people with accounts, organisations, documents, comments, loads and sign-ins."""

from typing import Any

from axes.models import AccessAttempt, AccessLog
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from capred_portal.models import Comment, Document, Load, Mail, Match, Merge, Organisation, ScheduledJob, User
from capred_portal.record_admin import PortalAdmin, RecordAdmin
from capred_portal.uploads import DocumentField

admin.site.unregister(Group)


class NewAccountForm(AdminUserCreationForm):
    """A new account; the page itself puts the cursor in its first field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["username"].widget.attrs["autofocus"]


class AccountForm(UserChangeForm):
    """An account; the last administrator cannot leave by accident."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        stays = cleaned.get("is_active") and cleaned.get("role") == User.Role.ADMIN
        others = User.objects.filter(is_active=True, role=User.Role.ADMIN).exclude(pk=self.instance.pk)
        was_admin = User.objects.filter(pk=self.instance.pk, is_active=True, role=User.Role.ADMIN).exists()
        if was_admin and not stays and not others.exists():
            self.add_error("role", _("This is the last administrator. Make somebody else one first."))
        return cleaned


@admin.register(User)
class UserAdmin(PortalAdmin, DjangoUserAdmin):
    """Accounts: the role says everything; there are no other flags. Leavers are made inactive."""

    form = AccountForm
    add_form = NewAccountForm
    list_display = ["username", "full_name_en", "full_name_km", "role", "organisation", "is_active", "last_login"]
    list_filter = ["role", "is_active", "language"]
    list_select_related = ["organisation"]
    search_fields = ["username", "full_name_en", "full_name_km", "email"]
    ordering = ["username"]
    filter_horizontal = ()
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["full_name_en", "full_name_km", "email", "organisation", "language"]}),
        (_("Access"), {"fields": ["role", "is_active", "last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"fields": ["username", "usable_password", "password1", "password2", "role", "email"]})]


@admin.register(Organisation)
class OrganisationAdmin(RecordAdmin):
    """Organisations by name and kind."""

    pairs = ("name",)
    list_display = ["__str__", "name_km", "acronym", "kind"]
    list_filter = ["kind"]
    search_fields = ["search_key"]


@admin.register(Document)
class DocumentAdmin(RecordAdmin):
    """Files and links."""

    pairs = ("title",)
    list_display = ["__str__", "file", "link", "created_at"]
    search_fields = ["title_en", "title_km", "link"]
    date_hierarchy = "created_at"
    formfield_overrides = {models.FileField: {"form_class": DocumentField}}


@admin.register(Comment)
class CommentAdmin(RecordAdmin):
    """Questions, answers and remarks, for taking out what should not stand."""

    parents = ("thread", "answers")
    list_display = ["__str__", "kind", "created_by", "created_at"]
    list_filter = ["kind"]
    list_select_related = ["created_by"]
    search_fields = ["text"]
    date_hierarchy = "created_at"
    readonly_fields = ["kind"]


class ReadOnlyAdmin(PortalAdmin):
    """Rows the portal writes by itself: to look at."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Load)
class LoadAdmin(ReadOnlyAdmin):
    """Spreadsheets that were loaded, and by whom."""

    list_display = ["file_name", "kind", "state", "created_by", "created_at"]
    list_filter = ["kind", "state"]
    list_select_related = ["created_by"]
    search_fields = ["file_name"]
    date_hierarchy = "created_at"


@admin.register(Match)
class MatchAdmin(ReadOnlyAdmin):
    """Pairs that may be the same, and what was decided about them in the portal."""

    list_display = ["__str__", "grade", "score", "decision", "decided_by", "decided_at"]
    list_filter = ["kind", "grade", "decision"]
    list_select_related = ["decided_by"]
    search_fields = ["=first", "=second"]


@admin.register(Merge)
class MergeAdmin(ReadOnlyAdmin):
    """Records taken into others; they are taken apart in the portal."""

    list_display = ["__str__", "merged_by", "merged_at", "undone_by", "undone_at"]
    list_filter = ["kind"]
    list_select_related = ["merged_by", "undone_by"]
    search_fields = ["=kept", "=merged"]
    date_hierarchy = "merged_at"


@admin.register(Mail)
class MailAdmin(ReadOnlyAdmin):
    """Mails waiting, sent and given up; their texts are for their readers."""

    list_display = ["created_at", "kind", "address", "subject", "attempts", "sent_at", "given_up_at", "problem"]
    list_filter = ["kind", ("sent_at", admin.EmptyFieldListFilter), ("given_up_at", admin.EmptyFieldListFilter)]
    search_fields = ["address", "subject"]
    date_hierarchy = "created_at"
    fields = ["kind", "address", "subject", "attempts", "created_at", "sent_at", "given_up_at", "problem"]


@admin.register(ScheduledJob)
class ScheduledJobAdmin(ReadOnlyAdmin):
    """Work by the clock: when it is next, and how it last ended."""

    list_display = ["name", "next_at", "succeeded_at", "failed_at", "problem"]


@admin.register(AccessAttempt)
class AccessAttemptAdmin(ReadOnlyAdmin):
    """Bad passwords, by user and address; deleting a row lets its user try again at once."""

    list_display = ["username", "ip_address", "failures_since_start", "attempt_time"]
    search_fields = ["username", "ip_address"]
    date_hierarchy = "attempt_time"
    fields = ["username", "ip_address", "failures_since_start", "attempt_time", "user_agent"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


@admin.register(AccessLog)
class AccessLogAdmin(ReadOnlyAdmin):
    """Who signed in, when and from where."""

    list_display = ["username", "ip_address", "attempt_time", "logout_time"]
    search_fields = ["username", "ip_address"]
    date_hierarchy = "attempt_time"
    fields = ["username", "ip_address", "attempt_time", "logout_time", "user_agent"]
