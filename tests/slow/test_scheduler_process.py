"""`python -m scheduler` as the operator runs it: two processes, one leader, a clean end."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.services.engine import LEADER
from bot.settings import ROOT
from bot.store import leases
from bot.store.unit_of_work import Database

pytestmark = pytest.mark.slow

Start = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def start(tmp_path: Path, database_url: str) -> Iterator[Start]:
    """Starts a scheduler on the test's database; kills at the end what is left."""
    started: list[subprocess.Popen[bytes]] = []
    keys = {"XMZ_MODE": "demo", "XMZ_VAR_DIR": str(tmp_path), "XMZ_DATABASE_URL": database_url}

    def begin() -> "subprocess.Popen[bytes]":
        with (tmp_path / "scheduler.log").open("ab") as log:
            command = [sys.executable, "-m", "scheduler"]
            started.append(
                subprocess.Popen(command, cwd=ROOT, env=os.environ | keys, stdout=log, stderr=log)
            )
        return started[-1]

    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait(timeout=10)


def leader(database: Database) -> int:
    """Process id in the leader's lease; 0 before there is one."""
    with database.read() as session:
        current = leases.current(session, LEADER)
    return int(current[0].rpartition(":")[2]) if current else 0


def wait_for(seconds: float, holds: Callable[[], bool]) -> float:
    """Seconds until it holds; fails after `seconds`."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, "it did not happen in time"
        time.sleep(0.05)  # another process's state: there is nothing to wait on
    return time.monotonic() - began


def test_lead_moves_within_half_a_minute_of_a_kill(start: Start, database: Database) -> None:
    """Two run, the leader is killed with SIGKILL: the other leads within 30 seconds."""
    first = start()
    wait_for(30, lambda: leader(database) == first.pid)
    second = start()
    first.kill()
    first.wait(timeout=10)
    wait_for(30, lambda: leader(database) == second.pid)
    assert second.poll() is None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_ends_when_told(
    start: Start, database: Database, tmp_path: Path, number: signal.Signals
) -> None:
    """SIGTERM and Ctrl-C end it in less than five seconds, with 0 and without complaints, and the
    next one leads at once."""
    first = start()
    wait_for(30, lambda: leader(database) == first.pid)
    began = time.monotonic()
    first.send_signal(number)
    assert first.wait(timeout=10) == 0
    assert time.monotonic() - began < 5
    log = (tmp_path / "scheduler.log").read_text(encoding="utf-8")
    assert " error " not in log
    second = start()
    wait_for(10, lambda: leader(database) == second.pid)
