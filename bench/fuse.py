"""kill -9 at a labelled point: a process that carries a fuse dies the n-th time that it gets there.

The product knows nothing of it and pays nothing for it: the points are SQLAlchemy's own events
("begin", "statement", "before commit", "after commit") and a channel that asks the fuse.
"""

import os
import signal
import threading
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

from bot.store.unit_of_work import Database

KILLED = -signal.SIGKILL

LABELS = ("begin", "statement", "before commit", "after commit", "before send", "after send")
"""`begin`: a transaction opens. `statement`: one was carried out. `before commit`: all is written,
nothing kept. `after commit`: all is kept, nobody was told. `before send`, `after send`: around the
platform's yes."""


@dataclass
class Fuse:
    """Kills the process the n-th time that it comes to the label; an empty label never does."""

    label: str = ""
    left: int = 1
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def at(self, label: str) -> None:
        """The process is at this point."""
        if label != self.label:
            return
        with self._lock:
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def light(database: Database, fuse: Fuse) -> None:
    """Have the fuse asked at the database's own moments."""
    committed = threading.local()

    def before_commit(_connection: Any) -> None:
        fuse.at("before commit")
        committed.just = True

    def returned(_connection: Any, _record: Any) -> None:
        if getattr(committed, "just", False):
            committed.just = False
            fuse.at("after commit")

    event.listen(database.engine, "begin", lambda _connection: fuse.at("begin"))
    event.listen(database.engine, "after_cursor_execute", lambda *_a: fuse.at("statement"))
    event.listen(database.engine, "commit", before_commit)
    event.listen(database.engine, "checkin", returned)
