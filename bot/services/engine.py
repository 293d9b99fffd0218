"""Whether the engine is at work: the leader's lease, or the workers' signs of life."""

from dataclasses import dataclass
from datetime import timedelta

from bot.services.findings import Found, Visit
from bot.services.ports import Deps
from bot.store import leases, queue
from bot.store.queue import Queue

LEADER = "scheduler"
GRACE = timedelta(seconds=30)
STALE_JOBS = 100
"""Jobs that wait; more than this means that the workers don't keep up."""


@dataclass(frozen=True, slots=True)
class AtWork:
    """`who`: the leader, or how many workers; empty when nobody is. `jobs`: at scale only."""

    who: str
    jobs: Queue | None = None


def at_work(deps: Deps) -> AtWork:
    """Who makes time pass right now."""
    with deps.database.read() as session:
        if deps.settings.engine == "procrastinate":
            seen = queue.state(session, GRACE.total_seconds())
            return AtWork(f"{seen.processes} 个进程" if seen.processes else "", seen)
        lease = leases.current(session, LEADER)
    fresh = lease is not None and lease[1] + GRACE >= deps.clock.now()
    return AtWork(lease[0] if lease and fresh else "")


def check(visit: Visit) -> Found:
    """The doctor's line."""
    seen = at_work(visit.deps)
    if not seen.who:
        return Found(visit.grave, "调度没有在跑：没有人催，通知也不发", "运行 python -m scheduler")
    if seen.jobs is None:
        return Found("ok", f"在跑（{seen.who}）")
    jobs = seen.jobs
    words = f"{seen.who}在跑（procrastinate），{jobs.running} 件在做，{jobs.waiting} 件在等"
    if jobs.failed:
        return Found("warn", f"{words}，{jobs.failed} 件没做成", "看调度的日志；一周后自动清掉")
    if jobs.waiting > STALE_JOBS:
        return Found("warn", words, "再开几个 python -m scheduler，或看日志里有没有卡住的")
    return Found("ok", words)
