"""What is known of the scheduler itself: when its jobs last ran, and how the lead has moved."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.models.timing import JobTick, LeaseMove
from bot.store.prepared import dialect_name

MOVES_KEPT = timedelta(days=30)
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""`clock_at` of a job that has not run yet."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A run of a job that came to its end, by both clocks (bot.models.timing.JobTick), and what
    all its runs did and failed."""

    name: str
    every: float
    at: datetime
    clock_at: datetime
    did: int
    failures: int
    failure: str


def all_ticks(session: Session) -> list[Tick]:
    """Every job that ever ran."""
    columns = (
        JobTick.name, JobTick.every, JobTick.at, JobTick.clock_at, JobTick.did,
        JobTick.failures, JobTick.failure,
    )  # fmt: skip
    return [Tick(*row) for row in session.execute(select(*columns).order_by(JobTick.name))]


def begin(session: Session, name: str, every: float, at: datetime) -> None:
    """A job counts as alive from now on. When it last ran by our clock stays as it was: what fell
    due since is not its fault."""
    make = postgresql.insert if dialect_name(session) == "postgresql" else sqlite.insert
    session.execute(
        make(JobTick)
        .values(
            name=name, every=every, at=at, clock_at=NEVER, did=0, failures=0, failed_at=None,
            failure="",
        )
        .on_conflict_do_update(index_elements=[JobTick.name], set_={"every": every, "at": at})
    )  # fmt: skip


def keep(
    session: Session, name: str, every: float, at: datetime, clock_at: datetime, *, did: int
) -> None:
    """A job ran to its end and did so many things since the last word of it."""
    _upsert(session, name, every, at=at, clock_at=clock_at, did=did)


def keep_failure(
    session: Session, name: str, every: float, at: datetime, clock_at: datetime, *, failure: str
) -> None:
    """A job failed; when it last ran well stays as it was."""
    _upsert(session, name, every, at=at, clock_at=clock_at, failure=failure)


def _upsert(
    session: Session, name: str, every: float, *, at: datetime, clock_at: datetime,
    did: int = 0, failure: str = "",
) -> None:  # fmt: skip
    make = postgresql.insert if dialect_name(session) == "postgresql" else sqlite.insert
    well = {"at": at, "clock_at": clock_at, "did": JobTick.did + did}
    badly = {"failures": JobTick.failures + 1, "failed_at": at, "failure": failure}
    session.execute(
        make(JobTick)
        .values(
            name=name, every=every, at=at, clock_at=clock_at, did=did, failure=failure,
            failures=1 if failure else 0, failed_at=at if failure else None,
        )
        .on_conflict_do_update(
            index_elements=[JobTick.name],
            set_={"every": every, **(badly if failure else well)},
        )
    )  # fmt: skip


def keep_move(session: Session, name: str, holder: str, now: datetime) -> None:
    """Write it down if the lease has another holder than at its last move. To be called when the
    lease is held and its row locked."""
    last = select(LeaseMove.holder).where(LeaseMove.name == name).order_by(LeaseMove.id.desc())
    if session.scalars(last.limit(1)).first() == holder:
        return
    session.execute(delete(LeaseMove).where(LeaseMove.at < now - MOVES_KEPT))
    session.add(LeaseMove(name=name, holder=holder, at=now))


def moves_since(session: Session, name: str, since: datetime) -> int:
    """How often the lease has moved since then."""
    query = select(func.count(LeaseMove.id)).where(LeaseMove.name == name, LeaseMove.at >= since)
    return session.scalars(query).one()


def forget(session: Session, names: Iterable[str]) -> None:
    """Jobs that are in the table no more."""
    session.execute(delete(JobTick).where(JobTick.name.in_(list(names))))
