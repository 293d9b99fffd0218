"""Running clocks. A sweep finds its work by the index on `next_step_at` alone."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.domain.clocks import SIDE_CLOCKS, ClockKind, ClockSnapshot
from bot.domain.rungs import steps_from_json, steps_to_json
from bot.models.timing import ClockRow
from bot.store.prepared import dialect_name, run, table
from bot.store.remembering import once

CASE, DRILL = "case", "drill"

_T = table(ClockRow)
_START = {
    "sqlite": sqlite.insert(_T).on_conflict_do_nothing().returning(_T.c.id),
    "postgresql": postgresql.insert(_T).on_conflict_do_nothing().returning(_T.c.id),
}
_END = (
    update(_T)
    .where(_T.c.subject_kind == CASE, _T.c.subject_id == bindparam("case_id"))
    .where(_T.c.ended_at.is_(None))
    .values(ended_at=bindparam("now"), next_step_at=None, end_reason=bindparam("why"))
)
_END_KINDS = _END.where(_T.c.kind.in_(bindparam("kinds", expanding=True)))
_RUNNING = select(ClockRow).where(
    ClockRow.subject_kind == CASE,
    ClockRow.subject_id == bindparam("case_id"),
    ClockRow.ended_at.is_(None),
)


def start_drill(session: Session, drill_id: int, clock: ClockSnapshot) -> None:
    """Start the alarm's clock on a drill."""
    session.add(
        ClockRow(
            subject_kind=DRILL, subject_id=drill_id, kind=clock.kind.value,
            started_at=clock.started, due_at=clock.due, ladder=steps_to_json(clock.steps),
            next_step_at=clock.next_step_at,
        )
    )  # fmt: skip


def end_drill(session: Session, drill_id: int, now: datetime, reason: str) -> None:
    """The drill's clock stops."""
    session.execute(
        update(ClockRow)
        .where(ClockRow.subject_kind == DRILL, ClockRow.subject_id == drill_id)
        .where(ClockRow.ended_at.is_(None))
        .values(ended_at=now, next_step_at=None, end_reason=reason)
    )


def start(
    session: Session, case_id: int, clock: ClockSnapshot, holder_post_id: int | None = None
) -> None:
    """Start a clock on a case; one of its kind that still runs is replaced."""
    values = {
        "subject_kind": CASE, "subject_id": case_id, "kind": clock.kind.value,
        "holder_post_id": holder_post_id, "started_at": clock.started, "due_at": clock.due,
        "ladder": steps_to_json(clock.steps), "rung": 0, "next_step_at": clock.next_step_at,
        "end_reason": "",
    }  # fmt: skip
    statement = _START[dialect_name(session)]
    if run(session, statement, **values).first() is None:  # one of its kind runs already
        end(session, case_id, {clock.kind}, clock.started, "restarted")
        run(session, statement, **values)


def end(
    session: Session, case_id: int, kinds: Collection[ClockKind] | None, now: datetime, reason: str
) -> None:
    """End the running clocks of these kinds (None: all) of a case."""
    values = {"case_id": case_id, "now": now, "why": reason}
    if kinds is None:
        run(session, _END, **values)
    else:
        session.execute(_END_KINDS, {"kinds": [k.value for k in kinds]} | values)


def running(session: Session, case_id: int) -> dict[ClockKind, ClockRow]:
    """The clocks that run on a case, by kind."""

    def ask() -> dict[ClockKind, ClockRow]:
        rows = session.scalars(_RUNNING, {"case_id": case_id})
        return {ClockKind(row.kind): row for row in rows}

    return once(session, ("running", case_id), ask)


def due_of(running: Mapping[ClockKind, ClockRow]) -> datetime | None:
    """The first time by which somebody of ours must act: no paused clock, none that runs beside
    what the resident was promised, but an assisting station's part."""
    beside = SIDE_CLOCKS - {ClockKind.ASSIST}
    counted = (c.due_at for k, c in running.items() if k not in beside and not c.paused_at)
    return min(counted, default=None)


def due_ids(
    session: Session, now: datetime, limit: int, share: tuple[int, int] = (0, 1)
) -> list[int]:
    """Ids of clocks with something to do now, the longest overdue first. `share`: (which, of how
    many); all clocks of a subject are in the same one."""
    which, parts = share
    query = (
        select(ClockRow.id)
        .where(ClockRow.next_step_at <= now)
        .order_by(ClockRow.next_step_at, ClockRow.id)
        .limit(limit)
    )
    if parts > 1:
        query = query.where(ClockRow.subject_id % parts == which)
    return list(session.execute(query).scalars())


def beyond(session: Session, moment: datetime, but: Collection[ClockKind], limit: int) -> list[int]:
    """Ids of clocks of other kinds than these whose next step lies after a moment."""
    query = (
        select(ClockRow.id)
        .where(ClockRow.next_step_at > moment, ClockRow.kind.not_in([kind.value for kind in but]))
        .limit(limit)
    )
    return list(session.execute(query).scalars())


def shares_due(session: Session, now: datetime, parts: int, look: int) -> list[int]:
    """Which of so many shares have something to do, among the `look` longest overdue clocks."""
    due = (
        select(ClockRow.subject_id)
        .where(ClockRow.next_step_at <= now)
        .order_by(ClockRow.next_step_at)
        .limit(look)
        .subquery()
    )
    query = select((due.c.subject_id % parts).label("share")).distinct().order_by("share")
    return list(session.execute(query).scalars())


def case_id_of(session: Session, clock_id: int) -> int | None:
    """The case that a clock runs on; None for another subject."""
    of_case = ClockRow.subject_kind == CASE
    query = select(ClockRow.subject_id).where(ClockRow.id == clock_id, of_case)
    return session.execute(query).scalar()


def locked(session: Session, clock_id: int) -> ClockRow:
    """One clock, locked, as it is now."""
    return session.scalars(select(ClockRow).where(ClockRow.id == clock_id).with_for_update()).one()


def snapshot(row: ClockRow) -> ClockSnapshot:
    """The row as the domain sees it."""
    return ClockSnapshot(
        ClockKind(row.kind), row.started_at, row.due_at, steps_from_json(row.ladder),
        row.rung, row.paused_at, row.ended_at,
    )  # fmt: skip


def keep(row: ClockRow, after: ClockSnapshot) -> None:
    """Write down what a decision made of the clock."""
    row.rung = after.rung
    row.ended_at = after.ended_at
    row.next_step_at = after.next_step_at
    if len(after.steps) != len(row.ladder):
        row.ladder = steps_to_json(after.steps)
    if after.ended_at is not None:
        row.end_reason = "ladder"


def rewrite(row: ClockRow, after: ClockSnapshot) -> None:
    """Write down a clock whose times changed: paused, resumed or extended."""
    row.started_at, row.due_at, row.paused_at = after.started, after.due, after.paused_at
    row.rung, row.next_step_at = after.rung, after.next_step_at
    row.ladder = steps_to_json(after.steps)


def next_step(session: Session) -> datetime | None:
    """When the next clock has something to do."""
    return session.execute(select(func.min(ClockRow.next_step_at))).scalar()


def next_step_of(session: Session, case_id: int) -> datetime | None:
    """When something happens next on this case."""
    query = select(func.min(ClockRow.next_step_at)).where(
        ClockRow.subject_kind == CASE, ClockRow.subject_id == case_id
    )
    return session.execute(query).scalar()


def postpone(row: ClockRow, now: datetime) -> None:
    """Look at a clock that could not be carried out again in an hour."""
    if row.next_step_at is not None:
        row.next_step_at = now + timedelta(hours=1)
