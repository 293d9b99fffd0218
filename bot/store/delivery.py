"""What delivering leaves behind: allowances spent, attempts, receipts, consents."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, func, insert, or_, select, update
from sqlalchemy import case as either
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.domain.allowances import MESSAGE
from bot.domain.cases import OPEN
from bot.models.cases import Case
from bot.models.conversation import Consent, Contact, DeliveryAttempt, Outbox, Receipt
from bot.store.prepared import run, table

_ATTEMPT = insert(table(DeliveryAttempt))
_C = table(Contact)
_SPEND = (
    update(_C)
    .where(_C.c.id == bindparam("whom"), _C.c.allowance_left > bindparam("keep"))
    .values(allowance_left=_C.c.allowance_left - 1)
    .returning(_C.c.id)
)


def lock_contacts(session: Session, people: Iterable[int], contacts: Iterable[int]) -> None:
    """Take these contacts' locks in one order, before those of any outbox row: whoever writes to
    us holds their contact while they change notices, and nobody must wait in a circle. SQLite
    has one writer anyway."""
    if session.get_bind().dialect.name == "sqlite":
        return
    theirs = or_(Contact.id.in_([*contacts]), Contact.person_id.in_([*people]))
    session.execute(
        select(Contact.id).where(theirs).order_by(Contact.id).with_for_update(key_share=True)
    )


def spend(session: Session, contact_id: int, keep: int) -> bool:
    """Take one message of the allowance if more than `keep` are left; False when not. Taken
    before it is sent: two senders must not both count on the last one."""
    return run(session, _SPEND, whom=contact_id, keep=keep).first() is not None


def give_back(session: Session, contact_id: int) -> None:
    """The message was not taken: what was spent for it is there again."""
    more = Contact.allowance_left + 1
    session.execute(
        update(Contact)
        .where(Contact.id == contact_id)
        .values(allowance_left=either((more > MESSAGE.count, MESSAGE.count), else_=more))
        .execution_options(synchronize_session=False)
    )


def use_up(session: Session, contact_id: int) -> None:
    """The platform's count is right and ours was not: nothing is left."""
    session.execute(
        update(Contact)
        .where(Contact.id == contact_id)
        .values(allowance_left=0)
        .execution_options(synchronize_session=False)
    )


def attempt(
    session: Session, row_id: int, at: datetime, *, hop: str, outcome: str,
    code: int | None = None, reason: str = "",
) -> None:  # fmt: skip
    """Keep what became of a notice on one hop."""
    run(
        session, _ATTEMPT, outbox_id=row_id, at=at, hop=hop, outcome=outcome, code=code,
        reason=reason[:300],
    )  # fmt: skip


def attempts(session: Session, row_ids: Iterable[int]) -> Sequence[DeliveryAttempt]:
    """All attempts on these notices, oldest first."""
    query = select(DeliveryAttempt).where(DeliveryAttempt.outbox_id.in_(list(row_ids)))
    return session.scalars(query.order_by(DeliveryAttempt.id)).all()


def people_refused(session: Session, code: int | None, since: datetime) -> int:
    """How many people's notices were refused with this code since then."""
    whom = func.coalesce(Outbox.person_id, -Outbox.contact_id)
    query = (
        select(func.count(whom.distinct()))
        .select_from(DeliveryAttempt)
        .join(Outbox, Outbox.id == DeliveryAttempt.outbox_id)
        .where(DeliveryAttempt.code == code, DeliveryAttempt.at > since)
    )
    return session.scalar(query) or 0


def lost_hops(session: Session, row_id: int) -> frozenset[str]:
    """Hops that took this notice and did not bring it to the phone."""
    query = select(DeliveryAttempt.hop).where(
        DeliveryAttempt.outbox_id == row_id, DeliveryAttempt.outcome == "failed"
    )
    return frozenset(session.scalars(query))


def notices_of(session: Session, case_id: int) -> Sequence[Outbox]:
    """All notices about a case, oldest first."""
    return session.scalars(
        select(Outbox).where(Outbox.case_id == case_id).order_by(Outbox.id)
    ).all()


def keep_receipt(
    session: Session, contact_id: int, message_id: str, at: datetime, *,
    status: str, template_id: str = "",
) -> Receipt | None:  # fmt: skip
    """Keep the platform's word; None when it was kept before."""
    dialect = session.get_bind().dialect.name
    make = postgresql.insert if dialect == "postgresql" else sqlite.insert
    added = session.execute(
        make(Receipt)
        .values(
            contact_id=contact_id, message_id=message_id[:64], template_id=template_id[:64],
            status=status[:100], at=at,
        )
        .on_conflict_do_nothing()
        .returning(Receipt.id)
    ).scalar()  # fmt: skip
    return session.get_one(Receipt, added) if added is not None else None


def receipt_waiting(
    session: Session, contact_id: int, message_id: str, template_id: str, *, since: datetime
) -> Receipt | None:
    """A receipt that came before the message was settled; by its template if it has no id."""
    query = select(Receipt).where(
        Receipt.contact_id == contact_id, Receipt.outbox_id.is_(None), Receipt.at > since
    )
    by = Receipt.message_id == message_id if message_id else Receipt.template_id == template_id
    return session.scalars(query.where(by).order_by(Receipt.id)).first()


def awaiting(
    session: Session, contact_id: int, *, message_id: str = "", kinds: Sequence[str] = ()
) -> Outbox | None:
    """The notice that a receipt is about: by its message id, else the oldest of these kinds that
    this contact was sent as a subscription notice without an id."""
    query = select(Outbox).where(Outbox.confirm_by.is_not(None), Outbox.state == "sent")
    if message_id:
        return session.scalars(query.where(Outbox.message_id == message_id)).first()
    person = select(Contact.person_id).where(Contact.id == contact_id).scalar_subquery()
    theirs = or_(Outbox.contact_id == contact_id, Outbox.person_id == person)
    query = query.where(
        theirs, Outbox.message_id == "", Outbox.hop == "subscribe", Outbox.kind.in_(kinds)
    )
    return session.scalars(query.order_by(Outbox.sent_at, Outbox.id)).first()


def unconfirmed(session: Session, now: datetime, limit: int) -> Sequence[Outbox]:
    """Notices whose receipt is overdue."""
    query = select(Outbox).where(Outbox.confirm_by.is_not(None), Outbox.confirm_by <= now)
    return session.scalars(query.order_by(Outbox.confirm_by).limit(limit)).all()


def merged_into(session: Session, row_id: int) -> Sequence[Outbox]:
    """Notices whose words went out with this one."""
    return session.scalars(select(Outbox).where(Outbox.merged_into == row_id)).all()


def consent(session: Session, contact_id: int, template_id: str) -> bool | None:
    """Whether the contact takes notices of this template; None when we never heard."""
    found = consent_row(session, contact_id, template_id)
    return found.granted if found else None


def consent_row(session: Session, contact_id: int, template_id: str) -> Consent | None:
    """What the contact said last of this template, and when."""
    return session.get(Consent, (contact_id, template_id))


def count_subscribed(
    session: Session, contact: Contact, kinds: Sequence[str], *, since: datetime
) -> int:
    """How many notices of these kinds went to this contact as subscription notices since then."""
    theirs = Outbox.contact_id == contact.id
    if contact.person_id is not None:
        theirs = or_(theirs, Outbox.person_id == contact.person_id)
    query = select(func.count(Outbox.id)).where(
        theirs, Outbox.hop == "subscribe", Outbox.kind.in_(kinds), Outbox.sent_at > since
    )
    return session.scalar(query) or 0


def set_consent(
    session: Session, contact_id: int, template_id: str, granted: bool, *, at: datetime
) -> None:
    """The person's latest word on this template, or the platform's (43101)."""
    session.merge(
        Consent(contact_id=contact_id, template_id=template_id[:64], granted=granted, at=at)
    )


def open_with_contacts(
    session: Session, now: datetime, *, followers_too: bool, limit: int = 200
) -> Sequence[tuple[Case, Contact]]:
    """Open cases whose sender left us, or (`followers_too`) can't be written to freely now."""
    closed: ColumnElement[bool] = Contact.subscribed.is_(False)
    if followers_too:
        over = or_(Contact.allowance_until.is_(None), Contact.allowance_until <= now)
        closed = or_(closed, over, Contact.allowance_left <= 0)
    query = (
        select(Case, Contact)
        .join(Contact, Case.contact_id == Contact.id)
        .where(Contact.channel == "wechat", Case.state.in_([*OPEN]), closed)
        .order_by(Case.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in session.execute(query)]
