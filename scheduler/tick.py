"""One tick by hand: every due job once, in order; or many, up to a moment of the demo clock."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.services.ahead import next_due
from bot.services.ports import Deps
from scheduler.jobs import JOBS, Job

TIMED = frozenset({"sweep", "lasting", "deliver", "media"})
"""Jobs whose next moment `next_due` knows."""

ROUNDS = 1000
"""Batches of one job in one tick; more than this means something runs in a circle."""


def tick(deps: Deps, jobs: Sequence[Job] = JOBS) -> Iterator[tuple[str, Any]]:
    """Run every job until it finds nothing more to do now; yields (job, what it did)."""
    for job in jobs:
        for _ in range(ROUNDS):
            done = job.run(deps)
            if not done:
                break
            yield from ((job.name, each) for each in done)


def tick_until(deps: Deps, until: datetime, advance: Any) -> Iterator[tuple[datetime, str, Any]]:
    """Let demo time pass up to `until`, stopping at every moment at which something is due.
    `advance(seconds)` moves the clock. On the way the jobs that are not TIMED run as often as their
    rows say; at the end all run. Yields (when, job, what it did)."""
    ran = dict.fromkeys((job.name for job in JOBS), deps.clock.now())
    while True:
        now = deps.clock.now()
        due = [job for job in JOBS if now >= until or _its_turn(job, now - ran[job.name])]
        ran |= dict.fromkeys((job.name for job in due), now)
        for name, done in tick(deps, due):
            yield now, name, done
        if now >= until:
            return
        coming = next_due(deps)
        target = until if coming is None else min(max(coming, now + timedelta(seconds=1)), until)
        advance(max(1, -int((now - target).total_seconds() // 1)))


def _its_turn(job: Job, since: timedelta) -> bool:
    return job.name in TIMED or since >= timedelta(seconds=job.every)
