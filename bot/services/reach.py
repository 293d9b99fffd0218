"""What we know of the ways to a person, for the choice of hops and for telling staff beforehand."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.allowances import Allowance, grant_of, widened
from bot.domain.cases import show_number
from bot.domain.delivery import Reach, route
from bot.domain.inbound import Inbound
from bot.domain.notices import NOTICES
from bot.models.conversation import Contact
from bot.models.organisation import Person
from bot.services.ports import Deps
from bot.services.turn import Turn
from bot.store import conversation, delivery


@dataclass(frozen=True, slots=True)
class OutOfReach:
    """Somebody whom the answer to an open case would not reach now. `why`: a sentence."""

    number: str
    kind: str
    person: str
    phone: str
    why: str


def allow(turn: Turn, contact: Contact, inbound: Inbound) -> None:
    """Count what the person's action lets us send. Their own passive reply costs nothing."""
    known = allowance(contact)
    wider = after(inbound, known, turn.now)
    if wider != known:  # a new contact was made with it
        conversation.allow(turn.session, contact, wider)


def after(inbound: Inbound, known: Allowance, now: datetime) -> Allowance:
    """The allowance when the person has done this."""
    grant = grant_of(inbound)
    return known if grant is None else widened(known, grant, now)


def allowance(contact: Contact) -> Allowance:
    """The contact's columns as a value."""
    return Allowance(contact.allowance_left, contact.allowance_until)


def gets_notices(turn: Turn, person: Person | None) -> bool:
    """False in trial mode but for people listed: they get what is for them, also as the residents
    that they play."""
    settings = turn.deps.settings
    listed = {each.strip() for each in settings.trial_people.split(",")}
    return settings.mode != "trial" or (person is not None and person.code in listed)


def reach_of(
    turn: Turn, contact: Contact | None, person: Person | None, kind: str, *, ahead: bool = False
) -> Reach:
    """The ways to this person for a notice of this kind, as we know them now. A consent that we
    never heard of may still be there, so it is tried; `ahead` of time nobody should count on it."""
    api, template = turn.deps.settings.notice_id(NOTICES[kind].shape)
    known = contact is not None and contact.channel == "wechat"
    consents = True
    if contact is not None and api == "subscribe":
        said = delivery.consent(turn.session, contact.id, template)
        consents = not ahead if said is None else said
    return Reach(
        chat=known, follows=known and contact is not None and contact.subscribed,
        left=allowance(contact).open(turn.now) if contact else 0,
        notice=api or None, consents=consents,
        phone=bool(person and person.phone) and turn.deps.settings.sms != "off",
    )  # fmt: skip


def out_of_reach(deps: Deps) -> list[OutOfReach]:
    """Residents of open cases whom no hop would reach with the answer now, oldest case first.
    Known before anything is sent, so that staff can ask for a number or call in time."""
    found: list[OutOfReach] = []
    with deps.database.read() as session:
        turn = Turn(deps, session, deps.clock.now())
        only_left = deps.settings.notice_id(NOTICES["answered"].shape)[0] == "template"
        rows = delivery.open_with_contacts(session, turn.now, followers_too=not only_left)
        for case, contact in rows:
            person = session.get(Person, contact.person_id) if contact.person_id else None
            ways = reach_of(turn, contact, person, "answered", ahead=True)
            if not route(ways, NOTICES["answered"].budget):
                key = "calls.window_over" if contact.subscribed else "calls.left"
                found.append(
                    OutOfReach(
                        show_number(case.number), "out_of_reach",
                        person.name if person else "居民", "", turn.say(key),
                    )
                )  # fmt: skip
    return found
