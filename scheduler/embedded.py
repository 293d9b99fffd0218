"""The embedded engine: one process, APScheduler with its memory store, one leader by a lease."""

import logging
import os
import socket
from datetime import timedelta

from apscheduler.schedulers.blocking import BlockingScheduler

from bot.services.leadership import lead, resign
from bot.services.ports import Deps
from scheduler.jobs import JOBS, Job

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=15)


def run(deps: Deps) -> None:
    """Run the jobs table until stopped. Only the holder of the lease works; a second process
    waits and takes over within the lease's length when the first one dies."""
    me = f"{socket.gethostname()}:{os.getpid()}"
    scheduler = BlockingScheduler(timezone="UTC")
    for job in JOBS:
        # misfire_grace_time None: the default of one second silently skips late runs.
        scheduler.add_job(
            _once, "interval", (deps, job, me), seconds=job.every, id=job.name,
            max_instances=1, coalesce=True, misfire_grace_time=None,
        )  # fmt: skip
    log.info("scheduler %s starts", me)
    try:
        scheduler.start()
    finally:
        resign(deps, me)


def _once(deps: Deps, job: Job, me: str) -> None:
    try:
        if not lead(deps, me, LEASE):
            return
        # A full batch means there is more: go on at once, so that a backlog is not paced.
        while done := job.run(deps):
            log.info("%s did %d", job.name, len(done))
    except Exception:
        log.exception("job %s failed; it runs again in %s s", job.name, job.every)
