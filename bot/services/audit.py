"""The access log is sealed each minute, read by auditors, and verified by `flask audit`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.domain.access import CHINESE, AccessRow, Seal, broken
from bot.domain.retention import RULES
from bot.services.ports import Deps
from bot.store import access, cases, console

AT_A_TIME = 50
"""Lines on a page."""


def seal(deps: Deps) -> Sequence[Seal]:
    """Seal what was written since the last time. The job of this name."""
    with deps.database.read() as session:
        if not access.unsealed(session):
            return []
    with deps.database.write() as session:
        made = access.seal(session, deps.clock.now())
    return [made] if made else []


@dataclass(frozen=True, slots=True)
class Fault:
    """A seal that does not hold. `what`: `chain` (a seal was changed, dropped or slipped in), `gap`
    (seals that don't follow each other), `rows` (lines were changed, dropped or slipped in),
    `cut` (fewer lines are there than were ever written), `end` (a digest noted earlier is not in
    the chain: its end was cut off, or all of it was made anew)."""

    what: str
    first: int
    last: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Verified:
    """What came out. `seals`, `lines`: how many were checked; `let_go`: lines no longer kept
    because of their age; `unsealed`: lines of the last minute; `head`: the newest digest."""

    seals: int
    lines: int
    let_go: int
    unsealed: int
    head: str
    faults: tuple[Fault, ...]


def verify(deps: Deps, expect: str = "") -> Verified:
    """Follow the whole chain. `expect`: a digest written down earlier, elsewhere: it must still be
    in the chain, or somebody has made the whole chain anew."""
    keep_least = deps.clock.now() - timedelta(days=RULES["access_log"].least)
    before: Seal | None = None
    faults: list[Fault] = []
    count = lines = let_go = 0
    found = not expect
    with deps.database.read() as session:
        oldest = access.oldest_id(session) or 0
        for each in access.seals(session):
            gone = each.first < oldest and each.at < keep_least
            rows = None if gone else _readable(session, each)
            if what := broken(each, before, rows):
                faults.append(Fault(what, each.first, each.last, each.at))
            count += 1
            lines, let_go = lines + len(rows or ()), let_go + (each.last - each.first + 1) * gone
            found, before = found or each.digest == expect, each
        unsealed = access.unsealed(session)
        written = access.written(session)
    if (before.last if before else 0) + unsealed < written:
        faults.append(Fault("cut", (before.last if before else 0) + unsealed + 1, written, None))
    if not found:
        faults.append(Fault("end", 0, before.last if before else 0, None))
    return Verified(count, lines, let_go, unsealed, before.digest if before else "", tuple(faults))


def _readable(session: Session, seal: Seal) -> list[AccessRow]:
    """The lines under a seal; none where they can't even be read, which breaks it as well."""
    try:
        return access.between(session, seal.first, seal.last)
    except (ValueError, TypeError, SQLAlchemyError):
        return []


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the log as an auditor reads it."""

    id: int
    at: datetime
    kind: str
    words: str
    login: str
    number: str
    address: str
    reason: str
    data: dict[str, Any]


def lines(deps: Deps, before: int | None = None, limit: int = AT_A_TIME) -> list[Line]:
    """The newest lines, or those before a line."""
    with deps.database.read() as session:
        rows = access.newest(session, limit, before)
        logins = console.logins(session)
        numbers = cases.numbers(session, {row.case_id for row in rows if row.case_id is not None})
        return [
            Line(
                row.id, row.at, row.kind, CHINESE.get(row.kind, row.kind),
                logins.get(row.account_id or 0, ""),
                numbers.get(row.case_id or 0, ""), row.address, row.reason, dict(row.data),
            )
            for row in rows
        ]  # fmt: skip
