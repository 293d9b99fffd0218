"""Who is at the console: a session, its person, and the posts that count in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.domain.console import ASKS_CODE, IDLE, LONGEST, Right, counting, has
from bot.domain.deadlines import BEIJING
from bot.domain.permissions import Actor, ActorPost
from bot.domain.roles import Role
from bot.services import secrets
from bot.services.ports import Deps
from bot.store import console, organisation
from bot.store.console import Signed
from bot.store.organisation import PostView

WRITTEN_DOWN = timedelta(minutes=1)
"""A session's last use is written at most so often: a look at a page stays a read."""


@dataclass(frozen=True, slots=True)
class ConsoleVisit:
    """One person at one browser. `posts`: those that count here, of today; `resting`: those that
    count only after a code of the authenticator. `own_password`: not the office's one-time one."""

    session_id: int
    account_id: int
    login: str
    person_id: int
    person: str
    posts: tuple[PostView, ...]
    resting: tuple[PostView, ...]
    strong: bool
    has_authenticator: bool
    own_password: bool

    def may(self, right: Right) -> bool:
        """Whether a page of this kind is open to them."""
        if right in ASKS_CODE and not self.strong:
            return False
        return right is Right.ENTER or has((Role(post.role) for post in self.posts), right)

    def with_code(self, right: Right) -> bool:
        """Whether a code of the authenticator would open it."""
        own = self.posts if right in ASKS_CODE and not self.strong else ()
        return has((Role(post.role) for post in (*own, *self.resting)), right)

    @property
    def actor(self) -> Actor:
        """As bot.domain.permissions asks for it."""
        posts = (ActorPost(p.id, Role(p.role), p.unit_id) for p in self.posts)
        return Actor(self.person_id, tuple(posts))


def visit(deps: Deps, token: str, *, active: bool = True) -> ConsoleVisit | None:
    """Whose cookie this is; None when the session has ended. `active`: somebody did something;
    a page that only looks for news by itself keeps nobody signed in."""
    now = deps.clock.now()
    with deps.database.read() as session:
        signed = console.signed(session, token_hash(deps, token))
        if signed is None or over(signed, now):
            return None
        found = _visit(session, now, signed)
    if active and now - signed.seen_at > WRITTEN_DOWN:
        with deps.database.write() as session:
            console.seen(session, signed.id, now)
    return found


def over(signed: Signed, now: datetime) -> bool:
    """Too long without anything done, or too long in all, or the office's password has expired."""
    if signed.one_time_until is not None and now > signed.one_time_until:
        return True
    return now - signed.seen_at > IDLE or now - signed.begun_at > LONGEST


def token_hash(deps: Deps, token: str) -> str:
    """What is kept of a cookie."""
    return secrets.keyed(deps, "console", token)


def _visit(session: Session, now: datetime, signed: Signed) -> ConsoleVisit | None:
    today = now.astimezone(BEIJING).date()
    own = organisation.posts_of_person(session, signed.person_id, today)
    strong = signed.strong_at is not None
    roles = counting((Role(post.role) for post in own), strong=strong)
    made = ConsoleVisit(
        session_id=signed.id, account_id=signed.account_id, login=signed.login,
        person_id=signed.person_id, person=signed.person,
        posts=tuple(post for post in own if post.role in roles),
        resting=tuple(post for post in own if post.role not in roles),
        strong=strong, has_authenticator=signed.totp_at is not None,
        own_password=signed.one_time_until is None,
    )  # fmt: skip
    enters = has((Role(post.role) for post in own), Right.ENTER)
    return made if enters else None
