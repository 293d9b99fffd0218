"""Clocks: anything with a due time. A running clock is a snapshot; later edits don't reach it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from bot.domain.deadlines import (
    Span,
    WorkCalendar,
    add_office_time,
    add_span,
    office_time_between,
    share_point,
    wall_share_point,
)
from bot.domain.rungs import Step


class ClockKind(StrEnum):
    """What a clock waits for."""

    SETTLE = "settle"
    """More pieces of a new case."""
    TRIAGE = "triage"
    """Staff, to send an unrouted case somewhere."""
    ACCEPT = "accept"
    ANSWER = "answer"
    FEEDBACK = "feedback"
    """The resident's word on the answer."""
    EMERGENCY = "emergency"
    """Somebody on duty, to acknowledge."""
    QUESTION = "question"
    """The resident's answer to a question of those who have the case."""
    HOLD = "hold"
    """The review date of a case on hold."""
    ASSIST = "assist"
    """An assisting station's part."""
    PROGRESS = "progress"
    """A sign of work on what was accepted; what is done in between starts it anew."""
    SUPERVISION = "supervision"
    """The answer to a case that a leader has put under supervision (督办)."""
    OFFER = "offer"
    """The resident's word on an answer from the list of common questions."""

    @property
    def wall(self) -> bool:
        """Runs in wall time, nights and holidays too; all others count working time."""
        return self in (ClockKind.SETTLE, ClockKind.EMERGENCY)


DEFAULT_SPANS: Mapping[ClockKind, Span] = MappingProxyType(
    {
        ClockKind.SETTLE: Span(60, "s"),
        ClockKind.TRIAGE: Span(4, "h"),
        ClockKind.ACCEPT: Span(1, "d"),
        ClockKind.ANSWER: Span(5, "d"),
        ClockKind.FEEDBACK: Span(7, "d"),
        ClockKind.EMERGENCY: Span(5, "m"),
        ClockKind.QUESTION: Span(3, "d"),
        ClockKind.ASSIST: Span(3, "d"),
        ClockKind.PROGRESS: Span(5, "d"),
        ClockKind.SUPERVISION: Span(2, "d"),
        ClockKind.OFFER: Span(1, "d"),
    }
)
"""Used where neither a setting nor the category (answer: 3, 5 or 15 days) says otherwise.
The due time of HOLD is the review date itself."""


@dataclass(frozen=True, slots=True)
class ClockSnapshot:
    """A running clock as the sweep sees it. `rung` counts the rungs already recorded."""

    kind: ClockKind
    started: datetime
    due: datetime
    steps: tuple[Step, ...]
    rung: int = 0
    paused_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def next_step_at(self) -> datetime | None:
        """When to look again; None while paused, when ended, and past the last rung."""
        if self.paused_at or self.ended_at or self.rung >= len(self.steps):
            return None
        return self.steps[self.rung].at


SIDE_CLOCKS = frozenset(
    {
        *(ClockKind.SETTLE, ClockKind.ASSIST, ClockKind.PROGRESS, ClockKind.SUPERVISION),
        ClockKind.OFFER,
    }
)
"""What runs beside the times that a station owes the resident."""


def due_time(
    kind: ClockKind,
    cal: WorkCalendar,
    started: datetime,
    *,
    span: Span | None = None,
    urgent: bool = False,
) -> datetime:
    """When a clock that starts now is due. `urgent` halves the accept clock."""
    due = add_span(cal, started, span or DEFAULT_SPANS[kind], wall=kind.wall)
    if urgent and kind is ClockKind.ACCEPT:
        return share_of_clock(kind, cal, started, due, share=0.5)
    return due


def share_of_clock(
    kind: ClockKind, cal: WorkCalendar, started: datetime, due: datetime, *, share: float
) -> datetime:
    """The moment when `share` (0 to 1) of a clock has passed, in the time it counts."""
    if kind.wall:
        return wall_share_point(started, due, share)
    return share_point(cal, started, due, share)


def paused(clock: ClockSnapshot, now: datetime) -> ClockSnapshot:
    """Stop counting. Pausing a paused or ended clock changes nothing."""
    if clock.paused_at or clock.ended_at:
        return clock
    return replace(clock, paused_at=now)


def resumed(clock: ClockSnapshot, cal: WorkCalendar, now: datetime) -> ClockSnapshot:
    """Go on counting: the due time and the rungs still ahead move by what was paused, in the
    time the clock counts. What was due before the pause stays due."""
    stopped = clock.paused_at
    if stopped is None:
        return clock

    def moved(at: datetime) -> datetime:
        if at <= stopped:
            return at
        if clock.kind.wall:
            return at + (now - stopped)
        return add_office_time(cal, at, office_time_between(cal, stopped, now))

    pending = tuple(Step(s.rung, moved(s.at)) for s in clock.steps[clock.rung :])
    steps = clock.steps[: clock.rung] + pending
    return replace(clock, steps=steps, due=moved(clock.due), paused_at=None)


def brought_back(clock: ClockSnapshot, latest: datetime) -> ClockSnapshot:
    """The clock with no rung planned after `latest`: what was planned by a wrong time."""
    steps = tuple(Step(s.rung, min(s.at, latest)) for s in clock.steps)
    return replace(clock, steps=steps)
