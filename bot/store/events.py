"""Writing and reading what happened."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.orm import Session

from bot.domain.events import EVENTS
from bot.models.cases import Event
from bot.store.prepared import run, table

_E = table(Event)
_INSERT = insert(_E)
_TOLD = (
    select(_E.c.kind, _E.c.at, _E.c.data)
    .where(_E.c.case_id == bindparam("of_case"))
    .order_by(_E.c.id)
)


@dataclass(frozen=True, slots=True)
class By:
    """Who did it: kind is system, resident, post or shell."""

    kind: str
    post_id: int | None = None
    for_post_id: int | None = None
    """Whose post a stand-in carried."""


SYSTEM = By("system")
RESIDENT = By("resident")
SHELL = By("shell")


def record(
    session: Session,
    at: datetime,
    kind: str,
    *,
    case_id: int | None = None,
    by: By = SYSTEM,
    reason: str = "",
    about: str | None = None,
    **data: Any,
) -> None:
    """Append one event. `about`: the row of master data that it tells of. ValueError for a kind or
    a field that EVENTS doesn't know."""
    _check(kind, data)
    run(
        session, _INSERT, case_id=case_id, kind=kind, at=at, actor=by.kind, post_id=by.post_id,
        reason=reason, data=data, for_post_id=by.for_post_id, about=about,
    )  # fmt: skip


def of_rows(session: Session, names: Collection[str], limit: int) -> Sequence[Event]:
    """The newest events about these rows of master data."""
    query = select(Event).where(Event.about.in_(names)).order_by(Event.id.desc())
    return session.scalars(query.limit(limit)).all()


def record_rung(
    session: Session, at: datetime, *, case_id: int, clock_id: int, due_at: datetime, **data: Any
) -> None:
    """Append the event of one rung, with its clock and the moment it was due: how late it came is
    published."""
    _check("rung", data)
    run(
        session, _INSERT, case_id=case_id, kind="rung", at=at, actor=SYSTEM.kind, post_id=None,
        reason="", data=data, clock_id=clock_id, due_at=due_at,
    )  # fmt: skip


def _check(kind: str, data: dict[str, Any]) -> None:
    unknown = set(data) - set(EVENTS.get(kind, ()))
    if kind not in EVENTS or unknown:
        raise ValueError(f"event {kind!r} does not take {sorted(unknown)}")


def of_case(session: Session, case_id: int) -> list[Event]:
    """All events of a case, oldest first."""
    query = select(Event).where(Event.case_id == case_id).order_by(Event.id)
    return list(session.scalars(query))


_BESIDE = ("supervised", "released", "hold_refused", "extension_refused")


def worked_on(session: Session, case_id: int, since: datetime) -> datetime | None:
    """When somebody of the network last did something about a case after that, what leaders and
    heads said of it not counted; None when nobody did."""
    query = select(func.max(Event.at)).where(
        Event.case_id == case_id, Event.actor == "post", Event.kind.not_in(_BESIDE),
        Event.at > since,
    )  # fmt: skip
    return session.execute(query).scalar()


def last_of(
    session: Session, post_ids: Collection[int], kinds: Collection[str], since: datetime
) -> Event | None:
    """The last event of these kinds by one of these posts after that."""
    query = select(Event).where(
        Event.post_id.in_(post_ids), Event.kind.in_(kinds), Event.at > since
    )  # fmt: skip
    return session.scalar(query.order_by(Event.id.desc()).limit(1))


def last_post(session: Session, case_id: int, kind: str) -> int | None:
    """Under which post this happened to a case last; None when it never did."""
    query = select(Event.post_id).where(Event.case_id == case_id, Event.kind == kind)
    return session.execute(query.order_by(Event.id.desc()).limit(1)).scalar()


@dataclass(frozen=True, slots=True)
class Told:
    """What a story needs of an event."""

    kind: str
    at: datetime
    data: dict[str, Any]


def told(session: Session, case_id: int) -> list[Told]:
    """Events of a case, oldest first."""
    return [Told(*row) for row in run(session, _TOLD, of_case=case_id)]
