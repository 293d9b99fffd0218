"""A consistent copy of the running database in one file, its check by reading it back, and its way
into an empty place. What differs between SQLite and PostgreSQL is here and nowhere else."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, select
from sqlalchemy import func as sql
from sqlalchemy.engine import make_url

from bot.domain.media import MediaState
from bot.models.cases import Attachment
from bot.models.registry import metadata
from bot.store import postgres_tools
from bot.store.migrate import upgrade
from bot.store.postgres_tools import DumpFailed
from bot.store.unit_of_work import Database, make_private

FILES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
"""Kind of the database → name of the file in a backup."""

OF_SQLITE = ("-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the database held in the moment of the copy. `media`: hashes of all kept files."""

    kind: str
    revision: str
    tables: dict[str, int]
    media: tuple[str, ...]


def dump(database: Database, folder: Path) -> Snapshot:
    """Copy the database into `folder` while others go on writing, and read the copy back.

    The rows are counted in the very transaction that is copied, so that the copy must agree to the
    row. Raises DumpFailed, sqlite3.Error, SQLAlchemyError, OSError.
    """
    kind = database.engine.dialect.name
    file = folder / FILES[kind]
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            connection.execution_options(isolation_level="REPEATABLE READ")
        snapshot = _look(connection, kind)
        if database.is_sqlite:
            _copy_sqlite(connection, file)
        else:
            name = connection.execute(select(sql.pg_export_snapshot())).scalar_one()
            postgres_tools.dump(database.engine.url, file, name)
    found = _count_sqlite(file) if database.is_sqlite else postgres_tools.count(file)
    differing = [name for name, rows in snapshot.tables.items() if found.get(name) != rows]
    if differing:
        raise DumpFailed(f"the copy differs from the database in {', '.join(differing)}")
    return snapshot


def _look(connection: Connection, kind: str) -> Snapshot:
    revision = MigrationContext.configure(connection).get_current_revision()
    tables = {
        table.name: connection.execute(select(sql.count()).select_from(table)).scalar_one()
        for table in metadata.sorted_tables
    }
    kept = select(Attachment.sha256).where(Attachment.state == MediaState.KEPT).distinct()
    hashes = sorted(found for found in connection.scalars(kept) if found is not None)
    return Snapshot(kind, revision or "", tables, tuple(hashes))


def _copy_sqlite(connection: Connection, file: Path) -> None:
    """By SQLite's backup API, in the read transaction that is open: with a write-ahead log readers
    and writers don't wait for each other, and one step copies one state. (VACUUM INTO would begin
    a transaction of its own, later than the counts.) https://sqlite.org/backup.html"""
    source = connection.connection.driver_connection
    if not isinstance(source, sqlite3.Connection):
        raise DumpFailed("not a connection to SQLite")
    with closing(sqlite3.connect(file)) as target:
        file.chmod(0o600)
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE").fetchall()  # one file, complete in itself


def _count_sqlite(file: Path) -> dict[str, int]:
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as copy:
        sound = copy.execute("PRAGMA integrity_check(1)").fetchone()
        if sound != ("ok",) or copy.execute("PRAGMA foreign_key_check").fetchone():
            raise DumpFailed("the copy is not sound")
        return {
            name: copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
            for name in metadata.tables
        }


def is_empty(database: Database) -> bool:
    """Whether there is not a single table. To look makes no file of SQLite's."""
    file = database.engine.url.database
    if database.is_sqlite and file is not None and not Path(file).exists():
        return True
    return not inspect(database.engine).get_table_names()


def load(url: str, file: Path) -> None:
    """Put a checked copy into an empty place and bring it to this version's schema. SQLite's file
    is complete before it gets its name; PostgreSQL is filled in one transaction. Raises DumpFailed,
    SQLAlchemyError, OSError."""
    target = make_url(url)
    if target.get_backend_name() != "sqlite":
        postgres_tools.restore(target, file)
        upgrade(url)
        return
    path = Path(target.database or "")
    aside = path.with_name(f"{path.name}.restoring")
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as source:
            aside.unlink(missing_ok=True)
            make_private(aside)
            with closing(sqlite3.connect(aside)) as copy:
                source.backup(copy)
        upgrade(f"sqlite:///{aside}")
        for suffix in OF_SQLITE:  # the log of what lay here must not be played onto this one
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        aside.replace(path)
    finally:
        for suffix in ("", *OF_SQLITE):
            Path(f"{aside}{suffix}").unlink(missing_ok=True)
