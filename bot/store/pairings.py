"""联建共建: who stands by which station."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.domain.roles import Role
from bot.models.organisation import Pairing, Person, Post, StationRow, Unit

Day = InstrumentedAttribute[date | None]


@dataclass(frozen=True, slots=True)
class Paired:
    """A body that stands by a station. `contacts`: who answers for it today."""

    code: str
    name: str
    kind: str
    """A kind of unit; `station` for another station."""
    valid_from: date | None
    valid_to: date | None
    contacts: tuple[str, ...]


def of_stations(session: Session, today: date) -> dict[int, tuple[int, ...]]:
    """The stations that stand by a station today, by ids; in the order of their codes."""
    query = (
        select(Pairing.station_id, Pairing.partner_id)
        .join(StationRow, StationRow.unit_id == Pairing.partner_id)
        .join(Unit, Unit.id == StationRow.unit_id)
        .where(_on(Pairing.valid_from, Pairing.valid_to, today))
        .order_by(Unit.code)
    )
    found: dict[int, tuple[int, ...]] = {}
    for station, partner in session.execute(query):
        found[station] = (*found.get(station, ()), partner)
    return found


def of_station(session: Session, unit_id: int, today: date) -> list[Paired]:
    """Who stands by this station, today or later."""
    query = (
        select(Unit.id, Unit.code, Unit.name, Unit.kind, Pairing.valid_from, Pairing.valid_to)
        .join(Pairing, Pairing.partner_id == Unit.id)
        .where(Pairing.station_id == unit_id, _not_over(Pairing.valid_to, today))
        .order_by(Unit.code)
    )
    rows = session.execute(query).all()
    contacts = _contacts(session, [row.id for row in rows], today)
    return [Paired(*row[1:], contacts=tuple(contacts[row.id])) for row in rows]


def _contacts(session: Session, unit_ids: list[int], today: date) -> dict[int, list[str]]:
    query = (
        select(Post.unit_id, Person.name)
        .join(Person, Person.id == Post.person_id)
        .where(Post.unit_id.in_(unit_ids), Post.role == Role.PARTNER_CONTACT)
        .where(_on(Post.valid_from, Post.valid_to, today))
        .order_by(Post.id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for unit_id, name in session.execute(query) if unit_ids else ():
        found[unit_id].append(name)
    return found


def _on(first: Day, last: Day, today: date) -> ColumnElement[bool]:
    return and_(or_(first.is_(None), first <= today), _not_over(last, today))


def _not_over(last: Day, today: date) -> ColumnElement[bool]:
    return or_(last.is_(None), last >= today)
