"""When the next thing is due."""

from datetime import datetime

from bot.services import lasting
from bot.services.ports import Deps
from bot.services.settle import WAY
from bot.store import clocks, leases, media, outbox


def next_due(deps: Deps) -> datetime | None:
    """The earliest moment at which a clock, a waiting notice, a file to fetch or 四周后 is
    due; None: nothing waits. While the channel is closed no notice is due before it opens again."""
    now = deps.clock.now()
    with deps.database.read() as session:
        step, notice = clocks.next_step(session), outbox.next_due(session)
        file = media.next_due(session)
        opens = leases.closed(session, WAY, now).get("channel")
    if notice is not None and opens is not None:
        notice = max(notice, opens)
    later = lasting.next_due(deps)
    return min((m for m in (step, notice, file, later) if m is not None), default=None)
