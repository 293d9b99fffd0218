"""Who of a station was about: wrote to us, or opened a page."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bot.domain.roles import HANDLERS
from bot.models.conversation import Contact
from bot.models.organisation import Post, StationLook


def last_seen(
    session: Session, today: date, unit_ids: Collection[int] | None = None
) -> dict[int, datetime]:
    """By station (of these, if given): when anybody who works there today was last about."""
    query = (
        select(Post.unit_id, func.max(Contact.last_message_at), func.max(Contact.seen_at))
        .join(Contact, Contact.person_id == Post.person_id)
        .where(
            Post.role.in_([role.value for role in HANDLERS]),
            or_(Post.valid_from.is_(None), Post.valid_from <= today),
            or_(Post.valid_to.is_(None), Post.valid_to >= today),
        )
        .group_by(Post.unit_id)
    )
    if unit_ids is not None:
        query = query.where(Post.unit_id.in_(unit_ids))
    found = {unit: [at for at in moments if at] for unit, *moments in session.execute(query)}
    return {unit: max(moments) for unit, moments in found.items() if moments}


def looks(session: Session) -> dict[int, StationLook]:
    """What is known of each station that was looked at."""
    return {row.unit_id: row for row in session.scalars(select(StationLook))}


def begin(session: Session, unit_ids: Collection[int], now: datetime) -> None:
    """Look at these from now on."""
    session.add_all(StationLook(unit_id=unit_id, first_at=now) for unit_id in unit_ids)
    session.flush()
