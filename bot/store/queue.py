"""What is in the queue of the engine at scale (PostgreSQL only; procrastinate's own tables)."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

_UNDER_WAY = text(
    "SELECT lock FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND task_name = :task"
)
WORKERS_A_PROCESS = 2
"""One for what comes round, one for shares (scheduler.workers)."""
# Heartbeats are written by the database's clock and are read by it, too.
_WORKERS = text(
    "SELECT count(*) FROM procrastinate_workers "
    "WHERE last_heartbeat > now() - make_interval(secs => :seconds)"
)
_COUNTS = text("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY status")


@dataclass(frozen=True, slots=True)
class Queue:
    """`processes` gave a sign of life lately; jobs by what became of them."""

    processes: int
    waiting: int
    running: int
    failed: int


def under_way(session: Session, task: str) -> set[str]:
    """Locks of the jobs of this task that wait or run."""
    return set(session.execute(_UNDER_WAY, {"task": task}).scalars())


def state(session: Session, alive_seconds: float) -> Queue:
    """Counts of processes that gave a sign of life within these seconds, and of jobs."""
    workers = session.execute(_WORKERS, {"seconds": alive_seconds}).scalar_one()
    counts = {row[0]: row[1] for row in session.execute(_COUNTS)}
    return Queue(
        -(-workers // WORKERS_A_PROCESS), counts.get("todo", 0), counts.get("doing", 0),
        counts.get("failed", 0) + counts.get("aborted", 0),
    )  # fmt: skip
