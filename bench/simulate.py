"""`make simulate`: a year of the real 2026 calendar, with people, crashes and silences.

The demo network lives through it on a standing clock: residents write, members act by chat as
their habits are, staff work the queue by commands, the jobs table ticks each quarter of an hour in
which anything is due. The process dies by SIGKILL about once a day between any two steps, something
foreign locks the database, the platform is silent for a day. Each week, and in the end, every
clock's plan is compared with what was recorded. Ends with 1 when a promise was broken.

For speed the pushes go through the application's own test client and the ticks through its jobs
table, in one process; two copies of the network share the cases and live side by side, one on each
processor, in memory where the machine has such a folder; the nightly backup is off. Everything
else is the product as it is.
"""

import argparse
import json
import multiprocessing
import random
import shutil
import sys
import tempfile
import time as wall
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path

from bench import report, verdict, world
from bench.city import SLOT, City, Faults
from bench.habits import People
from bench.machine import Machine
from bench.samples import Lights, Samples
from bot.domain.deadlines import BEIJING
from bot.settings import ROOT, Settings
from bot.store.unit_of_work import Database
from bot.wiring import load_calendar

FIRST = date(2026, 1, 1)
SETTLING = timedelta(days=1)
"""Before the year begins: the phones are bound."""
GRACE = SLOT + timedelta(minutes=2)
LOOK_EVERY = 7
"""Days between two judgements on the way."""
MEMORY = Path("/dev/shm")  # noqa: S108 - only the folder under which a private one is made


@dataclass(frozen=True, slots=True)
class Task:
    """One town to live through."""

    folder: Path
    seed: int
    cases: int
    days: int


@dataclass
class Lived:
    """What came of a town. `wrong`: lines; empty when every promise was kept."""

    summary: dict[str, float]
    wrong: list[str]
    lights: list[Lights]
    accepting: list[tuple[str, int]]
    load: list[tuple[str, int, int]]
    by_habit: dict[str, list[float]] = field(default_factory=dict)
    """Habit → accepted cases of each of its people."""


def faults(dice: random.Random, first: date, days: int) -> Faults:
    """About a kill a day; the database locked once in four months, at least once; the platform
    silent for a whole day once or twice."""
    begin = datetime.combine(first, time(), BEIJING)

    def moments(number: int) -> tuple[datetime, ...]:
        minutes = sorted(dice.randrange(days * 1440) for _ in range(number))
        return tuple(begin + timedelta(minutes=each) for each in minutes)

    silent = [first + timedelta(days=days * (2 * n + 1) // 4) for n in range(1 + days // 300)]
    spans = [datetime.combine(day, time(7), BEIJING) for day in silent]
    return Faults(
        kills=moments(days), locks=moments(1 + days // 120),
        silent=tuple((at, at + timedelta(days=1)) for at in spans),
    )  # fmt: skip


class Town:
    """One world, its people and its faults, in a folder of its own."""

    def __init__(self, task: Task, var: Path) -> None:
        self.settings = Settings(
            mode="demo", var_dir=var, wechat_cipher="plain", settle_seconds=60,
            backup_nightly=False, _env_file=None,
        )  # fmt: skip
        self.task = task
        self.calendar = load_calendar(self.settings.office_hours)
        begin = datetime.combine(FIRST, time(), BEIJING)
        planned = faults(random.Random(f"{task.seed} faults"), FIRST, task.days)
        self.machine = Machine(self.settings, task.folder / "log.txt")
        self.city = City(self.machine, begin - SETTLING, planned, random.Random(task.seed))
        self.database = Database(self.settings.sqlalchemy_url)
        self.samples = Samples(self.database, self.calendar)
        network = world.settle(self.city, task.seed, FIRST, task.days)
        self.people = People(self.city, network, task.seed, self.calendar)
        self.city.heard = self.people.heard
        for demand in world.demands(task.seed, task.cases, FIRST, task.days, self.calendar):
            self.city.at(demand.at, partial(self.people.demand, demand))

    def live(self) -> Lived:
        """Live through it; stops at the first week in which a promise is broken."""
        found = verdict.Verdict()
        for number in range(self.task.days):
            day = FIRST + timedelta(days=number)
            self.people.desk(day)
            self.city.live(datetime.combine(day, time(18), BEIJING))
            self.samples.take(self.city.now)
            if number % LOOK_EVERY == LOOK_EVERY - 1 or number == self.task.days - 1:
                self.city.live(datetime.combine(day + timedelta(days=1), time(), BEIJING))
                found = self._judge()
                print(f"  {day} seed {self.task.seed}: {found.cases} cases, {found.waiting} "
                      f"waiting, {found.rungs} rungs, {self.machine.deaths} kills",
                      file=sys.stderr, flush=True)  # fmt: skip
                if found.lines():
                    break
        return self._lived(found)

    def _judge(self) -> verdict.Verdict:
        """The verdict, and what the watch says to it."""
        promised = self.people.promised.values()
        with self.database.read() as session:
            found = verdict.judge(session, self.city.now, GRACE, promised)
        for line in self.city.look():
            found.wrong[f"the watch: {line}"].append("")
        return found

    def _lived(self, found: verdict.Verdict) -> Lived:
        load = self.samples.load()
        summary: dict[str, float] = {
            "cases": found.cases, "closed": found.closed, "waiting": found.waiting,
            "lost": found.count(*verdict.LOST) + self.people.unheard,
            "duplicate_rungs": found.count(*verdict.DOUBLED),
            "late_unescalated": found.count(*verdict.UNESCALATED),
            "kills": self.machine.deaths, "late": found.late, "rungs": found.rungs,
            "in_doubt": found.doubtful, "locked": self.city.locked, "retried": self.city.retried,
            "silent_days": len(self.city.faults.silent),
        }  # fmt: skip
        wrong = [f"seed {self.task.seed}: {line}" for line in found.lines()]
        if self.people.unheard:
            wrong.append(f"seed {self.task.seed}: {self.people.unheard} demands got no answer")
        return Lived(
            summary, wrong, self.samples.lights, self.samples.accepting(), load,
            self.people.by_habit({name: accepted for name, accepted, _ in load}),
        )  # fmt: skip

    def end(self) -> None:
        """Let go of process and files."""
        self.machine.stop()
        self.database.dispose()


def live_through(task: Task) -> Lived:
    """One town from the first day to the last. What it wrote is kept only if a promise broke."""
    task.folder.mkdir(parents=True)
    memory = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="simulation-", dir=memory) as name:
        town = Town(task, Path(name))
        try:
            lived = town.live()
        finally:
            town.end()
        if lived.wrong:
            shutil.copytree(name, task.folder / "var")
    return lived


def main(arguments: list[str] | None = None) -> int:
    """Simulate, judge, write the report; 0 when every promise was kept."""
    options = _options().parse_args(arguments)
    begun = wall.monotonic()
    folder: Path = options.folder
    shutil.rmtree(folder, ignore_errors=True)
    share = -(-options.cases // options.towns)
    tasks = [
        Task(folder / f"town-{n + 1}", options.seed + n, min(share, options.cases - n * share),
             options.days) for n in range(options.towns)
    ]  # fmt: skip
    spawn = multiprocessing.get_context("spawn")  # so that each may fork with nothing inherited
    with ProcessPoolExecutor(options.towns, mp_context=spawn) as pool:
        towns = list(pool.map(live_through, tasks))
    summary = {
        name: sum(town.summary[name] for town in towns) for name in towns[0].summary
    } | {"days": options.days, "seconds": round(wall.monotonic() - begun, 1)}  # fmt: skip
    wrong = [line for town in towns for line in town.wrong]
    text = json.dumps(summary, ensure_ascii=False, indent=1)
    (folder / "summary.json").write_text(text, encoding="utf-8")
    report.write(folder / "report.html", summary, towns, wrong)
    print(json.dumps(summary, ensure_ascii=False))
    print("\n".join(wrong) or f"every promise was kept: {folder / 'report.html'}")
    return 1 if wrong else 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make simulate", description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--towns", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "simulation")
    return parser


if __name__ == "__main__":
    sys.exit(main())
