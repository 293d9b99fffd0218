"""Who is who: one-time codes that bind a person's phone, made and taken back by the office."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.deadlines import BEIJING
from bot.models.organisation import Invitation
from bot.services.errors import NotFound
from bot.services.ports import Deps
from bot.services.turn import Turn
from bot.store import conversation, events, invitations, organisation
from bot.store.organisation import PostView

VALID_FOR = timedelta(days=7)
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without I, O, 0 and 1: a code is read out on the phone and typed by old hands."""

CODE_LENGTH = 10


@dataclass(frozen=True, slots=True)
class Invited:
    """A fresh code for a post; the only moment at which it is known."""

    ref: str
    person: str
    unit: str
    role: str
    code: str
    voided: int = 0
    """Codes of this person that were open until now and are void."""


@dataclass(frozen=True, slots=True)
class Revoked:
    """What was taken back from a person: open codes, and whether a phone was let go."""

    ref: str
    person: str
    codes: int
    phone: bool


def invite(deps: Deps, refs: Sequence[str]) -> list[Invited]:
    """One code for each post (`S001:first_convener` or a number). NotFound names a wrong one."""
    now = deps.clock.now()
    with deps.database.write() as session:
        turn = Turn(deps, session, now)
        posts = [post_named(turn, ref) for ref in refs]
        return [_invite(turn, post) for post in posts]


def post_named(turn: Turn, ref: str) -> PostView:
    """The post held today that a command names. Raises NotFound."""
    post = organisation.post_by_ref(turn.session, ref, turn.today)
    if post is None:
        raise NotFound("operator.no_post", ref=ref)
    return post


def _invite(turn: Turn, post: PostView) -> Invited:
    voided = invitations.close_invitations(turn.session, post.person_id, turn.now)
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    turn.session.add(
        Invitation(
            post_id=post.id, code_hash=hash_code(turn.deps, code), created_at=turn.now,
            expires_at=turn.now + VALID_FOR,
        )
    )  # fmt: skip
    events.record(turn.session, turn.now, "invited", by=events.SHELL, post=post.id)
    return Invited(post.ref, post.person, post.unit, post.role, code, voided)


def hash_code(deps: Deps, code: str) -> str:
    """What is kept of a code."""
    secret = deps.settings.secret_key.get_secret_value()
    return hashlib.blake2b(
        code.upper().encode(), key=secret.encode()[:64], digest_size=32
    ).hexdigest()


def revoke(deps: Deps, ref: str, *, phone: bool = False) -> Revoked:
    """End the open codes of whoever holds the post; with `phone` let the bound phone go, too (it
    was lost, or is somebody else's now). Raises NotFound."""
    with deps.database.write() as session:
        turn = Turn(deps, session, deps.clock.now())
        post = post_named(turn, ref)
        codes = invitations.close_invitations(session, post.person_id, turn.now)
        bound = conversation.contact_of_person(session, post.person_id) if phone else None
        if bound is not None:
            bound.person_id = None
        events.record(
            session, turn.now, "revoked", by=events.SHELL, post=post.id, codes=codes,
            phone=bound is not None,
        )  # fmt: skip
        return Revoked(post.ref, post.person, codes, bound is not None)


def posts(deps: Deps, *, role: str | None = None) -> list[PostView]:
    """Posts held today, of one role if given."""
    with deps.database.read() as session:
        today = deps.clock.now().astimezone(BEIJING).date()
        return organisation.list_posts(session, today, role=role)
