"""Cases that are questions, and what the list of common questions had for them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.orm import Session

from bot.models.answers import Inquiry
from bot.models.cases import Case
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


def unanswered(
    session: Session, since: datetime, seen: ColumnElement[bool], limit: int
) -> Sequence[Case]:
    """The newest questions since then for which the list had nothing, of what somebody may see."""
    query = (
        select(Case)
        .join(Inquiry, Inquiry.case_id == Case.id)
        .where(Inquiry.question_id.is_(None), Inquiry.at >= since, Case.text != "", seen)
        .order_by(Inquiry.at.desc(), Case.id.desc())
    )
    return session.scalars(query.limit(limit)).all()


def told(session: Session) -> dict[int, tuple[int, int]]:
    """Entry's id → how many were answered with it, and how many of them said that it was enough.
    What only named people see is in no number."""
    query = (
        select(
            Inquiry.question_id,
            func.count(),
            func.count().filter(Inquiry.said == "yes"),
        )
        .join(Case, Case.id == Inquiry.case_id)
        .where(Inquiry.question_id.is_not(None), Case.handling == "normal")
        .group_by(Inquiry.question_id)
    )
    found = session.execute(query)
    return {number: (told, solved) for number, told, solved in found if number is not None}
