"""The one write unit: no nesting, all or nothing, alone, and patient for four seconds at most."""

import multiprocessing
import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy import text as sql
from sqlalchemy.exc import TimeoutError as WaitedTooLong

from bot.settings import Settings
from bot.store import alarms, counters, leases
from bot.store.unit_of_work import Database, NestedWriteError
from bot.wiring import build, warm_up
from tests.conversation_rig import LAMP, Town
from tests.fakes import MONDAY_MORNING as NOW
from tests.web.conftest import MakeTown


def url_of(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


def count_up(database: Database) -> int:
    with database.write() as session:
        return counters.next_value(session, "n")


def value(database: Database) -> int:
    with database.read() as session:
        return counters.current_value(session, "n")


def test_write_units_do_not_nest(database: Database) -> None:
    """A write inside a write is refused, and the outer one is unharmed."""
    with database.write() as session:
        counters.next_value(session, "n")
        with pytest.raises(NestedWriteError):
            count_up(database)
    assert value(database) == 1
    assert count_up(database) == 2


def test_a_second_connection_leaves_the_locks_of_the_first(tmp_path: Path) -> None:
    """Another process that comes and goes must not think itself the last one and take the log away:
    what is written after it is there for everybody."""
    file = tmp_path / "locks.sqlite3"
    database = Database(f"sqlite:///{file}")
    with database.engine.connect() as one:
        one.exec_driver_sql("CREATE TABLE t (x)")
        one.commit()
        database.engine.connect().close()
        look = (
            f"import sqlite3; other = sqlite3.connect({str(file)!r}); "
            "other.execute('SELECT * FROM t').fetchall(); other.close()"
        )
        subprocess.run([sys.executable, "-c", look], check=True)
        assert Path(f"{file}-wal").exists()
    database.dispose()


def _spoil(database: Database) -> None:
    with database.write() as session:
        counters.next_value(session, "n")
        count_up(database)


def test_failure_rolls_back(database: Database) -> None:
    """Whatever is raised inside, nothing of the unit is kept and the next one works."""
    with pytest.raises(NestedWriteError):
        _spoil(database)
    assert value(database) == 0
    assert count_up(database) == 1


def test_reading_keeps_nothing(database: Database) -> None:
    """What a reader changes is gone at the end."""
    with database.read() as session:
        counters.next_value(session, "n")
    assert value(database) == 0


def test_threads_write_one_after_the_other(database: Database) -> None:
    """Many threads at once: no update is lost and none fails."""
    threads = [
        threading.Thread(target=lambda: [count_up(database) for _ in range(10)]) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert value(database) == 60


def _count_in_child(url: str, times: int) -> None:
    own = Database(url)
    for _ in range(times):
        count_up(own)
    own.dispose()


@pytest.mark.slow
def test_processes_write_one_after_the_other(database: Database) -> None:
    """Two processes on one database: no update is lost."""
    context = multiprocessing.get_context("spawn")
    children = [
        context.Process(target=_count_in_child, args=(url_of(database), 30)) for _ in range(2)
    ]
    for child in children:
        child.start()
    for child in children:
        child.join(timeout=60)
    assert [child.exitcode for child in children] == [0, 0]
    assert value(database) == 60


class Hasty:
    """Monotonic time of which each look takes a second."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        """The time now."""
        self.seconds += 1
        return self.seconds


def test_writer_that_hangs_is_not_waited_for(sqlite_url: str) -> None:
    """Another process keeps the lock file: after the four seconds of BUSY_MS the unit gives up,
    and leaves no lock behind in its own process."""
    holder, waiting = Database(sqlite_url), Database(sqlite_url, monotonic=Hasty())
    with holder.write() as session:
        counters.next_value(session, "n")
        with pytest.raises(WaitedTooLong, match="another process"):
            threading_free(waiting)
    assert count_up(waiting) == 2
    holder.dispose()
    waiting.dispose()


def threading_free(database: Database) -> None:
    """Write on a thread of its own (this one has a unit open) and raise here what it raised."""
    raised: list[BaseException] = []

    def work() -> None:
        try:
            count_up(database)
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(timeout=30)
    for error in raised:
        raise error


@pytest.mark.slow
def test_database_locked_for_three_seconds(make_town: MakeTown, sqlite_url: str) -> None:
    """A stranger holds SQLite's own lock for three seconds: the webhook answers within the
    platform's five, and the message lands once."""
    town = make_town(sqlite_url)
    town.phone().say("您好")
    path = str(town.deps.database.engine.url.database)
    stranger = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    stranger.execute("BEGIN IMMEDIATE")
    release = threading.Timer(3.0, lambda: stranger.execute("COMMIT"))
    release.start()
    assert "编号" in town.phone().say(LAMP)
    release.join()
    stranger.close()
    assert len(town.cases()) == 1


def test_database_that_cannot_be_written(make_town: MakeTown, sqlite_url: str) -> None:
    """The disk refuses (here: the lock file's place is taken by a folder): 503, and the retry of
    the same message lands once."""
    town = make_town(sqlite_url)
    phone = town.phone()
    lock = Path(f"{town.deps.database.engine.url.database}.lock")
    town.deps.database.dispose()  # as after a start: the lock file is opened anew
    lock.unlink(missing_ok=True)
    lock.mkdir()
    xml = phone.text_xml(LAMP)
    assert phone.push(xml).status_code == 503
    lock.rmdir()
    assert phone.push(xml).status_code == 200
    assert phone.push(xml).status_code == 200
    assert len(town.cases()) == 1


def _read_only(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA query_only=ON")


def test_read_only_database(make_town: MakeTown, sqlite_url: str) -> None:
    """SQLite refuses every change: 503; once it can be written again the retry lands once."""
    town = make_town(sqlite_url)
    engine, phone = town.deps.database.engine, town.phone()
    xml = phone.text_xml(LAMP)
    event.listen(engine, "connect", _read_only)
    engine.dispose()
    assert phone.push(xml).status_code == 503
    event.remove(engine, "connect", _read_only)
    engine.dispose()
    assert phone.push(xml).status_code == 200
    assert phone.push(xml).status_code == 200
    assert len(town.cases()) == 1


def test_nothing_is_shared_across_a_fork(town: Town) -> None:
    """Connections made before the fork are closed by warm_up; parent and child then write on
    connections of their own."""
    database = town.deps.database
    count_up(database)
    warm_up(town.deps)
    assert database.engine.pool.checkedin() == 0  # type: ignore[attr-defined]
    child = os.fork()
    if child == 0:
        done = 1
        try:
            done = 0 if count_up(database) > 1 else 1
        finally:
            os._exit(done)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert count_up(database) == 3


def test_what_residents_wrote_is_for_its_owner_only(tmp_path: Path) -> None:
    """Folder, database and its side files are made private, whatever the umask of the shell."""
    folder = tmp_path / "var"
    old = os.umask(0o022)
    try:
        deps = build(Settings(mode="demo", var_dir=folder, _env_file=None))
        with deps.database.write() as session:
            session.execute(sql("CREATE TABLE words (text)"))
            modes = {file.name: file.stat().st_mode & 0o777 for file in folder.glob("xiaomazha*")}
    finally:
        os.umask(old)
    deps.database.dispose()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert len(modes) >= 3
    assert {name: mode for name, mode in modes.items() if mode != 0o600} == {}


def test_alarm_is_counted_not_repeated(database: Database) -> None:
    """One open alarm a cause; after it was cleared the next one is new."""
    with database.write() as session:
        assert alarms.raise_alarm(session, "k", "one", NOW)
        assert not alarms.raise_alarm(session, "k", "two", NOW)
        alarms.clear(session, "k", NOW)
        assert alarms.open_alarms(session) == []
        assert alarms.raise_alarm(session, "k", "three", NOW)
        assert [(a.detail, a.count) for a in alarms.open_alarms(session)] == [("three", 1)]


def test_closed_ways(database: Database) -> None:
    """A way is closed until its time, whoever closed it last."""
    later = NOW.replace(hour=5)
    with database.write() as session:
        leases.close_until(session, "way:custom", "45009", later)
        leases.close_until(session, "way:custom", "40013", later)
    with database.read() as session:
        assert leases.closed(session, "way:", NOW) == {"custom": later}
        assert leases.closed(session, "way:", later) == {}


def test_what_was_written_is_on_the_disk(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a write unit is over its log was synced, by then with the unit's own pages in it; the
    lock was free again, so that others did not wait for the disk."""
    database, other = Database(sqlite_url), Database(sqlite_url)
    log = Path(f"{other.engine.url.database}-wal")
    seen: list[tuple[int, int]] = []

    def sync(number: int) -> None:
        assert os.fstat(number).st_ino == log.stat().st_ino
        with sqlite3.connect(other.engine.url.database or "") as stranger:
            kept = stranger.execute("SELECT value FROM counters WHERE name = 'n'").fetchone()
            stranger.execute("BEGIN IMMEDIATE")
        seen.append((kept[0], log.stat().st_size > 0))
        stranger.close()

    monkeypatch.setattr(os, "fdatasync", sync)
    assert [count_up(database), count_up(database)] == [1, 2]
    assert seen == [(1, True), (2, True)]
    for one in (database, other):
        one.dispose()


def test_a_disk_that_fails_is_said(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody hears that something was kept when the disk did not take it."""
    database = Database(sqlite_url)

    def broken(_number: int) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fdatasync", broken)
        with pytest.raises(WaitedTooLong, match="Input/output"):
            count_up(database)
    assert count_up(database) == 2
    database.dispose()
