"""Emergencies: the duty desk hears at once, at any hour, and again until somebody answers."""

from bot.domain.clocks import ClockKind
from bot.models.cases import Case
from bot.services import notify, timing
from bot.services.turn import Turn
from bot.store import clocks, events, outbox
from bot.store.events import By
from bot.store.organisation import PostView


def raise_alert(turn: Turn, case: Case) -> None:
    """Tell everybody on duty now, once a case; the emergency clock repeats it."""
    if ClockKind.EMERGENCY in clocks.running(turn.session, case.id):
        return
    timing.start(turn.deps, turn.session, case, ClockKind.EMERGENCY, turn.now)
    posts = notify.people_for(turn, case, "duty", None)
    notify.tell_posts(turn, case, "emergency", posts, "alert")
    events.record(turn.session, turn.now, "queued", case_id=case.id, queue="emergency")


def acknowledge(turn: Turn, case: Case, post: PostView) -> None:
    """Somebody on duty has it: the repeating stops and the others are told."""
    clocks.end(turn.session, case.id, {ClockKind.EMERGENCY}, turn.now, "acknowledged")
    by = By("post", post.id)
    events.record(turn.session, turn.now, "acknowledged", case_id=case.id, by=by)
    rung = outbox.people_told(turn.session, case.id, ("emergency", "emergency_repeat"))
    others = [
        each
        for audience in ("duty", "staff", "leader")
        for each in notify.people_for(turn, case, audience, None)
        if each.person_id != post.person_id and (audience == "duty" or each.person_id in rung)
    ]
    notify.tell_posts(turn, case, "emergency_taken", others, "taken", holder=post.person)
    # Somebody has it, but it still has to be settled by a person: the triage clock keeps it alive.
    timing.start(turn.deps, turn.session, case, ClockKind.TRIAGE, turn.now)


def unacknowledged(turn: Turn, case: Case) -> bool:
    """Whether nobody on duty has said yet that they have it."""
    return ClockKind.EMERGENCY in clocks.running(turn.session, case.id)


def phones(turn: Turn, case: Case) -> str:
    """The numbers that the resident was told to call."""
    info = turn.deps.understander().emergencies.get(case.emergency or "")
    return "、".join(info.phones) if info else "110"
