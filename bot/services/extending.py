"""延时: one extension of the answer clock, asked for with a reason and granted by the head."""

from typing import Any

from bot.domain.cases import show_number
from bot.domain.clocks import ClockKind
from bot.domain.ladders import extended
from bot.domain.permissions import Action
from bot.domain.showing import say_when
from bot.models.cases import Case
from bot.services import dispatch, notify
from bot.services.acting import Acting, can, not_allowed
from bot.services.errors import Refused
from bot.services.holding import heads_of
from bot.services.turn import Turn
from bot.store import clocks, events

MOST_DAYS = 10
"""Working days."""


def ask_for_time(turn: Turn, case: Case, acting: Acting, days: int | None, reason: str) -> str:
    """Ask for `days` working days more. A head who has the right grants it in the same breath."""
    if days is None or not 1 <= days <= MOST_DAYS or not reason:
        raise Refused("member.extend_text", code=acting.code, most=MOST_DAYS)
    if case.extension == "granted":
        raise not_allowed(turn, case, "refusal.extended_already")
    if case.extension == "asked":
        raise not_allowed(turn, case, "refusal.extension_waits", days=case.extension_days)
    clock = clocks.running(turn.session, case.id)[ClockKind.ANSWER]
    if clock.paused_at is not None:
        raise not_allowed(turn, case, "refusal.extension_paused")
    if clock.due_at <= turn.now:
        raise not_allowed(turn, case, "refusal.extension_late")
    heads = heads_of(turn, case)
    is_head = can(turn, acting.post.person_id, Action.GRANT, case)
    if not heads:
        raise not_allowed(turn, case, "refusal.no_head")
    case.extension, case.extension_days = "asked", days
    case.version += 1
    events.record(
        turn.session, turn.now, "extension_asked", case_id=case.id, by=acting.by, reason=reason,
        days=days,
    )  # fmt: skip
    if is_head:
        return grant(turn, case, acting)
    notify.tell_posts(
        turn, case, "extension_wanted", heads, f"v{case.version}", who=acting.post.person,
        days=days, reason=reason[:300],
    )  # fmt: skip
    names = "、".join(head.person for head in heads)
    return turn.say("member.extension_wanted", number=show_number(case.number), head=names)


def grant(turn: Turn, case: Case, acting: Acting) -> str:
    """The head says yes: the due time moves, and the resident hears the new date."""
    days = _asked_days(turn, case)
    row = clocks.running(turn.session, case.id)[ClockKind.ANSWER]
    if row.paused_at is not None:
        raise not_allowed(turn, case, "refusal.extension_paused")
    clocks.rewrite(row, extended(clocks.snapshot(row), turn.deps.calendar(), days))
    case.extension = "granted"
    case.version += 1
    events.record(
        turn.session, turn.now, "extension_granted", case_id=case.id, by=acting.by, days=days,
        due_at=row.due_at.isoformat(),
    )  # fmt: skip
    notify.tell_resident(turn, case, "extended", f"v{case.version}")
    _tell_holders(turn, case, acting, "extension_granted")
    due = say_when(row.due_at, turn.now)
    return turn.say("member.extension_granted", number=show_number(case.number), due=due)


def deny(turn: Turn, case: Case, acting: Acting, reason: str) -> str:
    """The head says no, and why; it may be asked for again."""
    days = _asked_days(turn, case)
    if not reason:
        raise Refused("member.deny_text", code=acting.code)
    case.extension = "refused"
    case.version += 1
    events.record(
        turn.session, turn.now, "extension_refused", case_id=case.id, by=acting.by, reason=reason,
        days=days,
    )  # fmt: skip
    _tell_holders(turn, case, acting, "extension_refused", reason=reason[:300])
    return turn.say("member.extension_refused", number=show_number(case.number))


def _tell_holders(turn: Turn, case: Case, acting: Acting, kind: str, **params: Any) -> None:
    others = dispatch.current_holders(turn, case)
    told = [post for post in others if post.person_id != acting.post.person_id]
    notify.tell_posts(turn, case, kind, told, f"v{case.version}", **params)


def _asked_days(turn: Turn, case: Case) -> int:
    if case.extension != "asked" or case.extension_days is None:
        raise not_allowed(turn, case, "refusal.nothing_to_grant")
    return case.extension_days
