"""四周后: four weeks after a case ended as solved, its resident is asked once whether it has held.

A case that is over has no clock, so a job looks for them. The question gives way to every other
one, is asked while a way to the person is open, and lapses by itself.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.cases import State
from bot.domain.deadlines import BEIJING
from bot.domain.delivery import route
from bot.domain.inbound import Reply
from bot.domain.notices import NOTICES
from bot.domain.ratings import UNRATED
from bot.models.cases import Case
from bot.services import feedback, notify, reach, wording
from bot.services.ports import Deps
from bot.services.turn import Turn
from bot.store import cases, conversation, events, lasting
from bot.store.events import RESIDENT

AFTER = timedelta(weeks=4)
STALE = timedelta(weeks=6)
"""So long after its end nobody is asked any more: of what was never asked, or not possible."""
LAPSES = timedelta(days=7)
BATCH = 100
KIND = "lasting"


@dataclass(frozen=True, slots=True)
class Lasted:
    """One case that was asked about, or whose question lapsed (`what`: asked, lapsed)."""

    case: str
    what: str


def ask_whether_it_lasts(deps: Deps) -> list[Lasted]:
    """Ask what is due, and let lapse what had no answer; each case in a write unit of its own."""
    now = deps.clock.now()
    template = bool(deps.settings.notice_id(NOTICES[KIND].shape)[0])
    with deps.database.read() as session:
        over = lasting.asked_before(session, now - LAPSES, BATCH)
        due = lasting.may_be_asked(
            session, now - STALE, now - AFTER, now=now, limit=BATCH, template=template
        )
    found = [*(_lapse(deps, case_id) for case_id in over), *(_ask(deps, each) for each in due)]
    return [each for each in found if each is not None]


def _ask(deps: Deps, case_id: int) -> Lasted | None:
    with deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        case = cases.get(session, case_id)
        contact = cases.contact(session, case)
        busy = conversation.open_question(session, contact.id) is not None
        if case.state != State.CLOSED or case.lasting is not None or case.closed_at is None or busy:
            return None
        ways = route(reach.reach_of(turn, contact, None, KIND), NOTICES[KIND].budget)
        if not ways:
            return None  # no call is worth it: asked later, if a way opens
        question = conversation.ask(session, contact.id, "lasting", case.id, turn.now)
        case.lasting, case.lasting_asked_at = "asked", turn.now
        events.record(session, turn.now, "lasting_asked", case_id=case.id)
        on = case.closed_at.astimezone(BEIJING).date()
        notify.tell_resident(
            turn, case, KIND, "once", question=question, day=wording.day(on, turn.today)
        )
        return Lasted(case.number, "asked")


def _lapse(deps: Deps, case_id: int) -> Lasted | None:
    with deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        case = cases.get(session, case_id)
        if case.lasting != "asked":
            return None
        case.lasting = UNRATED
        if case.state == State.CLOSED:
            conversation.end_case_questions(session, case.id, turn.now)
        events.record(session, turn.now, "lasting", case_id=case.id, value=UNRATED)
        return Lasted(case.number, "lapsed")


def is_asked(case: Case) -> bool:
    """Whether the resident may still say it."""
    return case.state == State.CLOSED and case.lasting == "asked"


def said(turn: Turn, case: Case, value: str, comment: str) -> Reply:
    """The resident's word (yes or no). What broke again is opened again, by the rule for 没有."""
    case.lasting = value
    conversation.end_case_questions(turn.session, case.id, turn.now)
    events.record(turn.session, turn.now, "lasting", case_id=case.id, by=RESIDENT, value=value)
    if value == "no":
        return Reply(feedback.open_again(turn, case, "broken", comment))
    return Reply(turn.say("reply.lasting_yes"))


def next_due(deps: Deps) -> datetime | None:
    """When the next case has been over for four weeks, or the next question lapses."""
    now = deps.clock.now()
    with deps.database.read() as session:
        ended = lasting.first_ended_after(session, now - AFTER)
        asked = lasting.first_asked(session)
    moments = [ended + AFTER if ended else None, asked + LAPSES if asked else None]
    return min((moment for moment in moments if moment is not None), default=None)
