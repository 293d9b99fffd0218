"""Jobs leave a sign of life, every few seconds at most: a job a second would else write as much as
all cases do. Whatever engine runs the jobs table calls this."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.services import ticking
from bot.services.ports import Deps
from scheduler.jobs import Job

log = logging.getLogger(__name__)

SPARED = 10.0
"""Seconds between two signs of one job, unless our clock has been moved or it failed."""
MOVED = timedelta(seconds=60)

PATIENCE = 8.0
"""Seconds that running jobs get to come to an end when a process is told to stop: containers are
commonly killed after ten."""


class Ticks:
    """The signs of life of one process. Each job runs once at a time; different ones at once."""

    def __init__(self, deps: Deps, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._deps = deps
        self._monotonic = monotonic
        self._last: dict[str, tuple[float, datetime]] = {}
        self._did: dict[str, int] = {}
        self._lock = threading.Lock()

    def begin(self, jobs: tuple[Job, ...]) -> None:
        """This process leads from now on."""
        self._write(lambda: ticking.begin(self._deps, {job.name: job.every for job in jobs}))

    def ran(self, job: Job, did: int) -> None:
        """A run came to its end."""
        total = self._to_tell(job, did)
        if total is not None and not self._write(
            lambda: ticking.ran(self._deps, job.name, job.every, total)
        ):
            self._to_tell(job, total, again=True)

    def _to_tell(self, job: Job, did: int, *, again: bool = False) -> int | None:
        """What it did since it was last told, if that is to be told now."""
        now, here = self._monotonic(), self._deps.clock.now()
        with self._lock:  # its shares may end at once
            total = self._did[job.name] = self._did.get(job.name, 0) + did
            seen = self._last.get(job.name)
            fresh = seen is not None and now - seen[0] < SPARED and abs(here - seen[1]) < MOVED
            if fresh or again:
                return None
            self._last[job.name], self._did[job.name] = (now, here), 0
            return total

    def failed(self, job: Job, error: Exception) -> None:
        """A run ended with an error."""
        kind = type(error).__name__
        self._last.pop(job.name, None)  # the first good run is told at once
        self._write(lambda: ticking.failed(self._deps, job.name, job.every, kind))

    def _write(self, write: Callable[[], None]) -> bool:
        try:
            write()
        except Exception as error:  # the job itself has done its work, or told of its failure
            log.warning("tick_lost error=%s", type(error).__name__)
            return False
        return True
