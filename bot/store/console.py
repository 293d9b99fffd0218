"""Accounts of the console and the browsers that are signed in with them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from bot.models.console import Account, CaseLook, ConsoleSession
from bot.models.organisation import Person
from bot.store.prepared import run, table

_A, _S, _H = table(Account), table(ConsoleSession), table(Person)
_VISIT = (
    select(
        _S.c.id, _S.c.begun_at, _S.c.seen_at, _S.c.strong_at, _A.c.id, _A.c.login,
        _A.c.one_time_until, _A.c.totp_at, _H.c.id, _H.c.name,
    )
    .join_from(_S, _A, _A.c.id == _S.c.account_id)
    .join(_H, _H.c.id == _A.c.person_id)
    .where(_S.c.token_hash == bindparam("hash"), _S.c.ended_at.is_(None))
)  # fmt: skip
_SEEN = update(_S).where(_S.c.id == bindparam("session_id")).values(seen_at=bindparam("now"))


@dataclass(frozen=True, slots=True)
class Signed:
    """A session as it is kept, in the order of `_VISIT`."""

    id: int
    begun_at: datetime
    seen_at: datetime
    strong_at: datetime | None
    account_id: int
    login: str
    one_time_until: datetime | None
    totp_at: datetime | None
    person_id: int
    person: str


def account(session: Session, account_id: int) -> Account:
    """The account with this id."""
    return session.get_one(Account, account_id)


def by_login(session: Session, login: str) -> Account | None:
    """The account with this login, in small letters."""
    return session.scalar(select(Account).where(Account.login == login))


def of_person(session: Session, person_id: int) -> Account | None:
    """A person's account."""
    return session.scalar(select(Account).where(Account.person_id == person_id))


def logins(session: Session) -> dict[int, str]:
    """All logins, by account."""
    return {row.id: row.login for row in session.execute(select(Account.id, Account.login))}


def signed(session: Session, token_hash: str) -> Signed | None:
    """The session with this cookie, unless it was ended."""
    row = run(session, _VISIT, hash=token_hash).first()
    return None if row is None else Signed(*row)


def seen(session: Session, session_id: int, now: datetime) -> None:
    """Something was done in it."""
    run(session, _SEEN, session_id=session_id, now=now)


def get(session: Session, session_id: int) -> ConsoleSession:
    """The session with this id."""
    return session.get_one(ConsoleSession, session_id)


def end_all(session: Session, account_id: int, now: datetime, *, but: int | None = None) -> int:
    """End the sessions of an account, all or all but one; how many."""
    open_ones = select(ConsoleSession).where(
        ConsoleSession.account_id == account_id, ConsoleSession.ended_at.is_(None),
        ConsoleSession.id != (but or 0),
    )  # fmt: skip
    found = session.scalars(open_ones).all()
    for each in found:
        each.ended_at = now
    return len(found)


def look(
    session: Session, case_id: int, account_id: int, now: datetime, *, since: datetime
) -> None:
    """Somebody has this case on the screen; looks before `since` are over, of any case."""
    session.execute(delete(CaseLook).where(CaseLook.seen_at < since))
    row = session.get(CaseLook, (case_id, account_id))
    if row is None:
        session.add(CaseLook(case_id=case_id, account_id=account_id, seen_at=now))
    else:
        row.seen_at = now
    session.flush()


def lookers(session: Session, case_id: int, *, but: int) -> list[str]:
    """Names of the people who have this case on the screen, in order."""
    query = (
        select(Person.name)
        .join(Account, Account.person_id == Person.id)
        .join(CaseLook, CaseLook.account_id == Account.id)
        .where(CaseLook.case_id == case_id, Account.id != but)
    )
    return list(session.scalars(query.order_by(Person.name)))
