"""有结果时通知我: which notices need a person's consent, what they said, and asking when it helps.

The platform takes consent to 订阅通知 only by its own tag in a page of ours (or in an article). One
consent is worth one notice, or any number where the office has long-term templates; which of the
two an id is, nobody tells us. So the page says what was sent since, and asks again after that.
"""

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.domain.messages import SendError
from bot.domain.notices import NOTICES, SHAPES
from bot.domain.page_tags import Signed, sign
from bot.domain.roles import Role
from bot.domain.showing import say_when
from bot.models.conversation import Contact
from bot.models.organisation import Person
from bot.services.errors import Refused
from bot.services.ports import Deps
from bot.services.reach import gets_notices
from bot.services.turn import Turn
from bot.store import delivery, organisation, visits

log = logging.getLogger(__name__)

State = Literal["unasked", "allowed", "used", "refused"]

OWN = ("answer", "progress")
"""Shapes of what residents are told."""
WORK = ("task", "alert")
"""Shapes of what people of the network are told; alerts go to the roles below."""
ALERTED = frozenset({Role.DUTY, Role.INTAKE_STAFF, Role.LEADER})
VALUES = {"accept": True, "reject": False}


@dataclass(frozen=True, slots=True)
class Template:
    """One thing to allow. `shapes`: what it carries. `state`: `used` when a notice was sent since
    (`sent` of them), `refused` also when the platform says that nothing is left. `when`: of the
    last word on it."""

    id: str
    shapes: tuple[str, ...]
    state: State
    when: str = ""
    sent: int = 0

    @property
    def asks(self) -> bool:
        """Whether another consent would help."""
        return self.state != "allowed"


def templates(deps: Deps, contact_id: int) -> tuple[Template, ...]:
    """What this phone's person may allow, what matters most first; none where no notice of ours
    travels as 订阅通知."""
    if not _ids(deps, SHAPES):
        return ()
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        contact = session.get(Contact, contact_id)
        return tuple(_found(turn, contact, _shapes(turn, contact))) if contact else ()


def signed(deps: Deps, url: str) -> Signed | None:
    """What lets the page at this address (as the browser has it) show the platform's tags; None
    when the platform gives no ticket now."""
    try:
        ticket = deps.page_tickets.ticket()
    except SendError as error:
        log.warning("page_ticket_missing why=%s", error.reason)
        return None
    nonce, now = secrets.token_hex(8), int(deps.clock.now().timestamp())
    return sign(deps.settings.wechat_app_id, ticket, url, nonce=nonce, timestamp=now)


def said(deps: Deps, contact_id: int, template_id: str, value: str) -> str:
    """Keep what the person answered to the platform's question, as its tag told the page. The
    platform tells it by an event as well, but only the first time. Returns what they read then."""
    if value not in VALUES or template_id not in {t.id for t in templates(deps, contact_id)}:
        raise Refused("page.notice_unknown")
    with deps.database.write() as session:
        delivery.set_consent(session, contact_id, template_id, VALUES[value], at=deps.clock.now())
        key = "page.notice_allowed" if VALUES[value] else "page.notice_declined"
        return deps.texts.say(key)


def would_help(deps: Deps, contact_id: int) -> bool:
    """Whether to point a resident to the page: a matter of theirs goes on, and its answer would
    need a consent that is not there."""
    if not _ids(deps, ("answer",)):
        return False
    with deps.database.read() as session:
        contact = session.get(Contact, contact_id)
        if contact is None or not visits.count_open(session, contact_id):
            return False
        return missing(Turn(deps, session, deps.clock.now()), contact)


def would_help_at_work(deps: Deps, contact_id: int) -> bool:
    """Whether to point a person of the network there: what they have to do would need it."""
    if not _ids(deps, WORK):
        return False
    return any(t.asks and not set(t.shapes).isdisjoint(WORK) for t in templates(deps, contact_id))


def missing(turn: Turn, contact: Contact) -> bool:
    """Whether the answer to a matter of theirs travels as 订阅通知 and no consent is left."""
    return any(found.asks for found in _found(turn, contact, ("answer",)))


def _shapes(turn: Turn, contact: Contact) -> tuple[str, ...]:
    if contact.person_id is None:
        return OWN
    posts = organisation.posts_of_person(turn.session, contact.person_id, turn.today)
    roles = {Role(post.role) for post in posts}
    work = WORK if roles & ALERTED else WORK[:1]
    return (*(work if roles else ()), *OWN)


def _found(turn: Turn, contact: Contact, shapes: Sequence[str]) -> list[Template]:
    by_id = _ids(turn.deps, shapes)
    person = turn.session.get(Person, contact.person_id) if contact.person_id and by_id else None
    if not by_id or not gets_notices(turn, person):
        return []
    return [_one(turn, contact, each, theirs) for each, theirs in by_id.items()]


def _ids(deps: Deps, shapes: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Subscription template → the shapes that it carries, of these."""
    found: dict[str, tuple[str, ...]] = {}
    for shape in shapes:
        api, template_id = deps.settings.notice_id(shape)
        if api == "subscribe":
            found[template_id] = (*found.get(template_id, ()), shape)
    return found


def _one(turn: Turn, contact: Contact, template_id: str, shapes: tuple[str, ...]) -> Template:
    known = delivery.consent_row(turn.session, contact.id, template_id)
    if known is None:
        return Template(template_id, shapes, "unasked")
    when = say_when(known.at, turn.now)
    if not known.granted:
        return Template(template_id, shapes, "refused", when)
    carried = _ids(turn.deps, SHAPES)[template_id]
    kinds = [kind for kind, notice in NOTICES.items() if notice.shape in carried]
    sent = delivery.count_subscribed(turn.session, contact, kinds, since=known.at)
    return Template(template_id, shapes, "used" if sent else "allowed", when, sent)
