"""The short numbers by which a person names their open cases in chat."""

from datetime import datetime

from sqlalchemy import bindparam, exists, func, insert, select, update
from sqlalchemy.orm import Session

from bot.models.cases import Case
from bot.models.item_codes import ItemCode
from bot.models.organisation import Person
from bot.store.prepared import dialect_name, run, table

_I, _H = table(ItemCode), table(Person)
_PERSON = _H.c.id == bindparam("person")
_LOCK = select(_H.c.id).where(_PERSON).with_for_update(key_share=True)
_THIS = (_I.c.person_id == bindparam("person")) & (_I.c.case_id == bindparam("of_case"))
_LIVE = (_I.c.person_id == bindparam("person")) & _I.c.released_at.is_(None)
_KNOWN = select(_I.c.code, _I.c.released_at).where(_THIS)
_SHORT = select(_I.c.code).where(_LIVE, _I.c.code < 100)
_after = _I.alias()
_FOLLOWED = exists().where(
    _after.c.person_id == _I.c.person_id, _after.c.released_at.is_(None),
    _after.c.code == _I.c.code + 1,
)  # fmt: skip
_GAP = select(func.min(_I.c.code) + 1).where(_LIVE, _I.c.code >= 99, ~_FOLLOWED)
"""The first gap from 100 on, found by the database: reading all codes of a person with thousands of
open cases was the dearest step of a large import."""
_NEW = insert(_I)
_AGAIN = update(_I).where(_THIS).values(code=bindparam("free"), released_at=None)


def give(session: Session, person_id: int, case_id: int, now: datetime) -> int:
    """The number (10-99, then three digits) by which this person names this case in chat."""
    known = run(session, _KNOWN, person=person_id, of_case=case_id).first()
    if known is not None and known[1] is None:
        return int(known[0])
    if dialect_name(session) == "postgresql":
        # Two who look for a free code of one person at once would find the same one.
        run(session, _LOCK, person=person_id)
    code = _free(session, person_id, case_id)
    if known is None:
        new = {"person_id": person_id, "case_id": case_id, "code": code}
        run(session, _NEW, **new, given_at=now, released_at=None)
    else:
        run(session, _AGAIN, person=person_id, of_case=case_id, free=code)
    return code


def _free(session: Session, person_id: int, case_id: int) -> int:
    """A code that names no open case of this person."""
    taken = {code for (code,) in run(session, _SHORT, person=person_id)}
    # Start from the case's own number, so that a reused code rarely means another case soon.
    short = next((c for n in range(90) if (c := 10 + (case_id + n) % 90) not in taken), None)
    return short if short is not None else int(run(session, _GAP, person=person_id).scalar())


def case_named(session: Session, person_id: int, code: int) -> int | None:
    """The id of the case that this person's code names now."""
    query = select(ItemCode.case_id).where(
        ItemCode.person_id == person_id, ItemCode.code == code, ItemCode.released_at.is_(None)
    )
    return session.execute(query).scalar()


def live(session: Session, person_id: int) -> list[tuple[int, Case]]:
    """A person's open items: (code, case), oldest case first."""
    rows = session.execute(
        select(ItemCode.code, Case)
        .join(Case, Case.id == ItemCode.case_id)
        .where(ItemCode.person_id == person_id, ItemCode.released_at.is_(None))
        .order_by(Case.id)
    )
    return [(row.code, row.Case) for row in rows]


def release(session: Session, case_id: int, now: datetime) -> None:
    """Free the codes of a case that is over."""
    session.execute(
        update(ItemCode)
        .where(ItemCode.case_id == case_id, ItemCode.released_at.is_(None))
        .values(released_at=now)
        .execution_options(synchronize_session=False)
    )
