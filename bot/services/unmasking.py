"""What is covered of a resident is read one field at a time, by who may have to call them, with a
reason: reading it and the line of the access log are one transaction."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.clean import clean
from bot.domain.permissions import Action, may
from bot.models.cases import Case
from bot.models.conversation import Contact
from bot.models.organisation import Person
from bot.services import slips
from bot.services.acting import case_subject
from bot.services.console_visits import ConsoleVisit
from bot.services.errors import NotFound, Refused
from bot.services.ports import Deps
from bot.services.reading import cover, read_safely
from bot.services.turn import Turn
from bot.services.worklists import is_hidden
from bot.store import access, visits

SHORTEST, LONGEST = 4, 300
"""Characters of a reason."""


class Covered(StrEnum):
    """What can be read."""

    WORDS = "words"
    PHONES = "phones"
    NAME = "name"
    """Whose matter it is, as the opener of a slip wrote it down; of a person of the network, the
    name in the roster."""
    ANSWER = "answer"
    """What the resident was told, where something in it is covered."""


@dataclass(frozen=True, slots=True)
class Unmasked:
    """One field as it is, to be shown once."""

    field: Covered
    value: str


def unmask(
    deps: Deps, visit: ConsoleVisit, number: str, field: str, reason: str, *, address: str = ""
) -> Unmasked:
    """Read one field. Raises NotFound; Refused without a reason, for who may not, and when there
    is nothing of the kind."""
    with deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        case = visits.case_of_number(session, number)
        if case is None or not may(visit.actor, Action.SEE, case_subject(turn, case)):
            raise NotFound("console.no_case")
        if not may(visit.actor, Action.UNMASK, case_subject(turn, case)):
            raise Refused("console.unmask_not_yours")
        why = reason_given(reason)
        value = _values(turn, case).get(field)
        if value is None:
            raise Refused("console.unmask_nothing")
        access.record(
            session, turn.now, "unmasked", account_id=visit.account_id, case_id=case.id,
            address=address, reason=why, field=field,
        )  # fmt: skip
        return Unmasked(Covered(field), value)


def reason_given(typed: str) -> str:
    """The reason as it is kept. Raises Refused for none, or one that says nothing."""
    reason = clean(typed)
    if len("".join(reason.split())) < SHORTEST:
        raise Refused("console.unmask_reason", least=SHORTEST)
    if len(reason) > LONGEST:
        raise Refused("console.too_long", most=LONGEST, now=len(reason))
    return reason


def masked_answer(turn: Turn, case: Case) -> str:
    """What the resident was told, as it is shown to whoever sees the case."""
    return cover(turn.deps, case.answer)


def covered(turn: Turn, visit: ConsoleVisit, case: Case) -> tuple[Covered, ...]:
    """What this person may read, and is there."""
    if not may(visit.actor, Action.UNMASK, case_subject(turn, case)):
        return ()
    return tuple(Covered(name) for name in _values(turn, case))


def _values(turn: Turn, case: Case) -> dict[str, str]:
    words, whose = slips.apart(turn, case.text)
    phones = read_safely(turn.deps, case.text).phones if case.text != case.masked else ()
    contact = turn.session.get_one(Contact, case.contact_id)
    sender = turn.session.get(Person, contact.person_id) if contact.person_id else None
    if sender is not None and sender.phone:
        phones = tuple(dict.fromkeys((*phones, sender.phone)))
    answer = case.answer if case.answer != masked_answer(turn, case) else ""
    found = {Covered.WORDS: words if words != case.masked else "",
             Covered.PHONES: "、".join(phones),
             Covered.NAME: whose or (sender.name if sender else ""),
             Covered.ANSWER: answer}  # fmt: skip
    return {field.value: value for field, value in found.items() if value}


def note_look(deps: Deps, visit: ConsoleVisit, number: str, address: str) -> None:
    """Keep that a restricted case is looked at, once a session: before any page of it is shown.
    Others leave no line, nor does who may not see it."""
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        case = visits.case_of_number(session, number)
        if case is None or not is_hidden(case):
            return
        if not may(visit.actor, Action.SEE, case_subject(turn, case)):
            return
        before = access.of_case(session, "restricted_seen", visit.account_id, case.id)
        if any(line.data["visit"] == visit.session_id for line in before):
            return
        case_id = case.id
    with deps.database.write() as session:
        access.record(
            session, deps.clock.now(), "restricted_seen", account_id=visit.account_id,
            case_id=case_id, address=address, visit=visit.session_id,
        )  # fmt: skip
