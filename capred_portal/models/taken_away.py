"""What leaves the portal: keys for programs that read it, tables being written, reports frozen for others to see."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from capred_portal.languages import localized


class AccessTokenQuerySet(models.QuerySet["AccessToken"]):
    """Keys by whether they still open anything."""

    def valid(self) -> "AccessTokenQuerySet":
        return self.filter(revoked_at=None, expires_at__gt=timezone.now(), user__is_active=True)


class AccessToken(models.Model):
    """A key with which a program reads for a user: the interface for machines, or the calendar of workshops."""

    class Scope(models.TextChoices):
        FIGURES = "figures", _("Figures and indicators")
        RECORDS = "records", _("Records: programs, workshops, firms and what hangs on them")
        PEOPLE = "people", _("Names and contacts of people, where the role may read them")
        CALENDAR = "calendar", _("The calendar of workshops")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="access_tokens", verbose_name=_("user")
    )
    label = models.CharField(_("what it is for"), max_length=100)
    scopes = models.JSONField(_("what it opens"), default=list)
    digest = models.CharField(max_length=64, unique=True, editable=False)  # SHA-256: the key itself is shown once
    beginning = models.CharField(_("begins with"), max_length=8, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("valid until"))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)

    objects = AccessTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("access key")
        verbose_name_plural = _("access keys")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="access_token_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.beginning}…)"

    @property
    def is_valid(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()


class Export(models.Model):
    """A table too long to be written while somebody waits: asked for, written by the worker, then fetched."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("export", "Waiting")
        WRITING = "writing", pgettext_lazy("export", "Being written")
        READY = "ready", pgettext_lazy("export", "Ready")
        FAILED = "failed", pgettext_lazy("export", "Failed")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="exports", verbose_name=_("user"))
    table = models.SlugField(_("table"), max_length=40)
    params = models.JSONField(_("filters"), default=dict)
    format = models.CharField(_("format"), max_length=4)
    language = models.CharField(_("language"), max_length=2)
    role = models.CharField(max_length=10)  # of the user when it was asked for: with another one it is refused
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    rows_count = models.PositiveIntegerField(_("rows"), null=True)
    file = models.FileField(_("file"), upload_to="exports/%Y/", blank=True)
    problem = models.CharField(_("problem"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(state="ready") & ~Q(file="") & Q(rows_count__isnull=False))
                | (~Q(state="ready") & Q(file="")),
                name="export_ready_with_its_file",
            ),
            models.CheckConstraint(
                condition=(Q(state="failed") & ~Q(problem="")) | (~Q(state="failed") & Q(problem="")),
                name="export_failed_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "writing"), finished_at=None)
                | Q(state__in=("ready", "failed"), finished_at__isnull=False),
                name="export_ended_at_some_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table}.{self.format}"


class Report(models.Model):
    """A report frozen as it was on a day, so that people without an account see what was handed out."""

    kind = models.SlugField(_("kind"), max_length=20)
    params = models.JSONField(_("about"), default=dict)  # the query it was made from: program, period, workshop
    language = models.CharField(_("language"), max_length=4)  # en, km or both
    title_en = models.CharField(_("title in English"), max_length=300)
    title_km = models.CharField(_("title in Khmer"), max_length=300)
    body = models.TextField(_("content"))  # HTML made by the portal's own templates
    data_version = models.CharField(max_length=100)
    has_demo = models.BooleanField(_("with demonstration rows"), default=False)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("made by")
    )

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return localized(self, "title")


class ReportShareQuerySet(models.QuerySet["ReportShare"]):
    """Links by whether they still open their report."""

    def open(self, at: Any = None) -> "ReportShareQuerySet":
        return self.filter(revoked_at=None, expires_at__gt=at or timezone.now())


class ReportShare(models.Model):
    """A link to a frozen report for whoever holds it, until it expires or is revoked."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="shares", verbose_name=_("report"))
    note = models.CharField(_("for whom"), max_length=100, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("created by")
    )
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("revoked by")
    )
    opened = models.PositiveIntegerField(_("times opened"), default=0)
    last_opened_at = models.DateTimeField(_("last opened"), null=True)

    objects = ReportShareQuerySet.as_manager()

    class Meta:
        verbose_name = _("share link")
        verbose_name_plural = _("share links")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="report_share_revoked_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="report_share_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(opened=0, last_opened_at=None) | Q(opened__gt=0, last_opened_at__isnull=False),
                name="report_share_opened_at_some_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} · {self.note}"

    @property
    def is_open(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()
