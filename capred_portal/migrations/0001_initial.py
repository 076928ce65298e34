import capred_portal.fields
import django.contrib.auth.validators
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="DataVersion",
            fields=[
                ("app", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("number", models.PositiveBigIntegerField(default=0)),
            ],
            options={
                "verbose_name": "data version",
                "verbose_name_plural": "data versions",
            },
        ),
        migrations.CreateModel(
            name="Thread",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "thread",
                "verbose_name_plural": "threads",
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "username",
                    models.CharField(
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                (
                    "full_name_en",
                    capred_portal.fields.NormalCharField(
                        blank=True, max_length=150, verbose_name="name in Latin script"
                    ),
                ),
                (
                    "full_name_km",
                    capred_portal.fields.NormalCharField(
                        blank=True, max_length=150, verbose_name="name in Khmer script"
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("staff", "Ministry staff"),
                            ("verifier", "Verifier (ministry)"),
                            ("officer", "Embassy officer"),
                            ("admin", "Administrator"),
                        ],
                        max_length=10,
                        verbose_name="role",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("km", "Khmer")],
                        default="en",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration row")),
                ("date_joined", models.DateTimeField(auto_now_add=True, verbose_name="date joined")),
                (
                    "previous_login",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="previous session"),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users",
                "ordering": ["username"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["staff", "verifier", "officer", "admin"])),
                        name="user_role_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Comment",
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
                        choices=[("question", "Question"), ("answer", "Answer"), ("remark", "Comment")],
                        default="remark",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("text", capred_portal.fields.NormalTextField(max_length=5000, verbose_name="text")),
                (
                    "answers",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answered_by",
                        to="capred_portal.comment",
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
                    "thread",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="capred_portal.thread",
                    ),
                ),
            ],
            options={
                "verbose_name": "comment",
                "verbose_name_plural": "comments",
                "ordering": ["created_at", "pk"],
                "abstract": False,
                "indexes": [models.Index(fields=["kind", "archived_at"], name="comment_kind")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("creation_token", "creation_digest"), name="capred_portal_comment_created_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("archived_at", None), models.Q(("archive_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="capred_portal_comment_archived_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answers__isnull", False), ("kind", "answer")),
                            models.Q(models.Q(("kind", "answer"), _negated=True), ("answers", None)),
                            _connector="OR",
                        ),
                        name="comment_answer_has_question",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalDocument",
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
                ("file", models.TextField(blank=True, max_length=100, verbose_name="file")),
                ("link", models.URLField(blank=True, max_length=500, verbose_name="link")),
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
                "verbose_name": "historical document",
                "verbose_name_plural": "historical documents",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalOrganisation",
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
                    "name_en",
                    capred_portal.fields.NormalCharField(blank=True, max_length=250, verbose_name="name in English"),
                ),
                (
                    "name_km",
                    capred_portal.fields.NormalCharField(blank=True, max_length=250, verbose_name="name in Khmer"),
                ),
                ("acronym", capred_portal.fields.NormalCharField(blank=True, max_length=30, verbose_name="acronym")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("government", "Government"),
                            ("partner", "Development partner"),
                            ("private", "Private sector"),
                            ("association", "Business association"),
                            ("academia", "University or training center"),
                            ("ngo", "Non-governmental organization"),
                            ("other", "Other"),
                            ("unknown", "Not stated"),
                        ],
                        default="unknown",
                        max_length=15,
                        verbose_name="kind",
                    ),
                ),
                ("website", models.URLField(blank=True, verbose_name="website")),
                ("media_email", models.EmailField(blank=True, max_length=254, verbose_name="media contact")),
                ("search_key", capred_portal.fields.SearchKeyField(sources=("name_en", "name_km", "acronym"))),
                ("name_en_key", capred_portal.fields.SearchKeyField(sources=("name_en",))),
                ("name_km_key", capred_portal.fields.SearchKeyField(sources=("name_km",))),
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
                "verbose_name": "historical organisation",
                "verbose_name_plural": "historical organisations",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Load",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.SlugField(max_length=40, verbose_name="kind")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("uploaded", "Uploaded"),
                            ("checked", "Checked, waiting for confirmation"),
                            ("confirmed", "Confirmed"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("undone", "Undone"),
                        ],
                        default="uploaded",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("scope", models.JSONField(default=dict, verbose_name="scope")),
                ("file", models.FileField(upload_to="loads/%Y/", verbose_name="file")),
                ("file_name", models.CharField(max_length=250, verbose_name="file name")),
                ("checksum", models.CharField(max_length=64, verbose_name="checksum")),
                ("mapping", models.JSONField(default=dict, verbose_name="column mapping")),
                ("counts", models.JSONField(default=dict, verbose_name="counts")),
                ("problem", models.CharField(blank=True, max_length=500, verbose_name="problem")),
                ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demonstration row")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="loaded by",
                    ),
                ),
            ],
            options={
                "verbose_name": "load",
                "verbose_name_plural": "loads",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Organisation",
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
                    "name_en",
                    capred_portal.fields.NormalCharField(blank=True, max_length=250, verbose_name="name in English"),
                ),
                (
                    "name_km",
                    capred_portal.fields.NormalCharField(blank=True, max_length=250, verbose_name="name in Khmer"),
                ),
                ("acronym", capred_portal.fields.NormalCharField(blank=True, max_length=30, verbose_name="acronym")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("government", "Government"),
                            ("partner", "Development partner"),
                            ("private", "Private sector"),
                            ("association", "Business association"),
                            ("academia", "University or training center"),
                            ("ngo", "Non-governmental organization"),
                            ("other", "Other"),
                            ("unknown", "Not stated"),
                        ],
                        default="unknown",
                        max_length=15,
                        verbose_name="kind",
                    ),
                ),
                ("website", models.URLField(blank=True, verbose_name="website")),
                ("media_email", models.EmailField(blank=True, max_length=254, verbose_name="media contact")),
                ("search_key", capred_portal.fields.SearchKeyField(sources=("name_en", "name_km", "acronym"))),
                ("name_en_key", capred_portal.fields.SearchKeyField(sources=("name_en",))),
                ("name_km_key", capred_portal.fields.SearchKeyField(sources=("name_km",))),
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
                "verbose_name": "organisation",
                "verbose_name_plural": "organisations",
                "ordering": ["name_en", "pk"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("creation_token", "creation_digest"), name="capred_portal_organisation_created_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("archived_at", None), models.Q(("archive_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="capred_portal_organisation_archived_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name_en", ""), ("name_km", ""), _negated=True),
                        name="organisation_has_name",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("archived_at", None), models.Q(("name_en_key", ""), _negated=True)),
                        fields=("name_en_key",),
                        name="organisation_name_en_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("archived_at", None), models.Q(("name_km_key", ""), _negated=True)),
                        fields=("name_km_key",),
                        name="organisation_name_km_once",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="user",
            name="organisation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="users",
                to="capred_portal.organisation",
                verbose_name="organisation",
            ),
        ),
        migrations.CreateModel(
            name="HistoricalComment",
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
                        choices=[("question", "Question"), ("answer", "Answer"), ("remark", "Comment")],
                        default="remark",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("text", capred_portal.fields.NormalTextField(max_length=5000, verbose_name="text")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "answers",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="capred_portal.comment",
                    ),
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
            ],
            options={
                "verbose_name": "historical comment",
                "verbose_name_plural": "historical comments",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Document",
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
                ("file", models.FileField(blank=True, upload_to="documents/%Y/", verbose_name="file")),
                ("link", models.URLField(blank=True, max_length=500, verbose_name="link")),
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
                "verbose_name": "document",
                "verbose_name_plural": "documents",
                "ordering": ["pk"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("creation_token", "creation_digest"), name="capred_portal_document_created_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("archived_at", None), models.Q(("archive_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="capred_portal_document_archived_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title_en", ""), ("title_km", ""), _negated=True), name="document_has_title"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("file", ""), ("link", ""), _connector="XOR"), name="document_file_or_link"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LoadRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveIntegerField(verbose_name="line")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("changed", "Changed"),
                            ("unchanged", "Unchanged"),
                            ("uncertain", "Uncertain"),
                            ("wrong", "Wrong"),
                        ],
                        max_length=10,
                        verbose_name="result",
                    ),
                ),
                ("raw", models.JSONField(verbose_name="as in the file")),
                ("values", models.JSONField(default=dict, verbose_name="values")),
                ("errors", models.JSONField(default=list, verbose_name="errors")),
                ("target", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="record")),
                ("target_version", models.PositiveIntegerField(blank=True, null=True, verbose_name="version given")),
                ("before", models.JSONField(default=dict, verbose_name="values before")),
                (
                    "load",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="capred_portal.load"
                    ),
                ),
            ],
            options={
                "verbose_name": "loaded row",
                "verbose_name_plural": "loaded rows",
                "ordering": ["line"],
                "constraints": [models.UniqueConstraint(fields=("load", "line"), name="load_row_line_once")],
            },
        ),
    ]
