"""Consent: under which notice somebody agreed that the ministry keeps their details."""

from collections.abc import Iterable
from typing import Any

from capred_portal.privacy import notice_in_force
from programs.models import Attendance


def note_consent(rows: Iterable[Attendance]) -> None:
    """Record the notice in force beside consent that has just been given, and none beside any other answer."""
    told = list(rows)
    notice = notice_in_force() if any(row.consent for row in told) else None
    for row in told:
        row.consent_notice = notice if row.consent else None


class WithConsent:
    """A form of attendances: consent that was given with it is recorded with the notice people were told."""

    instance: Any
    changed_data: list[str]

    def before_save(self, by: Any) -> None:
        """Note the notice in the transaction of the record."""
        if hasattr(super(), "before_save"):
            super().before_save(by)  # type: ignore[misc]
        if self.instance.pk is None or "consent" in self.changed_data:
            note_consent([self.instance])
