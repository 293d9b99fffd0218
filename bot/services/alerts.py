"""Emergencies: the duty desk hears at once, at any hour, and again until somebody answers."""

from datetime import datetime

from bot.domain.clocks import ClockKind
from bot.domain.showing import say_length, say_when, shorten
from bot.models.cases import Case
from bot.models.timing import ClockRow
from bot.services import notify, timing, wording
from bot.services.turn import Turn
from bot.store import clocks, events, organisation, outbox
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
    others = _others(turn, case, post.person_id)
    notify.tell_posts(turn, case, "emergency_taken", others, "taken", holder=post.person)
    # Somebody has it, but it still has to be settled by a person: the triage clock keeps it alive.
    timing.start(turn.deps, turn.session, case, ClockKind.TRIAGE, turn.now)


def call_off(turn: Turn, case: Case, reason: str, by: By) -> None:
    """Somebody found that it is no emergency: the alarm stops, and everybody whose phone rang hears
    by whom and why. Before the case moves: with that its codes are freed."""
    clocks.end(turn.session, case.id, {ClockKind.EMERGENCY}, turn.now, "called off")
    who = organisation.posts_by_id(turn.session, [by.post_id] if by.post_id else [])
    others = _others(turn, case, who[0].person_id if who else None)
    notify.tell_posts(
        turn, case, "emergency_over", others, f"over{case.version}", reason=reason,
        holder=who[0].person if who else turn.say("console.office"), what=wording.what(turn, case),
    )  # fmt: skip


def _others(turn: Turn, case: Case, but: int | None) -> list[PostView]:
    """Everybody on duty and whoever else was rung, but for this person."""
    rung = outbox.people_told(turn.session, case.id, ("emergency", "emergency_repeat"))
    return [
        each
        for audience in ("duty", "staff", "leader")
        for each in notify.people_for(turn, case, audience, None)
        if each.person_id != but and (audience == "duty" or each.person_id in rung)
    ]


def unacknowledged(turn: Turn, case: Case) -> bool:
    """Whether nobody on duty has said yet that they have it."""
    return ClockKind.EMERGENCY in clocks.running(turn.session, case.id)


def times(turn: Turn, kind: str, reported: datetime, rung: datetime) -> dict[str, str]:
    """When it was reported and how long nobody has answered since it first rang, in words; `rang`
    is both in a template's twenty characters. The platform drops what equals a notice of the last
    ten minutes: this differs from one repeat to the next."""
    when, waited = say_when(reported, turn.now), say_length(turn.now - rung)
    if not kind.endswith("_repeat"):
        return {"reported": when, "rang": shorten(when, 20)}
    rang = turn.say("notice.rang", reported=when, waited=waited)
    if len(rang) > 20:
        rang = turn.say("notice.rang_long", waited=waited)
    return {"reported": when, "waited": waited, "rang": rang}


def times_of(turn: Turn, kind: str, case: Case, clock: ClockRow | None) -> dict[str, str]:
    """The same for an emergency and its clock."""
    rung = clock.started_at if clock is not None else case.created_at
    return times(turn, kind, case.reported_at or rung, rung)


def tell_danger(turn: Turn, case: Case) -> bool:
    """The resident hears what to do about a danger that somebody of ours read out of their words.
    False where there is none."""
    found = turn.deps.understander().emergencies.get(case.emergency or "")
    if found is not None:
        cause = f"v{case.version}"
        notify.tell_resident(turn, case, "danger", cause, advice=found.reply)
    return found is not None


def phones(turn: Turn, case: Case) -> str:
    """The numbers that the resident was told to call."""
    info = turn.deps.understander().emergencies.get(case.emergency or "")
    return "、".join(info.phones) if info else "110"
