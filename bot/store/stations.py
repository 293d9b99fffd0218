"""Stations as the console lists them: who is there, how much lies with them, and since when.

`today` is the day in Beijing; validity counts both its first and its last day.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, true
from sqlalchemy.orm import Session

from bot.domain.clocks import ClockKind
from bot.domain.permissions import Actor
from bot.domain.roles import HANDLERS, Role
from bot.domain.roster import STAFFING_ROLES
from bot.models.cases import Case
from bot.models.conversation import Contact
from bot.models.organisation import Person, Post, StationRow, Unit
from bot.models.timing import ClockRow
from bot.store.clocks import CASE
from bot.store.leaving import HELD
from bot.store.worklists import is_late

PAGE = 50
_OF_ALL = frozenset(
    {Role.INTAKE_STAFF, Role.RESTRICTED_STAFF, Role.DUTY, Role.LEADER, Role.ADMIN}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the stations is asked for; empty: all. `state`: open, suspended, ended, empty."""

    words: str = ""
    mode: str = ""
    district: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class StationLine:
    """A station in a list. `state` as in Wanted, or planned."""

    id: int
    code: str
    name: str
    mode: str
    district: str | None
    street: str | None
    sector: str | None
    state: str


@dataclass(frozen=True, slots=True)
class Load:
    """Cases that lie with a station, and how many of them are late."""

    open: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """How a station kept its times: accepted at all, and in time; answered; solved by the
    resident's own word, of so many who said anything."""

    accepted: int
    in_time: int
    answered: int
    solved: int
    said: int


@dataclass(frozen=True, slots=True)
class Seated:
    """A post of a station, past and to come included. `follows`: the bound phone follows us."""

    id: int
    person_id: int
    person: str
    person_code: str
    role: str
    valid_from: date | None
    valid_to: date | None
    bound: bool
    follows: bool


def shown_to(actor: Actor) -> ColumnElement[bool]:
    """The stations that an actor may look at: the office all, a district's convener those of the
    district, who works at a station that one."""
    if any(post.role in _OF_ALL for post in actor.posts):
        return true()
    own = [post.unit_id for post in actor.posts if post.role in HANDLERS | {Role.SECRETARY}]
    districts = [p.unit_id for p in actor.posts if p.role is Role.DISTRICT_CONVENER]
    names = select(Unit.name).where(Unit.id.in_(districts))
    return or_(StationRow.unit_id.in_(own), StationRow.district.in_(names))


def page(
    session: Session, shown: ColumnElement[bool], wanted: Wanted, today: date, after: str = ""
) -> list[StationLine]:
    """Stations by code, and one more than a page if there are more."""
    query = _lines(today).where(shown, *_matches(wanted, today)).order_by(Unit.code)
    if after:
        query = query.where(Unit.code > after)
    return [StationLine(*row) for row in session.execute(query.limit(PAGE + 1))]


def by_code(
    session: Session, shown: ColumnElement[bool], code: str, today: date
) -> StationLine | None:
    """The station, if it may be looked at."""
    row = session.execute(_lines(today).where(shown, Unit.code == code)).first()
    return None if row is None else StationLine(*row)


def districts(session: Session, shown: ColumnElement[bool]) -> list[str]:
    """Districts in which there are stations."""
    query = select(StationRow.district).where(shown, StationRow.district.is_not(None))
    return sorted(name for name in session.scalars(query.distinct()) if name)


def _lines(today: date) -> Any:
    state: ColumnElement[str] = case(
        (_over(today), "ended"),
        (StationRow.status != "active", "suspended"),
        (and_(Unit.valid_from.is_not(None), Unit.valid_from > today), "planned"),
        (~_staffed(today), "empty"),
        else_="open",
    )
    query: Any = select(
        Unit.id, Unit.code, Unit.name, StationRow.mode, StationRow.district, StationRow.street,
        StationRow.sector, state,
    ).join(StationRow, StationRow.unit_id == Unit.id)  # fmt: skip
    return query


def _matches(wanted: Wanted, today: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for word in wanted.words.split():
        columns = (Unit.code, Unit.name, StationRow.street, StationRow.sector, StationRow.address)
        found.append(or_(*(each.icontains(word, autoescape=True) for each in columns)))
    if wanted.mode:
        found.append(StationRow.mode == wanted.mode)
    if wanted.district:
        found.append(StationRow.district == wanted.district)
    if wanted.state:
        found.append(_in_state(wanted.state, today))
    return found


def _in_state(state: str, today: date) -> ColumnElement[bool]:
    if state == "ended":
        return _over(today)
    if state == "suspended":
        return and_(~_over(today), StationRow.status != "active")
    runs = and_(~_over(today), StationRow.status == "active")
    return and_(runs, ~_staffed(today)) if state == "empty" else and_(runs, _staffed(today))


def _over(today: date) -> ColumnElement[bool]:
    return and_(Unit.valid_to.is_not(None), Unit.valid_to < today)


def _staffed(today: date) -> ColumnElement[bool]:
    held = (
        or_(Post.valid_from.is_(None), Post.valid_from <= today),
        or_(Post.valid_to.is_(None), Post.valid_to >= today),
    )
    return exists().where(Post.unit_id == Unit.id, Post.role.in_(STAFFING_ROLES), *held)


def loads(
    session: Session, unit_ids: Collection[int], seen: ColumnElement[bool], now: datetime
) -> dict[int, Load]:
    """What lies with these stations, of what somebody may see (bot.store.worklists.seen_by)."""
    query = (
        select(Case.owner_unit_id, func.count(), func.sum(case((is_late(now), 1), else_=0)))
        .where(Case.owner_unit_id.in_(unit_ids), Case.state.in_(HELD), seen)
        .group_by(Case.owner_unit_id)
    )
    return {row[0]: Load(row[1], int(row[2] or 0)) for row in session.execute(query)}


def kept(session: Session, unit_id: int, seen: ColumnElement[bool], since: datetime) -> Kept:
    """How the station did since then, by the cases that it has or had last."""
    own = (Case.owner_unit_id == unit_id, seen)
    in_time = func.sum(case((ClockRow.ended_at <= ClockRow.due_at, 1), else_=0))
    accepts = (
        select(func.count(), in_time)
        .join(Case, and_(ClockRow.subject_kind == CASE, ClockRow.subject_id == Case.id))
        .where(ClockRow.kind == ClockKind.ACCEPT, ClockRow.end_reason == "accepted", *own)
        .where(ClockRow.started_at >= since)
    )
    answers = select(
        func.count(), func.sum(case((Case.solved == "yes", 1), else_=0)),
        func.sum(case((Case.solved.in_(("yes", "partly", "no")), 1), else_=0)),
    ).where(Case.answered_at >= since, *own)  # fmt: skip
    accepted, good = session.execute(accepts).one()
    answered, solved, said = session.execute(answers).one()
    return Kept(accepted, int(good or 0), answered, int(solved or 0), int(said or 0))


def seated(session: Session, unit_id: int) -> list[Seated]:
    """Every post that was, is or will be held there: open ones first, then the newest."""
    phone = exists().where(Contact.person_id == Person.id).correlate(Person)
    query = (
        select(
            Post.id, Person.id, Person.name, Person.code, Post.role, Post.valid_from,
            Post.valid_to, phone.label("bound"),
            phone.where(Contact.subscribed).label("follows"),
        )
        .join(Person, Person.id == Post.person_id)
        .where(Post.unit_id == unit_id)
        .order_by(Post.valid_to.is_not(None), Post.valid_to.desc(), Post.id)
    )  # fmt: skip
    return [Seated(*row) for row in session.execute(query)]


def people_called(session: Session, ref: str) -> list[tuple[str, str]]:
    """Codes and names of the people with this code or this name; the code wins."""
    query = select(Person.code, Person.name).where(or_(Person.code == ref, Person.name == ref))
    rows = [(row.code, row.name) for row in session.execute(query.order_by(Person.code))]
    return [row for row in rows if row[0] == ref] or rows


def holds(session: Session, person: str, unit: str, role: Role, today: date) -> bool:
    """Whether the person of this code has this post in this unit, by its code, now or later."""
    query = (
        select(Post.id)
        .join(Person, Person.id == Post.person_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Person.code == person, Unit.code == unit, Post.role == role)
        .where(or_(Post.valid_to.is_(None), Post.valid_to >= today))
    )
    return session.scalar(query.limit(1)) is not None
