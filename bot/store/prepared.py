"""Statements on the webhook's path are compiled once and handed straight to the driver.

Of a message's time under the write lock most was SQLAlchemy preparing the same dozen statements
again; `docs/performance.md` has the figures. The transaction, the connection and the types stay
SQLAlchemy's own. Elsewhere plain ORM queries read better.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Dialect, FromClause, Table, inspect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, configure_mappers
from sqlalchemy.orm.util import identity_key
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.selectable import Select
from sqlalchemy.types import TypeEngine

from bot.models.base import Base, UtcDateTime

CONNECTION = "connection"
"""Key in `Session.info` under which the unit of work keeps the connection of its transaction."""

Statement = UpdateBase | Select[Any]
Convert = Callable[[Any], Any] | None
Row = TypeVar("Row", bound=Base)


def table(model: type[Base]) -> Table:
    """The table of a mapped class, which is ready to use from then on."""
    configure_mappers()
    found: FromClause = model.__table__
    assert isinstance(found, Table)  # noqa: S101 - for the type checker; Base maps tables only
    return found


class Rows(list[tuple[Any, ...]]):
    """What a statement returned, all of it."""

    def first(self) -> tuple[Any, ...] | None:
        """The first row, or None."""
        return self[0] if self else None

    def scalar(self) -> Any:
        """The first value of the first row, or None without a row."""
        return self[0][0] if self else None


class _Compiled:
    """One statement for one dialect and one set of values."""

    __slots__ = ("converts", "dialect", "named", "out", "plan", "sql")

    def __init__(self, statement: Statement, dialect: Dialect, names: Iterable[str]) -> None:
        self.dialect = dialect
        compiled = statement.compile(dialect=dialect, column_keys=list(names))
        if forgotten := [column.name for column in compiled.insert_prefetch or ()]:
            raise TypeError(f"prepared statements have no defaults: give {forgotten}")
        self.sql = str(compiled)
        self.named = not compiled.positional
        binds = compiled.binds
        self.plan = [
            (name, _into(binds[name].type, dialect), binds[name].value)
            for name in (compiled.positiontup if compiled.positional else binds) or ()
        ]
        returned = statement.exported_columns if _returns(statement) else ()
        self.out = [_out(column.type, dialect) for column in returned]
        self.converts = any(self.out)

    def parameters(self, values: Mapping[str, Any]) -> Any:
        """The values as the driver wants them; those not given are the statement's own."""
        ready = [
            values.get(name, fixed) if convert is None else convert(values.get(name, fixed))
            for name, convert, fixed in self.plan
        ]
        if self.named:
            return {name: value for (name, _, _), value in zip(self.plan, ready, strict=True)}
        return ready

    def row(self, raw: Sequence[Any]) -> tuple[Any, ...]:
        """One row with the types of its columns."""
        if not self.converts:
            return tuple(raw)
        return tuple(
            value if convert is None else convert(value)
            for value, convert in zip(raw, self.out, strict=True)
        )


def _returns(statement: Statement) -> bool:
    return isinstance(statement, Select) or bool(statement.exported_columns)


def _into(type_: TypeEngine[Any], dialect: Dialect) -> Convert:
    convert = type_.dialect_impl(dialect).bind_processor(dialect)
    # One unit writes the same moment many times.
    if convert is not None and isinstance(type_, UtcDateTime):
        return lru_cache(maxsize=64)(convert)
    return convert


def _out(type_: TypeEngine[Any], dialect: Dialect) -> Convert:
    return type_.dialect_impl(dialect).result_processor(dialect, None)


_compiled: dict[tuple[int, str, tuple[str, ...]], _Compiled] = {}


def dialect_name(session: Session) -> str:
    """sqlite or postgresql."""
    return _connection(session).dialect.name


def _connection(session: Session) -> Connection:
    return session.info.get(CONNECTION) or session.connection()


def run(session: Session, statement: Statement, **values: Any) -> Rows:
    """Execute a prepared statement in the session's transaction. What the session still holds
    back is written first, as it is for ORM queries. The statement must live as long as the
    process: it is known by its identity. Raises SQLAlchemy's DBAPIError and its kinds."""
    if not session._is_clean():
        session.flush()
    connection = _connection(session)
    dialect = connection.dialect
    key = (id(statement), dialect.name, tuple(values))
    ready = _compiled.get(key)
    if ready is None:
        ready = _compiled[key] = _Compiled(statement, dialect, values)
    found = _execute(connection, ready.sql, ready.parameters(values), reads=bool(ready.out))
    return Rows(map(ready.row, found))


def order(connection: Connection, sql: str) -> None:
    """Execute a statement that takes and returns nothing (BEGIN, PRAGMA …) right in the driver.
    Raises SQLAlchemy's DBAPIError and its kinds."""
    _execute(connection, sql, (), reads=False)


def _execute(connection: Connection, sql: str, parameters: Any, *, reads: bool) -> Sequence[Any]:
    dialect = connection.dialect
    errors = dialect.loaded_dbapi.Error
    listeners = connection.engine.dispatch
    cursor = connection.connection.cursor()
    told = (connection, cursor, sql, None, None, False)
    try:
        for listener in listeners.before_cursor_execute:
            listener(*told)
        cursor.execute(sql, parameters)
        for listener in listeners.after_cursor_execute:
            listener(*told)
        return cursor.fetchall() if reads else ()
    except errors as error:
        # The words of residents are among the parameters: they never get into an error's text.
        raise DBAPIError.instance(
            sql, None, error, errors, hide_parameters=True, dialect=dialect
        ) from error
    finally:
        cursor.close()


def adopt(session: Session, model: type[Row], values: Mapping[str, Any]) -> Row:
    """A row that a prepared statement just wrote or read, in the session as if the ORM had loaded
    it: later changes of it are written, what is there already is not. All columns must be given,
    `id` among them."""
    row = cast(Row, inspect(model).class_manager.new_instance())
    row.__dict__.update(values)
    # As SQLAlchemy's own loading does it: `session.add` would look for cascades and tell events.
    state = inspect(row)
    state.key = identity_key(model, values["id"])
    state.session_id = session.hash_key
    session.identity_map.add(state)
    return row
