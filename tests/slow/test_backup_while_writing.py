"""A backup that is taken while writers write is one moment: no half of anything."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text as sql

from bot.domain.understanding import Understander
from bot.services.backup import backup
from bot.services.intake import receive
from bot.services.ports import Deps
from bot.services.restore import restore
from bot.services.sweep import sweep
from tests.factories import write_network
from tests.slow.kill_rig import message
from tests.web.conftest import make_deps, understander

__all__ = ["understander"]

pytestmark = pytest.mark.slow

WRITERS, BACKUPS = 4, 6
HALVES = (
    # What must not be in a copy: a part of a write unit without its other parts.
    "SELECT count(*) FROM cases c WHERE NOT EXISTS"
    " (SELECT 1 FROM events e WHERE e.case_id = c.id AND e.kind = 'registered')",
    "SELECT count(*) FROM cases c WHERE NOT EXISTS"
    " (SELECT 1 FROM clocks k WHERE k.subject_id = c.id AND k.ended_at IS NULL)",
    "SELECT count(*) FROM messages m WHERE m.case_id IS NULL",
    "SELECT count(*) FROM cases c WHERE NOT EXISTS"
    " (SELECT 1 FROM messages m WHERE m.case_id = c.id)",
    "SELECT abs((SELECT count(*) FROM cases) - (SELECT coalesce(sum(value), 0) FROM counters"
    " WHERE name LIKE 'case%'))",
)


def number(deps: Deps, statement: str) -> int:
    """A single figure from the database."""
    with deps.database.engine.connect() as connection:
        return int(connection.execute(sql(statement)).scalar_one())


@contextmanager
def writers(deps: Deps) -> Iterator[None]:
    """Residents who write without a pause, and the sweep beside them."""
    over = threading.Event()

    def write(first: int) -> None:
        each = first
        while not over.is_set():
            receive(deps, message(each))
            each += WRITERS

    def step() -> None:
        while not over.is_set():
            sweep(deps)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(WRITERS)]
    threads.append(threading.Thread(target=step))
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join(timeout=60)


def test_one_moment(
    database_url: str,
    tmp_path: Path,
    understander: Understander,
    request: pytest.FixtureRequest,
) -> None:
    """Each copy agrees to the row with what was counted in that moment, later ones hold more, and
    the last one, restored, has no case without its first event, its clock, its message and its
    number."""
    deps = make_deps(database_url, tmp_path / "here", understander, "plain")
    write_network(deps.database)
    with writers(deps):
        made = [backup(deps, tmp_path / "usb") for _ in range(BACKUPS)]
    cases = [each.tables["cases"] for each in made]
    assert cases == sorted(cases)
    assert cases[-1] > cases[0] + WRITERS
    there = f"sqlite:///{tmp_path / 'there' / 'x.sqlite3'}"
    if not deps.database.is_sqlite:
        there = str(request.getfixturevalue("bare_postgres_url"))
    other = make_deps(there, tmp_path / "there", understander, "plain")
    restore(other, Path(made[-1].path))
    assert [number(other, each) for each in HALVES] == [0] * len(HALVES)
    assert number(other, "SELECT count(*) FROM cases") == cases[-1]
    for each in (deps, other):
        each.database.dispose()
