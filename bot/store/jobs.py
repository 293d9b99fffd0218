"""Putting jobs into the queue of the engine at scale, by task name (PostgreSQL only)."""

from typing import Any

from procrastinate import App, SyncPsycopgConnector
from sqlalchemy.orm import Session

_APP = App(connector=SyncPsycopgConnector())  # never opened: each job brings its connection
SHARES = "shares"
"""The queue of shares, which has a worker of its own in each process."""
BEHIND = -10
"""Priority of shares: what comes round by the clock, such as sending, goes before them."""


def enqueue(session: Session, task: str, *, lock: str, **arguments: Any) -> int:
    """Put a job in the queue on the session's own connection, so that it is there when what caused
    it is kept, and not before. No two jobs with the same lock run at once. Returns its number."""
    connection = session.connection().connection.driver_connection
    job = _APP.configure_task(task, queue=SHARES, lock=lock, priority=BEHIND, connection=connection)
    return job.defer(**arguments)
