"""What opens an account is written nowhere: not with failed sign-ins, not in exports, not in the log."""

import io
import json
import logging
import zipfile

import pytest
from axes.models import AccessAttempt
from django.core import mail
from django.test import Client
from django.urls import reverse

from capred_portal.logs import JsonFormatter, TextFormatter
from capred_portal.models import Mail, User
from tests.codes import CODE, half_client, with_codes
from tests.factories import PASSWORD, make_person, make_user

NEW = "My-Real-New-Password-1"
RESET = "/accounts/reset/MQ/c8k2f1-0123456789abcdef/"


def kept_of_failures() -> str:
    return json.dumps(list(AccessAttempt.objects.values()), default=str)


def test_failed_change_of_password_keeps_no_password(staff_client):
    typed = {"old_password": "nearly-the-old-one", "new_password1": NEW, "new_password2": NEW}

    staff_client.post(reverse("password_change"), typed)

    assert AccessAttempt.objects.count() == 1
    assert NEW not in kept_of_failures()
    assert "nearly-the-old-one" not in kept_of_failures()


def test_wrong_code_is_not_kept(db):
    half_client(with_codes(make_user("verifier"))).post(CODE, {"code": "abcd-9876"})

    assert AccessAttempt.objects.count() == 1
    assert "9876" not in kept_of_failures()


def test_export_about_a_person_opens_no_account(staff_client, staff):
    """Whoever gives a person the address of an account sees that there is one, and no link on its way to it."""
    account = make_user("officer", email="officer@example.org")
    Mail.objects.create(kind="password", address=account.email, subject="New password", body="a-link-that-opens")
    person = make_person(email=account.email)

    response = staff_client.post(reverse("people:personal_data_export", args=[person.pk]))

    archive = zipfile.ZipFile(io.BytesIO(response.getvalue()))
    texts = [archive.read(name).decode() for name in archive.namelist()]
    assert any("New password" in text for text in texts)
    assert not any("a-link-that-opens" in text or "last_login" in text for text in texts)


@pytest.mark.parametrize("formatter", [TextFormatter, JsonFormatter])
def test_log_holds_no_link_that_sets_a_password(formatter):
    record = logging.LogRecord("portal.requests", logging.INFO, __file__, 1, "Not Found: %s", (RESET,), None)
    record.path = RESET

    line = formatter().format(record)

    assert line.count("/accounts/reset/MQ/[token]/") == 2
    assert "0123456789abcdef" not in line


def test_setting_a_password_changes_nothing_else(staff_client, staff, monkeypatch):
    """The account is read when the request begins; an administrator may change it before the password is saved."""
    set_password = User.set_password

    def change_meanwhile(user, password):
        User.objects.filter(pk=user.pk).update(is_active=False, role="officer", sessions_ended=7)
        set_password(user, password)

    monkeypatch.setattr(User, "set_password", change_meanwhile)
    staff_client.post(
        reverse("password_change"), {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    )

    staff.refresh_from_db()
    assert staff.check_password(NEW)
    assert (staff.is_active, staff.role, staff.sessions_ended) == (False, "officer", 7)


def test_few_mails_about_a_new_password_an_hour(db, django_capture_on_commit_callbacks):
    user = make_user()

    with django_capture_on_commit_callbacks(execute=True):
        answers = [
            Client().post(reverse("password_reset"), {"email": user.email}).headers["Location"] for _ask in range(5)
        ]

    assert len(mail.outbox) == 3
    assert len(set(answers)) == 1


def test_a_full_name_is_no_password(staff_client, staff):
    User.objects.filter(pk=staff.pk).update(full_name_en="Chanthavy Sopheap")
    new = "ChanthavySopheap"

    response = staff_client.post(
        reverse("password_change"), {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    )

    assert "new_password2" in response.context["form"].errors


def test_signing_in_leads_to_no_endless_way(staff_client):
    login = reverse("login")

    assert staff_client.get(f"{login}?next={login}").url == reverse("overview")
