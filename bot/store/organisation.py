"""Questions to the organisation: stations, posts, and the version of the roster.

`today` is the day in Beijing; validity counts both its first and its last day.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from bot.domain.roster import STAFFING_ROLES
from bot.domain.stations import Directory, Station
from bot.models.conversation import Contact
from bot.models.organisation import Person, Post, StationRow, Unit
from bot.store import counters
from bot.store.prepared import run, table
from bot.store.remembering import once

ROSTER_VERSION = "roster_version"

_U = table(Unit)
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
    return Directory(stations=stations, version=version)


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


def posts_of(session: Session, unit_id: int, role: str, today: date) -> list[PostView]:
    """Who holds this role in this unit today, in the order they were appointed."""
    return _posts(session, Post.unit_id == unit_id, Post.role == role, _valid(Post, today))


def posts_in_role(session: Session, role: str, today: date) -> list[PostView]:
    """Everybody who holds this role today, anywhere (duty, leader, intake_staff …)."""
    return _posts(session, Post.role == role, _valid(Post, today))


def posts_of_person(session: Session, person_id: int, today: date) -> list[PostView]:
    """Every post that a person holds today."""

    def ask() -> list[PostView]:
        return _posts(session, Post.person_id == person_id, _valid(Post, today))

    return list(once(session, ("posts", person_id, today), ask))


def district_conveners(session: Session, district: str, today: date) -> list[PostView]:
    """Who convenes the stations of a district today; `district` by its full name."""
    return _posts(
        session,
        Unit.kind == "district",
        Unit.name == district,
        Post.role == "district_convener",
        _valid(Post, today),
    )


def unit_name(session: Session, unit_id: int) -> str | None:
    """The name of a unit of any kind."""
    name: str | None = run(session, _NAME, wanted=unit_id).scalar()
    return name


def list_posts(
    session: Session, today: date, *, unit_id: int | None = None, role: str | None = None
) -> list[PostView]:
    """Posts valid today, of one unit or one role if given."""
    conditions = [_valid(Post, today)]
    if unit_id is not None:
        conditions.append(Post.unit_id == unit_id)
    if role is not None:
        conditions.append(Post.role == role)
    return _posts(session, *conditions)


def post_by_id(session: Session, post_id: int, today: date) -> PostView | None:
    """The post with this id if it is held today."""
    found = _posts(session, Post.id == post_id, _valid(Post, today))
    return found[0] if found else None


def posts_by_id(session: Session, post_ids: Collection[int]) -> list[PostView]:
    """These posts, also when they are over."""
    return _posts(session, Post.id.in_(post_ids)) if post_ids else []


def is_called(session: Session, name: str, today: date) -> bool:
    """Whether anybody of this name holds a post today."""
    query = select(Post.id).join(Person, Person.id == Post.person_id)
    return (
        session.scalar(query.where(Person.name == name, _valid(Post, today)).limit(1)) is not None
    )


def post_by_ref(session: Session, ref: str, today: date) -> PostView | None:
    """The post named `S001:first_convener`, `NAME:first_convener`, or by its number.

    Where several hold the role it is the one appointed first. None: there is no such post today.
    """
    unit, _, role = ref.strip().replace("：", ":").rpartition(":")
    if not unit:
        # Longer numbers than a column holds would be an error of the database, not a "no".
        if not (role.isascii() and role.isdigit() and len(role) <= 9):
            return None
        found = _posts(session, Post.id == int(role), _valid(Post, today))
    else:
        named = or_(Unit.code == unit, Unit.name == unit)
        found = _posts(session, named, Post.role == role, _valid(Post, today))
        found.sort(key=lambda post: post.unit_code != unit)
    return found[0] if found else None


def _posts(session: Session, *conditions: ColumnElement[bool]) -> list[PostView]:
    statement = (
        select(
            Post,
            Person,
            Unit,
            exists().where(Contact.person_id == Person.id),
            exists().where(Contact.person_id == Person.id, Contact.subscribed),
        )
        .join(Person, Person.id == Post.person_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(*conditions)
        .order_by(Post.id)
    )
    return [
        PostView(
            id=post.id,
            person_id=person.id,
            person=person.name,
            unit_id=unit.id,
            unit_code=unit.code,
            unit=unit.name,
            role=post.role,
            bound=bool(bound),
            person_code=person.code,
            follows=bool(follows),
        )
        for post, person, unit, bound, follows in session.execute(statement)
    ]


def _staffed(today: date) -> ColumnElement[bool]:
    return (
        exists()
        .where(Post.unit_id == Unit.id, Post.role.in_(STAFFING_ROLES), _valid(Post, today))
        .correlate(Unit)
    )


def _valid(row: type[Post] | type[Unit], today: date) -> ColumnElement[bool]:
    return and_(
        or_(row.valid_from.is_(None), row.valid_from <= today),
        or_(row.valid_to.is_(None), row.valid_to >= today),
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
