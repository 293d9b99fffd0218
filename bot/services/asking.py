"""Asking the resident: one question at a time, and the answer clock stands still meanwhile."""

from datetime import datetime, timedelta
from typing import Any

from bot.domain.cases import show_number
from bot.domain.clocks import ClockKind
from bot.domain.dialog import FLEETING
from bot.domain.inbound import Reply
from bot.domain.showing import say_when
from bot.models.cases import Case
from bot.services import dispatch, notify, pauses, timing, wording
from bot.services.acting import Acting, not_allowed
from bot.services.errors import Refused
from bot.services.register import improve
from bot.services.talk import Said, Talk
from bot.services.turn import Turn
from bot.store import cases, clocks, conversation, events
from bot.store.events import RESIDENT, By

SHORT_TALK = timedelta(minutes=10)
"""So long a person may be in the middle of a short exchange with us, such as withdrawing."""


def ask(turn: Turn, case: Case, acting: Acting, question: str) -> str:
    """The resident is asked in chat; their next words are the answer. Three working days of
    silence end the wait."""
    if not question:
        raise Refused("member.ask_text", code=acting.code)
    contact = cases.contact(turn.session, case)
    if contact.channel != "wechat":
        raise not_allowed(turn, case, "refusal.no_chat", code=acting.code)
    due = put(turn, case, question, acting.by, holder_post_id=acting.post.id)
    return turn.say(
        "member.asked", number=show_number(case.number), due=say_when(due, turn.now)
    )  # fmt: skip


def put(
    turn: Turn, case: Case, question: str, by: By, *, holder_post_id: int | None,
    asks: str | None = None,
) -> datetime:  # fmt: skip
    """The same for whoever may; until when the answer is waited for. `asks`: in whose name, if
    it is not the station's. Raises Refused when somebody asks them already."""
    if ClockKind.QUESTION in clocks.running(turn.session, case.id):
        raise not_allowed(turn, case, "refusal.asked_already")
    if _open(turn, case, question) is None:
        raise not_allowed(turn, case, "refusal.resident_busy")
    due = timing.start(
        turn.deps, turn.session, case, ClockKind.QUESTION, turn.now, holder_post_id=holder_post_id
    )
    case.version += 1
    events.record(
        turn.session, turn.now, "asked", case_id=case.id, by=by, question=question[:300]
    )  # fmt: skip
    pauses.pause(turn, case, "the resident was asked")
    named: dict[str, Any] = {"station": asks} if asks else {}
    notify.tell_resident(turn, case, "asked", f"v{case.version}", ask=question[:300], **named)
    return due


def _open(turn: Turn, case: Case, question: str) -> int | None:
    """Open it, unless another person's question or a short exchange is under way."""
    current = conversation.open_question(turn.session, case.contact_id)
    if current is not None and current.kind == "asked":
        return None
    if current is not None and current.kind in FLEETING:
        last = cases.contact(turn.session, case).last_message_at
        if last is not None and turn.now - last < SHORT_TALK:
            return None
        conversation.end_question(turn.session, current.id, turn.now, "passed over")
    return conversation.ask_in_words(
        turn.session, case.contact_id, case.id, question, turn.now
    )  # fmt: skip


def take_answer(talk: Talk, case: Case) -> Said:
    """What the resident said becomes part of the case, and the clock counts again."""
    turn = talk.turn
    question = conversation.asked_words(turn.session, case.id)
    case.spoken_at = turn.now
    improve(turn, case, talk.inbound, talk.message_id, talk.directory, notice="replied")
    events.record(
        turn.session, turn.now, "replied", case_id=case.id, by=RESIDENT, question=question
    )  # fmt: skip
    clocks.end(turn.session, case.id, {ClockKind.QUESTION}, turn.now, "replied")
    pauses.go_on(turn, case, "the resident replied")
    station = wording.station_name(turn, case)
    return Said(Reply(turn.say("reply.replied", station=station)), case.id)


def give_up(turn: Turn, case: Case) -> None:
    """No answer: the clock counts again by itself, and whoever has the case is told."""
    question = conversation.asked_words(turn.session, case.id)
    conversation.end_asked(turn.session, case.id, turn.now, "no answer")
    events.record(turn.session, turn.now, "unreplied", case_id=case.id, question=question)
    pauses.go_on(turn, case, "the resident did not reply")
    case.version += 1
    case.spoken_at = turn.now  # a late answer is one
    holders = dispatch.current_holders(turn, case)
    notify.tell_posts(turn, case, "unreplied", holders, f"v{case.version}", ask=question)


def ask_again(turn: Turn, contact_id: int) -> None:
    """A short exchange is over: the question that gave way to it stands again."""
    waiting = [
        own.id
        for own in cases.own_open(turn.session, contact_id)
        if own.state in ("new", "accepted", "consulting")
        and ClockKind.QUESTION in clocks.running(turn.session, own.id)
    ]
    conversation.reopen_asked(turn.session, contact_id, waiting)
