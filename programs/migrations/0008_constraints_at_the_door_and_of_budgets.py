"""Lets the database hold what code alone held of consent, arrivals, doors and budgets; rows are put right first."""

from typing import Any

from django.db import migrations, models
from django.utils import timezone

REASON = "States neither a budget nor what was spent"


def put_right(apps: Any, schema_editor: Any) -> None:
    """Take away a notice without consent and what only other ways of arriving have; archive budgets of no amount.

    Who notes an arrival, and the code of a door, were written in one statement with the row, and accounts are never
    deleted: nothing can lack them.
    """
    Attendance, Arrival = (apps.get_model("programs", name) for name in ("Attendance", "Arrival"))
    Attendance.objects.exclude(consent_notice=None).exclude(consent=True).update(consent_notice=None)
    Arrival.objects.filter(way__in=["", "self"]).exclude(noted_by=None).update(noted_by=None)
    Arrival.objects.exclude(way="self").exclude(token=None).update(token=None)
    archive_empty_budgets(apps)
    schema_editor.connection.check_constraints()  # PostgreSQL alters no table for which checks are still waiting


def archive_empty_budgets(apps: Any) -> None:
    """Archive lines that state no amount, each as its next version with its history."""
    Budget, History = (apps.get_model("programs", name) for name in ("ProgramBudget", "HistoricalProgramBudget"))
    now = timezone.now()
    for line in Budget.objects.filter(archived_at=None, budget=None, spent=None):
        line.archived_at, line.archive_reason, line.version = now, REASON, line.version + 1
        line.save()
        values = {field.attname: getattr(line, field.attname) for field in Budget._meta.concrete_fields}
        History.objects.create(**values, history_date=now, history_type="~")


class Migration(migrations.Migration):
    dependencies = [
        ("capred_portal", "0007_constraints_of_what_leaves"),
        ("programs", "0007_high_priority_closed_by_somebody"),
    ]

    operations = [
        migrations.RunPython(put_right, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='arrival',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('noted_by', None), ('way__in', ('', 'self'))), models.Q(('noted_by__isnull', False), ('way__in', ('helper', 'list'))), _connector='OR'), name='arrival_noted_by_who_notes_it'),
        ),
        migrations.AddConstraint(
            model_name='arrival',
            constraint=models.CheckConstraint(condition=models.Q(('token', None), ('way', 'self'), _connector='OR'), name='arrival_with_a_form_of_its_own'),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.CheckConstraint(condition=models.Q(('consent_notice', None), models.Q(('consent', True), ('consent__isnull', False)), _connector='OR'), name='attendance_notice_of_consent'),
        ),
        migrations.AddConstraint(
            model_name='checkin',
            constraint=models.CheckConstraint(condition=models.Q(('code', ''), _negated=True), name='check_in_has_a_code'),
        ),
        migrations.AddConstraint(
            model_name='programbudget',
            constraint=models.CheckConstraint(condition=models.Q(('archived_at__isnull', False), ('budget__isnull', False), ('spent__isnull', False), _connector='OR'), name='program_budget_says_an_amount', violation_error_message='State the budget or what was spent, or both.'),
        ),
    ]
