"""Due clocks: what each one's ladder says is done once, however late, whatever crashed before."""

import functools
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as WaitedTooLong

from bot.domain import passing_on
from bot.domain.clocks import ClockKind
from bot.domain.ladders import Fired, advanced, decide, is_last_chance, repeated, wound_up
from bot.domain.passing_on import Trouble
from bot.models.cases import Case
from bot.models.timing import ClockRow
from bot.services import (
    asking,
    co_owning,
    dispatch,
    drills,
    feedback,
    holding,
    inquiries,
    notify,
    progress,
    supervising,
    triaging,
)
from bot.services.ports import Deps
from bot.services.turn import Turn
from bot.store import alarms, cases, clocks, events
from bot.store.organisation import PostView

log = logging.getLogger(__name__)

BATCH = 200


@dataclass(frozen=True, slots=True)
class Stepped:
    """One rung that was recorded."""

    case: str
    clock: str
    index: int
    notice: str
    audience: str
    told: int


def sweep(deps: Deps, limit: int = BATCH, share: tuple[int, int] = (0, 1)) -> list[Stepped]:
    """Carry out up to `limit` due clocks, each in a write unit of its own: a case that fails is
    set aside with an alarm, the others go on. When the database itself fails the rest of the
    batch waits for the next tick: nobody's case is to blame. `share`: (which, of how many)."""
    now = deps.clock.now()
    with deps.database.read() as session:
        due = clocks.due_ids(session, now, limit, share)
    done: list[Stepped] = []
    for clock_id in due:
        try:
            done += _one(deps, clock_id)
        except (OperationalError, WaitedTooLong) as error:
            log.warning("sweep_waits error=%s", type(error).__name__)
            break
        except Exception as error:
            number = _set_aside(deps, clock_id, error)
            log.exception("clock_failed clock=%s case=%s", clock_id, number)
    return done


def _one(deps: Deps, clock_id: int) -> list[Stepped]:
    now = deps.clock.now()
    with deps.database.write() as session:
        # The case first, then its clock, like everybody else: no two can wait for each other.
        case_id = clocks.case_id_of(session, clock_id)
        case = cases.get(session, case_id) if case_id is not None else None
        row = clocks.locked(session, clock_id)
        clock = clocks.snapshot(row)
        if row.next_step_at != clock.next_step_at:
            alarms.clear(session, _alarm(clock_id), now)  # it had been set aside
        decision = decide(clock, now)
        if not decision.fired:
            # Somebody acted between the look and the lock: nothing is due any more.
            row.next_step_at = clock.next_step_at
            return []
        turn = Turn(deps, session, now)
        after = advanced(clock, decision, now)
        if case is None:
            clocks.keep(row, wound_up(after, now))
            return [_drilled(turn, row, fired) for fired in decision.fired]
        clocks.keep(row, repeated(after, deps.calendar(), now))
        session.flush()
        return [_step(turn, case, row, fired) for fired in decision.fired]


def _drilled(turn: Turn, row: ClockRow, fired: Fired) -> Stepped:
    told = 0 if fired.superseded else drills.climb(turn, row, fired)
    notice, audience = fired.rung.notice, fired.rung.audience
    return Stepped(drills.name(row.subject_id), row.kind, fired.index, notice, audience, told)


def _step(turn: Turn, case: Case, row: ClockRow, fired: Fired) -> Stepped:
    rung = fired.rung
    told, missing, passed = (0, "", "") if fired.superseded else _tell(turn, case, row, fired)
    events.record_rung(
        turn.session, turn.now, case_id=case.id, clock_id=row.id, due_at=fired.due_at,
        clock=row.kind, index=fired.index, notice=rung.notice, audience=rung.audience,
        superseded=fired.superseded, told=told, missing=missing, passed=passed,
        whom=notify.meant(case, rung.audience),
    )  # fmt: skip
    if rung.effect == "co_owner":
        co_owning.share(turn, case, _people(turn, case, row, rung.audience))
    elif rung.effect is not None:
        _EFFECTS[rung.effect](turn, case)
    return Stepped(case.number, row.kind, fired.index, rung.notice, rung.audience, told)


def _tell(turn: Turn, case: Case, row: ClockRow, fired: Fired) -> tuple[int, str, str]:
    """Returns how many were told, what was in the way of its own people, and whom it passed to."""
    rung = fired.rung
    if not rung.notice:
        return 0, "", ""
    if why := _needless(turn, case, row):
        return 0, why, ""
    if rung.audience == "resident":
        tell, needless = _TO_RESIDENTS[rung.notice]
        told_so = tell(turn, case, fired)
        return int(told_so), "" if told_so else needless, ""
    # Asked once a rung: most of its cost was who is told.
    people: People = functools.cache(lambda name: _people(turn, case, row, name))
    found = _whom(case, row, rung.audience, people)
    posts = _told(post for name in found.to for post in people(name))
    cause = f"c{row.id}:{fired.due_at.isoformat()}"
    last = is_last_chance(clocks.snapshot(row), fired.index)
    told = notify.tell_posts(
        turn, case, rung.notice, posts, cause, due_at=fired.due_at, last_chance=last
    )
    if row.kind == ClockKind.EMERGENCY and not posts:
        alarms.raise_alarm(turn.session, "nobody_on_duty", case.number, turn.now)
    return len(told), found.why, "".join(found.to[1:])


_TO_RESIDENTS: dict[str, tuple[Callable[[Turn, Case, Fired], bool], str]] = {
    "callback": (feedback.callback, "already answered"),
    "triage_late": (triaging.tell_late, "no time was promised"),
}
"""What a rung tells the resident, and why it need not."""


def _needless(turn: Turn, case: Case, row: ClockRow) -> str:
    if row.kind != ClockKind.PROGRESS:
        return ""
    return progress.needs_no_question(turn, case, row.started_at)


_PASSING = (ClockKind.ACCEPT, ClockKind.ANSWER, ClockKind.PROGRESS, ClockKind.SUPERVISION)


People = Callable[[str], list[PostView]]


def _whom(case: Case, row: ClockRow, audience: str, people: People) -> passing_on.Passed:
    """Only what a station owes the resident passes on: what was returned is the office's already,
    and an assisting station's part is not the owner's to give."""

    def look(name: str) -> list[Trouble | None]:
        return [_trouble(post) for post in people(name)]

    if case.owner_unit_id is None or row.kind not in _PASSING:
        return passing_on.stay(audience, look(audience))
    return passing_on.pass_on(audience, look, within=case.handling != "normal")


def _told(posts: Iterable[PostView]) -> list[PostView]:
    """Who is on leave is left alone, unless nobody else can be told."""
    found = list(posts)
    return [post for post in found if not post.away] or found


def _people(turn: Turn, case: Case, row: ClockRow, audience: str) -> list[PostView]:
    return notify.people_for(turn, case, audience, row.holder_post_id)


def _trouble(post: PostView) -> Trouble | None:
    if post.away:
        return Trouble.ON_LEAVE
    if not post.bound:
        return Trouble.UNBOUND
    if not post.follows:
        return Trouble.UNSUBSCRIBED
    return None if post.stands_in is None else Trouble.STOOD_IN


def _give_up_part(turn: Turn, case: Case) -> None:
    """The owner was told by the rung itself, and goes on without the assisting station."""


_EFFECTS: dict[str, Callable[[Turn, Case], None]] = {
    "dispatch": dispatch.settle,
    "close_unrated": feedback.close_unrated,
    "lapse_question": asking.give_up,
    "end_hold": holding.come_back,
    "lapse_assist": _give_up_part,
    "lapse_offer": inquiries.lapse,
    "watch_progress": progress.watch_again,
    "press_on": supervising.press_on,
    "supervise": supervising.by_ladder,
}


def _set_aside(deps: Deps, clock_id: int, error: Exception) -> str:
    """Look again in an hour, and tell staff: one poisoned case must not stop the others. Returns
    the case's number."""
    now = deps.clock.now()
    with deps.database.write() as session:
        row = clocks.locked(session, clock_id)
        clocks.postpone(row, now)
        detail = f"clock {clock_id}: {type(error).__name__}"
        alarms.raise_alarm(session, _alarm(clock_id), detail, now)
        drill = row.subject_kind != clocks.CASE
        return drills.name(row.subject_id) if drill else cases.get(session, row.subject_id).number


def _alarm(clock_id: int) -> str:
    return f"clock_failed:{clock_id}"
