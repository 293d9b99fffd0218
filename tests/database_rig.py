"""Fixtures that give every test of the store the same database twice: SQLite and PostgreSQL.

The schema is migrated once for each in a test run. Between tests the SQLite file is copied anew
and PostgreSQL's tables are emptied. With the demo network in it both are copied from a template:
writing its 219 stations takes a quarter of a second.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from bot.services.demo_roster import load_demo_data, write_demo
from bot.store.migrate import upgrade
from bot.store.unit_of_work import Database
from tools.postgres import postgres_server

KEPT_TABLES = {"alembic_version"}


def _create_database(socket_folder: Path, name: str, template: str = "template0") -> str:
    """Create a database, empty or as the template is, and return its SQLAlchemy URL."""
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
    server = f"host={socket_folder} user=postgres dbname=postgres"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
    return f"postgresql+psycopg://postgres@/{name}?host={socket_folder}"


def _drop_database(socket_folder: Path, name: str) -> None:
    server = f"host={socket_folder} user=postgres dbname=postgres"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _write_network(url: str) -> None:
    opened = Database(url)
    with opened.write() as session:
        write_demo(session, *load_demo_data())
    opened.dispose()


def _empty_tables(socket_folder: Path, name: str) -> None:
    """Empty every table and begin its numbers anew. A connection that a test left inside a
    transaction fails this in 5 s. TRUNCATE makes each file anew, which costs a tenth of a second a
    test; so do many small questions: what has rows is asked at once, and emptied at once."""
    url = f"host={socket_folder} user=postgres dbname={name} options='-c lock_timeout=5000'"
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [sql.Identifier(row[0]) for row in rows if row[0] not in KEPT_TABLES]
        used = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {} WHERE EXISTS (SELECT 1 FROM {})").format(
                sql.Literal(table.as_string(connection)), table
            )
            for table in tables
        )
        full = [row[0] for row in connection.execute(used)]
        begin = "LOCK TABLE {}; SET LOCAL session_replication_role = replica; "  # in any order
        statements: list[sql.Composable] = [sql.SQL(begin).format(sql.SQL(", ").join(tables))]
        statements += [sql.SQL("DELETE FROM {}; ").format(sql.SQL(table)) for table in full]
        statements.append(
            sql.SQL(
                "SELECT setval(format('%I', sequencename)::regclass, start_value, false)"
                " FROM pg_sequences WHERE last_value IS NOT NULL AND schemaname = 'public'"
            )
        )
        connection.execute(sql.Composed(statements))


@pytest.fixture(scope="session")
def postgres_socket() -> Iterator[Path]:
    """The socket folder of this run's own PostgreSQL server."""
    with postgres_server() as folder:
        yield folder


@pytest.fixture(scope="session")
def migrated_postgres(postgres_socket: Path) -> str:
    """URL of the one migrated PostgreSQL database; ask for `postgres_url`, which is also empty."""
    url = _create_database(postgres_socket, "xiaomazha")
    upgrade(url)
    return url


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The migrated SQLite file that `sqlite_url` copies; never opened by a test itself."""
    path = tmp_path_factory.mktemp("template") / "template.sqlite3"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def network_postgres(postgres_socket: Path) -> str:
    """Name of the PostgreSQL template with the demo network; nobody stays connected to it."""
    url = _create_database(postgres_socket, "network_template")
    upgrade(url)
    _write_network(url)
    return "network_template"


@pytest.fixture(scope="session")
def network_sqlite(migrated_sqlite: Path) -> Path:
    """The SQLite file with the demo network; never opened by a test itself."""
    path = migrated_sqlite.with_name("network.sqlite3")
    shutil.copyfile(migrated_sqlite, path)
    _write_network(f"sqlite:///{path}")
    return path


@pytest.fixture
def bare_postgres_url(postgres_socket: Path) -> Iterator[str]:
    """A PostgreSQL database with nothing in it, for tests of the migrations themselves."""
    yield _create_database(postgres_socket, "bare")
    _drop_database(postgres_socket, "bare")


@pytest.fixture
def postgres_url(migrated_postgres: str, postgres_socket: Path) -> Iterator[str]:
    """URL of a migrated, empty PostgreSQL database."""
    yield migrated_postgres
    _empty_tables(postgres_socket, "xiaomazha")


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """URL of a migrated, empty SQLite file."""
    path = tmp_path / "xiaomazha.sqlite3"
    shutil.copyfile(migrated_sqlite, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """URL of a migrated, empty database; the test runs once on each of the two kinds."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return str(request.getfixturevalue(name))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def pages_url(request: pytest.FixtureRequest) -> str:
    """The same for conversations and pages: what differs between databases is tested below them, so
    PostgreSQL's turn comes with the slow tests."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return str(request.getfixturevalue(name))


@pytest.fixture(params=["sqlite", "postgresql"])
def network_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a database that holds the demo network; the test runs once on each of the kinds."""
    if request.param == "sqlite":
        path = tmp_path / "xiaomazha.sqlite3"
        shutil.copyfile(request.getfixturevalue("network_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    socket_folder = request.getfixturevalue("postgres_socket")
    template = request.getfixturevalue("network_postgres")
    yield _create_database(socket_folder, "network", template)
    _drop_database(socket_folder, "network")


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of a database without any table, one of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'bare.sqlite3'}"
    return str(request.getfixturevalue("bare_postgres_url"))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated, empty database, the test running once on each of the two kinds."""
    opened = Database(database_url)
    yield opened
    opened.dispose()
