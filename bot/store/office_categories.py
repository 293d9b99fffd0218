"""What the office wrote over the categories of the product."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from bot.domain.understanding import Rewritten
from bot.models.cases import Case
from bot.models.organisation import OfficeCategory, Unit
from bot.store.prepared import run, table

_C = table(OfficeCategory)
_ALL = select(_C.c.category, _C.c.sectors, _C.c.name, _C.c.days)


def written(session: Session) -> dict[str, Rewritten]:
    """What the office wrote over categories, by their codes."""
    rows = run(session, _ALL)
    return {code: Rewritten(tuple(sectors), name, days) for code, sectors, name, days in rows}


def saved_at(session: Session) -> dict[str, datetime]:
    """Since when each is in force."""
    return {row.category: row.saved_at for row in session.scalars(select(OfficeCategory))}


def replace(session: Session, category: str, given: Rewritten, now: datetime) -> None:
    """Keep it; one that says nothing gives back the product's own."""
    session.execute(delete(OfficeCategory).where(OfficeCategory.category == category))
    if given != Rewritten():
        session.add(
            OfficeCategory(
                category=category, sectors=list(given.sectors), name=given.name, days=given.days,
                saved_at=now,
            )
        )  # fmt: skip
    session.flush()


def known(session: Session) -> list[str]:
    """Names of all sectors and parties."""
    query = select(Unit.name).where(Unit.kind.in_(("sector", "party"))).order_by(Unit.code)
    return list(dict.fromkeys(session.scalars(query)))


def of_category(
    session: Session, category: str, since: datetime, seen: ColumnElement[bool], limit: int
) -> Sequence[Case]:
    """The newest cases of a category that are not older, of what somebody may see. By their
    numbers, which begin with the day, an index finds them."""
    query = select(Case).where(
        Case.number >= f"{since:%y%m%d}", Case.category == category, Case.text != "", seen
    )  # fmt: skip
    return session.scalars(query.order_by(Case.number.desc()).limit(limit)).all()
