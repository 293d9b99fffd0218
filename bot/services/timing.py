"""Starting the clocks of a case by the office's calendar."""

from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from bot.domain.clocks import ClockKind, due_time, resumed
from bot.domain.deadlines import BEIJING, Span, add_working_days
from bot.domain.ladders import start_clock
from bot.domain.merging import carried_on
from bot.models.cases import Case
from bot.services.ports import Deps
from bot.store import clocks, office_ladders


def accept_due(deps: Deps, case: Case, start: datetime) -> datetime:
    """By when a station must accept a case that is dispatched at `start`."""
    urgent = case.urgency != "normal"
    return due_time(ClockKind.ACCEPT, deps.calendar(), start, urgent=urgent)


def triage_due(deps: Deps, start: datetime) -> datetime:
    """By when staff must have routed a case that reached their queue at `start`."""
    return due_time(ClockKind.TRIAGE, deps.calendar(), start)


def next_promise(deps: Deps, missed: datetime) -> datetime:
    """By when staff must have routed it after that time was missed: a working day later, when the
    leader is told."""
    return add_working_days(deps.calendar(), missed, 1)


def answer_span(deps: Deps, case: Case) -> Span:
    """3, 5 or 15 working days, by category."""
    info = deps.understander().categories.get(case.category or "")
    return Span(info.days if info else 5, "d")


def answer_due(deps: Deps, session: Session, case: Case, now: datetime) -> str | None:
    """By when the running answer clock wants the answer that is given now, for its event (ISO);
    None without such a clock. One that stands still counts what it has waited."""
    row = clocks.running(session, case.id).get(ClockKind.ANSWER)
    if row is None:
        return None
    return resumed(clocks.snapshot(row), deps.calendar(), now).due.isoformat()


def start_hold(deps: Deps, session: Session, case: Case, now: datetime) -> None:
    """The clock that brings a case on hold back, when the office opens on its review date."""
    assert case.review_date is not None  # noqa: S101 - a hold without a date is refused before
    calendar = deps.calendar()
    midnight = datetime.combine(case.review_date, time.min, BEIJING)
    start_until(deps, session, case, ClockKind.HOLD, now, due=calendar.next_opening(midnight))


def start(
    deps: Deps,
    session: Session,
    case: Case,
    kind: ClockKind,
    now: datetime,
    *,
    holder_post_id: int | None = None,
) -> datetime:
    """Start one clock on a case; returns its due time."""
    calendar = deps.calendar()
    if kind is ClockKind.SETTLE:
        due = now + timedelta(seconds=deps.settings.settle_seconds)
    elif kind is ClockKind.ACCEPT:
        due = accept_due(deps, case, now)
    else:
        span = answer_span(deps, case) if kind is ClockKind.ANSWER else None
        due = due_time(kind, calendar, now, span=span)
    start_until(deps, session, case, kind, now, due=due, holder_post_id=holder_post_id)
    return due


def carry_on(
    deps: Deps, session: Session, case: Case, kind: ClockKind, now: datetime,
    *, times: tuple[datetime, datetime], holder_post_id: int | None = None,
) -> None:  # fmt: skip
    """Let a clock that began on another case go on here. `times`: its start and its due time."""
    ladders = office_ladders.in_force(session, now)
    clock = start_clock(kind, deps.calendar(), *times, ladders=ladders)
    clocks.start(session, case.id, carried_on(clock, now), holder_post_id)


def start_until(
    deps: Deps, session: Session, case: Case, kind: ClockKind, started: datetime,
    *, due: datetime, holder_post_id: int | None = None,
) -> None:  # fmt: skip
    """Start one clock that is due at a moment of its own."""
    ladders = office_ladders.in_force(session, started)
    clock = start_clock(kind, deps.calendar(), started, due, ladders=ladders)
    clocks.start(session, case.id, clock, holder_post_id)
