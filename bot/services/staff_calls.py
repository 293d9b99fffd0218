"""The list of calls at the console: whom no channel reached, and what to say."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.domain.permissions import Action, may
from bot.domain.roles import ROLE_NAMES, Role
from bot.domain.showing import say_when
from bot.models.conversation import Outbox
from bot.models.organisation import Person
from bot.services import calls
from bot.services.acting import case_subject
from bot.services.calls import Call
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import NotFound, Refused
from bot.services.ports import Deps
from bot.services.render import case_of
from bot.services.turn import Turn
from bot.store import access, outbox
from bot.store.events import By


@dataclass(frozen=True, slots=True)
class CallLine:
    """One call. `number` and `shown` of its case, empty where it is about none; `role` of whom to
    call; `dead`: every way was tried, so that sending it again may help."""

    call: Call
    number: str
    role: str
    since: str
    dead: bool


def listed(deps: Deps, visit: ConsoleVisit) -> tuple[CallLine, ...]:
    """What is to be called, alarms first, about cases that this person may see and about none."""
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        lines = (_line(turn, visit, row) for row in _rows(session))
        return tuple(line for line in lines if line is not None)


def called(deps: Deps, visit: ConsoleVisit, call_id: int, reason: str) -> None:
    """The call was made; `reason` says how it went. Raises NotFound, Refused."""
    number, by = _own(deps, visit, call_id)
    if not reason.strip():
        raise Refused("console.needs_how_it_went")
    calls.called(deps, number, reason.strip()[:300], call_id=call_id, by=by)


def resend(deps: Deps, visit: ConsoleVisit, call_id: int) -> None:
    """Let it take its whole route again. Raises NotFound."""
    number, _ = _own(deps, visit, call_id)
    calls.resend(deps, number, call_id=call_id)


def phone(deps: Deps, visit: ConsoleVisit, call_id: int, address: str) -> str:
    """The number to dial, whole; the access log keeps who looked and for which call. Raises
    NotFound, also where the roster has no number."""
    _own(deps, visit, call_id)
    with deps.database.write() as session:
        row = session.get_one(Outbox, call_id)
        person = session.get(Person, row.person_id) if row.person_id is not None else None
        if person is None or not person.phone:
            raise NotFound("console.no_phone")
        access.record(
            session, deps.clock.now(), "phone_shown", account_id=visit.account_id,
            case_id=row.case_id, address=address, person=person.code, notice=row.kind,
        )  # fmt: skip
        return person.phone


def _rows(session: Session) -> list[Outbox]:
    return [*outbox.unanswered_alarms(session), *outbox.unreachable(session)]


def _line(turn: Turn, visit: ConsoleVisit, row: Outbox) -> CallLine | None:
    case = case_of(turn, row)
    if case is not None and not may(visit.actor, Action.SEE, case_subject(turn, case)):
        return None
    found = calls.call_of(turn, row)
    if found is None:
        return None
    role = row.params.get("role")
    return CallLine(
        call=found, number=case.number if case else "",
        role=ROLE_NAMES[Role(role)] if role else "", since=say_when(found.since, turn.now),
        dead=row.state in ("dead", "unreachable"),
    )  # fmt: skip


def _own(deps: Deps, visit: ConsoleVisit, call_id: int) -> tuple[str, By]:
    """The number of the case that the call is about, and as whom this person ticks it off."""
    found = next((line for line in listed(deps, visit) if line.call.id == call_id), None)
    if found is None:
        raise NotFound("console.no_call")
    return found.call.number, By("post", visit.posts[0].id)
