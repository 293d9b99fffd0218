"""A member's typed act on one item, in chat or from a page: find the case, the post and the values,
and call the one function that does it."""

from collections.abc import Callable

from bot.domain.answers import (
    read_answer,
    read_date,
    read_days,
    read_number,
    read_outcome,
    split_name,
)
from bot.domain.cases import CHINESE, Handling, Outcome, State, show_number
from bot.domain.dialog import ItemAct
from bot.domain.permissions import Action
from bot.domain.showing import shorten
from bot.models.cases import Case
from bot.services import (
    alerts,
    asking,
    assisting,
    colleagues,
    deciding,
    deliberating,
    extending,
    handling,
    holding,
    outcomes,
    passing,
    photographing,
    progress,
    standing_in,
    supervising,
    wording,
)
from bot.services.acting import acting, can, case_subject, not_allowed
from bot.services.errors import NotFound, Refused
from bot.services.todo import items, only_item
from bot.services.turn import Turn
from bot.store import cases, item_codes, organisation

__all__ = ["act", "act_on_only", "case_subject", "items"]


def act(turn: Turn, person_id: int, item: ItemAct) -> str:
    """Carry out one typed act; returns the sentence for its sender. Raises Refused, NotFound."""
    return _ACTS[item.verb](turn, person_id, _named(turn, person_id, item), item)


def _named(turn: Turn, person_id: int, item: ItemAct) -> Case:
    if item.number:
        case = cases.by_number(turn.session, item.number)
        if case is None or not can(turn, person_id, Action.SEE, case):
            raise NotFound("member.no_number", number=show_number(item.number))
        return case
    case_id = item_codes.case_named(turn.session, person_id, item.code)
    if case_id is None:
        raise NotFound("member.no_item", code=item.code)
    return cases.get(turn.session, case_id)


def act_on_only(turn: Turn, person_id: int) -> str:
    """A bare 1: accepts the only open item when it waits to be accepted; else it lists them."""
    code = only_item(turn, person_id)
    if code is None:
        return items(turn, person_id)
    return act(turn, person_id, ItemAct("accept", code, ""))


def _show(turn: Turn, person_id: int, case: Case, item: ItemAct) -> str:
    # What turned out to be for named people is no longer shown to who wrote it down.
    opener = case.opened_by_post_id if case.handling == Handling.NORMAL else None
    own = {p.id for p in organisation.posts_of_person(turn.session, person_id, turn.today)}
    if opener not in own and not can(turn, person_id, Action.SEE, case):
        acting(turn, person_id, Action.SEE, case)
    parts = cases.merged_in(turn.session, case.id)
    more = turn.say("member.show_parts", count=len(parts)) if parts else ""
    return more + turn.say(
        "member.show", number=show_number(case.number), what=wording.what(turn, case),
        text=shorten(case.masked, 300), status=wording.status(turn, case),
    )  # fmt: skip


def _accept(turn: Turn, person_id: int, case: Case, item: ItemAct) -> str:
    if case.state == State.ON_HOLD and can(turn, person_id, Action.RESUME, case):
        return holding.take_up(turn, case, acting(turn, person_id, Action.RESUME, case))
    if case.state == State.CONSULTING and _holds(turn, person_id, case):
        return _conclude(turn, person_id, case, item)
    if _only_assists(turn, person_id, case):
        return assisting.accept_part(turn, case, acting(turn, person_id, Action.ASSIST, case))
    return handling.accept(turn, case, acting(turn, person_id, Action.ACCEPT, case))


def _return(turn: Turn, person_id: int, case: Case, item: ItemAct) -> str:
    return handling.send_back(
        turn, case, acting(turn, person_id, Action.RETURN, case), item.text
    )  # fmt: skip


def _answer(turn: Turn, person_id: int, case: Case, item: ItemAct) -> str:
    if _only_assists(turn, person_id, case):
        helper = acting(turn, person_id, Action.ASSIST, case)
        return assisting.answer_part(turn, case, helper, item.text)
    if _is_asked_only(turn, person_id, case):
        return colleagues.reply(turn, case, person_id, item.text)
    said = read_answer(item.text)
    if not said.text:
        raise Refused("member.answer_text", code=item.code)
    _take_on(turn, person_id, case)
    return handling.answer(
        turn, case, acting(turn, person_id, Action.ANSWER, case), said.text, said.ending,
        came_of_it=said.outcomes,
    )  # fmt: skip


def _take_on(turn: Turn, person_id: int, case: Case) -> None:
    """Who answers at once has taken the case on: both are recorded."""
    if case.state == State.DISPATCHED:
        handling.accept(turn, case, acting(turn, person_id, Action.ACCEPT, case))


def _only_assists(turn: Turn, person_id: int, case: Case) -> bool:
    """The person is not of the owning station, but of one that assists."""
    posts = organisation.posts_of_person(turn.session, person_id, turn.today)
    units = {post.unit_id for post in posts}
    helping = units & set(cases.stations_of(turn.session, case.id, "assist"))
    return case.owner_unit_id not in units and bool(helping)


def _holds(turn: Turn, person_id: int, case: Case) -> bool:
    return case.holder_post_id in {post.id for post in standing_in.at_hand(turn, person_id)}


def _is_asked_only(turn: Turn, person_id: int, case: Case) -> bool:
    """Somebody else has taken it on and waits for this person's word: 答 then means 回, or their
    word would end the case."""
    own = {post.id for post in standing_in.at_hand(turn, person_id)}
    taken = case.holder_post_id is not None and case.holder_post_id not in own
    return taken and colleagues.unanswered(turn, case, person_id) is not None


def _hotline(turn: Turn, person_id: int, case: Case, item: ItemAct) -> str:
    number, text = read_number(item.text)
    if not number:
        raise Refused("member.hotline_number", code=item.code)
    _take_on(turn, person_id, case)
    answers = acting(turn, person_id, Action.ANSWER, case)
    return handling.hand_to_hotline(turn, case, answers, number, text)


def _acknowledge(turn: Turn, person_id: int, case: Case, item: ItemAct) -> str:
    duty = acting(turn, person_id, Action.ACKNOWLEDGE, case)
    alerts.acknowledge(turn, case, duty.post)
    return turn.say(
        "member.acknowledged", number=show_number(case.number),
        what=wording.what(turn, case), text=shorten(case.masked, 300),
    )  # fmt: skip


def _ask(turn: Turn, person_id: int, case: Case, item: ItemAct) -> str:
    return asking.ask(turn, case, acting(turn, person_id, Action.ASK, case), item.text)


def _hold(turn: Turn, person_id: int, case: Case, item: ItemAct) -> str:
    """A head decides; anybody else of the station asks the head by the same words."""
    review, reason = read_date(item.text, turn.today)
    if can(turn, person_id, Action.HOLD, case):
        head = acting(turn, person_id, Action.HOLD, case)
        return holding.hold(turn, case, head, review, reason)
    asks = acting(turn, person_id, Action.EXTEND, case)
    return holding.want_hold(turn, case, asks, review, reason)


def _extend(turn: Turn, person_id: int, case: Case, item: ItemAct) -> str:
    days, reason = read_days(item.text)
    asks = acting(turn, person_id, Action.EXTEND, case)
    return extending.ask_for_time(turn, case, asks, days, reason)


def _grant(turn: Turn, person_id: int, case: Case, item: ItemAct) -> str:
    head = acting(turn, person_id, Action.GRANT, case)
    return deciding.grant(turn, case, head, item.text)


def _deny(turn: Turn, person_id: int, case: Case, item: ItemAct) -> str:
    head = acting(turn, person_id, Action.GRANT, case)
    return deciding.deny(turn, case, head, item.text)


def _pass(turn: Turn, person_id: int, case: Case, item: ItemAct) -> str:
    station, reason = split_name(item.text)
    return passing.pass_on(
        turn, case, acting(turn, person_id, Action.REROUTE, case), station, reason
    )  # fmt: skip


def _assign(turn: Turn, person_id: int, case: Case, item: ItemAct) -> str:
    name, _ = split_name(item.text)
    return passing.assign(turn, case, acting(turn, person_id, Action.ASSIGN, case), name)


def _invite(turn: Turn, person_id: int, case: Case, item: ItemAct) -> str:
    station, words = split_name(item.text)
    owner = acting(turn, person_id, Action.INVITE, case)
    return assisting.invite(turn, case, owner, station, words)


def _consult(turn: Turn, person_id: int, case: Case, item: ItemAct) -> str:
    name, words = split_name(item.text)
    return colleagues.consult(
        turn, case, acting(turn, person_id, Action.ASK, case), name, words
    )  # fmt: skip


def _reply(turn: Turn, person_id: int, case: Case, item: ItemAct) -> str:
    return colleagues.reply(turn, case, person_id, item.text)


def _deliberate(turn: Turn, person_id: int, case: Case, item: ItemAct) -> str:
    opens = acting(turn, person_id, Action.DELIBERATE, case)
    return deliberating.begin(turn, case, opens, item.text)


def _conclude(turn: Turn, person_id: int, case: Case, item: ItemAct) -> str:
    ends = acting(turn, person_id, Action.CONCLUDE, case)
    return deliberating.conclude(turn, case, ends, item.text)


def _photo(turn: Turn, person_id: int, case: Case, item: ItemAct) -> str:
    who = acting(turn, person_id, photographing.right(turn, case), case)
    return photographing.want(turn, person_id, case, who, item.text)


def _outcome(turn: Turn, person_id: int, case: Case, item: ItemAct) -> str:
    outcome, text = read_outcome(item.text)
    owner = acting(turn, person_id, Action.OUTCOME, case)
    if outcome is None:
        names = "、".join(CHINESE[o] for o in Outcome if o is not Outcome.HOTLINE)
        raise not_allowed(turn, case, "refusal.which_outcome", names=names, code=item.code)
    return outcomes.add(turn, case, owner, outcome, text)


def _progress(turn: Turn, person_id: int, case: Case, item: ItemAct) -> str:
    until, words = progress.day_named(item.text, turn.today)
    works = acting(turn, person_id, Action.PROGRESS, case)
    return progress.tell(turn, case, works, until, words)


def _supervise(turn: Turn, person_id: int, case: Case, item: ItemAct) -> str:
    leader = acting(turn, person_id, Action.SUPERVISE, case)
    return supervising.supervise(turn, case, leader, item.text)


def _release(turn: Turn, person_id: int, case: Case, item: ItemAct) -> str:
    leader = acting(turn, person_id, Action.RELEASE, case)
    return supervising.release(turn, case, leader, item.text)


_ACTS: dict[str, Callable[[Turn, int, Case, ItemAct], str]] = {
    "show": _show,
    "accept": _accept,
    "return": _return,
    "answer": _answer,
    "hotline": _hotline,
    "acknowledge": _acknowledge,
    "ask": _ask,
    "hold": _hold,
    "extend": _extend,
    "grant": _grant,
    "deny": _deny,
    "pass": _pass,
    "assign": _assign,
    "invite": _invite,
    "consult": _consult,
    "reply": _reply,
    "deliberate": _deliberate,
    "conclude": _conclude,
    "outcome": _outcome,
    "photo": _photo,
    "progress": _progress,
    "supervise": _supervise,
    "release": _release,
}
