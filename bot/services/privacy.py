"""不同意: what a person sent is erased; history stays, the words go. Emergencies are kept
until they are settled (个人信息保护法 §13: acting to protect life needs no consent)."""

from bot.domain.cases import OPEN, State, Who, show_number
from bot.domain.inbound import Reply
from bot.models.cases import Case
from bot.models.conversation import Contact
from bot.services import notify
from bot.services.dispatch import current_holders
from bot.services.moves import move
from bot.services.turn import Turn
from bot.services.wording import topic
from bot.store import cases, conversation, events, outbox
from bot.store.events import RESIDENT
from bot.store.unit_of_work import SCRUB


def refuse(turn: Turn, contact: Contact) -> Reply:
    """Erase all that this contact sent, but for open emergencies; say what was done."""
    own = cases.of_contact(turn.session, contact.id)
    kept = [c for c in own if c.urgency == "emergency" and State(c.state) in OPEN]
    erased = [c for c in own if c not in kept and c.erased_at is None]
    for case in erased:
        # Who is told gets no words of the person: the kind of matter is enough.
        withdraw(turn, case, topic(turn, case))
        cases.erase_words(turn.session, case, turn.now)
        events.record(turn.session, turn.now, "erased", case_id=case.id, by=RESIDENT)
    turn.session.info[SCRUB] = True
    outbox.erase_params(turn.session, [c.id for c in erased])
    conversation.erase_messages(turn.session, contact.id, {c.id for c in kept})
    if kept:
        number = show_number(kept[0].number)
        return Reply(turn.say("reply.refused_emergency", number=number))
    return Reply(turn.say("reply.refused" if erased else "reply.refused_nothing"))


def withdraw(turn: Turn, case: Case, description: str) -> None:
    """The resident takes the case back; whoever has it on the list is told, in these words."""
    state = State(case.state)
    if state in OPEN:
        holders = current_holders(turn, case) if state is not State.NEW else []
        move(turn, case, State.WITHDRAWN, {Who.RESIDENT}, by=RESIDENT)
        notify.tell_posts(turn, case, "withdrawn", holders, "withdrawn", what=description)
        cases.release_codes(turn.session, case.id, turn.now)
    elif state is State.ANSWERED:
        move(turn, case, State.CLOSED, {Who.RESIDENT}, by=RESIDENT, how="withdrawn")
