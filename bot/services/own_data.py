"""我的数据: what we keep of a person, shown to that person, and erased when they say so."""

from dataclasses import dataclass

from bot.domain.showing import say_when
from bot.services import privacy
from bot.services.ports import Deps
from bot.services.turn import Turn
from bot.store import cases, visits

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


def erase(deps: Deps, contact_id: int) -> str:
    """The same as 不同意 in chat; the sentence that says what was done."""
    with deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        found = visits.contact_with_person(session, contact_id)
        if found is None:
            return turn.say("reply.refused_nothing")
        found[0].informed_at = found[0].informed_at or turn.now
        return privacy.refuse(turn, found[0]).text
