"""Databases full of open cases, made by one statement, of which some are due."""

from datetime import datetime, timedelta

from sqlalchemy import Table, TextClause, func, select, text, update

from bot.models.cases import Case
from bot.models.conversation import Outbox
from bot.models.timing import ClockRow
from bot.store.prepared import table
from bot.store.unit_of_work import Database

_CASES, _CLOCKS, _OUTBOX = table(Case), table(ClockRow), table(Outbox)
_SERIES = {
    True: "(WITH RECURSIVE s(n) AS (SELECT :first UNION ALL SELECT n + 1 FROM s WHERE n < :last) "
    "SELECT n FROM s) AS s",
    False: "generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS s(n)",
}
_HOLDERS = (
    "SELECT id AS post_id, unit_id, row_number() OVER (ORDER BY id) - 1 AS place "
    "FROM posts WHERE role = 'first_convener'"
)
"""Whose the copies are, in turn: a city's due clocks are not one person's."""
FAR = timedelta(days=100)
"""After the first case began. What is planned further ahead is taken for a fault, and mended."""


def fill(database: Database, open_cases: int) -> None:
    """Copy case 1, which was dispatched, with its accept clock until there are so many, spread over
    all first conveners; none of them has anything to do for 100 days."""
    span = {"first": 2, "last": open_cases}
    with database.engine.begin() as connection:
        begun = connection.execute(select(func.min(_CLOCKS.c.started_at))).scalar_one()
        connection.execute(update(_CLOCKS).values(next_step_at=begun + FAR))
        accept = select(_CLOCKS.c.id).where(_CLOCKS.c.subject_id == 1, _CLOCKS.c.kind == "accept")
        source = connection.execute(accept.where(_CLOCKS.c.ended_at.is_(None))).scalar_one()
        top = connection.execute(select(func.max(_CLOCKS.c.id))).scalar_one()
        series = _SERIES[database.is_sqlite]
        connection.execute(_copy(_CASES, series, {"id": "s.n", "number": "'B' || s.n",
                                                     "owner_unit_id": "h.unit_id"}),
                           span | {"source": 1})  # fmt: skip
        own = {"id": f"s.n + {top}", "subject_id": "s.n", "holder_post_id": "h.post_id"}
        connection.execute(_copy(_CLOCKS, series, own), span | {"source": source})
        for rows in () if database.is_sqlite else ("cases", "clocks"):
            renew = f"SELECT setval('{rows}_id_seq', max(id)) FROM {rows}"  # noqa: S608 - our own
            connection.execute(text(renew))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _copy(rows: Table, series: str, own: dict[str, str]) -> TextClause:
    names = [column.name for column in rows.columns]
    taken = ", ".join(own.get(name, f"t.{name}") for name in names)
    return text(
        f"INSERT INTO {rows} ({', '.join(names)}) "  # noqa: S608 - names of our own columns
        f"SELECT {taken} FROM {rows} t, {series} JOIN ({_HOLDERS}) h "
        f"ON h.place = s.n % (SELECT count(*) FROM ({_HOLDERS}) c) WHERE t.id = :source"
    )


def make_due(database: Database, first: int, count: int) -> None:
    """The accept clocks of so many cases from this one on have something to do."""
    some = _CLOCKS.c.subject_id.between(first, first + count - 1) & _CLOCKS.c.ended_at.is_(None)
    with database.engine.begin() as connection:
        connection.execute(
            update(_CLOCKS).where(some, _CLOCKS.c.kind == "accept")
            .values(next_step_at=_CLOCKS.c.started_at)
        )  # fmt: skip


def forget_notices(database: Database) -> None:
    """What an earlier round left to be sent is nobody's work any more."""
    with database.engine.begin() as connection:
        connection.execute(update(_OUTBOX).values(state="skipped", leased_until=None))


def due(database: Database, now: datetime) -> int:
    """How many clocks have something to do now."""
    query = select(func.count()).select_from(_CLOCKS).where(_CLOCKS.c.next_step_at <= now)
    with database.engine.connect() as connection:
        return int(connection.execute(query).scalar_one())


def unsent(database: Database) -> int:
    """How many notices still wait or are on their way."""
    query = select(func.count()).select_from(_OUTBOX)
    query = query.where(_OUTBOX.c.state.in_(("queued", "sending")))
    with database.engine.connect() as connection:
        return int(connection.execute(query).scalar_one())
