"""Statements on the webhook's path are compiled once and handed straight to the driver.

Of a message's time under the write lock most was SQLAlchemy preparing the same dozen statements
again; `docs/performance.md` has the figures. The transaction, the connection and the types stay
SQLAlchemy's own. Elsewhere plain ORM queries read better.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar, cast

from sqlalchemy import Dialect, FromClause, Table, inspect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, configure_mappers, make_transient_to_detached
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.selectable import Select
from sqlalchemy.types import TypeEngine

from bot.models.base import Base

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

    def __init__(self, statement: Statement, dialect: Dialect, names: Iterable[str]) -> None:
        self.dialect = dialect
        compiled = statement.compile(dialect=dialect, column_keys=list(names))
        if forgotten := [column.name for column in compiled.insert_prefetch or ()]:
            raise TypeError(f"prepared statements have no defaults: give {forgotten}")
        self.sql = str(compiled)
        self.order = compiled.positiontup if compiled.positional else None
        self.into = [
            (name, _into(bind.type, dialect), bind.value) for name, bind in compiled.binds.items()
        ]
        returned = statement.exported_columns if _returns(statement) else ()
        self.out = [_out(column.type, dialect) for column in returned]
        self.converts = any(self.out)

    def parameters(self, values: Mapping[str, Any]) -> Any:
        """The values as the driver wants them; those not given are the statement's own."""
        ready = {}
        for name, convert, fixed in self.into:
            value = values.get(name, fixed)
            ready[name] = value if convert is None else convert(value)
        return ready if self.order is None else [ready[name] for name in self.order]

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
    return type_.dialect_impl(dialect).bind_processor(dialect)


def _out(type_: TypeEngine[Any], dialect: Dialect) -> Convert:
    return type_.dialect_impl(dialect).result_processor(dialect, None)


_compiled: dict[tuple[int, str, tuple[str, ...]], _Compiled] = {}


def run(session: Session, statement: Statement, **values: Any) -> Rows:
    """Execute a prepared statement in the session's transaction. What the session still holds
    back is written first, as it is for ORM queries. The statement must live as long as the
    process: it is known by its identity. Raises SQLAlchemy's DBAPIError and its kinds."""
    if session.new or session.dirty or session.deleted:
        session.flush()
    dialect = session.get_bind().dialect
    key = (id(statement), dialect.name, tuple(values))
    ready = _compiled.get(key)
    if ready is None:
        ready = _compiled[key] = _Compiled(statement, dialect, values)
    return _execute(session, ready, ready.parameters(values))


def _execute(session: Session, ready: _Compiled, parameters: Any) -> Rows:
    errors = ready.dialect.loaded_dbapi.Error
    connection = session.info.get(CONNECTION) or session.connection()
    listeners = connection.dispatch
    cursor = connection.connection.cursor()
    told = (connection, cursor, ready.sql, None, None, False)
    try:
        for listener in listeners.before_cursor_execute:
            listener(*told)
        cursor.execute(ready.sql, parameters)
        for listener in listeners.after_cursor_execute:
            listener(*told)
        found = cursor.fetchall() if ready.out else ()
    except errors as error:
        # The words of residents are among the parameters: they never get into an error's text.
        raise DBAPIError.instance(
            ready.sql, None, error, errors, hide_parameters=True, dialect=ready.dialect
        ) from error
    finally:
        cursor.close()
    return Rows(map(ready.row, found))


def adopt(session: Session, model: type[Row], values: Mapping[str, Any]) -> Row:
    """A row that a prepared statement just wrote or read, in the session as if the ORM had loaded
    it: later changes of it are written, what is there already is not. All columns must be given."""
    row = cast(Row, inspect(model).class_manager.new_instance())
    row.__dict__.update(values)
    make_transient_to_detached(row)
    session.add(row)
    return row
