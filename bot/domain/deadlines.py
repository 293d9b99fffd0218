"""Working time: when the office is open, and when something is due.

One convention holds everywhere: office hours are closed intervals, so 12:00 and 17:30 count as
inside. Counting that ends exactly at closing time is due then, not at the next opening, because
"by the end of today" is what people understand. Nothing is ever due on a rest day or outside
office hours. Datetimes come in aware and go out aware in UTC; anything naive is a ValueError.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Literal, Self, cast

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has kept one fixed offset since 1991, so no time zone database has to be installed."""

ZERO = timedelta(0)
Unit = Literal["s", "m", "h", "d"]


class OfficeHoursError(ValueError):
    """Office hours must read like 09:00-12:00,14:30-17:30, in order, without overlap."""


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Spans of a working day, Beijing time, in order; the same on every working day."""

    spans: tuple[tuple[time, time], ...]

    def __post_init__(self) -> None:
        if not self.spans:
            raise OfficeHoursError("office hours are empty")
        previous: time | None = None
        for start, end in self.spans:
            if start >= end:
                raise OfficeHoursError(f"{start:%H:%M}-{end:%H:%M} ends before it starts")
            if previous is not None and start < previous:
                raise OfficeHoursError(f"{start:%H:%M}-{end:%H:%M} overlaps the span before it")
            previous = end

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "09:00-12:00,14:30-17:30"; OfficeHoursError (a ValueError) names the wrong piece."""
        return cls(tuple(_parse_span(piece.strip()) for piece in text.split(",")))

    def per_day(self) -> timedelta:
        """Office time of one working day."""
        return sum((_since(end) - _since(start) for start, end in self.spans), ZERO)


DEFAULT_HOURS = OfficeHours(((time(9), time(12)), (time(14, 30), time(17, 30))))


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Which days and hours are worked. Exceptions to the weekday rule are listed: `rest_days`
    (holidays on weekdays) and `work_days` (weekend days worked, 调休). After `known_until` the
    government has published nothing yet; there, weekends and the office's own exceptions count."""

    rest_days: frozenset[date] = frozenset()
    work_days: frozenset[date] = frozenset()
    hours: OfficeHours = field(default=DEFAULT_HOURS)
    known_until: date = date.max

    def __post_init__(self) -> None:
        both = self.rest_days & self.work_days
        if both:
            raise ValueError(f"{min(both)} is listed both as a rest day and as a working day")

    def with_own_days(self, rest: frozenset[date], work: frozenset[date]) -> Self:
        """The same with the office's own days on top. A year after the published ones counts as
        known when the office has listed its National Day, the last holiday of a year."""
        known = self.known_until
        while known < date.max and date(known.year + 1, 10, 1) in rest:
            known = date(known.year + 1, 12, 31)
        return replace(
            self,
            rest_days=(self.rest_days - work) | rest,
            work_days=(self.work_days - rest) | work,
            known_until=known,
        )

    def is_workday(self, day: date) -> bool:
        """Whether the office works on this Beijing date."""
        if day in self.work_days:
            return True
        return day.weekday() < 5 and day not in self.rest_days

    def is_open(self, at: datetime) -> bool:
        """Whether `at` is inside office hours, both ends included."""
        local = _local(at)
        inside = any(start <= local.time() <= end for start, end in self.hours.spans)
        return inside and self.is_workday(local.date())

    def next_opening(self, at: datetime) -> datetime:
        """`at` itself when the office is open, else the next moment it opens."""
        start, _ = next(_spans_from(self, at))
        return max(start, at.astimezone(UTC))


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time as people set it: "90s", "5m", "4h", "3d". What it means depends on the
    clock: wall time, or office time, where a day is "the same office minute a working day on"."""

    amount: int
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "4h"; ValueError for anything else, negative lengths included."""
        match = re.fullmatch(r"([0-9]{1,6})([smhd])", text)
        if match is None:
            raise ValueError(f"{text!r} is not a length of time such as 30m, 4h or 2d")
        return cls(int(match[1]), cast(Unit, match[2]))

    def __str__(self) -> str:
        return f"{self.amount}{self.unit}"

    @property
    def length(self) -> timedelta:
        """As wall time."""
        return self.amount * _UNITS[self.unit]


_UNITS: dict[Unit, timedelta] = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}


def add_working_days(cal: WorkCalendar, start: datetime, n: int) -> datetime:
    """The same office minute `n` working days after `start`; from the next opening when `start`
    is outside office hours. Negative `n` counts back."""
    local = _local(cal.next_opening(start))
    day, step = local.date(), timedelta(days=1 if n >= 0 else -1)
    left = abs(n)
    while left:
        day += step
        left -= cal.is_workday(day)
    return datetime.combine(day, local.time(), BEIJING).astimezone(UTC)


def add_office_time(cal: WorkCalendar, start: datetime, length: timedelta) -> datetime:
    """The moment when `length` of office time has passed since `start`; ValueError below zero."""
    if length < ZERO:
        raise ValueError(f"office time to add is negative: {length}")
    left = length
    for opens, closes in _spans_from(cal, start):
        begin = max(opens, start.astimezone(UTC))
        if begin + left <= closes:
            return begin + left
        left -= closes - begin
    raise AssertionError("a calendar never ends")


def add_office_minutes(cal: WorkCalendar, start: datetime, minutes: float) -> datetime:
    """The moment when so many office minutes have passed since `start`."""
    return add_office_time(cal, start, timedelta(minutes=minutes))


def add_span(cal: WorkCalendar, start: datetime, span: Span, *, wall: bool = False) -> datetime:
    """`span` after `start`: in wall time, or in office time with days as in add_working_days."""
    if wall:
        return _local(start).astimezone(UTC) + span.length
    if span.unit == "d":
        return add_working_days(cal, start, span.amount)
    return add_office_time(cal, start, span.length)


def office_time_between(cal: WorkCalendar, a: datetime, b: datetime) -> timedelta:
    """Office time from `a` to `b`; zero when `b` is not after `a`."""
    total, end = ZERO, _local(b).astimezone(UTC)
    for opens, closes in _spans_from(cal, a):
        if opens >= end:
            break
        total += max(ZERO, min(closes, end) - max(opens, a.astimezone(UTC)))
    return total


def office_minutes_between(cal: WorkCalendar, a: datetime, b: datetime) -> float:
    """Office minutes from `a` to `b`; zero when `b` is not after `a`."""
    return office_time_between(cal, a, b) / timedelta(minutes=1)


def share_point(cal: WorkCalendar, start: datetime, due: datetime, share: float) -> datetime:
    """The moment when `share` (0 to 1) of the office time between `start` and `due` has passed.
    The whole share is `due` itself, also when the same count would end at a closing time before."""
    if not 0 <= share <= 1:
        raise ValueError(f"a share lies between 0 and 1, not {share}")
    if share == 1:
        return _local(due).astimezone(UTC)
    return add_office_time(cal, start, office_time_between(cal, start, due) * share)


def wall_share_point(start: datetime, due: datetime, share: float) -> datetime:
    """The same in wall time, for clocks that run at night too."""
    if not 0 <= share <= 1:
        raise ValueError(f"a share lies between 0 and 1, not {share}")
    return _local(start).astimezone(UTC) + (due - start) * share


def _spans_from(cal: WorkCalendar, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Office spans in order, in UTC, from the one that contains or follows `at`."""
    local = _local(at)
    day = local.date()
    while True:
        if cal.is_workday(day):
            for start, end in cal.hours.spans:
                closes = datetime.combine(day, end, BEIJING)
                if closes >= local:
                    opens = datetime.combine(day, start, BEIJING)
                    yield opens.astimezone(UTC), closes.astimezone(UTC)
        day += timedelta(days=1)


def _local(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"a time without a zone: {at.isoformat()}")
    return at.astimezone(BEIJING)


def _since(moment: time) -> timedelta:
    return timedelta(hours=moment.hour, minutes=moment.minute, seconds=moment.second)


def _parse_span(piece: str) -> tuple[time, time]:
    match = re.fullmatch(r"([0-9]{2}:[0-9]{2})-([0-9]{2}:[0-9]{2})", piece)
    if match is None:
        raise OfficeHoursError(f"{piece!r} is not a span such as 09:00-12:00")
    try:
        return time.fromisoformat(match[1]), time.fromisoformat(match[2])
    except ValueError as error:
        raise OfficeHoursError(f"{piece!r} has an hour or minute that does not exist") from error
