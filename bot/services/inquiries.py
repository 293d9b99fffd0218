"""Questions of residents: answered from the list at once, and a case until they say that it is
solved.

Nothing is lost to an answer: who says no, says more, or says nothing has a demand like any other.
"""

import logging

from bot.domain.cases import Ending, Queue, State, Who, show_number
from bot.domain.clocks import ClockKind
from bot.domain.common_questions import Asks, Match, Said
from bot.domain.dialog import AnswerQuestion, Move, Piece, Small
from bot.domain.inbound import Reply
from bot.domain.showing import say_when
from bot.domain.understanding import PlaceHit, Reading
from bot.models.cases import Case
from bot.services import feedback, indexing, offers, register, said, timing, wording
from bot.services.moves import move
from bot.services.roster import directory_within
from bot.services.talk import Said as Told
from bot.services.talk import Talk
from bot.services.turn import Turn
from bot.store import cases, clocks, conversation, events, inquiries

log = logging.getLogger(__name__)


def find(talk: Talk, reading: Reading) -> Asks:
    """What the list has for these words. A list that can't be read answers nobody, and stops
    nothing."""
    try:
        return talk.turn.deps.answers().find(reading, _scanned(talk))
    except Exception:
        log.exception("answers_failed")
        return Asks(False)


_OURS = frozenset({"place", "what", "helped"})
"""Questions of ours beside which somebody may ask one of their own."""


def asks_apart(talk: Talk, move: Move) -> bool:
    """Whether what would be a piece of a case, or no case at all, is a question that the list
    answers: then it stands by itself. Asked again after the answer, it is no other."""
    if talk.inbound.kind != "text":
        return False
    case_id = None
    if isinstance(move, Piece):
        case_id = move.case_id
    elif isinstance(move, AnswerQuestion) and move.question.kind in _OURS:
        case_id = move.question.case_id
    if case_id is None and not (isinstance(move, Small) and move.kind == "unclear"):
        return False
    match = find(talk, talk.reading).match
    if match is None or case_id is None:
        return match is not None
    known = inquiries.get(talk.turn.session, case_id)
    danger = cases.get(talk.turn.session, case_id).queue == Queue.EMERGENCY
    return not danger and (known is None or known.question_id != match.entry.id)


def _scanned(talk: Talk) -> PlaceHit | None:
    station = talk.directory.by_id.get(talk.contact.scene_unit_id or 0)
    if station is None or station.district is None:
        return None
    return PlaceHit(station.name, station.unit, station.district, sure=True)


def asked(talk: Talk, case: Case, asks: Asks) -> Reply | None:
    """A new case is a question: the list's answer, or none. It is counted either way."""
    if not asks.asks or case.queue not in (None, Queue.STAFF):
        return None
    if asks.match is None or not _may_wait(case):
        inquiries.add(talk.turn.session, case.id, talk.turn.now)
        return None
    return _offer(talk, case, asks.match)


def _may_wait(case: Case) -> bool:
    return case.handling == "normal" and case.urgency == "normal" and not case.want_human


def _offer(talk: Talk, case: Case, match: Match) -> Reply | None:
    turn, entry = talk.turn, match.entry
    question = conversation.ask(turn.session, case.contact_id, "helped", case.id, turn.now)
    if question is None:  # something more important is being asked: the case goes its way at once
        inquiries.add(turn.session, case.id, turn.now)
        return None
    case.queue, case.settling = None, False
    over = {ClockKind.SETTLE, ClockKind.TRIAGE}
    clocks.end(turn.session, case.id, over, turn.now, "answered from the list")
    due = timing.start(turn.deps, turn.session, case, ClockKind.OFFER, turn.now)
    inquiries.add(
        turn.session, case.id, turn.now, question_id=entry.id, version=entry.version,
        answer=entry.answer,
    )  # fmt: skip
    events.record(
        turn.session, turn.now, "offered", case_id=case.id, entry=entry.code,
        version=entry.version,
    )  # fmt: skip
    words = turn.say(
        "reply.from_list", answer=entry.answer, source=entry.source, due=say_when(due, turn.now),
        station=wording.station_name(turn, case, talk.directory), number=show_number(case.number),
    )  # fmt: skip
    return Reply(words, feedback.choices(turn, question, "helped"))


def take(talk: Talk, case: Case, value: str, comment: str) -> Told:
    """What the resident says of the answer: yes, no, or (`comment`) words of their own."""
    if not offers.is_open(talk.turn, case):
        return Told(talk.say("reply.stale_tap"), case.id)
    if value == Said.YES:
        return Told(_solved(talk.turn, case), case.id)
    offers.end(talk.turn, case, Said.NO if value == Said.NO else Said.WORDS)
    if comment:
        register.improve(talk.turn, case, talk.inbound, talk.message_id, talk.directory)
        return Told(said.added(talk, case), case.id)
    told = said.registered(talk, case, register.go_on(talk.turn, case, talk.directory))
    first = talk.turn.say("reply.offer_no")
    return Told(Reply(f"{first}{told.text}", told.choices), case.id)


def _solved(turn: Turn, case: Case) -> Reply:
    """Answered by the list: rated like any other answer, and closed by that or by silence."""
    kept = inquiries.get(turn.session, case.id)
    offers.end(turn, case, Said.YES)
    ending = Ending.EXPLAINED.value
    given = {"answer", "ending", "source"}
    move(turn, case, State.ANSWERED, {Who.SYSTEM}, given=given, ending=ending)
    case.answer, case.ending, case.answered_at = kept.answer if kept else "", ending, turn.now
    indexing.index(turn, case)
    timing.start(turn.deps, turn.session, case, ClockKind.FEEDBACK, turn.now)
    return feedback.solved(turn, case, "yes", "")


def lapse(turn: Turn, case: Case) -> None:
    """No word came: a demand like any other."""
    if not _untouched(case):
        offers.end(turn, case, Said.OFFICE)
        return
    offers.end(turn, case, Said.SILENCE)
    register.go_on(turn, case, directory_within(turn.deps, turn.session, turn.today))


def _untouched(case: Case) -> bool:
    """Nobody of the office has taken it up meanwhile."""
    return case.state == State.NEW and case.queue is None and case.merged_into is None
