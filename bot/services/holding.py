"""挂账: real, but not solvable now. A station head says until when, and it comes back by itself."""

from datetime import date

from bot.domain.cases import State, Who, show_number
from bot.domain.clocks import ClockKind
from bot.domain.showing import say_when
from bot.models.cases import Case
from bot.services import dispatch, notify, pauses, progress, standing_in, timing, wording
from bot.services.acting import Acting, not_allowed
from bot.services.errors import Refused
from bot.services.moves import move
from bot.services.turn import Turn
from bot.store import clocks, events, organisation, outbox
from bot.store.events import SYSTEM, By
from bot.store.organisation import PostView


def hold(turn: Turn, case: Case, acting: Acting, review: date | None, reason: str) -> str:
    """Put it on hold until `review`; the resident reads the reason and the day."""
    if review is None or not reason:
        raise Refused("member.hold_text", code=acting.code)
    move(
        turn, case, State.ON_HOLD, acting.who, by=acting.by, reason=reason,
        given={"review_date"}, review_date=review.isoformat(),
    )  # fmt: skip
    case.held_reason, case.review_date = _plain(reason), review
    pauses.pause(turn, case, "on hold")
    timing.start_hold(turn.deps, turn.session, case, turn.now)
    outbox.drop_waiting(turn.session, case.id, dispatch.CHASES, "case is on hold")
    day = wording.day(review, turn.today)
    notify.tell_resident(turn, case, "held", f"v{case.version}", reason=_plain(reason), day=day)
    others = [p for p in dispatch.current_holders(turn, case) if p.id != acting.post.id]
    notify.tell_posts(turn, case, "hold_granted", others, f"v{case.version}", day=day)
    return turn.say("member.held", number=show_number(case.number), day=day)


def _plain(reason: str) -> str:
    """Without its full stop: the sentence around it goes on."""
    return reason[:300].rstrip("。.；; ")


def want_hold(turn: Turn, case: Case, acting: Acting, review: date | None, reason: str) -> str:
    """Somebody who may not decide it asks the station's head, once until that is decided."""
    if review is None or not reason:
        raise Refused("member.hold_text", code=acting.code)
    if case.hold_wanted_at is not None:
        when = say_when(case.hold_wanted_at, turn.now)
        raise not_allowed(turn, case, "refusal.hold_waits", when=when)
    heads = heads_of(turn, case)
    if not heads:
        raise not_allowed(turn, case, "refusal.no_head")
    case.hold_wanted_at, case.hold_wanted_until = turn.now, review
    case.hold_wanted_reason = _plain(reason)
    case.version += 1
    events.record(
        turn.session, turn.now, "hold_wanted", case_id=case.id, by=acting.by, reason=reason,
        review_date=review.isoformat(),
    )  # fmt: skip
    notify.tell_posts(
        turn, case, "hold_wanted", heads, f"v{case.version}", who=acting.post.person,
        day=review.isoformat(), reason=reason[:300],
    )  # fmt: skip
    names = "、".join(head.person for head in heads)
    return turn.say("member.hold_wanted", number=show_number(case.number), head=names)


def grant_wanted(turn: Turn, case: Case, acting: Acting) -> str:
    """The head says yes to what was proposed."""
    review = case.hold_wanted_until
    if review is None:
        raise not_allowed(turn, case, "refusal.nothing_to_grant")
    if review <= turn.today:
        raise not_allowed(turn, case, "refusal.hold_past", code=acting.code)
    return hold(turn, case, acting, review, case.hold_wanted_reason)


def deny_wanted(turn: Turn, case: Case, acting: Acting, reason: str) -> str:
    """The head says no, and why; it may be asked for again."""
    if not reason:
        raise Refused("member.deny_text", code=acting.code)
    pauses.forget_hold(case)
    case.version += 1
    events.record(
        turn.session, turn.now, "hold_refused", case_id=case.id, by=acting.by, reason=reason
    )  # fmt: skip
    others = dispatch.current_holders(turn, case)
    told = [post for post in others if post.person_id != acting.post.person_id]
    notify.tell_posts(turn, case, "hold_refused", told, f"v{case.version}", reason=reason[:300])
    return turn.say("member.hold_refused", number=show_number(case.number))


def heads_of(turn: Turn, case: Case) -> list[PostView]:
    """The heads of the owning station."""
    if case.owner_unit_id is None:
        return []
    heads = organisation.posts_of(turn.session, case.owner_unit_id, "station_head", turn.today)
    return standing_in.covered(turn, heads)


def take_up(turn: Turn, case: Case, acting: Acting) -> str:
    """A handler takes it up again before its day."""
    _resume(turn, case, acting.who, acting.by)
    due = clocks.running(turn.session, case.id)[ClockKind.ANSWER].due_at
    return turn.say(
        "member.accepted", number=show_number(case.number), what=wording.what(turn, case),
        due=say_when(due, turn.now), code=acting.code,
    )  # fmt: skip


def come_back(turn: Turn, case: Case) -> None:
    """The review date is here."""
    _resume(turn, case, {Who.SYSTEM}, SYSTEM)
    told = [*dispatch.current_holders(turn, case), *heads_of(turn, case)]
    if not told and case.owner_unit_id is not None:
        told = dispatch.receivers(turn, case.owner_unit_id)
    notify.tell_posts(turn, case, "hold_review", told, f"v{case.version}")


def _resume(turn: Turn, case: Case, who: set[Who] | frozenset[Who], by: By) -> None:
    """The resident was told that we look again: now they hear that we do."""
    move(turn, case, State.ACCEPTED, who, by=by)
    progress.begin(turn, case)
    notify.tell_resident(turn, case, "hold_over", f"v{case.version}")
