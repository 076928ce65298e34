"""Examples of the pages of reminders."""

from typing import Any

from capred_portal.models import User
from capred_portal.reminder_mails import ALL, stop_token


def for_reminders(user: User) -> dict[str, list[dict[str, Any]]]:
    """Return arguments for the page behind the links that stop mails: of one kind, and of all."""
    return {"account_reminders_stop": [{"token": stop_token(user.pk, kind)} for kind in ("overdue", ALL)]}
