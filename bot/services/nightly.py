"""Work of the night: once a night, also after days of being off; again later if it fails."""

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from typing import Any, TypeVar

from bot.domain.deadlines import BEIJING
from bot.services.ports import Deps
from bot.store import leases

NIGHT = time(2, 30)
"""Beijing time, within the hours in which nobody is reminded."""
AGAIN = timedelta(hours=2)
"""When one that failed, or died, is tried again; work takes less."""
NAME = "nightly:"
T = TypeVar("T")


def next_night(now: datetime) -> datetime:
    """The next half past two in the morning."""
    local = now.astimezone(BEIJING)
    tonight = local.replace(hour=NIGHT.hour, minute=NIGHT.minute, second=0, microsecond=0)
    return tonight if tonight > local else tonight + timedelta(days=1)


def once_a_night(deps: Deps, name: str, work: Callable[[], Sequence[T]]) -> Sequence[T]:
    """Do the work if its night has come; empty when there is nothing to do now.

    When it is next due is a row, so it outlives the process. A system that has just been set up
    waits for its first night. What `work` raises goes on to the caller.
    """
    if not _claim(deps, name):
        return []
    done = work()
    with deps.database.write() as session:
        now = deps.clock.now()
        leases.close_until(session, NAME + name, "done", next_night(now))
    return done


def _claim(deps: Deps, name: str) -> bool:
    now = deps.clock.now()
    with deps.database.read() as session:
        if not _is_due(leases.current(session, NAME + name), now):
            return False
    with deps.database.write() as session:  # once more, alone
        held = leases.current(session, NAME + name)
        if not _is_due(held, now):
            return False
        due = held is not None
        until = now + AGAIN if due else next_night(now)
        leases.close_until(session, NAME + name, "at work" if due else "waits", until)
        return due


def _is_due(held: tuple[Any, datetime] | None, now: datetime) -> bool:
    """A time that lies further ahead than a night can (the clock jumped back) counts as come."""
    return held is None or not now < held[1] <= now + timedelta(days=1)
