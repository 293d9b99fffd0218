"""The access log and its seals: written one after the other, never changed."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, insert, select
from sqlalchemy.orm import Session

from bot.domain.access import KINDS, START, AccessRow, Seal, sealed
from bot.models.console import AccessEntry, AccessSeal
from bot.store import counters
from bot.store.prepared import run, table

_E = table(AccessEntry)
_INSERT = insert(_E)
_ROWS = select(
    _E.c.id, _E.c.at, _E.c.kind, _E.c.account_id, _E.c.case_id, _E.c.address, _E.c.reason, _E.c.data
)
_FAILED = _ROWS.where(_E.c.kind == "login_failed", _E.c.at > bindparam("since")).order_by(_E.c.id)
COUNTER = "access_log"
"""Whoever writes holds this counter until the end of its unit: ids are in the order of commits and
have no gaps, on which the seals stand."""
MOST = 5_000
"""Rows under one seal."""


def record(
    session: Session, at: datetime, kind: str, *, account_id: int | None = None,
    case_id: int | None = None, address: str = "", reason: str = "", **data: Any,
) -> None:  # fmt: skip
    """Append one line. ValueError for a kind or a field that KINDS doesn't know. Needs a write
    unit; to be called late in it, for others wait."""
    if kind not in KINDS or set(data) - set(KINDS[kind]):
        raise ValueError(f"access {kind!r} does not take {sorted(data)}")
    run(
        session, _INSERT, id=counters.next_value(session, COUNTER), at=at, kind=kind,
        account_id=account_id, case_id=case_id, address=address[:45], reason=reason[:300],
        data=data,
    )  # fmt: skip


def failures(session: Session, since: datetime) -> list[AccessRow]:
    """Failed sign-ins after a moment, the oldest first."""
    return [AccessRow(*row) for row in run(session, _FAILED, since=since)]


def count(session: Session, kind: str, account_id: int, since: datetime) -> int:
    """How many lines of a kind an account has after a moment."""
    query = select(func.count()).select_from(_E).where(
        _E.c.kind == kind, _E.c.account_id == account_id, _E.c.at > since
    )  # fmt: skip
    return session.execute(query).scalar_one()


def of_case(session: Session, kind: str, account_id: int, case_id: int) -> list[AccessRow]:
    """Lines of a kind about a case, by an account, the oldest first."""
    return _read(session, _ROWS.where(
        _E.c.kind == kind, _E.c.account_id == account_id, _E.c.case_id == case_id
    ))  # fmt: skip


def newest(session: Session, limit: int, before: int | None = None) -> list[AccessRow]:
    """The newest lines; only older ones than the line `before`, if given."""
    query = _ROWS.order_by(_E.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(_E.c.id < before)
    return [AccessRow(*row) for row in session.execute(query)]


def seal(session: Session, now: datetime) -> Seal | None:
    """Seal what no seal covers yet; None when there is nothing. Needs a write unit."""
    counters.lock(session, COUNTER)  # of two sealers the second sees the first one's seal
    last = session.scalars(select(AccessSeal).order_by(AccessSeal.id.desc()).limit(1)).first()
    rows = _after(session, last.last if last else 0, MOST)
    if not rows:
        return None
    made = sealed(rows, last.digest if last else START, now)
    session.add(
        AccessSeal(first=made.first, last=made.last, at=made.at, rows=made.rows,
                   digest=made.digest)
    )  # fmt: skip
    return made


def seals(session: Session) -> Iterator[Seal]:
    """All seals, the oldest first."""
    query = select(
        AccessSeal.first, AccessSeal.last, AccessSeal.at, AccessSeal.rows, AccessSeal.digest
    ).order_by(AccessSeal.id)
    for row in session.execute(query.execution_options(yield_per=500)):
        yield Seal(*row)


def between(session: Session, first: int, last: int) -> list[AccessRow]:
    """The lines from one id to another."""
    return _read(session, _ROWS.where(_E.c.id.between(first, last)))


def unsealed(session: Session) -> int:
    """How many lines no seal covers yet."""
    covered = select(func.coalesce(func.max(AccessSeal.last), 0)).scalar_subquery()
    return session.execute(
        select(func.count()).select_from(_E).where(_E.c.id > covered)
    ).scalar_one()


def written(session: Session) -> int:
    """How many lines were ever written."""
    return counters.current_value(session, COUNTER)


def oldest_id(session: Session) -> int | None:
    """The id of the first line that is still kept."""
    return session.execute(select(func.min(_E.c.id))).scalar()


def _after(session: Session, last: int, limit: int) -> list[AccessRow]:
    return _read(session, _ROWS.where(_E.c.id > last).limit(limit))


def _read(session: Session, query: Select[Any]) -> list[AccessRow]:
    return [AccessRow(*row) for row in session.execute(query.order_by(_E.c.id))]
