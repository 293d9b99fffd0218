"""Sentences that the office wrote over the product's own."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.models.organisation import OfficeText
from bot.store.prepared import run, table

_T = table(OfficeText)
_ALL = select(_T.c.key, _T.c.words)


def words(session: Session) -> dict[str, str]:
    """All of them, by key."""
    return dict(run(session, _ALL))


def rows(session: Session) -> Sequence[OfficeText]:
    """The same with when each was written."""
    return session.scalars(select(OfficeText).order_by(OfficeText.key)).all()


def replace(session: Session, key: str, text: str, now: datetime) -> None:
    """Keep a sentence; an empty one gives back the product's own."""
    session.execute(delete(OfficeText).where(OfficeText.key == key))
    if text:
        session.add(OfficeText(key=key, words=text, saved_at=now))
    session.flush()
