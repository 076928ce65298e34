"""The command `manage.py load`: the same steps as the pages, all rows or none."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from capred_portal import spreadsheets
from capred_portal.models import Load
from programs.models import Attendance, Person
from tests.factories import make_user, make_workshop

HEADER = ["Name (Latin)", "Sex", "Organisation", "Phone", "Days", "Consent"]


def csv_of(*rows):
    return spreadsheets.write_csv(HEADER, rows)


def run(path, *arguments):
    out = io.StringIO()
    call_command("load", "attendance", str(path), *arguments, stdout=out)
    return out.getvalue()


def test_the_command_loads_a_file(db, tmp_path):
    path, workshop, by = tmp_path / "list.csv", make_workshop(), make_user()
    path.write_bytes(csv_of(["Sok Dara", "f", "Ministry", "", "1", ""]))

    result = json.loads(run(path, "--workshop", str(workshop.pk), "--user", by.username, "--json"))

    assert (result["state"], result["counts"]["new"]) == ("done", 1)
    assert Attendance.objects.get().created_by == by


def test_the_command_lists_wrong_rows_and_writes_nothing(db, tmp_path, capsys):
    path, workshop = tmp_path / "list.csv", make_workshop()
    path.write_bytes(csv_of(["Sok Dara", "f", "", "", "1", ""], ["Chan Thy", "x", "", "", "99", ""]))

    with pytest.raises(SystemExit, match="1"):
        call_command("load", "attendance", str(path), "--workshop", str(workshop.pk), "--user", make_user().username)

    assert "3: Sex:" in capsys.readouterr().out
    assert not Load.objects.exists()
    assert not Person.objects.exists()


def test_a_dry_run_writes_nothing(db, tmp_path):
    path, workshop = tmp_path / "list.csv", make_workshop()
    path.write_bytes(csv_of(["Sok Dara", "f", "", "", "1", ""]))

    assert "new: 1" in run(path, "--workshop", str(workshop.pk), "--dry-run")

    assert not Load.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--workshop", "999999"], "no such workshop"), ([], "no such workshop"), (["--workshop", "W"], "--user")],
)
def test_the_command_says_what_is_missing(db, tmp_path, arguments, words):
    path, workshop = tmp_path / "list.csv", make_workshop()
    path.write_bytes(csv_of(["Sok Dara", "f", "", "", "1", ""]))

    with pytest.raises(CommandError, match=words):
        run(path, *(str(workshop.pk) if argument == "W" else argument for argument in arguments))
