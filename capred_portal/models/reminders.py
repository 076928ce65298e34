"""Reminders: what somebody wants to hear of and how often, and what they have been told."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReminderChoice(models.Model):
    """How often somebody wants to hear of one kind of thing, where it is not what everybody begins with."""

    class Frequency(models.TextChoices):
        AT_ONCE = "at-once", _("At once")
        DAILY = "daily", _("Once a day")
        WEEKLY = "weekly", _("Once a week")
        NEVER = "never", pgettext_lazy("reminders", "Never")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reminder_choices")
    kind = models.SlugField(_("kind"), max_length=40)
    frequency = models.CharField(_("how often"), max_length=7, choices=Frequency)

    class Meta:
        verbose_name = _("choice of reminders")
        verbose_name_plural = _("choices of reminders")
        ordering = ["user", "kind"]
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="reminder_choice_once")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.get_frequency_display()}"


class Reminder(models.Model):
    """One thing somebody should hear of once: noticed, then told in a mail, never told again under the same key."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reminders")
    kind = models.SlugField(_("kind"), max_length=40)
    key = models.CharField(_("about"), max_length=100)  # such as action-12-overdue-7: a later step is another key
    noticed_at = models.DateTimeField(_("noticed"), default=timezone.now)
    told_at = models.DateTimeField(_("told"), null=True, blank=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["user", "kind", "key"], name="reminder_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class RateWindow(models.Model):
    """How often something was asked for within one stretch of time, counted for all web processes together."""

    key = models.CharField(max_length=120, primary_key=True)  # what and by whom, as a digest where that is personal
    started_at = models.DateTimeField(default=timezone.now, db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("count of requests")
        verbose_name_plural = _("counts of requests")

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"
