"""What should have moved and did not: the watch's own queries.

They share nothing with the queries of sweep, delivery and media, so that a fault there can't hide
itself here. A quick one reads by an index; a thorough one looks at everything that is open.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
)  # fmt: skip
from sqlalchemy.orm import Session

from bot.domain.cases import OVER, State
from bot.domain.media import MediaState
from bot.models.base import UtcDateTime
from bot.models.cases import Attachment, Case, CaseStation
from bot.models.conversation import Outbox
from bot.models.organisation import Post
from bot.models.timing import ClockRow
from bot.store.prepared import dialect_name, run

MOST = 1000
"""Things of one kind that are counted; more are "1000 or more"."""
SHOWN = 5

PATIENCE: Mapping[str, timedelta] = MappingProxyType(
    {
        "overdue": timedelta(minutes=5),
        "claimed": timedelta(minutes=5),
        "unsent": timedelta(minutes=15),
        "media": timedelta(minutes=30),
        "receipts": timedelta(minutes=30),
        "put_off": timedelta(hours=1),
        "no_next_step": timedelta(),
    }
)
"""How long each of these may be due before it is wrong."""
UNSENT_CLOSED = timedelta(days=1)
"""For `unsent` while the platform has closed the way: that has an alarm of its own."""


_Counts: TypeAlias = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Suspect:
    """How many there are (at most MOST), since when, and some of their cases' numbers."""

    count: int
    since: datetime | None
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Look:
    """One query: what is wrong when, from which moment on, and which case it concerns."""

    of: Any
    where: ColumnElement[bool]
    since: Any
    case_id: Any
    join: tuple[Any, Any] | None = None


def quick(session: Session, asof: datetime, *, closed: bool) -> dict[str, Suspect]:
    """Rows that have been due for too long at `asof`, by index. `closed`: the platform takes
    nothing now."""
    limits = {name: asof - PATIENCE[name] for name in _QUICK}
    if closed:
        limits["unsent"] = asof - UNSENT_CLOSED
    return _look(session, _QUICK, _QUICK_COUNTS, limits)


def thorough(session: Session, asof: datetime) -> dict[str, Suspect]:
    """What contradicts itself, among all that is open."""
    dialect = dialect_name(session)
    put_off = (asof - PATIENCE["put_off"]).isoformat(timespec="seconds")
    limits = {"no_next_step": asof - PATIENCE["no_next_step"], "put_off": put_off}
    return _look(session, _THOROUGH[dialect], _THOROUGH_COUNTS[dialect], limits)


def _look(
    session: Session, looks: Mapping[str, _Look], counts: _Counts, limits: dict[str, Any]
) -> dict[str, Suspect]:
    (found,) = run(session, counts, **limits)
    seen = {name: count for name, count in zip(looks, found, strict=True) if count}
    return {name: _suspect(session, looks[name], count, limits) for name, count in seen.items()}


def _suspect(session: Session, look: _Look, count: int, limits: dict[str, Any]) -> Suspect:
    since = _from(select(func.min(type_coerce(look.since, UtcDateTime))), look)
    ids = _from(select(look.case_id), look).order_by(look.since).limit(SHOWN)
    numbers = select(Case.number).where(Case.id.in_(ids.scalar_subquery())).order_by(Case.number)
    first = session.scalars(since, limits).one()
    return Suspect(count, first, tuple(session.scalars(numbers, limits)))


def _counts(looks: Mapping[str, _Look]) -> _Counts:
    """All counts in one statement, in the order of the looks."""
    return select(*(_count(each).label(name) for name, each in looks.items()))


def _count(look: _Look) -> ColumnElement[int]:
    some = _from(select(literal_column("1").label("one")), look).limit(MOST).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def _from(query: Select[Any], look: _Look) -> Select[Any]:
    query = query.select_from(look.of)
    return (query.join(*look.join) if look.join else query).where(look.where)


def _limit(name: str) -> ColumnElement[datetime]:
    return bindparam(name, type_=UtcDateTime)


_QUICK: Mapping[str, _Look] = {
    "overdue": _Look(
        ClockRow, ClockRow.next_step_at < _limit("overdue"), ClockRow.next_step_at,
        ClockRow.subject_id,
    ),
    "claimed": _Look(
        Outbox, and_(Outbox.state == "sending", Outbox.leased_until < _limit("claimed")),
        Outbox.leased_until, Outbox.case_id,
    ),
    "unsent": _Look(
        Outbox, and_(Outbox.state == "queued", Outbox.next_try_at < _limit("unsent")),
        Outbox.next_try_at, Outbox.case_id,
    ),
    "media": _Look(
        Attachment,
        and_(Attachment.state == MediaState.WAITING, Attachment.next_try_at < _limit("media")),
        Attachment.next_try_at, Attachment.case_id,
    ),
    "receipts": _Look(
        Outbox, Outbox.confirm_by < _limit("receipts"), Outbox.confirm_by, Outbox.case_id
    ),
}  # fmt: skip
_QUICK_COUNTS = _counts(_QUICK)

_RUNNING = and_(ClockRow.ended_at.is_(None), ClockRow.subject_kind == "case")
_OVER = or_(*(Case.state == state for state in sorted(OVER)), Case.merged_into.is_not(None))


def _thorough_looks(plan: ColumnElement[str]) -> Mapping[str, _Look]:
    """`plan`: the moment that a clock's own plan gives for its next rung (ISO 8601, UTC), whatever
    `next_step_at` says; null past the last rung."""
    awake = _exists(_RUNNING, ClockRow.subject_id == Case.id, ClockRow.next_step_at.is_not(None))
    put_off = plan < bindparam("put_off", type_=String)
    return {
        "no_next_step": _Look(
            Case, and_(~_OVER, Case.created_at < _limit("no_next_step"), ~awake), Case.created_at,
            Case.id,
        ),
        "put_off": _Look(
            ClockRow, and_(_RUNNING, ClockRow.paused_at.is_(None), put_off), ClockRow.due_at,
            ClockRow.subject_id,
        ),
        "clock_on_closed": _Look(
            ClockRow, and_(_RUNNING, _OVER), ClockRow.started_at, ClockRow.subject_id,
            (Case, Case.id == ClockRow.subject_id),
        ),
        "two_owners": _Look(Case, and_(~_OVER, _two_owners()), Case.dispatched_at, Case.id),
    }  # fmt: skip


def _two_owners() -> ColumnElement[bool]:
    """Somebody of another station has it in hand; or a station owns it and assists itself; or a
    station has what staff are to route."""
    elsewhere = _exists(Post.id == Case.holder_post_id, Post.unit_id != Case.owner_unit_id)
    itself = _exists(CaseStation.case_id == Case.id, CaseStation.unit_id == Case.owner_unit_id)
    routed_twice = and_(Case.state == State.NEW, Case.owner_unit_id.is_not(None))
    return or_(elsewhere, itself, routed_twice)


def _exists(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(literal_column("1")).where(*conditions).correlate(Case).exists()


_PLANS: Mapping[str, ColumnElement[str]] = {
    "sqlite": literal_column("json_extract(clocks.ladder, '$[' || clocks.rung || '].at')", String),
    "postgresql": literal_column("(clocks.ladder -> clocks.rung ->> 'at')", String),
}
_THOROUGH = {dialect: _thorough_looks(plan) for dialect, plan in _PLANS.items()}
_THOROUGH_COUNTS = {dialect: _counts(looks) for dialect, looks in _THOROUGH.items()}
