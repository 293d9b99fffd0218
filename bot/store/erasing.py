"""What is erased later than it was asked for: emergencies, when they are over."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.models.cases import Case
from bot.models.conversation import Message


def due(session: Session, limit: int) -> list[int]:
    """Ids of cases that are over, whose words were to go and are still there."""
    query = (
        select(Case.id)
        .where(Case.erase_wanted_at.is_not(None), Case.erased_at.is_(None))
        .where(Case.closed_at.is_not(None))
    )
    return list(session.scalars(query.order_by(Case.id).limit(limit)))


def messages_of_case(session: Session, case_id: int) -> None:
    """Blank the words and media references of what became this case."""
    session.execute(
        update(Message)
        .where(Message.case_id == case_id)
        .values(text="", data={}, reply={})
        .execution_options(synchronize_session=False)
    )
