"""Indexes for searching a part of a name: trigrams on PostgreSQL; SQLite scans, which is fast enough there."""

from typing import Any

from django.db import migrations

INDEXES = {
    "enterprise_search_trigrams": ("enterprises_enterprise", "search_key"),
    "enterprise_sound_trigrams": ("enterprises_enterprise", "sound_key"),
}


def create(apps: Any, schema_editor: Any) -> None:
    """Make the extension and the indexes where the database knows them."""
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    for name, (table, column) in INDEXES.items():
        schema_editor.execute(f"CREATE INDEX {name} ON {table} USING gin ({column} gin_trgm_ops)")


def drop(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for name in INDEXES:
            schema_editor.execute(f"DROP INDEX IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0002_register")]

    operations = [migrations.RunPython(create, drop)]
