"""What no key, export, link, arrival, attendance or budget can be: the database refuses it, whatever writes it."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from capred_portal.access_keys import new_key
from capred_portal.models import AccessToken, Export, PrivacyNotice, Report, ReportShare
from programs import check_in
from programs.arrivals import arrive
from programs.models import Arrival, Attendance, CheckIn, ProgramBudget
from tests.factories import make_attendance, make_program, make_user, make_workshop

pytestmark = pytest.mark.django_db

NOW = timezone.now()
LATER, BEFORE = NOW + dt.timedelta(days=7), NOW - dt.timedelta(days=7)
FILE = {"file": "exports/2026/1.xlsx", "rows_count": 3}


def make_key(user):
    return new_key(user, "Excel", ["records"], 30)[0]


def make_link(user):
    report = Report.objects.create(kind="brief", language="en", title_en="A", title_km="ក", body="-", data_version="1")
    return ReportShare.objects.create(report=report, created_by=user, expires_at=timezone.now() + dt.timedelta(days=7))


def make_export(user):
    return Export.objects.create(user=user, table="workshops", format="xlsx", language="en", role="staff")


def make_arrival(user, way=Arrival.Way.LIST):
    return arrive(make_attendance(attended=False).pk, way=way, by=user)


def make_door(user):
    return check_in.open_check_in(workshop=make_workshop(), closes_at=LATER, by=user)


def make_notice():
    return PrivacyNotice.objects.create(in_force_from=dt.date(2020, 1, 1), text_en="We keep it.", text_km="រក្សាទុក")


def make_agreed(_user):
    return make_attendance(consent=True, consent_notice=make_notice())


def make_budget(_user):
    return ProgramBudget.objects.create(program=make_program(), currency="USD", budget=10)


MADE = {
    AccessToken: make_key,
    Arrival: make_arrival,
    Attendance: make_agreed,
    CheckIn: make_door,
    Export: make_export,
    ProgramBudget: make_budget,
    ReportShare: make_link,
}


def change(model, values):
    """Make a row that is sound and change it as no form does."""
    user = make_user()
    row = MADE[model](user)
    values = {name: user if value == "somebody" else value for name, value in values.items()}
    with transaction.atomic():
        model._base_manager.filter(pk=row.pk).update(**values)
    return row


@pytest.mark.parametrize(
    ("model", "values", "name"),
    [
        (AccessToken, {"expires_at": BEFORE}, "access_token_ends_after_it_begins"),
        (AccessToken, {"expires_at": NOW, "created_at": NOW}, "access_token_ends_after_it_begins"),
        (ReportShare, {"expires_at": BEFORE}, "report_share_ends_after_it_begins"),
        (ReportShare, {"revoked_at": NOW}, "report_share_revoked_by_somebody"),
        (ReportShare, {"revoked_by": "somebody"}, "report_share_revoked_by_somebody"),
        (ReportShare, {"opened": 1}, "report_share_opened_at_some_time"),
        (ReportShare, {"last_opened_at": NOW}, "report_share_opened_at_some_time"),
        (Export, {"state": "ready", "finished_at": NOW, "rows_count": 3}, "export_ready_with_its_file"),
        (Export, {"state": "ready", "finished_at": NOW, "file": FILE["file"]}, "export_ready_with_its_file"),
        (Export, {"state": "writing", **FILE}, "export_ready_with_its_file"),
        (Export, {"state": "failed", "finished_at": NOW}, "export_failed_says_why"),
        (Export, {"problem": "broken"}, "export_failed_says_why"),
        (Export, {"state": "ready", **FILE}, "export_ended_at_some_time"),
        (Export, {"finished_at": NOW}, "export_ended_at_some_time"),
        (Arrival, {"noted_by": None}, "arrival_noted_by_who_notes_it"),
        (Arrival, {"way": "helper", "noted_by": None}, "arrival_noted_by_who_notes_it"),
        (Arrival, {"way": "self"}, "arrival_noted_by_who_notes_it"),
        (Arrival, {"way": "", "arrived_at": None}, "arrival_noted_by_who_notes_it"),
        (Arrival, {"token": "1" * 32}, "arrival_with_a_form_of_its_own"),
        (CheckIn, {"code": ""}, "check_in_has_a_code"),
        (Attendance, {"consent": False}, "attendance_notice_of_consent"),
        (Attendance, {"consent": None}, "attendance_notice_of_consent"),
        (ProgramBudget, {"budget": None}, "program_budget_says_an_amount"),
    ],
)
def test_database_refuses(model, values, name):
    with pytest.raises(IntegrityError, match=name):
        change(model, values)


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (ReportShare, {"revoked_at": NOW, "revoked_by": "somebody"}),
        (ReportShare, {"opened": 2, "last_opened_at": NOW}),
        (Export, {"state": "writing"}),
        (Export, {"state": "ready", "finished_at": NOW, **FILE}),
        (Export, {"state": "failed", "finished_at": NOW, "problem": "broken"}),
        (Arrival, {"way": "self", "noted_by": None, "token": "1" * 32}),
        (Arrival, {"way": "", "noted_by": None, "arrived_at": None}),
        (Attendance, {"consent_notice": None}),
        (ProgramBudget, {"budget": None, "spent": 0}),
        (ProgramBudget, {"budget": None, "archived_at": NOW, "archive_reason": "Twice"}),
    ],
)
def test_database_holds(model, values):
    row = change(model, values)

    assert model._base_manager.filter(pk=row.pk).exists()


# Through the pages


def test_the_administration_says_beside_a_budget_what_it_lacks(admin_client, admin):
    line = make_budget(admin)
    path = reverse("admin:programs_programbudget_change", args=[line.pk])
    form = admin_client.get(path).context["adminform"].form
    typed = {name: form[name].value() or "" for name in form.fields} | {"budget": ""}

    page = admin_client.post(path, typed).content.decode()

    assert "State the budget or what was spent, or both." in page
    line.refresh_from_db()
    assert line.budget == 10


def test_consent_taken_back_in_the_administration_takes_the_notice(admin_client, admin):
    row = make_agreed(admin)
    path = reverse("admin:programs_attendance_change", args=[row.pk])
    form = admin_client.get(path).context["adminform"].form
    typed = {name: form[name].value() for name in form.fields if form[name].value() is not None}

    answer = admin_client.post(path, typed | {"consent": "false"})

    row.refresh_from_db()
    assert (answer.status_code, row.consent, row.consent_notice) == (302, False, None)


# Rows of before


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("config.getoption('nomigrations')", reason="needs --migrations: rows of an older release")
def test_rows_of_an_older_release_are_put_right():
    user = make_user()
    key, link, export = make_key(user), make_link(user), make_export(user)
    arrival, row, line = make_arrival(user), make_agreed(user), make_budget(user)
    try:
        call_command("migrate", "capred_portal", "0006", verbosity=0)
        AccessToken.objects.update(expires_at=BEFORE)
        ReportShare.objects.update(expires_at=BEFORE, revoked_by=user, opened=3)
        Export.objects.update(state="ready")
        Arrival.objects.update(way="self", token="1" * 32)
        Attendance.objects.filter(pk=row.pk).update(consent=None)
        ProgramBudget.objects.update(budget=None)
    finally:
        call_command("migrate", verbosity=0)

    for record in (key, link, export, arrival, row, line):
        record.refresh_from_db()
    assert not AccessToken.objects.valid().exists()
    assert not ReportShare.objects.open().exists()
    assert (link.revoked_by, link.last_opened_at) == (None, link.created_at)
    assert (export.state, export.problem, export.finished_at) == ("failed", "broken", export.created_at)
    assert (arrival.way, arrival.noted_by, str(arrival.token)[:8]) == ("self", None, "11111111")
    assert (row.consent, row.consent_notice) == (None, None)
    assert (line.is_archived, line.version, line.as_of_version(2).archive_reason) == (True, 2, line.archive_reason)
    assert connection.introspection.get_constraints(connection.cursor(), "capred_portal_export")[
        "export_failed_says_why"
    ]
