"""Who leads the scheduler."""

from datetime import timedelta

from bot.services.engine import LEADER
from bot.services.ports import Deps
from bot.store import leases, ticks


def lead(deps: Deps, holder: str, length: timedelta) -> bool:
    """Take or renew the lead. Renewed at most every third of its length, to spare writes."""
    now = deps.clock.now()
    with deps.database.read() as session:
        current = leases.current(session, LEADER)
    if current is not None:
        owner, until = current
        if owner == holder and until - now > length * 2 / 3 and until - now <= length:
            return True
        if owner != holder and now < until <= now + length:
            return False
    with deps.database.write() as session:
        taken = leases.take(session, LEADER, holder, now, length)
        if taken:  # the lease's row is locked: jobs that begin at once count one move
            ticks.keep_move(session, LEADER, holder, now)
        return taken


def resign(deps: Deps, holder: str) -> None:
    """Let go at a clean stop."""
    with deps.database.write() as session:
        leases.give_up(session, LEADER, holder, deps.clock.now())
