"""The schema and its history: upgrade, downgrade, and whether a database is current."""

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.store.unit_of_work import Database, make_engine

MIGRATIONS = Path(__file__).resolve().parent.parent.parent / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """For alembic's comparing: tables of procrastinate are its own business, and what the search
    runs on is another thing on each database (migration 0018)."""
    if kind in ("column", "index"):
        return name not in SEARCH
    return kind != "table" or not (name or "").startswith(("procrastinate_", "case_tokens_index"))


SEARCH = ("vector", "ix_case_tokens_vector")
"""PostgreSQL's column that search asks, and its index."""


def upgrade(url: str, revision: str = "head") -> None:
    """Create or upgrade the schema at this SQLAlchemy URL."""
    _run(url, lambda config: command.upgrade(config, revision))


def downgrade(url: str, revision: str = "base") -> None:
    """Take the schema back."""
    _run(url, lambda config: command.downgrade(config, revision))


def _run(url: str, action: Callable[[Config], None]) -> None:
    engine = make_engine(url)
    config = _config()
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            action(config)
    finally:
        engine.dispose()


def knows(revision: str) -> bool:
    """Whether a database of this revision can be brought to the newest one of this code."""
    known = ScriptDirectory.from_config(_config()).walk_revisions()
    return any(each.revision == revision for each in known)


def revisions(database: Database) -> tuple[str | None, str | None]:
    """(revision of the database, newest revision of this code); equal when current."""
    with database.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return current, ScriptDirectory.from_config(_config()).get_current_head()
