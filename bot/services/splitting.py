"""拆单: one of two matters becomes a case of its own, of the same resident and day."""

from bot.domain.cases import Queue, State, show_number
from bot.domain.clocks import ClockKind, due_time
from bot.domain.splitting import clauses, divided
from bot.domain.understanding import Reading
from bot.models.cases import Case
from bot.services import alerts, dispatch, indexing, notify, register, slips, timing
from bot.services.errors import Refused
from bot.services.reading import read_case, read_safely
from bot.services.roster import directory_within
from bot.services.turn import Turn
from bot.store import cases, clocks, events
from bot.store.events import By


def split(turn: Turn, case: Case, chosen: str, by: By) -> Case:
    """Make a case of these clauses (their places from 0, with commas between), with a reading, a
    route and a number of its own; what was sent along stays with the first. The resident is told of
    both numbers. Raises Refused when nothing, or all of it, is chosen."""
    if case.settling:
        raise Refused("console.split_settling")
    words, whose = slips.apart(turn, case.text)
    found = clauses(read_safely(turn.deps, words))
    places = {int(each) for each in chosen.split(",") if each.isascii() and each.isdigit()}
    stays, goes = divided(words, found, places)
    if not goes or not stays:
        raise Refused("console.split_choose")
    new = _new_case(turn, case, read_safely(turn.deps, goes))
    _record(turn, case, new, by)
    _send(turn, case, new)
    _keep(turn, case, read_case(turn.deps, stays, case.reading))
    for each in (case, new):  # whose it is belongs to both, and to no masked words
        each.text = slips.with_whose(turn, each.text, whose)
        indexing.index(turn, each)
    _tell(turn, case, new)
    return new


def _new_case(turn: Turn, case: Case, reading: Reading) -> Case:
    """It was said when the first was said. A poster scanned since belongs to neither."""
    contact = cases.contact(turn.session, case)
    scanned, contact.scene_unit_id = contact.scene_unit_id, case.reading.get("scene")
    new = register.register(
        turn, contact, reading, directory_within(turn.deps, turn.session, turn.today),
        source=case.source, settling=False, reported_at=case.reported_at, intent=case.intent,
    )  # fmt: skip
    contact.scene_unit_id = scanned
    new.created_at, new.opened_by_post_id = case.created_at, case.opened_by_post_id
    return new


def _record(turn: Turn, case: Case, new: Case, by: By) -> None:
    case.version += 1
    for one, kind, other in ((case, "split", new), (new, "split_off", case)):
        events.record(turn.session, turn.now, kind, case_id=one.id, by=by, number=other.number)


def _send(turn: Turn, case: Case, new: Case) -> None:
    """By its own route; the answer is due as if it had come by itself on that day."""
    answer = clocks.running(turn.session, case.id).get(ClockKind.ANSWER)
    if new.queue is None and new.proposed_unit_id is None:
        dispatch.to_staff(turn, new, "no station is known for it")
    if answer is not None and new.queue in (None, Queue.STAFF):
        started, calendar = answer.started_at, turn.deps.calendar()
        span = timing.answer_span(turn.deps, new)
        due = due_time(ClockKind.ANSWER, calendar, started, span=span)
        timing.carry_on(
            turn.deps, turn.session, new, ClockKind.ANSWER, turn.now, times=(started, due)
        )
    if new.queue is None and new.proposed_unit_id is not None:
        dispatch.dispatch(turn, new, new.proposed_unit_id)


def _keep(turn: Turn, case: Case, reading: Reading) -> None:
    """What is left is read anew where nobody has decided yet; it stays where it is. Elsewhere only
    what the other matter has left behind goes."""
    if case.state == State.NEW and "corrected" not in case.reading:
        queue, stations = case.queue, directory_within(turn.deps, turn.session, turn.today)
        scene = stations.by_id.get(case.reading.get("scene", 0))
        register.understand(turn, case, reading, stations, scene)
        case.queue = case.queue if case.queue in ("emergency", "restricted") else queue
        register.queue_clocks(turn, case)
    else:
        _forget_other(case, reading)
    case.text, case.masked = reading.text, reading.masked


def _forget_other(case: Case, reading: Reading) -> None:
    """Its parts, its words, and its place if a person did not name it."""
    case.reading = case.reading | register.heard(reading)
    case.words = [word for word in case.words if word in reading.text]
    named = "corrected" in case.reading or case.place is None or case.place in reading.text
    if not named:
        case.place = register.place_name(reading)
        case.street, case.district = register.where(reading.places)


def _tell(turn: Turn, case: Case, new: Case) -> None:
    """The resident once; who has the first one no longer waits for the second matter."""
    other, cause = show_number(new.number), f"split{new.id}"
    notify.tell_resident(turn, case, "split", cause, other=other)
    alerts.tell_danger(turn, new)
    holders = dispatch.current_holders(turn, case)
    notify.tell_posts(turn, case, "split_away", holders, cause, other=other)
