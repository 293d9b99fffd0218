"""Who looks at our pages: a phone known by its openid, and the person who bound it."""

from dataclasses import dataclass
from datetime import timedelta

from bot.services.ports import Deps
from bot.store import conversation, visits

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Visit:
    """A signed-in phone. `person_id` and `name` only for a person of the network."""

    contact_id: int
    person_id: int | None
    name: str


def enter(deps: Deps, openid: str) -> int:
    """The contact of an openid that the platform vouched for, made if new; returns its id."""
    with deps.database.write() as session:
        return conversation.contact_for(session, "wechat", openid, deps.clock.now()).id


def visit(deps: Deps, contact_id: int) -> Visit | None:
    """Who this is now: a binding may have ended since. None if the contact is no more."""
    with deps.database.read() as session:
        found = visits.who(session, contact_id)
    if found is None:
        return None
    now = deps.clock.now()
    if found.person_id is not None and (found.seen_at is None or now - found.seen_at > DAY):
        with deps.database.write() as session:
            visits.seen(session, contact_id, now)
    return Visit(found.contact_id, found.person_id, found.name or "")
