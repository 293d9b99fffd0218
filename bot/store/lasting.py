"""Cases that were solved four weeks ago: which may be asked about, and which were, in vain.

Both are found by small indexes that hold only such cases.
"""

from datetime import datetime

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from bot.models.cases import Case
from bot.models.conversation import Contact, Question

_MAY_LAST = (Case.state == "closed", Case.ending == "resolved", Case.lasting.is_(None))


def may_be_asked(
    session: Session, after: datetime, until: datetime, *, now: datetime, limit: int, template: bool
) -> list[int]:
    """Ids of solved cases that ended between these moments, the oldest first: of people in chat who
    did not say that it isn't solved and are asked nothing else. What was guarded or dangerous, or
    only asked for a person, is left alone. `template`: a way stands open besides the reply window.
    """
    busy = exists().where(Question.contact_id == Case.contact_id, Question.ended_at.is_(None))
    open_window = and_(Contact.allowance_left > 1, Contact.allowance_until > now)
    query = (
        select(Case.id)
        .join(Contact, Contact.id == Case.contact_id)
        .where(*_MAY_LAST, Case.closed_at > after, Case.closed_at <= until)
        .where(or_(Case.solved.is_(None), Case.solved != "no"), Case.erased_at.is_(None))
        .where(Case.handling == "normal", Case.urgency != "emergency", Case.intent != "human")
        .where(Contact.channel == "wechat", ~busy)
    )
    if not template:
        query = query.where(open_window)
    return list(session.scalars(query.order_by(Case.closed_at, Case.id).limit(limit)))


def asked_before(session: Session, moment: datetime, limit: int) -> list[int]:
    """Ids of cases that were asked about before this moment, without a word since."""
    query = select(Case.id).where(Case.lasting == "asked", Case.lasting_asked_at <= moment)
    return list(session.scalars(query.order_by(Case.lasting_asked_at).limit(limit)))


def first_ended_after(session: Session, moment: datetime) -> datetime | None:
    """When the first solved case after this moment ended."""
    query = select(func.min(Case.closed_at)).where(*_MAY_LAST, Case.closed_at > moment)
    return session.scalar(query)


def first_asked(session: Session) -> datetime | None:
    """When the question that waits longest for its answer was asked."""
    return session.scalar(select(func.min(Case.lasting_asked_at)).where(Case.lasting == "asked"))
