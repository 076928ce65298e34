import capred_portal.fields
import django.core.validators
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("capred_portal", "0001_initial"),
        ("capred_portal", "__first__"),
        ("enterprises", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Theme",
            fields=[
                ("code", models.SlugField(max_length=40, primary_key=True, serialize=False, verbose_name="code")),
                ("title_en", models.CharField(max_length=100, verbose_name="title in English")),
                ("title_km", models.CharField(max_length=100, verbose_name="title in Khmer")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
            ],
            options={
                "verbose_name": "theme",
                "verbose_name_plural": "themes",
                "ordering": ["order", "code"],
            },
        ),
        migrations.CreateModel(
            name="AgendaItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="last modified")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("creation_token", models.UUIDField(blank=True, editable=False, null=True)),
                ("creation_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="archived")),
                (
                    "archive_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="reason for archiving"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration row")),
                ("starts_at", models.TimeField(blank=True, null=True, verbose_name="starts at")),
                (
                    "title_en",
                    capred_portal.fields.NormalCharField(blank=True, max_length=250, verbose_name="title in English"),
                ),
                (
                    "title_km",
                    capred_portal.fields.NormalCharField(blank=True, max_length=250, verbose_name="title in Khmer"),
                ),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "archived_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "agenda item",
                "verbose_name_plural": "agenda",
                "ordering": ["order", "starts_at", "pk"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("creation_token", "creation_digest"), name="programs_agendaitem_created_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("archived_at", None), models.Q(("archive_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="programs_agendaitem_archived_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title_en", ""), ("title_km", ""), _negated=True),
                        name="agenda_item_has_title",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Framework",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="last modified")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("creation_token", models.UUIDField(blank=True, editable=False, null=True)),
                ("creation_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="archived")),
                (
                    "archive_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="reason for archiving"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration row")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("title_en", capred_portal.fields.NormalCharField(max_length=250, verbose_name="title in English")),
                (
                    "title_km",
                    capred_portal.fields.NormalCharField(blank=True, max_length=250, verbose_name="title in Khmer"),
                ),
                (
                    "full_title_en",
                    capred_portal.fields.NormalCharField(
                        blank=True, max_length=400, verbose_name="full title in English"
                    ),
                ),
                (
                    "full_title_km",
                    capred_portal.fields.NormalCharField(
                        blank=True, max_length=400, verbose_name="full title in Khmer"
                    ),
                ),
                ("first_year", models.PositiveSmallIntegerField(verbose_name="first year")),
                ("last_year", models.PositiveSmallIntegerField(verbose_name="last year")),
                ("source", models.CharField(max_length=300, verbose_name="source")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "archived_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "strategy",
                "verbose_name_plural": "strategies",
                "ordering": ["order", "code"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("creation_token", "creation_digest"), name="programs_framework_created_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("archived_at", None), models.Q(("archive_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="programs_framework_archived_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("last_year__gte", models.F("first_year"))),
                        name="framework_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Goal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="last modified")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("creation_token", models.UUIDField(blank=True, editable=False, null=True)),
                ("creation_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="archived")),
                (
                    "archive_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="reason for archiving"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration row")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("core", "Core"),
                            ("pentagon", "Pentagon"),
                            ("side", "Side"),
                            ("target", "Target"),
                            ("motto", "Motto"),
                            ("objective", "Objective"),
                            ("priority", "Priority"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("code", models.CharField(max_length=20, verbose_name="code")),
                (
                    "title_en",
                    capred_portal.fields.NormalCharField(blank=True, max_length=300, verbose_name="title in English"),
                ),
                (
                    "title_km",
                    capred_portal.fields.NormalCharField(blank=True, max_length=300, verbose_name="title in Khmer"),
                ),
                (
                    "confidence",
                    models.CharField(
                        choices=[
                            ("V", "Read in a primary source"),
                            ("V2", "Read in a secondary source"),
                            ("G", "Not verified, to be confirmed by MISTI"),
                        ],
                        max_length=2,
                        verbose_name="confidence in the title",
                    ),
                ),
                ("source", models.CharField(max_length=300, verbose_name="source")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "archived_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "framework",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="goals",
                        to="programs.framework",
                        verbose_name="strategy",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="programs.goal",
                        verbose_name="part of",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "goal",
                "verbose_name_plural": "goals",
                "ordering": ["framework__order", "order", "code"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("creation_token", "creation_digest"), name="programs_goal_created_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("archived_at", None), models.Q(("archive_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="programs_goal_archived_with_reason",
                    ),
                    models.UniqueConstraint(fields=("framework", "code"), name="goal_code_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalAgendaItem",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("created_at", models.DateTimeField(blank=True, editable=False, verbose_name="created")),
                ("updated_at", models.DateTimeField(blank=True, editable=False, verbose_name="last modified")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("creation_token", models.UUIDField(blank=True, editable=False, null=True)),
                ("creation_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="archived")),
                (
                    "archive_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="reason for archiving"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration row")),
                ("starts_at", models.TimeField(blank=True, null=True, verbose_name="starts at")),
                (
                    "title_en",
                    capred_portal.fields.NormalCharField(blank=True, max_length=250, verbose_name="title in English"),
                ),
                (
                    "title_km",
                    capred_portal.fields.NormalCharField(blank=True, max_length=250, verbose_name="title in Khmer"),
                ),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "archived_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical agenda item",
                "verbose_name_plural": "historical agenda",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalFramework",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("created_at", models.DateTimeField(blank=True, editable=False, verbose_name="created")),
                ("updated_at", models.DateTimeField(blank=True, editable=False, verbose_name="last modified")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("creation_token", models.UUIDField(blank=True, editable=False, null=True)),
                ("creation_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="archived")),
                (
                    "archive_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="reason for archiving"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration row")),
                ("code", models.SlugField(max_length=40, verbose_name="code")),
                ("title_en", capred_portal.fields.NormalCharField(max_length=250, verbose_name="title in English")),
                (
                    "title_km",
                    capred_portal.fields.NormalCharField(blank=True, max_length=250, verbose_name="title in Khmer"),
                ),
                (
                    "full_title_en",
                    capred_portal.fields.NormalCharField(
                        blank=True, max_length=400, verbose_name="full title in English"
                    ),
                ),
                (
                    "full_title_km",
                    capred_portal.fields.NormalCharField(
                        blank=True, max_length=400, verbose_name="full title in Khmer"
                    ),
                ),
                ("first_year", models.PositiveSmallIntegerField(verbose_name="first year")),
                ("last_year", models.PositiveSmallIntegerField(verbose_name="last year")),
                ("source", models.CharField(max_length=300, verbose_name="source")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "archived_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical strategy",
                "verbose_name_plural": "historical strategies",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalGoal",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("created_at", models.DateTimeField(blank=True, editable=False, verbose_name="created")),
                ("updated_at", models.DateTimeField(blank=True, editable=False, verbose_name="last modified")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("creation_token", models.UUIDField(blank=True, editable=False, null=True)),
                ("creation_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="archived")),
                (
                    "archive_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="reason for archiving"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration row")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("core", "Core"),
                            ("pentagon", "Pentagon"),
                            ("side", "Side"),
                            ("target", "Target"),
                            ("motto", "Motto"),
                            ("objective", "Objective"),
                            ("priority", "Priority"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("code", models.CharField(max_length=20, verbose_name="code")),
                (
                    "title_en",
                    capred_portal.fields.NormalCharField(blank=True, max_length=300, verbose_name="title in English"),
                ),
                (
                    "title_km",
                    capred_portal.fields.NormalCharField(blank=True, max_length=300, verbose_name="title in Khmer"),
                ),
                (
                    "confidence",
                    models.CharField(
                        choices=[
                            ("V", "Read in a primary source"),
                            ("V2", "Read in a secondary source"),
                            ("G", "Not verified, to be confirmed by MISTI"),
                        ],
                        max_length=2,
                        verbose_name="confidence in the title",
                    ),
                ),
                ("source", models.CharField(max_length=300, verbose_name="source")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "archived_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "framework",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programs.framework",
                        verbose_name="strategy",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programs.goal",
                        verbose_name="part of",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical goal",
                "verbose_name_plural": "historical goals",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalOutcome",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("created_at", models.DateTimeField(blank=True, editable=False, verbose_name="created")),
                ("updated_at", models.DateTimeField(blank=True, editable=False, verbose_name="last modified")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("creation_token", models.UUIDField(blank=True, editable=False, null=True)),
                ("creation_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="archived")),
                (
                    "archive_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="reason for archiving"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration row")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("finding", "Finding"),
                            ("recommendation", "Recommendation"),
                            ("tool", "Tool"),
                            ("policy", "Policy"),
                            ("program", "Program"),
                            ("commitment", "Commitment"),
                        ],
                        max_length=15,
                        verbose_name="kind",
                    ),
                ),
                (
                    "text_en",
                    capred_portal.fields.NormalTextField(blank=True, max_length=3000, verbose_name="text in English"),
                ),
                (
                    "text_km",
                    capred_portal.fields.NormalTextField(blank=True, max_length=3000, verbose_name="text in Khmer"),
                ),
                (
                    "goals_confirmed",
                    models.BooleanField(default=False, verbose_name="the goals are confirmed by MISTI"),
                ),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("identified", "Identified"),
                            ("drafted", "Drafted"),
                            ("adopted", "Adopted"),
                            ("in-force", "In force"),
                            ("dropped", "Dropped"),
                        ],
                        editable=False,
                        max_length=10,
                        verbose_name="stage",
                    ),
                ),
                ("search_key", capred_portal.fields.SearchKeyField(sources=("text_en", "text_km"))),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "archived_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="capred_portal.thread",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical outcome",
                "verbose_name_plural": "historical outcomes",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalPerson",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("created_at", models.DateTimeField(blank=True, editable=False, verbose_name="created")),
                ("updated_at", models.DateTimeField(blank=True, editable=False, verbose_name="last modified")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("creation_token", models.UUIDField(blank=True, editable=False, null=True)),
                ("creation_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="archived")),
                (
                    "archive_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="reason for archiving"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration row")),
                (
                    "honorific",
                    capred_portal.fields.NormalCharField(blank=True, max_length=60, verbose_name="honorific"),
                ),
                (
                    "name_en",
                    capred_portal.fields.NormalCharField(
                        blank=True, max_length=150, verbose_name="name in Latin script"
                    ),
                ),
                (
                    "name_km",
                    capred_portal.fields.NormalCharField(
                        blank=True, max_length=150, verbose_name="name in Khmer script"
                    ),
                ),
                (
                    "sex",
                    models.CharField(
                        blank=True,
                        choices=[("f", "Female"), ("m", "Male"), ("o", "Other"), ("", "Unknown")],
                        default="",
                        max_length=1,
                        verbose_name="sex",
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="phone")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_possible_duplicate",
                    models.BooleanField(default=False, editable=False, verbose_name="possible duplicate"),
                ),
                ("name_en_key", capred_portal.fields.NameKeyField(sources=("name_en",))),
                ("name_km_key", capred_portal.fields.NameKeyField(sources=("name_km",))),
                ("search_key", capred_portal.fields.SearchKeyField(sources=("name_en", "name_km"))),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "archived_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="capred_portal.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical person",
                "verbose_name_plural": "historical people",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalProgram",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("created_at", models.DateTimeField(blank=True, editable=False, verbose_name="created")),
                ("updated_at", models.DateTimeField(blank=True, editable=False, verbose_name="last modified")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("creation_token", models.UUIDField(blank=True, editable=False, null=True)),
                ("creation_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="archived")),
                (
                    "archive_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="reason for archiving"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration row")),
                ("slug", models.SlugField(max_length=60, verbose_name="short name in the address")),
                (
                    "title_en",
                    capred_portal.fields.NormalCharField(blank=True, max_length=250, verbose_name="title in English"),
                ),
                (
                    "title_km",
                    capred_portal.fields.NormalCharField(blank=True, max_length=250, verbose_name="title in Khmer"),
                ),
                (
                    "summary_en",
                    capred_portal.fields.NormalTextField(
                        blank=True, max_length=5000, verbose_name="summary in English"
                    ),
                ),
                (
                    "summary_km",
                    capred_portal.fields.NormalTextField(blank=True, max_length=5000, verbose_name="summary in Khmer"),
                ),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="starts")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="ends")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("running", "Running"),
                            ("paused", "On hold"),
                            ("closed", "Closed"),
                        ],
                        default="planned",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "status_note_en",
                    capred_portal.fields.NormalTextField(
                        blank=True, max_length=2000, verbose_name="status in words, in English"
                    ),
                ),
                (
                    "status_note_km",
                    capred_portal.fields.NormalTextField(
                        blank=True, max_length=2000, verbose_name="status in words, in Khmer"
                    ),
                ),
                (
                    "goals_confirmed",
                    models.BooleanField(default=False, verbose_name="the goals are confirmed by MISTI"),
                ),
                ("source", models.CharField(blank=True, max_length=500, verbose_name="source")),
                ("search_key", capred_portal.fields.SearchKeyField(sources=("title_en", "title_km", "slug"))),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "archived_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical program",
                "verbose_name_plural": "historical programs",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Outcome",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="last modified")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("creation_token", models.UUIDField(blank=True, editable=False, null=True)),
                ("creation_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="archived")),
                (
                    "archive_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="reason for archiving"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration row")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("finding", "Finding"),
                            ("recommendation", "Recommendation"),
                            ("tool", "Tool"),
                            ("policy", "Policy"),
                            ("program", "Program"),
                            ("commitment", "Commitment"),
                        ],
                        max_length=15,
                        verbose_name="kind",
                    ),
                ),
                (
                    "text_en",
                    capred_portal.fields.NormalTextField(blank=True, max_length=3000, verbose_name="text in English"),
                ),
                (
                    "text_km",
                    capred_portal.fields.NormalTextField(blank=True, max_length=3000, verbose_name="text in Khmer"),
                ),
                (
                    "goals_confirmed",
                    models.BooleanField(default=False, verbose_name="the goals are confirmed by MISTI"),
                ),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("identified", "Identified"),
                            ("drafted", "Drafted"),
                            ("adopted", "Adopted"),
                            ("in-force", "In force"),
                            ("dropped", "Dropped"),
                        ],
                        editable=False,
                        max_length=10,
                        verbose_name="stage",
                    ),
                ),
                ("search_key", capred_portal.fields.SearchKeyField(sources=("text_en", "text_km"))),
                (
                    "archived_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "documents",
                    models.ManyToManyField(
                        blank=True,
                        editable=False,
                        related_name="outcomes",
                        to="capred_portal.document",
                        verbose_name="documents",
                    ),
                ),
                (
                    "goals",
                    models.ManyToManyField(
                        blank=True, related_name="outcomes", to="programs.goal", verbose_name="goals served"
                    ),
                ),
                (
                    "thread",
                    models.OneToOneField(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outcome",
                        to="capred_portal.thread",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "outcome",
                "verbose_name_plural": "outcomes",
                "ordering": ["-pk"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["archived_at", "kind", "stage"], name="outcome_by_kind"),
                    models.Index(fields=["-updated_at"], name="outcome_by_change"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("creation_token", "creation_digest"), name="programs_outcome_created_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("archived_at", None), models.Q(("archive_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="programs_outcome_archived_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text_en", ""), ("text_km", ""), _negated=True), name="outcome_has_text"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("stage", ""), ("kind__in", ("tool", "policy", "program")), _connector="OR"),
                        name="outcome_stage_fits_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalOutcomeStage",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("created_at", models.DateTimeField(blank=True, editable=False, verbose_name="created")),
                ("updated_at", models.DateTimeField(blank=True, editable=False, verbose_name="last modified")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("creation_token", models.UUIDField(blank=True, editable=False, null=True)),
                ("creation_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="archived")),
                (
                    "archive_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="reason for archiving"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration row")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("identified", "Identified"),
                            ("drafted", "Drafted"),
                            ("adopted", "Adopted"),
                            ("in-force", "In force"),
                            ("dropped", "Dropped"),
                        ],
                        max_length=10,
                        verbose_name="stage",
                    ),
                ),
                ("reached_on", models.DateField(verbose_name="reached on")),
                ("note", capred_portal.fields.NormalTextField(blank=True, max_length=1000, verbose_name="note")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "archived_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "outcome",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programs.outcome",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical stage of an outcome",
                "verbose_name_plural": "historical stages of outcomes",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalOutcome_goals",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("m2m_history_id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "goal",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programs.goal",
                    ),
                ),
                (
                    "history",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="programs.historicaloutcome",
                    ),
                ),
                (
                    "outcome",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programs.outcome",
                    ),
                ),
            ],
            options={
                "verbose_name": "HistoricalOutcome_goals",
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="OutcomeStage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="last modified")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("creation_token", models.UUIDField(blank=True, editable=False, null=True)),
                ("creation_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="archived")),
                (
                    "archive_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="reason for archiving"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration row")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("identified", "Identified"),
                            ("drafted", "Drafted"),
                            ("adopted", "Adopted"),
                            ("in-force", "In force"),
                            ("dropped", "Dropped"),
                        ],
                        max_length=10,
                        verbose_name="stage",
                    ),
                ),
                ("reached_on", models.DateField(verbose_name="reached on")),
                ("note", capred_portal.fields.NormalTextField(blank=True, max_length=1000, verbose_name="note")),
                (
                    "archived_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "outcome",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stages",
                        to="programs.outcome",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "stage of an outcome",
                "verbose_name_plural": "stages of outcomes",
                "ordering": ["reached_on", "pk"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("creation_token", "creation_digest"), name="programs_outcomestage_created_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("archived_at", None), models.Q(("archive_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="programs_outcomestage_archived_with_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("archived_at", None)),
                        fields=("outcome", "stage"),
                        name="outcome_stage_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="last modified")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("creation_token", models.UUIDField(blank=True, editable=False, null=True)),
                ("creation_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="archived")),
                (
                    "archive_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="reason for archiving"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration row")),
                (
                    "honorific",
                    capred_portal.fields.NormalCharField(blank=True, max_length=60, verbose_name="honorific"),
                ),
                (
                    "name_en",
                    capred_portal.fields.NormalCharField(
                        blank=True, max_length=150, verbose_name="name in Latin script"
                    ),
                ),
                (
                    "name_km",
                    capred_portal.fields.NormalCharField(
                        blank=True, max_length=150, verbose_name="name in Khmer script"
                    ),
                ),
                (
                    "sex",
                    models.CharField(
                        blank=True,
                        choices=[("f", "Female"), ("m", "Male"), ("o", "Other"), ("", "Unknown")],
                        default="",
                        max_length=1,
                        verbose_name="sex",
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="phone")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_possible_duplicate",
                    models.BooleanField(default=False, editable=False, verbose_name="possible duplicate"),
                ),
                ("name_en_key", capred_portal.fields.NameKeyField(sources=("name_en",))),
                ("name_km_key", capred_portal.fields.NameKeyField(sources=("name_km",))),
                ("search_key", capred_portal.fields.SearchKeyField(sources=("name_en", "name_km"))),
                (
                    "archived_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="people",
                        to="capred_portal.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "person",
                "verbose_name_plural": "people",
                "ordering": ["name_en_key", "name_km_key", "pk"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["name_en_key", "name_km_key", "id"], name="person_by_name"),
                    models.Index(fields=["name_km_key"], name="person_by_khmer_name"),
                    models.Index(
                        condition=models.Q(("phone", ""), _negated=True), fields=["phone"], name="person_by_phone"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("creation_token", "creation_digest"), name="programs_person_created_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("archived_at", None), models.Q(("archive_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="programs_person_archived_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name_en", ""), ("name_km", ""), _negated=True), name="person_has_name"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalAgendaItem_speakers",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("m2m_history_id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "agendaitem",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programs.agendaitem",
                    ),
                ),
                (
                    "history",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="programs.historicalagendaitem",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programs.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "HistoricalAgendaItem_speakers",
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="speakers",
            field=models.ManyToManyField(
                blank=True, related_name="agenda_items", to="programs.person", verbose_name="speakers"
            ),
        ),
        migrations.CreateModel(
            name="Program",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="last modified")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("creation_token", models.UUIDField(blank=True, editable=False, null=True)),
                ("creation_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="archived")),
                (
                    "archive_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="reason for archiving"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration row")),
                ("slug", models.SlugField(max_length=60, unique=True, verbose_name="short name in the address")),
                (
                    "title_en",
                    capred_portal.fields.NormalCharField(blank=True, max_length=250, verbose_name="title in English"),
                ),
                (
                    "title_km",
                    capred_portal.fields.NormalCharField(blank=True, max_length=250, verbose_name="title in Khmer"),
                ),
                (
                    "summary_en",
                    capred_portal.fields.NormalTextField(
                        blank=True, max_length=5000, verbose_name="summary in English"
                    ),
                ),
                (
                    "summary_km",
                    capred_portal.fields.NormalTextField(blank=True, max_length=5000, verbose_name="summary in Khmer"),
                ),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="starts")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="ends")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("running", "Running"),
                            ("paused", "On hold"),
                            ("closed", "Closed"),
                        ],
                        default="planned",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "status_note_en",
                    capred_portal.fields.NormalTextField(
                        blank=True, max_length=2000, verbose_name="status in words, in English"
                    ),
                ),
                (
                    "status_note_km",
                    capred_portal.fields.NormalTextField(
                        blank=True, max_length=2000, verbose_name="status in words, in Khmer"
                    ),
                ),
                (
                    "goals_confirmed",
                    models.BooleanField(default=False, verbose_name="the goals are confirmed by MISTI"),
                ),
                ("source", models.CharField(blank=True, max_length=500, verbose_name="source")),
                ("search_key", capred_portal.fields.SearchKeyField(sources=("title_en", "title_km", "slug"))),
                (
                    "archived_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "documents",
                    models.ManyToManyField(
                        blank=True,
                        editable=False,
                        related_name="programs",
                        to="capred_portal.document",
                        verbose_name="documents",
                    ),
                ),
                (
                    "goals",
                    models.ManyToManyField(
                        blank=True, related_name="programs", to="programs.goal", verbose_name="goals served"
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "program",
                "verbose_name_plural": "programs",
                "ordering": ["is_demo", "slug"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("creation_token", "creation_digest"), name="programs_program_created_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("archived_at", None), models.Q(("archive_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="programs_program_archived_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None),
                            ("starts_on", None),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="program_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title_en", ""), ("title_km", ""), _negated=True), name="program_has_title"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="outcome",
            name="became",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="came_from",
                to="programs.program",
                verbose_name="became the program",
            ),
        ),
        migrations.CreateModel(
            name="HistoricalWorkshop",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("created_at", models.DateTimeField(blank=True, editable=False, verbose_name="created")),
                ("updated_at", models.DateTimeField(blank=True, editable=False, verbose_name="last modified")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("creation_token", models.UUIDField(blank=True, editable=False, null=True)),
                ("creation_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="archived")),
                (
                    "archive_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="reason for archiving"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration row")),
                (
                    "title_en",
                    capred_portal.fields.NormalCharField(blank=True, max_length=250, verbose_name="title in English"),
                ),
                (
                    "title_km",
                    capred_portal.fields.NormalCharField(blank=True, max_length=250, verbose_name="title in Khmer"),
                ),
                ("date", models.DateField(verbose_name="date")),
                (
                    "end_date",
                    models.DateField(
                        blank=True, help_text="Only if it lasted several days.", null=True, verbose_name="last day"
                    ),
                ),
                ("starts_at", models.TimeField(blank=True, null=True, verbose_name="starts at")),
                ("ends_at", models.TimeField(blank=True, null=True, verbose_name="ends at")),
                (
                    "venue_en",
                    capred_portal.fields.NormalCharField(blank=True, max_length=250, verbose_name="venue in English"),
                ),
                (
                    "venue_km",
                    capred_portal.fields.NormalCharField(blank=True, max_length=250, verbose_name="venue in Khmer"),
                ),
                (
                    "goals_confirmed",
                    models.BooleanField(default=False, verbose_name="the goals are confirmed by MISTI"),
                ),
                (
                    "summary_en",
                    capred_portal.fields.NormalTextField(
                        blank=True, max_length=10000, verbose_name="summary in English"
                    ),
                ),
                (
                    "summary_km",
                    capred_portal.fields.NormalTextField(blank=True, max_length=10000, verbose_name="summary in Khmer"),
                ),
                (
                    "head_count",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="How many people were in the room, counted on the day.",
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(100000)],
                        verbose_name="head-count",
                    ),
                ),
                ("source", models.CharField(blank=True, editable=False, max_length=500, verbose_name="source")),
                (
                    "search_key",
                    capred_portal.fields.SearchKeyField(
                        sources=("title_en", "title_km", "venue_en", "venue_km", "summary_en", "summary_km")
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "archived_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "province",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="enterprises.province",
                        verbose_name="province",
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="capred_portal.thread",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical workshop",
                "verbose_name_plural": "historical workshops",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalSupport",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("created_at", models.DateTimeField(blank=True, editable=False, verbose_name="created")),
                ("updated_at", models.DateTimeField(blank=True, editable=False, verbose_name="last modified")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("creation_token", models.UUIDField(blank=True, editable=False, null=True)),
                ("creation_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="archived")),
                (
                    "archive_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="reason for archiving"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration row")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("training", "Training"),
                            ("advice", "Advice"),
                            ("grant", "Grant"),
                            ("testing", "Testing"),
                            ("certification", "Certification"),
                            ("introduction", "Introduction to a buyer or partner"),
                        ],
                        max_length=15,
                        verbose_name="kind",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="starts")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="ends")),
                (
                    "value",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="value",
                    ),
                ),
                (
                    "currency",
                    models.CharField(
                        blank=True,
                        choices=[("AUD", "Australian dollar"), ("USD", "US dollar"), ("KHR", "Cambodian riel")],
                        max_length=3,
                        verbose_name="currency",
                    ),
                ),
                (
                    "result_en",
                    capred_portal.fields.NormalTextField(blank=True, max_length=3000, verbose_name="result in English"),
                ),
                (
                    "result_km",
                    capred_portal.fields.NormalTextField(blank=True, max_length=3000, verbose_name="result in Khmer"),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "archived_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="capred_portal.organisation",
                        verbose_name="organisation supported",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programs.program",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical support",
                "verbose_name_plural": "historical support",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalRisk",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("created_at", models.DateTimeField(blank=True, editable=False, verbose_name="created")),
                ("updated_at", models.DateTimeField(blank=True, editable=False, verbose_name="last modified")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("creation_token", models.UUIDField(blank=True, editable=False, null=True)),
                ("creation_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="archived")),
                (
                    "archive_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="reason for archiving"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration row")),
                (
                    "text_en",
                    capred_portal.fields.NormalTextField(blank=True, max_length=2000, verbose_name="risk in English"),
                ),
                (
                    "text_km",
                    capred_portal.fields.NormalTextField(blank=True, max_length=2000, verbose_name="risk in Khmer"),
                ),
                (
                    "likelihood",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Low"), (2, "Medium"), (3, "High")],
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(3),
                        ],
                        verbose_name="likelihood",
                    ),
                ),
                (
                    "effect",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Low"), (2, "Medium"), (3, "High")],
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(3),
                        ],
                        verbose_name="effect",
                    ),
                ),
                (
                    "response_en",
                    capred_portal.fields.NormalTextField(
                        blank=True, max_length=2000, verbose_name="response in English"
                    ),
                ),
                (
                    "response_km",
                    capred_portal.fields.NormalTextField(blank=True, max_length=2000, verbose_name="response in Khmer"),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "archived_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programs.program",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical risk",
                "verbose_name_plural": "historical risks",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalProgramPartner",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("created_at", models.DateTimeField(blank=True, editable=False, verbose_name="created")),
                ("updated_at", models.DateTimeField(blank=True, editable=False, verbose_name="last modified")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("creation_token", models.UUIDField(blank=True, editable=False, null=True)),
                ("creation_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="archived")),
                (
                    "archive_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="reason for archiving"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration row")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("lead", "Leads"),
                            ("funder", "Funds"),
                            ("implementer", "Carries out"),
                            ("partner", "Works with"),
                            ("adviser", "Advises"),
                        ],
                        max_length=15,
                        verbose_name="role",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "archived_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="capred_portal.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programs.program",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical partner organisation",
                "verbose_name_plural": "historical partner organisations",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalProgramBudget",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("created_at", models.DateTimeField(blank=True, editable=False, verbose_name="created")),
                ("updated_at", models.DateTimeField(blank=True, editable=False, verbose_name="last modified")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("creation_token", models.UUIDField(blank=True, editable=False, null=True)),
                ("creation_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="archived")),
                (
                    "archive_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="reason for archiving"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration row")),
                (
                    "currency",
                    models.CharField(
                        choices=[("AUD", "Australian dollar"), ("USD", "US dollar"), ("KHR", "Cambodian riel")],
                        max_length=3,
                        verbose_name="currency",
                    ),
                ),
                (
                    "budget",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=15,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="budget",
                    ),
                ),
                (
                    "spent",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=15,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="spent",
                    ),
                ),
                ("as_of", models.DateField(blank=True, null=True, verbose_name="as of")),
                ("source", models.CharField(blank=True, max_length=300, verbose_name="source")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "archived_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programs.program",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical budget",
                "verbose_name_plural": "historical budgets",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalProgram_goals",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("m2m_history_id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "goal",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programs.goal",
                    ),
                ),
                (
                    "history",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="programs.historicalprogram",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programs.program",
                    ),
                ),
            ],
            options={
                "verbose_name": "HistoricalProgram_goals",
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name="historicaloutcome",
            name="became",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="programs.program",
                verbose_name="became the program",
            ),
        ),
        migrations.CreateModel(
            name="HistoricalComponent",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("created_at", models.DateTimeField(blank=True, editable=False, verbose_name="created")),
                ("updated_at", models.DateTimeField(blank=True, editable=False, verbose_name="last modified")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("creation_token", models.UUIDField(blank=True, editable=False, null=True)),
                ("creation_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="archived")),
                (
                    "archive_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="reason for archiving"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration row")),
                (
                    "title_en",
                    capred_portal.fields.NormalCharField(blank=True, max_length=250, verbose_name="title in English"),
                ),
                (
                    "title_km",
                    capred_portal.fields.NormalCharField(blank=True, max_length=250, verbose_name="title in Khmer"),
                ),
                (
                    "description_en",
                    capred_portal.fields.NormalTextField(
                        blank=True, max_length=3000, verbose_name="description in English"
                    ),
                ),
                (
                    "description_km",
                    capred_portal.fields.NormalTextField(
                        blank=True, max_length=3000, verbose_name="description in Khmer"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "archived_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programs.program",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical component",
                "verbose_name_plural": "historical components",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Component",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="last modified")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("creation_token", models.UUIDField(blank=True, editable=False, null=True)),
                ("creation_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="archived")),
                (
                    "archive_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="reason for archiving"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration row")),
                (
                    "title_en",
                    capred_portal.fields.NormalCharField(blank=True, max_length=250, verbose_name="title in English"),
                ),
                (
                    "title_km",
                    capred_portal.fields.NormalCharField(blank=True, max_length=250, verbose_name="title in Khmer"),
                ),
                (
                    "description_en",
                    capred_portal.fields.NormalTextField(
                        blank=True, max_length=3000, verbose_name="description in English"
                    ),
                ),
                (
                    "description_km",
                    capred_portal.fields.NormalTextField(
                        blank=True, max_length=3000, verbose_name="description in Khmer"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "archived_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="components",
                        to="programs.program",
                    ),
                ),
            ],
            options={
                "verbose_name": "component",
                "verbose_name_plural": "components",
                "ordering": ["order", "pk"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("creation_token", "creation_digest"), name="programs_component_created_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("archived_at", None), models.Q(("archive_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="programs_component_archived_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title_en", ""), ("title_km", ""), _negated=True),
                        name="component_has_title",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProgramBudget",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="last modified")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("creation_token", models.UUIDField(blank=True, editable=False, null=True)),
                ("creation_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="archived")),
                (
                    "archive_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="reason for archiving"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration row")),
                (
                    "currency",
                    models.CharField(
                        choices=[("AUD", "Australian dollar"), ("USD", "US dollar"), ("KHR", "Cambodian riel")],
                        max_length=3,
                        verbose_name="currency",
                    ),
                ),
                (
                    "budget",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=15,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="budget",
                    ),
                ),
                (
                    "spent",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=15,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="spent",
                    ),
                ),
                ("as_of", models.DateField(blank=True, null=True, verbose_name="as of")),
                ("source", models.CharField(blank=True, max_length=300, verbose_name="source")),
                (
                    "archived_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="budgets",
                        to="programs.program",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "budget",
                "verbose_name_plural": "budgets",
                "ordering": ["currency"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("creation_token", "creation_digest"), name="programs_programbudget_created_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("archived_at", None), models.Q(("archive_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="programs_programbudget_archived_with_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("archived_at", None)),
                        fields=("program", "currency"),
                        name="program_budget_currency_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("budget", None), ("budget__gte", 0), _connector="OR"),
                            models.Q(("spent", None), ("spent__gte", 0), _connector="OR"),
                        ),
                        name="program_budget_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProgramPartner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="last modified")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("creation_token", models.UUIDField(blank=True, editable=False, null=True)),
                ("creation_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="archived")),
                (
                    "archive_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="reason for archiving"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration row")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("lead", "Leads"),
                            ("funder", "Funds"),
                            ("implementer", "Carries out"),
                            ("partner", "Works with"),
                            ("adviser", "Advises"),
                        ],
                        max_length=15,
                        verbose_name="role",
                    ),
                ),
                (
                    "archived_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partnerships",
                        to="capred_portal.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partners",
                        to="programs.program",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "partner organisation",
                "verbose_name_plural": "partner organisations",
                "ordering": ["pk"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("creation_token", "creation_digest"), name="programs_programpartner_created_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("archived_at", None), models.Q(("archive_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="programs_programpartner_archived_with_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("archived_at", None)),
                        fields=("program", "organisation", "role"),
                        name="program_partner_role_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Risk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="last modified")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("creation_token", models.UUIDField(blank=True, editable=False, null=True)),
                ("creation_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="archived")),
                (
                    "archive_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="reason for archiving"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration row")),
                (
                    "text_en",
                    capred_portal.fields.NormalTextField(blank=True, max_length=2000, verbose_name="risk in English"),
                ),
                (
                    "text_km",
                    capred_portal.fields.NormalTextField(blank=True, max_length=2000, verbose_name="risk in Khmer"),
                ),
                (
                    "likelihood",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Low"), (2, "Medium"), (3, "High")],
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(3),
                        ],
                        verbose_name="likelihood",
                    ),
                ),
                (
                    "effect",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Low"), (2, "Medium"), (3, "High")],
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(3),
                        ],
                        verbose_name="effect",
                    ),
                ),
                (
                    "response_en",
                    capred_portal.fields.NormalTextField(
                        blank=True, max_length=2000, verbose_name="response in English"
                    ),
                ),
                (
                    "response_km",
                    capred_portal.fields.NormalTextField(blank=True, max_length=2000, verbose_name="response in Khmer"),
                ),
                (
                    "archived_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="risks",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="risks",
                        to="programs.program",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "risk",
                "verbose_name_plural": "risks",
                "ordering": ["-effect", "-likelihood", "pk"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("creation_token", "creation_digest"), name="programs_risk_created_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("archived_at", None), models.Q(("archive_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="programs_risk_archived_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text_en", ""), ("text_km", ""), _negated=True), name="risk_has_text"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("likelihood__range", (1, 3)), ("effect__range", (1, 3))),
                        name="risk_levels_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Support",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="last modified")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("creation_token", models.UUIDField(blank=True, editable=False, null=True)),
                ("creation_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="archived")),
                (
                    "archive_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="reason for archiving"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration row")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("training", "Training"),
                            ("advice", "Advice"),
                            ("grant", "Grant"),
                            ("testing", "Testing"),
                            ("certification", "Certification"),
                            ("introduction", "Introduction to a buyer or partner"),
                        ],
                        max_length=15,
                        verbose_name="kind",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="starts")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="ends")),
                (
                    "value",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="value",
                    ),
                ),
                (
                    "currency",
                    models.CharField(
                        blank=True,
                        choices=[("AUD", "Australian dollar"), ("USD", "US dollar"), ("KHR", "Cambodian riel")],
                        max_length=3,
                        verbose_name="currency",
                    ),
                ),
                (
                    "result_en",
                    capred_portal.fields.NormalTextField(blank=True, max_length=3000, verbose_name="result in English"),
                ),
                (
                    "result_km",
                    capred_portal.fields.NormalTextField(blank=True, max_length=3000, verbose_name="result in Khmer"),
                ),
                (
                    "archived_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="support_received",
                        to="capred_portal.organisation",
                        verbose_name="organisation supported",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="support",
                        to="programs.program",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "support",
                "verbose_name_plural": "support",
                "ordering": ["-starts_on", "-pk"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("creation_token", "creation_digest"), name="programs_support_created_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("archived_at", None), models.Q(("archive_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="programs_support_archived_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None),
                            ("starts_on", None),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="support_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("value", None), ("currency", "")),
                            models.Q(("value__gte", 0), models.Q(("currency", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="support_value_has_currency",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="outcome",
            name="theme",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="outcomes",
                to="programs.theme",
                verbose_name="theme",
            ),
        ),
        migrations.AddField(
            model_name="historicaloutcome",
            name="theme",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="programs.theme",
                verbose_name="theme",
            ),
        ),
        migrations.CreateModel(
            name="Workshop",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="last modified")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("creation_token", models.UUIDField(blank=True, editable=False, null=True)),
                ("creation_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="archived")),
                (
                    "archive_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="reason for archiving"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration row")),
                (
                    "title_en",
                    capred_portal.fields.NormalCharField(blank=True, max_length=250, verbose_name="title in English"),
                ),
                (
                    "title_km",
                    capred_portal.fields.NormalCharField(blank=True, max_length=250, verbose_name="title in Khmer"),
                ),
                ("date", models.DateField(verbose_name="date")),
                (
                    "end_date",
                    models.DateField(
                        blank=True, help_text="Only if it lasted several days.", null=True, verbose_name="last day"
                    ),
                ),
                ("starts_at", models.TimeField(blank=True, null=True, verbose_name="starts at")),
                ("ends_at", models.TimeField(blank=True, null=True, verbose_name="ends at")),
                (
                    "venue_en",
                    capred_portal.fields.NormalCharField(blank=True, max_length=250, verbose_name="venue in English"),
                ),
                (
                    "venue_km",
                    capred_portal.fields.NormalCharField(blank=True, max_length=250, verbose_name="venue in Khmer"),
                ),
                (
                    "goals_confirmed",
                    models.BooleanField(default=False, verbose_name="the goals are confirmed by MISTI"),
                ),
                (
                    "summary_en",
                    capred_portal.fields.NormalTextField(
                        blank=True, max_length=10000, verbose_name="summary in English"
                    ),
                ),
                (
                    "summary_km",
                    capred_portal.fields.NormalTextField(blank=True, max_length=10000, verbose_name="summary in Khmer"),
                ),
                (
                    "head_count",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="How many people were in the room, counted on the day.",
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(100000)],
                        verbose_name="head-count",
                    ),
                ),
                ("source", models.CharField(blank=True, editable=False, max_length=500, verbose_name="source")),
                (
                    "search_key",
                    capred_portal.fields.SearchKeyField(
                        sources=("title_en", "title_km", "venue_en", "venue_km", "summary_en", "summary_km")
                    ),
                ),
                (
                    "archived_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "documents",
                    models.ManyToManyField(
                        blank=True,
                        editable=False,
                        related_name="workshops",
                        to="capred_portal.document",
                        verbose_name="documents",
                    ),
                ),
                (
                    "goals",
                    models.ManyToManyField(
                        blank=True, related_name="workshops", to="programs.goal", verbose_name="goals served"
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="workshops",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
                (
                    "province",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="workshops",
                        to="enterprises.province",
                        verbose_name="province",
                    ),
                ),
                (
                    "thread",
                    models.OneToOneField(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="workshop",
                        to="capred_portal.thread",
                    ),
                ),
                (
                    "topics",
                    models.ManyToManyField(
                        blank=True, related_name="workshops", to="programs.theme", verbose_name="topics"
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "workshop",
                "verbose_name_plural": "workshops",
                "ordering": ["-date", "-pk"],
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("archived_at", None)), fields=["-date", "-id"], name="workshop_by_date"
                    ),
                    models.Index(fields=["program", "archived_at", "date"], name="workshop_by_program"),
                    models.Index(fields=["province", "archived_at", "date"], name="workshop_by_province"),
                    models.Index(fields=["-updated_at"], name="workshop_by_change"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("creation_token", "creation_digest"), name="programs_workshop_created_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("archived_at", None), models.Q(("archive_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="programs_workshop_archived_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title_en", ""), ("title_km", ""), _negated=True), name="workshop_has_title"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("end_date", None), ("end_date__gte", models.F("date")), _connector="OR"),
                        name="workshop_ends_after_first_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("starts_at", None),
                            ("ends_at", None),
                            ("ends_at__gt", models.F("starts_at")),
                            ("end_date__gt", models.F("date")),
                            _connector="OR",
                        ),
                        name="workshop_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="last modified")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("creation_token", models.UUIDField(blank=True, editable=False, null=True)),
                ("creation_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="archived")),
                (
                    "archive_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="reason for archiving"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration row")),
                (
                    "office_en",
                    capred_portal.fields.NormalCharField(blank=True, max_length=250, verbose_name="office in English"),
                ),
                (
                    "office_km",
                    capred_portal.fields.NormalCharField(blank=True, max_length=250, verbose_name="office in Khmer"),
                ),
                (
                    "text_en",
                    capred_portal.fields.NormalTextField(blank=True, max_length=3000, verbose_name="words in English"),
                ),
                (
                    "text_km",
                    capred_portal.fields.NormalTextField(blank=True, max_length=3000, verbose_name="words in Khmer"),
                ),
                (
                    "archived_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="programs.person",
                        verbose_name="person",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "workshop",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="programs.workshop",
                    ),
                ),
            ],
            options={
                "verbose_name": "statement",
                "verbose_name_plural": "statements",
                "ordering": ["pk"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("creation_token", "creation_digest"), name="programs_statement_created_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("archived_at", None), models.Q(("archive_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="programs_statement_archived_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text_en", ""), ("text_km", ""), _negated=True), name="statement_has_text"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="outcome",
            name="workshop",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="outcomes",
                to="programs.workshop",
                verbose_name="workshop",
            ),
        ),
        migrations.CreateModel(
            name="HistoricalWorkshopHost",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("created_at", models.DateTimeField(blank=True, editable=False, verbose_name="created")),
                ("updated_at", models.DateTimeField(blank=True, editable=False, verbose_name="last modified")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("creation_token", models.UUIDField(blank=True, editable=False, null=True)),
                ("creation_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="archived")),
                (
                    "archive_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="reason for archiving"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration row")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("host", "Host"),
                            ("co-host", "Co-host"),
                            ("funder", "Funder"),
                            ("partner", "Partner"),
                        ],
                        default="host",
                        max_length=10,
                        verbose_name="role",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "archived_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="capred_portal.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "workshop",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programs.workshop",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical host",
                "verbose_name_plural": "historical hosts",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalWorkshop_topics",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("m2m_history_id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "history",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="programs.historicalworkshop",
                    ),
                ),
                (
                    "theme",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programs.theme",
                    ),
                ),
                (
                    "workshop",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programs.workshop",
                    ),
                ),
            ],
            options={
                "verbose_name": "HistoricalWorkshop_topics",
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalWorkshop_goals",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("m2m_history_id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "goal",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programs.goal",
                    ),
                ),
                (
                    "history",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="programs.historicalworkshop",
                    ),
                ),
                (
                    "workshop",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programs.workshop",
                    ),
                ),
            ],
            options={
                "verbose_name": "HistoricalWorkshop_goals",
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalStatement",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("created_at", models.DateTimeField(blank=True, editable=False, verbose_name="created")),
                ("updated_at", models.DateTimeField(blank=True, editable=False, verbose_name="last modified")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("creation_token", models.UUIDField(blank=True, editable=False, null=True)),
                ("creation_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="archived")),
                (
                    "archive_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="reason for archiving"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration row")),
                (
                    "office_en",
                    capred_portal.fields.NormalCharField(blank=True, max_length=250, verbose_name="office in English"),
                ),
                (
                    "office_km",
                    capred_portal.fields.NormalCharField(blank=True, max_length=250, verbose_name="office in Khmer"),
                ),
                (
                    "text_en",
                    capred_portal.fields.NormalTextField(blank=True, max_length=3000, verbose_name="words in English"),
                ),
                (
                    "text_km",
                    capred_portal.fields.NormalTextField(blank=True, max_length=3000, verbose_name="words in Khmer"),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "archived_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programs.person",
                        verbose_name="person",
                    ),
                ),
                (
                    "workshop",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programs.workshop",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical statement",
                "verbose_name_plural": "historical statements",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name="historicaloutcome",
            name="workshop",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="programs.workshop",
                verbose_name="workshop",
            ),
        ),
        migrations.CreateModel(
            name="HistoricalAttendance",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("created_at", models.DateTimeField(blank=True, editable=False, verbose_name="created")),
                ("updated_at", models.DateTimeField(blank=True, editable=False, verbose_name="last modified")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("creation_token", models.UUIDField(blank=True, editable=False, null=True)),
                ("creation_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="archived")),
                (
                    "archive_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="reason for archiving"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration row")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("participant", "Participant"),
                            ("speaker", "Speaker"),
                            ("facilitator", "Facilitator"),
                            ("host", "Host"),
                        ],
                        default="participant",
                        max_length=15,
                        verbose_name="role",
                    ),
                ),
                (
                    "age_band",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("0-17", "Under 18"),
                            ("18-35", "18 to 35"),
                            ("36-59", "36 to 59"),
                            ("60+", "60 and over"),
                            ("", "Unknown"),
                        ],
                        default="",
                        max_length=5,
                        verbose_name="age",
                    ),
                ),
                (
                    "disability",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("yes", "With disability"),
                            ("no", "Without disability"),
                            ("refused", "Did not want to say"),
                            ("", "Unknown"),
                        ],
                        default="",
                        max_length=7,
                        verbose_name="disability",
                    ),
                ),
                (
                    "seeing",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (1, "No difficulty"),
                            (2, "Some difficulty"),
                            (3, "A lot of difficulty"),
                            (4, "Cannot do at all"),
                        ],
                        null=True,
                        verbose_name="seeing",
                    ),
                ),
                (
                    "hearing",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (1, "No difficulty"),
                            (2, "Some difficulty"),
                            (3, "A lot of difficulty"),
                            (4, "Cannot do at all"),
                        ],
                        null=True,
                        verbose_name="hearing",
                    ),
                ),
                (
                    "walking",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (1, "No difficulty"),
                            (2, "Some difficulty"),
                            (3, "A lot of difficulty"),
                            (4, "Cannot do at all"),
                        ],
                        null=True,
                        verbose_name="walking",
                    ),
                ),
                (
                    "remembering",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (1, "No difficulty"),
                            (2, "Some difficulty"),
                            (3, "A lot of difficulty"),
                            (4, "Cannot do at all"),
                        ],
                        null=True,
                        verbose_name="remembering",
                    ),
                ),
                (
                    "self_care",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (1, "No difficulty"),
                            (2, "Some difficulty"),
                            (3, "A lot of difficulty"),
                            (4, "Cannot do at all"),
                        ],
                        null=True,
                        verbose_name="self-care",
                    ),
                ),
                (
                    "communicating",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (1, "No difficulty"),
                            (2, "Some difficulty"),
                            (3, "A lot of difficulty"),
                            (4, "Cannot do at all"),
                        ],
                        null=True,
                        verbose_name="communicating",
                    ),
                ),
                (
                    "days",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="days",
                    ),
                ),
                ("registered", models.BooleanField(default=False, verbose_name="registered beforehand")),
                ("attended", models.BooleanField(default=True, verbose_name="attended")),
                (
                    "consent",
                    models.BooleanField(
                        blank=True,
                        help_text="Agreed that the ministry keeps these details.",
                        null=True,
                        verbose_name="consent",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "archived_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "load",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="capred_portal.load",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="capred_portal.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programs.person",
                        verbose_name="person",
                    ),
                ),
                (
                    "workshop",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programs.workshop",
                        verbose_name="workshop",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical attendance",
                "verbose_name_plural": "historical attendances",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name="historicalagendaitem",
            name="workshop",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="programs.workshop",
            ),
        ),
        migrations.CreateModel(
            name="HistoricalAction",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("created_at", models.DateTimeField(blank=True, editable=False, verbose_name="created")),
                ("updated_at", models.DateTimeField(blank=True, editable=False, verbose_name="last modified")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("creation_token", models.UUIDField(blank=True, editable=False, null=True)),
                ("creation_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="archived")),
                (
                    "archive_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="reason for archiving"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration row")),
                (
                    "text_en",
                    capred_portal.fields.NormalTextField(blank=True, max_length=2000, verbose_name="what, in English"),
                ),
                (
                    "text_km",
                    capred_portal.fields.NormalTextField(blank=True, max_length=2000, verbose_name="what, in Khmer"),
                ),
                ("due_on", models.DateField(verbose_name="due date")),
                (
                    "priority",
                    models.PositiveSmallIntegerField(
                        choices=[(3, "High"), (2, "Normal"), (1, "Low")], default=2, verbose_name="priority"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("started", "Started"),
                            ("blocked", "Blocked"),
                            ("to-verify", "Done, to be verified"),
                            ("done", "Done"),
                            ("dropped", "Dropped"),
                        ],
                        default="planned",
                        editable=False,
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("closed_on", models.DateField(blank=True, editable=False, null=True, verbose_name="closed on")),
                (
                    "done_en",
                    capred_portal.fields.NormalTextField(
                        blank=True, editable=False, max_length=2000, verbose_name="what was done, in English"
                    ),
                ),
                (
                    "done_km",
                    capred_portal.fields.NormalTextField(
                        blank=True, editable=False, max_length=2000, verbose_name="what was done, in Khmer"
                    ),
                ),
                ("verified_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="verified")),
                ("search_key", capred_portal.fields.SearchKeyField(sources=("text_en", "text_km"))),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "archived_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner_organisation",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="capred_portal.organisation",
                        verbose_name="owner organisation",
                    ),
                ),
                (
                    "owner_user",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="capred_portal.thread",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "verified_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "outcome",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programs.outcome",
                        verbose_name="outcome",
                    ),
                ),
                (
                    "owner_person",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programs.person",
                        verbose_name="owner without an account",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
                (
                    "workshop",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programs.workshop",
                        verbose_name="workshop",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical action",
                "verbose_name_plural": "historical actions",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="last modified")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("creation_token", models.UUIDField(blank=True, editable=False, null=True)),
                ("creation_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="archived")),
                (
                    "archive_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="reason for archiving"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration row")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("participant", "Participant"),
                            ("speaker", "Speaker"),
                            ("facilitator", "Facilitator"),
                            ("host", "Host"),
                        ],
                        default="participant",
                        max_length=15,
                        verbose_name="role",
                    ),
                ),
                (
                    "age_band",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("0-17", "Under 18"),
                            ("18-35", "18 to 35"),
                            ("36-59", "36 to 59"),
                            ("60+", "60 and over"),
                            ("", "Unknown"),
                        ],
                        default="",
                        max_length=5,
                        verbose_name="age",
                    ),
                ),
                (
                    "disability",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("yes", "With disability"),
                            ("no", "Without disability"),
                            ("refused", "Did not want to say"),
                            ("", "Unknown"),
                        ],
                        default="",
                        max_length=7,
                        verbose_name="disability",
                    ),
                ),
                (
                    "seeing",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (1, "No difficulty"),
                            (2, "Some difficulty"),
                            (3, "A lot of difficulty"),
                            (4, "Cannot do at all"),
                        ],
                        null=True,
                        verbose_name="seeing",
                    ),
                ),
                (
                    "hearing",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (1, "No difficulty"),
                            (2, "Some difficulty"),
                            (3, "A lot of difficulty"),
                            (4, "Cannot do at all"),
                        ],
                        null=True,
                        verbose_name="hearing",
                    ),
                ),
                (
                    "walking",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (1, "No difficulty"),
                            (2, "Some difficulty"),
                            (3, "A lot of difficulty"),
                            (4, "Cannot do at all"),
                        ],
                        null=True,
                        verbose_name="walking",
                    ),
                ),
                (
                    "remembering",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (1, "No difficulty"),
                            (2, "Some difficulty"),
                            (3, "A lot of difficulty"),
                            (4, "Cannot do at all"),
                        ],
                        null=True,
                        verbose_name="remembering",
                    ),
                ),
                (
                    "self_care",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (1, "No difficulty"),
                            (2, "Some difficulty"),
                            (3, "A lot of difficulty"),
                            (4, "Cannot do at all"),
                        ],
                        null=True,
                        verbose_name="self-care",
                    ),
                ),
                (
                    "communicating",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (1, "No difficulty"),
                            (2, "Some difficulty"),
                            (3, "A lot of difficulty"),
                            (4, "Cannot do at all"),
                        ],
                        null=True,
                        verbose_name="communicating",
                    ),
                ),
                (
                    "days",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="days",
                    ),
                ),
                ("registered", models.BooleanField(default=False, verbose_name="registered beforehand")),
                ("attended", models.BooleanField(default=True, verbose_name="attended")),
                (
                    "consent",
                    models.BooleanField(
                        blank=True,
                        help_text="Agreed that the ministry keeps these details.",
                        null=True,
                        verbose_name="consent",
                    ),
                ),
                (
                    "archived_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "load",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendances",
                        to="capred_portal.load",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendances",
                        to="capred_portal.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendances",
                        to="programs.person",
                        verbose_name="person",
                    ),
                ),
                (
                    "workshop",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendances",
                        to="programs.workshop",
                        verbose_name="workshop",
                    ),
                ),
            ],
            options={
                "verbose_name": "attendance",
                "verbose_name_plural": "attendances",
                "ordering": ["pk"],
                "abstract": False,
                "indexes": [
                    models.Index(
                        fields=["workshop", "archived_at", "attended", "person"], name="attendance_by_workshop"
                    ),
                    models.Index(fields=["person", "archived_at", "attended", "workshop"], name="attendance_by_person"),
                    models.Index(condition=models.Q(("is_demo", True)), fields=["workshop"], name="attendance_of_demo"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("creation_token", "creation_digest"), name="programs_attendance_created_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("archived_at", None), models.Q(("archive_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="programs_attendance_archived_with_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("archived_at", None)),
                        fields=("workshop", "person"),
                        name="attendance_once_per_workshop",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("days__range", (1, 60))), name="attendance_days_in_range"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="workshop",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="agenda",
                to="programs.workshop",
            ),
        ),
        migrations.CreateModel(
            name="Action",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="last modified")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("creation_token", models.UUIDField(blank=True, editable=False, null=True)),
                ("creation_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="archived")),
                (
                    "archive_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="reason for archiving"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration row")),
                (
                    "text_en",
                    capred_portal.fields.NormalTextField(blank=True, max_length=2000, verbose_name="what, in English"),
                ),
                (
                    "text_km",
                    capred_portal.fields.NormalTextField(blank=True, max_length=2000, verbose_name="what, in Khmer"),
                ),
                ("due_on", models.DateField(verbose_name="due date")),
                (
                    "priority",
                    models.PositiveSmallIntegerField(
                        choices=[(3, "High"), (2, "Normal"), (1, "Low")], default=2, verbose_name="priority"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("started", "Started"),
                            ("blocked", "Blocked"),
                            ("to-verify", "Done, to be verified"),
                            ("done", "Done"),
                            ("dropped", "Dropped"),
                        ],
                        default="planned",
                        editable=False,
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("closed_on", models.DateField(blank=True, editable=False, null=True, verbose_name="closed on")),
                (
                    "done_en",
                    capred_portal.fields.NormalTextField(
                        blank=True, editable=False, max_length=2000, verbose_name="what was done, in English"
                    ),
                ),
                (
                    "done_km",
                    capred_portal.fields.NormalTextField(
                        blank=True, editable=False, max_length=2000, verbose_name="what was done, in Khmer"
                    ),
                ),
                ("verified_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="verified")),
                ("search_key", capred_portal.fields.SearchKeyField(sources=("text_en", "text_km"))),
                (
                    "archived_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "evidence",
                    models.ManyToManyField(
                        blank=True,
                        editable=False,
                        related_name="actions",
                        to="capred_portal.document",
                        verbose_name="evidence",
                    ),
                ),
                (
                    "owner_organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="capred_portal.organisation",
                        verbose_name="owner organisation",
                    ),
                ),
                (
                    "owner_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "thread",
                    models.OneToOneField(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="action",
                        to="capred_portal.thread",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "verified_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "outcome",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="programs.outcome",
                        verbose_name="outcome",
                    ),
                ),
                (
                    "owner_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="programs.person",
                        verbose_name="owner without an account",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="programs.program",
                        verbose_name="program",
                    ),
                ),
                (
                    "workshop",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="programs.workshop",
                        verbose_name="workshop",
                    ),
                ),
            ],
            options={
                "verbose_name": "action",
                "verbose_name_plural": "actions",
                "ordering": ["due_on", "pk"],
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("archived_at", None)),
                        fields=["status", "due_on", "id"],
                        name="action_by_status",
                    ),
                    models.Index(
                        condition=models.Q(("archived_at", None)), fields=["due_on", "id"], name="action_by_due_date"
                    ),
                    models.Index(fields=["-updated_at"], name="action_by_change"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("creation_token", "creation_digest"), name="programs_action_created_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("archived_at", None), models.Q(("archive_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="programs_action_archived_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text_en", ""), ("text_km", ""), _negated=True), name="action_has_text"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome__isnull", False), ("program__isnull", True), ("workshop__isnull", True)),
                            models.Q(("outcome__isnull", True), ("program__isnull", True), ("workshop__isnull", False)),
                            models.Q(("outcome__isnull", True), ("program__isnull", False), ("workshop__isnull", True)),
                            _connector="OR",
                        ),
                        name="action_hangs_on_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("owner_organisation__isnull", True),
                                ("owner_person__isnull", True),
                                ("owner_user__isnull", False),
                            ),
                            models.Q(
                                ("owner_organisation__isnull", False),
                                ("owner_person__isnull", True),
                                ("owner_user__isnull", True),
                            ),
                            models.Q(
                                ("owner_organisation__isnull", True),
                                ("owner_person__isnull", False),
                                ("owner_user__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="action_has_one_owner",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ("done", "to-verify")), _negated=True),
                            models.Q(
                                models.Q(("done_en", ""), ("done_km", ""), _negated=True), ("closed_on__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="action_closed_says_what_was_done",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("priority", 3), ("status", "done"), _negated=True),
                            models.Q(
                                ("verified_by__isnull", False),
                                models.Q(("verified_by", models.F("closed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="action_high_priority_verified_by_second",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkshopHost",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="last modified")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("creation_token", models.UUIDField(blank=True, editable=False, null=True)),
                ("creation_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="archived")),
                (
                    "archive_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="reason for archiving"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration row")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("host", "Host"),
                            ("co-host", "Co-host"),
                            ("funder", "Funder"),
                            ("partner", "Partner"),
                        ],
                        default="host",
                        max_length=10,
                        verbose_name="role",
                    ),
                ),
                (
                    "archived_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hosted",
                        to="capred_portal.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "workshop",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hosts",
                        to="programs.workshop",
                    ),
                ),
            ],
            options={
                "verbose_name": "host",
                "verbose_name_plural": "hosts",
                "ordering": ["pk"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("creation_token", "creation_digest"), name="programs_workshophost_created_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("archived_at", None), models.Q(("archive_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="programs_workshophost_archived_with_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("archived_at", None)),
                        fields=("workshop", "organisation"),
                        name="workshop_host_once",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="outcome",
            index=models.Index(fields=["workshop", "archived_at"], name="outcome_by_workshop"),
        ),
    ]
