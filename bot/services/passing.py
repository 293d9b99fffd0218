"""Passing a case on: to another station before it is accepted, or to a member of the own one."""

from bot.domain.cases import State, Who, show_number
from bot.domain.clocks import ClockKind
from bot.models.cases import Case
from bot.services import dispatch, naming, notify
from bot.services.acting import Acting, not_allowed
from bot.services.errors import Refused
from bot.services.turn import Turn
from bot.store import clocks, events, outbox

PASSES_ALLOWED = 2
"""As with returns: after this many the office decides, so that no case goes in circles."""


def pass_on(turn: Turn, case: Case, acting: Acting, station: str, reason: str) -> str:
    """To the station of this code or name, which must accept it anew; the answer clock goes on."""
    if not station or not reason:
        raise Refused("member.pass_text", code=acting.code)
    target = naming.receiver(turn, station)
    if target.id == case.owner_unit_id:
        raise not_allowed(turn, case, "refusal.own_station", code=acting.code)
    if case.handling != "normal":
        raise not_allowed(turn, case, "refusal.named_only", code=acting.code)
    if _passes(turn, case) >= PASSES_ALLOWED:
        raise not_allowed(turn, case, "refusal.too_many_passes", code=acting.code)
    before = dispatch.current_holders(turn, case)
    dispatch.dispatch(
        turn, case, target.id, who=Who.HANDLER, by=acting.by, reason=reason
    )  # fmt: skip
    others = [post for post in before if post.person_id != acting.post.person_id]
    notify.tell_posts(turn, case, "passed_on", others, f"v{case.version}", who=acting.post.person)
    notify.tell_resident(turn, case, "dispatched", f"v{case.version}")
    return turn.say("member.passed_on", number=show_number(case.number), station=target.name)


def _passes(turn: Turn, case: Case) -> int:
    return sum(e.kind == "rerouted" for e in events.of_case(turn.session, case.id))


def assign(turn: Turn, case: Case, acting: Acting, name: str) -> str:
    """A convener gives it to somebody of the own station. It is theirs at once; before it is
    accepted, it is theirs to accept, and a convener may still do so."""
    if not name:
        raise Refused("member.assign_text", code=acting.code)
    post = naming.colleague(turn, case, name)
    if post.id in (case.holder_post_id, case.assigned_post_id):
        raise not_allowed(turn, case, "refusal.has_it", holder=post.person)
    before = dispatch.current_holders(turn, case)
    running = clocks.running(turn.session, case.id)
    for kind in running.keys() & {ClockKind.ACCEPT, ClockKind.ANSWER}:
        running[kind].holder_post_id = post.id
    if case.state == State.DISPATCHED:
        case.assigned_post_id = post.id
        outbox.drop_waiting(turn.session, case.id, dispatch.CHASES, "case was assigned")
    else:
        case.holder_post_id = post.id
    case.version += 1
    events.record(
        turn.session, turn.now, "assigned", case_id=case.id, by=acting.by, post=post.id
    )  # fmt: skip
    told = {acting.post.person_id, post.person_id}
    if post.person_id != acting.post.person_id:
        notify.tell_posts(
            turn, case, "assigned", [post], f"v{case.version}", who=acting.post.person,
            verb="接" if case.state == State.DISPATCHED else "答",
        )  # fmt: skip
    others = [each for each in before if each.person_id not in told]
    notify.tell_posts(
        turn, case, "assigned_away", others, f"v{case.version}", who=acting.post.person,
        holder=post.person,
    )  # fmt: skip
    return turn.say("member.assigned", number=show_number(case.number), holder=post.person)
