"""Somebody leaves a post: what they held goes on, and both sides hear of it.

The rule: a case whose holder is gone goes back to its station, to the first convener and the others
who may accept it; where the station has nobody left, or is closed, to the staff queue. A case that
nobody had accepted yet keeps its clocks and is pushed to whoever is there now. What a closed
station has not accepted goes where routing sends it (bot.services.closing).
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as WaitedTooLong

from bot.domain.cases import State, Who, show_number
from bot.domain.clocks import ClockKind
from bot.domain.quiet import is_quiet
from bot.domain.roles import ROLE_NAMES, Role
from bot.models.cases import Case
from bot.services import changing_over, closing, dispatch, notify, roster, wording
from bot.services.accounts import post_named
from bot.services.closing import HandedOver
from bot.services.errors import Refused
from bot.services.master_history import Author
from bot.services.moves import move
from bot.services.ports import Deps
from bot.services.turn import Turn
from bot.store import alarms, cases, clocks, events, item_codes, leaving, organisation, outbox
from bot.store.organisation import PostView

log = logging.getLogger(__name__)

BATCH = 100
WHY = "the holder left the post"


@dataclass(frozen=True, slots=True)
class Left:
    """A post that ends, its last day, and the cases that moved at once."""

    ref: str
    person: str
    unit: str
    role: str
    last_day: date
    cases: list[str]


def leave(deps: Deps, ref: str, last_day: date | None = None) -> Left:
    """End a post (`S001:first_convener` or a number). Without a day it is over now. Cases move when
    it is over. Raises NotFound, Refused (the day is long past)."""
    with deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        post = post_named(turn, ref)
        last = last_day or turn.today - timedelta(days=1)
        end_post(turn, post, last, Author())
    moved = hand_over(deps)
    return Left(post.ref, post.person, post.unit, post.role, last, [each.case for each in moved])


def end_post(turn: Turn, post: PostView, last: date, author: Author) -> None:
    """The same in a write unit that is open; after it whoever calls hands over. Raises Refused."""
    if last < turn.today - timedelta(days=1):
        raise Refused("operator.past_day", day=last.isoformat())
    leaving.end_post(turn.session, post.id, last)
    changing_over.leave_post(turn, post.id, last)
    organisation.bump_roster_version(turn.session)
    events.record(
        turn.session, turn.now, "left", by=author.by, reason=author.reason,
        about=f"posts:{post.unit_code}", post=post.id, person=post.person,
        last_day=last.isoformat(),
    )  # fmt: skip


def waiting(turn: Turn, limit: int = 1000) -> tuple[int, ...]:
    """Ids of cases that `hand_over` would move on now, at most `limit` of each kind."""
    held = leaving.stranded(turn.session, turn.today, limit)
    return tuple(sorted({*held, *leaving.of_closed(turn.session, turn.today, limit)}))


def hand_over(deps: Deps, limit: int = BATCH) -> list[HandedOver]:
    """Move on what ended posts still hold, and what closed stations never accepted, each case in a
    write unit of its own: after a leave or an import, and by the scheduler for days that come by
    themselves."""
    now = deps.clock.now()
    with deps.database.read() as session:
        turn = Turn(deps, session, now)
        found = leaving.stranded(session, turn.today, limit)
        closed = leaving.of_closed(session, turn.today, limit)
        idle = leaving.idle_codes(session, turn.today)
    steps = [(_one, case_id) for case_id in found] + [(closing.one, each) for each in closed]
    done = [moved for step, each in steps if (moved := _try(deps, step, each)) is not None]
    if done or idle:
        with deps.database.write() as session:
            leaving.release_idle(session, Turn(deps, session, now).today, now)
    return done


def hand_over_soon(deps: Deps) -> int:
    """The same for a page whose change is committed: what can't be written now is done by the
    scheduler. How many moved."""
    try:
        return len(hand_over(deps))
    except (OperationalError, WaitedTooLong):
        log.warning("hand_over_later")
        return 0


def hand_over_by_day(deps: Deps) -> list[HandedOver]:
    """The same for the scheduler: a post that ends at midnight rings nobody before the morning."""
    return [] if is_quiet(deps.clock.now()) else hand_over(deps)


def _try(
    deps: Deps, step: Callable[[Deps, int], HandedOver | None], case_id: int
) -> HandedOver | None:
    try:
        return step(deps, case_id)
    except (OperationalError, WaitedTooLong):
        raise
    except Exception as error:
        # One case that can't move must not hold up the others.
        with deps.database.write() as session:
            number = session.get_one(Case, case_id).number
            log.exception("hand_over_failed case=%s", number)
            detail = f"case {case_id}: {type(error).__name__}"
            alarms.raise_alarm(session, f"hand_over:{case_id}", detail, deps.clock.now())
        return None


def _one(deps: Deps, case_id: int) -> HandedOver | None:
    with deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        case = cases.get(session, case_id)
        gone = organisation.posts_by_id(session, leaving.ended_holders(session, case, turn.today))
        if not gone or case.owner_unit_id is None:
            return None  # somebody moved it between the look and the lock
        unit_id = case.owner_unit_id
        station = wording.station_name(turn, case)
        heirs = _heirs(turn, unit_id)
        for post in gone:  # what they are told is for them, not for who stood in
            changing_over.leave_post(turn, post.id, turn.today - timedelta(days=1))
        leaving.drop_notices(session, case_id, {post.person_id for post in gone})
        to = station if heirs else turn.say("notice.staff")
        _go_on(turn, case, unit_id, gone, heirs)
        _tell(turn, case, gone, heirs, to)
        events.record(
            session, turn.now, "handed_over", case_id=case.id, reason=WHY,
            from_posts=[post.id for post in gone], to=to,
        )  # fmt: skip
        return HandedOver(show_number(case.number), to)


def _go_on(
    turn: Turn, case: Case, unit_id: int, gone: list[PostView], heirs: list[PostView]
) -> None:
    heir = heirs[0].id if heirs else None
    leaving.pass_clocks(turn.session, case.id, {post.id for post in gone}, heir)
    if not heirs:
        _to_staff(turn, case)
        return
    if case.state == State.DISPATCHED:
        _push_anew(turn, case, heirs)
    else:
        dispatch.dispatch(turn, case, unit_id, reason=WHY)


def _heirs(turn: Turn, unit_id: int) -> list[PostView]:
    """Who gets it at the station; nobody when the station is closed or empty."""
    stations = roster.directory_within(turn.deps, turn.session, turn.today).stations
    active = any(station.id == unit_id and station.active for station in stations)
    return dispatch.receivers(turn, unit_id) if active else []


def _push_anew(turn: Turn, case: Case, heirs: list[PostView]) -> None:
    """Nobody had accepted it: the clocks run on, for somebody else."""
    case.version, case.assigned_post_id = case.version + 1, None
    notify.tell_posts(turn, case, "push", heirs, f"v{case.version}")


def _to_staff(turn: Turn, case: Case) -> None:
    move(turn, case, State.NEW, {Who.SYSTEM}, reason=WHY)
    case.proposed_unit_id, case.owner_unit_id = None, None
    case.holder_post_id = None
    clocks.end(turn.session, case.id, {ClockKind.ACCEPT}, turn.now, "holder left")
    outbox.drop_waiting(turn.session, case.id, dispatch.CHASES, "holder left")
    item_codes.release(turn.session, case.id, turn.now)
    dispatch.to_staff(turn, case, WHY)
    notify.tell_resident(turn, case, "returned", f"v{case.version}")


def _tell(turn: Turn, case: Case, gone: list[PostView], heirs: list[PostView], to: str) -> None:
    """Who had it need not think of it any more; but who has it again by another post knows."""
    again = {post.person_id for post in heirs}
    for post in gone:
        if post.person_id in again:
            continue
        named = f"{post.unit}{ROLE_NAMES[Role(post.role)]}"
        notify.tell_posts(turn, case, "handed_on", [post], f"left{post.id}", post=named, to=to)
        leaving.release_code(turn.session, case.id, post.person_id, turn.now)
