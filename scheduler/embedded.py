"""The embedded engine: one process, APScheduler with its memory store, one leader by a lease."""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from bot.logs import JOB
from bot.services.leadership import lead, resign
from bot.services.ports import Deps
from scheduler.jobs import JOBS, Job
from scheduler.ticks import PATIENCE, Ticks

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=15)
LOOK = 0.1
"""Seconds between two looks whether the process is to stop."""


class Engine:
    """The jobs table at work. Each job runs in a thread of its own, never twice at once: one that
    hangs holds up no other."""

    def __init__(self, deps: Deps, jobs: tuple[Job, ...] = JOBS) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self._deps = deps
        self._jobs = jobs
        self._stopping = threading.Event()
        self._busy: set[str] = set()
        self._ticks = Ticks(deps)
        self._beginning = threading.Lock()
        self._led = False
        pool = ThreadPoolExecutor(max_workers=len(jobs))
        self._scheduler = BackgroundScheduler(timezone="UTC", executors={"default": pool})

    def start(self) -> None:
        """Start the jobs and return."""
        for job in self._jobs:
            # misfire_grace_time None: the default of one second silently skips late runs.
            self._scheduler.add_job(
                self.run_once, "interval", (job,), seconds=job.every, id=job.name,
                max_instances=1, coalesce=True, misfire_grace_time=None,
                next_run_time=datetime.now(UTC),
            )  # fmt: skip
        self._scheduler.start()
        log.info("scheduler_starts name=%s", self.name)

    def stop(self) -> bool:
        """Stop between two batches and let go of the lead; False when a job hung and was left."""
        self._stopping.set()
        self._scheduler.shutdown(wait=False)
        give_up = time.monotonic() + PATIENCE
        while self._busy and time.monotonic() < give_up:
            time.sleep(0.02)
        hung = sorted(self._busy)
        if hung:
            log.error("stopped_with_jobs_hanging jobs=%s", "/".join(hung))
            return False  # its database lock may be held: the lease runs out by itself
        self._resign()
        return True

    def run_once(self, job: Job) -> None:
        """One run of one job, if this process leads. A failure is logged and the job runs again
        at its next time."""
        self._busy.add(job.name)
        told = JOB.set(job.name)
        try:
            # A full batch means there is more: go on at once, so that a backlog is not paced.
            while not self._stopping.is_set() and self._leads():
                done = job.run(self._deps)
                self._ticks.ran(job, len(done))
                if not done:
                    break
                log.info("job_did did=%d", len(done))
        except Exception as error:
            self._ticks.failed(job, error)
            log.exception("job_failed seconds=%s", job.every)
        finally:
            self._busy.discard(job.name)
            JOB.reset(told)

    def _leads(self) -> bool:
        leads = lead(self._deps, self.name, LEASE)
        with self._beginning:
            if leads and not self._led:
                self._ticks.begin(self._jobs)
            self._led = leads
        return leads

    def _resign(self) -> None:
        try:
            resign(self._deps, self.name)
        except Exception as error:  # the lease runs out by itself
            log.warning("lead_kept error=%s", type(error).__name__)


def run(deps: Deps, told_to_stop: Callable[[], bool]) -> bool:
    """Run the jobs table until told to stop. Only the holder of the lease works; a second process
    waits and takes over within the lease's length when the first one dies. False when a job had
    to be left hanging."""
    engine = Engine(deps)
    engine.start()
    while not told_to_stop():
        time.sleep(LOOK)
    return engine.stop()
