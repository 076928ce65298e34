"""Demonstration rows: marked, the same for everybody, never on real records, and gone when asked."""

import random

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from capred_portal.demo import make_rows, make_users, remove_rows
from capred_portal.facts import write_facts
from capred_portal.models import User
from enterprises.models import SupplyLink
from programs.models import Action, Attendance, LinkAttribution, Outcome, Support, Workshop

pytestmark = pytest.mark.django_db

OUR_APPS = ("capred_portal", "enterprises", "programs", "indicators")


def row_counts() -> dict[str, int]:
    """Return the rows of every table of ours, history included, without accounts and data versions."""
    models = [model for app in OUR_APPS for model in apps.get_app_config(app).get_models()]
    return {
        model.__name__: model._default_manager.count()
        for model in models
        if model.__name__ not in {"User", "DataVersion"}
    }


def test_removing_takes_every_invented_row_and_no_real_one():
    write_facts()
    before = row_counts()
    make_rows()
    during = row_counts()

    remove_rows()

    assert during["Workshop"] > before["Workshop"]
    assert row_counts() == before


def test_demonstration_rows_hang_on_demonstration_rows_only():
    write_facts()
    make_rows()

    assert not Outcome.objects.filter(is_demo=True, workshop__is_demo=False).exists()
    assert not Action.objects.filter(is_demo=True, outcome__is_demo=False).exists()
    assert not Attendance.objects.filter(is_demo=True, person__is_demo=False).exists()
    assert not Attendance.objects.filter(is_demo=True, workshop__is_demo=False).exists()
    assert not Support.objects.filter(is_demo=True, organisation__is_demo=False).exists()
    assert not Support.objects.filter(is_demo=True, enterprise__is_demo=False).exists()
    assert not LinkAttribution.objects.filter(is_demo=True, link__is_demo=False).exists()
    assert not LinkAttribution.objects.filter(is_demo=True, program__is_demo=False).exists()
    assert not SupplyLink.objects.filter(is_demo=True, buyer__is_demo=False).exists()
    assert not Workshop.objects.filter(is_demo=True, program__is_demo=False).exists()


def test_making_them_again_changes_nothing():
    write_facts()
    make_rows()
    before = row_counts()

    make_rows()

    assert row_counts() == before


def test_they_are_the_same_everywhere():
    write_facts()
    make_rows()
    first = list(Workshop.objects.filter(is_demo=True).order_by("pk").values_list("title_en", "province"))
    remove_rows()
    random.seed(1)

    make_rows()

    assert list(Workshop.objects.filter(is_demo=True).order_by("pk").values_list("title_en", "province")) == first


def test_the_four_users_sign_in_with_the_password_and_not_after_removal():
    make_users("a-long-demo-password")
    client = Client()
    signed_in = {}
    for role in ("staff", "verifier", "officer", "admin"):
        client.logout()
        answer = client.post(reverse("login"), {"username": role, "password": "a-long-demo-password"})
        signed_in[role] = answer.status_code
    remove_rows()

    assert set(signed_in.values()) == {302}
    assert not User.objects.filter(is_demo=True, is_active=True).exists()


def test_every_list_marks_them(officer_client):
    write_facts()
    make_rows()

    for name in ("workshops:list", "outcomes:list", "actions:list", "programs:list", "overview", "strategy:index"):
        assert "tag demo" in officer_client.get(reverse(name)).content.decode(), name


def test_the_command_fills_and_empties_the_database(capsys, settings):
    settings.DEMO_PASSWORD = "a-long-demo-password"

    call_command("demo", "--no-server")
    call_command("demo", "--remove")

    printed = capsys.readouterr().out
    assert "officer" in printed
    assert "a-long-demo-password" in printed
    assert "removed" in printed
    assert not Workshop.objects.filter(is_demo=True).exists()
    assert Workshop.objects.filter(is_demo=False).exists()
