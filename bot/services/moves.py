"""The one place where a case changes its state."""

from collections.abc import Collection
from typing import Any

from bot.domain.cases import OVER, State, Transition, Who, check
from bot.models.cases import Case
from bot.services import pauses, quality
from bot.services.turn import Turn
from bot.store import clocks, conversation, events, item_codes, same_matters
from bot.store.events import SYSTEM, By

_AT_WORK = frozenset({State.ACCEPTED, State.CONSULTING, State.ON_HOLD})
"""States in which something may be waited for that ends with them."""


def move(
    turn: Turn,
    case: Case,
    end: State,
    who: Collection[Who],
    *,
    by: By = SYSTEM,
    reason: str = "",
    given: Collection[str] = (),
    **data: Any,
) -> Transition:
    """Make one move of the lifecycle table and record it. `given` names what came with it besides
    the reason. Raises ForbiddenMove; nothing is changed then."""
    names = {*given, "reason"} if reason else set(given)
    transition = check(State(case.state), end, who, names)
    asked = transition.start is State.NEW and case.queue is not None  # perhaps, by the office
    if transition.start in _AT_WORK or asked:
        pauses.leave(turn, case, end)
    case.state, case.assigned_post_id = end.value, None
    case.version += 1
    if end is not State.NEW:
        case.merged_into = None
    events.record(
        turn.session, turn.now, transition.event, case_id=case.id, by=by, reason=reason, **data
    )
    if transition.start in OVER:
        same_matters.put_waiting(turn.session, case.id)  # open again, it is looked among again
    if end in OVER:
        _end_everything(turn, case, transition.event)
    return transition


def _end_everything(turn: Turn, case: Case, reason: str) -> None:
    """A case that is over has no clock, no open question, no code and no queue."""
    case.queue, case.settling = None, False
    case.closed_at = turn.now
    quality.sample(case)
    clocks.end(turn.session, case.id, None, turn.now, reason)
    conversation.end_case_questions(turn.session, case.id, turn.now)
    item_codes.release(turn.session, case.id, turn.now)
