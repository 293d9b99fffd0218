"""The sweep's engines beside others: APScheduler's own store, and one, two and four workers."""

import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import StaticPool, create_engine

from bench.due import due, forget_notices, make_due, unsent
from bench.results import Result, paired
from bot.services.engine import at_work
from bot.services.ports import Deps
from bot.settings import ROOT
from bot.store import clocks
from bot.store.unit_of_work import Database

JOBS, DUE = 10_000, 1_000
SHARED = 1_200
"""Clocks that are due at once for the workers."""
ROUNDS, LOOKS = 3, 7
PATIENCE = 600.0
"""Seconds for workers to begin, and for what is due to be done."""


def nothing() -> None:
    """What APScheduler would run."""


def find(url: str, now: datetime) -> Result:
    """sweep.find: milliseconds to find 1,000 due among 10,000, against `get_due_jobs` of
    APScheduler with date jobs in its SQLAlchemy store, which has to unpickle each. `url`: a
    database of our own with 10,000 open cases, none of which is due at `now`, on disk; theirs lies
    in memory. Both are SQLite."""
    database = Database(url)
    make_due(database, 2, DUE)
    memory = create_engine(
        "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}
    )
    store = SQLAlchemyJobStore(engine=memory)
    scheduler = BackgroundScheduler(jobstores={"default": store}, timezone="UTC")
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # it looks once more at its end
    scheduler.start(paused=True)
    for number in range(JOBS):
        at = now - timedelta(minutes=1) if number < DUE else now + timedelta(days=100)
        scheduler.add_job(nothing, "date", run_date=at, misfire_grace_time=None)
    pairs = [(_ours(database, now), _theirs(store, now)) for _ in range(LOOKS)]
    scheduler.shutdown()
    memory.dispose()
    database.dispose()
    return paired("sweep.find", "ms", pairs, at_most=1)


def _ours(database: Database, now: datetime) -> float:
    begun = time.perf_counter()
    with database.read() as session:
        found = clocks.due_ids(session, now, 2 * DUE)
    return _checked(begun, len(found))


def _theirs(store: Any, now: datetime) -> float:
    begun = time.perf_counter()
    return _checked(begun, len(store.get_due_jobs(now)))


def _checked(begun: float, found: int) -> float:
    spent = (time.perf_counter() - begun) * 1000
    if found != DUE:
        raise RuntimeError(f"{found} of {DUE} were found")
    return spent


Field = Callable[[str, Path, int, str], AbstractContextManager[Any]]


def workers(url: str, folder: Path, field: Field) -> list[Result]:
    """sweep.workers_2: rungs a second of two processes against one; sweep.workers_4: of four
    against two."""
    rates: dict[int, list[float]] = {1: [], 2: [], 4: []}
    with field(url, folder, JOBS, "procrastinate") as full:
        offset = int((full.moment - datetime.now(UTC)).total_seconds()) + 1
        (folder / "clock.json").write_text(json.dumps({"offset_seconds": offset}))
        first = 2
        for _ in range(ROUNDS):
            for count, found in rates.items():
                with _at_work(full.deps, folder, count):
                    found.append(_rate(full.deps, first, full.moment))
                first += SHARED
    return [
        paired("sweep.workers_2", "1/s", list(zip(rates[2], rates[1], strict=True)), at_least=1.3),
        paired("sweep.workers_4", "1/s", list(zip(rates[4], rates[2], strict=True)), at_least=1),
    ]


@contextmanager
def _at_work(deps: Deps, folder: Path, count: int) -> Iterator[None]:
    """So many processes, which have nothing to do yet."""
    keys = {
        "XMZ_MODE": "demo", "XMZ_VAR_DIR": str(folder), "XMZ_CHANNEL": "console",
        "XMZ_ENGINE": "procrastinate", "XMZ_DATABASE_URL": deps.settings.database_url,
        "XMZ_BACKUP_NIGHTLY": "false",
    }  # fmt: skip
    with (folder / "workers.log").open("ab") as log:
        command = [sys.executable, "-m", "scheduler"]
        processes = [
            subprocess.Popen(command, cwd=ROOT, env=os.environ | keys, stdout=log, stderr=log)
            for _ in range(count)
        ]
    try:
        _until(lambda: at_work(deps).who == f"{count} 个进程")
        yield
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            process.wait(timeout=30)


def _rate(deps: Deps, first: int, moment: datetime) -> float:
    """Clocks a second, from the moment when they are due until all have a next step and everything
    that they caused is settled: the workers do both at once."""
    forget_notices(deps.database)
    make_due(deps.database, first, SHARED)
    begun = time.perf_counter()
    _until(lambda: due(deps.database, moment) == 0 and unsent(deps.database) == 0)
    return SHARED / (time.perf_counter() - begun)


def _until(holds: Callable[[], bool]) -> None:
    give_up = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > give_up:
            raise RuntimeError("the workers did not come to an end")
        time.sleep(0.02)
