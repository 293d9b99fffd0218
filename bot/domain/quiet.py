"""Quiet hours: what may wait for the morning does."""

from datetime import datetime, time, timedelta

from bot.domain.deadlines import BEIJING
from bot.domain.notices import NOTICES, QUIET_FROM_TO

_FROM, _TO = (time.fromisoformat(t) for t in QUIET_FROM_TO)


def is_quiet(now: datetime) -> bool:
    """Whether it is between 21:30 and 08:00 in Beijing."""
    return not _TO <= now.astimezone(BEIJING).time() < _FROM


def quiet_until(kind: str, now: datetime) -> datetime | None:
    """When a notice of this kind may go out, if not at once: 08:00 for what falls between
    21:30 and 08:00 Beijing time. None: now."""
    local = now.astimezone(BEIJING)
    if not NOTICES[kind].quiet or not is_quiet(now):
        return None
    day = local.date() + timedelta(days=local.time() >= _FROM)
    return datetime.combine(day, _TO, BEIJING)
