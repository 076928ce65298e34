"""Check-in at the door of a workshop: while it is open, who arrived, and how we know."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.models.people import Attendance
from programs.models.workshop import Workshop


class CheckInQuerySet(models.QuerySet["CheckIn"]):
    """Check-ins by whether people can sign in now."""

    def open(self) -> "CheckInQuerySet":
        now = timezone.now()
        return self.filter(opened_at__lte=now, closes_at__gt=now, workshop__archived_at=None)


class CheckIn(models.Model):
    """The door of one workshop: the code it shows, and from when until when people sign in with it."""

    workshop = models.OneToOneField(Workshop, models.PROTECT, related_name="check_in", verbose_name=_("workshop"))
    code = models.CharField(_("code"), max_length=32, unique=True, editable=False)  # a new one whenever it opens
    opened_at = models.DateTimeField(_("opened"))
    closes_at = models.DateTimeField(_("closes"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("opened by")
    )

    objects = CheckInQuerySet.as_manager()

    class Meta:
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        ordering = ["-opened_at"]
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gte=F("opened_at")), name="check_in_closes_after_opening"),
            models.CheckConstraint(condition=~Q(code=""), name="check_in_has_a_code"),
        ]

    def __str__(self) -> str:
        return str(self.workshop)

    @property
    def is_open(self) -> bool:
        return self.opened_at <= timezone.now() < self.closes_at


class Arrival(models.Model):
    """One attendance at the door: the mail with the code, and when and how the person arrived."""

    class Way(models.TextChoices):
        SELF = "self", _("On their own phone")
        HELPER = "helper", _("Scanned by a helper")
        LIST = "list", _("Ticked on the list")

    attendance = models.OneToOneField(Attendance, models.CASCADE, related_name="arrival", verbose_name=_("attendance"))
    token = models.UUIDField(null=True, blank=True, unique=True, editable=False)  # of the form: sent twice, once in
    invited_at = models.DateTimeField(_("code sent"), null=True, blank=True)
    arrived_at = models.DateTimeField(_("arrived"), null=True, blank=True)
    way = models.CharField(_("how"), max_length=6, choices=Way, blank=True)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("noted by")
    )

    class Meta:
        verbose_name = _("arrival")
        verbose_name_plural = _("arrivals")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(arrived_at=None, way="") | (Q(arrived_at__isnull=False) & ~Q(way="")),
                name="arrival_says_how",
            ),
            models.CheckConstraint(
                condition=Q(way__in=("", "self"), noted_by=None)
                | Q(way__in=("helper", "list"), noted_by__isnull=False),
                name="arrival_noted_by_who_notes_it",
            ),
            models.CheckConstraint(condition=Q(token=None) | Q(way="self"), name="arrival_with_a_form_of_its_own"),
        ]

    def __str__(self) -> str:
        return str(self.attendance)
