"""What the portal keeps so that it can be trusted: work by the clock, mails, erasures, notices on personal data."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from capred_portal.fields import NormalTextField
from capred_portal.languages import localized
from capred_portal.records import Record


class ScheduledJob(models.Model):
    """Work that is due again and again, such as a backup: when it is next, and how it last ended."""

    name = models.SlugField(_("name"), max_length=40, primary_key=True)
    next_at = models.DateTimeField(_("next"), default=timezone.now)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    succeeded_at = models.DateTimeField(_("last success"), null=True, blank=True)
    failed_at = models.DateTimeField(_("last failure"), null=True, blank=True)
    problem = models.CharField(_("problem"), max_length=500, blank=True)
    result = models.JSONField(_("result"), default=dict)

    class Meta:
        verbose_name = _("scheduled work")
        verbose_name_plural = _("scheduled works")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_failing(self) -> bool:
        """Whether the last attempt that ended was no success."""
        return self.failed_at is not None and (self.succeeded_at is None or self.failed_at > self.succeeded_at)


class MailQuerySet(models.QuerySet["Mail"]):
    """Mails by what became of them."""

    def waiting(self) -> "MailQuerySet":
        return self.filter(sent_at=None, given_up_at=None)


class Mail(models.Model):
    """A mail on its way: written with what it tells of, sent by the worker, tried again when it fails."""

    kind = models.SlugField(_("kind"), max_length=40)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    address = models.EmailField(_("email address"))
    subject = models.CharField(_("subject"), max_length=250)
    body = models.TextField(_("text"), blank=True)  # empty once sent or given up
    message_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # the same at every attempt
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    problem = models.CharField(_("problem"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    given_up_at = models.DateTimeField(_("given up"), null=True, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(sent_at=None), name="mail_not_sent"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} · {self.address}"


class Erasure(models.Model):
    """Somebody's personal data was erased: whose, by number only, so that a restored backup erases it again."""

    kind = models.SlugField(_("kind"), max_length=40)
    number = models.PositiveBigIntegerField(_("record"))
    written_at = models.DateTimeField(_("record created"))  # tells that record from another of the same number
    reason = models.CharField(_("reason"), max_length=300)
    counts = models.JSONField(_("places"), default=dict)  # how many rows were changed, by table
    erased_at = models.DateTimeField(_("erased"), auto_now_add=True)
    erased_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("erased by")
    )

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["kind", "number", "written_at"], name="erasure_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class PrivacyNotice(Record):
    """What people are told before they give their details: the purpose, who sees them, how long they are kept."""

    text_en = NormalTextField(_("text in English"), max_length=4000, blank=True)
    text_km = NormalTextField(_("text in Khmer"), max_length=4000, blank=True)
    in_force_from = models.DateField(_("in force from"))

    class Meta(Record.Meta):
        verbose_name = _("privacy notice")
        verbose_name_plural = _("privacy notices")
        ordering = ["-in_force_from", "-pk"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=~Q(text_en="", text_km=""), name="privacy_notice_has_text"),
            models.UniqueConstraint(
                fields=["in_force_from"], condition=Q(archived_at=None), name="privacy_notice_one_a_day"
            ),
        ]

    def __str__(self) -> str:
        return localized(self, "text")[:80]
