"""Contacts, their messages, and the one open question each may have."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Table, bindparam, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from bot.domain.allowances import NO_ALLOWANCE, Allowance
from bot.domain.dialog import QUESTION_RANK, OpenQuestion, QuestionKind
from bot.domain.inbound import Inbound
from bot.models.conversation import Contact, Message, Question
from bot.store.prepared import adopt, dialect_name, run, table

_M, _Q = table(Message), table(Question)
_C = table(Contact)


def _upsert(make: Callable[[Table], Any]) -> Any:
    added = make(_C)
    spoke = bindparam("spoke", type_=Boolean)
    return added.on_conflict_do_update(
        index_elements=["channel", "address"],
        set_={
            "last_message_at": func.coalesce(added.excluded.last_message_at, _C.c.last_message_at),
            "subscribed": or_(_C.c.subscribed, spoke),
        },
    ).returning(*_C.columns)


_CONTACT = {"sqlite": _upsert(sqlite.insert), "postgresql": _upsert(postgresql.insert)}
_INFORM = update(_C).where(_C.c.id == bindparam("contact"))
_ALLOW = update(_C).where(_C.c.id == bindparam("whom"))
_REPLY = select(_M.c.reply).where(_M.c.key == bindparam("message_key"))
_ADD_MESSAGE = {
    "sqlite": sqlite.insert(_M).on_conflict_do_nothing().returning(_M.c.id),
    "postgresql": postgresql.insert(_M).on_conflict_do_nothing().returning(_M.c.id),
}
_SETTLE_MESSAGE = update(_M).where(_M.c.id == bindparam("message_id"))
_OPEN_QUESTION = select(_Q.c.id, _Q.c.kind, _Q.c.case_id).where(
    _Q.c.contact_id == bindparam("contact"), _Q.c.ended_at.is_(None)
)
_ASK = {
    "sqlite": sqlite.insert(_Q).on_conflict_do_nothing().returning(_Q.c.id),
    "postgresql": postgresql.insert(_Q).on_conflict_do_nothing().returning(_Q.c.id),
}
_WAS_ASKED = (
    select(_Q.c.id)
    .where(_Q.c.case_id == bindparam("about"), _Q.c.kind == bindparam("what"))
    .limit(1)
)


def contact_for(
    session: Session,
    channel: str,
    address: str,
    now: datetime,
    *,
    spoke: bool = False,
    first: Allowance = NO_ALLOWANCE,
) -> Contact:
    """The contact of this address, made if new, locked until the end of the write unit. To be
    asked for once in a unit, first. `spoke`: by a message, which says that they follow us;
    `first`: what a new contact's action lets us send.

    The lock lets others refer to the contact (its key is not touched): who answers a case asks
    its contact while that contact may be writing, and neither must wait for the other.
    """
    row = run(
        session, _CONTACT[dialect_name(session)], channel=channel, address=address,
        created_at=now, subscribed=True, bind_failures=0, allowance_left=first.left,
        allowance_until=first.until,
        last_message_at=now if spoke else None, spoke=spoke,
    ).first()  # fmt: skip
    return adopt(session, Contact, dict(zip(_C.columns.keys(), row or (), strict=True)))


def inform(session: Session, contact: Contact, now: datetime) -> None:
    """The privacy notice goes out with this reply."""
    run(session, _INFORM, contact=contact.id, informed_at=now)
    set_committed_value(contact, "informed_at", now)


def allow(session: Session, contact: Contact, allowance: Allowance) -> None:
    """The person did something that lets us write to them."""
    values = {"allowance_left": allowance.left, "allowance_until": allowance.until}
    run(session, _ALLOW, whom=contact.id, **values)
    for name, value in values.items():
        set_committed_value(contact, name, value)


def stored_reply(session: Session, key: str) -> dict[str, Any]:
    """The reply that the message with this key got; empty when none was shown."""
    reply: dict[str, Any] | None = run(session, _REPLY, message_key=key).scalar()
    return reply or {}


def message_by_key(session: Session, key: str) -> Message | None:
    """The message that was kept under this key."""
    return session.scalar(select(Message).where(Message.key == key))


def messages_of_case(session: Session, case_id: int, limit: int) -> Sequence[Message]:
    """The newest messages that became part of a case, oldest first."""
    query = select(Message).where(Message.case_id == case_id).order_by(Message.id.desc())
    return session.scalars(query.limit(limit)).all()[::-1]


def add_message(session: Session, contact: Contact, inbound: Inbound, now: datetime) -> int | None:
    """Keep one inbound message; returns its id, or None when its key is kept already."""
    data = {
        name: value
        for name in ("menu_id", "media_id", "media_format", "label", "title", "url", "event_key")
        if (value := getattr(inbound, name))
    } | dict(inbound.data)
    if inbound.lat is not None:
        data |= {"lat": inbound.lat, "lon": inbound.lon}
    statement = _ADD_MESSAGE[dialect_name(session)]
    added: int | None = run(
        session, statement, key=inbound.key, contact_id=contact.id, kind=inbound.kind,
        text=inbound.text, data=data, sent_at=inbound.sent_at, received_at=now, reply={},
    ).scalar()  # fmt: skip
    return added


def settle_message(
    session: Session, message_id: int, case_id: int | None, reply: dict[str, Any]
) -> None:
    """Keep the reply that the message got and the case it became part of."""
    run(session, _SETTLE_MESSAGE, message_id=message_id, case_id=case_id, reply=reply)


def open_question(session: Session, contact_id: int) -> OpenQuestion | None:
    """The question this contact has not answered yet."""
    row = run(session, _OPEN_QUESTION, contact=contact_id).first()
    return OpenQuestion(*row) if row else None


def ask(
    session: Session, contact_id: int, kind: QuestionKind, case_id: int | None, now: datetime
) -> int | None:
    """Open a question and return its id; None when a more important one is open.

    A less important open question gives way. Asking the very same again keeps the open one.
    """
    current = open_question(session, contact_id)
    if current is not None:
        if (current.kind, current.case_id) == (kind, case_id):
            return current.id
        if QUESTION_RANK[current.kind] < QUESTION_RANK[kind]:
            return None
        end_question(session, current.id, now, "superseded")
    # Somebody answering this contact's case may ask at the same moment: the first one wins.
    asked: int | None = run(
        session, _ASK[dialect_name(session)], contact_id=contact_id, case_id=case_id,
        kind=kind, text="", asked_at=now, answer="",
    ).scalar()  # fmt: skip
    return asked


def was_asked(session: Session, case_id: int, kind: QuestionKind) -> bool:
    """Whether this was ever asked about this case: nothing is asked twice."""
    return run(session, _WAS_ASKED, about=case_id, what=kind).first() is not None


def end_question(session: Session, question_id: int, now: datetime, answer: str) -> None:
    """Close a question with what became of it."""
    session.execute(
        update(Question)
        .where(Question.id == question_id, Question.ended_at.is_(None))
        .values(ended_at=now, answer=answer[:200])
        .execution_options(synchronize_session=False)
    )


def ask_in_words(
    session: Session, contact_id: int, case_id: int, text: str, now: datetime
) -> int | None:
    """Open a question that a person put in words (kind "asked"); None when another is open that
    is more important."""
    asked = ask(session, contact_id, "asked", case_id, now)
    if asked is not None:
        session.execute(
            update(Question)
            .where(Question.id == asked)
            .values(text=text[:300])
            .execution_options(synchronize_session=False)
        )
    return asked


def asked_words(session: Session, case_id: int) -> str:
    """The latest question that a person put in words about this case; "" when there is none."""
    query = select(Question.text).where(Question.case_id == case_id, Question.kind == "asked")
    return session.scalar(query.order_by(Question.id.desc()).limit(1)) or ""


def end_asked(session: Session, case_id: int, now: datetime, answer: str) -> None:
    """Close the open question in words about this case."""
    session.execute(
        update(Question)
        .where(Question.case_id == case_id, Question.kind == "asked", Question.ended_at.is_(None))
        .values(ended_at=now, answer=answer[:200])
        .execution_options(synchronize_session=False)
    )


def reopen_asked(session: Session, contact_id: int, case_ids: Collection[int]) -> None:
    """What gave way to a shorter question is asked still, once that one is over."""
    if not case_ids or open_question(session, contact_id) is not None:
        return
    waiting = (
        select(func.max(Question.id))
        .where(Question.contact_id == contact_id, Question.case_id.in_(case_ids))
        .where(Question.kind == "asked", Question.answer == "superseded")
    )
    session.execute(
        update(Question)
        .where(Question.id == waiting.scalar_subquery())
        .values(ended_at=None, answer="")
        .execution_options(synchronize_session=False)
    )


def end_case_questions(session: Session, case_id: int, now: datetime) -> None:
    """Close what is still asked about a case that is over."""
    session.execute(
        update(Question)
        .where(Question.case_id == case_id, Question.ended_at.is_(None))
        .values(ended_at=now, answer="case ended")
        .execution_options(synchronize_session=False)
    )


def erase_messages(session: Session, contact_id: int, keep_case_ids: set[int]) -> None:
    """Blank the words and media references of a contact's messages (privacy refusal)."""
    kept = Message.case_id.in_(keep_case_ids) if keep_case_ids else None
    query = update(Message).where(Message.contact_id == contact_id)
    if kept is not None:
        query = query.where(Message.case_id.is_(None) | ~kept)
    session.execute(
        query.values(text="", data={}, reply={}).execution_options(synchronize_session=False)
    )


def loose_photos(session: Session, contact_id: int, since: datetime) -> Sequence[Message]:
    """Photos of this contact that no case has yet, oldest first."""
    query = select(Message).where(
        Message.contact_id == contact_id, Message.kind == "image", Message.case_id.is_(None),
        Message.received_at > since,
    )  # fmt: skip
    return session.scalars(query.order_by(Message.id)).all()


def spoke_of_a_case(session: Session, contact_id: int, since: datetime) -> bool:
    """Whether a text of this contact after that became part of a case."""
    query = select(Message.id).where(
        Message.contact_id == contact_id, Message.kind == "text", Message.case_id.is_not(None),
        Message.received_at > since,
    )  # fmt: skip
    return session.scalar(query.limit(1)) is not None


def contact_of_person(session: Session, person_id: int) -> Contact | None:
    """The phone that a person of the network bound."""
    return session.scalar(select(Contact).where(Contact.person_id == person_id))
