"""The life of a case in one table: from, to, who may, what must be given, what is recorded."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from bot.domain.roles import HANDLERS, Role


class State(StrEnum):
    """Where a case stands."""

    NEW = "new"
    DISPATCHED = "dispatched"
    ACCEPTED = "accepted"
    CONSULTING = "consulting"
    ON_HOLD = "on_hold"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"


class Queue(StrEnum):
    """Who has a new case that no station owns."""

    STAFF = "staff"
    EMERGENCY = "emergency"
    RESTRICTED = "restricted"


class Ending(StrEnum):
    """How it ended for the resident; set when it is answered."""

    RESOLVED = "resolved"
    PARTLY = "partly"
    EXPLAINED = "explained"
    TRANSFERRED = "transferred"
    OUT_OF_SCOPE = "out_of_scope"


class Outcome(StrEnum):
    """What came of a case for the network; one case may have several."""

    GOOD_DEED = "good_deed"
    CONSULTATION = "consultation"
    OPINION_REPORT = "opinion_report"
    PROPOSAL_LEAD = "proposal_lead"
    SUPERVISION_SUGGESTION = "supervision_suggestion"
    HOTLINE = "hotline"
    EXPLANATION = "explanation"


class Handling(StrEnum):
    """Who may see cases of a category."""

    NORMAL = "normal"
    NAMED_MEMBERS = "named_members"
    NAMED_STAFF = "named_staff"


CHINESE: Mapping[StrEnum, str] = MappingProxyType(
    {
        State.NEW: "待派单",
        State.DISPATCHED: "待接单",
        State.ACCEPTED: "办理中",
        State.CONSULTING: "协商中",
        State.ON_HOLD: "挂账",
        State.ANSWERED: "已答复",
        State.CLOSED: "已办结",
        State.WITHDRAWN: "已撤回",
        State.REJECTED: "不作诉求受理",
        Queue.STAFF: "人工分派",
        Queue.EMERGENCY: "紧急",
        Queue.RESTRICTED: "专人办理",
        Ending.RESOLVED: "已解决",
        Ending.PARTLY: "部分解决",
        Ending.EXPLAINED: "已答复",
        Ending.TRANSFERRED: "转办",
        Ending.OUT_OF_SCOPE: "不属受理",
        Outcome.GOOD_DEED: "为民办实事",
        Outcome.CONSULTATION: "协商意见",
        Outcome.OPINION_REPORT: "社情民意信息",
        Outcome.PROPOSAL_LEAD: "提案线索",
        Outcome.SUPERVISION_SUGGESTION: "监督建议",
        Outcome.HOTLINE: "转12345",
        Outcome.EXPLANATION: "解释答复",
        Handling.NORMAL: "一般",
        Handling.NAMED_MEMBERS: "指定委员办理",
        Handling.NAMED_STAFF: "专人办理",
    }
)


class Who(StrEnum):
    """Kinds of people a move asks for. Whether it is their own station or queue is asked of
    bot.domain.permissions."""

    RESIDENT = "resident"
    """The sender of the case."""
    SYSTEM = "system"
    STAFF = "staff"
    HANDLER = "handler"
    """Convener, member, station head or stand-in of the owning station."""
    HEAD = "head"


def who_is(role: Role) -> frozenset[Who]:
    """What a role counts as; nothing for roles that only look on."""
    if role is Role.STATION_HEAD:
        return frozenset({Who.HANDLER, Who.HEAD})
    if role in HANDLERS:
        return frozenset({Who.HANDLER})
    staff = {Role.INTAKE_STAFF, Role.RESTRICTED_STAFF, Role.DUTY, Role.ADMIN}
    return frozenset({Who.STAFF}) if role in staff else frozenset()


class Forbidden(StrEnum):
    """Why a move is refused."""

    NO_SUCH_MOVE = "no_such_move"
    NOT_YOURS = "not_yours"
    SOMETHING_MISSING = "something_missing"


class ForbiddenMove(Exception):
    """The case can't go there. `missing` names what was not given."""

    def __init__(self, code: Forbidden, missing: tuple[str, ...] = ()) -> None:
        super().__init__(" ".join((code.value, *missing)))
        self.code = code
        self.missing = missing


@dataclass(frozen=True, slots=True)
class Transition:
    """One allowed move. `given`: what must come with it. `event`: the kind recorded."""

    start: State
    end: State
    who: Who
    given: tuple[str, ...]
    event: str


def _moves(
    starts: str, end: State, whos: str, event: str, given: str = ""
) -> tuple[Transition, ...]:
    """Rows of the table, one for each start and each who."""
    return tuple(
        Transition(State(start), end, Who(who), tuple(given.split()), event)
        for start in starts.split()
        for who in whos.split()
    )


TRANSITIONS: tuple[Transition, ...] = (
    *_moves("new", State.NEW, "system", "queued", "queue"),
    *_moves("new", State.NEW, "staff", "queued", "queue reason"),
    *_moves("new", State.DISPATCHED, "system staff", "dispatched", "station"),
    *_moves("new", State.REJECTED, "staff", "rejected", "reason"),
    # Staff end what no station may get: leads on corruption, emergencies dealt with, wrong doors.
    *_moves("new", State.ANSWERED, "staff", "answered", "answer ending"),
    # By the case it was merged into, or by the list of common questions if its resident says so.
    *_moves("new", State.ANSWERED, "system", "answered", "answer ending source"),
    *_moves("new", State.REJECTED, "system", "rejected", "reason merged"),
    *_moves("dispatched", State.ACCEPTED, "handler", "accepted"),
    *_moves("dispatched", State.DISPATCHED, "handler staff", "rerouted", "station reason"),
    # A return; that it comes within a day and at most twice is the service's to count.
    *_moves("dispatched accepted", State.NEW, "handler", "returned", "reason"),
    # By the machine when its station was suspended, or nobody is left there.
    *_moves(
        "dispatched accepted consulting on_hold", State.NEW, "staff system", "queued", "reason"
    ),
    *_moves("accepted consulting on_hold", State.DISPATCHED, "staff", "rerouted", "station reason"),
    # Whoever held it left the post: back to the station, or to staff where nobody is left.
    *_moves(
        "accepted consulting on_hold", State.DISPATCHED, "system", "rerouted", "station reason"
    ),
    *_moves("accepted", State.CONSULTING, "handler", "consulting"),
    *_moves("consulting", State.ACCEPTED, "handler", "consulted"),
    *_moves("accepted consulting", State.ON_HOLD, "head", "held", "reason review_date"),
    # On its review date it comes back by itself.
    *_moves("on_hold", State.ACCEPTED, "handler system", "resumed"),
    *_moves("on_hold", State.CONSULTING, "handler system", "resumed"),
    *_moves("accepted consulting on_hold", State.ANSWERED, "handler", "answered", "answer ending"),
    *_moves("answered", State.CLOSED, "resident system", "closed"),
    *_moves("answered closed", State.DISPATCHED, "resident", "reopened"),
    # Not solved a second time, or broken again: a person decides where it goes.
    *_moves("answered closed", State.NEW, "system", "queued", "queue reason"),
    *_moves("answered closed", State.DISPATCHED, "staff", "reopened", "reason"),
    *_moves("new dispatched accepted consulting on_hold", State.WITHDRAWN, "resident", "withdrawn"),
)
"""Every allowed move; all others are forbidden. docs/ draws the lifecycle from here."""

OPEN = frozenset({State.NEW, State.DISPATCHED, State.ACCEPTED, State.CONSULTING, State.ON_HOLD})
"""Somebody of ours still owes the resident something."""

OVER = frozenset({State.CLOSED, State.WITHDRAWN, State.REJECTED})
"""Nothing is waited for, from anybody."""

RETURNS_ALLOWED = 2
"""After this many returns staff decide, and a station can't send the case back again."""


def check(
    start: State, end: State, who: Collection[Who], given: Collection[str] = ()
) -> Transition:
    """The move, when somebody who counts as `who` may make it with what was given (names of
    non-empty things); ForbiddenMove otherwise."""
    moves = [move for move in TRANSITIONS if (move.start, move.end) == (start, end)]
    if not moves:
        raise ForbiddenMove(Forbidden.NO_SUCH_MOVE)
    own = [move for move in moves if move.who in who]
    if not own:
        raise ForbiddenMove(Forbidden.NOT_YOURS)
    gaps = [tuple(name for name in move.given if name not in given) for move in own]
    for move, missing in zip(own, gaps, strict=True):
        if not missing:
            return move
    raise ForbiddenMove(Forbidden.SOMETHING_MISSING, min(gaps, key=len))


def allowed(start: State, who: Collection[Who]) -> tuple[Transition, ...]:
    """The moves somebody may make from a state, in the order of the table."""
    return tuple(move for move in TRANSITIONS if move.start == start and move.who in who)


_ENDING_WORDS = tuple((CHINESE[e], e) for e in Ending if e is not Ending.EXPLAINED)


def named_ending(answer: str) -> Ending:
    """The ending that the answer begins with (答37 已解决 …); explained when it names none.
    Only the first word counts: 尚未部分解决 in a sentence is no claim of an ending."""
    start = answer.lstrip(" \t\r\n,，。:：、;；")
    named = (ending for word, ending in _ENDING_WORDS if start.startswith(word))
    return next(named, Ending.EXPLAINED)


def format_number(day: date, n: int) -> str:
    """The n-th case of a Beijing day: 261123-0007. Longer than four digits after 9999."""
    return f"{day:%y%m%d}-{n:04d}"


def show_number(number: str) -> str:
    """As people see it: 需261123-0007."""
    return f"需{number}"


@dataclass(frozen=True, slots=True)
class TypedNumber:
    """A case number as somebody typed it. `year` (two digits) is None when it was left out."""

    year: int | None
    month: int
    day: int
    n: int

    @property
    def full(self) -> str | None:
        """The number itself, if the year is known."""
        return None if self.year is None else f"{self.year:02d}{self._rest}"

    @property
    def possible(self) -> tuple[str, ...]:
        """Every number that this may mean, the newest first; before 2020 there is no case."""
        years = (self.year,) if self.year is not None else range(99, 19, -1)
        return tuple(f"{year:02d}{self._rest}" for year in years)

    def fits(self, number: str) -> bool:
        """Whether this could mean that case."""
        return number == self.full if self.year is not None else number[2:] == self._rest

    @property
    def _rest(self) -> str:
        return f"{self.month:02d}{self.day:02d}-{self.n:04d}"


_TYPED = re.compile(r"需?号?(\d{2})?(\d{2})(\d{2})(?:-(\d{1,6})|(\d{4}))", re.ASCII)
_DASHES = str.maketrans(dict.fromkeys("-‐‑‒–—―−－_~", "-"))


def parse_number(text: str) -> TypedNumber | None:
    """Read a case number with or without 需, spaces, full-width digits, the dash or the year;
    None for anything else, also for a day that no calendar has."""
    plain = "".join(unicodedata.normalize("NFKC", text).translate(_DASHES).split())
    match = _TYPED.fullmatch(plain)
    if match is None:
        return None
    year = None if match[1] is None else int(match[1])
    month, day, n = int(match[2]), int(match[3]), int(match[4] or match[5])
    try:
        date(2000 + (year or 0), month, day)
    except ValueError:
        return None
    return TypedNumber(year, month, day, n)
