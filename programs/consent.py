"""Consent: under which notice somebody agreed that the ministry keeps their details."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from capred_portal.models import PrivacyNotice
from capred_portal.privacy import notice_in_force
from programs.models import Attendance, Workshop


def note_consent(rows: Iterable[Attendance], workshop: int) -> None:
    """Record beside consent just told of which notice people had read, and none beside any other answer."""
    told = list(rows)
    notice = notice_at(workshop) if any(row.consent for row in told) else None
    for row in told:
        row.consent_notice = notice if row.consent else None


def notice_at(workshop: int) -> PrivacyNotice | None:
    """Return the notice in force when a workshop began, for its list may be typed much later; today's before it."""
    began = Workshop.objects.values_list("date", flat=True).get(pk=workshop)
    return notice_in_force(min(began, timezone.localdate()))


class WithConsent:
    """A form of attendances: consent that was given with it is recorded with the notice people were told."""

    instance: Any
    changed_data: list[str]

    def before_save(self, by: Any) -> None:
        """Note the notice in the transaction of the record."""
        if hasattr(super(), "before_save"):
            super().before_save(by)  # type: ignore[misc]
        if self.instance.pk is None or "consent" in self.changed_data:
            note_consent([self.instance], self.instance.workshop_id)
