"""The roster in and out of the database, codes turned into ids, in a few statements."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session, aliased

from bot.domain.roster import DayEntry, PersonEntry, PostEntry, Roster, StationEntry, UnitEntry
from bot.models.organisation import OfficeDay, Person, Post, StationRow, Unit
from bot.store.organisation import bump_roster_version

STATION = "station"
"""Kind of the units that have a station row."""

Row = dict[str, Any]
Entry = TypeVar("Entry", UnitEntry, StationEntry, PersonEntry)


@dataclass(frozen=True, slots=True)
class Changes:
    """What saving did to the rows it was given."""

    new: int = 0
    changed: int = 0
    same: int = 0


@dataclass(frozen=True, slots=True)
class Saved:
    """Changes by kind of row."""

    units: Changes
    stations: Changes
    people: Changes
    posts: Changes
    days: Changes

    @property
    def touched(self) -> bool:
        """Whether anything is different now."""
        kinds = (self.units, self.stations, self.people, self.posts, self.days)
        return any(changes.new or changes.changed for changes in kinds)


def load(session: Session) -> Roster:
    """The whole roster, each kind in the order of its codes."""
    above = aliased(Unit)
    plain = (
        select(Unit, above.code)
        .outerjoin(above, above.id == Unit.parent_id)
        .where(Unit.kind != STATION)
    )
    return Roster(
        units=_by_code(_unit(unit, up) for unit, up in session.execute(plain)),
        stations=load_stations(session),
        people=_by_code(_load_people(session)),
        posts=tuple(sorted(_load_posts(session), key=post_key)),
        days=load_days(session),
    )


def load_stations(
    session: Session, codes: Collection[str] | None = None
) -> tuple[StationEntry, ...]:
    """All stations, or those with these codes, in the order of codes."""
    above = aliased(Unit)
    query = (
        select(Unit, StationRow, above.code)
        .join(StationRow, StationRow.unit_id == Unit.id)
        .outerjoin(above, above.id == Unit.parent_id)
    )
    if codes is not None:
        query = query.where(Unit.code.in_(codes))
    return _by_code(_station(unit, row, up) for unit, row, up in session.execute(query))


def save(session: Session, roster: Roster) -> Saved:
    """Insert what is new and update what changed, by code; rows not given stay as they are.

    Needs a write unit, and codes that were checked: one that leads nowhere raises KeyError.
    """
    before = load(session)
    saved = Saved(
        units=_save_units(session, roster.units, before.units),
        stations=_save_stations(session, roster.stations, before.stations),
        people=_save_people(session, roster.people, before.people),
        posts=_save_posts(session, roster.posts, before.posts),
        days=_save_days(session, roster.days, before.days),
    )
    session.expire_all()  # objects loaded before would show yesterday's roster
    if saved.touched:
        bump_roster_version(session)
    return saved


def post_key(post: PostEntry) -> tuple[str, str, str]:
    """What makes a post the same one (a constraint of the table, too)."""
    return (post.unit, post.role, post.person)


def _by_code(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda entry: entry.code))


def _unit(unit: Unit, parent: str | None) -> UnitEntry:
    return UnitEntry(unit.code, unit.kind, unit.name, parent, unit.valid_from, unit.valid_to)


def _station(unit: Unit, row: StationRow, parent: str | None) -> StationEntry:
    return StationEntry(
        code=unit.code,
        name=unit.name,
        mode=row.mode,
        parent=parent,
        district=row.district,
        street=row.street,
        sector=row.sector,
        topics=tuple(row.topics),
        address=row.address,
        hours=row.hours,
        phone=row.phone,
        status=row.status,
        valid_from=unit.valid_from,
        valid_to=unit.valid_to,
    )


def _load_people(session: Session) -> list[PersonEntry]:
    member = aliased(Person)
    rows = session.execute(
        select(Person, member.code).outerjoin(member, member.id == Person.contact_person_id)
    )
    return [
        PersonEntry(p.code, p.name, p.phone, p.membership, p.sector, p.represents, contact)
        for p, contact in rows
    ]


def _load_posts(session: Session) -> list[PostEntry]:
    rows = session.execute(
        select(Person.code, Unit.code, Post.role, Post.valid_from, Post.valid_to)
        .join(Person, Person.id == Post.person_id)
        .join(Unit, Unit.id == Post.unit_id)
    )
    return [PostEntry(*row) for row in rows]


def load_days(session: Session) -> tuple[DayEntry, ...]:
    """The office's own days, in order."""
    rows = session.execute(select(OfficeDay.day, OfficeDay.plan, OfficeDay.note))
    return tuple(sorted((DayEntry(*row) for row in rows), key=lambda entry: entry.day))


def _save_days(session: Session, given: Sequence[DayEntry], old: Sequence[DayEntry]) -> Changes:
    known = {entry.day: entry for entry in old}
    rows = [asdict(entry) for entry in given if known.get(entry.day) != entry]
    _bulk(session, OfficeDay, rows, lambda row: row["day"] not in known)
    return _changes([e.day in known for e in given], [known.get(e.day) == e for e in given])


def _save_units(session: Session, given: Sequence[UnitEntry], old: Sequence[UnitEntry]) -> Changes:
    known = {entry.code: entry for entry in old}
    rows = [
        {
            "code": e.code,
            "kind": e.kind,
            "name": e.name,
            "valid_from": e.valid_from,
            "valid_to": e.valid_to,
        }
        for e in given
        if known.get(e.code) != e
    ]
    _write_units(session, rows, [(e.code, e.parent) for e in given if known.get(e.code) != e])
    return _changes([e.code in known for e in given], [known.get(e.code) == e for e in given])


def _save_stations(
    session: Session, given: Sequence[StationEntry], old: Sequence[StationEntry]
) -> Changes:
    known = {entry.code: entry for entry in old}
    moved = [e for e in given if known.get(e.code) != e]
    rows = [
        {
            "code": e.code,
            "kind": STATION,
            "name": e.name,
            "valid_from": e.valid_from,
            "valid_to": e.valid_to,
        }
        for e in moved
    ]
    _write_units(session, rows, [(e.code, e.parent) for e in moved])
    ids = _ids(session, Unit)
    details = [_station_row(ids[e.code], e) for e in moved]
    fresh = {ids[e.code] for e in moved if e.code not in known}
    _bulk(session, StationRow, details, lambda row: row["unit_id"] in fresh)
    return _changes([e.code in known for e in given], [known.get(e.code) == e for e in given])


def _station_row(unit_id: int, entry: StationEntry) -> Row:
    return {
        "unit_id": unit_id,
        "mode": entry.mode,
        "district": entry.district,
        "street": entry.street,
        "sector": entry.sector,
        "topics": list(entry.topics),
        "address": entry.address,
        "hours": entry.hours,
        "phone": entry.phone,
        "status": entry.status,
    }


def _write_units(session: Session, rows: list[Row], parents: list[tuple[str, str | None]]) -> None:
    """Units first, what is above them after: the file may name a parent further down."""
    _upsert(session, Unit, rows)
    ids = _ids(session, Unit)
    links = [{"id": ids[code], "parent_id": ids[up] if up else None} for code, up in parents]
    _bulk(session, Unit, links, lambda row: False)


def _save_people(
    session: Session, given: Sequence[PersonEntry], old: Sequence[PersonEntry]
) -> Changes:
    known = {entry.code: entry for entry in old}
    moved = [e for e in given if known.get(e.code) != e]
    rows = [
        {
            "code": e.code,
            "name": e.name,
            "phone": e.phone,
            "membership": e.membership,
            "sector": e.sector,
            "represents": e.represents,
        }
        for e in moved
    ]
    _upsert(session, Person, rows)
    ids = _ids(session, Person)
    links = [
        {"id": ids[e.code], "contact_person_id": ids[e.contact] if e.contact else None}
        for e in moved
    ]
    _bulk(session, Person, links, lambda row: False)
    return _changes([e.code in known for e in given], [known.get(e.code) == e for e in given])


def _save_posts(session: Session, given: Sequence[PostEntry], old: Sequence[PostEntry]) -> Changes:
    known = {post_key(entry): entry for entry in old}
    people, units = _ids(session, Person), _ids(session, Unit)
    keys = session.execute(select(Post.person_id, Post.unit_id, Post.role, Post.id))
    ids = {(person, unit, role): post for person, unit, role, post in keys}
    rows: list[Row] = []
    for e in given:
        if known.get(post_key(e)) == e:
            continue
        key = (people[e.person], units[e.unit], e.role)
        row: Row = dict(zip(("person_id", "unit_id", "role"), key, strict=True))
        row |= {"valid_from": e.valid_from, "valid_to": e.valid_to}
        rows.append(row | ({"id": ids[key]} if key in ids else {}))
    _bulk(session, Post, rows, lambda row: "id" not in row)
    there = [post_key(e) in known for e in given]
    return _changes(there, [known.get(post_key(e)) == e for e in given])


def _ids(session: Session, model: type[Unit] | type[Person]) -> dict[str, int]:
    return dict(session.execute(select(model.code, model.id)).all())


def _upsert(session: Session, model: type[Unit] | type[Person], rows: list[Row]) -> None:
    ids = _ids(session, model)
    known = [row | {"id": ids[row["code"]]} if row["code"] in ids else row for row in rows]
    _bulk(session, model, known, lambda row: "id" not in row)


def _bulk(session: Session, model: Any, rows: list[Row], is_new: Any) -> None:
    """One INSERT and one UPDATE for all rows; rows to update carry their primary key."""
    new = [row for row in rows if is_new(row)]
    old = [row for row in rows if not is_new(row)]
    if new:
        session.execute(insert(model), new)
    if old:
        session.execute(update(model), old)


def _changes(there: list[bool], same: list[bool]) -> Changes:
    return Changes(new=len(there) - sum(there), changed=sum(there) - sum(same), same=sum(same))
