"""One tick by hand: every due job once, in order; or many, up to a moment of the demo clock."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.services.ahead import next_due
from bot.services.ports import Deps
from scheduler.jobs import JOBS, Job

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
    `advance(seconds)` moves the clock. Yields (when, job, what it did)."""
    while True:
        for name, done in tick(deps):
            yield deps.clock.now(), name, done
        now = deps.clock.now()
        if now >= until:
            return
        coming = next_due(deps)
        target = until if coming is None else min(max(coming, now + timedelta(seconds=1)), until)
        advance(max(1, -int((now - target).total_seconds() // 1)))
