"""The abstract Record: who wrote it, which version, archived or not; and the one way to write it."""

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from capred_portal.matching import search_key

if TYPE_CHECKING:
    from capred_portal.models import User


EPOCH, MICROSECOND = dt.datetime(1970, 1, 1, tzinfo=dt.UTC), dt.timedelta(microseconds=1)


class Clash(IntegrityError):
    """What somebody else saved meanwhile leaves no room for this; the message says so in the reader's language."""

    def __init__(self, words: str, field: str = "") -> None:
        super().__init__(words)
        self.field = field  # beside which the form says it


class StaleRecord(Exception):
    """Somebody saved the record after this copy of it was read."""


class DataVersion(models.Model):
    """How often the rows of one app have changed; cached pages are keyed by it."""

    app = models.CharField(max_length=40, primary_key=True)
    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        app_label = "capred_portal"
        verbose_name = _("data version")
        verbose_name_plural = _("data versions")

    def __str__(self) -> str:
        return f"{self.app} {self.number}"

    @classmethod
    def current(cls) -> str:
        """Return all counters as one key; read it before the rows it is to describe."""
        return "-".join(f"{app[0]}{number}" for app, number in cls.objects.order_by("app").values_list("app", "number"))

    @classmethod
    def raise_for(cls, app: str) -> None:
        """Count one change; a row locked here makes other writers wait, so call it last."""
        rows = cls.objects.filter(app=app)
        if not rows.update(number=models.F("number") + 1):
            DataVersion.objects.bulk_create([DataVersion(app=app)], ignore_conflicts=True)
            rows.update(number=models.F("number") + 1)


def identity_of(record: Any) -> str:
    """Return number and microsecond of creation: after a restore another record may be given a number known before."""
    return f"{record.pk}-{(record.created_at - EPOCH) // MICROSECOND}"


@contextmanager
def writing(*apps: str) -> Iterator[None]:
    """Run writes in one transaction that ends by raising the data version of the apps it touched."""
    with transaction.atomic():
        yield
        for app in sorted(apps):
            DataVersion.raise_for(app)


class RecordQuerySet(models.QuerySet):
    """What every list of records can be asked."""

    search_field = "search_key"

    def active(self) -> Self:
        return self.filter(archived_at=None)

    def search(self, text: str) -> Self:
        """Keep rows that hold every word of `text`, whatever its script, case or spacing."""
        found = self
        for word in search_key(text).split():
            found = found.filter(**{f"{self.search_field}__contains": word})
        return found

    def search_names(self, text: str) -> Self:
        """Search as somebody may who does not read what one firm told, such as its registration number."""
        return self.search(text)


class Record(models.Model):
    """A row people write: it knows its author, its version, and why it was archived."""

    created_at = models.DateTimeField(_("created"), auto_now_add=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    updated_at = models.DateTimeField(_("last modified"), auto_now=True, editable=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    creation_token = models.UUIDField(null=True, blank=True, editable=False)
    creation_digest = models.CharField(max_length=64, blank=True, editable=False)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)
    archived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    archive_reason = models.CharField(_("reason for archiving"), max_length=300, blank=True, editable=False)
    is_demo = models.BooleanField(_("demonstration row"), default=False, editable=False)

    history = HistoricalRecords(inherit=True, m2m_fields_model_field_name="_history_m2m_fields")
    objects = RecordQuerySet.as_manager()

    _history_m2m_fields: tuple[str, ...] = ()
    _written_apart: tuple[str, ...] = ()  # columns that change without a new version, such as the thread of comments

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["creation_token", "creation_digest"], name="%(app_label)s_%(class)s_created_once"
            ),
            models.CheckConstraint(
                condition=Q(archived_at=None) | ~Q(archive_reason=""),
                name="%(app_label)s_%(class)s_archived_with_reason",
            ),
        ]

    def archive(self, *, by: "User", reason: str) -> None:
        """Take the record out of every list and figure; it stays readable and can be restored."""
        self.archived_at, self.archived_by, self.archive_reason = timezone.now(), by, reason
        self.save_version(by=by, expected=self.version)

    def as_of_version(self, version: int) -> Any:
        """Return the historical row of that version, or None when history does not hold it."""
        return self.history.filter(version=version).order_by("-history_id").first()

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    def restore(self, *, by: "User") -> None:
        """Bring an archived record back; its history keeps why it was away."""
        self.archived_at, self.archived_by, self.archive_reason = None, None, ""
        self.save_version(by=by, expected=self.version)

    def save_version(self, *, by: "User | None", expected: int) -> None:
        """Save as the next version, or raise StaleRecord when `expected` is no longer the stored one."""
        with transaction.atomic():
            rows = type(self)._default_manager.select_for_update(no_key=True)  # its key never changes
            stored = rows.only("version", *self._written_apart).get(pk=self.pk)
            if stored.version != expected:
                raise StaleRecord(self)
            for name in self._written_apart:
                setattr(self, name, getattr(stored, name))
            self.version, self.updated_by = expected + 1, by
            self.save()


def new_token() -> uuid.UUID:
    """Return a fresh creation token for a form."""
    return uuid.uuid4()
