"""Who is told when a clock runs, and what a sweep must do with it now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import accumulate
from types import MappingProxyType

from bot.domain.clocks import ClockKind, ClockSnapshot, share_of_clock
from bot.domain.deadlines import (
    BEIJING,
    ZERO,
    Span,
    WorkCalendar,
    add_office_time,
    add_span,
    add_working_days,
    office_time_between,
)
from bot.domain.rungs import ENDINGS, After, Basis, Rung, Step, checked, rung

_ACCEPT_OVERDUE = (
    rung("100%", "second_convener", "accept_overdue"),
    rung("100%", "station_head", "accept_overdue"),
    rung("+1d", "district_convener", "accept_overdue"),
    rung("+2d", "staff", "accept_overdue"),
    rung("+2d", "leader", "accept_overdue"),
)

_EMERGENCY = tuple(
    rung(f"{minutes}m", audience, "emergency_repeat")
    for minutes in range(5, 65, 5)
    for audience in (("duty", "staff") if minutes == 5 else ("duty", "staff", "leader"))
)

SHORT_ACCEPT = "accept_short"
"""The accept ladder of a clock of one working day or less: one reminder is enough."""

LADDERS: Mapping[str, tuple[Rung, ...]] = MappingProxyType(
    {
        name: checked(ladder)
        for name, ladder in {
            ClockKind.SETTLE.value: (rung("100%", "system", "", "dispatch"),),
            ClockKind.TRIAGE.value: (
                rung("100%", "staff", "triage_overdue"),
                rung("100%", "resident", "triage_late"),
                rung("+1d", "leader", "triage_overdue"),
            ),
            ClockKind.ACCEPT.value: (
                rung("50%", "holder", "accept_reminder"),
                rung("80%", "holder", "accept_reminder"),
                *_ACCEPT_OVERDUE,
            ),
            SHORT_ACCEPT: (rung("80%", "holder", "accept_reminder"), *_ACCEPT_OVERDUE),
            ClockKind.ANSWER.value: (
                rung("due-1d", "holder", "answer_due_soon"),
                rung("100%", "holder", "answer_overdue"),
                rung("100%", "station_head", "answer_overdue"),
                rung("+1d", "district_convener", "answer_overdue"),
                rung("+2d", "staff", "answer_overdue"),
                rung("+2d", "leader", "answer_overdue"),
            ),
            # The question went out with the answer: that was the first of three tries.
            ClockKind.FEEDBACK.value: (
                rung("1d", "resident", "callback"),
                rung("2d", "resident", "callback"),
                rung("100%", "system", "", "close_unrated"),
            ),
            ClockKind.EMERGENCY.value: _EMERGENCY,
            ClockKind.QUESTION.value: (rung("100%", "system", "", "lapse_question"),),
            # Silence after an answer from the list: it goes its way as any other demand.
            ClockKind.OFFER.value: (rung("100%", "system", "", "lapse_offer"),),
            # It comes back by itself; who has it and the station's head are told by what it does.
            ClockKind.HOLD.value: (rung("100%", "system", "", "end_hold"),),
            # The owner can do without this part, so it climbs no higher and is given up.
            ClockKind.ASSIST.value: (
                rung("due-1d", "holder", "assist_due_soon"),
                rung("100%", "holder", "assist_overdue"),
                rung("+2d", "owner", "assist_late", "lapse_assist"),
            ),
            ClockKind.PROGRESS.value: (
                rung("100%", "owner", "progress_wanted"),
                rung("+2d", "station_head", "progress_wanted", "watch_progress"),
            ),
            ClockKind.SUPERVISION.value: (
                rung("50%", "first_convener", "supervised_chase"),
                rung("50%", "owner", "supervised_chase"),
                rung("100%", "owner", "supervised_chase"),
                rung("100%", "station_head", "supervised_chase"),
                rung("+1d", "district_convener", "supervised_chase"),
                rung("+1d", "supervisor", "supervision_late", "press_on"),
            ),
        }.items()
    }
)
"""The defaults: ladder name → rungs. An office's own ladders replace them by name."""


@dataclass(frozen=True, slots=True)
class Fired:
    """A rung that is due and must be recorded now. `superseded`: a later rung for the same
    audience is due too, or comes the same day before it is late, so this one's notice is not sent;
    its effect, if any, still counts."""

    index: int
    rung: Rung
    due_at: datetime
    superseded: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """What a sweep does: record all of `fired`, in order, then look again at `next_step_at`
    (None: never, unless the clock is resumed). `ended`: the clock is over."""

    fired: tuple[Fired, ...]
    next_step_at: datetime | None
    ended: bool


def ladder_for(
    kind: ClockKind,
    cal: WorkCalendar,
    started: datetime,
    due: datetime,
    *,
    ladders: Mapping[str, tuple[Rung, ...]] = LADDERS,
) -> tuple[Rung, ...]:
    """The ladder of a clock that starts now."""
    if kind is ClockKind.ACCEPT and due <= add_working_days(cal, started, 1):
        return ladders[SHORT_ACCEPT]
    return ladders[kind.value]


def step_times(
    ladder: Sequence[Rung],
    kind: ClockKind,
    cal: WorkCalendar,
    *,
    started: datetime,
    due: datetime,
) -> tuple[datetime, ...]:
    """The moment of each rung, never going back: a rung whose own time would come before that
    of the rung above it (or before the clock can start) waits for it."""
    first = started if kind.wall else cal.next_opening(started)
    wanted = [rung_moment(each.after, kind, cal, started, due) for each in ladder]
    return tuple(accumulate(wanted, max, initial=first))[1:]


def start_clock(
    kind: ClockKind,
    cal: WorkCalendar,
    started: datetime,
    due: datetime,
    *,
    ladders: Mapping[str, tuple[Rung, ...]] = LADDERS,
) -> ClockSnapshot:
    """A new clock with its plan. `due` comes from clocks.due_time."""
    ladder = ladder_for(kind, cal, started, due, ladders=ladders)
    times = step_times(ladder, kind, cal, started=started, due=due)
    return ClockSnapshot(kind, started, due, tuple(map(Step, ladder, times)))


def extended(clock: ClockSnapshot, cal: WorkCalendar, days: int) -> ClockSnapshot:
    """The clock with `days` working days more. Rungs that are over stay over, those ahead keep
    their place relative to the due time."""
    due = add_working_days(cal, clock.due, days)
    pending = clock.steps[clock.rung :]
    moved = tuple(replace(s, at=add_working_days(cal, s.at, days)) for s in pending)
    return replace(clock, due=due, steps=clock.steps[: clock.rung] + moved)


def decide(clock: ClockSnapshot, now: datetime) -> Decision:
    """Which rungs to record now. Each is returned once if the caller stores `rung` after it
    (see advanced), however late and in however many pieces the sweeps come."""
    if clock.ended_at is not None or clock.paused_at is not None:
        return Decision((), None, clock.ended_at is not None)
    due = []
    for index in range(clock.rung, len(clock.steps)):
        if clock.steps[index].at > now:
            break
        due.append(index)
    audiences = {clock.steps[index].rung.audience: index for index in due}
    fired = tuple(
        Fired(
            index,
            step.rung,
            step.at,
            audiences[step.rung.audience] > index or _again_today(clock, index),
        )
        for index, step in ((i, clock.steps[i]) for i in due)
    )
    rest = clock.steps[clock.rung + len(fired) :]
    ended = any(each.rung.effect in ENDINGS for each in fired)
    return Decision(fired, rest[0].at if rest else None, ended)


def _again_today(clock: ClockSnapshot, index: int) -> bool:
    """Whether the same people have a better chance later on the same day: one reminder a day is
    enough, and the last one before the due time is the one to keep."""
    step = clock.steps[index]
    day = step.at.astimezone(BEIJING).date()
    return not clock.kind.wall and any(
        later.rung.audience == step.rung.audience
        and later.at < clock.due
        and later.at.astimezone(BEIJING).date() == day
        for later in clock.steps[index + 1 :]
    )


def is_last_chance(clock: ClockSnapshot, index: int) -> bool:
    """Whether this rung is the last for its people before the clock is late."""
    audience = clock.steps[index].rung.audience
    before = [
        number
        for number, step in enumerate(clock.steps)
        if step.rung.audience == audience and step.at < clock.due
    ]
    return before[-1:] == [index]


def advanced(clock: ClockSnapshot, decision: Decision, now: datetime) -> ClockSnapshot:
    """The clock after a decision was carried out."""
    ended_at = clock.ended_at or (now if decision.ended else None)
    return replace(clock, rung=clock.rung + len(decision.fired), ended_at=ended_at)


def repeated(clock: ClockSnapshot, cal: WorkCalendar, now: datetime) -> ClockSnapshot:
    """A clock that runs on past its last rung gets one more, so that nothing open is ever without
    a next step: the intake desk hears of it again each working day, of an emergency nobody has
    acknowledged the duty desk, too, each hour. Other clocks come back as they were."""
    if clock.ended_at or clock.paused_at or not clock.steps or clock.rung < len(clock.steps):
        return clock
    last = clock.steps[-1].rung
    wall = clock.kind.wall
    at = now + timedelta(hours=1) if wall else add_working_days(cal, now, 1)
    after = _one_later(last.after)
    audiences = ("duty", "staff") if wall else ("staff",)
    more = tuple(Step(Rung(after, audience, last.notice), at) for audience in audiences)
    return replace(clock, steps=clock.steps + more)


def wound_up(clock: ClockSnapshot, now: datetime) -> ClockSnapshot:
    """A drill's clock past its last rung: whoever was rung last has as long to answer as the first
    had; then the drill is over. Other clocks come back as they were."""
    if clock.ended_at or clock.rung < len(clock.steps):
        return clock
    after = _one_later(clock.steps[-1].rung.after)
    end = Step(Rung(after, "system", "", "end_drill"), now + (clock.due - clock.started))
    return replace(clock, steps=(*clock.steps, end))


def _one_later(after: After) -> After:
    """A day (counted from the start: an hour) later than this, as the ladder writes it."""
    length = after.span.length if after.span else ZERO
    if after.basis is Basis.START:
        return After(after.basis, span=Span(int(length / timedelta(hours=1)) + 1, "h"))
    days = int(length / timedelta(days=1)) if after.basis is Basis.AFTER_DUE else 0
    return After(Basis.AFTER_DUE, span=Span(days + 1, "d"))


def rung_moment(
    after: After, kind: ClockKind, cal: WorkCalendar, started: datetime, due: datetime
) -> datetime:
    """The moment that a rung asks for, whatever stands around it."""
    if after.span is None:
        return share_of_clock(kind, cal, started, due, share=after.share / 100)
    if after.basis is Basis.START:
        return add_span(cal, started, after.span, wall=kind.wall)
    if after.basis is Basis.AFTER_DUE:
        return add_span(cal, due, after.span, wall=kind.wall)
    if kind.wall:
        return due - after.span.length
    return _before_due(cal, started, due, after.span)


def _before_due(cal: WorkCalendar, started: datetime, due: datetime, span: Span) -> datetime:
    """Working time before the due time, but not before the start."""
    if span.unit == "d":
        return add_working_days(cal, due, -span.amount)
    left = office_time_between(cal, started, due) - span.length
    return add_office_time(cal, started, max(left, ZERO))
