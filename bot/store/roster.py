"""The roster in and out of the database, codes turned into ids, in a few statements."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from bot.domain.roster import (
    DayEntry,
    PersonEntry,
    Roster,
    StationEntry,
    UnitEntry,
)
from bot.models.organisation import OfficeDay, Person, StationRow, Unit
from bot.store.organisation import bump_roster_version
from bot.store.roster_links import load_pairings, load_posts, save_pairings, save_posts
from bot.store.roster_rows import Changes, Row, bulk, counted, ids_by_code, upsert

STATION = "station"
"""Kind of the units that have a station row."""

Entry = TypeVar("Entry", UnitEntry, StationEntry, PersonEntry)


@dataclass(frozen=True, slots=True)
class Saved:
    """Changes by kind of row."""

    units: Changes
    stations: Changes
    people: Changes
    posts: Changes
    pairings: Changes
    days: Changes

    @property
    def touched(self) -> bool:
        """Whether anything is different now."""
        kinds = (getattr(self, each.name) for each in fields(self))
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
        posts=load_posts(session),
        pairings=load_pairings(session),
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
        posts=save_posts(session, roster.posts, before.posts),
        pairings=save_pairings(session, roster.pairings, before.pairings),
        days=_save_days(session, roster.days, before.days),
    )
    session.expire_all()  # objects loaded before would show yesterday's roster
    if saved.touched:
        bump_roster_version(session)
    return saved


def _by_code(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda entry: entry.code))


def _code_of(entry: Entry) -> str:
    return entry.code


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


def load_days(session: Session) -> tuple[DayEntry, ...]:
    """The office's own days, in order."""
    rows = session.execute(select(OfficeDay.day, OfficeDay.plan, OfficeDay.note))
    return tuple(sorted((DayEntry(*row) for row in rows), key=lambda entry: entry.day))


def _save_days(session: Session, given: Sequence[DayEntry], old: Sequence[DayEntry]) -> Changes:
    known = {entry.day: entry for entry in old}
    rows = [asdict(entry) for entry in given if known.get(entry.day) != entry]
    bulk(session, OfficeDay, rows, lambda row: row["day"] not in known)
    return counted(known, lambda entry: entry.day, given)


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
    return counted(known, _code_of, given)


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
    ids = ids_by_code(session, Unit)
    details = [_station_row(ids[e.code], e) for e in moved]
    fresh = {ids[e.code] for e in moved if e.code not in known}
    bulk(session, StationRow, details, lambda row: row["unit_id"] in fresh)
    return counted(known, _code_of, given)


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
    upsert(session, Unit, rows)
    ids = ids_by_code(session, Unit)
    links = [{"id": ids[code], "parent_id": ids[up] if up else None} for code, up in parents]
    bulk(session, Unit, links, lambda row: False)


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
    upsert(session, Person, rows)
    ids = ids_by_code(session, Person)
    links = [
        {"id": ids[e.code], "contact_person_id": ids[e.contact] if e.contact else None}
        for e in moved
    ]
    bulk(session, Person, links, lambda row: False)
    return counted(known, _code_of, given)
