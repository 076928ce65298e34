"""The notice on personal data in force, and what the portal tells everybody of the data it keeps about people."""

import datetime as dt

from django.utils import timezone

from capred_portal.models import PrivacyNotice


def notice_in_force(on: dt.date | None = None) -> PrivacyNotice | None:
    """Return the notice that people are told on a day, today unless another is named."""
    begun = PrivacyNotice.objects.active().filter(in_force_from__lte=on or timezone.localdate())
    return begun.order_by("-in_force_from", "-pk").first()
