"""An answer from the list that went out, and that it is over: below whatever makes or routes
cases."""

from bot.domain.cases import State
from bot.domain.clocks import ClockKind
from bot.domain.common_questions import Said
from bot.models.cases import Case
from bot.services.turn import Turn
from bot.store import cases, clocks, conversation, events, inquiries
from bot.store.events import RESIDENT, SYSTEM


def is_open(turn: Turn, case: Case) -> bool:
    """Whether the resident's word on an answer from the list is waited for."""
    waits = case.state == State.NEW and case.queue is None and not case.settling
    return waits and ClockKind.OFFER in clocks.running(turn.session, case.id)


def overtaken(turn: Turn, case: Case) -> None:
    """The case goes on another way: no word on the answer is waited for any more, and its question
    keeps no other one from being asked."""
    if ClockKind.OFFER in clocks.running(turn.session, case.id):
        end(turn, case, Said.OFFICE)


def end(turn: Turn, case: Case, said: Said) -> None:
    """Their word has come, or none. What they say more may come in pieces: the case settles, as it
    would have, unless another one of theirs does."""
    by = SYSTEM if said in (Said.SILENCE, Said.OFFICE) else RESIDENT
    clocks.end(turn.session, case.id, {ClockKind.OFFER}, turn.now, f"offer: {said}")
    inquiries.end(turn.session, case.id, said, turn.now)
    conversation.end_case_questions(turn.session, case.id, turn.now)
    events.record(turn.session, turn.now, "offer_over", case_id=case.id, by=by, value=said.value)
    case.version += 1
    if said in (Said.NO, Said.WORDS):
        own = cases.own_open(turn.session, case.contact_id)
        case.settling = not any(each.settling for each in own)
