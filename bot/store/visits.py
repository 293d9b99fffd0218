"""What the pages ask of contacts, and of what people did."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, bindparam, func, select, update
from sqlalchemy.orm import Session

from bot.domain.media import MediaState
from bot.models.cases import Attachment, Case, Event
from bot.models.conversation import Contact, Message
from bot.models.organisation import Person
from bot.store.prepared import adopt, run, table

_CONTACTS, _PEOPLE, _CASES, _PIECES = (table(m) for m in (Contact, Person, Case, Attachment))
_WHO = (
    select(_CONTACTS.c.id, _CONTACTS.c.person_id, _PEOPLE.c.name, _CONTACTS.c.seen_at)
    .outerjoin_from(_CONTACTS, _PEOPLE, _PEOPLE.c.id == _CONTACTS.c.person_id)
    .where(_CONTACTS.c.id == bindparam("contact"))
)
_OWN_CASE = select(*_CASES.columns).where(
    _CASES.c.number == bindparam("number"), _CASES.c.contact_id == bindparam("contact")
)
_COUNT_OPEN = select(func.count()).where(
    _CASES.c.contact_id == bindparam("contact"), _CASES.c.closed_at.is_(None),
    _CASES.c.state != "answered",
)  # fmt: skip
_CAME_WITH = (
    select(
        _PIECES.c.id,
        _PIECES.c.kind,
        _PIECES.c.created_at,
        _PIECES.c.title,
        _PIECES.c.state,
        _PIECES.c.mime,
    )
    .where(_PIECES.c.case_id == bindparam("of_case"), _PIECES.c.state != MediaState.ERASED)
    .order_by(_PIECES.c.id)
)


class CameWith(NamedTuple):
    """An attachment of a case; `state` as bot.domain.media names it."""

    id: int
    kind: str
    at: datetime
    title: str
    state: str
    mime: str


class Who(NamedTuple):
    """A contact, the person who bound this phone, and when that person last opened a page."""

    contact_id: int
    person_id: int | None
    name: str | None
    seen_at: datetime | None


def who(session: Session, contact_id: int) -> Who | None:
    """Whose phone this is; None if the contact is no more."""
    row = run(session, _WHO, contact=contact_id).first()
    return Who(*row) if row else None


def seen(session: Session, contact_id: int, now: datetime) -> None:
    """Keep that a page was opened."""
    session.execute(update(Contact).where(Contact.id == contact_id).values(seen_at=now))


def contact_with_person(session: Session, contact_id: int) -> tuple[Contact, Person | None] | None:
    """A contact, and the person of the network who bound this phone."""
    row = session.execute(
        select(Contact, Person)
        .outerjoin(Person, Person.id == Contact.person_id)
        .where(Contact.id == contact_id)
    ).one_or_none()
    return (row.Contact, row.Person) if row else None


def own_case(session: Session, contact_id: int, number: str) -> Case | None:
    """The contact's own case of this number, to look at; a stranger's is none."""
    row = run(session, _OWN_CASE, number=number, contact=contact_id).first()
    return adopt(session, Case, dict(zip(_CASES.columns.keys(), row, strict=True))) if row else None


def lock_own_case(session: Session, contact_id: int, number: str) -> Case | None:
    """The same, locked for this write unit."""
    query = select(Case).where(Case.number == number, Case.contact_id == contact_id)
    return session.scalar(query.with_for_update(key_share=True))


def came_with(session: Session, case_id: int) -> list[CameWith]:
    """What came with a case, oldest first."""
    return [CameWith(*row) for row in run(session, _CAME_WITH, of_case=case_id)]


def case_of_number(session: Session, number: str) -> Case | None:
    """The case with this number, without a lock."""
    return session.scalar(select(Case).where(Case.number == number))


def messages_of(session: Session, contact_id: int, limit: int | None) -> Sequence[Message]:
    """What a contact wrote that is still kept, newest first; None: all of it."""
    query = select(Message).where(Message.contact_id == contact_id, Message.text != "")
    return session.scalars(query.order_by(Message.id.desc()).limit(limit)).all()


def done_by(
    session: Session, post_ids: Collection[int], kinds: Collection[str], limit: int
) -> list[tuple[Event, Case]]:
    """The last thing that these posts did to each case, newest first."""
    last = _last_done(post_ids, kinds)
    latest = last.order_by(func.max(Event.id).desc()).limit(limit).subquery()
    rows = session.execute(
        select(Event, Case)
        .join(latest, latest.c.id == Event.id)
        .join(Case, Case.id == Event.case_id)
        .order_by(Event.id.desc())
    )
    return [(row.Event, row.Case) for row in rows]


def count_done_by(session: Session, post_ids: Collection[int], kinds: Collection[str]) -> int:
    """With how many cases these posts did something."""
    query = select(func.count()).select_from(_last_done(post_ids, kinds).subquery())
    return session.scalar(query) or 0


def _last_done(post_ids: Collection[int], kinds: Collection[str]) -> Select[int]:
    return (
        select(func.max(Event.id).label("id"))
        .where(Event.post_id.in_(post_ids), Event.kind.in_(kinds), Event.case_id.is_not(None))
        .group_by(Event.case_id)
    )


def count_open(session: Session, contact_id: int) -> int:
    """How many cases of this contact are neither over nor answered."""
    found: int = run(session, _COUNT_OPEN, contact=contact_id).scalar()
    return found
