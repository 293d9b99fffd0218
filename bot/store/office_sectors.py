"""Orders of sectors that the office wanted, by category."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from bot.models.cases import Case
from bot.models.organisation import OfficeSectors, Unit
from bot.store.prepared import run, table

_S = table(OfficeSectors)
_ALL = select(_S.c.category, _S.c.sectors)


def orders(session: Session) -> dict[str, tuple[str, ...]]:
    """All of them."""
    return {category: tuple(sectors) for category, sectors in run(session, _ALL)}


def saved_at(session: Session) -> dict[str, datetime]:
    """Since when each is in force."""
    return {row.category: row.saved_at for row in session.scalars(select(OfficeSectors))}


def replace(session: Session, category: str, sectors: Sequence[str], now: datetime) -> None:
    """Keep an order; an empty one gives back the product's own."""
    session.execute(delete(OfficeSectors).where(OfficeSectors.category == category))
    if sectors:
        session.add(OfficeSectors(category=category, sectors=list(sectors), saved_at=now))
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
