"""Records that may be one: pairs, decisions, merges, and when somebody last looked for them."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Match(models.Model):
    """Two records of one kind that may be the same person or firm, and what somebody decided about them."""

    class Grade(models.TextChoices):
        SURE = "sure", _("Surely the same")
        ASK = "ask", _("Perhaps the same")

    class Decision(models.TextChoices):
        OPEN = "open", _("Not decided")
        SAME = "same", _("The same")
        DIFFERENT = "different", _("Not the same")

    kind = models.SlugField(_("kind"), max_length=20)
    first = models.PositiveBigIntegerField(_("first record"))
    second = models.PositiveBigIntegerField(_("second record"))
    grade = models.CharField(_("how sure"), max_length=5, choices=Grade)
    score = models.PositiveSmallIntegerField(_("score"))
    reasons = models.JSONField(_("reasons"), default=list)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision, default=Decision.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    is_demo = models.BooleanField(_("demonstration row"), default=False, editable=False)

    class Meta:
        verbose_name = _("possible match")
        verbose_name_plural = _("possible matches")
        ordering = ["-score", "pk"]
        indexes = [
            models.Index(fields=["kind", "decision", "-score", "id"], name="match_by_score"),
            models.Index(fields=["kind", "second"], name="match_by_second"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "first", "second"], name="match_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="match_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.first} – {self.second}"


class Merge(models.Model):
    """One record taken into another: which fields were chosen, what moved; enough to take it apart again."""

    kind = models.SlugField(_("kind"), max_length=20)
    kept = models.PositiveBigIntegerField(_("record kept"))
    merged = models.PositiveBigIntegerField(_("record taken in"))
    before = models.JSONField(_("values before"), default=dict)
    after = models.JSONField(_("values chosen"), default=dict)
    moved = models.JSONField(_("records moved"), default=dict)
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    merged_at = models.DateTimeField(_("merged"), auto_now_add=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(_("taken apart"), null=True, blank=True)
    is_demo = models.BooleanField(_("demonstration row"), default=False, editable=False)

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["kind", "kept"], name="merge_by_kept"),
            models.Index(fields=["kind", "merged"], name="merge_by_merged"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.merged} → {self.kept}"


class DuplicateSearch(models.Model):
    """When the records of one kind were last searched for pairs that may be the same, and what came of it."""

    LONGEST = datetime.timedelta(hours=2)  # a search that takes longer has been forgotten: another may start

    kind = models.SlugField(_("kind"), max_length=20, primary_key=True)
    run = models.PositiveIntegerField(default=0, editable=False)  # which attempt works on it; an older one must stop
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    records = models.PositiveIntegerField(_("records"), default=0)
    pairs = models.PositiveIntegerField(_("pairs"), default=0)

    class Meta:
        verbose_name = _("search for duplicates")
        verbose_name_plural = _("searches for duplicates")

    def __str__(self) -> str:
        return self.kind

    @property
    def is_under_way(self) -> bool:
        """Whether a search was started, not long ago, and has not come to an end; one that failed leaves no start."""
        if self.started_at is None or timezone.now() - self.started_at > self.LONGEST:
            return False
        return self.finished_at is None or self.finished_at < self.started_at
