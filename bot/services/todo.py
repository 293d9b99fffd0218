"""待办: what a person has in hand, and what each item waits for."""

from collections.abc import Sequence

from bot.domain.cases import CHINESE, OPEN, State, show_number
from bot.domain.clocks import SIDE_CLOCKS, ClockKind
from bot.domain.permissions import Action
from bot.domain.roles import Role
from bot.domain.showing import say_when
from bot.models.cases import Case
from bot.models.timing import ClockRow
from bot.services import assisting, colleagues, standing_in, wording
from bot.services.acting import can, who_has
from bot.services.turn import Turn
from bot.store import cases, clocks, events, item_codes
from bot.store.ahead import look_ahead
from bot.store.organisation import PostView
from bot.store.remembering import looking

LISTED = 20
"""Lines of 待办; the rest is counted."""
_URGENCIES = ("emergency", "urgent", "normal")


def items(turn: Turn, person_id: int) -> str:
    """The list of what a person has in hand, urgent ones first; what somebody else has accepted by
    now is theirs."""
    _code_supervised(turn, person_id)
    rows = in_hand(turn, person_id)
    if not rows:
        return turn.say("member.items_none")
    lines = [
        turn.say("member.item_line", code=code, number=show_number(case.number),
                 what=wording.what(turn, case), due=waits)
        for code, case, waits in rows[:LISTED]
    ]  # fmt: skip
    return turn.say("member.items", count=len(rows), lines="\n".join(lines))


def only_item(turn: Turn, person_id: int) -> int | None:
    """The code of the one item in hand, if it waits to be accepted by this person."""
    rows = in_hand(turn, person_id)
    if len(rows) != 1 or not can(turn, person_id, Action.ACCEPT, rows[0][1]):
        return None
    given = rows[0][1].assigned_post_id
    own = {post.id for post in standing_in.at_hand(turn, person_id)}
    if given is not None and given not in own:
        return None  # a bare 1 must not take away what was given to somebody else
    return rows[0][0]


def in_hand(turn: Turn, person_id: int) -> list[tuple[int, Case, str]]:
    """(code, case, what it waits for), the urgent first, then the oldest. The code is 0 where chat
    has not shown it yet."""
    with looking(turn.session):
        rows = _in_hand(turn, person_id)
    return sorted(rows, key=lambda row: _URGENCIES.index(row[1].urgency))


def _in_hand(turn: Turn, person_id: int) -> list[tuple[int, Case, str]]:
    posts = standing_in.at_hand(turn, person_id)
    coded = item_codes.live(turn.session, person_id)
    known = {case.id for _, case in coded}
    coded += [(0, case) for case in _supervised(turn, posts) if case.id not in known]
    open_ones = [(code, case) for code, case in coded if State(case.state) in OPEN]
    look_ahead(turn.session, [case.id for _, case in open_ones])
    rows = []
    for code, case in open_ones:
        decides = _decides(turn, case, person_id)
        waits = decides or _waits(turn, case, person_id, posts)
        if waits is not None:
            whose = _for_whom(turn, case, posts, decides=bool(decides))
            rows.append((code, case, whose + waits))
    return rows


def _supervised(turn: Turn, posts: list[PostView]) -> Sequence[Case]:
    """What a leader supervises: a return or a new start may have taken the code away."""
    leading = [post.id for post in posts if post.role == Role.LEADER]
    return cases.supervised_by(turn.session, leading) if leading else ()


def _code_supervised(turn: Turn, person_id: int) -> None:
    for case in _supervised(turn, standing_in.at_hand(turn, person_id)):
        item_codes.give(turn.session, person_id, case.id, turn.now)


def _waits(turn: Turn, case: Case, person_id: int, posts: list[PostView]) -> str | None:
    """What the item waits for, from this person's side; None when it is not in their hands."""
    running = clocks.running(turn.session, case.id)
    own = {post.id for post in posts}
    theirs = {case.holder_post_id, case.assigned_post_id, case.co_owner_post_id} & own
    if case.supervised_post_id in own and not theirs:
        if not can(turn, person_id, Action.SEE, case):
            return None
        state = _step(turn, case, running)
        return turn.say("waits.supervising", holder=who_has(turn, case), state=state)
    if case.assigned_post_id not in {None, *own}:
        return _given(turn, case, person_id, running)
    if _is_released(turn, case, posts):
        return None
    if case.holder_post_id in {None, *own} or case.co_owner_post_id in own:
        return _own(turn, case, running) if can(turn, person_id, Action.SEE, case) else None
    part = running.get(ClockKind.ASSIST)
    if part and any(assisting.open_part(turn, case, post.unit_id) for post in posts):
        return _by(turn, turn.say("waits.part"), part)
    return _asked(turn, case, person_id, posts)


def _asked(turn: Turn, case: Case, person_id: int, posts: list[PostView]) -> str | None:
    """A colleague waits for this person's word, or for the word of whom they stand in for."""
    asked = colleagues.unanswered(turn, case, person_id)
    if asked is None:
        return None
    carried = (p.stands_in for p in posts if p.stands_in is not None)
    absent = next((each.person for each in carried if each.person_id == asked.data["person"]), "")
    whose = turn.say("waits.instead", person=absent) if absent else ""
    return whose + turn.say("waits.colleague")


def _is_released(turn: Turn, case: Case, posts: list[PostView]) -> bool:
    """A leader who has ended the supervision is done with it."""
    if {post.role for post in posts} != {Role.LEADER} or case.supervised_post_id is not None:
        return False
    told = [event.kind for event in events.told(turn.session, case.id)]
    return "released" in told


def _for_whom(turn: Turn, case: Case, posts: list[PostView], *, decides: bool) -> str:
    """Whose item it is, where this person only stands in. `decides`: it waits for a head's word."""
    carries = [post for post in posts if post.stands_in is not None]
    if not carries:
        return ""
    if decides:
        here = [post for post in posts if post.unit_id == case.owner_unit_id]
        heads = [post for post in here if post.role == Role.STATION_HEAD]
        found = heads[:1]  # one's own come first
    else:
        theirs = standing_in.whose(turn, case)
        found = [post for post in carries if post.id in theirs]
    absent = found[0].stands_in if found else None
    return turn.say("waits.instead", person=absent.person) if absent else ""


def _decides(turn: Turn, case: Case, person_id: int) -> str:
    """What waits for this person's 准 or 不准."""
    asked = case.extension == "asked" or case.hold_wanted_until is not None
    if not asked or not can(turn, person_id, Action.GRANT, case):
        return ""
    found = []
    if case.extension == "asked":
        found.append(turn.say("waits.grant", days=case.extension_days))
    if case.hold_wanted_until is not None:
        day = wording.day(case.hold_wanted_until, turn.today)
        found.append(turn.say("waits.hold", day=day))
    return "，".join(found)


def _given(
    turn: Turn, case: Case, person_id: int, running: dict[ClockKind, ClockRow]
) -> str | None:
    """Those who may accept it all the same see who was asked to."""
    if not can(turn, person_id, Action.ACCEPT, case):
        return None
    state = turn.say("waits.given", holder=who_has(turn, case))
    return _by(turn, state, running.get(ClockKind.ACCEPT))


def _own(turn: Turn, case: Case, running: dict[ClockKind, ClockRow]) -> str:
    """The same as `_step`, and whether a leader watches it."""
    step = _step(turn, case, running)
    return step if case.supervised_post_id is None else turn.say("waits.supervised", state=step)


def _step(turn: Turn, case: Case, running: dict[ClockKind, ClockRow]) -> str:
    """By when the next step is due, and whom it waits for; only the state where no clock runs."""
    if clock := running.get(ClockKind.QUESTION):
        return turn.say("waits.resident", due=say_when(clock.due_at, turn.now))
    if case.review_date is not None:
        return turn.say("waits.review", day=wording.day(case.review_date, turn.today))
    state = CHINESE[State(case.state)]
    if case.extension == "asked":
        state = turn.say("waits.extension", state=state)
    if case.hold_wanted_at is not None:
        state = turn.say("waits.hold_asked", state=state)
    if helper := assisting.helper(turn, case):
        state = turn.say("waits.helper", state=state, station=helper)
    if case.progress_date is not None:
        day = wording.day(case.progress_date, turn.today)
        state = turn.say("waits.progress", state=state, day=day)
    counted = [c for k, c in running.items() if k not in SIDE_CLOCKS]
    return _by(turn, state, min(counted, key=lambda c: c.due_at, default=None))


def _by(turn: Turn, state: str, clock: ClockRow | None) -> str:
    if clock is None:
        return state
    key = "member.item_due" if clock.due_at > turn.now else "member.item_late"
    return turn.say(key, state=state, due=say_when(clock.due_at, turn.now))
