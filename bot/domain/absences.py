"""请假: when somebody is away, and who stands in. Pure: day and seats come from whoever calls.
How leave is typed: bot.domain.leave_words."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.roles import ROLE_NAMES, Role

LONGEST = 60
"""Days of one absence, both ends counted: who is away longer should leave the post."""
AHEAD = 180
"""Days until it begins at most; a day further away is a typing error."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody typed: both days are days of absence; `stand_in` as named, or empty."""

    first: date
    last: date
    stand_in: str


@dataclass(frozen=True, slots=True)
class Seat:
    """A post of a station with whoever holds it today."""

    post_id: int
    person_id: int
    person: str
    role: str
    reachable: bool


def fault(first: date, last: date, today: date) -> str | None:
    """What is wrong with these days: backwards, past, far or long; None when nothing is."""
    if last < today:
        return "past"
    if last < first:
        return "backwards"
    if (first - today).days > AHEAD:
        return "far"
    return "long" if (last - first).days + 1 > LONGEST else None


def named(seats: Sequence[Seat], name: str) -> list[Seat]:
    """Who is meant by a name, by a role (第二召集人), or by both together (张三驻站委员)."""
    wanted = re.sub(r"[\s()（）·]", "", name)
    return [s for s in seats if wanted in (s.person, role_name(s), s.person + role_name(s))]


def role_name(seat: Seat) -> str:
    """The seat's role in Chinese."""
    return ROLE_NAMES[Role(seat.role)]


_BY_RULE = (Role.SECOND_CONVENER, Role.STATION_HEAD, Role.FIRST_CONVENER)


def stand_in(
    absent: Seat, wanted: int | None, seats: Sequence[Seat], away: Collection[int]
) -> Seat | None:
    """Who carries the absent person's post: the one who was named, unless gone or away as well;
    then by rule the second convener, the station's head, the first convener, whoever can be
    reached first. Nobody stands in for a stand-in: there is no chain. `away`: ids of posts."""
    there = [s for s in seats if s.post_id not in away and s.person_id != absent.person_id]
    chosen = [s for s in there if s.post_id == wanted]
    ruled = [s for role in _BY_RULE for s in there if s.role == role]
    ruled.sort(key=lambda s: not s.reachable)
    return next(iter([*chosen, *ruled]), None)
