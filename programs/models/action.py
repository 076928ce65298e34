"""Actions: who does what by when, and what was done."""

import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from capred_portal.fields import NormalTextField, SearchKeyField
from capred_portal.languages import localized
from capred_portal.models import Document, Organisation, Thread
from capred_portal.records import Record, RecordQuerySet
from programs.models.outcome import Outcome
from programs.models.people import Person
from programs.models.program import Program
from programs.models.workshop import Workshop


def exactly_one(*names: str) -> Q:
    """Return the condition that exactly one of the named fields is set."""
    condition = Q()
    for chosen in names:
        condition |= Q(**{f"{name}__isnull": name != chosen for name in names})
    return condition


class ActionQuerySet(RecordQuerySet):
    """Actions by how they stand."""

    def active(self) -> Self:
        """Keep actions that are not archived and hang on something that is not archived either."""
        hanging = Q(outcome__archived_at=None, workshop__archived_at=None, program__archived_at=None)
        return super().active().filter(hanging & Q(outcome__workshop__archived_at=None))

    def of_workshop(self, workshop: Workshop | int) -> Self:
        """Keep actions that hang on the workshop or on what came out of it; each way has its index."""
        return self.filter(Q(workshop=workshop) | Q(outcome__in=Outcome.objects.filter(workshop=workshop).order_by()))

    def open(self) -> Self:
        return self.filter(status__in=Action.OPEN)

    def overdue(self, on: datetime.date | None = None) -> Self:
        """Keep open actions whose due date has passed."""
        return self.open().filter(due_on__lt=on or timezone.localdate())

    def owned_by(self, user: Any) -> Self:
        """Keep actions of the user, or of the user's organisation."""
        mine = Q(owner_user=user)
        if user.organisation_id:
            mine |= Q(owner_organisation=user.organisation_id)
        return self.filter(mine)


class Action(Record):
    """A promise made concrete: what, by whom, by when; and once closed, what was done."""

    class Priority(models.IntegerChoices):
        HIGH = 3, _("High")
        NORMAL = 2, _("Normal")
        LOW = 1, _("Low")

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        STARTED = "started", _("Started")
        BLOCKED = "blocked", _("Blocked")
        TO_VERIFY = "to-verify", _("Done, to be verified")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    OPEN = (Status.PLANNED, Status.STARTED, Status.BLOCKED)
    MOVES = (*OPEN, Status.DROPPED)  # one click away from each open status
    CLOSED = (Status.TO_VERIFY, Status.DONE, Status.DROPPED)
    PARENTS = ("outcome", "workshop", "program")
    OWNERS = ("owner_user", "owner_organisation", "owner_person")

    outcome = models.ForeignKey(
        Outcome,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("outcome"),
        related_name="actions",
    )
    workshop = models.ForeignKey(
        Workshop,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("workshop"),
        related_name="actions",
    )
    program = models.ForeignKey(
        Program,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("program"),
        related_name="actions",
    )
    text_en = NormalTextField(_("what, in English"), blank=True, max_length=2000)
    text_km = NormalTextField(_("what, in Khmer"), blank=True, max_length=2000)
    owner_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("owner"),
        related_name="actions",
    )
    owner_organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("owner organisation"),
        related_name="actions",
    )
    owner_person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("owner without an account"),
        related_name="actions",
    )
    due_on = models.DateField(_("due date"))
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority, default=Priority.NORMAL)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PLANNED, editable=False)
    closed_on = models.DateField(_("closed on"), null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    done_en = NormalTextField(_("what was done, in English"), blank=True, max_length=2000, editable=False)
    done_km = NormalTextField(_("what was done, in Khmer"), blank=True, max_length=2000, editable=False)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True, editable=False)
    evidence = models.ManyToManyField(
        Document, verbose_name=_("evidence"), blank=True, related_name="actions", editable=False
    )
    thread = models.OneToOneField(Thread, models.PROTECT, null=True, blank=True, editable=False, related_name="action")
    search_key = SearchKeyField(sources=("text_en", "text_km"))

    _written_apart = ("thread_id",)

    objects = ActionQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["status", "due_on", "id"], condition=Q(archived_at=None), name="action_by_status"),
            models.Index(fields=["due_on", "id"], condition=Q(archived_at=None), name="action_by_due_date"),
            models.Index(fields=["-updated_at"], name="action_by_change"),
        ]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=~Q(text_en="", text_km=""), name="action_has_text"),
            models.CheckConstraint(
                condition=exactly_one("outcome", "workshop", "program"), name="action_hangs_on_one_thing"
            ),
            models.CheckConstraint(
                condition=exactly_one("owner_user", "owner_organisation", "owner_person"),
                name="action_has_one_owner",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("done", "to-verify"))
                | (~Q(done_en="", done_km="") & Q(closed_on__isnull=False)),
                name="action_closed_says_what_was_done",
            ),
            models.CheckConstraint(
                condition=~Q(status="done", priority=3)
                | (Q(closed_by__isnull=False, verified_by__isnull=False) & ~Q(verified_by=models.F("closed_by"))),
                name="action_high_priority_verified_by_second",
            ),
        ]

    def __str__(self) -> str:
        text = localized(self, "text")
        return text if len(text) <= 90 else f"{text[:89]}…"

    def get_absolute_url(self) -> str:
        return reverse("actions:detail", args=[self.pk])

    @property
    def days_overdue(self) -> int:
        """How many days an open action is late; 0 when it is not."""
        return max((timezone.localdate() - self.due_on).days, 0) if self.is_open else 0

    @property
    def is_high(self) -> bool:
        """Tell whether closing it takes evidence and a second person."""
        return self.priority == self.Priority.HIGH

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.due_on < timezone.localdate()

    @property
    def owner(self) -> Any:
        """The user, organisation or person who promised it."""
        return self.owner_user or self.owner_organisation or self.owner_person

    @property
    def origin(self) -> Workshop | None:
        """The workshop it came out of, if any."""
        return self.outcome.workshop if self.outcome else self.workshop

    @property
    def stands(self) -> bool:
        """Tell whether neither it nor what it hangs on is archived."""
        return not any(row and row.is_archived for row in (self, self.outcome, self.origin, self.program))

    @property
    def program_served(self) -> Program | None:
        """The program it hangs on, or whose workshop it came out of."""
        return self.program or (self.origin.program if self.origin else None)

    @property
    def parent(self) -> Any:
        """The outcome, workshop or program it hangs on."""
        return self.outcome or self.workshop or self.program
