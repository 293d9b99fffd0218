"""What has been kept long enough, by kind, and how it goes: always by ids, in batches."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, cast, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from bot.domain.cases import OVER
from bot.domain.media import MediaState
from bot.models.cases import Attachment, Case
from bot.models.console import AccessEntry, AccessSeal, ConsoleSession
from bot.models.conversation import Contact, DeliveryAttempt, Message, Outbox, Question, Receipt
from bot.models.item_codes import ItemCode
from bot.models.organisation import Invitation
from bot.models.timing import Alarm
from bot.store import search

FINISHED = ("sent", "merged", "called", "dead", "skipped")
"""States of notices on which nobody works any more; `unreachable` stands on the list of calls."""


@dataclass(frozen=True, slots=True)
class Kind:
    """`model`: whose rows; `old`: which of them, kept since before this moment; `go`: what is done
    with these ids."""

    model: Any
    old: Callable[[datetime], ColumnElement[bool]]
    go: Callable[[Session, Sequence[int]], None]


def _over(case_id: Any, before: datetime) -> ColumnElement[bool]:
    """There is no case, or it has been over since before then."""
    still = Case.closed_at.is_(None) | (Case.closed_at >= before)
    return or_(case_id.is_(None), ~exists().where(Case.id == case_id, still))


def _has(column: Any) -> ColumnElement[bool]:
    """A JSON column that is not empty: types of JSON can't be compared everywhere."""
    return cast(column, String) != "{}"


def _messages(before: datetime) -> ColumnElement[bool]:
    words = or_(Message.text != "", _has(Message.data), _has(Message.reply))
    return (Message.received_at < before) & _over(Message.case_id, before) & words


def _notices(before: datetime) -> ColumnElement[bool]:
    done = Outbox.state.in_(FINISHED) & _has(Outbox.params)
    return (Outbox.created_at < before) & _over(Outbox.case_id, before) & done


def _attempts(before: datetime) -> ColumnElement[bool]:
    notice = exists().where(
        Outbox.id == DeliveryAttempt.outbox_id, Outbox.state.in_(FINISHED),
        _over(Outbox.case_id, before),
    )  # fmt: skip
    return (DeliveryAttempt.at < before) & notice


def _questions(before: datetime) -> ColumnElement[bool]:
    return (Question.ended_at < before) & _over(Question.case_id, before)


def _item_codes(before: datetime) -> ColumnElement[bool]:
    return (ItemCode.released_at < before) & _over(ItemCode.case_id, before)


def _invitations(before: datetime) -> ColumnElement[bool]:
    over = or_(Invitation.used_at < before, Invitation.expires_at < before)
    return over & ~exists().where(Contact.invitation_id == Invitation.id)


def _case_words(before: datetime) -> ColumnElement[bool]:
    return Case.state.in_(OVER) & (Case.closed_at < before) & (Case.text != Case.masked)


def _attachments(before: datetime) -> ColumnElement[bool]:
    case = exists().where(Case.id == Attachment.case_id, Case.closed_at < before)
    return (Attachment.state != MediaState.ERASED) & case


def _run(session: Session, statement: Any) -> None:
    session.execute(statement.execution_options(synchronize_session=False))


def _delete(model: Any) -> Callable[[Session, Sequence[int]], None]:
    return lambda session, ids: _run(session, delete(model).where(model.id.in_(ids)))


def _sealed(before: datetime) -> ColumnElement[bool]:
    """The seals stay: the chain can still be followed."""
    last = select(func.max(AccessSeal.last)).where(AccessSeal.at < before)
    return AccessEntry.id <= last.scalar_subquery()


def _set(model: Any, **values: Any) -> Callable[[Session, Sequence[int]], None]:
    return lambda session, ids: _run(session, update(model).where(model.id.in_(ids)).values(values))


def _erase(session: Session, ids: Sequence[int]) -> None:
    """As when a resident takes them back: files go with the media job, what has none at once."""
    own = Attachment.id.in_(ids)
    gone = {
        "state": MediaState.ERASED, "next_try_at": None, "message_id": None, "media_id": "",
        "title": "", "url": "", "lat": None, "lon": None,
    }  # fmt: skip
    _run(session, update(Attachment).where(own, Attachment.sha256.is_not(None)).values(gone))
    _run(session, delete(Attachment).where(own, Attachment.sha256.is_(None)))


def _cover(session: Session, ids: Sequence[int]) -> None:
    """What stays is masked; nothing finds it by a phone any more."""
    _set(Case, text=Case.masked)(session, ids)
    search.forget_phones(session, ids)


KINDS: Mapping[str, Kind] = {
    "messages": Kind(Message, _messages, _set(Message, text="", data={}, reply={})),
    "notices": Kind(Outbox, _notices, _set(Outbox, params={})),
    "attempts": Kind(DeliveryAttempt, _attempts, _delete(DeliveryAttempt)),
    "receipts": Kind(Receipt, lambda before: Receipt.at < before, _delete(Receipt)),
    "alarms": Kind(Alarm, lambda before: Alarm.cleared_at < before, _delete(Alarm)),
    "questions": Kind(Question, _questions, _delete(Question)),
    "item_codes": Kind(ItemCode, _item_codes, _delete(ItemCode)),
    "invitations": Kind(Invitation, _invitations, _delete(Invitation)),
    "access_log": Kind(AccessEntry, _sealed, _delete(AccessEntry)),
    "console_sessions": Kind(
        ConsoleSession, lambda before: ConsoleSession.seen_at < before, _delete(ConsoleSession)
    ),
    "case_words": Kind(Case, _case_words, _cover),
    "attachments": Kind(Attachment, _attachments, _erase),
}
"""By the names of bot.domain.retention.RULES; loose files lie on the disk and have no rows."""


def count(session: Session, kind: str, before: datetime) -> int:
    """How many have been kept long enough."""
    found = KINDS[kind]
    query = select(func.count()).select_from(found.model).where(found.old(before))
    return session.execute(query).scalar_one()


def let_go(
    session: Session, kind: str, before: datetime, *, after: int, limit: int
) -> tuple[int, int]:
    """Carry the rule out on the next `limit` rows whose id is above `after`. Returns how many they
    were and the last id, so that no batch looks again at what the one before has passed."""
    found = KINDS[kind]
    query = select(found.model.id).where(found.old(before), found.model.id > after)
    ids = list(session.scalars(query.order_by(found.model.id).limit(limit)))
    if ids:
        found.go(session, ids)
    return len(ids), ids[-1] if ids else after


def used_hashes(session: Session, hashes: Sequence[str]) -> set[str]:
    """Those of these hashes that an attachment still has, erased ones counted."""
    query = select(Attachment.sha256).where(Attachment.sha256.in_(hashes)).distinct()
    return {found for found in session.scalars(query) if found is not None}
