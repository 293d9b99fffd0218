"""The list of common questions."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.domain.common_questions import Entry
from bot.models.answers import CommonQuestion
from bot.store import counters
from bot.store.prepared import run, table

_Q = table(CommonQuestion)
_FIELDS = (
    *("code", "question", "wordings", "answer", "source", "category", "district", "street"),
    *("valid_until", "ended_at", "version", "saved_at", "id"),
)
_ALL = select(*(_Q.c[name] for name in _FIELDS)).order_by(_Q.c.id)


def lock(session: Session) -> None:
    """Nobody else changes the list until the end of this write unit."""
    counters.lock(session, "common_questions")


def entries(session: Session) -> tuple[Entry, ...]:
    """All of them, the oldest first."""
    return tuple(_entry(row) for row in run(session, _ALL))


def _entry(row: Sequence[object]) -> Entry:
    given = dict(zip(_FIELDS, row, strict=True))
    return Entry(**given | {"wordings": tuple(given["wordings"])})  # type: ignore[arg-type]


def entry(session: Session, code: str) -> Entry | None:
    """One of them."""
    return next((each for each in entries(session) if each.code == code), None)


def next_code(session: Session) -> str:
    """A code that no entry has: Q0007 after six."""
    highest = session.scalar(select(func.max(CommonQuestion.id))) or 0
    taken = set(session.scalars(select(CommonQuestion.code)))
    number = highest + 1
    while f"Q{number:04d}" in taken:
        number += 1
    return f"Q{number:04d}"


def keep(session: Session, given: Entry, now: datetime) -> Entry:
    """Add an entry, or write the one of this code anew as its next version."""
    row = session.scalar(select(CommonQuestion).where(CommonQuestion.code == given.code))
    version = row.version + 1 if row else 1
    if row is None:
        row = CommonQuestion(code=given.code)
        session.add(row)
    for name in _FIELDS[1:10]:
        setattr(row, name, getattr(given, name))
    row.wordings, row.version, row.saved_at = list(given.wordings), version, now
    session.flush()
    return replace(given, id=row.id, version=version, saved_at=now)
