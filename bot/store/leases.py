"""Rows that hold for a time: who leads, and which way out is closed until when."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.models.timing import Lease


def take(session: Session, name: str, holder: str, now: datetime, length: timedelta) -> bool:
    """Take or renew the lease; False while somebody else holds it. A lease that ends further
    ahead than one can (the clock jumped back) counts as ended."""
    dialect = session.get_bind().dialect.name
    make = postgresql.insert if dialect == "postgresql" else sqlite.insert
    fresh = make(Lease).values(name=name, holder=holder, until=now + length)
    if session.execute(fresh.on_conflict_do_nothing().returning(Lease.name)).first() is not None:
        return True
    row = _locked(session, name)
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


def close_until(session: Session, name: str, why: str, until: datetime) -> None:
    """Close a way until then, whoever closed it before."""
    take(session, name, why, until, timedelta())
    row = _locked(session, name)
    row.holder, row.until = why, until


def closed(session: Session, prefix: str, now: datetime) -> dict[str, datetime]:
    """Closed ways whose names begin so, without the prefix: {way: open again at}."""
    rows = session.execute(
        select(Lease.name, Lease.until).where(Lease.name.startswith(prefix), Lease.until > now)
    )
    return {row.name.removeprefix(prefix): row.until for row in rows}


def _locked(session: Session, name: str) -> Lease:
    return session.scalars(select(Lease).where(Lease.name == name).with_for_update()).one()
