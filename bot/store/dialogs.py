"""What a dialog needs to know of earlier questions of one contact."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.moves import OpenQuestion
from bot.models.conversation import Question


def question(session: Session, contact_id: int, question_id: int) -> OpenQuestion | None:
    """A question that this contact was asked, open or not."""
    row = session.execute(
        select(Question.id, Question.kind, Question.case_id).where(
            Question.id == question_id, Question.contact_id == contact_id
        )
    ).one_or_none()
    return OpenQuestion(row.id, row.kind, row.case_id) if row else None
