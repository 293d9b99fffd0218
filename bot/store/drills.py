"""Exercises of the alarm."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.models.conversation import DeliveryAttempt
from bot.models.organisation import Person
from bot.models.timing import Drill
from bot.store import counters

_TAKEN = ("sent", "delivered", "called")


def one_at_a_time(session: Session) -> None:
    """Who comes second at the same instant waits here until the first has committed, and then sees
    that one's drill."""
    counters.next_value(session, "drills")


def add(session: Session, words: str, now: datetime) -> Drill:
    """A drill that begins now."""
    drill = Drill(words=words, started_at=now)
    session.add(drill)
    session.flush()
    return drill


def running(session: Session) -> Drill | None:
    """The drill that is under way, locked."""
    query = select(Drill).where(Drill.ended_at.is_(None)).order_by(Drill.id).limit(1)
    return session.scalar(query.with_for_update())


def last(session: Session) -> Drill | None:
    """The newest drill."""
    return session.scalar(select(Drill).order_by(Drill.id.desc()).limit(1))


def names(session: Session, person_ids: Collection[int]) -> dict[int, str]:
    """Names of people, by id."""
    rows = session.execute(
        select(Person.id, Person.name).where(Person.id.in_(person_ids)).order_by(Person.id)
    )
    return {row.id: row.name for row in rows}


def carried(session: Session, row_ids: Collection[int]) -> dict[int, list[tuple[str, datetime]]]:
    """Hops that took these notices, and when, by notice."""
    query = (
        select(DeliveryAttempt)
        .where(DeliveryAttempt.outbox_id.in_(row_ids), DeliveryAttempt.outcome.in_(_TAKEN))
        .order_by(DeliveryAttempt.id)
    )
    found: dict[int, list[tuple[str, datetime]]] = {}
    for each in session.scalars(query):
        found.setdefault(each.outbox_id, []).append((each.hop, each.at))
    return found
