"""Cases that are questions, and what the list of common questions had for them."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from bot.models.answers import Inquiry
from bot.store.prepared import run, table

_ADD = insert(table(Inquiry))


def add(
    session: Session, case_id: int, now: datetime, *, question_id: int | None = None,
    version: int | None = None, answer: str = "",
) -> None:  # fmt: skip
    """A case that is a question; with the entry that went out, if there was one."""
    run(
        session, _ADD, case_id=case_id, question_id=question_id, version=version, answer=answer,
        at=now, said=None, ended_at=None,
    )  # fmt: skip


def get(session: Session, case_id: int) -> Inquiry | None:
    """What is known of a case that is a question."""
    return session.get(Inquiry, case_id)


def end(session: Session, case_id: int, said: str, now: datetime) -> None:
    """What came of the answer."""
    session.execute(
        update(Inquiry).where(Inquiry.case_id == case_id, Inquiry.said.is_(None))
        .values(said=said, ended_at=now).execution_options(synchronize_session="fetch")
    )  # fmt: skip


def told(session: Session, question_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Entry's id → how many were answered with it, and how many of them said that it was enough."""
    query = (
        select(
            Inquiry.question_id,
            func.count(),
            func.count().filter(Inquiry.said == "yes"),
        )
        .where(Inquiry.question_id.in_(question_ids))
        .group_by(Inquiry.question_id)
    )
    found = session.execute(query)
    return {number: (told, solved) for number, told, solved in found if number is not None}
