"""Which days are counted for good, and which cases changed since."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.domain.figures import CHANGING, READ
from bot.models.cases import Event
from bot.store import counters
from bot.store.figures import KIND

UNTIL = "statistics_until"
"""Counter with the first day that is not counted yet, as a number (date.toordinal)."""
LOOKED = "statistics_looked"
"""Counter with the last event that was looked at for changes."""
AT_A_TIME = 5_000


def counted_until(session: Session) -> date | None:
    """The first day that is not counted for good; None before there is one."""
    day = counters.current_value(session, UNTIL)
    return date.fromordinal(day) if day else None


def set_counted_until(session: Session, day: date) -> None:
    """All days before this one are counted."""
    counters.set_value(session, UNTIL, day.toordinal())


def first_event(session: Session) -> datetime | None:
    """When the first case came."""
    query = select(func.min(Event.at)).where(Event.kind == "registered")
    return session.execute(query).scalar()


def newest_event(session: Session) -> int:
    """Id of the newest event; 0 without any."""
    return session.execute(select(func.max(Event.id))).scalar() or 0


def looked_at(session: Session) -> int:
    """The last event that was looked at."""
    return counters.current_value(session, LOOKED)


def set_looked_at(session: Session, event_id: int) -> None:
    """All events up to this one are done with."""
    counters.set_value(session, LOOKED, event_id)


def changes(session: Session, after: int, before: datetime) -> tuple[int, set[int]]:
    """The next events from before that moment: the last one's id, and the cases which they may have
    changed. Later ones wait: an event with a smaller id may still be on its way."""
    query = select(Event.id, Event.kind, Event.at, Event.case_id).where(Event.id > after)
    last, found = after, set()
    for row in session.execute(query.order_by(Event.id).limit(AT_A_TIME)):
        if row.at >= before:
            break
        last = row.id
        if row.kind in CHANGING and row.case_id is not None:
            found.add(row.case_id)
    return last, found


def changed(session: Session) -> set[int]:
    """Cases that may have changed since the last look."""
    query = select(Event.case_id).where(
        Event.id > counters.current_value(session, LOOKED), KIND.in_(CHANGING)
    )
    return {case_id for case_id in session.scalars(query) if case_id is not None}


def moments(session: Session, case_ids: Collection[int]) -> list[datetime]:
    """When anything happened to these cases that figures read."""
    query = select(Event.at).where(Event.case_id.in_(case_ids), KIND.in_(READ))
    return list(session.scalars(query)) if case_ids else []
