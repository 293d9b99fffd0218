"""The calendar of public holidays ends one day: staff hear of it two months ahead."""

from datetime import date, timedelta

from bot.domain.deadlines import BEIJING, WorkCalendar
from bot.services.ports import Deps
from bot.store import alarms

ALARM = "calendar"
AHEAD = timedelta(days=62)
"""The State Council publishes next year's days off in November; clocks of 15 working days need
them in December."""


def calendar_gap(calendar: WorkCalendar, today: date) -> str | None:
    """What is not known about the days off soon, in Chinese; None while all is known."""
    if calendar.known_until - today >= AHEAD:
        return None
    year = calendar.known_until.year + 1
    return f"{year} 年的放假安排还没有，先按周末算"


def check_calendar(deps: Deps) -> list[str]:
    """Raise the alarm once, and clear it when a newer calendar is there. Returns what it did."""
    now = deps.clock.now()
    gap = calendar_gap(deps.calendar(), now.astimezone(BEIJING).date())
    with deps.database.read() as session:
        raised = next((a.detail for a in alarms.open_alarms(session) if a.kind == ALARM), None)
    if raised == gap:
        return []
    with deps.database.write() as session:
        if gap is None:
            alarms.clear(session, ALARM, now)
            return ["cleared"]
        alarms.raise_alarm(session, ALARM, gap, now)
        return [gap]
