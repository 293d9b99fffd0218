"""并案: a case goes on as a part of another one. Its resident stays informed, the earlier times
hold, and it can be taken out again as long as the other one is open (bot.domain.merging)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.cases import Queue, State, Who, parse_number, show_number
from bot.domain.clocks import ClockKind
from bot.domain.merging import CARRIED, Mergeable, hastened, why_not_merge
from bot.domain.permissions import Action, may
from bot.domain.same_matter import Verdict
from bot.models.cases import Case
from bot.services import dispatch, notify, offers, roster, timing, wording
from bot.services.acting import actor_of, case_subject
from bot.services.errors import Refused
from bot.services.moves import move
from bot.services.turn import Turn
from bot.store import (
    cases,
    clocks,
    conversation,
    events,
    item_codes,
    organisation,
    outbox,
    same_matters,
)
from bot.store.events import RESIDENT, SYSTEM, By
from bot.store.organisation import PostView

Times = Mapping[ClockKind, tuple[datetime, datetime]]
"""Kind of a running clock → when it started, and when it is due."""


def merge(turn: Turn, case: Case, number: str, by: By) -> None:
    """Let `case` go on as a part of the one with this number. Raises Refused with the reason."""
    main = _other(turn, number, by)
    if refusal := why_not_merge(_of(case), _of(main)):
        raise Refused(refusal, number=show_number(main.number))
    before = dispatch.current_holders(turn, case)
    if case.state != State.NEW:
        move(turn, case, State.NEW, {Who.STAFF}, by=by, given={"reason"})  # said by what follows
    times = _times(turn, case)
    _set_aside(turn, case, main, times, by)
    same_matters.judge(turn.session, case.id, main.id, Verdict.TAKEN, by.post_id)
    _hasten(turn, main, times)
    _tell(turn, case, main, before)


def _other(turn: Turn, number: str, by: By) -> Case:
    """What somebody may not see is as unknown to them as a number that nobody has."""
    typed = parse_number(number)
    found = cases.newest_of(turn.session, typed.possible) if typed else None
    if found is None or (is_guarded(found) and not _sees(turn, by, found)):
        raise Refused("console.merge_no_case")
    return found


def _sees(turn: Turn, by: By, case: Case) -> bool:
    posts = organisation.posts_by_id(turn.session, [by.post_id] if by.post_id else [])
    subject = case_subject(turn, case)
    return any(may(actor_of(post.person_id, [post]), Action.SEE, subject) for post in posts)


def is_guarded(case: Case) -> bool:
    """Only for named people, or somebody is in danger: such a case stands alone."""
    queue = case.queue in (Queue.EMERGENCY, Queue.RESTRICTED)
    return queue or case.handling != "normal" or case.urgency == "emergency"


def _of(case: Case) -> Mergeable:
    return Mergeable(
        id=case.id, state=State(case.state), queue=Queue(case.queue) if case.queue else None,
        settling=case.settling, guarded=is_guarded(case), wants_human=case.want_human,
        supervised=case.supervised_post_id is not None, merged=case.merged_into is not None,
    )  # fmt: skip


def _times(turn: Turn, case: Case) -> Times:
    running = clocks.running(turn.session, case.id)
    return {
        kind: (running[kind].started_at, running[kind].due_at)
        for kind in CARRIED
        if kind in running
    }


def _set_aside(turn: Turn, case: Case, main: Case, times: Times, by: By) -> None:
    """It waits for nothing any more: no clock, no queue, no code, no open question."""
    session = turn.session
    case.proposed_unit_id = case.owner_unit_id or case.proposed_unit_id
    case.owner_unit_id = case.holder_post_id = case.co_owner_post_id = None
    case.queue = None
    offers.overtaken(turn, case)
    clocks.end(session, case.id, None, turn.now, "merged")
    conversation.end_case_questions(session, case.id, turn.now)
    item_codes.release(session, case.id, turn.now)
    outbox.drop_waiting(session, case.id, dispatch.CHASES, "case was merged")
    for each in (*cases.merged_in(session, case.id, lock=True), case):
        _point(turn, each, main, by, times if each is case else {})
    session.flush()


def _point(turn: Turn, case: Case, main: Case, by: By, times: Times) -> None:
    started, due = times.get(ClockKind.ANSWER, (None, None))
    case.merged_into, case.version = main.id, case.version + 1
    events.record(
        turn.session, turn.now, "merged", case_id=case.id, by=by, into=main.number,
        started=started.isoformat() if started else None, due=due.isoformat() if due else None,
    )  # fmt: skip
    events.record(turn.session, turn.now, "took_in", case_id=main.id, by=by, number=case.number)


def _hasten(turn: Turn, main: Case, times: Times) -> None:
    """Nobody's case is due later than they were told."""
    running = clocks.running(turn.session, main.id)
    for kind, (started, due) in times.items():
        row = running.get(kind)
        if row is None and kind is ClockKind.ANSWER:
            timing.carry_on(turn.deps, turn.session, main, kind, turn.now, times=(started, due))
        if row is None:
            continue
        sooner = due < row.due_at
        calendar = turn.deps.calendar()
        clocks.rewrite(row, hastened(clocks.snapshot(row), calendar, started, due, turn.now))
        if sooner:
            events.record(
                turn.session, turn.now, "hastened", case_id=main.id, clock=kind.value,
                due_at=due.isoformat(),
            )  # fmt: skip


def _tell(turn: Turn, case: Case, main: Case, before: Sequence[PostView]) -> None:
    cause = f"merged{case.id}v{case.version}"
    now_theirs = dispatch.current_holders(turn, main)
    notify.tell_posts(turn, main, "took_in", now_theirs, cause)
    people = {post.person_id for post in now_theirs}
    away = [post for post in before if post.person_id not in people]
    number = show_number(main.number)
    station = wording.station_name(turn, main)
    notify.tell_posts(turn, case, "merged_away", away, cause, main=number, station=station)
    item_codes.release(turn.session, case.id, turn.now)  # what is told of needs no code
    notify.tell_resident(turn, case, "merged", cause)


def unmerge(
    turn: Turn, case: Case, by: By = SYSTEM, reason: str = "", *, tell: bool = True
) -> None:  # fmt: skip
    """It stands by itself again: in the staff queue, with the answer's time that it had. `reason`:
    of the machine; `tell`: the resident, unless they read it anyhow."""
    main = cases.main(turn.session, case)
    merged = next(e for e in reversed(events.of_case(turn.session, case.id)) if e.kind == "merged")
    _stand_alone(turn, case, main, by, reason)
    if merged.data.get("due"):
        times = (datetime.fromisoformat(merged.data[name]) for name in ("started", "due"))
        started, due = times
        timing.carry_on(
            turn.deps, turn.session, case, ClockKind.ANSWER, turn.now, times=(started, due)
        )
    dispatch.to_staff(turn, case, reason or "taken apart")
    if tell:
        notify.tell_resident(turn, case, "unmerged", f"v{case.version}")


def _stand_alone(turn: Turn, case: Case, main: Case, by: By, reason: str) -> None:
    case.merged_into, case.version = None, case.version + 1
    turn.session.flush()
    events.record(
        turn.session, turn.now, "unmerged", case_id=case.id, by=by, reason=reason, into=main.number
    )
    events.record(
        turn.session, turn.now, "gave_up", case_id=main.id, by=by, reason=reason,
        number=case.number,
    )  # fmt: skip


def part_if_guarded(turn: Turn, case: Case) -> None:
    """What was said since makes it a case for few eyes, or an emergency: nobody else's goes along
    with it, and it goes along with none."""
    if not is_guarded(case):
        return
    if case.merged_into is not None:
        _stand_alone(turn, case, cases.main(turn.session, case), SYSTEM, "guarded now")
    for each in cases.merged_in(turn.session, case.id, lock=True):
        unmerge(turn, each, reason="the other case is guarded now")


def hand_on(turn: Turn, case: Case) -> None:
    """Its resident takes the case back: those of others that were merged into it go on without it,
    the oldest as the one that the station has; the same person's go with it."""
    merged = cases.merged_in(turn.session, case.id, lock=True)
    for own in (each for each in merged if each.contact_id == case.contact_id):
        move(turn, own, State.WITHDRAWN, {Who.RESIDENT}, by=RESIDENT)
    others = [each for each in merged if each.contact_id != case.contact_id]
    if not others:
        return
    heir, *rest = others
    times = _times(turn, case)
    _stand_alone(turn, heir, case, SYSTEM, "the other case was withdrawn")
    for each in rest:
        _point(turn, each, heir, SYSTEM, {})
    turn.session.flush()
    if answer := times.get(ClockKind.ANSWER):
        timing.carry_on(turn.deps, turn.session, heir, ClockKind.ANSWER, turn.now, times=answer)
    _go_on(turn, heir, case.owner_unit_id)


def _go_on(turn: Turn, heir: Case, unit_id: int | None) -> None:
    stations = roster.directory_within(turn.deps, turn.session, turn.today).by_id
    station = stations.get(unit_id or 0)
    if station is None or not station.receives:
        dispatch.to_staff(turn, heir, "the other case was withdrawn")
        notify.tell_resident(turn, heir, "unmerged", f"v{heir.version}")
        return
    dispatch.dispatch(turn, heir, station.id)
    notify.tell_resident(turn, heir, "dispatched", f"v{heir.version}")
