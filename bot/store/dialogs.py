"""What a dialog needs to know of one contact: what is open, and what was asked before."""

from sqlalchemy import Integer, bindparam, literal, select, true
from sqlalchemy.orm import Session

from bot.domain.dialog import OwnCase
from bot.domain.moves import OpenQuestion
from bot.models.cases import Case
from bot.models.conversation import Question
from bot.store.cases import newest_first, own_open_query
from bot.store.prepared import run, table

_Q, _C = table(Question), table(Case)
_ASKED = (
    select(_Q.c.id, _Q.c.kind, _Q.c.case_id, _C.c.category.label("asked_category"), _Q.c.asked_at)
    .outerjoin_from(_Q, _C, _C.c.id == _Q.c.case_id)
    .where(_Q.c.contact_id == bindparam("contact"), _Q.c.ended_at.is_(None))
    .subquery("asked")
)
_OWN = own_open_query().subquery("own")
_ALWAYS = select(literal(1, Integer).label("one")).subquery("always")
_OPEN = select(*_ASKED.c, *_OWN.c).select_from(
    _ALWAYS.outerjoin(_ASKED, true()).outerjoin(_OWN, true())
)
"""Both at once: a row for each open case, and one row at least."""


def open_of(session: Session, contact_id: int) -> tuple[OpenQuestion | None, tuple[OwnCase, ...]]:
    """The question this contact has not answered yet, and their open cases, newest first."""
    rows = run(session, _OPEN, contact=contact_id)
    asked = len(_ASKED.c)
    question = OpenQuestion(*rows[0][:asked]) if rows[0][0] is not None else None
    return question, newest_first(row[asked:] for row in rows if row[asked] is not None)


def question(session: Session, contact_id: int, question_id: int) -> OpenQuestion | None:
    """A question that this contact was asked, open or not."""
    row = session.execute(
        select(Question.id, Question.kind, Question.case_id).where(
            Question.id == question_id, Question.contact_id == contact_id
        )
    ).one_or_none()
    return OpenQuestion(row.id, row.kind, row.case_id) if row else None
