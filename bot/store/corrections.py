"""What the office put right, found by index."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.models.cases import Case, Event

AT_A_TIME = 500


def corrections(session: Session, since: datetime | None) -> Iterator[tuple[Event, Case]]:
    """Each correction with its case, oldest first; none of which the words were erased."""
    query = (
        select(Event, Case)
        .join(Case, Case.id == Event.case_id)
        .where(Event.kind == "corrected", Case.erased_at.is_(None))
        .order_by(Event.id)
    )
    if since is not None:
        query = query.where(Event.at >= since)
    for row in session.execute(query.execution_options(yield_per=AT_A_TIME)):
        yield row[0], row[1]
