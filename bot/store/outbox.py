"""Notices that wait to be sent: written with their cause, claimed under a lease, settled after."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, exists, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.domain.notices import DRILLS, LATE, NEWS, NOTICES
from bot.models.conversation import Outbox
from bot.models.timing import ClockRow
from bot.store.prepared import dialect_name, run, table

_O = table(Outbox)
_ENQUEUE = {
    "sqlite": sqlite.insert(_O).on_conflict_do_nothing().returning(_O.c.id),
    "postgresql": postgresql.insert(_O).on_conflict_do_nothing().returning(_O.c.id),
}
_REMINDED = (
    select(_O.c.id)
    .where(
        _O.c.case_id == bindparam("of_case"), _O.c.person_id == bindparam("person"),
        _O.c.due_at.is_not(None), _O.c.sent_at >= bindparam("since"),
    )
    .limit(1)
)  # fmt: skip
_SETTLE = update(_O).where(_O.c.id == bindparam("row"))

LEASE = timedelta(seconds=60)
DIGEST = 200
"""Notices at most that ride with another one; more go with the next."""


class Due(NamedTuple):
    """A row to send, and for whom."""

    id: int
    person_id: int | None
    contact_id: int | None


def enqueue(
    session: Session,
    now: datetime,
    kind: str,
    *,
    dedupe: str,
    case_id: int | None,
    person_id: int | None = None,
    contact_id: int | None = None,
    not_before: datetime | None = None,
    due_at: datetime | None = None,
    params: dict[str, Any] | None = None,
) -> bool:
    """Put one notice in the outbox; False if the same cause already did (dedupe)."""
    found = run(
        session, _ENQUEUE[dialect_name(session)],
        dedupe=f"{kind}:{dedupe}", kind=kind, params=params or {}, person_id=person_id,
        contact_id=contact_id, case_id=case_id, priority=NOTICES[kind].priority,
        state="queued", created_at=now, next_try_at=not_before or now, attempts=0,
        due_at=due_at, in_doubt=False, hop="", message_id="", reason="",
    )  # fmt: skip
    return found.first() is not None


def due_ids(
    session: Session, now: datetime, limit: int, kinds: Collection[str] | None = None
) -> list[Due]:
    """Rows to send now, most important first; only of `kinds` if given."""
    query = select(Outbox.id, Outbox.person_id, Outbox.contact_id).where(_due(now))
    if kinds is not None:
        query = query.where(Outbox.kind.in_(kinds))
    rows = session.execute(query.order_by(Outbox.priority, Outbox.id).limit(limit))
    return [Due(*row) for row in rows]


def claim_like(
    session: Session, row: Outbox, now: datetime, kinds: Collection[str]
) -> list[Outbox]:
    """Take what else of these kinds, or late news, is due for the same recipient and was never
    tried."""
    late = func.coalesce(Outbox.due_at, Outbox.created_at) <= now - LATE
    query = (
        select(Outbox)
        .where(
            Outbox.state == "queued", Outbox.next_try_at <= now, Outbox.attempts == 0,
            or_(Outbox.kind.in_(kinds), Outbox.kind.in_(NEWS) & late), Outbox.id != row.id,
            Outbox.person_id.is_not_distinct_from(row.person_id),
            Outbox.contact_id.is_not_distinct_from(row.contact_id),
        )
        .order_by(Outbox.priority, Outbox.id)
        .limit(DIGEST)
        .with_for_update(skip_locked=True)
    )  # fmt: skip
    found = list(session.scalars(query))
    for each in found:
        each.state, each.leased_until, each.attempts = "sending", now + LEASE, 1
    return found


def release(row: Outbox) -> None:
    """Give a row back that was taken and not tried."""
    row.state, row.leased_until, row.attempts = "queued", None, 0


def claim(
    session: Session, row_id: int, now: datetime, kinds: Collection[str] | None = None
) -> Outbox | None:
    """Take one due row under a lease; None when somebody else has it, or it isn't due any more.

    A row whose lease ran out is taken again and marked in doubt: its first send may have arrived.
    If that happens twice the row comes back `dead`: nothing is sent three times.
    """
    query = select(Outbox).where(Outbox.id == row_id, _due(now))
    if kinds is not None:
        query = query.where(Outbox.kind.in_(kinds))
    row = session.scalar(query.with_for_update(skip_locked=True))
    if row is None:
        return None
    lost = row.state == "sending"
    if lost and row.in_doubt:
        row.state, row.leased_until = "dead", None
        row.reason = "begun twice, and twice the outcome was lost"
        return row
    row.in_doubt = row.in_doubt or lost
    row.state = "sending"
    row.leased_until = now + LEASE
    row.attempts += 1
    return row


def _due(now: datetime) -> ColumnElement[bool]:
    return or_(
        (Outbox.state == "queued") & (Outbox.next_try_at <= now),
        (Outbox.state == "sending") & (Outbox.leased_until <= now),
    )


def settle(session: Session, row_ids: Sequence[int], **values: Any) -> None:
    """Write down what became of claimed rows."""
    for row_id in row_ids:
        run(session, _SETTLE, row=row_id, leased_until=None, **values)


def reminded(session: Session, case_id: int, person_id: int, since: datetime) -> bool:
    """Whether a reminder about this case reached this person since then."""
    found = run(session, _REMINDED, of_case=case_id, person=person_id, since=since)
    return found.first() is not None


def next_due(session: Session) -> datetime | None:
    """When the earliest waiting row may go out, or the first lost one is taken again."""
    queries = (
        select(func.min(Outbox.next_try_at)).where(Outbox.state == "queued"),
        select(func.min(Outbox.leased_until)).where(Outbox.state == "sending"),
    )
    moments = [session.execute(query).scalar() for query in queries]
    return min((m for m in moments if m is not None), default=None)


def drop_waiting(session: Session, case_id: int, kinds: tuple[str, ...], reason: str) -> None:
    """Skip notices still in the air that have become untrue."""
    session.execute(
        update(Outbox)
        .where(Outbox.case_id == case_id, Outbox.kind.in_(kinds), Outbox.state == "queued")
        .values(state="skipped", reason=reason)
        .execution_options(synchronize_session=False)
    )


def waiting_for(session: Session, case_id: int, person_id: int) -> list[Outbox]:
    """Notices about a case that wait for this person and that no sender has taken, locked."""
    query = select(Outbox).where(
        Outbox.case_id == case_id, Outbox.person_id == person_id, Outbox.state == "queued"
    )
    return list(session.scalars(query.order_by(Outbox.id).with_for_update(skip_locked=True)))


def people_told(session: Session, case_id: int, kinds: Collection[str]) -> set[int]:
    """Whom notices of these kinds about a case were for."""
    query = select(Outbox.person_id).where(Outbox.case_id == case_id, Outbox.kind.in_(kinds))
    return {person_id for person_id in session.scalars(query) if person_id is not None}


def unanswered_alarms(session: Session, case_id: int | None = None) -> list[Outbox]:
    """Alarms on their way that nobody has acknowledged; of one case if given."""
    waits = exists().where(
        ClockRow.subject_kind == "case", ClockRow.subject_id == Outbox.case_id,
        ClockRow.kind == "emergency", ClockRow.ended_at.is_(None),
    )  # fmt: skip
    under_way = Outbox.state.in_(("queued", "sending", "sent"))
    query = select(Outbox).where(Outbox.kind == "emergency", under_way, waits)
    if case_id is not None:
        query = query.where(Outbox.case_id == case_id)
    return list(session.scalars(query.order_by(Outbox.id)))


def of_drill(session: Session, drill_id: int) -> list[Outbox]:
    """The notices of a drill, oldest first."""
    query = select(Outbox).where(Outbox.case_id.is_(None), Outbox.kind.in_(DRILLS))
    rows = session.scalars(query.order_by(Outbox.id))
    return [row for row in rows if row.params.get("drill") == drill_id]


def unreachable(session: Session, limit: int = 200) -> list[Outbox]:
    """Notices that a person must carry: call this person."""
    query = (
        select(Outbox)
        .where(Outbox.state.in_(("unreachable", "dead")), Outbox.kind.not_in(DRILLS))
        .order_by(Outbox.priority, Outbox.id)
        .limit(limit)
    )
    return list(session.scalars(query))


def to_call(session: Session, case_id: int | None) -> list[Outbox]:
    """Notices about a case (None: about no case) that a person must carry."""
    nothing = Outbox.case_id.is_(None) & Outbox.kind.not_in(DRILLS)
    about = nothing if case_id is None else Outbox.case_id == case_id
    query = select(Outbox).where(about, Outbox.state.in_(("unreachable", "dead")))
    return list(session.scalars(query.order_by(Outbox.id).with_for_update()))


def any_dead(session: Session, **same: Any) -> bool:
    """Whether a notice with these values is still a dead letter."""
    query = select(Outbox.id).filter_by(state="dead", **same).limit(1)
    return session.scalar(query) is not None


def doubt_waiting(session: Session) -> int:
    """Mark what waits: by a copy that was put back, it may have gone out since the copy was made.
    Returns how many."""
    marked = session.execute(
        update(Outbox)
        .where(Outbox.state.in_(("queued", "sending")))
        .values(in_doubt=True)
        .returning(Outbox.id)
        .execution_options(synchronize_session=False)
    )
    return len(marked.all())


def erase_params(session: Session, case_ids: list[int]) -> None:
    """Take people's words out of notices about these cases; waiting ones are skipped, but for
    the word that the case was withdrawn."""
    if not case_ids:
        return
    about = Outbox.case_id.in_(case_ids) & (Outbox.kind != "withdrawn")
    never = update(Outbox).where(about, Outbox.state == "queued")
    for statement in (never.values(state="skipped", reason="erased"),
                      update(Outbox).where(about).values(params={})):  # fmt: skip
        session.execute(statement.execution_options(synchronize_session=False))
