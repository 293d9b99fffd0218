"""Ladders that the office wrote, over the defaults."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.domain.ladders import LADDERS
from bot.domain.rungs import Rung, ladder_from_json, ladder_to_json
from bot.models.timing import OfficeLadder
from bot.store.prepared import run, table

_L = table(OfficeLadder)
_ALL = select(_L.c.name, _L.c.rungs)


def own(session: Session) -> dict[str, tuple[Rung, ...]]:
    """The office's own ladders by name."""
    return {name: ladder_from_json(rungs) for name, rungs in run(session, _ALL)}


def saved_at(session: Session) -> dict[str, datetime]:
    """Since when each of the office's own ladders is in force."""
    return {row.name: row.saved_at for row in session.scalars(select(OfficeLadder))}


def in_force(session: Session) -> Mapping[str, tuple[Rung, ...]]:
    """Every ladder by name, as clocks that start now take it."""
    changed = own(session)
    return {**LADDERS, **changed} if changed else LADDERS


def replace(session: Session, name: str, rungs: Sequence[Rung], now: datetime) -> None:
    """Keep a ladder; one that equals the default is the default again."""
    session.execute(delete(OfficeLadder).where(OfficeLadder.name == name))
    if tuple(rungs) != LADDERS[name]:
        session.add(OfficeLadder(name=name, rungs=ladder_to_json(rungs), saved_at=now))
    session.flush()
