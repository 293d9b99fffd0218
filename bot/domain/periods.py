"""Stretches of Beijing days over which figures are added up."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.domain.deadlines import BEIJING

DAY = timedelta(days=1)
FIRST = date(2020, 1, 1)
"""Nothing is older; an address that says otherwise is mistyped."""
BY_DAY, BY_WEEK = 31, 190
"""Days up to which a trend has a point a day, and a point a week; a longer one has months."""


class Range(StrEnum):
    """What may be chosen by one tap, and days of one's own."""

    TODAY = "today"
    WEEK = "week"
    YEAR = "year"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def begin(self) -> datetime:
        """The first moment."""
        return midnight(self.first)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return midnight(self.last + DAY)

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1


def midnight(day: date) -> datetime:
    """Where a Beijing day begins."""
    return datetime.combine(day, time.min, BEIJING)


def period(chosen: Range, today: date, own: tuple[date | None, date | None]) -> Period:
    """The days that are meant, today at the latest. `own`: first and last day, for days of one's
    own; either may be missing, and the two may be the wrong way round."""
    if chosen is Range.WEEK:
        return Period(today - timedelta(days=today.weekday()), today)
    if chosen is Range.YEAR:
        return Period(today.replace(month=1, day=1), today)
    if chosen is Range.OWN:
        one, other = own[0] or own[1] or today, own[1] or today
        first, last = min(one, other), max(one, other)
        return Period(min(max(first, FIRST), today), min(max(last, FIRST), today))
    return Period(today, today)


def steps(whole: Period) -> Iterator[tuple[str, Period]]:
    """The points of a trend with their names: days, weeks from Monday on, or months."""
    at = whole.first
    while at <= whole.last:
        end = min(_end(at, whole.days), whole.last)
        yield _name(at, end, whole.days), Period(at, end)
        at = end + DAY


def _end(day: date, days: int) -> date:
    if days <= BY_DAY:
        return day
    if days <= BY_WEEK:
        return day + timedelta(days=6 - day.weekday())
    after = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return after - DAY


def _name(first: date, last: date, days: int) -> str:
    if days <= BY_DAY:
        return f"{first.month}月{first.day}日"
    if days <= BY_WEEK:
        return f"{first.month}月{first.day}日至{last.month}月{last.day}日"
    return f"{first.year}年{first.month}月"
