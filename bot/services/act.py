"""What a member does with a case: accept, return, answer, acknowledge."""

from dataclasses import dataclass

from bot.domain.cases import (
    CHINESE,
    OPEN,
    RETURNS_ALLOWED,
    Queue,
    State,
    Who,
    named_ending,
    show_number,
    who_is,
)
from bot.domain.clocks import ClockKind
from bot.domain.dialog import ItemAct
from bot.domain.permissions import Action, Actor, ActorPost, CaseSubject, Refusal, why_not
from bot.domain.roles import Role
from bot.domain.showing import say_when, shorten
from bot.models.cases import Case
from bot.models.organisation import StationRow
from bot.services import alerts, notify, timing, wording
from bot.services.dispatch import CHASES, to_staff
from bot.services.errors import NotFound, Refused
from bot.services.moves import move
from bot.services.turn import Turn
from bot.store import cases, clocks, conversation, organisation, outbox
from bot.store.events import By
from bot.store.organisation import PostView

LISTED = 20
"""Lines of 待办; the rest is counted."""
_URGENCIES = ("emergency", "urgent", "normal")


@dataclass(frozen=True, slots=True)
class Acting:
    """A person with the post under which this act is done."""

    post: PostView
    code: int

    @property
    def by(self) -> By:
        """As the event records it."""
        return By("post", self.post.id)

    @property
    def who(self) -> frozenset[Who]:
        """As the lifecycle table asks it."""
        return who_is(Role(self.post.role))


def act(turn: Turn, person_id: int, item: ItemAct) -> str:
    """Carry out one typed act; returns the sentence for its sender. Raises Refused, NotFound."""
    case_id = cases.case_of_code(turn.session, person_id, item.code)
    if case_id is None:
        raise NotFound("member.no_item", code=item.code)
    case = cases.get(turn.session, case_id)
    if item.verb == "show":
        return _show(turn, case)
    if item.verb == "accept":
        return accept(turn, case, _acting(turn, person_id, Action.ACCEPT, case, item))
    if item.verb == "return":
        acting = _acting(turn, person_id, Action.RETURN, case, item)
        return send_back(turn, case, acting, item.text)
    if item.verb == "acknowledge":
        acting = _acting(turn, person_id, Action.ACKNOWLEDGE, case, item)
        alerts.acknowledge(turn, case, acting.post)
        return turn.say(
            "member.acknowledged", number=show_number(case.number),
            what=wording.what(turn, case), text=shorten(case.masked, 300),
        )  # fmt: skip
    return _answer_by_chat(turn, person_id, case, item)


def _answer_by_chat(turn: Turn, person_id: int, case: Case, item: ItemAct) -> str:
    if not item.text:
        raise Refused("member.answer_text", code=item.code)
    if case.state == State.DISPATCHED:
        # Who answers at once has taken the case on: both are recorded.
        accept(turn, case, _acting(turn, person_id, Action.ACCEPT, case, item))
    return answer(turn, case, _acting(turn, person_id, Action.ANSWER, case, item), item.text)


def accept(turn: Turn, case: Case, acting: Acting) -> str:
    """Take the case on: the holder is settled, the resident hears which station has it."""
    move(turn, case, State.ACCEPTED, acting.who, by=acting.by)
    case.accepted_at, case.holder_post_id = turn.now, acting.post.id
    clocks.end(turn.session, case.id, {ClockKind.ACCEPT}, turn.now, "accepted")
    running = clocks.running(turn.session, case.id)
    running[ClockKind.ANSWER].holder_post_id = acting.post.id
    outbox.drop_waiting(turn.session, case.id, CHASES, "case was accepted")
    notify.tell_resident(turn, case, "accepted", f"v{case.version}")
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
        raise _not_allowed(turn, case, "refusal.too_many_returns")
    move(turn, case, State.NEW, acting.who, by=acting.by, reason=reason)
    case.returns += 1
    case.owner_unit_id = case.holder_post_id = None
    clocks.end(turn.session, case.id, {ClockKind.ACCEPT}, turn.now, "returned")
    outbox.drop_waiting(turn.session, case.id, CHASES, "case was returned")
    cases.release_codes(turn.session, case.id, turn.now)
    to_staff(turn, case, "returned", acting.by)
    notify.tell_resident(turn, case, "returned", f"v{case.version}")
    return turn.say("member.returned", number=show_number(case.number))


def answer(turn: Turn, case: Case, acting: Acting, text: str) -> str:
    """Answer the resident, who is asked at once whether it is solved."""
    ending = named_ending(text)
    move(
        turn, case, State.ANSWERED, acting.who, by=acting.by, given={"answer", "ending"},
        ending=ending.value,
    )  # fmt: skip
    give_answer(turn, case, text, ending.value)
    return turn.say("member.answered", number=show_number(case.number))


def give_answer(turn: Turn, case: Case, text: str, ending: str) -> None:
    """What follows any answer: the resident reads it and is asked, the feedback clock runs."""
    case.answer, case.ending, case.answered_at = text[:2000], ending, turn.now
    case.solved = case.satisfied = None
    over = {ClockKind.ANSWER, ClockKind.ACCEPT, ClockKind.TRIAGE, ClockKind.EMERGENCY}
    clocks.end(turn.session, case.id, over, turn.now, "answered")
    outbox.drop_waiting(turn.session, case.id, CHASES, "case was answered")
    timing.start(turn.deps, turn.session, case, ClockKind.FEEDBACK, turn.now)
    _end_asking(turn, case)
    question = conversation.ask(turn.session, case.contact_id, "solved", case.id, turn.now)
    notify.tell_resident(turn, case, "answered", f"v{case.version}", question=question)


def _end_asking(turn: Turn, case: Case) -> None:
    """Where it is matters no more; left open it would keep 解决了吗 from being asked."""
    asked = conversation.open_question(turn.session, case.contact_id)
    if asked is not None and asked.case_id == case.id and asked.kind in ("place", "what"):
        conversation.end_question(turn.session, asked.id, turn.now, "case answered")


def _acting(turn: Turn, person_id: int, action: Action, case: Case, item: ItemAct) -> Acting:
    """The post under which this person may do this. Raises Refused with the reason."""
    posts = organisation.posts_of_person(turn.session, person_id, turn.today)
    subject = case_subject(turn, case)
    refusal = Refusal.NO_RIGHT
    for post in posts:
        actor = Actor(person_id, (ActorPost(post.id, Role(post.role), post.unit_id),))
        reason = why_not(actor, action, subject)
        if reason is None:
            return Acting(post, item.code)
        refusal = reason if reason is Refusal.WRONG_STATE else refusal
    raise _refused(turn, case, refusal)


def _refused(turn: Turn, case: Case, refusal: Refusal) -> Refused:
    if refusal is not Refusal.WRONG_STATE:
        return _not_allowed(turn, case, "refusal.no_right")
    if case.state in (State.ACCEPTED, State.CONSULTING) and case.holder_post_id is not None:
        holder = organisation.post_by_id(turn.session, case.holder_post_id, turn.today)
        name = holder.person if holder else wording.station_name(turn, case)
        return Refused("member.accept_taken", number=show_number(case.number), holder=name)
    return _not_allowed(turn, case, "refusal.wrong_state", state=CHINESE[State(case.state)])


def _not_allowed(turn: Turn, case: Case, key: str, **values: object) -> Refused:
    why = turn.say(key, **values)
    return Refused("member.not_allowed", number=show_number(case.number), why=why)


def case_subject(turn: Turn, case: Case) -> CaseSubject:
    """The case as permissions see it."""
    station = turn.session.get(StationRow, case.owner_unit_id) if case.owner_unit_id else None
    district = organisation.district_unit_id(turn.session, station.district) if station else None
    return CaseSubject(
        state=State(case.state), queue=Queue(case.queue) if case.queue else None,
        owner_unit_id=case.owner_unit_id,
        assist_unit_ids=frozenset(cases.stations_of(turn.session, case.id, "assist")),
        holder_post_id=case.holder_post_id, handling_restricted=case.handling != "normal",
        district_unit_id=district,
    )  # fmt: skip


def _show(turn: Turn, case: Case) -> str:
    return turn.say(
        "member.show", number=show_number(case.number), what=wording.what(turn, case),
        text=shorten(case.masked, 300), status=wording.status(turn, case),
    )  # fmt: skip


def items(turn: Turn, person_id: int) -> str:
    """The list of what a person has in hand, urgent ones first; what somebody else has accepted by
    now is theirs."""
    own = {p.id for p in organisation.posts_of_person(turn.session, person_id, turn.today)}
    rows = [
        (code, case)
        for code, case in cases.live_codes(turn.session, person_id)
        if State(case.state) in OPEN and case.holder_post_id in {None, *own}
    ]
    if not rows:
        return turn.say("member.items_none")
    rows.sort(key=lambda row: _URGENCIES.index(row[1].urgency))
    lines = [
        turn.say("member.item_line", code=code, number=show_number(case.number),
                 what=wording.what(turn, case), due=_due(turn, case))
        for code, case in rows[:LISTED]
    ]  # fmt: skip
    return turn.say("member.items", count=len(rows), lines="\n".join(lines))


def _due(turn: Turn, case: Case) -> str:
    """By when the next step is due, in words; only the state where no clock runs."""
    state = CHINESE[State(case.state)]
    running = clocks.running(turn.session, case.id).values()
    due = min((clock.due_at for clock in running if clock.kind != "settle"), default=None)
    if due is None:
        return state
    key = "member.item_due" if due > turn.now else "member.item_late"
    return turn.say(key, state=state, due=say_when(due, turn.now))
