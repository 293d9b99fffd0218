"""Named counters: case numbers of a day, and versions of what is cached."""

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.models.timing import Counter


def next_value(session: Session, name: str) -> int:
    """Count up and return the new value, 1 the first time; safe between writers."""
    step = (
        update(Counter)
        .where(Counter.name == name)
        .values(value=Counter.value + 1)
        .returning(Counter.value)
        .execution_options(synchronize_session=False)
    )
    value = session.execute(step).scalar()
    if value is not None:
        return value
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    session.execute(insert(Counter).values(name=name, value=0).on_conflict_do_nothing())
    return session.execute(step).scalar_one()


def current_value(session: Session, name: str) -> int:
    """The value now; 0 if never counted."""
    return session.execute(select(Counter.value).where(Counter.name == name)).scalar() or 0
