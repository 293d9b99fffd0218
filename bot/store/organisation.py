"""Questions to the organisation: stations, posts, and the version of the roster.

`today` is the day in Beijing; validity counts both its first and its last day.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Table, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from bot.domain.roster import STAFFING_ROLES
from bot.domain.stations import Directory, Station
from bot.models.conversation import Contact
from bot.models.organisation import Person, Post, StationRow, Unit
from bot.store import counters, pairings, routing_rules
from bot.store.prepared import run, table
from bot.store.remembering import once

ROSTER_VERSION = "roster_version"

_U, _P, _H, _C = table(Unit), table(Post), table(Person), table(Contact)
_NAME = select(_U.c.name).where(_U.c.id == bindparam("wanted"))


@dataclass(frozen=True, slots=True)
class StandsIn:
    """The absent person whose post a stand-in carries, and the stand-in's own post."""

    person_id: int
    person: str
    own_post_id: int


@dataclass(frozen=True, slots=True)
class PostView:
    """A post with the names that people know it by. `bound`: the person's phone is known."""

    id: int
    person_id: int
    person: str
    unit_id: int
    unit_code: str
    unit: str
    role: str
    bound: bool
    person_code: str
    """As in the roster's sheets."""
    follows: bool = True
    """The phone follows the account; it may be bound and have left."""
    stands_in: StandsIn | None = None
    """The person is a stand-in, who carries the post for its holder (bot.services.standing_in)."""
    away: bool = False
    """The holder is on leave, and nobody can stand in."""

    @property
    def ref(self) -> str:
        """What commands call it: `S001:first_convener`."""
        return f"{self.unit_code}:{self.role}"

    @property
    def ref_id(self) -> str:
        """The post's own number, for roles that several people hold in one unit."""
        return str(self.id)


@dataclass(frozen=True, slots=True)
class StationSign:
    """A station as whoever stands before it needs to know it; what isn't known is empty."""

    code: str
    name: str
    address: str
    hours: str
    phone: str


def _valid(row: Table, today: date | BindParameter[date]) -> ColumnElement[bool]:
    return and_(
        or_(row.c.valid_from.is_(None), row.c.valid_from <= today),
        or_(row.c.valid_to.is_(None), row.c.valid_to >= today),
    )


_PHONES = exists().where(_C.c.person_id == _H.c.id).correlate(_H)
_POSTS = (
    select(
        _P.c.id, _H.c.id, _H.c.name, _U.c.id, _U.c.code, _U.c.name, _P.c.role,
        _PHONES.label("bound"),
        _H.c.code, _PHONES.where(_C.c.subscribed).label("follows"),
    )
    .join_from(_P, _H, _H.c.id == _P.c.person_id)
    .join(_U, _U.c.id == _P.c.unit_id)
    .order_by(_P.c.id)
)  # fmt: skip
"""In the order of PostView's fields."""
_TODAY = _POSTS.where(_valid(_P, bindparam("today")))
_IN_ROLE = _TODAY.where(_P.c.role == bindparam("role"))
_OF_UNIT = _IN_ROLE.where(_P.c.unit_id == bindparam("unit_id"))
_OF_DISTRICT = _IN_ROLE.where(_U.c.kind == "district", _U.c.name == bindparam("district"))
_OF_PERSON = _TODAY.where(_P.c.person_id == bindparam("person_id"))
_BY_ID = _TODAY.where(_P.c.id == bindparam("post_id"))


def roster_version(session: Session) -> int:
    """Grows by one with every change of the roster; 0 before the first."""
    return counters.current_value(session, ROSTER_VERSION)


def bump_roster_version(session: Session) -> int:
    """Say that the roster changed; returns the new version. Needs a write unit."""
    return counters.next_value(session, ROSTER_VERSION)


def directory(session: Session, today: date) -> Directory:
    """All stations by code, as routing wants them. `active` is status and dates together."""
    version = roster_version(session)  # read first: a change in between must look newer than this
    statement = (
        select(Unit, StationRow, _staffed(today))
        .join(StationRow, StationRow.unit_id == Unit.id)
        .order_by(Unit.code)
    )
    stations = tuple(
        _station(unit, row, bool(staffed), today)
        for unit, row, staffed in session.execute(statement)
    )
    rules = routing_rules.in_force(session, today)
    paired = pairings.of_stations(session, today)
    return Directory(stations=stations, version=version, rules=rules, pairings=paired)


def station_by_code_or_name(session: Session, ref: str) -> Unit | None:
    """The station with this code or this full name (codes win), or None."""
    statement = (
        select(Unit)
        .join(StationRow, StationRow.unit_id == Unit.id)
        .where(or_(Unit.code == ref, Unit.name == ref))
    )
    found = session.scalars(statement).all()
    return min(found, key=lambda unit: (unit.code != ref, unit.code), default=None)


def station_signs(session: Session, unit_ids: Collection[int]) -> list[StationSign]:
    """What hangs at the door of these stations, by code."""
    rows = session.execute(
        select(Unit.code, Unit.name, StationRow.address, StationRow.hours, StationRow.phone)
        .join(StationRow, StationRow.unit_id == Unit.id)
        .where(Unit.id.in_(unit_ids))
        .order_by(Unit.code)
    )
    return [StationSign(*row) for row in rows]


def unit_by_code_or_name(session: Session, ref: str) -> Unit | None:
    """The unit of any kind with this code or this full name (codes and stations win), or None."""
    found = session.scalars(select(Unit).where(or_(Unit.code == ref, Unit.name == ref))).all()
    rank = {unit.id: (unit.code != ref, unit.kind != "station", unit.code) for unit in found}
    return min(found, key=lambda unit: rank[unit.id], default=None)


def units_of_kinds(session: Session, kinds: Collection[str], today: date) -> list[Unit]:
    """Units of these kinds that are there today; those of an office first, then by code."""
    query = select(Unit).where(Unit.kind.in_(kinds), _valid(_U, today))
    return list(session.scalars(query.order_by(Unit.kind != "office", Unit.code)))


def posts_of(session: Session, unit_id: int, role: str, today: date) -> list[PostView]:
    """Who holds this role in this unit today, in the order they were appointed."""
    return _views(run(session, _OF_UNIT, unit_id=unit_id, role=role, today=today))


def posts_in_role(session: Session, role: str, today: date) -> list[PostView]:
    """Everybody who holds this role today, anywhere (duty, leader, intake_staff …)."""
    return _views(run(session, _IN_ROLE, role=role, today=today))


def posts_of_person(session: Session, person_id: int, today: date) -> list[PostView]:
    """Every post that a person holds today."""

    def ask() -> list[PostView]:
        return _views(run(session, _OF_PERSON, person_id=person_id, today=today))

    return list(once(session, ("posts", person_id, today), ask))


def district_conveners(session: Session, district: str, today: date) -> list[PostView]:
    """Who convenes the stations of a district today; `district` by its full name."""
    role = "district_convener"
    return _views(run(session, _OF_DISTRICT, district=district, role=role, today=today))


def unit_name(session: Session, unit_id: int) -> str | None:
    """The name of a unit of any kind."""
    name: str | None = run(session, _NAME, wanted=unit_id).scalar()
    return name


def list_posts(
    session: Session, today: date, *, unit_id: int | None = None, role: str | None = None
) -> list[PostView]:
    """Posts valid today, of one unit or one role if given."""
    conditions = [_valid(_P, today)]
    if unit_id is not None:
        conditions.append(Post.unit_id == unit_id)
    if role is not None:
        conditions.append(Post.role == role)
    return _posts(session, *conditions)


def post_by_id(session: Session, post_id: int, today: date) -> PostView | None:
    """The post with this id if it is held today."""
    found = _views(run(session, _BY_ID, post_id=post_id, today=today))
    return found[0] if found else None


def posts_by_id(session: Session, post_ids: Collection[int]) -> list[PostView]:
    """These posts, also when they are over."""
    return _posts(session, Post.id.in_(post_ids)) if post_ids else []


def is_called(session: Session, name: str, today: date) -> bool:
    """Whether anybody of this name holds a post today."""
    query = select(Post.id).join(Person, Person.id == Post.person_id)
    return session.scalar(query.where(Person.name == name, _valid(_P, today)).limit(1)) is not None


def post_by_ref(session: Session, ref: str, today: date) -> PostView | None:
    """The post named `S001:first_convener`, `NAME:first_convener`, or by its number.

    Where several hold the role it is the one appointed first. None: there is no such post today.
    """
    unit, _, role = ref.strip().replace("：", ":").rpartition(":")
    if not unit:
        # Longer numbers than a column holds would be an error of the database, not a "no".
        if not (role.isascii() and role.isdigit() and len(role) <= 9):
            return None
        found = _posts(session, Post.id == int(role), _valid(_P, today))
    else:
        named = or_(Unit.code == unit, Unit.name == unit)
        found = _posts(session, named, Post.role == role, _valid(_P, today))
        found.sort(key=lambda post: post.unit_code != unit)
    return found[0] if found else None


def _posts(session: Session, *conditions: ColumnElement[bool]) -> list[PostView]:
    return _views(session.execute(_POSTS.where(*conditions)))


def _views(rows: Iterable[Iterable[Any]]) -> list[PostView]:
    return [PostView(*row) for row in rows]


def _staffed(today: date) -> ColumnElement[bool]:
    return (
        exists()
        .where(Post.unit_id == Unit.id, Post.role.in_(STAFFING_ROLES), _valid(_P, today))
        .correlate(Unit)
    )


def _station(unit: Unit, row: StationRow, staffed: bool, today: date) -> Station:
    begun = unit.valid_from is None or unit.valid_from <= today
    ended = unit.valid_to is not None and unit.valid_to < today
    return Station(
        id=unit.id,
        code=unit.code,
        name=unit.name,
        mode=row.mode,  # type: ignore[arg-type]  # the import checks it against MODES
        district=row.district,
        unit=row.street,
        sector=row.sector,
        topics=tuple(row.topics),
        active=row.status == "active" and begun and not ended,
        staffed=staffed,
    )
