"""并案: which case may go into which other one, and what becomes of the other one's times.

A merged case keeps its number and its resident's words, and waits for nothing of its own: the case
that it points to is worked on. It stands by itself again with the answer, or when they are taken
apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from bot.domain.cases import Queue, State
from bot.domain.clocks import ClockKind, ClockSnapshot
from bot.domain.deadlines import WorkCalendar
from bot.domain.ladders import step_times
from bot.domain.rungs import Step

CARRIED = (ClockKind.TRIAGE, ClockKind.ACCEPT, ClockKind.ANSWER)
"""Times that residents are told of: of two, the earlier one holds."""

SHARED = frozenset(
    {"dispatched", "accepted", "returned", "consulting", "held", "hold_over", "extended",
     "triage_late"}
)  # fmt: skip
"""Notices that the residents of merged cases get as well, each about their own number. What is
asked of one person goes to that person alone."""

_RANK: Mapping[State, int] = MappingProxyType(
    {
        State.NEW: 0,
        State.DISPATCHED: 1,
        State.ACCEPTED: 2,
        State.CONSULTING: 2,
        State.ON_HOLD: 2,
    }
)
"""How far a case has come. States that are missing here are over, or answered."""


@dataclass(frozen=True, slots=True)
class Mergeable:
    """What must be known of each of the two."""

    id: int
    state: State
    queue: Queue | None = None
    settling: bool = False
    guarded: bool = False
    """Only for named people, or somebody is in danger."""
    wants_human: bool = False
    supervised: bool = False
    merged: bool = False


def why_not_merge(case: Mergeable, into: Mergeable) -> str | None:
    """The key of the sentence that refuses; None when `case` may go into `into`."""
    both = (case, into)
    if case.id == into.id or case.merged:
        return "console.merge_self"
    if any(each.guarded or each.queue in (Queue.EMERGENCY, Queue.RESTRICTED) for each in both):
        return "console.merge_guarded"
    if into.merged or into.state not in _RANK or case.state not in _RANK:
        return "console.merge_over"
    if any(each.settling for each in both):
        return "console.merge_settling"
    if case.wants_human:
        return "console.merge_human"
    if case.supervised:
        return "console.merge_supervised"
    if case.state is State.ON_HOLD or _RANK[case.state] > _RANK[into.state]:
        return "console.merge_other_way"
    return None


def hastened(
    clock: ClockSnapshot, cal: WorkCalendar, started: datetime, due: datetime, now: datetime
) -> ClockSnapshot:
    """The clock with the earlier start and due time of the two. Rungs that are over stay over; what
    the new plan had before now comes now (of a paused clock: when it goes on)."""
    started = min(started, clock.started)
    if due >= clock.due:
        return replace(clock, started=started)
    rungs = [step.rung for step in clock.steps]
    planned = step_times(rungs, clock.kind, cal, started=started, due=due)
    first = clock.paused_at or now
    pending = tuple(
        Step(rung, max(at, first))
        for rung, at in zip(rungs[clock.rung :], planned[clock.rung :], strict=True)
    )
    return replace(clock, started=started, due=due, steps=clock.steps[: clock.rung] + pending)


def carried_on(clock: ClockSnapshot, now: datetime) -> ClockSnapshot:
    """A clock that began elsewhere, at its start here: what its plan had before now comes now."""
    return replace(clock, steps=tuple(Step(s.rung, max(s.at, now)) for s in clock.steps))
