"""Names of places that no list knows, by the cases that hold them; and what the office made of
them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, delete, exists, func, or_, select
from sqlalchemy.orm import Session

from bot.domain.office_places import NamedPlace
from bot.models.cases import Case
from bot.models.organisation import OfficePlace, PlaceMention
from bot.store.prepared import run, table

_P, _M = table(OfficePlace), table(PlaceMention)
_COLUMNS = (_P.c.name, _P.c.same_as, _P.c.street, _P.c.district)
_ALL = select(*_COLUMNS).order_by(_P.c.saved_at.desc(), _P.c.name)
_ADOPTED = select(*_COLUMNS).where(_P.c.district.is_not(None)).order_by(_P.c.name)
_DROP = delete(_M).where(_M.c.case_id == bindparam("of_case"))


@dataclass(frozen=True, slots=True)
class Mentioned:
    """A name, how many cases hold it, and ids of the first and the last of them."""

    name: str
    count: int
    first: int
    last: int


def mention(session: Session, case_id: int, names: Iterable[str], district: str | None) -> None:
    """A case holds just these names."""
    run(session, _DROP, of_case=case_id)
    session.add_all(PlaceMention(name=each, case_id=case_id, district=district) for each in names)
    session.flush()


def _open_to(seen: ColumnElement[bool]) -> ColumnElement[bool]:
    """Cases that somebody may see, none of them for named people alone."""
    shared = or_(Case.queue.is_(None), Case.queue != "restricted")
    return and_(seen, Case.handling == "normal", shared)


def unknown(session: Session, seen: ColumnElement[bool], limit: int) -> list[Mentioned]:
    """Names of which the office has made nothing yet, the most frequent and newest first."""
    count, last = func.count(), func.max(PlaceMention.case_id)
    query = (
        select(PlaceMention.name, count, func.min(PlaceMention.case_id), last)
        .join(Case, Case.id == PlaceMention.case_id)
        .where(_open_to(seen), ~exists().where(OfficePlace.name == PlaceMention.name))
        .group_by(PlaceMention.name)
        .order_by(count.desc(), last.desc())
    )
    return [Mentioned(*row) for row in session.execute(query.limit(limit))]


def districts(
    session: Session, names: Collection[str], seen: ColumnElement[bool]
) -> dict[str, list[str]]:
    """Name → districts that were said with it."""
    found: dict[str, list[str]] = {}
    query = (
        select(PlaceMention.name, PlaceMention.district)
        .join(Case, Case.id == PlaceMention.case_id)
        .where(_open_to(seen), PlaceMention.name.in_(names), PlaceMention.district.is_not(None))
        .distinct()
        .order_by(PlaceMention.district)
    )
    for name, district in session.execute(query):
        found.setdefault(name, []).append(str(district))
    return found


def holding(session: Session, name: str, seen: ColumnElement[bool], limit: int) -> Sequence[Case]:
    """The newest cases that hold a name."""
    query = (
        select(Case)
        .join(PlaceMention, Case.id == PlaceMention.case_id)
        .where(_open_to(seen), PlaceMention.name == name)
    )
    return session.scalars(query.order_by(Case.id.desc()).limit(limit)).all()


def adopted(session: Session) -> tuple[NamedPlace, ...]:
    """All that are places."""
    return tuple(NamedPlace(*row) for row in run(session, _ADOPTED))


def all_of(session: Session) -> tuple[NamedPlace, ...]:
    """All of which the office made something, the newest first."""
    return tuple(NamedPlace(*row) for row in run(session, _ALL))


def replace(session: Session, name: str, given: NamedPlace | None, now: datetime) -> None:
    """Keep what was made of a name; None: nothing yet."""
    session.execute(delete(OfficePlace).where(OfficePlace.name == name))
    if given is not None:
        session.add(
            OfficePlace(
                name=name, same_as=given.same_as, street=given.street, district=given.district,
                saved_at=now,
            )
        )  # fmt: skip
    session.flush()
