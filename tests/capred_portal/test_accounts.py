"""Signing in and out, the lock after bad passwords, changing a password and asking for a new one by mail."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, override

from capred_portal.models import User
from tests.factories import PASSWORD, make_user, make_workshop

pytestmark = pytest.mark.django_db

LANGUAGES = pytest.mark.parametrize("language", ["en", "km"])


def in_language(client, language):
    client.cookies["django_language"] = language
    return client


def text_of(response):
    return response.content.decode()


# Signing in and out


def test_sign_in_leads_where_the_visitor_wanted_to_go(anonymous_client, staff):
    workshop = make_workshop()
    login = anonymous_client.get(workshop.get_absolute_url()).url

    response = anonymous_client.post(login, {"username": staff.username, "password": PASSWORD})

    assert response.url == workshop.get_absolute_url()


def test_a_name_is_kept_as_the_sign_in_form_reads_it(anonymous_client):
    wide = "ｓｏｋ．ｄａｒａ"  # as an input method may write it
    user = User.objects.create_user(wide, password=PASSWORD, role=User.Role.STAFF)

    response = anonymous_client.post(reverse("login"), {"username": wide, "password": PASSWORD})

    assert user.username == "sok.dara"
    assert response.url == reverse("overview")


def test_sign_in_leads_to_no_other_site(anonymous_client, staff):
    url = f"{reverse('login')}?next=https://elsewhere.example/"

    response = anonymous_client.post(url, {"username": staff.username, "password": PASSWORD})

    assert response.url == reverse("overview")


def test_sign_out_takes_a_click_and_ends_the_session(staff_client):
    assert staff_client.get(reverse("logout")).status_code == 405

    staff_client.post(reverse("logout"))

    assert staff_client.get(reverse("overview")).status_code == 302


def test_leaver_is_out_at_once(staff_client, staff):
    User.objects.filter(pk=staff.pk).update(is_active=False)

    assert staff_client.get(reverse("overview")).status_code == 302


def test_signing_in_brings_the_language_of_the_account(anonymous_client):
    user = make_user("officer", language="km")

    page = anonymous_client.post(reverse("login"), {"username": user.username, "password": PASSWORD}, follow=True)

    assert '<html lang="km">' in text_of(page)


# Passwords


def guess(client, user, *, address, times=1, password="wrong"):
    """Try a password from an address; return the last answer."""
    for _time in range(times):
        answer = client.post(reverse("login"), {"username": user.username, "password": password}, REMOTE_ADDR=address)
    return answer


def test_bad_passwords_lock_the_name_from_that_address_alone(anonymous_client):
    user, colleague = make_user("staff"), make_user("staff")
    office, home = "10.1.1.1", "10.2.2.2"

    locked = guess(anonymous_client, user, address=office, times=5)

    assert locked.status_code == 429
    assert "Too many wrong passwords" in text_of(locked)
    assert guess(Client(), user, address=office, password=PASSWORD).status_code == 429, "even with the right one"
    assert guess(Client(), colleague, address=office, password=PASSWORD).status_code == 302
    assert guess(Client(), user, address=home, password=PASSWORD).status_code == 302


def test_four_bad_passwords_and_a_good_one_lock_nobody(anonymous_client):
    user = make_user("staff")

    for _round in range(2):
        assert guess(anonymous_client, user, address="10.1.1.1", times=4).status_code == 200
        assert guess(Client(), user, address="10.1.1.1", password=PASSWORD).status_code == 302


@LANGUAGES
def test_lock_is_explained_in_the_language_of_the_visitor(language, anonymous_client):
    locked = guess(in_language(anonymous_client, language), make_user("staff"), address="10.1.1.1", times=5)

    with override(language):
        assert gettext("Too many wrong passwords") in text_of(locked)
    assert f'<html lang="{language}">' in text_of(locked)


def test_password_is_changed_and_the_session_stays(staff_client, staff):
    new = "another-long-password"
    answers = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}

    response = staff_client.post(reverse("password_change"), answers)

    assert response.url == reverse("password_change_done")
    assert staff_client.get(reverse("overview")).status_code == 200
    staff.refresh_from_db()
    assert staff.check_password(new)


def link_in(message):
    (link,) = re.findall(r"http://testserver(\S+)", message.body)
    return link


@pytest.mark.parametrize("visitor", ["en", "km"])
@LANGUAGES
def test_new_password_by_mail_in_the_language_of_the_user(
    language, visitor, anonymous_client, django_capture_on_commit_callbacks
):
    """Whoever asks, and in whatever language: the mail is the user's."""
    user = make_user("staff", language=language)
    client, new = in_language(anonymous_client, visitor), "another-long-password"

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("password_reset"), {"email": user.email})
    (message,) = mail.outbox
    form = client.get(link_in(message), follow=True)
    done = client.post(form.request["PATH_INFO"], {"new_password1": new, "new_password2": new})

    with override(language):
        assert gettext("Open this page to choose it:") in message.body
        assert gettext("Manufacturing Competitiveness Portal") in message.body
    assert message.to == [user.email]
    assert done.url == reverse("password_reset_complete")
    user.refresh_from_db()
    assert user.check_password(new)


def test_asking_for_an_unknown_address_tells_nothing(anonymous_client, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        known = anonymous_client.post(reverse("password_reset"), {"email": make_user().email})
        unknown = anonymous_client.post(reverse("password_reset"), {"email": "nobody@example.org"})

    assert len(mail.outbox) == 1
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)


def test_link_of_a_mail_works_once(anonymous_client, django_capture_on_commit_callbacks):
    user, new = make_user(), "another-long-password"
    with django_capture_on_commit_callbacks(execute=True):
        anonymous_client.post(reverse("password_reset"), {"email": user.email})
    link = link_in(mail.outbox[0])
    form = anonymous_client.get(link, follow=True)
    anonymous_client.post(form.request["PATH_INFO"], {"new_password1": new, "new_password2": new})

    again = Client().get(link, follow=True)

    assert "This link no longer works" in text_of(again)
