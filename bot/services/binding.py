"""A phone becomes somebody's: by a one-time code, and by what only that person is likely to know.

Whoever finds a code on a slip of paper still lacks the last four digits of the phone that the
roster has. Where the roster has no phone, and where the setting says so, the code alone is enough.
"""

import hmac
from datetime import timedelta

from bot.domain.roles import ROLE_NAMES, Role
from bot.models.conversation import Contact
from bot.models.organisation import Invitation
from bot.services.accounts import hash_code
from bot.services.turn import Turn
from bot.store import conversation, events, invitations, organisation
from bot.store.events import By
from bot.store.organisation import PostView

TRIES_PER_HOUR = 5
"""Wrong codes and wrong digits of one phone."""
TRIES_PER_CODE = 5
"""Wrong digits on one code, from whatever phones, before it is void."""


def bind(turn: Turn, contact: Contact, code: str, digits: str = "") -> str:
    """Bind the sender's phone to the person of the code, or ask for the digits; the sentence to
    answer. A wrong code is no exception: the count of wrong ones must be kept."""
    if _too_many(turn, contact):
        return _refuse(turn, "member.bind_many", "too many tries")
    invitation = invitations.open_invitation(turn.session, hash_code(turn.deps, code), turn.now)
    return _with(turn, contact, invitation, digits)


def prove(turn: Turn, contact: Contact, digits: str) -> str:
    """The digits came in a message of their own, after the code."""
    if _too_many(turn, contact):
        return _refuse(turn, "member.bind_many", "too many tries")
    named = contact.invitation_id
    invitation = invitations.pending_invitation(turn.session, named, turn.now) if named else None
    return _with(turn, contact, invitation, digits)


def _with(turn: Turn, contact: Contact, invitation: Invitation | None, digits: str) -> str:
    post = invitation and organisation.post_by_id(turn.session, invitation.post_id, turn.today)
    if not invitation or not post:
        _count(turn, contact)
        return _refuse(turn, "member.bind_wrong", "no such code")
    wanted = _digits_of(turn, post)
    if wanted and not digits:
        return _ask(turn, contact, invitation, "member.bind_digits")
    if wanted and not hmac.compare_digest(wanted, digits):
        return _wrong_digits(turn, contact, invitation)
    return _bind(turn, contact, invitation, post)


def _digits_of(turn: Turn, post: PostView) -> str:
    """The four digits to be asked for; empty: none."""
    if not turn.deps.settings.bind_phone_digits:
        return ""
    known = "".join(filter(str.isdecimal, invitations.phone_of(turn.session, post.person_id)))
    return known[-4:] if len(known) >= 4 else ""


def _ask(turn: Turn, contact: Contact, invitation: Invitation, key: str) -> str:
    contact.invitation_id = invitation.id
    conversation.ask(turn.session, contact.id, "digits", None, turn.now)
    return turn.say(key)


def _wrong_digits(turn: Turn, contact: Contact, invitation: Invitation) -> str:
    _count(turn, contact)
    invitation.failures += 1
    if invitation.failures < TRIES_PER_CODE:
        _refuse(turn, "member.bind_digits_wrong", "wrong digits", invitation.post_id)
        return _ask(turn, contact, invitation, "member.bind_digits_wrong")
    invitation.expires_at = turn.now
    contact.invitation_id = None
    return _refuse(turn, "member.bind_void", "wrong digits, code void", invitation.post_id)


def _bind(turn: Turn, contact: Contact, invitation: Invitation, post: PostView) -> str:
    other = conversation.contact_of_person(turn.session, post.person_id)
    if other is not None and other.id != contact.id:
        # A fresh code from the office is the proof: the old phone is let go.
        other.person_id = None
        turn.session.flush()
    contact.person_id, contact.invitation_id = post.person_id, None
    contact.bind_failures = 0
    invitation.used_at = turn.now
    turn.session.flush()
    invitations.close_invitations(turn.session, post.person_id, turn.now)
    events.record(turn.session, turn.now, "bound", by=By("post", post.id), person=post.person)
    posts = organisation.posts_of_person(turn.session, post.person_id, turn.today)
    named = "、".join(f"{p.unit}{ROLE_NAMES[Role(p.role)]}" for p in posts[:4])
    return turn.say("member.bound", name=post.person, posts=named)


def _too_many(turn: Turn, contact: Contact) -> bool:
    hour_ago = turn.now - timedelta(hours=1)
    if contact.bind_failed_at is not None and contact.bind_failed_at < hour_ago:
        contact.bind_failures = 0
    return contact.bind_failures >= TRIES_PER_HOUR


def _count(turn: Turn, contact: Contact) -> None:
    contact.bind_failures += 1
    contact.bind_failed_at = turn.now


def _refuse(turn: Turn, key: str, why: str, post_id: int | None = None) -> str:
    events.record(turn.session, turn.now, "bind_refused", why=why, post=post_id)
    return turn.say(key)
