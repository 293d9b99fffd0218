"""Things staff must know: one open alarm a cause, however often it happens."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.models.timing import Alarm


def raise_alarm(session: Session, kind: str, detail: str, now: datetime) -> bool:
    """Raise an alarm, or count it up if it is open; True when it is new."""
    row = session.scalar(select(Alarm).where(Alarm.kind == kind, Alarm.cleared_at.is_(None)))
    if row is not None:
        row.count += 1
        row.last_at, row.detail = now, detail
        return False
    session.add(Alarm(kind=kind, detail=detail, count=1, first_at=now, last_at=now))
    return True


def clear(session: Session, kind: str, now: datetime) -> None:
    """The cause is gone."""
    session.execute(
        update(Alarm)
        .where(Alarm.kind == kind, Alarm.cleared_at.is_(None))
        .values(cleared_at=now)
        .execution_options(synchronize_session=False)
    )


def open_alarms(session: Session) -> list[Alarm]:
    """All open alarms, oldest first."""
    return list(session.scalars(select(Alarm).where(Alarm.cleared_at.is_(None)).order_by(Alarm.id)))
