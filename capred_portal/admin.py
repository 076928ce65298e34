"""The admin of people with accounts, organisations, documents, comments, loads and sign-ins."""

from typing import Any

from axes.models import AccessAttempt, AccessLog
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django_otp.plugins.otp_static.admin import StaticDevice
from django_otp.plugins.otp_totp.admin import TOTPDevice

from capred_portal import one_time_codes
from capred_portal.forms import GivenPasswordForm
from capred_portal.models import (
    Comment,
    Document,
    Erasure,
    Load,
    Mail,
    Match,
    Merge,
    Organisation,
    PrivacyNotice,
    ScheduledJob,
    User,
)
from capred_portal.record_admin import PortalAdmin, RecordAdmin
from capred_portal.uploads import DocumentField
from capred_portal.user_erasure import note_former_names

admin.site.unregister([Group, StaticDevice, TOTPDevice])  # secrets of phones are nobody's to look at


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
    change_password_form = GivenPasswordForm
    add_form = NewAccountForm
    change_form_template = "admin/user_change_form.html"
    list_display = [
        *("username", "full_name_en", "full_name_km", "role", "organisation"),
        *("is_active", "one_time_codes", "last_login"),
    ]
    list_filter = ["role", "is_active", "language"]
    list_select_related = ["organisation"]
    search_fields = ["username", "full_name_en", "full_name_km", "email"]
    ordering = ["username"]
    filter_horizontal = ()
    readonly_fields = ["one_time_codes", "last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["full_name_en", "full_name_km", "email", "organisation", "language"]}),
        (_("Access"), {"fields": ["role", "is_active", "one_time_codes", "last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"fields": ["username", "usable_password", "password1", "password2", "role", "email"]})]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        phones = TOTPDevice.objects.filter(user=models.OuterRef("pk"), confirmed=True)
        people: models.QuerySet = super().get_queryset(request).annotate(has_codes=models.Exists(phones))
        return people

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        """Save an account; a name it loses stays known to its erasure."""
        names = [name for name in ("full_name_en", "full_name_km") if change and name in form.changed_data]
        note_former_names(obj, [form.initial[name] for name in names], by=request.user)
        super().save_model(request, obj, form, change)

    def get_urls(self) -> Any:
        """Add the page about somebody's one-time codes and sessions."""
        page = self.admin_site.admin_view(self.sign_in_view)
        return [path("<int:pk>/sign-in/", page, name="capred_portal_user_sign_in"), *super().get_urls()]

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:  # noqa: A002  Django's name
        """Set somebody's password; one's own is changed where the old one is asked."""
        if self.get_object(request, unquote(id)) == request.user:
            return HttpResponseRedirect(reverse("password_change"))
        return super().user_change_password(request, id, form_url)

    @admin.display(description=_("one-time codes"), boolean=True, ordering="has_codes")
    def one_time_codes(self, user: Any) -> bool:
        return bool(user.has_codes)

    def sign_in_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show how somebody signs in; take their one-time codes away, or sign them out everywhere."""
        if pk == request.user.pk:
            return HttpResponseRedirect(reverse("account"))
        person = get_object_or_404(self.get_queryset(request), pk=pk)
        page = reverse("admin:capred_portal_user_change", args=[pk])
        if request.method != "POST":
            needs_codes = one_time_codes.must_use(person)
            return render(request, "account/sign_in.html", {"person": person, "needs": needs_codes, "page": page})
        said = _("Signed out everywhere.")
        if "codes" in request.POST:
            one_time_codes.take_away(person)
            said = _("One-time codes taken away; signed out everywhere.")
        person.end_sessions()
        with override("en"):
            self.log_change(request, person, str(said))
        messages.success(request, f"{person}: {said}")
        return HttpResponseRedirect(page)


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


@admin.register(PrivacyNotice)
class PrivacyNoticeAdmin(RecordAdmin):
    """Notices on personal data; people gave their consent under one that has begun, so another follows it."""

    pairs = ("text",)
    list_display = ["__str__", "in_force_from"]
    search_fields = ["text_en", "text_km"]
    date_hierarchy = "in_force_from"

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.pairs = () if has_begun(obj) else self.pairs
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Leave the words of a notice in force as people read them."""
        begun = ["text_en", "text_km", "in_force_from"] if has_begun(obj) else []
        return [*begun, *super().get_readonly_fields(request, obj)]


def has_begun(notice: PrivacyNotice | None) -> bool:
    return notice is not None and notice.in_force_from <= timezone.localdate()


@admin.register(Erasure)
class ErasureAdmin(ReadOnlyAdmin):
    """Whose personal data was erased, by number, when and why."""

    list_display = ["__str__", "reason", "erased_at", "erased_by"]
    list_filter = ["kind"]
    list_select_related = ["erased_by"]
    search_fields = ["=number", "reason"]
    date_hierarchy = "erased_at"


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
