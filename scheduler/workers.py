"""The engine at scale: any number of processes that share the jobs table, by procrastinate.

A job comes round by the clock once for all of them. One that has shares is handed out as a job for
each share; what a process was doing when it died is taken up by another one.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, UniqueViolation
from procrastinate.job_context import JobContext
from procrastinate.jobs import DEFAULT_QUEUE as DEFAULT
from procrastinate.jobs import Status
from procrastinate.retry import RetryStrategy

from bot.logs import JOB
from bot.services.hand_out import share_task
from bot.services.ports import Deps
from bot.store.jobs import SHARES
from scheduler.jobs import JOBS, Job
from scheduler.ticks import PATIENCE, Ticks

log = logging.getLogger(__name__)

THREADS = 4
"""Jobs at once in one process: one that hangs must leave room for others."""
SHARES_AT_ONCE = 2
"""Shares of a job at once in one process: half of all, or the first process that looks takes every
share and the others stand by while its threads wait for each other."""
LOOK = 0.1
"""Seconds between two looks whether the process is to stop."""
HEARTBEAT, DEAD = 2.0, 10.0
"""Seconds between two signs of life, and without one after which a process counts as dead."""
CHECK = "* * * * * */5"
"""When it is looked for jobs whose process died: each five seconds."""
KEEP_HOURS = 7 * 24
"""How long a job that failed can be looked at."""
RETRIES = RetryStrategy(max_attempts=5, exponential_wait=2)

Work = Callable[[], Sequence[Any]]
Run = Callable[[Work], None]
"""Carries work out, batch after batch, with signs of life."""


def cron(every: float) -> str:
    """The schedule of a job that runs every so many seconds, with seconds in the sixth place."""
    seconds = int(every)
    if seconds < 60:
        return f"* * * * * */{seconds}"
    if seconds < 3600:
        return f"*/{seconds // 60} * * * *"
    return f"0 */{seconds // 3600} * * *"


def make_apps(
    deps: Deps, stopping: threading.Event, jobs: tuple[Job, ...] = JOBS
) -> tuple[App, App]:
    """The jobs table as procrastinate's tasks: what comes round by the clock, and the shares."""
    ticks = Ticks(deps)
    app, shares = _app(deps, THREADS), _app(deps, SHARES_AT_ONCE)
    for job in jobs:
        run = partial(_until_done, ticks, job, stopping=stopping)
        _add(app, job, deps, run)
        if job.shares is not None:
            task = partial(_share, job.shares.run, deps, run)
            name = share_task(job.name)
            # Which share waits or runs is looked up before it is handed out: its lock is enough,
            # and so it can be tried again.
            shares.task(name=name, queue=SHARES, retry=RETRIES)(_named(task, name))
    _add_care(app)
    return app, shares


def _app(deps: Deps, at_once: int) -> App:
    connector = PsycopgConnector(conninfo=deps.settings.postgres_url, max_size=at_once + 4)
    return App(connector=connector)


def _add(app: App, job: Job, deps: Deps, run: Run) -> None:
    work = job.run if job.shares is None else job.shares.hand_out

    def come_round(timestamp: int) -> None:
        run(partial(work, deps))

    # One of a kind runs, one waits. It isn't tried again: it comes round by itself.
    task = app.task(name=job.name, lock=job.name, queueing_lock=job.name)(come_round)
    app.periodic(cron=cron(job.every))(task)


def _share(work: Callable[[Deps, int], Sequence[Any]], deps: Deps, run: Run, share: int) -> None:
    run(partial(work, deps, share))


def _named(task: Callable[..., None], name: str) -> Callable[..., None]:
    def named(**arguments: Any) -> None:
        task(**arguments)

    named.__name__ = name
    return named


def _until_done(ticks: Ticks, job: Job, work: Work, *, stopping: threading.Event) -> None:
    """Batch after batch until nothing is left, so that a backlog is not paced."""
    told = JOB.set(job.name)
    try:
        _batches(ticks, job, work, stopping)
    except Exception as error:
        ticks.failed(job, error)
        raise  # the engine knows what to do
    finally:
        JOB.reset(told)


def _batches(ticks: Ticks, job: Job, work: Work, stopping: threading.Event) -> None:
    while not stopping.is_set():
        done = work()
        ticks.ran(job, len(done))
        if not done:
            break
        log.info("job_did did=%d", len(done))


def _add_care(app: App) -> None:
    @app.periodic(cron=CHECK)
    @app.task(name="take_over", queueing_lock="take_over", pass_context=True)
    async def take_over(context: JobContext, timestamp: int) -> None:
        manager = context.app.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=DEAD):
            log.warning("job_left_behind name=%s", job.task_name)
            try:
                await manager.retry_job(job)
            except UniqueViolation:  # the next one of its kind waits already
                await manager.finish_job(job, status=Status.FAILED, delete_job=True)
            except ConnectorException as error:
                kind = type(error).__name__
                log.warning("job_taken_elsewhere name=%s error=%s", job.task_name, kind)

    @app.periodic(cron="30 * * * *")
    @app.task(name="clear", queueing_lock="clear", pass_context=True)
    async def clear(context: JobContext, timestamp: int) -> None:
        await context.app.job_manager.delete_old_jobs(
            nb_hours=KEEP_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
        )


def run(deps: Deps, told_to_stop: Callable[[], bool]) -> bool:
    """Be one of the processes that share the work, until told to stop. False when a job had to be
    left hanging; another process takes it up."""
    Ticks(deps).begin(JOBS)
    loop = asyncio.new_event_loop()
    loop.set_default_executor(ThreadPoolExecutor(THREADS + SHARES_AT_ONCE, "job"))
    if not loop.run_until_complete(_run(deps, told_to_stop)):
        return False
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()
    return True


async def _run(deps: Deps, told_to_stop: Callable[[], bool]) -> bool:
    stopping = threading.Event()
    while True:
        # Anew after a trouble of the database, or after this machine stood still and the others
        # took this process for dead.
        working = asyncio.create_task(_work(*make_apps(deps, stopping)))
        while not (told_to_stop() or working.done()):
            await asyncio.sleep(LOOK)
        if told_to_stop():
            break
        log.error("worker_begins_anew error=%s", _names(working.exception()))
        await asyncio.sleep(1)
    stopping.set()
    working.cancel()
    _done, late = await asyncio.wait({working}, timeout=PATIENCE)
    if late:
        log.error("stopped_with_jobs_hanging")
    return not late


def _names(error: BaseException | None) -> str:
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else [error]
    return ",".join(type(each).__name__ for each in inner)


async def _work(app: App, shares: App) -> None:
    async with app.open_async(), shares.open_async():
        for task in [each.task for each in app.periodic_registry.periodic_tasks.values()]:
            try:  # at once, and not only when its time comes round
                await task.configure().defer_async(timestamp=0)
            except AlreadyEnqueued:
                log.debug("job_waits_already name=%s", task.name)
        # The first of the two that fails ends both: the process begins anew.
        async with asyncio.TaskGroup() as group:
            group.create_task(_take(app, [DEFAULT], THREADS))
            group.create_task(_take(shares, [SHARES], SHARES_AT_ONCE))


async def _take(app: App, queues: list[str], at_once: int) -> None:
    await app.run_worker_async(
        queues=queues, concurrency=at_once, install_signal_handlers=False,
        delete_jobs="successful", update_heartbeat_interval=HEARTBEAT,
        stalled_worker_timeout=DEAD, fetch_job_polling_interval=1.0,
    )  # fmt: skip
