"""When the next thing is due."""

from datetime import datetime

from bot.services.ports import Deps
from bot.store import clocks, outbox


def next_due(deps: Deps) -> datetime | None:
    """The earliest moment at which a clock or a waiting notice is due; None: nothing waits."""
    with deps.database.read() as session:
        moments = [clocks.next_step(session), outbox.next_due(session)]
    return min((m for m in moments if m is not None), default=None)
