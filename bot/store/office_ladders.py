"""Ladders that the office wrote, over the defaults: at most one of a name is in force, others wait
for their day."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from bot.domain.ladders import LADDERS
from bot.domain.rungs import Rung, ladder_from_json, ladder_to_json
from bot.models.timing import OfficeLadder
from bot.store.prepared import run, table

_L = table(OfficeLadder)
_BEGUN = (
    select(_L.c.name, _L.c.rungs, _L.c.begins_at)
    .where(_L.c.begins_at <= bindparam("now", type_=_L.c.begins_at.type))
    .order_by(_L.c.begins_at)
)

Own = tuple[datetime, tuple[Rung, ...]]
"""A ladder of the office, and from when on it holds."""


def own(session: Session, now: datetime) -> dict[str, Own]:
    """The office's own ladders that are in force, by name."""
    return {
        name: (begins_at, ladder_from_json(rungs))
        for name, rungs, begins_at in run(session, _BEGUN, now=now)
    }


def planned(session: Session, name: str, now: datetime) -> list[Own]:
    """Those of this name that wait for their day, the next first."""
    rows = session.scalars(
        select(OfficeLadder)
        .where(OfficeLadder.name == name, OfficeLadder.begins_at > now)
        .order_by(OfficeLadder.begins_at)
    )
    return [(row.begins_at, ladder_from_json(row.rungs)) for row in rows]


def in_force(session: Session, now: datetime) -> Mapping[str, tuple[Rung, ...]]:
    """Every ladder by name, as clocks that start now take it."""
    changed = own(session, now)
    return {**LADDERS, **{name: rungs for name, (_, rungs) in changed.items()}}


def replace(
    session: Session, name: str, rungs: Sequence[Rung], now: datetime, begins_at: datetime
) -> None:
    """Keep a ladder from a moment on, now or later. One that equals the default and begins now is
    the default again."""
    at_once = begins_at <= now
    theirs = OfficeLadder.begins_at <= now if at_once else OfficeLadder.begins_at == begins_at
    session.execute(delete(OfficeLadder).where(OfficeLadder.name == name, theirs))
    if not at_once or tuple(rungs) != LADDERS[name]:
        session.add(OfficeLadder(name=name, rungs=ladder_to_json(rungs), begins_at=begins_at))
    session.flush()


def drop(session: Session, name: str, begins_at: datetime) -> None:
    """What waits for that moment will not begin."""
    session.execute(
        delete(OfficeLadder).where(OfficeLadder.name == name, OfficeLadder.begins_at == begins_at)
    )
