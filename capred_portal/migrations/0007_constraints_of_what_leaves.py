"""Lets the database hold what code alone held of keys, exports and links, and finds questions in order.

Rows that break a constraint are put right first.
"""

import datetime as dt
from typing import Any

from django.db import migrations, models
from django.db.models import F, Q

MOMENT = dt.timedelta(seconds=1)


def put_right(apps: Any, schema_editor: Any) -> None:
    """Close what never opened anything a moment after it was made, and call an export without its file failed."""
    AccessToken, Export, ReportShare = (
        apps.get_model("capred_portal", name) for name in ("AccessToken", "Export", "ReportShare")
    )
    for model in (AccessToken, ReportShare):
        model.objects.filter(expires_at__lte=F("created_at")).update(expires_at=F("created_at") + MOMENT)
    ReportShare.objects.filter(revoked_at=None).exclude(revoked_by=None).update(revoked_by=None)
    ReportShare.objects.filter(opened=0).exclude(last_opened_at=None).update(opened=1)
    ReportShare.objects.filter(opened__gt=0, last_opened_at=None).update(last_opened_at=F("created_at"))
    ready, failed = Export.objects.filter(state="ready"), Export.objects.filter(state="failed")
    ready.filter(Q(file="") | Q(rows_count=None)).update(state="failed", problem="broken")
    failed.filter(problem="").update(problem="broken")
    Export.objects.exclude(state="failed").exclude(problem="").update(problem="")
    Export.objects.exclude(state="ready").exclude(file="").update(file="")  # the file goes with those no row knows
    Export.objects.filter(state__in=["ready", "failed"], finished_at=None).update(finished_at=F("created_at"))
    Export.objects.filter(state__in=["waiting", "writing"]).exclude(finished_at=None).update(finished_at=None)
    schema_editor.connection.check_constraints()  # PostgreSQL alters no table for which checks are still waiting


class Migration(migrations.Migration):
    dependencies = [("capred_portal", "0006_keys_exports_reports_and_reminders")]

    operations = [
        migrations.RunPython(put_right, migrations.RunPython.noop),
        migrations.RemoveIndex(
            model_name='comment',
            name='comment_kind',
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(fields=['kind', 'archived_at', 'created_at', 'id'], name='comment_by_kind'),
        ),
        migrations.RemoveConstraint(
            model_name='reportshare',
            name='report_share_revoked_by_somebody',
        ),
        migrations.AddConstraint(
            model_name='accesstoken',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('created_at'))), name='access_token_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='export',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'ready'), models.Q(('file', ''), _negated=True), ('rows_count__isnull', False)), models.Q(models.Q(('state', 'ready'), _negated=True), ('file', '')), _connector='OR'), name='export_ready_with_its_file'),
        ),
        migrations.AddConstraint(
            model_name='export',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), models.Q(('problem', ''), _negated=True)), models.Q(models.Q(('state', 'failed'), _negated=True), ('problem', '')), _connector='OR'), name='export_failed_says_why'),
        ),
        migrations.AddConstraint(
            model_name='export',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finished_at', None), ('state__in', ('waiting', 'writing'))), models.Q(('finished_at__isnull', False), ('state__in', ('ready', 'failed'))), _connector='OR'), name='export_ended_at_some_time'),
        ),
        migrations.AddConstraint(
            model_name='reportshare',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('revoked_at', None), ('revoked_by', None)), models.Q(('revoked_at__isnull', False), ('revoked_by__isnull', False)), _connector='OR'), name='report_share_revoked_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='reportshare',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('created_at'))), name='report_share_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='reportshare',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('last_opened_at', None), ('opened', 0)), models.Q(('last_opened_at__isnull', False), ('opened__gt', 0)), _connector='OR'), name='report_share_opened_at_some_time'),
        ),
    ]
