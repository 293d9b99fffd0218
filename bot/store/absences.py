"""Who is away from a post, and what waits there."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from bot.domain.clocks import ClockKind
from bot.models.cases import Case
from bot.models.organisation import Absence, Post
from bot.models.timing import ClockRow
from bot.store.clocks import CASE
from bot.store.leaving import HELD
from bot.store.prepared import run, table

_A = table(Absence)
_TODAY = select(_A.c.post_id).where(
    _A.c.ended_at.is_(None), _A.c.first_day <= bindparam("today"),
    _A.c.last_day >= bindparam("today"),
)  # fmt: skip


def add(session: Session, **values: object) -> Absence:
    """A new absence. The post has no other open one: see `open_of`."""
    row = Absence(**values)
    session.add(row)
    session.flush()
    return row


def lock_posts(session: Session, post_ids: Collection[int]) -> None:
    """Until the write unit ends nobody else enters leave for these posts."""
    query = select(Post.id).where(Post.id.in_(post_ids)).order_by(Post.id)
    session.execute(query.with_for_update(key_share=True))


def get(session: Session, absence_id: int) -> Absence | None:
    """The absence with this id, locked, if it is still open."""
    query = select(Absence).where(Absence.id == absence_id, Absence.ended_at.is_(None))
    return session.scalar(query.with_for_update())


def open_of(session: Session, post_ids: Collection[int]) -> Sequence[Absence]:
    """The absences of these posts that run or are still to come."""
    query = select(Absence).where(Absence.post_id.in_(post_ids), Absence.ended_at.is_(None))
    return session.scalars(query.order_by(Absence.id)).all()


def all_open(session: Session) -> Sequence[Absence]:
    """Every absence that runs or is still to come, the earliest first."""
    query = select(Absence).where(Absence.ended_at.is_(None))
    return session.scalars(query.order_by(Absence.first_day, Absence.id)).all()


def running(session: Session, post_ids: Collection[int], today: date) -> dict[int, Absence]:
    """The absences of these posts on this day, by post."""
    if not post_ids:
        return {}
    away = {post_id for (post_id,) in run(session, _TODAY, today=today)}.intersection(post_ids)
    return overlapping(session, away, today, today) if away else {}


def overlapping(
    session: Session, post_ids: Collection[int], first: date, last: date
) -> dict[int, Absence]:
    """The absences of these posts that share a day with this time, by post."""
    query = select(Absence).where(Absence.post_id.in_(post_ids), _open(first, last))
    return {row.post_id: row for row in session.scalars(query)}


def in_units(session: Session, unit_ids: Collection[int], today: date) -> Sequence[Absence]:
    """The absences of this day from posts of these units."""
    query = (
        select(Absence)
        .join(Post, Post.id == Absence.post_id)
        .where(Post.unit_id.in_(unit_ids), _open(today, today))
    )
    return session.scalars(query.order_by(Absence.id)).all() if unit_ids else ()


def _open(first: date, last: date) -> ColumnElement[bool]:
    return and_(
        Absence.ended_at.is_(None), Absence.first_day <= last, Absence.last_day >= first
    )  # fmt: skip


def items_of(session: Session, post_id: int, *, waiting: bool = False) -> list[int]:
    """Ids of the open cases that the post has, was given, or is asked to accept. `waiting`: only
    those that nobody has accepted."""
    asked = exists().where(
        ClockRow.subject_kind == CASE, ClockRow.subject_id == Case.id,
        ClockRow.kind == ClockKind.ACCEPT.value, ClockRow.ended_at.is_(None),
        ClockRow.holder_post_id == post_id,
    )  # fmt: skip
    unit = select(Post.unit_id).where(Post.id == post_id).scalar_subquery()
    theirs = or_(Case.holder_post_id == post_id, Case.assigned_post_id == post_id, asked)
    states = ("dispatched",) if waiting else HELD
    query = select(Case.id).where(Case.owner_unit_id == unit, Case.state.in_(states), theirs)
    return list(session.scalars(query.order_by(Case.id)))
