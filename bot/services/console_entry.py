"""In and out of the staff console: password, code of the authenticator, own password."""

import secrets as chance
from dataclasses import dataclass
from datetime import UTC, datetime

import pyotp
from sqlalchemy.orm import Session

from bot.domain.console import LOOK_BACK, Failure, Right, has, waits_until, weakness
from bot.domain.deadlines import BEIJING
from bot.domain.roles import Role
from bot.models.console import Account, ConsoleSession
from bot.services import secrets
from bot.services.console_visits import ConsoleVisit, token_hash
from bot.services.errors import Refused
from bot.services.ports import Deps
from bot.store import access, console, organisation

LONGEST_LOGIN = 40


@dataclass(frozen=True, slots=True)
class Opened:
    """A new session. `token`: for the cookie; `device`: the mark that this browser keeps, so that
    strangers' guesses never lock it out. `asks_code`: an authenticator's code comes next."""

    token: str
    device: str
    asks_code: bool


def sign_in(deps: Deps, login: str, password: str, address: str, device: str = "") -> Opened:
    """A session for whoever knows the password. Raises Refused: wrong, not allowed in, or too many
    wrong ones (with the time from which it may be tried again)."""
    now = deps.clock.now()
    typed = login.strip().lower()
    name = secrets.keyed(deps, "login", typed)[:16]
    mark = _mark(deps, typed, device)
    with deps.database.read() as session:
        _hold_back(session, Failure(now, name, address, mark))
        account = console.by_login(session, typed[:LONGEST_LOGIN])
        kept = account.password_hash if account else None
    right = secrets.is_password(kept, password)  # slow on purpose: outside of any transaction
    with deps.database.write() as session:
        account = console.by_login(session, typed[:LONGEST_LOGIN])
        _hold_back(session, Failure(now, name, address, mark))
        known = account.id if account else None
        if account is None or not right or account.password_hash != kept or _expired(account, now):
            access.record(session, now, "login_failed", account_id=known, address=address,
                          login=name, device=mark)  # fmt: skip
            refused = Refused("console.wrong")
        elif not _enters(session, account, now):
            access.record(session, now, "login_failed", account_id=known, address=address,
                          reason="现在没有要用控制台的职务", login=name, device=mark)  # fmt: skip
            refused = Refused("console.no_post")
        else:
            return _open(deps, session, now, account, address)
    raise refused


def _hold_back(session: Session, tried: Failure) -> None:
    past = access.failures(session, tried.at - LOOK_BACK)
    before = [
        Failure(row.at, str(row.data["login"]), row.address, str(row.data.get("device", "")))
        for row in past
    ]
    until = waits_until(tried, before)
    if until is not None:
        at = until.astimezone(BEIJING)
        raise Refused("console.wait", at=f"{at:%H:%M}")


def _expired(account: Account, now: datetime) -> bool:
    return account.one_time_until is not None and now > account.one_time_until


def _enters(session: Session, account: Account, now: datetime) -> bool:
    today = now.astimezone(BEIJING).date()
    posts = organisation.posts_of_person(session, account.person_id, today)
    return has((Role(post.role) for post in posts), Right.ENTER)


def _open(deps: Deps, session: Session, now: datetime, account: Account, address: str) -> Opened:
    token = chance.token_urlsafe(32)
    session.add(
        ConsoleSession(
            token_hash=token_hash(deps, token), account_id=account.id, begun_at=now, seen_at=now
        )
    )
    session.flush()
    access.record(session, now, "login", account_id=account.id, address=address)
    nonce = chance.token_hex(8)
    signature = secrets.keyed(deps, "device", f"{account.login}:{nonce}")
    return Opened(token, f"{nonce}{signature}", account.totp_at is not None)


def _mark(deps: Deps, login: str, device: str) -> str:
    """The browser's mark, if it was given for this login."""
    nonce, signature = device[:16], device[16:]
    expected = secrets.keyed(deps, "device", f"{login}:{nonce}")
    return nonce if chance.compare_digest(signature.encode(), expected.encode()) else ""


def let_go(deps: Deps, token: str, address: str) -> None:
    """End the session of a browser that has just begun another."""
    now = deps.clock.now()
    with deps.database.write() as session:
        found = console.signed(session, token_hash(deps, token))
        if found is not None:
            console.get(session, found.id).ended_at = now
            access.record(session, now, "session_ended", account_id=found.account_id,
                          address=address, why="replaced")  # fmt: skip


def sign_out(deps: Deps, visit: ConsoleVisit, address: str) -> None:
    """End this session."""
    now = deps.clock.now()
    with deps.database.write() as session:
        console.get(session, visit.session_id).ended_at = now
        access.record(session, now, "logout", account_id=visit.account_id, address=address)


def give_code(deps: Deps, visit: ConsoleVisit, code: str, address: str) -> None:
    """The code of the authenticator: from now on all posts of the person count in this session.
    Raises Refused; five wrong ones end the session."""
    now = deps.clock.now()
    with deps.database.write() as session:
        account = console.account(session, visit.account_id)
        refused = _take_code(deps, account, code, now)
        if refused is None:
            console.get(session, visit.session_id).strong_at = now
            access.record(session, now, "code", account_id=account.id, address=address)
            return
        access.record(session, now, "code_failed", account_id=account.id, address=address)
        wrong = access.count(session, "code_failed", account.id, now - LOOK_BACK)
        if wrong >= MOST_CODES:
            console.end_all(session, account.id, now)
            access.record(session, now, "session_ended", account_id=account.id, address=address,
                          why="codes")  # fmt: skip
    raise refused


MOST_CODES = 10
"""Wrong codes of an account within an hour. Whoever gives them knows the password: all sessions
end, and the password has to be typed again."""


def _step(deps: Deps, secret: str, code: str, now: datetime) -> int | None:
    """Which thirty seconds a code belongs to. The demo's clock may be moved, a phone's is not."""
    step = secrets.step_of(secret, code, now.timestamp())
    if step is None and deps.settings.mode == "demo":
        step = secrets.step_of(secret, code, datetime.now(UTC).timestamp())
    return step


def _take_code(deps: Deps, account: Account, code: str, now: datetime) -> Refused | None:
    secret = secrets.shown(deps, account.totp_secret) if account.totp_secret else None
    if secret is None:
        return Refused("console.no_authenticator")
    step = _step(deps, secret, code, now)
    ahead = account.totp_step > now.timestamp() // secrets.STEP + 1  # the clock was set back
    if step is None or (step <= account.totp_step and not ahead):
        return Refused("console.code_wrong")
    account.totp_step = step
    return None


@dataclass(frozen=True, slots=True)
class Offered:
    """A new authenticator: its secret, and the address that a QR code carries (otpauth:)."""

    secret: str
    address: str


def offer_authenticator(deps: Deps, visit: ConsoleVisit) -> Offered:
    """A secret to put into an authenticator. It counts from the first code on; asked for again
    before that it is the same one. Raises Refused when there is one already."""
    if visit.has_authenticator:
        raise Refused("console.has_authenticator")
    with deps.database.write() as session:
        account = console.account(session, visit.account_id)
        secret = secrets.shown(deps, account.totp_secret) if account.totp_secret else None
        if secret is None:
            secret = pyotp.random_base32()
            account.totp_secret = secrets.hidden(deps, secret)
        name = deps.settings.account_name
        return Offered(
            secret, pyotp.TOTP(secret).provisioning_uri(name=account.login, issuer_name=name)
        )


def confirm_authenticator(deps: Deps, visit: ConsoleVisit, code: str, address: str) -> None:
    """The first code. Raises Refused."""
    now = deps.clock.now()
    with deps.database.write() as session:
        account = console.account(session, visit.account_id)
        refused = _take_code(deps, account, code, now)
        if refused is not None:
            raise refused
        account.totp_at = now
        console.get(session, visit.session_id).strong_at = now
        access.record(session, now, "authenticator_set", account_id=account.id, address=address)


def change_password(deps: Deps, visit: ConsoleVisit, old: str, new: str, address: str) -> None:
    """An own password; all other sessions end. Raises Refused."""
    now = deps.clock.now()
    if why := weakness(new, visit.login, visit.person):
        raise Refused(why)
    with deps.database.read() as session:
        kept = console.account(session, visit.account_id).password_hash
        wrong = access.count(session, "password_failed", visit.account_id, now - LOOK_BACK)
    if wrong >= MOST_CODES:
        raise Refused("console.wait", at=f"{(now + LOOK_BACK).astimezone(BEIJING):%H:%M}")
    if not secrets.is_password(kept, old):
        with deps.database.write() as session:
            access.record(
                session, now, "password_failed", account_id=visit.account_id, address=address
            )
        raise Refused("console.old_wrong")
    if old == new:
        raise Refused("console.password_same")
    made = secrets.kept(new)
    with deps.database.write() as session:
        account = console.account(session, visit.account_id)
        if account.password_hash != kept:
            raise Refused("console.old_wrong")  # it was reset meanwhile
        account.password_hash, account.one_time_until = made, None
        console.end_all(session, account.id, now, but=visit.session_id)
        access.record(session, now, "password_changed", account_id=account.id, address=address)
