"""The lists of the console: what somebody sees there, by pages that an index walks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from bot.domain.cases import OPEN
from bot.domain.clocks import SIDE_CLOCKS, ClockKind
from bot.domain.permissions import Actor
from bot.domain.roles import HANDLERS, Role
from bot.domain.worklists import BY_DUE, QUEUES, View
from bot.models.cases import Attachment, Case, CaseStation, Event
from bot.models.organisation import Person, Post, StationRow, Unit
from bot.models.timing import ClockRow
from bot.store.clocks import CASE

PAGE = 50
OTHERS = 10
ALIKE, NEAR = 5, 5_000
"""How many alike are named, among how many of the newest they are looked for."""
DONE = 2000
"""So many of the last things that somebody did are asked for the cases that they are about."""
COUNTED = 1000
"""A list is counted so far; beyond that it says "more"."""
_MAIN = [kind.value for kind in ClockKind if kind not in SIDE_CLOCKS or kind is ClockKind.ASSIST]
"""Clocks by which somebody of ours must act, as bot.store.clocks.due_of counts them."""


@dataclass(frozen=True, slots=True)
class At:
    """What a list is made from: the present, until when a light is yellow, and the posts of whoever
    looks."""

    now: datetime
    yellow_until: datetime
    posts: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Key:
    """Where a page ends: what the next one begins after. `due` for lists by due time."""

    id: int
    due: datetime | None = None
    urgent: bool = False


def page(
    session: Session,
    view: View,
    seen: ColumnElement[bool],
    at: At,
    after: Key | None = None,
    *,
    most: int = PAGE + 1,
) -> list[tuple[Case, datetime | None]]:
    """The cases of one page, each with the time by which it is due, and one more than a page if
    there are more."""
    if view in BY_DUE:
        query, clock = _by_due(view, at)
        if after is not None and after.due is not None:
            query = query.where(tuple_(clock.due_at, clock.subject_id) > (after.due, after.id))
        return [(row[0], row[1]) for row in session.execute(query.where(seen).limit(most))]
    query = _plain(view, at).where(seen)
    if view in QUEUES:
        urgent = Case.urgency != "normal"
        if after is not None:
            rest = and_(urgent, Case.id > after.id) | ~urgent
            query = query.where(rest if after.urgent else and_(~urgent, Case.id > after.id))
        query = query.order_by(urgent.desc(), Case.id)
    else:
        query = query.where(Case.id < after.id) if after else query
        query = query.order_by(Case.id.desc())
    found = session.scalars(query.limit(most)).all()
    due = due_times(session, [case.id for case in found])
    return [(case, due.get(case.id)) for case in found]


def count(session: Session, views: Sequence[View], seen: ColumnElement[bool], at: At) -> list[int]:
    """How many cases each list has, COUNTED at most, in one question."""
    counts = []
    for view in views:
        query: Select[Any] = _by_due(view, at)[0] if view in BY_DUE else _plain(view, at)
        inner = query.where(seen).with_only_columns(Case.id).order_by(None).limit(COUNTED)
        counts.append(select(func.count()).select_from(inner.subquery()).scalar_subquery())
    return list(session.execute(select(*counts)).one()) if counts else []


def due_times(session: Session, case_ids: Collection[int]) -> dict[int, datetime]:
    """By when somebody must act on these cases, by id."""
    query = select(ClockRow.subject_id, func.min(ClockRow.due_at)).where(
        ClockRow.subject_kind == CASE, ClockRow.subject_id.in_(case_ids),
        ClockRow.ended_at.is_(None), ClockRow.paused_at.is_(None), ClockRow.kind.in_(_MAIN),
    ).group_by(ClockRow.subject_id)  # fmt: skip
    return {row[0]: row[1] for row in session.execute(query)} if case_ids else {}


def asked(session: Session, case_ids: Collection[int]) -> set[int]:
    """Those of these cases whose resident was asked something and has not answered yet."""
    query = select(ClockRow.subject_id).where(
        ClockRow.subject_kind == CASE, ClockRow.subject_id.in_(case_ids),
        ClockRow.ended_at.is_(None), ClockRow.kind == ClockKind.QUESTION.value,
    )  # fmt: skip
    return set(session.scalars(query)) if case_ids else set()


def of_ids(
    session: Session, case_ids: Collection[int], seen: ColumnElement[bool]
) -> Sequence[Case]:
    """These cases, of what somebody may see, the oldest first."""
    query = select(Case).where(Case.id.in_(case_ids), seen).order_by(Case.id)
    return session.scalars(query).all() if case_ids else []


def is_late(now: datetime) -> ColumnElement[bool]:
    """Cases of which something should have been done by now."""
    return exists().where(
        ClockRow.subject_kind == CASE, ClockRow.subject_id == Case.id,
        ClockRow.ended_at.is_(None), ClockRow.paused_at.is_(None), ClockRow.kind.in_(_MAIN),
        ClockRow.due_at <= now,
    )  # fmt: skip


def _plain(view: View, at: At) -> Select[Case]:
    query = select(Case)
    if view is View.ALL:
        return query
    if view is View.MINE:
        done = select(Event.case_id).where(Event.post_id.in_(at.posts))
        last = done.order_by(Event.id.desc()).limit(DONE).subquery()
        return query.where(Case.id.in_(select(last.c.case_id)), Case.state.in_(OPEN))
    if view is View.SUPERVISED:
        return query.where(Case.supervised_post_id.is_not(None), Case.closed_at.is_(None))
    if view is View.AGAIN:
        return query.where((Case.review == "wanted") | (Case.unreasonable == "said"))
    waits = query.where(Case.state == "new")
    if view is View.VOICE:
        spoken = exists().where(
            Attachment.case_id == Case.id, Attachment.kind == "voice", Attachment.title == "",
            Attachment.state != "erased",
        )  # fmt: skip
        return waits.where(Case.queue.is_not(None), spoken)
    if view is View.RETURNED:
        return waits.where(Case.queue == "staff", Case.returns >= 2)
    return waits.where(Case.queue == {View.PERSON: "staff"}.get(view, view.value))


def _by_due(view: View, at: At) -> tuple[Select[Any], type[ClockRow]]:
    """Each case once, by its clock that is due first."""
    clock, earlier = aliased(ClockRow), aliased(ClockRow)
    counts = [c.ended_at.is_(None) & c.paused_at.is_(None) for c in (clock, earlier)]
    # As an expression, so that SQLite looks the few clocks of a case up, and not all that are due
    # before this one.
    due = func.coalesce(earlier.due_at, earlier.due_at)
    first = ~exists().where(
        earlier.subject_kind == CASE, earlier.subject_id == clock.subject_id,
        earlier.kind.in_(_MAIN), counts[1],
        tuple_(due, earlier.id) < tuple_(clock.due_at, clock.id),
    )  # fmt: skip
    query: Any = (
        select(Case, clock.due_at)
        .join(clock, and_(clock.subject_kind == CASE, clock.subject_id == Case.id))
        .where(counts[0], clock.kind.in_(_MAIN), first, Case.state.in_(OPEN))
        .order_by(clock.due_at, clock.subject_id)
    )
    if view is View.RED:
        query = query.where(clock.due_at <= at.now)
    if view is View.YELLOW:
        query = query.where(clock.due_at > at.now, clock.due_at <= at.yellow_until)
    return query, clock


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """The cases that an actor may see, as bot.domain.permissions says it of one (a test holds the
    two together)."""
    seen: list[ColumnElement[bool]] = [_role_sees(p.role, p.unit_id) for p in actor.posts]
    return or_(false(), *seen)


def _role_sees(role: Role, unit_id: int) -> ColumnElement[bool]:
    emergency = Case.queue == "emergency"
    restricted = Case.queue == "restricted"
    named = Case.handling != "normal"
    plain = and_(_not(emergency), _not(restricted))
    own = Case.owner_unit_id == unit_id if role in HANDLERS else false()
    if role is Role.RESTRICTED_STAFF:
        return or_(restricted, and_(_not(emergency), named), Case.handling == "named_staff")
    if role is Role.DUTY:
        return emergency
    if role in (Role.INTAKE_STAFF, Role.LEADER):
        return or_(emergency, and_(plain, ~named))
    if role is Role.ADMIN:
        return and_(plain, ~named)
    if role is Role.DISTRICT_CONVENER:
        return and_(plain, ~named, _in_district(unit_id))
    if role not in HANDLERS:
        return false()
    assists = exists().where(
        CaseStation.case_id == Case.id, CaseStation.unit_id == unit_id,
        CaseStation.part == "assist",
    )  # fmt: skip
    return and_(plain, or_(own, and_(~named, assists)))


def _not(queue: ColumnElement[bool]) -> ColumnElement[bool]:
    """Most cases stand in no queue at all."""
    return or_(Case.queue.is_(None), ~queue)


def _in_district(unit_id: int) -> ColumnElement[bool]:
    return exists().where(
        StationRow.unit_id == Case.owner_unit_id, Unit.id == unit_id,
        StationRow.district == Unit.name,
    )  # fmt: skip


def names(session: Session, unit_ids: Collection[int]) -> dict[int, str]:
    """Names of these units, by id."""
    query = select(Unit.id, Unit.name).where(Unit.id.in_(unit_ids))
    return {row.id: row.name for row in session.execute(query)} if unit_ids else {}


def taken(session: Session, case_ids: Collection[int]) -> dict[int, str]:
    """Who said that they deal with these emergencies, by case."""
    query = (
        select(Event.case_id, Person.name)
        .join(Post, Post.id == Event.post_id)
        .join(Person, Person.id == Post.person_id)
        .where(Event.case_id.in_(case_ids), Event.kind == "acknowledged")
    )
    rows = session.execute(query.order_by(Event.id)) if case_ids else ()
    return {row.case_id: row.name for row in rows}


def others_of(session: Session, case: Case, seen: ColumnElement[bool]) -> Sequence[Case]:
    """The newest other cases of the same resident."""
    query = select(Case).where(Case.contact_id == case.contact_id, Case.id != case.id, seen)
    return session.scalars(query.order_by(Case.id.desc()).limit(OTHERS)).all()


def alike(
    session: Session, case: Case, seen: ColumnElement[bool], since: datetime
) -> Sequence[Case]:
    """Open cases among the newest that are in the same place or about the same matter, those that
    are both first; none that only named people see, and none that is a part of another one."""
    # What is not known of a case is null there, and equals nothing.
    place, matter = Case.place == (case.place or ""), Case.category == (case.category or "")
    newest = select(func.max(Case.id) - NEAR).scalar_subquery()
    query = (
        select(Case)
        .where(
            Case.id > newest, Case.id != case.id, Case.created_at >= since, or_(place, matter),
            Case.state.in_(OPEN), Case.handling == "normal", Case.urgency != "emergency",
            Case.merged_into.is_(None), seen,
        )
        .order_by(and_(place, matter).desc(), place.desc(), Case.id.desc())
    )  # fmt: skip
    return session.scalars(query.limit(ALIKE)).all()
