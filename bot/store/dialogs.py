"""What a dialog needs to know of earlier cases and questions of one contact."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.moves import OpenQuestion
from bot.models.cases import Case
from bot.models.conversation import Question

FRESH = timedelta(hours=1)


def emergency_at_desk(session: Session, contact_id: int, now: datetime) -> int | None:
    """The contact's newest emergency of the last hour that nobody settled yet."""
    query = select(Case.id).where(
        Case.contact_id == contact_id,
        Case.state == "new",
        Case.queue == "emergency",
        Case.created_at > now - FRESH,
    )
    return session.scalar(query.order_by(Case.id.desc()).limit(1))


def question(session: Session, contact_id: int, question_id: int) -> OpenQuestion | None:
    """A question that this contact was asked, open or not."""
    row = session.execute(
        select(Question.id, Question.kind, Question.case_id).where(
            Question.id == question_id, Question.contact_id == contact_id
        )
    ).one_or_none()
    return OpenQuestion(row.id, row.kind, row.case_id) if row else None
