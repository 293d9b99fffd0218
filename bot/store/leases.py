"""One leader at a time, by a row that must be renewed."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.models.timing import Lease


def take(session: Session, name: str, holder: str, now: datetime, length: timedelta) -> bool:
    """Take or renew the lease; False while somebody else holds it. A lease that ends further
    ahead than one can (the clock jumped back) counts as ended."""
    row = session.scalar(select(Lease).where(Lease.name == name).with_for_update())
    if row is None:
        session.add(Lease(name=name, holder=holder, until=now + length))
        session.flush()
        return True
    if row.holder != holder and now < row.until <= now + length:
        return False
    row.holder, row.until = holder, now + length
    return True


def give_up(session: Session, name: str, holder: str, now: datetime) -> None:
    """Let go at a clean stop, so that the next one need not wait."""
    row = session.scalar(select(Lease).where(Lease.name == name).with_for_update())
    if row is not None and row.holder == holder:
        row.until = now


def current(session: Session, name: str) -> tuple[str, datetime] | None:
    """(holder, until) of the lease; None if nobody ever held it."""
    row = session.execute(select(Lease.holder, Lease.until).where(Lease.name == name)).one_or_none()
    return (row.holder, row.until) if row else None
