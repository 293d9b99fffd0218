"""The embedded engine: one leads, the other waits; what hangs or fails holds up nothing else."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.channels.clock import RealClock
from bot.domain.inbound import Choice
from bot.domain.messages import SendError, Sent
from bot.services.health import readiness
from bot.services.leadership import lead, resign
from bot.services.ports import Deps
from scheduler import embedded
from scheduler.embedded import Engine
from scheduler.jobs import JOBS, Job
from scheduler.tick import tick_until
from tests.conversation_rig import LAMP, Town
from tests.fakes import FakeClock

LENGTH = timedelta(seconds=15)


@contextmanager
def running(town: Town, *jobs: Job) -> Iterator[Engine]:
    """An engine at work in real time."""
    engine = Engine(replace(town.deps, clock=RealClock()), jobs)
    engine.start()
    try:
        yield engine
    finally:
        engine.stop()


def job(name: str, work: Callable[[], Sequence[Any]]) -> Job:
    return Job(name, 0.05, lambda _deps: work())


def test_one_leads(town: Town) -> None:
    """The first takes the lead and keeps it; the second gets it when the lease has run out."""
    deps = town.deps
    assert lead(deps, "a", LENGTH)
    assert not lead(deps, "b", LENGTH)
    town.clock.advance(timedelta(seconds=12))
    assert lead(deps, "a", LENGTH)  # renewed
    town.clock.advance(timedelta(seconds=12))
    assert not lead(deps, "b", LENGTH)
    town.clock.advance(timedelta(seconds=4))  # a is dead
    assert lead(deps, "b", LENGTH)
    assert not lead(deps, "a", LENGTH)


def test_clean_stop_hands_over_at_once(town: Town) -> None:
    """Who resigns need not be waited for; resigning twice, or without the lead, changes nothing."""
    deps = town.deps
    assert lead(deps, "a", LENGTH)
    resign(deps, "b")
    assert not lead(deps, "b", LENGTH)
    resign(deps, "a")
    resign(deps, "a")
    assert lead(deps, "b", LENGTH)


def test_clock_that_jumps_back(town: Town) -> None:
    """The machine's time was a year ahead: a lease from then holds nobody up."""
    deps = town.deps
    ahead = FakeClock(town.clock.now() + timedelta(days=365))
    assert lead(replace(deps, clock=ahead), "a", LENGTH)
    assert lead(deps, "b", LENGTH)


def test_two_start_at_once(town: Town) -> None:
    """Two processes ask for a lead that nobody ever held: exactly one gets it."""
    ready, found = threading.Barrier(2), []

    def ask(name: str) -> None:
        ready.wait(timeout=10)
        found.append(lead(town.deps, name, LENGTH))

    threads = [threading.Thread(target=ask, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(found) == [False, True]
    assert len(town.rows("SELECT * FROM lease_moves")) == 1


def test_jobs_that_begin_at_once_are_one_move(town: Town) -> None:
    """Each job of a process asks for the lead in a thread of its own; the lead moved once."""
    ready = threading.Barrier(4)

    def ask() -> None:
        ready.wait(timeout=10)
        lead(town.deps, "a", LENGTH)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert town.rows("SELECT holder FROM lease_moves") == [("a",)]


def test_ready_only_with_a_leader(town: Town) -> None:
    """/readyz asks for somebody at work, and for somebody who still is."""
    assert len(readiness(town.deps)) == 1
    assert lead(town.deps, "a", LENGTH)
    assert readiness(town.deps) == []
    town.clock.advance(timedelta(minutes=2))
    assert len(readiness(town.deps)) == 1


def test_hanging_job_holds_up_no_other(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """One job never returns: the others run on, and the engine says so when it is stopped."""
    monkeypatch.setattr(embedded, "PATIENCE", 0.1)
    release, runs, enough = threading.Event(), [0], threading.Event()

    def hang() -> list[str]:
        release.wait(timeout=30)
        return []

    def work() -> list[str]:
        runs[0] += 1
        if runs[0] >= 3:
            enough.set()
        return []

    with running(town, job("hangs", hang), job("works", work)) as engine:
        assert enough.wait(timeout=10)
        assert not engine.stop()
        release.set()
        engine.stop = lambda: True  # type: ignore[method-assign]  # it is stopped already


def test_failing_job_runs_again(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    """A job that fails is logged and tried again at its next time."""
    runs, enough = [0], threading.Event()

    def work() -> list[str]:
        runs[0] += 1
        if runs[0] == 2:
            enough.set()
        raise RuntimeError("broken")

    with running(town, job("fails", work)):
        assert enough.wait(timeout=10)
    assert "job_failed" in caplog.text


def test_idle_runs_are_silent(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    """A run that did nothing says nothing; one that did something says how much, once."""
    caplog.set_level(logging.INFO, "scheduler.embedded")
    batches: list[list[str]] = [["x"] * 3, ["y"], [], []]
    engine = Engine(town.deps)
    for _ in range(2):
        engine.run_once(job("works", lambda: batches.pop(0)))
    assert [r.message for r in caplog.records if "did" in r.message] == [
        "job_did did=3",
        "job_did did=1",
    ]


def test_engine_does_the_work(town: Town) -> None:
    """The jobs table in real time: a case settles, is dispatched and pushed with nobody's help."""
    first = town.member("first")
    town.clock.set(datetime.now(UTC))
    town.phone().say(LAMP)
    moved = FakeClock(datetime.now(UTC) + timedelta(seconds=5))
    deps = replace(town.deps, clock=moved)
    sent = threading.Event()
    watched = tuple(Job(j.name, 0.05, _then(j.run, sent, first.notices)) for j in JOBS)
    engine = Engine(deps, watched)
    engine.start()
    assert sent.wait(timeout=20)
    assert engine.stop()
    assert len(first.received()) == 1


def _then(
    run: Callable[[Deps], Sequence[Any]], sent: threading.Event, notices: Callable[[], list[str]]
) -> Callable[[Deps], Sequence[Any]]:
    """The same job, saying when a notice is out."""

    def work(deps: Deps) -> Sequence[Any]:
        done = run(deps)
        if notices():
            sent.set()
        return done

    return work


class Shut:
    """A channel that the platform has stopped, for an hour at a time."""

    def send_text(self, openid: str, text: str, choices: tuple[Choice, ...]) -> Sent:
        """Refuse."""
        raise SendError("S", 89507, "stopped", wait=3600, alarm=True)

    def send_notice(self, openid: str, fields: dict[str, str], url: str, shape: str) -> Sent:
        """Refuse."""
        raise SendError("S", 89507, "stopped", wait=3600, alarm=True)


def test_ticks_end_while_the_platform_is_silent(town: Town) -> None:
    """Waiting for a closed way costs a step for each retry, not one for each second."""
    town.member("first")
    town.phone().say(LAMP)
    steps: list[int] = []
    until = town.clock.now() + timedelta(days=1)

    def advance(seconds: int) -> None:
        steps.append(seconds)
        town.clock.advance(timedelta(seconds=seconds))

    for _ in tick_until(replace(town.deps, channel=Shut()), until, advance):
        pass
    assert town.clock.now() == until
    assert 20 < len(steps) < 60
