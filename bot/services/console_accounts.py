"""Logins made and reset by whoever runs the installation (`flask account create|reset`)."""

import re
import secrets as chance
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.console import Right, has
from bot.domain.roles import Role
from bot.models.console import Account
from bot.services import secrets
from bot.services.accounts import ALPHABET, post_named
from bot.services.errors import NotFound, Refused
from bot.services.ports import Deps
from bot.services.turn import Turn
from bot.store import access, console, organisation
from bot.store.organisation import PostView

VALID_FOR = timedelta(days=7)
"""Of a one-time password."""
GROUPS, GROUP = 4, 4
"""Of a one-time password: four times four letters, read out on the phone."""

_LOGIN = re.compile(r"[a-z][a-z0-9._-]{2,39}")


@dataclass(frozen=True, slots=True)
class Made:
    """A login and its one-time password; the only moment at which that is known."""

    login: str
    person: str
    unit: str
    role: str
    password: str
    until: datetime


def create(deps: Deps, ref: str, login: str) -> Made:
    """An account for whoever holds the post. Raises NotFound; Refused: the post opens nothing in
    the console, the person has an account, the login is taken or no good."""
    now, password = deps.clock.now(), _one_time()
    kept = secrets.kept(password)
    name = login.strip().lower()
    if not _LOGIN.fullmatch(name):
        raise Refused("operator.login_shape", login=login)
    with deps.database.write() as session:
        post = _without_account(Turn(deps, session, now), ref)
        if not has([Role(post.role)], Right.ENTER):
            raise Refused("operator.no_console_post", person=post.person, unit=post.unit)
        theirs = console.of_person(session, post.person_id)
        if theirs is not None:
            raise Refused("operator.has_account", person=post.person, login=theirs.login)
        if console.by_login(session, name) is not None:
            raise Refused("operator.login_taken", login=name)
        account = Account(
            person_id=post.person_id, login=name, password_hash=kept,
            one_time_until=now + VALID_FOR, created_at=now,
        )  # fmt: skip
        session.add(account)
        session.flush()
        access.record(session, now, "account_created", account_id=account.id,
                      login=name, post=post.id)  # fmt: skip
        return Made(name, post.person, post.unit, post.role, password, now + VALID_FOR)


def _without_account(turn: Turn, ref: str) -> PostView:
    """The post; of several who hold the role there the first one without an account."""
    named = post_named(turn, ref)
    if ref.strip().isdigit():
        return named
    held = organisation.posts_of(turn.session, named.unit_id, named.role, turn.today)
    free = (p for p in held if console.of_person(turn.session, p.person_id) is None)
    return next(free, named)


def reset(deps: Deps, login: str, *, authenticator: bool = False) -> Made:
    """A new one-time password; every session of the account ends. `authenticator`: it is let go as
    well (the phone was lost). Raises NotFound."""
    now, password = deps.clock.now(), _one_time()
    kept = secrets.kept(password)
    with deps.database.write() as session:
        account = console.by_login(session, login.strip().lower())
        if account is None:
            raise NotFound("operator.no_login", login=login)
        account.password_hash, account.one_time_until = kept, now + VALID_FOR
        if authenticator:
            account.totp_secret, account.totp_at, account.totp_step = "", None, 0
        console.end_all(session, account.id, now)
        access.record(session, now, "account_reset", account_id=account.id,
                      authenticator=authenticator)  # fmt: skip
        turn = Turn(deps, session, now)
        posts = organisation.posts_of_person(session, account.person_id, turn.today)
        post = posts[0] if posts else None
        person = post.person if post else ""
        return Made(account.login, person, post.unit if post else "",
                    post.role if post else "", password, now + VALID_FOR)  # fmt: skip


def _one_time() -> str:
    groups = ("".join(chance.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
    return "-".join(groups)
