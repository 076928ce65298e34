"""Calls the reminders that a verifier sends by hand what they are; no row changes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0005_trade_tables_and_scenarios"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RenameModel(old_name="Nudge", new_name="RoundReminder"),
        migrations.AlterField(
            model_name="roundreminder",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="reminders", to="indicators.reportinground"
            ),
        ),
        migrations.AlterField(
            model_name="roundreminder",
            name="to",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="round_reminders",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
