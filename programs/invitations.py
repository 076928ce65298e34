"""The mail that gives who registered a code of their own for the door, once each unless it is asked for again."""

import re
from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from capred_portal.languages import localized
from capred_portal.mails import File, mail_files, post
from capred_portal.models import Mail
from capred_portal.qr_codes import qr_png
from capred_portal.records import writing
from programs.check_in import expected, personal_code
from programs.models import Arrival, Attendance, Workshop

KIND = "check-in"
LINK = re.compile(r"(\S+)/check-in/mine/([^/\s]+)/")


def whom_to_invite(workshop: Workshop) -> dict[str, int]:
    """Count, of those who registered and have not come: to write to, written to already, and without an address."""
    rows = expected(workshop)
    reached = rows.exclude(person__email="")
    waiting = reached.filter(Q(arrival=None) | Q(arrival__invited_at=None)).count()
    return {"to_invite": waiting, "invited": reached.count() - waiting, "unreachable": rows.count() - reached.count()}


def invite(*, workshop: Workshop, address: str, again: int | None = None) -> int:
    """Write to everybody who has no code yet, or once more to one row; return how many mails that are."""
    with writing("programs"):
        workshop = (
            Workshop.objects.select_for_update(of=("self",), no_key=True).select_related("province").get(pk=workshop.pk)
        )
        rows = expected(workshop).exclude(person__email="").select_related("person").order_by("pk")
        if again is not None:
            rows = rows.filter(pk=again)
        else:
            rows = rows.filter(Q(arrival=None) | Q(arrival__invited_at=None))
        sent = list(rows)
        for row in sent:
            subject, body = mail_of(row, workshop, address)
            post(KIND, row.person.email, subject, body)
        mark(sent)
    return len(sent)


def mark(rows: list[Attendance]) -> None:
    """Note that codes were sent, in two statements."""
    now = timezone.now()
    Arrival.objects.bulk_create([Arrival(attendance=row) for row in rows], ignore_conflicts=True)
    Arrival.objects.filter(attendance__in=rows).update(invited_at=now)


def mail_of(row: Attendance, workshop: Workshop, address: str) -> tuple[str, str]:
    """Return subject and text in both languages, that of the person's name first."""
    link = address.rstrip("/") + reverse("check_in:mine", args=[personal_code(row)])
    context: dict[str, Any] = {"workshop": workshop, "person": row.person, "link": link}
    subjects, bodies = [], []
    for language in ("km", "en") if row.person.name_km else ("en", "km"):
        with override(language):
            context["venue"] = localized(workshop, "venue")
            subjects.append(render_to_string("check_in/mail_subject.txt", context).strip())
            bodies.append(render_to_string("check_in/mail.txt", context).strip())
    return " / ".join(subjects), "\n\n----\n\n".join(bodies) + "\n"


def code_files(mail: Mail) -> Iterator[File]:
    """Yield the code as a picture: at the door it is scanned from the mail itself, on the worst line too."""
    if found := LINK.search(mail.body):
        site, code = found.groups()
        yield "code.png", qr_png(site + reverse("check_in:arrive", args=[code])), "image/png"


mail_files(KIND, code_files)
