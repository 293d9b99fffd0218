"""Statements on the webhook's path are built once, on tables, and run with values.

Building one anew for each message costs four times as much as running it, all of it under the
write lock; `docs/performance.md` has the figures. Elsewhere plain ORM queries read better.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Executable, FromClause, Result, Table
from sqlalchemy.orm import Session

from bot.models.base import Base


def table(model: type[Base]) -> Table:
    """The table of a mapped class."""
    found: FromClause = model.__table__
    assert isinstance(found, Table)  # noqa: S101 - for the type checker; Base maps tables only
    return found


def run(session: Session, statement: Executable, **values: Any) -> Result[Any]:
    """Execute a prepared statement. What the session still holds back is written first, as it is
    for ORM queries."""
    session.flush()
    return session.execute(statement, values)


def run_many(session: Session, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
    """The same for several rows."""
    session.flush()
    session.execute(statement, list(rows))
