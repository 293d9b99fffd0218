"""What a sweep costs: 1,000 due clocks among few and among many open cases, on both databases."""

import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from sqlalchemy import func, select

from bench import engines
from bench.due import fill, make_due
from bench.machine import StandingClock
from bench.results import Result, paired
from bot.domain.inbound import Inbound
from bot.models.timing import ClockRow
from bot.services.demo_roster import load_demo_data, write_demo
from bot.services.intake import receive
from bot.services.ports import Deps
from bot.services.sweep import sweep
from bot.settings import Settings
from bot.store import migrate
from bot.store.unit_of_work import Database
from bot.wiring import build
from tools.postgres import postgres_server

DUE = 1_000
ROUNDS = 3
FEW = 10_000
MANY = {"sqlite": 100_000, "postgres": 1_000_000}
LIMITS = {"sqlite": 5.0, "postgres": 1.5}
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@dataclass
class Field:
    """A database full of open cases of one station, of which none has anything to do. `moment`:
    when the first rung of them all is due."""

    deps: Deps
    moment: datetime
    used: int = 1

    def take(self) -> float:
        """Milliseconds to carry out one rung on each of 1,000 cases that no round has had yet."""
        make_due(self.deps.database, self.used + 1, DUE)
        self.used += DUE
        begun, done = time.perf_counter(), 0
        while stepped := sweep(self.deps):
            done += len(stepped)
        if done != DUE:
            raise RuntimeError(f"{done} rungs of {DUE} were recorded")
        return (time.perf_counter() - begun) * 1000


def sqlite() -> list[Result]:
    """sweep.sqlite: milliseconds for 1,000 due among 100,000, against 1,000 due among 10,000."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        files = [f"sqlite:///{folder / size}.sqlite3" for size in ("few", "many")]
        return [_among("sqlite", folder, files)]


def find() -> list[Result]:
    """sweep.find: milliseconds to find 1,000 due among 10,000, against APScheduler's own store."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        url = f"sqlite:///{name}/ours.sqlite3"
        with field(url, Path(name), FEW):
            return [engines.find(url, MONDAY + timedelta(hours=1))]


def postgres() -> list[Result]:
    """sweep.postgres: the same among 1,000,000."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name, postgres_server() as socket:
        return [_among("postgres", Path(name), [create(socket, size) for size in ("few", "many")])]


def workers() -> list[Result]:
    """sweep.workers_2 and sweep.workers_4: rungs a second of several processes."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name, postgres_server() as socket:
        return engines.workers(create(socket, "shared"), Path(name), field)


def create(socket: Path, name: str) -> str:
    """An empty database on the server; its address."""
    with psycopg.connect(f"host={socket} user=postgres dbname=postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE bench_{name}".encode())
    return f"postgresql://postgres@/bench_{name}?host={socket}"


def _among(name: str, folder: Path, urls: Sequence[str]) -> Result:
    with ExitStack() as stack:
        few, many = (
            stack.enter_context(field(url, folder, size))
            for url, size in zip(urls, (FEW, MANY[name]), strict=True)
        )
        pairs = [(many.take(), few.take()) for _ in range(ROUNDS)]
    for ours, base in pairs:
        print(f"  {name}, many and few: {ours:.0f} ms {base:.0f} ms  load {os.getloadavg()[0]:.1f}",
              file=sys.stderr)  # fmt: skip
    return paired(f"sweep.{name}", "ms", pairs, at_most=LIMITS[name])


@contextmanager
def field(url: str, folder: Path, size: int, engine: str = "embedded") -> Iterator[Field]:
    """The demo network, one case dispatched on a Monday morning, and its copies."""
    settings = Settings(
        mode="demo", var_dir=folder, database_url=url, engine=engine, channel="console",
        settle_seconds=0, _env_file=None,
    )  # fmt: skip
    migrate.upgrade(settings.sqlalchemy_url)
    clock = StandingClock(MONDAY)
    deps = replace(build(settings), clock=clock)
    with deps.database.write() as session:
        write_demo(session, *load_demo_data())
    words = "昭乌达路街道的路灯坏了三天了"
    receive(deps, Inbound("bench:1", "oBENCH".ljust(28, "0"), "gh", "text", MONDAY, words))
    clock.at += timedelta(seconds=5)
    sweep(deps)
    moment = _first_rung(deps.database)
    fill(deps.database, size)
    clock.at = moment
    yield Field(deps, moment)
    deps.database.dispose()


def _first_rung(database: Database) -> datetime:
    query = select(func.min(ClockRow.next_step_at)).where(ClockRow.kind == "accept")
    with database.read() as session:
        moment = session.scalars(query).one()
    if moment is None:
        raise RuntimeError("the first case was not dispatched")
    return moment + timedelta(seconds=1)
