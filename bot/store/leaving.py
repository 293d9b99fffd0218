"""What still hangs on posts that ended: open cases, running clocks, item codes, waiting notices.

`today` is the day in Beijing; a post is over the day after its last one.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from bot.models.cases import Case
from bot.models.conversation import Outbox
from bot.models.item_codes import ItemCode
from bot.models.organisation import Post, StationRow, Unit
from bot.models.timing import ClockRow
from bot.store.clocks import CASE

HELD = ("dispatched", "accepted", "consulting", "on_hold")
"""States in which a station has the case."""


def end_post(session: Session, post_id: int, last_day: date) -> None:
    """This is the last day on which the post is held."""
    post = session.get_one(Post, post_id)
    post.valid_to = last_day
    if post.valid_from is not None and post.valid_from > last_day:
        post.valid_from = last_day  # a sheet that ends before it begins would be refused


def stranded(session: Session, today: date, limit: int) -> list[int]:
    """Ids of cases that somebody held who holds that post no more, the oldest first."""
    over = select(Post.id).where(Post.valid_to < today)
    # By the units first: their open cases have an index, the posts of old cases have none.
    units = select(Post.unit_id).where(Post.valid_to < today)
    clocks = select(ClockRow.subject_id).where(
        ClockRow.subject_kind == CASE,
        ClockRow.ended_at.is_(None),
        ClockRow.holder_post_id.in_(over),
    )
    query = (
        select(Case.id)
        .where(Case.owner_unit_id.in_(units), Case.state.in_(HELD))
        .where(or_(Case.holder_post_id.in_(over), Case.id.in_(clocks)))
        .order_by(Case.id)
        .limit(limit)
    )
    return list(session.scalars(query))


def of_closed(session: Session, today: date, limit: int) -> list[int]:
    """Ids of cases that nobody has accepted at stations that take none any more."""
    over = or_(StationRow.status != "active", Unit.valid_to < today)
    closed = select(Unit.id).join(StationRow, StationRow.unit_id == Unit.id).where(over)
    query = select(Case.id).where(Case.owner_unit_id.in_(closed), Case.state == "dispatched")
    return list(session.scalars(query.order_by(Case.id).limit(limit)))


def held_at(
    session: Session, unit_id: int, seen: ColumnElement[bool], limit: int | None = None
) -> Sequence[Case]:
    """What a station has in hand of what somebody may see, the oldest first."""
    query = select(Case).where(Case.owner_unit_id == unit_id, Case.state.in_(HELD), seen)
    return session.scalars(query.order_by(Case.id).limit(limit)).all()


def held_by(session: Session, post_id: int, seen: ColumnElement[bool]) -> Sequence[Case]:
    """What goes on when this post ends, of what somebody may see, the oldest first."""
    unit = select(Post.unit_id).where(Post.id == post_id).scalar_subquery()
    clocks = select(ClockRow.subject_id).where(
        ClockRow.subject_kind == CASE, ClockRow.ended_at.is_(None),
        ClockRow.holder_post_id == post_id,
    )  # fmt: skip
    query = select(Case).where(Case.owner_unit_id == unit, Case.state.in_(HELD), seen).where(
        or_(Case.holder_post_id == post_id, Case.id.in_(clocks))
    )  # fmt: skip
    return session.scalars(query.order_by(Case.id)).all()


def ended_holders(session: Session, case: Case, today: date) -> list[int]:
    """Ids of the ended posts that the case or one of its running clocks still names."""
    clocks = select(ClockRow.holder_post_id).where(
        ClockRow.subject_kind == CASE, ClockRow.subject_id == case.id, ClockRow.ended_at.is_(None)
    )
    named = or_(Post.id == case.holder_post_id, Post.id.in_(clocks))
    query = select(Post.id).where(named, Post.valid_to < today).order_by(Post.id)
    return list(session.scalars(query))


def pass_clocks(session: Session, case_id: int, posts: Collection[int], heir: int | None) -> None:
    """Running clocks of the case that one of these posts holds go to another post, or to none."""
    session.execute(
        update(ClockRow)
        .where(ClockRow.subject_kind == CASE, ClockRow.subject_id == case_id)
        .where(ClockRow.ended_at.is_(None), ClockRow.holder_post_id.in_(posts))
        .values(holder_post_id=heir)
        .execution_options(synchronize_session="fetch")
    )


def drop_notices(session: Session, case_id: int, people: Collection[int]) -> None:
    """What waits to be sent to these people about the case asks them for nothing any more."""
    session.execute(
        update(Outbox)
        .where(Outbox.case_id == case_id, Outbox.person_id.in_(people), Outbox.state == "queued")
        .values(state="skipped", reason="left the post")
        .execution_options(synchronize_session=False)
    )


def release_code(session: Session, case_id: int, person_id: int, now: datetime) -> None:
    """This person has nothing more to do with the case."""
    session.execute(
        update(ItemCode)
        .where(ItemCode.case_id == case_id, ItemCode.person_id == person_id)
        .where(ItemCode.released_at.is_(None))
        .values(released_at=now)
        .execution_options(synchronize_session=False)
    )


def idle_codes(session: Session, today: date) -> bool:
    """Whether `release_idle` has something to do."""
    return session.scalar(select(ItemCode.id).where(_idle(today)).limit(1)) is not None


def release_idle(session: Session, today: date, now: datetime) -> None:
    """Free the item codes of people for cases of a unit in which they hold no post any more, and
    all codes of who holds no post at all."""
    session.execute(
        update(ItemCode)
        .where(_idle(today))
        .values(released_at=now)
        .execution_options(synchronize_session=False)
    )


def _idle(today: date) -> ColumnElement[bool]:
    return and_(
        ItemCode.released_at.is_(None),
        exists().where(Post.person_id == ItemCode.person_id, Post.valid_to < today),
        ~exists(_still(today)),
    )


def _still(today: date) -> Select[int]:
    """A post held today that may have to do with the code's case: in its owner's unit or in one
    that assists or watches it. Only what lies with another station is none of theirs."""
    post, gone = aliased(Post), aliased(Post)
    owner = (
        select(Case.owner_unit_id)
        .where(Case.id == ItemCode.case_id)
        .correlate(ItemCode)
        .scalar_subquery()
    )
    left_it = exists(
        select(gone.id)
        .where(gone.person_id == ItemCode.person_id, gone.unit_id == owner, gone.valid_to < today)
        .correlate(ItemCode)
    )
    return (
        select(post.id)
        .where(post.person_id == ItemCode.person_id, _held(post, today))
        .where(or_(post.unit_id == owner, ~left_it))
        .correlate(ItemCode)
    )


def _held(post: type[Post], today: date) -> ColumnElement[bool]:
    return and_(
        or_(post.valid_from.is_(None), post.valid_from <= today),
        or_(post.valid_to.is_(None), post.valid_to >= today),
    )
