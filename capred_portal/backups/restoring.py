"""Restoring a backup into an empty database: all of it, compared with what was written, or nothing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.management.color import no_style
from django.core.management.sql import emit_post_migrate_signal
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from capred_portal.backups.reading import PIECE, Backup, BadBackup, file_member, rows_member
from capred_portal.backups.schema import Migration, applied_migrations, columns_of, known_nodes, models_at
from capred_portal.backups.values import BadRow, Seal, batches_of, rows_from
from capred_portal.bulk import bulk_load
from capred_portal.erasures import apply_list
from capred_portal.models import User
from capred_portal.records import Record

FOREIGN_KEYS = """
    SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
    WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
"""


class NotEmpty(Exception):
    """The database, or the folder of uploads, holds something that a restore would destroy."""


def restore(backup: Backup, erasures: Path | None = None) -> dict[str, Any]:
    """Bring back a backup and return what is said of it; after any error nothing has changed.

    The tables are made first, as they were then, and brought up to date in the end. What was erased after the
    backup, by the list of erasures, is erased again.
    """
    backup.check()
    migrations = backup.manifest.applied
    models = models_at(migrations)
    refuse_unless_empty(migrations)
    migrate_to(migrations)
    with (
        uploads_written(backup) as written,
        connection.constraint_checks_disabled(),
        transaction.atomic(durable=True),
    ):
        transaction.on_commit(written.clear)  # what fails once the rows are kept must not take their uploads
        with foreign_keys_apart():
            fill_tables(backup, models)
        connection.check_constraints()
        for model in models:
            compare(backup, model)
        migrate_forward()
        erased = apply_list(erasures) if erasures else []
    cache.clear()
    return {**backup.manifest.summary(), "erased_again": [str(erasure) for erasure in erased]}


def refuse_unless_empty(migrations: Sequence[Migration]) -> None:
    """Raise NotEmpty when anybody has written anything, or when the tables are newer than the backup."""
    tables = set(connection.introspection.table_names())
    written: list[Any] = [User, *(model for model in apps.get_models() if issubclass(model, Record))]
    for model in written:
        if model._meta.db_table in tables and model._base_manager.values("pk").exists():
            raise NotEmpty(
                f"The database is not empty: {model._meta.db_table} holds rows; "
                "restore before `facts` and before the first administrator."
            )
    later = set(applied_migrations(connection)) - set(migrations)
    if later:
        names = ", ".join(".".join(each) for each in sorted(later)[:3])
        raise NotEmpty(f"The database has migrations that the backup does not know ({names}): give it a new database.")


def migrate_to(migrations: Sequence[Migration]) -> None:
    """Make the tables as they were after these migrations."""
    executor = MigrationExecutor(connection)
    nodes = set(known_nodes(executor.loader, migrations))

    def is_last(node: Migration) -> bool:
        children = executor.loader.graph.node_map[node].children
        return not any(child.key in nodes and child.key[0] == node[0] for child in children)

    executor.migrate(sorted(node for node in nodes if is_last(node)))


def migrate_forward() -> None:
    """Bring the tables up to date in the running transaction."""

    def settle(action: str, *_about: Any) -> None:
        if action == "apply_start":
            connection.check_constraints()  # PostgreSQL alters no table for which checks are still waiting

    executor = MigrationExecutor(connection, settle)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        executor.migrate(executor.loader.graph.leaf_nodes())
        emit_post_migrate_signal(verbosity=0, interactive=False, db=DEFAULT_DB_ALIAS)


def fill_tables(backup: Backup, models: Sequence[Any]) -> None:
    """Empty all tables, also of what migrations wrote, and write the rows of the backup."""
    existing = connection.introspection.django_table_names(only_existing=True, include_views=False)
    tables = {*existing, *(model._meta.db_table for model in models)}
    connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), sorted(tables)))
    for model in models:
        columns = [field.attname for field in columns_of(model)]
        try:
            with backup.lines(model._meta.db_table, columns) as lines:
                bulk_load(model, columns, rows_from(lines, model, connection), savepoint=False)
        except (DatabaseError, OverflowError) as error:
            raise BadRow(f"{model._meta.db_table} cannot be written: {error}") from error
    ContentType.objects.clear_cache()
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")


def compare(backup: Backup, model: Any) -> None:
    """Read a table again; raise BadBackup when its text is not that of the backup, naming the first row."""
    table, seal = model._meta.db_table, Seal()
    about = backup.manifest.tables[table]
    for rows, text in batches_of(model, connection):
        seal.add(text, len(rows))
    if (seal.rows, seal.sha256) == (about["rows"], about["sha256"]):
        return
    with backup.member(rows_member(table)) as lines:
        read = (line for _rows, text in batches_of(model, connection) for line in text.splitlines(keepends=True))
        pairs = enumerate(zip_longest(lines, read, fillvalue=b""))
        number = next((number for number, (line, other) in pairs if line != other), 0)
    raise BadBackup(f"{table}, row {number}: this database does not give back what was written.")


@contextmanager
def foreign_keys_apart() -> Iterator[None]:
    """Take PostgreSQL's foreign keys off and check them for all rows at once when they are put on again.

    Checks that wait for the end of the transaction, one per row and key, would fill its memory.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(FOREIGN_KEYS)
        keys = cursor.fetchall()
        for table, name, _rule in keys:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    yield
    with connection.cursor() as cursor:
        for table, name, rule in keys:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule}")


@contextmanager
def uploads_written(backup: Backup) -> Iterator[list[str]]:
    """Write the uploads and yield their names; those still named are taken out again when what follows fails.

    An upload that is there must be the same.
    """
    written: list[str] = []
    try:
        for name, about in backup.manifest.files.items():
            if not default_storage.exists(name):
                written.append(name)
                with backup.member(file_member(name)) as member:
                    default_storage.save(name, File(member))
            if _sha256_of(name) != about["sha256"]:
                raise NotEmpty(f"The folder of uploads holds another file {name}.")
        yield written
    except BaseException:
        for name in written:
            default_storage.delete(name)
        raise


def _sha256_of(name: str) -> str:
    seal = Seal()
    with default_storage.open(name) as file:
        for piece in file.chunks(PIECE):
            seal.add(piece)
    return seal.sha256
