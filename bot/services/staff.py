"""What the office does with its queue; the console and the shell call the same."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.domain.cases import (
    CHINESE,
    ForbiddenMove,
    Queue,
    State,
    Who,
    named_ending,
    parse_number,
    show_number,
)
from bot.domain.clocks import ClockKind
from bot.domain.moves import ItemAct
from bot.domain.routing import may_have
from bot.domain.words import unfilled
from bot.models.cases import Case
from bot.services import alerts, indexing, notify
from bot.services.act import act
from bot.services.calls import Call, call_of, notices_of
from bot.services.dispatch import dispatch as send
from bot.services.errors import NotFound, Refused
from bot.services.handling import give_answer
from bot.services.ladder_preview import preview_of
from bot.services.moves import move
from bot.services.ports import Deps
from bot.services.roster import directory
from bot.services.turn import Turn
from bot.services.unmasking import reason_given
from bot.services.views import CaseView, QueueLine, case_view, queue_line
from bot.store import access, alarms, cases, clocks, events, organisation, outbox
from bot.store.events import SHELL, By


def queue(deps: Deps, name: str | None = None) -> list[QueueLine]:
    """Cases that wait for staff: emergencies first, then urgent ones, then the oldest."""
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        return [queue_line(turn, case) for case in session.scalars(cases.queued(name))]


def show(deps: Deps, number: str) -> CaseView:
    """One case with its history, and how each notice about it travelled. NotFound if there is
    none with this number."""
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        case = _case(turn, number)
        ahead = [each.words for each in preview_of(turn, case)]
        return replace(case_view(turn, case), notices=notices_of(turn, case), ahead=ahead)


def export(
    deps: Deps, since: datetime | None = None, *, unmask: bool = False
) -> Iterator[CaseView]:
    """Every case, oldest first, one at a time. `unmask`: in the residents' own words; see
    note_export."""
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        for case_id in cases.ids_since(session, since):
            case = session.get_one(Case, case_id)
            view = case_view(turn, case)
            yield replace(view, text=case.text, answer=case.answer) if unmask else view
            session.expunge_all()


def note_export(deps: Deps, since: datetime | None, reason: str, *, unmask: bool) -> str:
    """Keep in the access log that cases are taken away by the shell, before they are; the reason as
    it is kept. Raises Refused without a reason for what is not masked."""
    why = reason_given(reason) if unmask or reason else ""
    with deps.database.write() as session:
        access.record(
            session, deps.clock.now(), "export", reason=why, unmasked=unmask,
            rows=len(cases.ids_since(session, since)),
            filters={"since": since.isoformat()} if since else {},
        )  # fmt: skip
    return why


def dispatch(
    deps: Deps, number: str, station: str, *, reason: str = "", by: By = SHELL
) -> CaseView:
    """Send a case of the queue to a station (code or full name). The resident is told.

    Raises NotFound, and Refused when the case is not in a queue, the station can't receive, or an
    emergency comes without a reason why it is none any more.
    """
    with deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        case = _case(turn, number, alone=True)
        dispatch_case(turn, case, station, reason, by)
        return case_view(turn, case)


def dispatch_case(turn: Turn, case: Case, station: str, reason: str, by: By) -> None:
    """The same for a case at hand."""
    unit_id = receiver(turn, station)
    if case.state != State.NEW:
        raise _not_now(case)
    if case.handling == "named_staff" or case.queue == Queue.RESTRICTED:
        raise Refused("operator.restricted", number=show_number(case.number))
    if case.handling != "normal":
        _for_named_members(turn, case, unit_id)
    if case.queue == Queue.EMERGENCY:
        lower(turn, case, reason, by)
    send(turn, case, unit_id, who=Who.STAFF, by=by, reason=reason)
    notify.tell_resident(turn, case, "dispatched", f"v{case.version}")


def _for_named_members(turn: Turn, case: Case, unit_id: int) -> None:
    """Only a studio of its category may have it; what was an emergency is for named staff first."""
    if case.queue == Queue.EMERGENCY:
        raise Refused("operator.named_emergency")
    stations = directory(turn.deps)
    topic = turn.deps.understander().categories.get(case.category or "")
    if not may_have(stations.by_id[unit_id], stations, topic):
        raise Refused("operator.named_members")


def receiver(turn: Turn, ref: str) -> int:
    """The station, if cases may lie there: not suspended or ended, and somebody is in it."""
    if not ref.strip():
        raise Refused("console.needs_station")
    unit = organisation.station_by_code_or_name(turn.session, ref)
    if unit is None:
        raise NotFound("operator.no_station", ref=ref)
    station = next(s for s in directory(turn.deps).stations if s.id == unit.id)
    if not station.active:
        raise Refused("operator.station_closed", station=unit.name)
    if not station.staffed:
        raise Refused("operator.station_empty", station=unit.name)
    return unit.id


def lower(turn: Turn, case: Case, reason: str, by: By) -> None:
    """A person says that the danger is over: what is left goes first, but as an ordinary case."""
    if not reason.strip():
        raise Refused("operator.emergency", number=show_number(case.number))
    events.record(
        turn.session, turn.now, "lowered", case_id=case.id, by=by, reason=reason,
        emergency=case.emergency,
    )  # fmt: skip
    alerts.call_off(turn, case, reason, by)
    case.urgency, case.emergency = "urgent", None


def answer(deps: Deps, number: str, text: str, *, by: By = SHELL) -> CaseView:
    """End what no station may get: leads for named staff, emergencies dealt with, wrong doors. The
    resident reads the answer and is asked 解决了吗. Raises NotFound, Refused."""
    with deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        case = _case(turn, number, alone=True)
        answer_case(turn, case, text, by)
        return case_view(turn, case)


def answer_case(turn: Turn, case: Case, text: str, by: By) -> None:
    """The same for a case at hand."""
    if not text.strip():
        raise Refused("operator.needs_answer")
    if unfilled(text):
        raise Refused("console.write_blanks")
    ending = named_ending(text).value
    try:
        move(
            turn, case, State.ANSWERED, {Who.STAFF}, by=by, given={"answer", "ending"},
            ending=ending,
        )  # fmt: skip
    except ForbiddenMove as error:
        raise _not_now(case) from error
    case.queue, case.settling = None, False
    clocks.end(turn.session, case.id, {ClockKind.SETTLE}, turn.now, "answered")
    give_answer(turn, case, text.strip(), ending)


def reject(deps: Deps, number: str, reason: str, *, by: By = SHELL) -> CaseView:
    """Not a case: the resident is told why. Raises NotFound, Refused."""
    with deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        case = _case(turn, number, alone=True)
        reject_case(turn, case, reason, by)
        return case_view(turn, case)


def reject_case(turn: Turn, case: Case, reason: str, by: By) -> None:
    """The same for a case at hand."""
    if not reason.strip():
        raise Refused("operator.needs_reason")
    if unfilled(reason):
        raise Refused("console.write_blanks")
    if case.queue == Queue.EMERGENCY:
        alerts.call_off(turn, case, reason, by)
    try:
        move(turn, case, State.REJECTED, {Who.STAFF}, by=by, reason=reason)
    except ForbiddenMove as error:
        raise _not_now(case) from error
    _end_as_no_case(turn, case, reason)
    for other in cases.merged_in(turn.session, case.id, lock=True):
        move(
            turn, other, State.REJECTED, {Who.SYSTEM}, by=by, reason=reason, given={"merged"}
        )  # fmt: skip
        _end_as_no_case(turn, other, reason)


def _end_as_no_case(turn: Turn, case: Case, reason: str) -> None:
    case.answer = reason
    indexing.index(turn, case)
    notify.tell_resident(turn, case, "not_a_case", f"v{case.version}", reason=reason)


def supervise(deps: Deps, number: str, leader: str, words: str, *, release: bool = False) -> str:
    """Put a case under supervision for a leader (post), or end that; the sentence for who asked.
    Raises NotFound, and Refused as the leader's own chat would."""
    with deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        post = organisation.post_by_ref(session, leader, turn.today)
        if post is None:
            raise NotFound("operator.no_post", ref=leader)
        verb = "release" if release else "supervise"
        return act(turn, post.person_id, ItemAct(verb, 0, words, _case(turn, number).number))


def calls(deps: Deps) -> list[Call]:
    """Alarms that nobody has acknowledged, whatever else carries them, and notices that could not
    arrive and are still true: call this person, and say this."""
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        rows = [*outbox.unanswered_alarms(session), *outbox.unreachable(session)]
        found = (call_of(turn, row) for row in rows)
        return [call for call in found if call is not None]


def alarm_lines(deps: Deps) -> list[dict[str, object]]:
    """Open alarms."""
    with deps.database.read() as session:
        return [
            {"kind": a.kind, "detail": a.detail, "count": a.count, "since": a.first_at}
            for a in alarms.open_alarms(session)
        ]


def _case(turn: Turn, number: str, *, alone: bool = False) -> Case:
    """The case. `alone`: only one that is not merged into another, on which all is done."""
    typed = parse_number(number)
    case = cases.by_number(turn.session, typed.full) if typed and typed.full else None
    if case is None:
        raise NotFound("operator.no_case", number=number)
    if alone and case.merged_into is not None:
        main = cases.main(turn.session, case)
        raise Refused("operator.merged", number=show_number(case.number),
                      main=show_number(main.number))  # fmt: skip
    return case


def _not_now(case: Case) -> Refused:
    state = CHINESE[State(case.state)]
    return Refused("operator.not_now", number=show_number(case.number), state=state)
