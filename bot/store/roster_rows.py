"""Writing rows of the roster in a few statements, and counting what that did."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from bot.models.organisation import Person, Unit

Row = dict[str, Any]
Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True)
class Changes:
    """What saving did to the rows it was given."""

    new: int = 0
    changed: int = 0
    same: int = 0


def ids_by_code(session: Session, model: type[Unit] | type[Person]) -> dict[str, int]:
    """Ids of all rows by their codes."""
    return dict(session.execute(select(model.code, model.id)).all())


def upsert(session: Session, model: type[Unit] | type[Person], rows: list[Row]) -> None:
    """Insert or update, by code."""
    ids = ids_by_code(session, model)
    known = [row | {"id": ids[row["code"]]} if row["code"] in ids else row for row in rows]
    bulk(session, model, known, lambda row: "id" not in row)


def bulk(session: Session, model: Any, rows: list[Row], is_new: Any) -> None:
    """One INSERT and one UPDATE for all rows; rows to update carry their primary key."""
    new = [row for row in rows if is_new(row)]
    old = [row for row in rows if not is_new(row)]
    if new:
        session.execute(insert(model), new)
    if old:
        session.execute(update(model), old)


def counted(
    known: Mapping[Any, Entry], key_of: Callable[[Entry], Any], given: Sequence[Entry]
) -> Changes:
    """How many of the given rows were new, different, or there already."""
    there = sum(key_of(entry) in known for entry in given)
    same = sum(known.get(key_of(entry)) == entry for entry in given)
    return Changes(new=len(given) - there, changed=there - same, same=same)
