"""Counting how late rungs were recorded and reminders sent, straight from events and outbox.

Each query reads one span of time by an index of its own, so its cost is what happened in that span.
Whole hours are folded into `lateness_hours` once; a window is those sums and the rest counted now.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    Select,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal,
    select,
)  # fmt: skip
from sqlalchemy.orm import Session, aliased

from bot.domain.lateness import (
    BOUNDS,
    DOUBLED,
    HOUR,
    IN_DOUBT,
    PASSED_OVER,
    REMINDER,
    RUNG,
    Counted,
)  # fmt: skip
from bot.models.base import UtcDateTime
from bot.models.cases import Event
from bot.models.conversation import Outbox
from bot.models.timing import ClockRow, LatenessHour
from bot.store import counters
from bot.store.prepared import run

FOLDED = "lateness_folded"
"""Name of the counter that holds the first hour not yet folded, in hours since 1970."""
EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")

Counts = dict[str, list[Counted]]


def count(session: Session, begin: datetime, end: datetime) -> Counts:
    """What happened from `begin` up to, not including, `end`, by measure."""
    found = {
        RUNG: _binned(session, Event.at, Event.due_at, begin, end),
        REMINDER: _binned(session, Outbox.sent_at, Outbox.due_at, begin, end),
    }
    for measure, number in count_flaws(session, begin, end).items():
        found[measure] = [Counted(0, number, 0.0)] if number else []
    return found


def count_flaws(session: Session, begin: datetime, end: datetime) -> dict[str, int]:
    """Rungs that came twice, rungs left out, reminders in doubt, by measure."""
    span = {"begin": begin, "end": end}
    return {name: int(run(session, query, **span).scalar()) for name, query in _FLAWS.items()}


def _binned(
    session: Session, at: Any, due_at: Any, begin: datetime, end: datetime
) -> list[Counted]:
    seconds = _seconds(session, at, due_at)
    late = (
        select(seconds.label("late"))
        .where(due_at.is_not(None), at >= begin, at < end)
        .subquery()
    )  # fmt: skip
    placed = case(*((late.c.late <= b, n) for n, b in enumerate(BOUNDS)), else_=len(BOUNDS))
    each = select(placed.label("bin"), late.c.late).subquery()
    query = select(each.c.bin, func.count(), func.max(each.c.late)).group_by(each.c.bin)
    return [Counted(n, number, max(0.0, worst)) for n, number, worst in session.execute(query)]


def _seconds(session: Session, at: Any, due_at: Any) -> ColumnElement[float]:
    """From the one moment to the other."""
    if session.get_bind().dialect.name == "sqlite":
        days = func.julianday(at) - func.julianday(due_at)
        return func.round(days * literal(86400.0), 3)  # a day's fraction is exact to 50 µs
    return func.date_part("epoch", at.op("-")(due_at), type_=Float)


def _flaws() -> dict[str, Select[int]]:
    """Rungs of which there is an earlier event with the same clock and the same place on it; rungs
    before which one of the same clock is missing; reminders that may have arrived twice."""
    begin, end = bindparam("begin", type_=UtcDateTime), bindparam("end", type_=UtcDateTime)
    rungs = select(func.count(Event.id)).where(
        Event.due_at.is_not(None), Event.at >= begin, Event.at < end
    )
    other = aliased(Event)
    place, there = (e.data["index"].as_integer() for e in (Event, other))
    same = select(other.id).where(other.clock_id == Event.clock_id)
    sent = and_(Outbox.due_at.is_not(None), Outbox.sent_at >= begin, Outbox.sent_at < end)
    return {
        DOUBLED: rungs.where(same.where(other.id < Event.id, there == place).exists()),
        PASSED_OVER: rungs.where(place > 0, ~same.where(there == place - 1).exists()),
        IN_DOUBT: select(func.count(Outbox.id)).where(sent, Outbox.in_doubt),
    }


_FLAWS = _flaws()


def folded_until(session: Session) -> datetime | None:
    """The end of the last hour that was folded; None before the first."""
    hours = counters.current_value(session, FOLDED)
    return EPOCH + hours * HOUR if hours else None


def first_after(session: Session, begin: datetime | None) -> datetime | None:
    """The first moment from `begin` on (None: ever) at which a rung was recorded or a reminder
    sent."""
    moments = []
    for at, due_at in ((Event.at, Event.due_at), (Outbox.sent_at, Outbox.due_at)):
        query = select(func.min(at)).where(due_at.is_not(None))
        moments.append(session.execute(query if begin is None else query.where(at >= begin)))
    return min((m for m in (each.scalar() for each in moments) if m is not None), default=None)


def fold(session: Session, hour: datetime) -> None:
    """Count one hour for good; again it changes nothing."""
    session.execute(delete(LatenessHour).where(LatenessHour.hour == hour))
    rows = [
        {"hour": hour, "measure": measure, "bin": c.bin, "count": c.count, "worst": c.worst}
        for measure, parts in count(session, hour, hour + HOUR).items()
        for c in parts
    ]
    if rows:
        session.execute(insert(LatenessHour), rows)


def mark_folded(session: Session, until: datetime) -> None:
    """All hours before this one are folded."""
    counters.set_value(session, FOLDED, round((until - EPOCH) / HOUR))


def folded(session: Session, begin: datetime) -> Counts:
    """The sums of the folded hours from `begin` on, by measure and bin."""
    query = (
        select(
            LatenessHour.measure, LatenessHour.bin,
            func.sum(LatenessHour.count), func.max(LatenessHour.worst),
        )
        .where(LatenessHour.hour >= begin)
        .group_by(LatenessHour.measure, LatenessHour.bin)
    )  # fmt: skip
    found: Counts = {}
    for measure, place, number, worst in session.execute(query):
        found.setdefault(measure, []).append(Counted(place, int(number), worst))
    return found


def first_folded(session: Session) -> datetime | None:
    """The first hour of which anything is known."""
    return session.execute(select(func.min(LatenessHour.hour))).scalar()


def missing_now(session: Session, now: datetime, hour: timedelta, day: timedelta) -> int:
    """Rungs more than `hour` late and not recorded, by their clock's next step; and reminders more
    than `day` late that are neither sent nor given up."""
    rungs = select(func.count(ClockRow.id)).where(ClockRow.next_step_at < now - hour)
    reminders = select(func.count(Outbox.id)).where(
        Outbox.state.in_(("queued", "sending")), Outbox.next_try_at < now, Outbox.due_at < now - day
    )
    return sum(session.scalars(query).one() for query in (rungs, reminders))
