"""Who is who: one-time codes that bind a person's phone."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.deadlines import BEIJING
from bot.domain.roles import ROLE_NAMES, Role
from bot.models.conversation import Contact
from bot.models.organisation import Invitation
from bot.services.errors import NotFound
from bot.services.ports import Deps
from bot.services.turn import Turn
from bot.store import conversation, events, organisation
from bot.store.organisation import PostView

VALID_FOR = timedelta(days=7)
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without I, O, 0 and 1: a code is read out on the phone and typed by old hands."""

CODE_LENGTH = 10
TRIES_PER_HOUR = 5


@dataclass(frozen=True, slots=True)
class Invited:
    """A fresh code for a post; the only moment at which it is known."""

    ref: str
    person: str
    unit: str
    role: str
    code: str


def invite(deps: Deps, refs: Sequence[str]) -> list[Invited]:
    """One code for each post (`S001:first_convener` or a number). NotFound names a wrong one."""
    now = deps.clock.now()
    with deps.database.write() as session:
        turn = Turn(deps, session, now)
        posts = [_post(turn, ref) for ref in refs]
        return [_invite(turn, post) for post in posts]


def _post(turn: Turn, ref: str) -> PostView:
    post = organisation.post_by_ref(turn.session, ref, turn.today)
    if post is None:
        raise NotFound("operator.no_post", ref=ref)
    return post


def _invite(turn: Turn, post: PostView) -> Invited:
    organisation.close_invitations(turn.session, post.person_id, turn.now)
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    turn.session.add(
        Invitation(
            post_id=post.id, code_hash=_hash(turn.deps, code), created_at=turn.now,
            expires_at=turn.now + VALID_FOR,
        )
    )  # fmt: skip
    events.record(turn.session, turn.now, "invited", by=events.SHELL, post=post.id)
    return Invited(post.ref, post.person, post.unit, post.role, code)


def _hash(deps: Deps, code: str) -> str:
    secret = deps.settings.secret_key.get_secret_value()
    return hashlib.blake2b(
        code.upper().encode(), key=secret.encode()[:64], digest_size=32
    ).hexdigest()


def bind(turn: Turn, contact: Contact, code: str) -> str:
    """Bind the sender's phone to the person of the code; the sentence to answer. A wrong code is
    no exception: the count of wrong ones must be kept."""
    hour_ago = turn.now - timedelta(hours=1)
    if contact.bind_failed_at is not None and contact.bind_failed_at < hour_ago:
        contact.bind_failures = 0
    if contact.bind_failures >= TRIES_PER_HOUR:
        return turn.say("member.bind_many")
    invitation = _open_invitation(turn, code)
    post = invitation and organisation.post_by_id(turn.session, invitation.post_id, turn.today)
    if not invitation or not post:
        contact.bind_failures += 1
        contact.bind_failed_at = turn.now
        return turn.say("member.bind_wrong")
    other = conversation.contact_of_person(turn.session, post.person_id)
    if other is not None and other.id != contact.id:
        # A fresh code from the office is the proof: the old phone is let go.
        other.person_id = None
        turn.session.flush()
    contact.person_id = post.person_id
    contact.bind_failures = 0
    invitation.used_at = turn.now
    turn.session.flush()
    organisation.close_invitations(turn.session, post.person_id, turn.now)
    events.record(
        turn.session, turn.now, "bound", by=events.By("post", post.id), person=post.person
    )
    return _bound_words(turn, post)


def _open_invitation(turn: Turn, code: str) -> Invitation | None:
    return organisation.open_invitation(turn.session, _hash(turn.deps, code), turn.now)


def _bound_words(turn: Turn, post: PostView) -> str:
    posts = organisation.posts_of_person(turn.session, post.person_id, turn.today)
    named = "、".join(f"{p.unit}{ROLE_NAMES[Role(p.role)]}" for p in posts[:4])
    return turn.say("member.bound", name=post.person, posts=named)


def posts(deps: Deps, *, role: str | None = None) -> list[PostView]:
    """Posts held today, of one role if given."""
    with deps.database.read() as session:
        today = deps.clock.now().astimezone(BEIJING).date()
        return organisation.list_posts(session, today, role=role)
