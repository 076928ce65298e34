"""What a backup holds: the tables as the applied migrations have them, and which columns name uploads."""

import tomllib
from collections.abc import Collection, Iterable
from functools import cache
from typing import Any

from django.apps import apps as current_apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import FileField

Migration = tuple[str, str]  # app and name

# A restored portal signs everybody out, and no worker holds a task. Keys and links to frozen reports are gone: one that
# was revoked after the backup must not open anything again.
LEFT_OUT = {
    "capred_portal.accesstoken",
    "capred_portal.ratewindow",
    "capred_portal.reportshare",
    "capred_portal.tasklease",
    "sessions.session",
}


class UnknownMigrations(Exception):
    """The tables were made by a newer release of the portal than this one."""

    def __init__(self, migrations: Iterable[Migration]) -> None:
        names = ", ".join(sorted(f"{app}.{name}" for app, name in migrations))
        super().__init__(f"made by a newer release of the portal, which has the migrations {names}")


@cache
def release() -> str:
    """Return the version of the portal."""
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


def applied_migrations(connection: Any) -> list[Migration]:
    """Return what the database says it has been through."""
    if not MigrationRecorder(connection).has_table():
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        return [(app, name) for app, name in cursor.fetchall()]


def known_nodes(loader: MigrationLoader, migrations: Collection[Migration]) -> list[Migration]:
    """Return which of the migrations make the tables, or raise UnknownMigrations.

    Migrations of apps that are no longer installed are passed over.
    """
    unknown = {each for each in migrations if each[0] in loader.migrated_apps} - loader.disk_migrations.keys()
    if unknown:
        raise UnknownMigrations(unknown)
    return [each for each in migrations if each in loader.graph.nodes]


def models_at(migrations: Collection[Migration]) -> list[Any]:
    """Return the models whose rows a backup holds, as they were after these migrations, by table."""
    loader = MigrationLoader(None)
    nodes = known_nodes(loader, migrations)
    apps: Any = loader.project_state(nodes).apps if nodes else current_apps  # tests make tables without migrations
    models = apps.get_models(include_auto_created=True)
    held = (model for model in models if model._meta.managed and model._meta.label_lower not in LEFT_OUT)
    return sorted(held, key=lambda model: model._meta.db_table)


def columns_of(model: Any) -> list[Any]:
    """Return the fields of a model that are kept, by name: the order of columns differs from database to database."""
    fields = (field for field in model._meta.concrete_fields if not field.generated)
    return sorted(fields, key=lambda field: field.attname)


def upload_places(model: Any, models: Collection[Any]) -> list[int]:
    """Return the places of the columns that name an upload; history keeps such names as plain text."""
    name = model._meta.model_name.removeprefix("historical")
    same = [other for other in models if other._meta.label_lower == f"{model._meta.app_label}.{name}"]
    files = {field.attname for each in (model, *same) for field in columns_of(each) if isinstance(field, FileField)}
    return [place for place, field in enumerate(columns_of(model)) if field.attname in files]
