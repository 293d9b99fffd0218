"""Several worker processes on one queue of due clocks: every rung once, also when one is killed."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bench.due import due, fill, make_due
from bot.services.engine import at_work
from bot.services.health import readiness
from bot.services.intake import receive
from bot.services.ports import Deps
from bot.services.sweep import sweep
from bot.settings import ROOT, Settings
from bot.wiring import build
from tests.factories import bind_phone, write_network
from tests.fakes import FakeClock
from tests.slow.kill_rig import message
from tests.understanding_rig import shared_understander

pytestmark = pytest.mark.slow

CASES = 300
ALARMS = "SELECT kind FROM alarms WHERE kind NOT IN ('calendar', 'stations_quiet', 'watch:overdue')"
"""But those that explain themselves: a case of a month ago, a calendar that ends, and clocks that
were late when the workers began (the watch rings when one is late at two of its looks)."""
DEAD_AFTER = 30
"""Seconds within which the work of a killed process must have been taken up."""


@dataclass
class Workers:
    """Worker processes on one database full of due clocks."""

    deps: Deps
    folder: Path
    processes: "list[subprocess.Popen[bytes]]" = field(default_factory=list)

    def start(self, count: int) -> None:
        """So many more processes."""
        keys = {
            "XMZ_MODE": "demo", "XMZ_VAR_DIR": str(self.folder), "XMZ_CHANNEL": "console",
            "XMZ_ENGINE": "procrastinate", "XMZ_DATABASE_URL": self.deps.settings.database_url,
        }  # fmt: skip
        for _ in range(count):
            with (self.folder / "workers.log").open("ab") as log:
                command = [sys.executable, "-m", "scheduler"]
                self.processes.append(
                    subprocess.Popen(
                        command, cwd=ROOT, env=os.environ | keys, stdout=log, stderr=log
                    )
                )

    def left(self) -> int:
        """Clocks that are due now."""
        return due(self.deps.database, datetime.now(UTC))

    def rungs(self) -> Counter[tuple[int, str]]:
        """How often each rung of each case was recorded."""
        kept = "SELECT case_id, data->>'index' FROM events WHERE kind = 'rung' AND data->>'clock'"
        with self.deps.database.engine.connect() as connection:
            return Counter((r[0], r[1]) for r in connection.execute(text(f"{kept} = 'accept'")))


@pytest.fixture
def workers(tmp_path: Path, postgres_url: str) -> Iterator[Workers]:
    """A case dispatched a month ago, 299 copies of it, and nobody who accepts any."""
    settings = Settings(
        mode="demo", engine="procrastinate", channel="console", var_dir=tmp_path,
        database_url=postgres_url.replace("+psycopg", ""), _env_file=None,
    )  # fmt: skip
    clock = FakeClock(datetime.now(UTC) - timedelta(days=30))
    deps = replace(build(settings), clock=clock, understander=shared_understander)
    write_network(deps.database)
    for person in ("second", "head", "staff"):
        bind_phone(deps.database, person, f"oTEST_{person}", clock.now())
    receive(deps, message(1))
    clock.advance(timedelta(seconds=5))
    sweep(deps)
    fill(deps.database, CASES)
    make_due(deps.database, 1, CASES)
    made = Workers(replace(deps, clock=FakeClock(datetime.now(UTC))), tmp_path)
    yield made
    for process in made.processes:
        if process.poll() is None:
            process.kill()
        process.wait(timeout=10)
    deps.database.dispose()


def wait_for(seconds: float, holds: Callable[[], bool]) -> None:
    """Until it holds; fails after `seconds`."""
    give_up = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < give_up, "it did not happen in time"
        time.sleep(0.05)  # another process's state: there is nothing to wait on


def assert_each_once(workers: Workers) -> None:
    """Every case has all its rungs, each once, and everybody was told once of each."""
    rungs = workers.rungs()
    assert {case for case, _ in rungs} == set(range(1, CASES + 1))
    assert set(rungs.values()) == {1}
    assert len({index for _, index in rungs}) * CASES == len(rungs)
    with workers.deps.database.engine.connect() as connection:
        alarms = connection.execute(text(ALARMS))
        assert alarms.all() == []


@pytest.mark.parametrize("count", [2, 4])
def test_no_rung_is_doubled(workers: Workers, count: int) -> None:
    """Two and four processes on 300 due clocks: each rung of each case once; readiness and doctor
    know them; all end when told."""
    workers.start(count)
    wait_for(30, lambda: at_work(workers.deps).who == f"{count} 个进程")
    wait_for(180, lambda: workers.left() == 0)
    assert_each_once(workers)
    assert readiness(workers.deps) == []
    for process in workers.processes:
        process.send_signal(signal.SIGTERM)
    assert [process.wait(timeout=20) for process in workers.processes] == [0] * count
    assert at_work(workers.deps).who == ""
    assert " error " not in (workers.folder / "workers.log").read_text(encoding="utf-8")


def test_killed_worker_is_replaced(workers: Workers) -> None:
    """One of two is killed in the middle of the work: the other takes its share up, nothing is
    lost and nothing doubled."""
    workers.start(2)
    wait_for(60, lambda: workers.left() < CASES * 2 // 3)
    workers.processes[0].kill()
    assert workers.left() > 0
    wait_for(DEAD_AFTER + 150, lambda: workers.left() == 0)
    assert_each_once(workers)


def test_worker_that_was_taken_for_dead_goes_on(workers: Workers) -> None:
    """The machine stood still and the others removed this process from their list: it begins
    anew by itself."""
    workers.start(1)
    wait_for(30, lambda: at_work(workers.deps).who != "")
    with workers.deps.database.engine.begin() as connection:
        connection.execute(text("DELETE FROM procrastinate_workers"))
    wait_for(180, lambda: workers.left() == 0 and at_work(workers.deps).who == "1 个进程")
    assert_each_once(workers)
