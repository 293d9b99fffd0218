"""Things staff must know: one open alarm a cause, however often it happens."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.models.timing import Alarm

_OPEN = text("cleared_at IS NULL")


def raise_alarm(session: Session, kind: str, detail: str, now: datetime) -> bool:
    """Raise an alarm, or count it up if it is open; True when it is new."""
    return _raise(session, kind, detail, now, None) == 1


def keep_raised(session: Session, kind: str, detail: str, now: datetime, *, count: int) -> None:
    """Raise an alarm, or renew it if it is open. `count` is of things now, not of times."""
    _raise(session, kind, detail, now, count)


def _raise(session: Session, kind: str, detail: str, now: datetime, things: int | None) -> int:
    dialect = session.get_bind().dialect.name
    make = postgresql.insert if dialect == "postgresql" else sqlite.insert
    # One statement: two workers that meet the same cause at once must not trip over each other.
    count = Alarm.count + 1 if things is None else things
    return session.scalars(
        make(Alarm)
        .values(kind=kind, detail=detail, count=things or 1, first_at=now, last_at=now)
        .on_conflict_do_update(
            index_elements=[Alarm.kind], index_where=_OPEN,
            set_={"count": count, "last_at": now, "detail": detail},
        )
        .returning(Alarm.count)
    ).one()  # fmt: skip


def clear(session: Session, kind: str, now: datetime) -> None:
    """The cause is gone."""
    clear_all(session, (kind,), now)


def clear_all(session: Session, kinds: Sequence[str], now: datetime) -> None:
    """All these causes are gone."""
    session.execute(
        update(Alarm)
        .where(Alarm.kind.in_(kinds), Alarm.cleared_at.is_(None))
        .values(cleared_at=now)
        .execution_options(synchronize_session=False)
    )


def open_alarms(session: Session) -> list[Alarm]:
    """All open alarms, oldest first."""
    return list(session.scalars(select(Alarm).where(Alarm.cleared_at.is_(None)).order_by(Alarm.id)))
