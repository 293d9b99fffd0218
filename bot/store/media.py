"""Attachments with a file: which are to be fetched, claimed one by one, and what became of them."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from bot.domain.media import MediaState
from bot.models.cases import Attachment

LEASE = timedelta(minutes=2)
"""How long one worker has for one file before another may try."""


def due_ids(session: Session, now: datetime, limit: int) -> list[int]:
    """Ids of attachments to fetch now, the longest waiting first."""
    query = (
        select(Attachment.id)
        .where(Attachment.state == MediaState.WAITING, Attachment.next_try_at <= now)
        .order_by(Attachment.next_try_at, Attachment.id)
        .limit(limit)
    )
    return list(session.scalars(query))


def claim(session: Session, attachment_id: int, now: datetime) -> Attachment | None:
    """Take one due attachment under a lease; None when somebody else has it or it is gone."""
    row = session.scalar(
        select(Attachment)
        .where(Attachment.id == attachment_id, Attachment.state == MediaState.WAITING)
        .where(Attachment.next_try_at <= now)
        .with_for_update(skip_locked=True)
    )
    if row is not None:
        row.attempts += 1
        row.next_try_at = now + LEASE
    return row


def settle(session: Session, attachment_id: int, **values: Any) -> bool:
    """Write down what became of a claimed one; False when it was erased meanwhile."""
    changed = session.execute(
        update(Attachment)
        .where(Attachment.id == attachment_id, Attachment.state == MediaState.WAITING)
        .values(**values)
        .returning(Attachment.id)
        .execution_options(synchronize_session=False)
    )
    return changed.first() is not None


def next_due(session: Session) -> datetime | None:
    """When the next one may be tried."""
    waiting = Attachment.state == MediaState.WAITING
    return session.scalar(select(func.min(Attachment.next_try_at)).where(waiting))


def erase(session: Session, case_id: int, now: datetime) -> None:
    """Forget what a case's attachments were. Those with a file stay as bare rows until the file is
    gone too: a crash in between must not leave it behind unnoticed."""
    own = Attachment.case_id == case_id
    session.execute(
        update(Attachment)
        .where(own, Attachment.sha256.is_not(None))
        .values(
            state=MediaState.ERASED, next_try_at=now, message_id=None, media_id="", title="",
            url="", lat=None, lon=None,
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    session.execute(delete(Attachment).where(own, Attachment.sha256.is_(None)))


def erased(session: Session, limit: int) -> list[Attachment]:
    """Bare rows whose files are still to be removed."""
    query = select(Attachment).where(Attachment.state == MediaState.ERASED)
    return list(session.scalars(query.order_by(Attachment.id).limit(limit).with_for_update()))


def is_used(session: Session, sha256: str) -> bool:
    """Whether an attachment that isn't erased still has this file."""
    query = select(Attachment.id).where(Attachment.sha256 == sha256)
    return session.scalar(query.where(Attachment.state != MediaState.ERASED).limit(1)) is not None


def of_message(session: Session, message_id: int) -> bool:
    """Whether attachments came with this message."""
    query = select(Attachment.id).where(Attachment.message_id == message_id)
    return session.scalar(query.limit(1)) is not None


def uploads(session: Session, case_id: int) -> int:
    """How many photos came to this case by our own pages, or from a station's people."""
    chosen = or_(Attachment.media_id == "", Attachment.title != "")
    query = select(func.count()).where(Attachment.case_id == case_id, chosen)
    return session.scalar(query.where(Attachment.kind == "image")) or 0


def drop(session: Session, row: Attachment) -> None:
    """The bare row goes."""
    session.delete(row)
    session.flush()
