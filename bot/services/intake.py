"""A message comes in: understood before the lock, decided by the dialog, kept in one commit."""

import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.domain.allowances import NO_ALLOWANCE
from bot.domain.cases import show_number
from bot.domain.dialog import FLEETING, DialogState, passes_over, step
from bot.domain.inbound import Choice, Inbound, Reply
from bot.domain.moves import emergency_among, recent_among, settling_among, spoken_of_among
from bot.domain.showing import say_when
from bot.domain.stations import Directory
from bot.domain.understanding import Reading
from bot.models.conversation import Contact
from bot.services import asking, photographing, reach, receipts, timing
from bot.services.converse import carry_out
from bot.services.errors import ServiceError, StorageUnavailable
from bot.services.ports import Deps
from bot.services.reading import read_safely
from bot.services.register import register
from bot.services.roster import directory_within
from bot.services.talk import Said, Talk
from bot.services.turn import Turn
from bot.store import cases, conversation, dialogs, events, item_codes, organisation

log = logging.getLogger(__name__)


def receive(deps: Deps, inbound: Inbound) -> Reply:
    """Handle one inbound message or event, once, whatever happens on the way.

    The platform sends a message up to three times; a repeat gets the stored reply. Raises
    StorageUnavailable when nothing could be kept, so that the platform tries again.
    """
    with _storage():
        reading = read_safely(deps, inbound.text or inbound.label)
        deps.answers()  # read anew before the lock, if it is time
        try:
            return _keep(deps, inbound, reading, _respond)
        except ServiceError as refusal:
            sentence = Said(Reply(deps.texts.say(refusal.key, **refusal.values)))
            return _keep(deps, inbound, reading, lambda _: sentence)
        except (OperationalError, PoolTimeoutError):
            raise
        except Exception as error:
            # Rolled back; what was said is kept all the same, in a write unit of its own.
            code = secrets.token_hex(3)
            log.exception("handling_failed code=%s", code)
            cause = f"{type(error).__name__} {code}"
            return _keep(deps, inbound, reading, lambda talk: _rescue(talk, cause))


def _keep(deps: Deps, inbound: Inbound, reading: Reading, respond: Callable[[Talk], Said]) -> Reply:
    """One write unit: the message, what follows from it, and its reply; or the stored reply."""
    now = deps.clock.now()
    with deps.database.write() as session:
        contact = conversation.contact_for(
            session, "wechat", inbound.openid, now, spoke=inbound.is_message,
            first=reach.after(inbound, NO_ALLOWANCE, now),
        )  # fmt: skip
        message_id = conversation.add_message(session, contact, inbound, now)
        if message_id is None:
            return _from_json(conversation.stored_reply(session, inbound.key))
        turn = Turn(deps, session, now)
        reach.allow(turn, contact, inbound)
        stations = directory_within(deps, session, turn.today)
        talk = Talk(turn, contact, inbound, reading, stations, message_id)
        said = respond(talk)
        _follow(talk)
        reply = _with_privacy_notice(turn, contact, said.reply)
        conversation.settle_message(session, message_id, said.case_id, _to_json(reply))
        return reply


@contextmanager
def _storage() -> Iterator[None]:
    """Errors of the database itself become StorageUnavailable; others pass."""
    try:
        yield
    except (OperationalError, PoolTimeoutError) as error:
        log.error("storage_failed error=%s", type(error).__name__)
        raise StorageUnavailable from error


def _respond(talk: Talk) -> Said:
    state = _state(talk)
    move = step(state, talk.inbound, talk.reading)
    question = state.question
    if question is not None and passes_over(question, move):
        conversation.end_question(talk.turn.session, question.id, talk.turn.now, "passed over")
    said = carry_out(talk, move)
    if question is not None and question.kind in FLEETING:
        asking.ask_again(talk.turn, talk.contact.id)
    return said


def _rescue(talk: Talk, cause: str) -> Said:
    """Keep the message as a case for a person, whatever part of ours is broken."""
    if not talk.inbound.is_message:
        return Said(Reply())
    case = register(talk.turn, talk.contact, talk.reading, Directory(()), settling=False)
    if talk.inbound.kind != "text":
        cases.attach(talk.turn.session, case.id, talk.message_id, talk.inbound, talk.turn.now)
    events.record(
        talk.turn.session, talk.turn.now, "understanding_failed", case_id=case.id,
        error=cause,
    )  # fmt: skip
    due = say_when(timing.triage_due(talk.turn.deps, talk.turn.now), talk.turn.now)
    return Said(talk.say("reply.trouble", number=show_number(case.number), due=due), case.id)


def _follow(talk: Talk) -> None:
    """Events tell who follows us, and what arrived; whoever writes follows anyway."""
    receipts.note(talk.turn, talk.contact, talk.inbound)
    if talk.inbound.kind == "unsubscribe":
        talk.contact.subscribed = False
        talk.contact.allowance_left = 0
        events.record(talk.turn.session, talk.turn.now, "unsubscribed")
    elif talk.inbound.kind in ("subscribe", "scan", "click") and not talk.contact.subscribed:
        talk.contact.subscribed = True


def _state(talk: Talk) -> DialogState:
    session, contact = talk.turn.session, talk.contact
    if not talk.inbound.is_message:
        return DialogState()
    question, own = dialogs.open_of(session, contact.id)
    return DialogState(
        question=question,
        settling=settling_among(own),
        own_cases=own,
        recent=recent_among(own, talk.turn.now),
        emergency=emergency_among(own, talk.turn.now),
        codes=_codes(talk),
        has_posts=_has_posts(talk),
        acted=photographing.acted(talk),
        spoken_of=spoken_of_among(own, talk.turn.now),
    )


def _has_posts(talk: Talk) -> bool:
    """Who has left every post speaks as a resident, though the phone is still bound."""
    turn, person_id = talk.turn, talk.contact.person_id
    return person_id is not None and bool(
        organisation.posts_of_person(turn.session, person_id, turn.today)
    )


def _codes(talk: Talk) -> frozenset[int]:
    person_id = talk.contact.person_id
    if person_id is None:
        return frozenset()
    return frozenset(code for code, _ in item_codes.live(talk.turn.session, person_id))


def _with_privacy_notice(turn: Turn, contact: Contact, reply: Reply) -> Reply:
    """The notice comes with the first reply to a person and never delays it."""
    if contact.informed_at is not None or not reply.text or contact.person_id is not None:
        return reply
    conversation.inform(turn.session, contact, turn.now)
    return Reply(f"{reply.text}\n\n{turn.say('reply.privacy')}", reply.choices)


def _to_json(reply: Reply) -> dict[str, Any]:
    if not reply.text:
        return {}
    return {"text": reply.text, "choices": [{"id": c.id, "label": c.label} for c in reply.choices]}


def _from_json(data: dict[str, Any]) -> Reply:
    found = data.get("choices", ())
    return Reply(data.get("text", ""), tuple(Choice(c["id"], c["label"]) for c in found))
