"""One-time codes that bind a phone, and what proves whose they are."""

from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from bot.models.organisation import Invitation, Person, Post


def open_invitation(session: Session, code_hash: str, now: datetime) -> Invitation | None:
    """The invitation of this code if it is neither used nor expired."""
    return _open_one(session, Invitation.code_hash == code_hash, now)


def pending_invitation(session: Session, invitation_id: int, now: datetime) -> Invitation | None:
    """The same by its id: it was named before, and the phone's digits were still to come."""
    return _open_one(session, Invitation.id == invitation_id, now)


def _open_one(session: Session, which: ColumnElement[bool], now: datetime) -> Invitation | None:
    """Locked: a code typed on two phones at once must bind one."""
    return session.scalar(
        select(Invitation)
        .where(which, Invitation.used_at.is_(None), Invitation.expires_at > now)
        .with_for_update()
    )


def close_invitations(session: Session, person_id: int, now: datetime) -> int:
    """Codes of this person that are still open end now (how many): at most one is ever good."""
    own = select(Post.id).where(Post.person_id == person_id)
    closed = session.execute(
        update(Invitation)
        .where(Invitation.post_id.in_(own), Invitation.used_at.is_(None))
        .where(Invitation.expires_at > now)
        .values(expires_at=now)
        .returning(Invitation.id)
        .execution_options(synchronize_session=False)
    )
    return len(closed.all())


def phone_of(session: Session, person_id: int) -> str:
    """The phone number that the roster has for a person; empty where it has none."""
    return session.get_one(Person, person_id).phone
