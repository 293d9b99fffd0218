"""The one place that opens sessions and commits.

On SQLite a write takes a lock file between processes before BEGIN IMMEDIATE: SQLite's own busy
waiting is unfair (measured: p99 539 ms with busy_timeout alone, 99 ms with the lock).
"""

import fcntl
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import TimeoutError as WaitedTooLong
from sqlalchemy.orm import Session

from bot.store.prepared import CONNECTION, order

BUSY_MS = 4000
"""How long a write waits for others in all: under the platform's five seconds."""

BUSY_STEP_MS = 250
"""SQLite's own waiting is set anew when what is left of the budget differs by more than this."""

LOCK_POLL = 0.00002
"""Seconds between two looks at the lock file. The kernel's own waiting has no end, and a writer
that hangs must not take the web workers with it."""

LOG_PAGES = 4000
"""Pages of 4 KiB in the write-ahead log before it is brought into the database: the fewer times,
the fewer copies of one page."""

POOL = {"pool_size": 8, "max_overflow": 24}

_TO_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Chinese as it is: escaped it would take twice the room."""

SCRUB = "scrub"
"""Key in `Session.info`: this unit erased somebody's words, so no copy may stay in the log."""

WAIT = "wait_ms"
"""Key in `Connection.info`: the transaction that begins now writes, and may wait so long for it."""

_IN_WRITE = threading.local()


class NestedWriteError(RuntimeError):
    """A write unit was opened inside another one; pass the session down instead."""


def _set_up_sqlite_connection(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")  # first: the next one may have to wait
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")  # and _bring_to_disk, outside the lock
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute(f"PRAGMA wal_autocheckpoint={LOG_PAGES}")
    connection.execute("PRAGMA secure_delete=ON")  # erased words are overwritten, not only freed


def _begin_sqlite(connection: Connection) -> None:
    info = connection.info
    wait_ms = info.pop(WAIT, None)
    if wait_ms is None:
        order(connection, "BEGIN")
        return
    if abs(info.get("busy_ms", BUSY_MS) - wait_ms) > BUSY_STEP_MS:
        order(connection, f"PRAGMA busy_timeout={int(wait_ms)}")
        info["busy_ms"] = wait_ms
    order(connection, "BEGIN IMMEDIATE")


def make_engine(url: str) -> Engine:
    """An engine with this project's manners for SQLite or PostgreSQL. Parameters never get into
    error texts: they are residents' words."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(parsed, hide_parameters=True, json_serializer=_TO_JSON, **POOL)
        if parsed.database and not parsed.database.startswith((":", "file:")):
            make = partial(make_private, Path(parsed.database))
            event.listen(engine, "do_connect", lambda *_: make())
        event.listen(engine, "connect", _set_up_sqlite_connection)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(
        parsed,
        hide_parameters=True,
        json_serializer=_TO_JSON,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 4, "options": f"-c lock_timeout={BUSY_MS}"},
        **POOL,
    )


def make_private(file: Path) -> None:
    """The file is there before SQLite makes it, readable by its owner alone: it holds residents'
    words. SQLite gives its -wal and -shm files the same mode. What exists keeps the mode it has.
    It is made when somebody first asks the database: who never does leaves no empty file.

    One that is there is never opened: closing it would drop the locks that SQLite's connections in
    this process hold on it, and another process would take the log away from under them
    (https://sqlite.org/howtocorrupt.html, 2.2)."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDONLY, 0o600))
    except OSError:
        return  # opening it will say what is wrong, to whoever needs it


def _bring_to_disk(log: Path) -> None:
    """Have the write-ahead log on the disk before anybody hears that something was kept.

    It is what synchronous=FULL does within each commit, done when the lock is free again: the next
    one writes while this one waits for the disk, and one sync serves all commits before it (ADR
    0010). A log that is gone was brought into the database, which SQLite syncs itself. SQLite keeps
    no lock on this file, so closing it here drops none.
    """
    try:
        number = os.open(log, os.O_RDONLY)
    except FileNotFoundError:
        return
    try:
        os.fdatasync(number)
    except OSError as error:
        raise WaitedTooLong(f"the log can't be brought to the disk: {error.strerror}") from error
    finally:
        os.close(number)


class Database:
    """Sessions on one database. `monotonic`: seconds that only grow, for the waiting."""

    def __init__(self, url: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.engine = make_engine(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._monotonic = monotonic
        self._thread_lock = threading.Lock()
        database = self.engine.url.database
        self._lock_file: tuple[int, int] | None = None
        self._log_path = Path(f"{database}-wal") if self.is_sqlite and database else None
        self._lock_path = Path(f"{database}.lock") if self.is_sqlite and database else None

    def is_there(self) -> bool:
        """Whether reading would read anything: to ask makes no file where SQLite's is still to
        come. Of a server only asking it tells."""
        name = self.engine.url.database
        return not self.is_sqlite or not name or Path(name).exists()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for reading; nothing it changes is kept."""
        with Session(self.engine, autoflush=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """The one write unit: commits at the end, rolls back on any exception. When it is over,
        what it wrote survives a loss of power.

        Raises NestedWriteError inside another write unit of the same thread, and SQLAlchemy's
        OperationalError or TimeoutError when the database can't be written within BUSY_MS.
        """
        if getattr(_IN_WRITE, "open", False):
            raise NestedWriteError("a write unit is already open in this thread")
        _IN_WRITE.open = True
        try:
            # The connection is made ready before anybody is kept waiting for the lock.
            with self.engine.connect() as connection, self._session(connection) as session:
                with self._exclusive() as wait_ms:
                    connection.info[WAIT] = wait_ms
                    with connection.begin():
                        yield session
                        session.flush()
                    if self.is_sqlite and session.info.get(SCRUB):
                        self._scrub()
                if self._log_path is not None:
                    _bring_to_disk(self._log_path)
        finally:
            _IN_WRITE.open = False

    def check_writable(self) -> None:
        """Write what changes nothing. Raises SQLAlchemyError when nothing can be written now: a
        full disk, a disk or a server that only reads, a lock that nobody lets go."""
        with self.write() as session:
            session.execute(text("UPDATE alembic_version SET version_num = version_num"))

    def _session(self, connection: Connection) -> Session:
        """A session in the transaction that the caller begins and ends on this connection."""
        session = Session(connection, expire_on_commit=False)
        session.info[CONNECTION] = connection
        return session

    def _scrub(self) -> None:
        """What was erased also leaves the write-ahead log, which keeps old pages for a while."""
        with self.engine.connect() as connection:
            driver = connection.connection.dbapi_connection
            if driver is not None:
                driver.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    @contextmanager
    def _exclusive(self) -> Iterator[int]:
        """Alone among our own writers; yields the milliseconds left to wait for strangers."""
        if self._lock_path is None:
            yield BUSY_MS
            return
        give_up = self._monotonic() + BUSY_MS / 1000
        if not self._thread_lock.acquire(timeout=BUSY_MS / 1000):
            raise WaitedTooLong("another thread has been writing for too long")
        try:
            number = self._lock_number()
            self._lock(number, give_up)
            try:
                yield max(1, int((give_up - self._monotonic()) * 1000))
            finally:
                fcntl.flock(number, fcntl.LOCK_UN)  # the kernel does it when the process dies
        finally:
            self._thread_lock.release()

    def _lock_number(self) -> int:
        """Descriptor of the lock file, opened once a process: one inherited by a fork would be
        the parent's lock as well."""
        process = os.getpid()
        if self._lock_file is None or self._lock_file[0] != process:
            try:
                number = os.open(self._lock_path or "", os.O_RDWR | os.O_CREAT, 0o600)
            except OSError as error:  # the folder is read-only, or the disk is gone
                raise WaitedTooLong(f"the lock file can't be opened: {error.strerror}") from error
            self._lock_file = process, number
        return self._lock_file[1]

    def _lock(self, file: int, give_up: float) -> None:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if self._monotonic() >= give_up:
                    raise WaitedTooLong("another process has been writing for too long") from None
                time.sleep(LOCK_POLL)

    def dispose(self) -> None:
        """Close all connections (before a fork, and at the end)."""
        self.engine.dispose()
        if self._lock_file is not None and self._lock_file[0] == os.getpid():
            os.close(self._lock_file[1])
        self._lock_file = None
