"""The same for several cases of the office's queue: each by itself, with a word on what became of
it. Only where it is safe: not in an emergency, nor where only named people look."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.cases import Queue, State, show_number
from bot.domain.permissions import Action, CaseSubject, may
from bot.domain.worklists import View
from bot.models.organisation import Unit
from bot.services import wording
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import NotFound, Refused
from bot.services.ports import Deps
from bot.services.staff_tasks import do, full, seen
from bot.services.turn import Turn
from bot.services.worklists import is_hidden
from bot.store import visits

LISTS = frozenset({View.PERSON, View.RETURNED})
TASKS = ("dispatch", "reject")
"""Sent to the station that is proposed for each; no case, for one reason."""
MOST = 50


@dataclass(frozen=True, slots=True)
class Chosen:
    """A case as the list showed it."""

    number: str
    version: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one. `words`: what was done, or why it was not."""

    number: str
    shown: str
    what: str
    done: bool
    words: str


def may_choose(visit: ConsoleVisit, view: View) -> bool:
    """Whether this person may do something with several cases of this list."""
    queued = CaseSubject(State.NEW, queue=Queue.STAFF)
    return view in LISTS and may(visit.actor, Action.DISPATCH, queued)


def do_all(
    deps: Deps, visit: ConsoleVisit, chosen: Iterable[Chosen], task: str, reason: str
) -> tuple[Outcome, ...]:
    """Do it with each, in a transaction of its own. Raises Refused when nothing was chosen, or no
    reason given where residents read it."""
    cases = list(dict.fromkeys(chosen))[:MOST]
    if not cases or task not in TASKS:
        raise Refused("console.bulk_nothing")
    if task == "reject" and not reason.strip():
        raise Refused("console.needs_reason")
    return tuple(_one(deps, visit, each, task, reason) for each in cases)


def _one(deps: Deps, visit: ConsoleVisit, chosen: Chosen, task: str, reason: str) -> Outcome:
    what, shown = "", show_number(chosen.number.removeprefix("需")[:20])
    try:
        what, station, why_not = _look(deps, visit, chosen.number, task)
        if why_not:
            raise Refused(why_not)
        as_proposed = deps.texts.say("console.bulk_as_proposed") if task == "dispatch" else ""
        fields = {"reason": reason.strip() or as_proposed, "station": station}
        done = do(deps, visit, chosen.number, task, fields, version=chosen.version)
    except (Refused, NotFound) as refusal:
        words = deps.texts.say(refusal.key, **refusal.values)
        return Outcome(chosen.number, shown, what, False, words)
    return Outcome(chosen.number, shown, what, True, done.words)


def _look(deps: Deps, visit: ConsoleVisit, number: str, task: str) -> tuple[str, str, str]:
    """What the case is about, the station that is proposed for it, and the key of what is in the
    way. Raises NotFound."""
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        case = seen(turn, visit, visits.case_of_number(session, full(number)))
        unit = session.get(Unit, case.proposed_unit_id) if case.proposed_unit_id else None
        hidden = is_hidden(case) or case.queue == Queue.EMERGENCY
        what = "" if hidden else wording.what(turn, case)
        if case.state == State.NEW and case.queue != Queue.STAFF:
            return what, "", "console.bulk_not_here"
        if task == "dispatch" and unit is None:
            return what, "", "console.bulk_no_station"
        return what, unit.code if unit else "", ""
