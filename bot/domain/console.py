"""Who may use which part of the staff console, and when a sign-in has to wait.

A page asks for one right; rights come from the posts that a person holds today. Which case somebody
sees and what they may do to it is bot.domain.permissions' to say, as everywhere.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from bot.domain.roles import HANDLERS, Role


class Right(StrEnum):
    """What a page of the console is for."""

    ENTER = "enter"
    """One's own account; and whatever everybody in the console sees."""
    QUEUE = "queue"
    """Lists of cases and the cases in them."""
    CALLS = "calls"
    """Whom nothing reached, and notices that could not arrive."""
    OPEN = "open"
    """Writing a demand down for somebody else."""
    EXPORT = "export"
    """Taking lists of cases away as a file."""
    OVERVIEW = "overview"
    """Figures of the whole network, and the cases behind them."""
    STATIONS = "stations"
    """Stations with their people and load; who works at one sees that one."""
    RULES = "rules"
    """Ladders, the office's calendar, and the sentences that people read."""
    MASTER = "master"
    """Change stations, people and whatever else the network is made of."""
    ANSWERS = "answers"
    """Keep the list of common questions, whose answers go out with nobody in between."""
    AUDIT = "audit"
    """Who looked at what, and who did what."""


_STATION = HANDLERS - {Role.MEMBER, Role.STAND_IN} | {Role.SECRETARY, Role.DISTRICT_CONVENER}
"""Members work on their phones; who runs a station or a district may have a desk as well."""
_OFFICE = {Role.INTAKE_STAFF, Role.RESTRICTED_STAFF, Role.DUTY, Role.LEADER, Role.ADMIN}

RIGHTS: Mapping[Right, frozenset[Role]] = MappingProxyType(
    {
        Right.ENTER: frozenset(_OFFICE | _STATION | {Role.AUDITOR}),
        Right.QUEUE: frozenset(_OFFICE | _STATION),
        Right.CALLS: frozenset(_OFFICE - {Role.LEADER}),
        Right.OPEN: frozenset(
            _STATION - {Role.DISTRICT_CONVENER} | {Role.INTAKE_STAFF, Role.ADMIN}
        ),
        Right.EXPORT: frozenset(_OFFICE - {Role.DUTY}),
        # Who may see every case that is counted: emergencies are, which no administrator sees.
        Right.OVERVIEW: frozenset({Role.INTAKE_STAFF, Role.LEADER}),
        Right.STATIONS: frozenset(_OFFICE | _STATION),
        Right.RULES: frozenset({Role.ADMIN, Role.LEADER, Role.INTAKE_STAFF}),
        Right.MASTER: frozenset({Role.ADMIN}),
        Right.ANSWERS: frozenset({Role.ADMIN, Role.INTAKE_STAFF}),
        Right.AUDIT: frozenset({Role.AUDITOR, Role.ADMIN}),
    }
)

STRONG = frozenset({Role.RESTRICTED_STAFF, Role.ADMIN, Role.AUDITOR})
"""Posts that count only for who has also given a code of their authenticator: restricted cases,
administration, and the log of what everybody did."""


ASKS_CODE = frozenset({Right.EXPORT, Right.ANSWERS})
"""What nobody may without a code of their authenticator in this session, whatever their post."""


def counting(roles: Iterable[Role], *, strong: bool) -> frozenset[Role]:
    """The roles that count in a session. `strong`: a code of the authenticator was given."""
    held = frozenset(roles)
    return held if strong else held - STRONG


def has(roles: Iterable[Role], right: Right) -> bool:
    """Whether any of these roles has the right."""
    return bool(RIGHTS[right] & frozenset(roles))


IDLE = timedelta(hours=1)
"""After so long without anything done a session is over."""
LONGEST = timedelta(hours=12)
"""A day's work; then everybody signs in again."""

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 128
"""Characters. Length is what helps (NIST SP 800-63B); nothing is asked of their kinds."""


COMMON = ("password", "qwerty", "admin", "abc123", "123456", "woaini", "xiaomazha", "hohhot")
"""What is tried first; around one of these at least six other characters are asked."""


def weakness(password: str, *known: str) -> str | None:
    """Why a password will not do, as the key of a sentence; None when it will. `known`: what
    everybody knows of the person, the login and the name."""
    if len(password) < SHORTEST_PASSWORD:
        return "console.password_short"
    if len(password) > LONGEST_PASSWORD:
        return "console.password_long"
    lowered = password.lower()
    if len(set(lowered)) < 5 or any(word and word.lower() in lowered for word in known):
        return "console.password_easy"
    if lowered.isdigit() or any(len(lowered.replace(stem, "")) < 6 for stem in COMMON):
        return "console.password_easy"
    return None


@dataclass(frozen=True, slots=True)
class Failure:
    """A wrong password. `login`: a keyed hash of what was typed; `device`: the browser's own mark,
    if it has signed in with this login before."""

    at: datetime
    login: str
    address: str
    device: str


@dataclass(frozen=True, slots=True)
class _Limit:
    most: int
    span: timedelta


_OF_DEVICE = _Limit(5, timedelta(minutes=15))
_OF_PAIR = _Limit(5, timedelta(minutes=15))
_OF_ADDRESS = _Limit(20, timedelta(minutes=15))
_OF_STRANGERS = _Limit(50, timedelta(hours=1))
LOOK_BACK = timedelta(hours=1)
"""Failures longer ago count no more."""


def waits_until(tried: Failure, before: Iterable[Failure]) -> datetime | None:
    """Until when this attempt has to wait; None: it may be tried. `tried`: the attempt, as if it
    failed now.

    A browser that has signed in with this login before is counted by itself: however many guesses
    strangers make, they can't lock its owner out (OWASP's device cookies). Strangers are counted by
    login and address, by address, and all together by login.
    """
    past = list(before)
    if tried.device:
        own = [f.at for f in past if f.device == tried.device and f.login == tried.login]
        return _full(own, _OF_DEVICE, tried.at)
    strange = [f for f in past if not f.device]
    checks = (
        ([f.at for f in strange if f.login == tried.login and f.address == tried.address],
         _OF_PAIR),
        ([f.at for f in strange if f.address == tried.address], _OF_ADDRESS),
        ([f.at for f in strange if f.login == tried.login], _OF_STRANGERS),
    )  # fmt: skip
    found = [_full(times, limit, tried.at) for times, limit in checks]
    return max((moment for moment in found if moment is not None), default=None)


def _full(times: Iterable[datetime], limit: _Limit, now: datetime) -> datetime | None:
    recent = sorted(at for at in times if now - limit.span < at <= now)
    return recent[-limit.most] + limit.span if len(recent) >= limit.most else None
