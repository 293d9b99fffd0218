"""我的诉求: what a resident sees of their own cases on the pages, and may do there.

The same services as in chat do the work; here it is only found out whose case it is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.cases import OPEN, State, show_number
from bot.domain.clean import clean
from bot.domain.inbound import Inbound, Reply
from bot.domain.showing import say_when
from bot.models.cases import Case
from bot.services import feedback, intake, lasting, photos, privacy, suggesting, wording
from bot.services.errors import NotFound, Refused
from bot.services.ports import Deps
from bot.services.reading import read_safely
from bot.services.register import improve, tell_holders
from bot.services.roster import directory_within
from bot.services.story import Line, Piece, pieces, story
from bot.services.turn import Turn
from bot.store import cases, conversation, events, media, visits
from bot.store.events import RESIDENT

REOPEN_WITHIN = timedelta(days=15)
LONGEST = 1000
"""Characters of one piece: more than a phone's screen holds is hard to check before sending."""


@dataclass(frozen=True, slots=True)
class OwnLine:
    """One case in the list. `what`: place and matter; `status`: who has it, and what is next."""

    number: str
    shown: str
    what: str
    state: str
    late: bool
    status: str
    since: str


@dataclass(frozen=True, slots=True)
class OwnCase:
    """A resident's own case. `asks`: solved, satisfied or lasting, when that is still to be
    said.
    `may_add`, `may_withdraw`, `may_reopen`: what can be done now."""

    line: OwnLine
    text: str
    station: str
    also_said: str
    """That others said the same, in a sentence; empty where nobody surely did."""
    answer: str
    ending: str | None
    asks: str | None
    solved: str | None
    satisfied: str | None
    may_add: bool
    may_withdraw: bool
    may_reopen: bool
    story: tuple[Line, ...]
    pieces: tuple[Piece, ...]


def mine(deps: Deps, contact_id: int) -> tuple[OwnLine, ...]:
    """All cases of this phone but erased ones: open ones first, then the newest."""
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        own = [c for c in cases.of_contact(session, contact_id) if c.erased_at is None]
        own.sort(key=lambda case: State(case.state) not in OPEN)
        return tuple(_line(turn, case) for case in own)


def look(deps: Deps, contact_id: int, number: str) -> OwnCase:
    """One own case. NotFound for a number that is a stranger's or nobody's, alike."""
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        case = _own(turn, contact_id, number)
        open_now = State(case.state) in OPEN
        return OwnCase(
            line=_line(turn, case), text=case.text, station=wording.station_name(turn, case),
            also_said=suggesting.also_said(turn, case), answer=case.answer, ending=case.ending,
            asks=_asks(case), solved=case.solved, satisfied=case.satisfied, may_add=open_now,
            may_withdraw=open_now,
            may_reopen=_why_not_reopen(turn, case) is None, story=story(turn, case),
            pieces=pieces(turn, case, own=True),
        )  # fmt: skip


def _own(turn: Turn, contact_id: int, number: str, *, lock: bool = False) -> Case:
    find = visits.lock_own_case if lock else visits.own_case
    case = find(turn.session, contact_id, number)
    if case is None or case.erased_at is not None:
        raise NotFound("reply.progress_unknown", number=show_number(number))
    return case


def _line(turn: Turn, case: Case) -> OwnLine:
    status, late = wording.standing(turn, case)
    return OwnLine(
        number=case.number, shown=show_number(case.number), what=wording.what(turn, case),
        state=cases.main(turn.session, case).state, late=late, status=status,
        since=say_when(case.created_at, turn.now),
    )  # fmt: skip


def _asks(case: Case) -> str | None:
    if lasting.is_asked(case):
        return "lasting"
    if case.state != State.ANSWERED:
        return None
    if case.solved is None:
        return "solved"
    return "satisfied" if case.satisfied is None else None


def rate(deps: Deps, contact_id: int, number: str, kind: str, value: str) -> str:
    """Take the answer to 解决了吗 (kind solved), 满意吗 (satisfied), 四周后 (lasting).
    Returns the sentence that follows. Refused when it was said before, or is not asked now."""
    with deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        case = _own(turn, contact_id, number, lock=True)
        if _asks(case) != kind or value not in feedback.VALUES[kind]:
            raise Refused("reply.stale_tap")
        asked = conversation.open_question(session, contact_id)
        if asked is not None and (asked.kind, asked.case_id) == (kind, case.id):
            conversation.end_question(session, asked.id, turn.now, value)
        return _TAKE[kind](turn, case, value, "").text


_TAKE: dict[str, Callable[[Turn, Case, str, str], Reply]] = {
    "solved": feedback.solved, "satisfied": feedback.satisfied, "lasting": lasting.said,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Form:
    """What a resident sends by a form: words, photos (files as uploaded), and `once`, which makes
    a form that was sent twice one piece."""

    words: str
    once: str
    photos: Sequence[bytes] = ()


def add(deps: Deps, contact_id: int, number: str, form: Form) -> str:
    """One more piece of an open case; what the resident reads then. A photo alone will do.

    Words that tell of a danger, or of what only named people may see, go the way of chat: they
    are no piece of an ordinary case.
    """
    words = _readable(form)
    reading = read_safely(deps, words)
    with photos.kept(deps, form.photos) as kept:
        with deps.database.write() as session:
            turn = Turn(deps, session, deps.clock.now())
            case = _own(turn, contact_id, number, lock=True)
            if State(case.state) not in OPEN:
                raise Refused("page.add_over", number=show_number(number))
            inbound = _inbound(turn, contact_id, words, form.once)
            guarded = reading.handling != "normal" and case.handling == "normal"
            if reading.urgency != "emergency" and not guarded:
                _add_piece(turn, case, inbound, kept)
                return turn.say("page.added")
        said = intake.receive(deps, inbound).text
        _follow_words(deps, inbound.key, kept)
        return said


def _follow_words(deps: Deps, key: str, kept: Sequence[photos.Photo]) -> None:
    """The photos go where their words went."""
    with deps.database.write() as session:
        message = conversation.message_by_key(session, key)
        if message is None or message.case_id is None:
            return
        case = cases.get(session, message.case_id)
        if not media.of_message(session, message.id):  # the form may have been sent twice
            photos.attach(Turn(deps, session, deps.clock.now()), case, kept, message.id)


def _readable(form: Form) -> str:
    """The words, checked. Raises Refused; empty only beside photos."""
    words = clean(form.words)
    if not words and not any(form.photos):
        raise Refused("page.empty")
    if len(words) > LONGEST:
        raise Refused("page.too_long", most=LONGEST)
    return words


def _inbound(turn: Turn, contact_id: int, words: str, once: str) -> Inbound:
    """The words as if they had been said in chat."""
    found = visits.contact_with_person(turn.session, contact_id)
    address = found[0].address if found else ""
    return Inbound(
        key=f"page:{contact_id}:{once[:64]}", openid=address, account="page",
        kind="text" if words else "image",
        sent_at=turn.now, text=words,
    )  # fmt: skip


def _add_piece(turn: Turn, case: Case, inbound: Inbound, kept: Sequence[photos.Photo]) -> None:
    contact = cases.contact(turn.session, case)
    message_id = conversation.add_message(turn.session, contact, inbound, turn.now)
    if message_id is None:
        return  # the same form, sent twice
    photos.attach(turn, case, kept, message_id)
    if inbound.text:
        stations = directory_within(turn.deps, turn.session, turn.today)
        improve(turn, case, inbound, message_id, stations)
    else:
        tell_holders(turn, case, turn.say("added.image"), str(message_id))
        case.version += 1
        events.record(turn.session, turn.now, "added", case_id=case.id, by=RESIDENT, piece="image")
    conversation.settle_message(turn.session, message_id, case.id, {})


def withdraw(deps: Deps, contact_id: int, number: str) -> str:
    """Take an open case back. Refused when it is not open any more."""
    with deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        case = _own(turn, contact_id, number, lock=True)
        if State(case.state) not in OPEN:
            raise Refused("page.withdraw_over", number=show_number(number))
        privacy.withdraw(turn, case, wording.what(turn, case))
        return turn.say("reply.withdraw_done", number=show_number(number))


def reopen(deps: Deps, contact_id: int, number: str, form: Form) -> str:
    """It is not solved after all: once, within REOPEN_WITHIN of the end. The form may be empty."""
    said_more = bool(form.words.strip()) or any(form.photos)
    words = _readable(form) if said_more else ""
    with photos.kept(deps, form.photos) as kept, deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        case = _own(turn, contact_id, number, lock=True)
        refusal = _why_not_reopen(turn, case)
        if refusal is not None:
            raise Refused(refusal, number=show_number(number))
        told = feedback.open_again(turn, case, "not_solved")
        if said_more:
            _add_piece(turn, case, _inbound(turn, contact_id, words, form.once), kept)
        return told


def _why_not_reopen(turn: Turn, case: Case) -> str | None:
    """The sentence that refuses; None when it may be reopened. An answer on which nothing was
    said yet is not reopened: 解决了吗 is asked."""
    ended = case.closed_at or case.answered_at
    over = case.state == State.CLOSED or (case.state == State.ANSWERED and case.solved is not None)
    if not over or ended is None:
        return "page.reopen_open"
    if turn.now - ended > REOPEN_WITHIN:
        return "page.reopen_late"
    if case.reopened or case.owner_unit_id is None:
        return "page.reopen_again"
    return None
