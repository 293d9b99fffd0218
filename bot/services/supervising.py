"""督办: a leader puts a case under supervision. It is chased more tightly until it is answered, and
only that leader releases it."""

from bot.domain.cases import OPEN, State, show_number
from bot.domain.clocks import ClockKind
from bot.models.cases import Case
from bot.services import notify, timing, wording
from bot.services.acting import Acting, not_allowed
from bot.services.turn import Turn
from bot.store import clocks, events, outbox
from bot.store.events import SYSTEM
from bot.store.organisation import PostView

LONGEST = 200
_TOLD = ("owner", "first_convener", "station_head")


def supervise(turn: Turn, case: Case, acting: Acting, words: str) -> str:
    """Begin. Raises Refused when it is supervised already."""
    if case.supervised_post_id is not None:
        raise not_allowed(turn, case, "refusal.supervised_already")
    events.record(
        turn.session, turn.now, "supervised", case_id=case.id, by=acting.by, reason=words[:2000]
    )  # fmt: skip
    _begin(turn, case, acting.post, words)
    what = wording.what(turn, case)
    number = show_number(case.number)
    return turn.say("member.supervised", number=number, what=what, code=acting.code)


def by_ladder(turn: Turn, case: Case) -> None:
    """A rung of its ladder says so: the first leader supervises it."""
    leaders = notify.people_for(turn, case, "leader", None)
    if case.supervised_post_id is not None or not leaders:
        return
    events.record(
        turn.session, turn.now, "supervised", case_id=case.id, by=SYSTEM, reason="its ladder"
    )  # fmt: skip
    _begin(turn, case, leaders[0], "")


def _begin(turn: Turn, case: Case, leader: PostView, words: str) -> None:
    case.supervised_post_id = leader.id
    case.version += 1
    timing.start(turn.deps, turn.session, case, ClockKind.SUPERVISION, turn.now)
    said = f"：{words[:LONGEST].rstrip('。')}" if words else ""
    _tell(turn, case, leader, "supervised", words=said)


def release(turn: Turn, case: Case, acting: Acting, words: str) -> str:
    """End it. Raises Refused when it is not supervised."""
    if case.supervised_post_id is None:
        raise not_allowed(turn, case, "refusal.not_supervised")
    events.record(
        turn.session, turn.now, "released", case_id=case.id, by=acting.by, reason=words[:2000]
    )  # fmt: skip
    case.supervised_post_id = None
    case.version += 1
    clocks.end(turn.session, case.id, {ClockKind.SUPERVISION}, turn.now, "released")
    chases = ("supervised", "supervised_chase", "supervision_late")
    outbox.drop_waiting(turn.session, case.id, chases, "supervision was ended")
    _tell(turn, case, acting.post, "supervision_over")
    return turn.say("member.released", number=show_number(case.number))


def _tell(turn: Turn, case: Case, leader: PostView, kind: str, words: str = "") -> None:
    posts = [p for name in _TOLD for p in notify.people_for(turn, case, name, None)]
    others = [post for post in posts if post.person_id != leader.person_id]
    notify.tell_posts(turn, case, kind, others, f"v{case.version}", who=leader.person, words=words)


def press_on(turn: Turn, case: Case) -> None:
    """Not answered yet: another round."""
    if case.supervised_post_id is not None and State(case.state) in OPEN:
        timing.start(turn.deps, turn.session, case, ClockKind.SUPERVISION, turn.now)


def tell_answered(turn: Turn, case: Case) -> None:
    """The leader reads the answer; should the case be opened again, it is supervised still."""
    posts = notify.people_for(turn, case, "supervisor", None)
    notify.tell_posts(turn, case, "supervised_answered", posts, f"v{case.version}")
