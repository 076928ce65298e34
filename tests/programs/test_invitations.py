"""The mail that gives who registered a code: the picture in it is what a helper scans."""

import datetime as dt
import subprocess
import sys
from io import BytesIO

import pytest
import segno
from django.core import mail
from django.utils import timezone

from capred_portal.qr_codes import qr_png
from programs.check_in import personal_code
from programs.invitations import invite
from tests.factories import make_attendance, make_person, make_workshop

pytestmark = pytest.mark.django_db


def test_the_mail_carries_the_code_as_a_picture(django_capture_on_commit_callbacks):
    workshop = make_workshop(date=timezone.localdate() + dt.timedelta(days=3))
    guest = make_person(name_en="Chan Bopha", email="bopha@example.org")
    row = make_attendance(workshop=workshop, person=guest, registered=True, attended=False)

    with django_capture_on_commit_callbacks(execute=True):
        invite(workshop=workshop, address="https://portal.example.org/")

    ((name, content, kind),) = mail.outbox[0].attachments
    address = f"https://portal.example.org/check-in/arrive/{personal_code(row)}/"
    expected = BytesIO()
    segno.make(address, error="m", micro=False).save(expected, kind="png", scale=8)
    assert (name, kind) == ("code.png", "image/png")
    assert content == expected.getvalue() == qr_png(address)
    assert len(content) < 5_000


def test_a_worker_that_loads_no_page_knows_of_the_picture():
    asked = "import django; django.setup(); from capred_portal.mails import FILES; print(*FILES)"

    answer = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert "check-in" in answer.stdout.split()
