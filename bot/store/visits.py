"""What the pages ask of contacts, and of what people did."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.models.cases import Case, Event
from bot.models.conversation import Contact, Message
from bot.models.organisation import Person


def contact_with_person(session: Session, contact_id: int) -> tuple[Contact, Person | None] | None:
    """A contact, and the person of the network who bound this phone."""
    row = session.execute(
        select(Contact, Person)
        .outerjoin(Person, Person.id == Contact.person_id)
        .where(Contact.id == contact_id)
    ).one_or_none()
    return (row.Contact, row.Person) if row else None


def own_case(session: Session, contact_id: int, number: str, *, lock: bool = False) -> Case | None:
    """The contact's own case of this number; a stranger's is none. `lock`: for this write unit."""
    query = select(Case).where(Case.number == number, Case.contact_id == contact_id)
    return session.scalar(query.with_for_update(key_share=True) if lock else query)


def case_of_number(session: Session, number: str) -> Case | None:
    """The case with this number, without a lock."""
    return session.scalar(select(Case).where(Case.number == number))


def messages_of(session: Session, contact_id: int, limit: int) -> Sequence[Message]:
    """What a contact wrote that is still kept, newest first."""
    query = select(Message).where(Message.contact_id == contact_id, Message.text != "")
    return session.scalars(query.order_by(Message.id.desc()).limit(limit)).all()


def done_by(
    session: Session, post_ids: Collection[int], kinds: Collection[str], limit: int
) -> list[tuple[Event, Case]]:
    """The last thing that these posts did to each case, newest first."""
    latest = (
        select(func.max(Event.id).label("id"))
        .where(Event.post_id.in_(post_ids), Event.kind.in_(kinds), Event.case_id.is_not(None))
        .group_by(Event.case_id)
        .order_by(func.max(Event.id).desc())
        .limit(limit)
        .subquery()
    )
    rows = session.execute(
        select(Event, Case)
        .join(latest, latest.c.id == Event.id)
        .join(Case, Case.id == Event.case_id)
        .order_by(Event.id.desc())
    )
    return [(row.Event, row.Case) for row in rows]
