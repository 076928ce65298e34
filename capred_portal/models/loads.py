"""Spreadsheets on their way in, row by row, and the leases of workers on background tasks."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Load(models.Model):
    """One spreadsheet on its way in: read, checked, confirmed, done; or failed, or undone."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        CHECKED = "checked", _("Checked, waiting for confirmation")
        CONFIRMED = "confirmed", _("Confirmed")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")

    kind = models.SlugField(_("kind"), max_length=40)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.UPLOADED)
    scope = models.JSONField(_("scope"), default=dict)
    file = models.FileField(_("file"), upload_to="loads/%Y/")
    file_name = models.CharField(_("file name"), max_length=250)
    checksum = models.CharField(_("checksum"), max_length=64)
    mapping = models.JSONField(_("column mapping"), default=dict)
    layout = models.CharField(_("layout"), max_length=64, blank=True, editable=False)  # checksum of the column titles
    run = models.PositiveIntegerField(default=0, editable=False)  # which attempt works on it; an older one must stop
    rows_done = models.PositiveIntegerField(_("rows done"), default=0, editable=False)
    rows_total = models.PositiveIntegerField(_("rows in all"), default=0, editable=False)
    checked_from = models.DateTimeField(null=True, blank=True, editable=False)  # when the comparison began
    counts = models.JSONField(_("counts"), default=dict)
    problem = models.CharField(_("problem"), max_length=500, blank=True)
    is_demo = models.BooleanField(_("demonstration row"), default=False, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("loaded by"), related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("load")
        verbose_name_plural = _("loads")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["kind", "layout"], name="load_by_layout"),
            models.Index(fields=["checksum"], name="load_by_checksum"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.file_name}"

    def get_absolute_url(self) -> str:
        return reverse("loads:detail", args=[self.pk])


class LoadRow(models.Model):
    """One line of a loaded file: what it said, what was wrong with it, and what it changed."""

    class Outcome(models.TextChoices):
        NEW = "new", _("New")
        CHANGED = "changed", _("Changed")
        UNCHANGED = "unchanged", _("Unchanged")
        UNCERTAIN = "uncertain", _("Uncertain")
        WRONG = "wrong", _("Wrong")

    load = models.ForeignKey(Load, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField(_("line"))
    outcome = models.CharField(_("result"), max_length=10, choices=Outcome)
    raw = models.JSONField(_("as in the file"))
    values = models.JSONField(_("values"), default=dict)
    errors = models.JSONField(_("errors"), default=list)
    target = models.PositiveBigIntegerField(_("record"), null=True, blank=True)
    target_version = models.PositiveIntegerField(_("version given"), null=True, blank=True)
    before = models.JSONField(_("values before"), default=dict)
    key = models.CharField(_("key"), max_length=120, blank=True)  # what must still be new, or the same, when written

    class Meta:
        verbose_name = _("loaded row")
        verbose_name_plural = _("loaded rows")
        ordering = ["line"]
        indexes = [models.Index(fields=["load", "outcome", "line"], name="load_row_by_outcome")]
        constraints = [models.UniqueConstraint(fields=["load", "line"], name="load_row_line_once")]

    def __str__(self) -> str:
        return f"{self.load_id}:{self.line}"


class TaskLease(models.Model):
    """A worker's hold on a background task, renewed while it works; when it runs out the task is free again."""

    task = models.UUIDField(_("task"), primary_key=True)
    worker = models.CharField(_("worker"), max_length=64)
    expires_at = models.DateTimeField(_("expires"))

    class Meta:
        verbose_name = _("lease of a task")
        verbose_name_plural = _("leases of tasks")

    def __str__(self) -> str:
        return f"{self.task} · {self.worker}"
