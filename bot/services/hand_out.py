"""Sharing a job among workers: what is due becomes jobs, in the transaction that looked."""

from bot.services.ports import Deps
from bot.services.sweep import BATCH, Stepped, sweep
from bot.store import clocks, jobs, queue

SHARES = 4
"""Shares of the due clocks, by case; more workers than this find nothing to do."""
LOOK = 5000
"""Due clocks that are looked at to see which shares have work."""


def hand_out_sweep(deps: Deps) -> list[int]:
    """Enqueue each share of the due clocks that has work and is not under way already. Only one
    may run at a time, which the engine sees to. Returns the shares."""
    now = deps.clock.now()
    with deps.database.write() as session:
        due = clocks.shares_due(session, now, SHARES, LOOK)
        busy = queue.under_way(session, share_task("sweep")) if due else set()
        fresh = [share for share in due if f"sweep:{share}" not in busy]
        for share in fresh:
            jobs.enqueue(session, share_task("sweep"), lock=f"sweep:{share}", share=share)
    return fresh


def sweep_share(deps: Deps, share: int) -> list[Stepped]:
    """One batch of one share of the due clocks."""
    return sweep(deps, BATCH, (share, SHARES))


def share_task(job: str) -> str:
    """Name of the task that does one share of this job."""
    return f"{job}_share"
