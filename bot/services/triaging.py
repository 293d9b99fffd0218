"""What the staff queue owes the resident, who was told by when somebody has the case."""

from bot.domain.cases import Queue
from bot.domain.ladders import Fired
from bot.models.cases import Case
from bot.services import notify, timing
from bot.services.turn import Turn


def tell_late(turn: Turn, case: Case, fired: Fired) -> bool:
    """The time has passed: they are told so once, with a new one. False where none was promised:
    of an emergency and of what only named staff see they hear by those rules."""
    if case.queue != Queue.STAFF:
        return False
    until = timing.next_promise(turn.deps, fired.due_at)
    if until <= turn.now:  # nothing ran for days
        until = timing.next_promise(turn.deps, turn.now)
    return notify.tell_resident(
        turn, case, "triage_late", fired.due_at.isoformat(), due_at=fired.due_at,
        until=until.isoformat(),
    )  # fmt: skip
