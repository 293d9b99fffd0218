"""How much there is and waits, for those who watch from outside. Each query reads an index."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.domain.cases import OPEN, State
from bot.domain.media import MediaState
from bot.models.cases import Attachment, Case
from bot.models.conversation import Message, Outbox
from bot.models.timing import ClockRow

WAITING = ("queued", "sending", "unreachable", "dead")
"""States of notices that are not yet through."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is due at a moment: how much, and the moment of the oldest."""

    due: int
    oldest: datetime | None


def open_cases(session: Session) -> dict[tuple[str, str], int]:
    """(state, queue or "") → cases that are not over."""
    query = (
        select(Case.state, func.coalesce(Case.queue, ""), func.count())
        .where(Case.state.in_((*OPEN, State.ANSWERED)))
        .group_by(Case.state, Case.queue)
    )
    return {(state, queue): count for state, queue, count in session.execute(query)}


def notices(session: Session) -> dict[str, int]:
    """State → notices that are not yet through."""
    query = (
        select(Outbox.state, func.count()).where(Outbox.state.in_(WAITING)).group_by(Outbox.state)
    )
    return dict.fromkeys(WAITING, 0) | {row[0]: row[1] for row in session.execute(query)}


def clocks_due(session: Session, now: datetime) -> Backlog:
    """Clocks with something to do now."""
    query = select(func.count(), func.min(ClockRow.next_step_at)).where(
        ClockRow.next_step_at <= now
    )
    return Backlog(*session.execute(query).one())


def notices_due(session: Session, now: datetime) -> Backlog:
    """Notices to send now."""
    query = select(func.count(), func.min(Outbox.next_try_at)).where(
        Outbox.state == "queued", Outbox.next_try_at <= now
    )
    return Backlog(*session.execute(query).one())


def files_waiting(session: Session) -> int:
    """Photos and voice that are not fetched yet."""
    query = select(func.count()).where(Attachment.state == MediaState.WAITING)
    return session.scalars(query).one()


def last_message(session: Session) -> datetime | None:
    """When anybody last wrote to us."""
    query = select(Message.received_at).order_by(Message.id.desc()).limit(1)
    return session.scalars(query).first()
