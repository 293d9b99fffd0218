"""请假: when somebody is away, and who stands in. Pure: day and seats come from whoever calls."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.roles import ROLE_NAMES, Role

LONGEST = 60
"""Days of one absence, both ends counted: who is away longer should leave the post."""
AHEAD = 180
"""Days until it begins at most; a day further away is a typing error."""

_GAP = " \t\r\n,，。:：、;；　"
_DAY = r"(?:(\d{4})\s*[-/.年])?\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?(?!\d)"
_NEAR = {"今天": 0, "明天": 1, "后天": 2}
_FIRST = re.compile(rf"(?:从|自)?\s*(?:({'|'.join(_NEAR)})|{_DAY})\s*(?:起|开始)?")
_LAST = re.compile(rf"(?:({'|'.join(_NEAR)})|{_DAY}|(\d{{1,2}})[日号])\s*(?:为止|止)?")
_UNTIL = re.compile(r"[\s,，、]*(?:到|至|—+|–|~|-)?[\s,，、]*")
_DAYS = re.compile(r"(\d{1,3})\s*天")
_CALLED = re.compile(r"^(?:由|请|让|托)?\s*(.*?)\s*(?:代办|代理|代班|代管|替我|代)?$")


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


def begins_like_leave(words: str) -> bool:
    """Whether what follows 请假 is about days or a name: 请假的老师没人代课 is a demand."""
    rest = unicodedata.normalize("NFKC", words).strip(_GAP)
    return not rest or bool(re.match(r"到|至|从|自|由|\d|今天|明天|后天", rest))


def read_leave(words: str, today: date) -> Wish | None:
    """到12月3日 由李四 · 12月1日到3日 · 2026-12-01 2026-12-03 李四 · 3天. One day alone is that
    day; with 到 before it, from today until then. None: no date, or one that doesn't exist."""
    rest = unicodedata.normalize("NFKC", words).strip(_GAP)
    if counted := _DAYS.match(rest):
        last = today + timedelta(days=max(int(counted[1]), 1) - 1)
        return Wish(today, last, _name(rest[counted.end() :]))
    if rest[:1] in ("到", "至"):
        first, rest = today, rest[1:].strip(_GAP)
        found = _LAST.match(rest)
    else:
        begins = _FIRST.match(rest)
        day = _day(begins, today, today) if begins else None
        if begins is None or day is None:
            return None
        first, rest = day, rest[begins.end() :]
        found = _LAST.match(rest, _end(_UNTIL, rest))
        if found is None:
            return Wish(first, first, _name(rest))
    last_day = _day(found, first, today) if found else None
    return Wish(first, last_day, _name(rest[found.end() :])) if found and last_day else None


def _end(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.match(text)
    return found.end() if found else 0


def _day(found: re.Match[str], since: date, today: date) -> date | None:
    """Without a year the nearest one: on 28 December 1月3日 is the next, on 26 November 11月20日 is
    the one that has passed. A bare day (3日) is the first such from `since` on."""
    word, year, month, day, *bare = found.groups()
    if word:
        return today + timedelta(days=_NEAR[word])
    if bare and bare[0]:
        days = (since + timedelta(days=n) for n in range(62))
        return next((each for each in days if each.day == int(bare[0])), None)
    for each in [int(year)] if year else [since.year, since.year + 1]:
        try:
            meant = date(each, int(month), int(day))
        except ValueError:
            continue
        if year or (since - meant).days <= AHEAD:
            return meant
    return None


def _name(rest: str) -> str:
    named = re.sub(r"^(?:由|请|让|托)[\s,，:：]+", "", rest.strip(_GAP))
    head = re.split(r"[\s,，。;；]+", named, maxsplit=1)[0]
    found = _CALLED.match(head)
    return found[1] if found else head


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
