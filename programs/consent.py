"""Consent: under which notice somebody agreed that the ministry keeps their details; without it no contact is kept."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from capred_portal.blanking import AT_ONCE, blank_history
from capred_portal.models import PrivacyNotice
from capred_portal.privacy import notice_in_force
from programs.models import Attendance, Person, Workshop


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


def forget_contacts(people: Iterable[int], by: Any) -> None:
    """Empty phone and email address of people who did not agree that they are kept, in earlier versions too."""
    numbers = list(people)
    for start in range(0, len(numbers), AT_ONCE):
        chunk = numbers[start : start + AT_ONCE]
        rows = Person.objects.select_for_update(no_key=True).filter(pk__in=chunk).exclude(phone="", email="")
        for person in rows.order_by("pk"):
            person.phone = person.email = ""
            person.save_version(by=by, expected=person.version)
        blank_history(Person, chunk, phone="", email="")


class WithConsent:
    """A form of attendances: consent is recorded with the notice people were told; without it contacts go."""

    instance: Any
    changed_data: list[str]

    def before_save(self, by: Any) -> None:
        """Note the notice in the transaction of the record."""
        if hasattr(super(), "before_save"):
            super().before_save(by)  # type: ignore[misc]
        if self.instance.pk is None or "consent" in self.changed_data:
            note_consent([self.instance], self.instance.workshop_id)
        if self.instance.person_id:
            self.obey_refusal(by)

    def obey_refusal(self, by: Any) -> None:
        """Keep no contacts of a person, known by now, who did not consent."""
        if self.instance.consent is False:
            forget_contacts([self.instance.person_id], by)
