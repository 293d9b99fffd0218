"""Sending a case to a station, by the route or by a person's word."""

from datetime import datetime, timedelta

from bot.domain.cases import Handling, Queue, State, Who
from bot.domain.clocks import ClockKind
from bot.domain.notices import LATE
from bot.models.cases import Case
from bot.services import co_owning, notify, offers, standing_in, timing
from bot.services.moves import move
from bot.services.roster import directory
from bot.services.turn import Turn
from bot.store import cases, clocks, events, item_codes, organisation, outbox
from bot.store.events import SYSTEM, By
from bot.store.organisation import PostView

CHASES = (
    *("push", "accept_reminder", "accept_overdue", "answer_due_soon", "answer_overdue"),
    *("progress_wanted", "supervised_chase"),
)
"""Notices that ask a station to do something: untrue as soon as the case leaves it."""
_WAITED = frozenset({ClockKind.SETTLE, ClockKind.TRIAGE, ClockKind.EMERGENCY, ClockKind.FEEDBACK})
"""What is waited for no more once a station has it."""


def settle(turn: Turn, case: Case) -> None:
    """The resident has said it all: the case goes to its station, or stays in its queue."""
    case.settling = False
    if case.queue is not None or case.state != State.NEW:
        return
    station = directory(turn.deps).by_id.get(case.proposed_unit_id or 0)
    if station is None or not station.receives:
        to_staff(turn, case, "the station that was chosen does not receive any more")
        return
    told_by = case.created_at + timedelta(seconds=turn.deps.settings.settle_seconds)
    late = told_by <= turn.now - LATE  # nothing ran for a while
    dispatch(turn, case, station.id, due_at=told_by if late else None)


def to_staff(turn: Turn, case: Case, reason: str, by: By = SYSTEM) -> None:
    """A person of the office must look at a new case; the triage clock watches that one does.
    What only named people may see goes back to them."""
    named = case.handling == Handling.NAMED_STAFF
    case.queue = (Queue.RESTRICTED if named else Queue.STAFF).value
    events.record(
        turn.session, turn.now, "queued", case_id=case.id, by=by, reason=reason, queue=case.queue
    )
    timing.start(turn.deps, turn.session, case, ClockKind.TRIAGE, turn.now)


def dispatch(
    turn: Turn,
    case: Case,
    unit_id: int,
    *,
    who: Who = Who.SYSTEM,
    by: By = SYSTEM,
    reason: str = "",
    due_at: datetime | None = None,
) -> None:
    """Give the case to a station and start its clocks. `due_at`: when it should have been pushed,
    if that is long ago. Raises ForbiddenMove."""
    first = organisation.posts_of(turn.session, unit_id, "first_convener", turn.today)
    holder = first[0].id if first else None
    due = timing.accept_due(turn.deps, case, turn.now)
    station = directory(turn.deps).by_id.get(unit_id)
    _helps_no_more(turn, case, unit_id)
    move(
        turn, case, State.DISPATCHED, {who}, by=by, reason=reason, given={"station"},
        owner=unit_id, assist=cases.stations_of(turn.session, case.id, "assist"),
        rule=case.rule, due_at=due.isoformat(), proposed=case.proposed_unit_id,
        mode=station.mode if station else "", sector=(station and station.sector) or "",
    )  # fmt: skip
    case.queue, case.settling = None, False
    case.owner_unit_id, case.holder_post_id, case.co_owner_post_id = unit_id, None, None
    case.dispatched_at, case.accepted_at, case.closed_at = turn.now, None, None
    offers.overtaken(turn, case)
    clocks.end(turn.session, case.id, _WAITED, turn.now, "dispatched")
    timing.start(turn.deps, turn.session, case, ClockKind.ACCEPT, turn.now, holder_post_id=holder)
    if case.supervised_post_id is not None:
        timing.start(turn.deps, turn.session, case, ClockKind.SUPERVISION, turn.now)
    answer = clocks.running(turn.session, case.id).get(ClockKind.ANSWER)
    if answer is not None:  # it goes on, but reminds who has the case now
        answer.holder_post_id = holder
    else:
        timing.start(
            turn.deps, turn.session, case, ClockKind.ANSWER, turn.now, holder_post_id=holder
        )
    outbox.drop_waiting(turn.session, case.id, CHASES, "case was dispatched anew")
    _push(turn, case, unit_id, due_at)


def _helps_no_more(turn: Turn, case: Case, unit_id: int) -> None:
    """Whoever owns it is not its own assistant; what was said in that part stays in the history."""
    part = cases.part_of(turn.session, case.id, unit_id)
    if part is None:
        return
    if part.invited_at is not None and part.answered_at is None:
        clocks.end(turn.session, case.id, {ClockKind.ASSIST}, turn.now, "owns it now")
    turn.session.delete(part)
    turn.session.flush()


def _push(turn: Turn, case: Case, unit_id: int, due_at: datetime | None) -> None:
    posts = receivers(turn, unit_id)
    notify.tell_posts(turn, case, "push", posts, f"v{case.version}", due_at=due_at)
    for post in organisation.posts_of(turn.session, unit_id, "second_convener", turn.today):
        # 双召集人: both have it on their list, one is pushed; the first to accept owns it.
        item_codes.give(turn.session, post.person_id, case.id, turn.now)


def receivers(turn: Turn, unit_id: int, but: int | None = None) -> list[PostView]:
    """The first convener or who stands in; where no phone of theirs is known or they are away with
    nobody to stand in, the others who may accept too. `but`: as if this post had ended."""
    posts: list[PostView] = []
    for role in ("first_convener", "second_convener", "station_head"):
        here = organisation.posts_of(turn.session, unit_id, role, turn.today)
        posts += standing_in.covered(turn, [post for post in here if post.id != but])
        if any(post.bound and not post.away for post in posts):
            break
    return posts


def current_holders(turn: Turn, case: Case) -> list[PostView]:
    """Who has the case on the list: its holder once accepted; before, whom it was given to, else
    its first convener."""
    named = case.holder_post_id or case.assigned_post_id
    if named is not None:
        return standing_in.covered(turn, co_owning.with_co_owner(turn, case, named))
    return receivers(turn, case.owner_unit_id) if case.owner_unit_id is not None else []
