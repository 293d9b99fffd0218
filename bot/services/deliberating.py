"""协: a case is talked over with those concerned, and 协毕 when that is done. The answer clock runs
on meanwhile: the resident was promised a date."""

from bot.domain.cases import State, show_number
from bot.domain.clocks import ClockKind
from bot.domain.showing import say_when
from bot.models.cases import Case
from bot.services import notify
from bot.services.acting import Acting
from bot.services.moves import move
from bot.services.turn import Turn
from bot.store import clocks


def begin(turn: Turn, case: Case, acting: Acting, words: str) -> str:
    """Into consultation; `words` may say with whom and about what, for the network alone."""
    move(turn, case, State.CONSULTING, acting.who, by=acting.by, reason=words[:2000])
    notify.tell_resident(turn, case, "consulting", f"v{case.version}")
    return _said(turn, case, "member.deliberating", acting)


def conclude(turn: Turn, case: Case, acting: Acting, words: str) -> str:
    """The consultation is over: back to work. The resident hears of it with the answer."""
    move(turn, case, State.ACCEPTED, acting.who, by=acting.by, reason=words[:2000])
    return _said(turn, case, "member.concluded", acting)


def _said(turn: Turn, case: Case, key: str, acting: Acting) -> str:
    clock = clocks.running(turn.session, case.id)[ClockKind.ANSWER]
    due = say_when(clock.due_at, turn.now)
    return turn.say(key, number=show_number(case.number), due=due, code=acting.code)
