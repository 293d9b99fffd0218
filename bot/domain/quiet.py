"""Quiet hours and rest days: what may wait for the morning does."""

from datetime import date, datetime, time, timedelta

from bot.domain.deadlines import BEIJING, WorkCalendar
from bot.domain.notices import NOTICES, QUIET_FROM_TO

_FROM, _TO = (time.fromisoformat(t) for t in QUIET_FROM_TO)


def is_quiet(now: datetime) -> bool:
    """Whether it is between 21:30 and 08:00 in Beijing."""
    return not _TO <= now.astimezone(BEIJING).time() < _FROM


def quiet_until(kind: str, now: datetime, calendar: WorkCalendar) -> datetime | None:
    """When a notice of this kind may go out, if not at once: 08:00 for what falls between
    21:30 and 08:00 Beijing time; for those who work for it, of the next working day. None: now."""
    if not NOTICES[kind].quiet:
        return None
    local = now.astimezone(BEIJING)
    rests = NOTICES[kind].audience != "resident"
    if not is_quiet(now) and not (rests and not calendar.is_workday(local.date())):
        return None
    day = local.date() + timedelta(days=local.time() >= _TO)
    return _morning(day, calendar if rests else None)


def next_morning(now: datetime, calendar: WorkCalendar) -> datetime:
    """08:00 of the next working day."""
    return _morning(now.astimezone(BEIJING).date() + timedelta(days=1), calendar)


def _morning(day: date, calendar: WorkCalendar | None) -> datetime:
    while calendar is not None and not calendar.is_workday(day):
        day += timedelta(days=1)
    return datetime.combine(day, _TO, BEIJING)
