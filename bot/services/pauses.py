"""Pauses of what a case is owed: each begins and ends with an event, and costs no time."""

from bot.domain.cases import State
from bot.domain.clocks import ClockKind, paused, resumed
from bot.models.cases import Case
from bot.services.turn import Turn
from bot.store import clocks, conversation, events

_ASSISTED = frozenset({State.ACCEPTED, State.CONSULTING, State.ON_HOLD})
_WHILE = {
    ClockKind.QUESTION: frozenset({State.ACCEPTED, State.CONSULTING}),
    ClockKind.HOLD: frozenset({State.ON_HOLD}),
    ClockKind.ASSIST: _ASSISTED,
    ClockKind.PROGRESS: frozenset({State.ACCEPTED, State.CONSULTING}),
}
"""Clocks that make sense only while the case stands so."""


_STOPS = (ClockKind.ANSWER, ClockKind.TRIAGE)
"""What stands still while somebody else has the next word: a station's clock, or the office's."""


def pause(turn: Turn, case: Case, reason: str) -> None:
    """These clocks stop counting: somebody else's turn."""
    running = clocks.running(turn.session, case.id)
    for row in (running[kind] for kind in _STOPS if kind in running):
        if row.paused_at is None:
            clocks.rewrite(row, paused(clocks.snapshot(row), turn.now))
            events.record(
                turn.session, turn.now, "paused", case_id=case.id, reason=reason, clock=row.kind
            )


def go_on(turn: Turn, case: Case, reason: str) -> None:
    """They count again; each is due later by just what was paused."""
    running = clocks.running(turn.session, case.id)
    for row in (running[kind] for kind in _STOPS if kind in running):
        if row.paused_at is not None:
            clocks.rewrite(row, resumed(clocks.snapshot(row), turn.deps.calendar(), turn.now))
            events.record(
                turn.session, turn.now, "continued", case_id=case.id, reason=reason,
                clock=row.kind, due_at=row.due_at.isoformat(),
            )  # fmt: skip


def forget_hold(case: Case) -> None:
    """Nobody waits any more for a head to decide on a hold."""
    case.hold_wanted_at = case.hold_wanted_until = None
    case.hold_wanted_reason = ""


def leave(turn: Turn, case: Case, end: State) -> None:
    """The case moves on: what was waited for in the state it leaves is waited for no more."""
    stale = {kind for kind, states in _WHILE.items() if end not in states}
    running = clocks.running(turn.session, case.id)
    if ClockKind.QUESTION in running and ClockKind.QUESTION in stale:
        conversation.end_asked(turn.session, case.id, turn.now, "case moved on")
        if case.state == State.NEW:  # the office asked and did not wait: a late answer is one
            case.spoken_at = turn.now
    clocks.end(turn.session, case.id, stale & running.keys(), turn.now, end.value)
    if ClockKind.PROGRESS in stale:
        case.progress_date = None
    if ClockKind.HOLD in stale:
        case.held_reason, case.review_date = "", None
    if end not in _WHILE[ClockKind.QUESTION]:
        forget_hold(case)
    if case.extension == "asked" and end not in _ASSISTED:
        case.extension = case.extension_days = None
    if not running.keys() & ({ClockKind.QUESTION, ClockKind.HOLD} - stale):
        go_on(turn, case, end.value)
