"""What a station does with its case: accept, return, answer; and what follows an answer."""

from collections.abc import Collection

from bot.domain.cases import RETURNS_ALLOWED, Ending, Handling, Outcome, State, Who, show_number
from bot.domain.clocks import ClockKind
from bot.domain.ratings import UNRATED
from bot.domain.showing import say_when
from bot.models.cases import Case
from bot.services import (
    indexing,
    notify,
    offers,
    office_settings,
    outcomes,
    progress,
    supervising,
    timing,
    wording,
)
from bot.services.acting import Acting, not_allowed
from bot.services.dispatch import CHASES, to_staff
from bot.services.errors import Refused
from bot.services.moves import move
from bot.services.turn import Turn
from bot.store import cases, clocks, conversation, item_codes, organisation, outbox


def accept(turn: Turn, case: Case, acting: Acting) -> str:
    """Take the case on: the holder is settled, the resident hears which station has it."""
    move(turn, case, State.ACCEPTED, acting.who, by=acting.by)
    case.accepted_at, case.holder_post_id = turn.now, acting.post.id
    clocks.end(turn.session, case.id, {ClockKind.ACCEPT}, turn.now, "accepted")
    running = clocks.running(turn.session, case.id)
    running[ClockKind.ANSWER].holder_post_id = acting.post.id
    progress.begin(turn, case)
    outbox.drop_waiting(turn.session, case.id, CHASES, "case was accepted")
    name = acting.post.person if office_settings.names_member(turn) else ""
    by = f"的{name}" if name else ""
    notify.tell_resident(turn, case, "accepted", f"v{case.version}", by=by)
    due = say_when(running[ClockKind.ANSWER].due_at, turn.now)
    return turn.say(
        "member.accepted", number=show_number(case.number), what=wording.what(turn, case),
        due=due, code=acting.code,
    )  # fmt: skip


def send_back(turn: Turn, case: Case, acting: Acting, reason: str) -> str:
    """Return the case to the office with a reason, at most twice."""
    if not reason:
        raise Refused("member.return_reason", code=acting.code)
    if case.returns >= RETURNS_ALLOWED:
        raise not_allowed(turn, case, "refusal.too_many_returns")
    move(turn, case, State.NEW, acting.who, by=acting.by, reason=reason)
    case.returns += 1
    case.owner_unit_id = case.holder_post_id = case.co_owner_post_id = None
    clocks.end(turn.session, case.id, {ClockKind.ACCEPT}, turn.now, "returned")
    outbox.drop_waiting(turn.session, case.id, CHASES, "case was returned")
    item_codes.release(turn.session, case.id, turn.now)
    to_staff(turn, case, "returned", acting.by)
    notify.tell_resident(turn, case, "returned", f"v{case.version}")
    return turn.say("member.returned", number=show_number(case.number))


def answer(
    turn: Turn,
    case: Case,
    acting: Acting,
    text: str,
    ending: Ending = Ending.EXPLAINED,
    *,
    came_of_it: Collection[Outcome] = (),
) -> str:
    """Answer the resident, who is asked at once whether it is solved. A single letter (x) is
    none."""
    if sum(map(str.isalnum, text)) < 2:
        raise Refused("member.answer_text", code=acting.code)
    move(
        turn, case, State.ANSWERED, acting.who, by=acting.by, given={"answer", "ending"},
        ending=ending.value,
        due_at=timing.answer_due(turn.deps, turn.session, case, turn.now),
    )  # fmt: skip
    for outcome in came_of_it:
        outcomes.keep(turn, case, acting, outcome, text=text)
    give_answer(turn, case, text, ending.value)
    passed_on = case.opened_by_post_id and case.handling == Handling.NORMAL
    return turn.say(
        f"member.answered{'_slip' if passed_on else ''}",
        number=show_number(case.number),
    )


def hand_to_hotline(turn: Turn, case: Case, acting: Acting, number: str, text: str) -> str:
    """转12345: answered as transferred, with the hotline's own number for the resident."""
    if not number:
        raise Refused("member.hotline_number", code=acting.code)
    said = turn.say("member.hotline_answer", number=number, text=text)
    reply = answer(turn, case, acting, said, Ending.TRANSFERRED)
    outcomes.keep(turn, case, acting, Outcome.HOTLINE, number=number, text=text)
    return reply


def give_answer(turn: Turn, case: Case, text: str, ending: str) -> None:
    """What follows any answer: the resident reads it and is asked, the feedback clock runs."""
    case.answer, case.ending, case.answered_at = text[:2000], ending, turn.now
    case.solved = case.satisfied = None
    indexing.index(turn, case)
    offers.overtaken(turn, case)
    over = {
        ClockKind.ANSWER, ClockKind.ACCEPT, ClockKind.TRIAGE, ClockKind.EMERGENCY,
        ClockKind.SUPERVISION,
    }  # fmt: skip
    clocks.end(turn.session, case.id, over, turn.now, "answered")
    outbox.drop_waiting(turn.session, case.id, CHASES, "case was answered")
    timing.start(turn.deps, turn.session, case, ClockKind.FEEDBACK, turn.now)
    _end_asking(turn, case)
    question = conversation.ask(turn.session, case.contact_id, "solved", case.id, turn.now)
    notify.tell_resident(turn, case, "answered", f"v{case.version}", question=question)
    _tell_opener(turn, case)
    supervising.tell_answered(turn, case)
    _answer_merged(turn, case)


def _answer_merged(turn: Turn, case: Case) -> None:
    """The cases that were merged into it are answered by the same words, and stand by themselves
    again: each resident says what they think of it. Who has two of them is asked once."""
    asked = {case.contact_id}
    for other in cases.merged_in(turn.session, case.id, lock=True):
        move(
            turn, other, State.ANSWERED, {Who.SYSTEM}, given={"answer", "ending", "source"},
            ending=case.ending,
        )  # fmt: skip
        other.owner_unit_id, other.holder_post_id = case.owner_unit_id, case.holder_post_id
        if other.contact_id not in asked:
            asked.add(other.contact_id)
            give_answer(turn, other, case.answer, case.ending or "")
            continue
        other.answer, other.ending, other.answered_at = case.answer, case.ending, turn.now
        other.lasting = UNRATED  # four weeks later, too, they are asked about one
        move(turn, other, State.CLOSED, {Who.SYSTEM}, how="merged")


def _tell_opener(turn: Turn, case: Case) -> None:
    """Whoever wrote it down for somebody else passes the answer on. Of what only named people see
    they learn that it is over, in no form of words what it was or how it ended."""
    opener = case.opened_by_post_id
    post = organisation.post_by_id(turn.session, opener, turn.today) if opener else None
    if post is None:
        return
    if case.handling == Handling.NORMAL:
        notify.tell_posts(turn, case, "slip_answered", [post], f"v{case.version}")
        return
    notify.tell_posts(
        turn, case, "slip_restricted", [post], f"v{case.version}", answer="", text="",
        what=turn.say("console.restricted"), station=wording.NOBODY_YET,
    )  # fmt: skip


def _end_asking(turn: Turn, case: Case) -> None:
    """Where it is matters no more; left open it would keep 解决了吗 from being asked."""
    asked = conversation.open_question(turn.session, case.contact_id)
    if asked is not None and asked.case_id == case.id and asked.kind in ("place", "what"):
        conversation.end_question(turn.session, asked.id, turn.now, "case answered")
