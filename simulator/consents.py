"""Who takes which subscription notice: one-time consents are counted, long-term ones last.

Source: the platform's pages on 订阅通知.
"""

from simulator.errors import Refused
from simulator.frames import inner
from simulator.incoming import BadMessage, Incoming, event
from simulator.people import Person
from simulator.store import Store

ONCE, LONG = "DEMO_SUBSCRIBE_ONCE", "DEMO_SUBSCRIBE_LONG"
"""Subscription template ids that start so are known to this account: each consent to the first
kind is worth one notice, one consent to the second is worth any number."""
ANSWERS = ("accept", "reject")
PLACES = {"h5": "1", "article": "2", "settings": ""}
"""Where the person is asked; in the account's settings a consent can only be taken back."""


def known(template_id: str) -> bool:
    """Whether this is one of the account's subscription templates."""
    return template_id.startswith((ONCE, LONG))


def answer(store: Store, person: Person, template_id: str, said: str, place: str) -> Incoming:
    """The person answers the question, or switches a template off; the event that tells of it."""
    if said not in ANSWERS or place not in PLACES:
        raise BadMessage("answer must be accept or reject, on one of: h5, article, settings")
    if not known(template_id):
        raise BadMessage(f"template_id must begin with {ONCE} or {LONG}")
    if place == "settings" and said == "accept":
        raise BadMessage("in the settings a consent can only be taken back")
    if said == "accept":
        store.run(
            "INSERT INTO consents VALUES (?, ?, 1) ON CONFLICT (openid, template_id)"
            " DO UPDATE SET left = left + 1",
            (person.openid, template_id),
        )
    elif place == "settings" or template_id.startswith(LONG):
        store.run(
            "DELETE FROM consents WHERE openid = ? AND template_id = ?",
            (person.openid, template_id),
        )
    return _event(template_id, said, place)


def spend(store: Store, person: Person, template_id: str) -> str:
    """Use a consent; the rule that let it. Refuses with 43101 where there is none."""
    if template_id.startswith(LONG):
        found = store.rows(
            "SELECT 1 FROM consents WHERE openid = ? AND template_id = ?",
            (person.openid, template_id),
        )
        used = len(found)
    else:
        used = store.run(
            "UPDATE consents SET left = left - 1 WHERE openid = ? AND template_id = ? AND left > 0",
            (person.openid, template_id),
        )
    if not used:
        raise Refused(43101, "this person gave no consent, or it is used up")
    return "long-term consent" if template_id.startswith(LONG) else "one-time consent used"


def _event(template_id: str, said: str, place: str) -> Incoming:
    told = [("TemplateId", template_id), ("SubscribeStatusString", said)]
    if place == "settings":
        change = inner(("List", inner(*told)))
        return event("subscribe_msg_change_event", "", ("SubscribeMsgChangeEvent", change))
    told.append(("PopupScene", PLACES[place]))
    popup = inner(("List", inner(*told)))
    return event("subscribe_msg_popup_event", "", ("SubscribeMsgPopupEvent", popup))
