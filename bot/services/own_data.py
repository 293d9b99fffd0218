"""我的数据: what we keep of a person: shown and sent to them, and erased when they say so."""

from dataclasses import dataclass, replace

from bot.domain.cases import OPEN, State, show_number
from bot.domain.showing import say_when
from bot.domain.stations import Directory
from bot.models.conversation import Contact
from bot.services import privacy, wording
from bot.services.ports import Deps
from bot.services.reading import read_safely
from bot.services.register import register
from bot.services.turn import Turn
from bot.store import cases, visits

COPY = "data_copy"
"""`source` of the case in which the office sends what is kept."""
SHOWN = 100
"""Messages shown, the newest ones."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One message that is kept."""

    when: str
    text: str


@dataclass(frozen=True, slots=True)
class OwnData:
    """All that hangs on one phone. `since`: when it first wrote to us; `cases`: not yet erased."""

    since: str
    cases: int
    messages: tuple[Kept, ...]
    bound_to: str


def look(deps: Deps, contact_id: int) -> OwnData:
    """What is kept of this phone's words."""
    with deps.database.read() as session:
        now = deps.clock.now()
        found = visits.contact_with_person(session, contact_id)
        person = found[1] if found else None
        own = [c for c in cases.of_contact(session, contact_id) if c.erased_at is None]
        messages = visits.messages_of(session, contact_id, SHOWN)
        return OwnData(
            since=say_when(found[0].created_at, now) if found else "", cases=len(own),
            messages=tuple(Kept(say_when(m.received_at, now), m.text) for m in messages),
            bound_to=person.name if person else "",
        )  # fmt: skip


def ask_copy(deps: Deps, contact_id: int) -> str:
    """Have the office send what is kept: a case in the staff queue, with its clock. Asked again
    while that one is open, it is the same. Returns where it stands."""
    with deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        contact = session.get_one(Contact, contact_id)
        return _ask_office(turn, contact, COPY, "copy")


def _ask_office(turn: Turn, contact: Contact, source: str, what: str) -> str:
    """A case of this `source`, unless one is open: where it stands. No station is offered, so that
    no rule sends it to one: these are the office's to answer."""
    own = cases.of_contact(turn.session, contact.id)
    case = next((c for c in own if c.source == source and State(c.state) in OPEN), None)
    if case is None:
        words = turn.say(f"page.{what}_words")
        reading = replace(read_safely(turn.deps, ""), text=words, masked=words)
        case = register(
            turn, contact, reading, Directory(()), source=source, settling=False, intent="human"
        )
        case.want_human = True
    number = show_number(case.number)
    return turn.say(f"page.{what}_asked", number=number, status=wording.status(turn, case))


def erase(deps: Deps, contact_id: int) -> str:
    """The same as 不同意 in chat, at once; and a case of the office, with its clock, in which a
    person checks what may be left (an open emergency, backups, exports). What was done, in words.
    """
    with deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        found = visits.contact_with_person(session, contact_id)
        if found is None:
            return turn.say("reply.refused_nothing")
        found[0].informed_at = found[0].informed_at or turn.now
        done = privacy.refuse(turn, found[0]).text
        return done + _ask_office(turn, found[0], privacy.ERASURE, "erase")
