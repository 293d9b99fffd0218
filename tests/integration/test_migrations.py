"""The schema's history: up, down, up on both databases, and equal to what the models say."""

import re
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from procrastinate.schema import SchemaManager
from sqlalchemy import inspect
from sqlalchemy.schema import CreateIndex

from bot.models.registry import metadata
from bot.store.migrate import downgrade, is_ours, revisions, upgrade
from bot.store.unit_of_work import Database


def tables(database: Database) -> set[str]:
    """Names of the tables that exist, alembic's own left out."""
    return set(inspect(database.engine).get_table_names()) - {"alembic_version"}


def test_up_down_up(bare_database_url: str) -> None:
    """The schema can be made, taken back whole, and made again."""
    database = Database(bare_database_url)
    upgrade(bare_database_url)
    made = tables(database)
    assert {name for name in made if is_ours(name, "table", None)} == set(metadata.tables)
    # The index of the search and its three tables of SQLite's own; the queue's on PostgreSQL.
    assert len(made - set(metadata.tables)) == 4
    downgrade(bare_database_url)
    database.dispose()
    assert tables(database) == set()
    upgrade(bare_database_url)
    assert tables(database) == made
    current, newest = revisions(database)
    assert current == newest
    upgrade(bare_database_url)  # again changes nothing
    assert tables(database) == made
    database.dispose()


def test_migrations_and_models_are_equal(database: Database) -> None:
    """What the migrations made is what the models declare: tables, columns, types, indexes."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": is_ours}
        )
        assert compare_metadata(context, metadata) == []


def test_queue_schema_is_the_one_that_was_migrated() -> None:
    """A newer procrastinate that changes its tables needs a migration of ours with that change."""
    changes = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    assert changes[-1].name == "03.04.00_50_post_add_retry_failed_job_procedure.sql"


def test_partial_indexes_are_partial(database: Database) -> None:
    """alembic doesn't compare an index's WHERE: each partial one is held here by what the database
    itself says of it."""
    where = {}
    for table in metadata.tables.values():
        for index in table.indexes:
            made = str(CreateIndex(index).compile(dialect=database.engine.dialect))
            if " WHERE " in made:
                where[index.name] = made.partition(" WHERE ")[2]
    kept = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    if not database.is_sqlite:
        kept = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
    with database.engine.connect() as connection:
        found = {row[0]: row[1] for row in connection.exec_driver_sql(kept)}
    assert len(where) >= 4
    for name, condition in where.items():
        assert name is not None
        assert _plain(found[name].partition(" WHERE ")[2]) == _plain(condition), name


def _plain(condition: str) -> str:
    """Without the brackets and the types that PostgreSQL writes around everything."""
    return re.sub(r"::\w+|[() ]", "", condition.lower())


def test_unmigrated_database_is_known(bare_database_url: str) -> None:
    """A database without a schema says so: there is no current revision."""
    database = Database(bare_database_url)
    current, newest = revisions(database)
    assert current is None
    assert newest is not None
    database.dispose()
