"""Named counters: case numbers of a day, and versions of what is cached."""

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.models.timing import Counter
from bot.store.prepared import dialect_name, run, table

_T = table(Counter)
_NAMED = _T.c.name == bindparam("counter")
_STEP = update(_T).where(_NAMED).values(value=_T.c.value + 1).returning(_T.c.value)
_VALUE = select(_T.c.value).where(_NAMED)


def next_value(session: Session, name: str) -> int:
    """Count up and return the new value, 1 the first time; safe between writers."""
    value: int | None = run(session, _STEP, counter=name).scalar()
    if value is not None:
        return value
    dialect = dialect_name(session)
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    session.execute(insert(Counter).values(name=name, value=0).on_conflict_do_nothing())
    return int(run(session, _STEP, counter=name).scalar())


def current_value(session: Session, name: str) -> int:
    """The value now; 0 if never counted."""
    return run(session, _VALUE, counter=name).scalar() or 0


def lock(session: Session, name: str) -> None:
    """Nobody else counts until the end of this write unit; the value stays as it is."""
    before = next_value(session, name)
    session.execute(update(Counter).where(Counter.name == name).values(value=before - 1))


def set_value(session: Session, name: str, value: int) -> None:
    """Set a counter; for one that a single job keeps."""
    next_value(session, name)  # it is there from now on
    session.execute(update(Counter).where(Counter.name == name).values(value=value))
