"""不同意: what a person sent is erased; history stays, the words go. Emergencies are kept
until they are settled (个人信息保护法 §13: acting to protect life needs no consent)."""

from dataclasses import dataclass

from bot.domain.cases import OPEN, State, Who, show_number
from bot.domain.inbound import Reply
from bot.models.cases import Case
from bot.models.conversation import Contact
from bot.services import merging, notify
from bot.services.dispatch import current_holders
from bot.services.moves import move
from bot.services.ports import Deps
from bot.services.turn import Turn
from bot.services.wording import topic
from bot.store import cases, conversation, erasing, events, item_codes, outbox
from bot.store.events import RESIDENT
from bot.store.unit_of_work import SCRUB

ERASURE = "data_erasure"
"""`source` of the case in which the office checks what an erasure left."""
BATCH = 50


@dataclass(frozen=True, slots=True)
class ErasedCase:
    """A case whose words went when it was over."""

    case: str


def refuse(turn: Turn, contact: Contact) -> Reply:
    """Erase all that this contact sent, but for open emergencies; say what was done."""
    own = cases.of_contact(turn.session, contact.id)
    kept = [c for c in own if c.urgency == "emergency" and State(c.state) in OPEN]
    for case in kept:
        case.erase_wanted_at = case.erase_wanted_at or turn.now
    stays = {c.id for c in own if c.source == ERASURE and State(c.state) in OPEN}
    erased = [c for c in own if c not in kept and c.erased_at is None and c.id not in stays]
    for case in erased:
        # Who is told gets no words of the person: the kind of matter is enough.
        withdraw(turn, case, topic(turn, case))
        _erase(turn, case)
    conversation.erase_messages(turn.session, contact.id, {c.id for c in kept})
    if kept:
        number = show_number(kept[0].number)
        return Reply(turn.say("reply.refused_emergency", number=number))
    return Reply(turn.say("reply.refused" if erased else "reply.refused_nothing"))


def _erase(turn: Turn, case: Case) -> None:
    cases.erase_words(turn.session, case, turn.now)
    events.record(turn.session, turn.now, "erased", case_id=case.id, by=RESIDENT)
    turn.session.info[SCRUB] = True
    outbox.erase_params(turn.session, [case.id])


def erase_ended(deps: Deps) -> list[ErasedCase]:
    """Erase the emergencies that were kept after 不同意 and are over by now."""
    with deps.database.read() as session:
        due = erasing.due(session, BATCH)
    return [ErasedCase(_erase_ended(deps, case_id)) for case_id in due]


def _erase_ended(deps: Deps, case_id: int) -> str:
    with deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        case = cases.get(session, case_id)
        if case.erased_at is None:
            _erase(turn, case)
            erasing.messages_of_case(session, case.id)
        return case.number


def withdraw(turn: Turn, case: Case, description: str) -> None:
    """The resident takes the case back; whoever has it on the list is told, in these words."""
    state = State(case.state)
    if state in OPEN:
        holders = current_holders(turn, case) if state is not State.NEW else []
        merging.hand_on(turn, case)
        move(turn, case, State.WITHDRAWN, {Who.RESIDENT}, by=RESIDENT)
        notify.tell_posts(turn, case, "withdrawn", holders, "withdrawn", what=description)
        item_codes.release(turn.session, case.id, turn.now)
    elif state is State.ANSWERED:
        move(turn, case, State.CLOSED, {Who.RESIDENT}, by=RESIDENT, how="withdrawn")
